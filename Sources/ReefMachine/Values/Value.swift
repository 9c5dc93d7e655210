/// A value as the outside sees it: immutable, hashable, free to cross threads.
///
/// Inside a run the machine keeps values as untagged words (see `Heap`); this form is for
/// constants in code, arguments, results, examples and JSON.
public enum Value: Hashable, Sendable {
  case int(Int)
  case bool(Bool)
  /// Compared by bits when hashed, so that a NaN equals itself and `-0.0` differs from `0.0`.
  case real(Real)
  case list([Value])
  indirect case pair(Value, Value)
  /// Of a declared type: what the constructor of that number makes of the fields.
  indirect case made(TypeDefinition, constructor: Int, [Value])

  /// The deepest nesting of a value outside of a run: what walks through values recurses. Inside a
  /// run there is no limit. A level may be an object and an array of JSON.
  public static let maximumDepth = JSON.maximumDepth / 2

  /// A `Double` with equality by bit pattern: what digests and behaviours need.
  public struct Real: Hashable, Sendable {
    /// All NaNs are one.
    public let value: Double
    /// Keeps no NaN's payload.
    public init(_ value: Double) { self.value = value.isNaN ? .nan : value }
    public static func == (left: Real, right: Real) -> Bool {
      left.value.bitPattern == right.value.bitPattern
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(value.bitPattern) }
  }
}

extension Value {
  /// A real with that number.
  public static func real(_ value: Double) -> Value { .real(Real(value)) }

  /// A list of ints, the commonest value in tasks.
  public static func ints(_ values: some Sequence<Int>) -> Value { .list(values.map(Value.int)) }
  /// A list of reals.
  public static func reals(_ values: some Sequence<Double>) -> Value {
    .list(values.map { Value.real($0) })
  }

  /// The number of an int, nil of all else.
  public var int: Int? { if case .int(let value) = self { value } else { nil } }
  /// The truth of a bool, nil of all else.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The number of a real, nil of all else, also of an int.
  public var real: Double? { if case .real(let value) = self { value.value } else { nil } }
  /// The elements of a list, nil of all else.
  public var list: [Value]? { if case .list(let values) = self { values } else { nil } }
  /// The parts of a pair, nil of all else.
  public var pair: (Value, Value)? {
    if case .pair(let first, let second) = self { (first, second) } else { nil }
  }

  /// Whether it is a value of the concrete `type`.
  public func conforms(to type: Type) -> Bool {
    switch (self, type) {
    case (.int, .int), (.bool, .bool), (.real, .real): true
    case (.list(let values), .list(let element)): values.allSatisfy { $0.conforms(to: element) }
    case (.pair(let first, let second), .pair(let firstType, let secondType)):
      first.conforms(to: firstType) && second.conforms(to: secondType)
    case (.made(let own, let constructor, let values), .named(let definition, let arguments)):
      own == definition
        && values.conform(to: definition.fields(of: constructor, arguments))
    default: false
    }
  }

  /// Equality within `tolerance`, absolute or relative to the larger magnitude, for reals;
  /// exact for everything else. Two NaNs are equal.
  public func matches(_ other: Value, tolerance: Double) -> Bool {
    switch (self, other) {
    case (.real(let left), .real(let right)):
      if left == right || left.value == right.value { return true }
      let difference = abs(left.value - right.value)
      return difference.isFinite
        && difference <= tolerance * max(1, abs(left.value), abs(right.value))
    case (.list(let left), .list(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { $0.matches($1, tolerance: tolerance) }
    case (.pair(let a, let b), .pair(let c, let d)):
      return a.matches(c, tolerance: tolerance) && b.matches(d, tolerance: tolerance)
    case (.made(let left, let constructor, let fields), .made(let right, let other, let others)):
      return left == right && constructor == other && fields.count == others.count
        && zip(fields, others).allSatisfy { $0.matches($1, tolerance: tolerance) }
    default:
      return self == other
    }
  }
}

extension [Value] {
  /// Whether there is one of each type.
  fileprivate func conform(to types: [Type]) -> Bool {
    count == types.count && zip(self, types).allSatisfy { $0.conforms(to: $1) }
  }
}

extension Value: CustomStringConvertible {
  public var description: String { json.text }
}
