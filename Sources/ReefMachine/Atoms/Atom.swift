/// A skill that the machine itself provides. Everything there is to know about an atom stands at
/// its one declaration: its typing rule, how it runs, and its inverse where that is cheap.
public struct Atom: Sendable {
  /// Such as `list.append`.
  public let name: String
  /// A function type; its variables stand for any type that has values.
  public let type: Type
  /// One sentence: what its result is.
  public let summary: String
  /// Raised when the meaning changes, which makes it another atom.
  public let revision: Int
  /// Covers name, type and revision.
  public let digest: Digest
  /// How it runs.
  public let implementation: Implementation
  /// The ways in which it can be run backwards; none for most.
  public let inverses: [Inverse]
  /// How the result changes with real operands; nil where it does not, or is no real.
  public let adjoint: Adjoint?
  /// A word that a task has to use before searches try the atom; nil where they always do.
  public let keyword: String?
  /// Whether it looks at what is inside its operands, and does not only move them about.
  let readsParts: Bool
  /// Whether its two operands may change places.
  public let isCommutative: Bool
  /// What it does where it only computes on ints.
  public let integerOperation: IntegerOperation?
  /// The instruction that does the same without a call, where there is one.
  let opcode: Opcode?

  /// How an atom runs.
  public enum Implementation: Sendable {
    /// - Parameter consumes: Bit *i* is set where operand *i* belongs to the function, which
    ///   releases it or passes it on; other operands are borrowed.
    case native(NativeFunction, consumes: UInt8)
    /// The linker expands it.
    case control(ControlForm)
    /// Of a declared type; the linker expands it.
    case derived(DerivedForm)
  }

  init(
    _ name: String, _ type: String, _ summary: String, revision: Int = 1, opcode: Opcode? = nil,
    integerOperation: IntegerOperation? = nil, isCommutative: Bool = false,
    inverses: [Inverse] = [], adjoint: Adjoint? = nil, keyword: String? = nil,
    readsParts: Bool = false,
    _ implementation: Implementation
  ) {
    self.name = name
    do {
      self.type = try Type(parsing: type)
    } catch {
      preconditionFailure("the type of \(name): \(error)")
    }
    self.summary = summary
    self.revision = revision
    digest = SHA256.hash("reef.atom\n\(name) \(self.type) \(revision)".utf8)
    self.implementation = implementation
    self.inverses = inverses
    self.adjoint = adjoint
    self.keyword = keyword
    self.readsParts = readsParts
    self.isCommutative = isCommutative
    self.integerOperation = integerOperation
    self.opcode = opcode
  }

  /// An atom of a declared type.
  init(
    _ name: String, _ type: Type, _ summary: String, digest: Digest,
    _ implementation: Implementation
  ) {
    self.name = name
    self.type = type
    self.summary = summary
    revision = 1
    self.digest = digest
    self.implementation = implementation
    inverses = []
    adjoint = nil
    keyword = nil
    readsParts = false
    isCommutative = false
    integerOperation = nil
    opcode = nil
  }

  var parameterTypes: [Type] {
    if case .function(let parameters, _) = type { parameters } else { [] }
  }

  var resultType: Type {
    if case .function(_, let result) = type { result } else { type }
  }

  /// What it does with values of a declared type; nil where it is no atom of one.
  public var derivedForm: DerivedForm? {
    if case .derived(let form) = implementation { form } else { nil }
  }

  /// Whether it takes skills, or evaluates one of its operands only: what a block of actions is.
  var isBlock: Bool {
    switch implementation {
    case .control, .derived(.match), .derived(.fold): true
    default: false
    }
  }

  /// The control form that it is, or nil.
  public var controlForm: ControlForm? {
    if case .control(let form) = implementation { form } else { nil }
  }
}

/// Runs an atom on up to three operands; the result belongs to the caller. Work in proportion to a
/// size is charged to the heap's fuel; the one step of the application itself is not.
public typealias NativeFunction =
  @Sendable (Word, Word, Word, Heap, OperandKinds) throws(MachineError) -> Word

/// ∂ result / ∂ operand, for each of two real operands.
public typealias Adjoint = @Sendable (_ x: Double, _ y: Double) -> (left: Double, right: Double)

/// The forms of control flow.
public enum ControlForm: UInt8, Sendable, CaseIterable {
  case branch, map, map2, filter, fold, scan, iterate, loop
}

/// What the atoms of a declared type do.
public enum DerivedForm: Hashable, Sendable {
  /// Makes a value with the constructor of that number.
  case make(Int)
  /// Gives the field of that number of a record.
  case field(Int)
  /// Goes on in one of several ways, by the constructor.
  case match
  /// Replaces values from the inside out.
  case fold
}

/// Integer operations with two operands; comparisons give 0 or 1.
public enum IntegerOperation: UInt8, Sendable, CaseIterable {
  case add, subtract, multiply, divide, modulo, minimum, maximum, less, lessOrEqual

  /// Nil where the operation is an error: an overflow or a division by zero.
  @inlinable
  public func callAsFunction(_ left: Int, _ right: Int) -> Int? {
    switch self {
    case .add:
      let (result, overflow) = left.addingReportingOverflow(right)
      return overflow ? nil : result
    case .subtract:
      let (result, overflow) = left.subtractingReportingOverflow(right)
      return overflow ? nil : result
    case .multiply:
      let (result, overflow) = left.multipliedReportingOverflow(by: right)
      return overflow ? nil : result
    case .divide:
      if right == 0 || (left == .min && right == -1) { return nil }
      let quotient = left / right
      return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient
    case .modulo:
      if right == 0 { return nil }
      if right == -1 { return 0 }
      let remainder = left % right
      return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    case .minimum: return Swift.min(left, right)
    case .maximum: return Swift.max(left, right)
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    }
  }
}

/// One way to run an atom backwards.
public struct Inverse: Sendable {
  /// The operands that it finds, ascending.
  public let unknowns: [Int]
  /// The unknown operands, in the order of `unknowns`, that give the output together with the known
  /// ones (by position, nil at the unknowns), or nil where there are none.
  public let solve: @Sendable (_ output: Value, _ known: [Value?]) -> [Value]?

  /// - Parameter unknowns: Positions of operands, ascending.
  public init(_ unknowns: Int..., solve: @escaping @Sendable (Value, [Value?]) -> [Value]?) {
    self.unknowns = unknowns
    self.solve = solve
  }
}

/// Every atom of this machine.
public enum Atoms {
  /// In a fixed order: by family, then as declared.
  public static let all: [Atom] = integers + booleans + reals + lists + pairs + control

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  private static let byDigest = Dictionary(uniqueKeysWithValues: all.map { ($0.digest, $0) })

  /// The atom of that name, spelled as it is declared; nil where there is none. O(1).
  public static func named(_ name: String) -> Atom? { byName[name] }
  /// The atom with that digest; nil where there is none. O(1).
  public static func with(_ digest: Digest) -> Atom? { byDigest[digest] }

  /// The atoms whose digests begin with `prefix`, hexadecimal digits of either case; none for fewer
  /// than 8.
  package static func with(digestPrefix prefix: String) -> [Atom] {
    guard prefix.utf8.count >= 8 else { return [] }
    return all.filter { $0.digest.hex.hasPrefix(prefix.lowercased()) }
  }
}
