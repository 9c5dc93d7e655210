extension ActionState {
  /// The actions that can be executed now, results going to the next new slot: every choice of operands
  /// of the right types among the slots and the vocabulary's constants, also those with which the skill
  /// would end in an error. In a loop there is one.
  ///
  /// The order is fixed: atoms, skills and tools as the vocabulary has them, skills by digest; slots
  /// before constants.
  ///
  /// - Complexity: O(result), and for control forms O(skills that fit · what may be bound to them).
  public func legalActions() -> [Action] {
    if hasHalted { return [] }
    if output != nil { return [Action(.halt)] }
    if let loop { return [expected(of: loop)] }
    let slots = frame.slots.sorted { $0.key < $1.key }
    let operands =
      slots.map { Choice(.slot($0.key), $0.value) }
      + vocabulary.constants.map {
        Choice(.constant($0.value), $0)
      }
    var actions: [Action] = []
    for atom in vocabulary.atoms {
      guard let form = atom.controlForm else {
        for chosen in ActionState.fill(atom.parameterTypes, operands) {
          let kind = ActionKind(atom, chosen)
          actions.append(Action(kind, chosen, callee: atom.digest, result: freeSlot))
        }
        continue
      }
      actions += form == .branch ? branches(atom, operands) : loops(atom, operands)
    }
    for (digest, signature) in vocabulary.skills.sorted(by: { $0.key < $1.key }) {
      for chosen in ActionState.fill(signature.parameterTypes, operands) {
        actions.append(Action(.call, chosen, callee: digest, result: freeSlot))
      }
    }
    for tool in vocabulary.tools {
      for chosen in ActionState.fill(tool.parameterTypes, operands) {
        actions.append(Action(.callTool, chosen, callee: tool.digest, result: freeSlot))
      }
    }
    for chosen in ActionState.fill(frame.parameterTypes, operands) {
      actions.append(Action(.recurse, chosen, callee: frame.skill, result: freeSlot))
    }
    actions += operands.map { Action(.store, [$0.operand], result: freeSlot) }
    actions += slots.map { Action(.free, [.slot($0.key)]) }
    if frame.blocks.isEmpty {
      let results = operands.filter { $0.slot.value.conforms(to: frame.resultType) }
      actions += results.map { Action(.emitOutput, [$0.operand]) }
      if frames.count == 1 { actions.append(Action(.halt)) }
    }
    return actions
  }

  /// What may be an operand.
  private struct Choice {
    let operand: SkillCode.Operand
    let slot: Slot

    init(_ operand: SkillCode.Operand, _ slot: Slot) {
      self.operand = operand
      self.slot = slot
    }
  }

  /// The one action that a loop waits for.
  private func expected(of loop: ActionLoop) -> Action {
    guard loop.phase != .choice else {
      return loop.hasRound ? Action(.continue) : Action(.break, result: freeSlot)
    }
    let function = loop.application.function
    guard case .skill(let digest) = function.callee else {
      return Action(.recurse, callee: frame.skill)
    }
    if vocabulary.tools.contains(where: { $0.digest == digest }) {
      return Action(.callTool, callee: digest)
    }
    guard let atom = Atoms.with(digest), atom.controlForm == nil else {
      return Action(.call, callee: digest)
    }
    return Action(ActionKind(atom, function.captures), callee: digest)
  }

  private func branches(_ atom: Atom, _ operands: [Choice]) -> [Action] {
    operands.compactMap { choice in
      guard choice.slot.type == .bool, let isTrue = choice.slot.value.bool else { return nil }
      return Action(isTrue ? .if : .else, [choice.operand], callee: atom.digest)
    }
  }

  /// A loop's values are chosen first, then the skills that fit them.
  private func loops(_ atom: Atom, _ operands: [Choice]) -> [Action] {
    let values = atom.parameterTypes.filter { !$0.isFunction }
    var actions: [Action] = []
    ActionState.fill(values, operands, [:]) { chosen, bindings in
      add(atom, atom.parameterTypes[...], chosen[...], bindings, [], operands, to: &actions)
    }
    return actions
  }

  private func add(
    _ atom: Atom, _ parameters: ArraySlice<Type>, _ values: ArraySlice<SkillCode.Operand>,
    _ bindings: [String: Type], _ arguments: [SkillCode.Operand], _ operands: [Choice],
    to actions: inout [Action]
  ) {
    guard let parameter = parameters.first else {
      actions.append(Action(ActionKind(atom, []), arguments, callee: atom.digest))
      return
    }
    let rest = parameters.dropFirst()
    guard case .function(let wanted, let result) = parameter else {
      return add(
        atom, rest, values.dropFirst(), bindings, arguments + [values.first!], operands,
        to: &actions)
    }
    let given = wanted.map { $0.replacing(bindings) }
    for (callee, parameters, output) in applicable where parameters.count >= given.count {
      var own: [String: Type] = [:]
      let fits = zip(parameters, given).allSatisfy { $0.matches($1, &own) }
      guard fits else { continue }
      ActionState.fill(Array(parameters[given.count...]), operands, own) { captures, own in
        var all = bindings
        guard result.matches(output.replacing(own).replacingVariables(by: .int), &all) else {
          return
        }
        let function = SkillCode.Operand.function(callee, captures: captures)
        add(atom, rest, values, all, arguments + [function], operands, to: &actions)
      }
    }
  }

  /// What a loop may apply.
  private var applicable: [(SkillCode.Callee, parameters: [Type], result: Type)] {
    let atoms = vocabulary.atoms.filter { $0.controlForm == nil || $0.controlForm == .branch }
    let skills = vocabulary.skills.sorted { $0.key < $1.key }
    return atoms.map { (.skill($0.digest), $0.parameterTypes, $0.resultType) }
      + skills.map { (.skill($0.key), $0.value.parameterTypes, $0.value.result) }
      + vocabulary.tools.map { (.skill($0.digest), $0.parameterTypes, $0.resultType) }
      + [(.recursion, frame.parameterTypes, frame.resultType)]
  }

  /// Every choice of operands for the parameters.
  private static func fill(_ parameters: [Type], _ operands: [Choice]) -> [[SkillCode.Operand]] {
    var all: [[SkillCode.Operand]] = []
    fill(parameters, operands, [:]) { chosen, _ in all.append(chosen) }
    return all
  }

  private static func fill(
    _ parameters: [Type], _ operands: [Choice], _ bindings: [String: Type],
    _ chosen: [SkillCode.Operand] = [],
    _ use: (_ chosen: [SkillCode.Operand], _ bindings: [String: Type]) -> Void
  ) {
    guard chosen.count < parameters.count else { return use(chosen, bindings) }
    for choice in operands {
      var bindings = bindings
      guard parameters[chosen.count].matches(choice.slot.type, &bindings) else { continue }
      fill(parameters, operands, bindings, chosen + [choice.operand], use)
    }
  }
}

