/// What a register or a list element holds inside a run: an int, a bool as 0 or 1, the bits of a
/// real, or the address of a heap object. Types are checked before a run, so words carry no tag.
public typealias Word = Int

/// How a word is to be read: enough to copy, release, compare and hash it, because heap objects
/// know the kinds of their own parts.
public enum Kind: UInt8, Sendable {
  /// An int or a bool.
  case word
  /// The bit pattern of a `Double`.
  case real
  /// The address of a list, a pair or a value of a declared type.
  case reference

  /// The kind of the values of a concrete type; a type variable stands for no value, so any kind
  /// would do.
  public init(of type: Type) {
    switch type {
    case .int, .bool, .variable, .function: self = .word
    case .real: self = .real
    case .list, .pair, .named: self = .reference
    }
  }
}

/// The kinds that a polymorphic atom must know at one place of use.
public struct OperandKinds: Hashable, Sendable {
  /// The kinds of the first three operands.
  public let first, second, third: Kind
  /// The kind of the result's elements where the result is a list.
  public let element: Kind

  /// - Parameter type: The concrete type of the atom at its place of use.
  public init(_ type: Type) {
    guard case .function(let parameters, let result) = type else {
      preconditionFailure("\(type) is no function type")
    }
    func kind(_ index: Int) -> Kind {
      index < parameters.count ? Kind(of: parameters[index]) : .word
    }
    (first, second, third) = (kind(0), kind(1), kind(2))
    if case .list(let element) = result {
      self.element = Kind(of: element)
    } else {
      element = .word
    }
  }
}

extension Word {
  /// The word of a real.
  @inline(__always)
  public init(real: Double) { self = Int(bitPattern: UInt(real.bitPattern)) }

  /// The real that the word holds.
  @inline(__always)
  public var asReal: Double { Double(bitPattern: UInt64(UInt(bitPattern: self))) }
}
