/// Skill code between the linker's two passes: structured, each item where it will be executed, on
/// *variables* that are written once and not yet placed in registers.
package final class Block {
  package var items: [Item] = []
  /// The variable that holds the block's value at its end.
  package var result = 0
  /// Machine steps that every execution of the block takes, those inside arms, rounds of loops and
  /// callees apart.
  package var cost = 0
  /// Whether nothing reads the result's variable after the block: liveness.
  package var resultDies = false
}

package struct Item {
  package var body: Body
  /// The variable that it writes.
  package let destination: Int
  /// The step that it comes from, or -1.
  package let step: Int
  /// The variables that nothing reads afterwards: liveness. Those that only one arm of a branch
  /// reads are included.
  package var dying: [Int] = []
  /// Whether nothing reads the destination: liveness.
  package var isUnused = false
  /// What a trace tells about it; the operands are variables. Nil where nothing is traced.
  var application: TracedApplication?

  package enum Body {
    /// The word, and the value that it stands for.
    case constant(Word, Value)
    case operation(Operation, [Int])
    case call(function: Int, [Int])
    case branch(Branch)
    case loop(Loop)
  }

  package final class Branch {
    package let condition: Int
    package let then: Block
    package let otherwise: Block
    /// Variables that die because the chosen arm does not read them: liveness.
    package var deadInThen: [Int] = []
    package var deadInOtherwise: [Int] = []

    init(condition: Int, then: Block, otherwise: Block) {
      self.condition = condition
      self.then = then
      self.otherwise = otherwise
    }
  }
}

/// One instruction for an atom.
package struct Operation {
  var opcode: Opcode
  var x: Int32 = 0
  var y: Int32 = 0
  /// Bit *i*: operand *i* is moved into the instruction.
  package var consumes: UInt32 = 0
  /// What it does the work of; nil where that is a part of a control form.
  package var atom: Digest?

  /// Whether it only reads a part of a pair or a field: free of errors and so of any order.
  var isProjection: Bool {
    opcode == .pairFirst || opcode == .pairSecond || opcode == .field
  }

  /// What it does with a value of a declared type; nil where it does something else.
  package var made: MadeOperation? {
    switch opcode {
    case .make: .make(constructor: Int(x))
    case .field: .field(Int(x), of: Int(y))
    case .tag: .tag
    case .equalWordsImmediate where atom == nil: .isTag(Int(x))
    default: nil
    }
  }
}

/// What there is to do with values of declared types.
package enum MadeOperation {
  /// Of the fields.
  case make(constructor: Int)
  /// Reads the field of that number of a value that the constructor of the other number made.
  case field(Int, of: Int)
  /// The number of the constructor.
  case tag
  /// Whether the number, from `tag`, is that one.
  case isTag(Int)
}

/// A skill at one place of use.
package enum Target {
  case operation(Operation)
  case call(Int)
  case control(ControlForm)
  /// Of a declared type.
  case match, fold
}

/// A skill that a loop applies in each round, on the loop's own values and then on `captures`.
package struct LoopBody {
  package let target: Target
  package let captures: [Int]
  /// Concrete.
  let resultType: Type
  /// What a trace tells about a round; the operands are numbered. Nil where nothing is traced.
  var application: TracedApplication?

  /// The steps of one round, callees apart.
  package var cost: Int32 { 2 }
}

package struct Loop {
  package let form: ControlForm
  /// One, for `control.while` two: predicate, then step.
  package let bodies: [LoopBody]
  /// The operands that are values.
  package let operands: [Int]
  /// Of the elements of the result list, where there is one.
  let elementKind: Kind

  package var variables: [Int] { operands + bodies.flatMap(\.captures) }
}

/// A function ready to be placed in registers.
struct LoweredFunction {
  let block: Block
  let parameterCount: Int
  /// The type of each variable, concrete, parameters first.
  let types: [Type]
  let isMemoised: Bool
  /// Whether it is the function of a fold, which calls itself, perhaps through others.
  var isFold = false
}