extension Type {
  /// What nothing determines stands for `type`.
  fileprivate func replacingVariables(by type: Type) -> Type {
    replacing(Dictionary(uniqueKeysWithValues: variables.map { ($0, type) }))
  }

  /// Whether `use` is an instance of this type that agrees with the bindings, to which it adds.
  func matches(_ use: Type, _ bindings: inout [String: Type]) -> Bool {
    switch (self, use) {
    case (.variable(let name), _):
      if let known = bindings[name] { return known == use }
      bindings[name] = use
      return true
    case (.int, .int), (.bool, .bool), (.real, .real): return true
    case (.list(let element), .list(let used)): return element.matches(used, &bindings)
    case (.pair(let first, let second), .pair(let usedFirst, let usedSecond)):
      return first.matches(usedFirst, &bindings) && second.matches(usedSecond, &bindings)
    case (.named(let own, let arguments), .named(let other, let used)):
      return own == other && zip(arguments, used).allSatisfy { $0.matches($1, &bindings) }
    case (.function(let parameters, let result), .function(let usedParameters, let usedResult)):
      return parameters.count == usedParameters.count
        && zip(parameters, usedParameters).allSatisfy { $0.matches($1, &bindings) }
        && result.matches(usedResult, &bindings)
    default: return false
    }
  }
}
