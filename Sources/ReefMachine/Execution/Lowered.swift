/// Skill code between the linker's two passes: structured, each item where it will be executed, on
/// *variables* that are written once and not yet placed in registers.
final class Block {
  var items: [Item] = []
  /// The variable that holds the block's value at its end.
  var result = 0
  /// Machine steps that every execution of the block takes, those inside arms, rounds of loops and
  /// callees apart.
  var cost = 0
  /// Whether nothing reads the result's variable after the block: liveness.
  var resultDies = false
}

struct Item {
  var body: Body
  /// The variable that it writes.
  let destination: Int
  /// The step that it comes from, or -1.
  let step: Int
  /// The variables that nothing reads afterwards: liveness. Those that only one arm of a branch
  /// reads are included.
  var dying: [Int] = []
  /// Whether nothing reads the destination: liveness.
  var isUnused = false
  /// What a trace tells about it; the operands are variables. Nil where nothing is traced.
  var application: TracedApplication?

  enum Body {
    case constant(Word)
    case operation(Operation, [Int])
    case call(function: Int, [Int])
    case branch(Branch)
    case loop(Loop)
  }

  final class Branch {
    let condition: Int
    let then: Block
    let otherwise: Block
    /// Variables that die because the chosen arm does not read them: liveness.
    var deadInThen: [Int] = []
    var deadInOtherwise: [Int] = []

    init(condition: Int, then: Block, otherwise: Block) {
      self.condition = condition
      self.then = then
      self.otherwise = otherwise
    }
  }
}

/// One instruction for an atom.
struct Operation {
  var opcode: Opcode
  var x: Int32 = 0
  var y: Int32 = 0
  /// Bit *i*: operand *i* is moved into the instruction.
  var consumes: UInt8 = 0
  var integerOperation: IntegerOperation?

  /// Whether it only reads a part of a pair: free of errors and so of any order.
  var isProjection: Bool { opcode == .pairFirst || opcode == .pairSecond }
}

/// A skill at one place of use.
enum Target {
  case operation(Operation)
  case call(Int)
  case control(ControlForm)
}

/// A skill that a loop applies in each round, on the loop's own values and then on `captures`.
struct LoopBody {
  let target: Target
  let captures: [Int]
  /// Of all its parameters.
  let parameterKinds: [Kind]
  let resultKind: Kind
  /// What a trace tells about a round; the operands are numbered. Nil where nothing is traced.
  var application: TracedApplication?

  /// The steps of one round, callees apart.
  var cost: Int32 { 2 }
}

struct Loop {
  let form: ControlForm
  /// One, for `control.while` two: predicate, then step.
  let bodies: [LoopBody]
  /// The operands that are values.
  let operands: [Int]
  /// Of the elements of the result list, where there is one.
  let elementKind: Kind
  /// Of the state that is carried, where there is one.
  let stateKind: Kind

  var variables: [Int] { operands + bodies.flatMap(\.captures) }
}

/// A function ready to be placed in registers.
struct LoweredFunction {
  let block: Block
  let parameterCount: Int
  /// The kind of each variable, parameters first.
  let kinds: [Kind]
}
