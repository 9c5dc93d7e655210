import ReefMachine

/// A Swift type whose values are values of the machine: `Int`, `Bool`, `Double`, arrays of such,
/// and `Pair`. Generators and oracles are written with these.
public protocol ValueRepresentable: Sendable {
  /// The machine's type for it; concrete.
  static var type: Type { get }
  /// nil where `value` is of another type.
  init?(value: Value)
  /// The same as the machine has it.
  var value: Value { get }
}

extension Int: ValueRepresentable {
  public static var type: Type { .int }
  public init?(value: Value) {
    guard let int = value.int else { return nil }
    self = int
  }
  public var value: Value { .int(self) }
}

extension Bool: ValueRepresentable {
  public static var type: Type { .bool }
  public init?(value: Value) {
    guard let bool = value.bool else { return nil }
    self = bool
  }
  public var value: Value { .bool(self) }
}

extension Double: ValueRepresentable {
  public static var type: Type { .real }
  public init?(value: Value) {
    guard let real = value.real else { return nil }
    self = real
  }
  public var value: Value { .real(self) }
}

extension Array: ValueRepresentable where Element: ValueRepresentable {
  public static var type: Type { .list(Element.type) }
  public init?(value: Value) {
    guard let values = value.list else { return nil }
    self = []
    reserveCapacity(values.count)
    for value in values {
      guard let element = Element(value: value) else { return nil }
      append(element)
    }
  }
  public var value: Value { .list(map(\.value)) }
}

/// The machine's pair `(T, U)`; a Swift tuple cannot conform to a protocol.
public struct Pair<First: ValueRepresentable, Second: ValueRepresentable>: ValueRepresentable {
  /// The left part.
  public var first: First
  /// The right part.
  public var second: Second

  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public static var type: Type { .pair(First.type, Second.type) }
  public init?(value: Value) {
    guard let (left, right) = value.pair, let first = First(value: left),
      let second = Second(value: right)
    else { return nil }
    self.init(first, second)
  }
  public var value: Value { .pair(first.value, second.value) }
}
