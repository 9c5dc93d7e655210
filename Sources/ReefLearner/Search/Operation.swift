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
  /// Which of the callee's operands they are, ascending; the first ones where nil.
  var functionPositions: [Int]?
  /// The operands that are no captures.
  let dataCount: Int
  let parameterTypes: [Type]
  let resultType: Type
  /// What one application adds to the cost of a term.
  let cost: Int
  let isCommutative: Bool
  let inverses: [Inverse]
  let integerOperation: IntegerOperation?
  /// For the self-call: the arguments that are operands, by index; the others are the skill's own.
  var varying: [Int]?

  /// Whether it consists of nothing but skills that the guide puts first: a plain call of one, or a
  /// control form over them.
  var isLikely = false

  var arity: Int { parameterTypes.count }

  /// The step that applies the operation to operands, captures last.
  func step(_ operands: [SkillCode.Operand], inputs: Int) -> SkillCode.Step {
    if let varying {
      var arguments = (0..<inputs).map { SkillCode.Operand.slot($0) }
      for (operand, index) in zip(operands, varying) { arguments[index] = operand }
      return .init(.recursion, arguments)
    }
    var position = dataCount
    let passed = functions.map { function in
      let captures = Array(operands[position..<position + function.captureCount])
      position += function.captureCount
      return SkillCode.Operand.function(.skill(function.callee), captures: captures)
    }
    guard let functionPositions else { return .init(callee, passed + operands[..<dataCount]) }
    var all = Array(operands[..<dataCount])
    for (operand, position) in zip(passed, functionPositions) { all.insert(operand, at: position) }
    return .init(callee, all)
  }
}
