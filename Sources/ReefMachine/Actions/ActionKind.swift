/// The op-codes of actions: what a run is told as, one after another, and what a policy chooses from.
public enum ActionKind: String, CaseIterable, Sendable {
  // Primitive
  case add = "ADD"
  case subtract = "SUBTRACT"
  case multiply = "MULTIPLY"
  case divide = "DIVIDE"
  case modulo = "MODULO"
  case compare = "COMPARE"
  case max = "MAX"
  case digitExtract = "DIGIT_EXTRACT"
  case read = "READ"
  case write = "WRITE"
  // Memory
  case load = "LOAD"
  case store = "STORE"
  case pointerMove = "POINTER_MOVE"
  case allocate = "ALLOCATE"
  case free = "FREE"
  // Control
  case `if` = "IF"
  case `else` = "ELSE"
  case `while` = "WHILE"
  case `for` = "FOR"
  case `continue` = "CONTINUE"
  case `break` = "BREAK"
  // Meta
  case call = "CALL"
  case callTool = "CALL_TOOL"
  case recurse = "RECURSE"
  case emitOutput = "EMIT_OUTPUT"
  case halt = "HALT"

  /// What there is to know about an action, as a row of the documentation's table.
  public struct Declaration: Hashable, Sendable {
    /// What its arguments are.
    public let operands: String
    /// What it does, as a sentence.
    public let meaning: String
    /// In machine steps.
    public let cost: String
    /// The errors that may end the run here, fuel, memory and depth apart.
    public let failures: String
    /// Whether the result has a derivative with respect to a real operand.
    public let isDifferentiable: Bool
  }

  /// Its row of the table.
  public var declaration: Declaration {
    func row(
      _ operands: String, _ meaning: String, _ cost: String = "1", _ failures: String = "",
      isDifferentiable: Bool = false
    ) -> Declaration {
      Declaration(
        operands: operands, meaning: meaning, cost: cost, failures: failures,
        isDifferentiable: isDifferentiable)
    }
    switch self {
    case .add:
      return row(
        "two numbers", "The sum.", "1", "overflow of ints", isDifferentiable: true)
    case .subtract:
      return row(
        "two numbers", "The difference.", "1", "overflow of ints", isDifferentiable: true)
    case .multiply:
      return row(
        "two numbers", "The product.", "1", "overflow of ints", isDifferentiable: true)
    case .divide:
      return row(
        "two numbers", "The quotient; of ints rounded down.", "1",
        "overflow and division by zero of ints", isDifferentiable: true)
    case .modulo:
      return row("two ints", "The remainder, with the divisor's sign.", "1", "division by zero")
    case .compare:
      return row(
        "two values",
        "Whether the first is less, at most as large, or equal: the skill says which.",
        "1, and for lists and pairs 1 for each pair of parts")
    case .max:
      return row("two numbers", "The larger one.", isDifferentiable: true)
    case .digitExtract:
      return row("an int, the constant 10", "The last decimal digit: the remainder by ten.")
    case .read:
      return row(
        "a list, a position", "The element at the position.", "1", "index", isDifferentiable: true)
    case .write:
      return row(
        "a list, a position, a value", "The list with the element replaced.",
        "1, and the length where the list is shared", "index", isDifferentiable: true)
    case .load:
      return row(
        "a list, a pair or a record",
        "What a pointer leads to: the first or last element, a part, or a field; the skill says which.",
        "1",
        "empty list", isDifferentiable: true)
    case .store:
      return row(
        "a value, and the list that it goes to",
        "The list with the value put behind or before it; the skill says which. Without a list, into a "
          + "slot, which ends the arm that was chosen.",
        "1, and the length where the list is shared; 0 at the end of an arm", isDifferentiable: true
      )
    case .pointerMove:
      return row(
        "a list, a count",
        "The list from a later element on, or up to an earlier one; the skill says which. No element is "
          + "copied.", "1", "empty list", isDifferentiable: true)
    case .allocate:
      return row(
        "values",
        "New memory: a pair, what a constructor makes of its fields, or a list of the length and content "
          + "that the skill says.",
        "1, and the length of a list", isDifferentiable: true)
    case .free:
      return row(
        "a slot",
        "Forgets it. A trace tells none: the slots of a skill go with it, memory with its last use.",
        "0")
    case .if: return row("a condition that is true", "Begins the first arm.")
    case .else: return row("a condition that is false", "Begins the second arm.")
    case .while: return row("a test, a body, a state", "Begins a loop that ends by its test.")
    case .for:
      return row(
        "a body, a state or lists, a count; of a match the value alone",
        "Begins a loop over lists, a count, or what is inside a value of a declared type, or else the arm "
          + "of a match for the constructor of its value; the skill says which.")
    case .continue:
      return row(
        "of a match, the skill for the fields",
        "Begins a round, of a match the only one; the next action applies the body, whose own step it pays.",
        "2; of a match 1, of a fold of a declared type 1 and on the way there 1 for each value and 2 for each "
          + "element of a list")
    case .break:
      return row(
        "", "Ends the loop with its result.", "0; of a fold of a declared type the rest of its way")
    case .call:
      return row(
        "the operands", "Applies a skill or an atom that has no action of its own.",
        "1, and what it does", "those of the atom")
    case .callTool:
      return row(
        "the operands",
        "Applies a tool that the host has linked, which makes the skill impure: it is never memoised, "
          + "searched for or certified.",
        "1, and 1 for each part of lists and pairs that go in and out", "tool")
    case .recurse: return row("the operands", "Applies the skill that is running.", "1")
    case .emitOutput: return row("a value", "Ends the skill that is running with this value.", "0")
    case .halt: return row("", "Ends the run.", "0")
    }
  }

  /// The action that the application of an atom is.
  ///
  /// - Parameter operands: Of the atom, those that are known: the last ones, where it is a loop's body.
  init(_ atom: Atom, _ operands: [SkillCode.Operand]) {
    switch atom.name {
    case "int.add", "real.add": self = .add
    case "int.subtract", "real.subtract": self = .subtract
    case "int.multiply", "real.multiply": self = .multiply
    case "int.divide", "real.divide": self = .divide
    case "int.modulo": self = operands.last == .constant(.int(10)) ? .digitExtract : .modulo
    case "equal", "int.less", "int.lessOrEqual", "real.less", "real.lessOrEqual": self = .compare
    case "int.max", "real.max": self = .max
    case "list.get": self = .read
    case "list.set": self = .write
    case "list.first", "list.last", "pair.first", "pair.second": self = .load
    case "list.append", "list.prepend": self = .store
    case "list.rest", "list.take", "list.drop": self = .pointerMove
    case "list.replicate", "list.range", "pair.make": self = .allocate
    case "control.while": self = .while
    default:
      self =
        switch atom.derivedForm {
        case .make: .allocate
        case .field: .load
        case .match, .fold: .for
        case nil: atom.controlForm == nil ? .call : .for
        }
    }
  }
}
