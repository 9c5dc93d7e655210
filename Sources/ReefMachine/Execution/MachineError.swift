/// How much a run may use. Passing a limit ends the run with an error.
public struct Limits: Hashable, Sendable {
  /// Machine steps: one for each atom, loop round and call, and one for each element that an atom
  /// copies or scans.
  public var fuel: Int
  /// Bytes of heap and stack together.
  public var bytes: Int
  /// Calls of skills that call themselves that are open at the same time. Others nest no deeper than
  /// the library does.
  public var depth: Int

  public init(fuel: Int = 10_000_000_000, bytes: Int = 1 << 30, depth: Int = 1_000_000) {
    self.fuel = fuel
    self.bytes = bytes
    self.depth = depth
  }
}

/// Why a run ended without a result.
public enum MachineError: Error, Hashable, Sendable {
  /// A result is beyond 64 bits.
  case overflow
  /// Also of a remainder.
  case divisionByZero
  /// A position that a list of so many elements does not have.
  case index(Int, count: Int)
  /// The first or last element, or the rest, of a list without any.
  case emptyList
  /// The tool of that name failed, or gave no value of its type.
  case tool(String)
  /// Machine steps.
  case fuel(limit: Int)
  /// Bytes.
  case memory(limit: Int)
  /// Open calls of skills that call themselves.
  case depth(limit: Int)
  /// A value is too deep to be told: levels of lists, pairs and constructors.
  case nesting(limit: Int)
}

extension MachineError {
  /// One word for programs, which written-out skills end with too.
  public var code: String {
    switch self {
    case .overflow: "overflow"
    case .divisionByZero: "divisionByZero"
    case .index: "index"
    case .emptyList: "emptyList"
    case .tool: "tool"
    case .fuel: "fuel"
    case .memory: "memory"
    case .depth: "depth"
    case .nesting: "nesting"
    }
  }
}

extension MachineError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .overflow: "The result of an integer operation does not fit into 64 bits."
    case .divisionByZero: "An integer was divided by zero."
    case .index(let index, let count):
      "The index \(index) is outside a list of \(count) \(count == 1 ? "element" : "elements")."
    case .emptyList: "An element was asked of an empty list."
    case .tool(let name): "The tool '\(name)' failed."
    case .fuel(let limit): "The run used up its limit of \(limit) steps."
    case .memory(let limit): "The run used up its limit of \(limit) bytes."
    case .depth(let limit): "The run nested more than its limit of \(limit) calls."
    case .nesting(let limit): "A value nests more than \(limit) levels deep."
    }
  }
}
