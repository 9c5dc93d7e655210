import ReefMachine

/// Something that a search can apply to values: an atom, a skill, the self-call, or a control form
/// whose function operands are already chosen.
struct Operation {
  /// A function operand of a control form; its captures are operands of the operation.
  struct Function: Hashable {
    let callee: Digest
    let captureCount: Int
  }

  let callee: SkillCode.Callee
  /// Empty unless `callee` is a control form.
  let functions: [Function]
  /// The operands that are no captures.
  let dataCount: Int
  let parameterTypes: [Type]
  let resultType: Type
  /// What one application adds to the cost of a term.
  let cost: Int
  let isCommutative: Bool
  let inverses: [Inverse]
  let integerOperation: IntegerOperation?
  /// For the self-call: operands that vary; the others are the skill's own inputs.
  var recursion: Recursion?

  /// A self-call that changes only some arguments, and what must shrink for it to count.
  struct Recursion: Hashable {
    enum Measure: Hashable {
      /// The number of elements of a list, the magnitude of an int, of the argument at that index.
      case size(Int)
      /// The list of ints at that index as a number whose last element counts most: it is shorter, or
      /// smaller at the last place where the two differ.
      case order(Int)
      /// The sum of the ints in the argument at that index.
      case sum(Int)
      /// How far apart the ints at two indices are, the second being the larger.
      case distance(Int, Int)

      /// Tells measures apart in hashes.
      var code: Int {
        switch self {
        case .size(let index): index
        case .sum(let index): 16 + index
        case .order(let index): 8 + index
        case .distance(let first, let second): 32 + 16 * first + second
        }
      }
    }
    let varying: [Int]
    let measure: Measure
  }

  var arity: Int { parameterTypes.count }

  /// The step that applies the operation to operands, captures last.
  func step(_ operands: [SkillCode.Operand], inputs: Int) -> SkillCode.Step {
    if let recursion {
      var arguments = (0..<inputs).map { SkillCode.Operand.slot($0) }
      for (operand, index) in zip(operands, recursion.varying) { arguments[index] = operand }
      return .init(.recursion, arguments)
    }
    var position = dataCount
    var leading: [SkillCode.Operand] = []
    for function in functions {
      let captures = Array(operands[position..<position + function.captureCount])
      leading.append(.function(.skill(function.callee), captures: captures))
      position += function.captureCount
    }
    return .init(callee, leading + operands[..<dataCount])
  }
}
