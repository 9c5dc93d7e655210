extension ActionState {
  /// The actions that can be executed now, results going to the next new slot: every choice of operands
  /// of the right types among the slots and the vocabulary's constants, also those with which the skill
  /// would end in an error. In a loop there is one; in the arm of a match that waits for a skill there are
  /// all of these and every skill that takes the fields.
  ///
  /// The order is fixed: atoms, those of declared types, skills and tools as the vocabulary has them, skills
  /// by digest; slots before constants.
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
    let skills = applicable
    var actions: [Action] = []
    for atom in atoms {
      switch atom.implementation {
      case .control(.branch): actions += branches(atom, operands)
      case .derived(.match): actions += matches(atom, operands)
      case .control, .derived(.fold): actions += loops(atom, skills, operands)
      default:
        for chosen in ActionState.fill(atom.parameterTypes, operands) {
          let kind = ActionKind(atom, chosen)
          actions.append(Action(kind, chosen, callee: atom.digest, result: freeSlot))
        }
      }
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
    if case .match(let fields)? = frame.blocks.last {
      let arm = Type.function(fields.map(\.type), .variable("a"))
      add([arm], [], [:], [], skills, operands) { actions.append(Action(.continue, $0)) }
    }
    if frame.blocks.isEmpty {
      let results = operands.filter { $0.slot.value.conforms(to: frame.resultType) }
      actions += results.map { Action(.emitOutput, [$0.operand]) }
      if frames.count == 1 { actions.append(Action(.halt)) }
    }
    if Set(definitions.map(\.name)).count < definitions.count {
      actions.removeAll { !isWritten($0) }
    }
    return actions
  }

  /// Whether code can say it, in which no two types have one name.
  private func isWritten(_ action: Action) -> Bool {
    switch (action.kind, frame.blocks.last) {
    case (.if, _), (.else, _), (.free, _), (.emitOutput, _), (.halt, _): return true
    case (.continue, .match(let fields)):
      guard case .function(let callee, let captures)? = action.arguments.first else { return false }
      return (try? typed(callee, on: fields, captures)) != nil
    case (.store, _) where action.callee == nil: return (try? type(action.arguments[0])) != nil
    case (.for, _) where action.arguments.count == 1: return true
    case (.recurse, _): return (try? typed(.recursion, action.arguments)) != nil
    default: return (try? typed(.skill(action.callee!), action.arguments)) != nil
    }
  }

  /// What may be an operand.
  private struct Choice {
    let operand: SkillCode.Operand
    let slot: Slot

    init(_ operand: SkillCode.Operand, _ slot: Slot) {
      self.operand = operand
      self.slot = slot
    }

    /// Whether it may stand for the parameter; adds to what is known of the parameter's variables.
    func fits(_ parameter: Type, _ bindings: inout [String: Type]) -> Bool {
      let known = bindings
      if parameter.matches(slot.type, &bindings) { return true }
      bindings = known
      // Such as a leaf, which is one of any tree.
      guard case .named = parameter, case .named = slot.type else { return false }
      let type = parameter.replacing(known)
      return type.isConcrete && slot.value.conforms(to: type)
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
    guard let atom = atom(digest), !atom.isBlock else {
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

  private func matches(_ atom: Atom, _ operands: [Choice]) -> [Action] {
    operands.compactMap { choice in
      guard case .named(let definition, _) = choice.slot.type,
        definition.form(atom.digest) != nil
      else { return nil }
      return Action(.for, [choice.operand], callee: atom.digest)
    }
  }

  /// A loop's values are chosen first, then the skills that fit them.
  private func loops(
    _ atom: Atom, _ skills: [Applicable], _ operands: [Choice]
  ) -> [Action] {
    let values = atom.parameterTypes.filter { !$0.isFunction }
    var actions: [Action] = []
    ActionState.fill(values, operands, [:]) { chosen, bindings in
      add(atom.parameterTypes[...], chosen[...], bindings, [], skills, operands) { arguments in
        actions.append(Action(ActionKind(atom, []), arguments, callee: atom.digest))
      }
    }
    return actions
  }

  /// Every choice of skills for the parameters that are functions.
  ///
  /// - Parameters:
  ///   - values: For the other parameters.
  ///   - bindings: What is known of the parameters' variables.
  private func add(
    _ parameters: ArraySlice<Type>, _ values: ArraySlice<SkillCode.Operand>,
    _ bindings: [String: Type], _ arguments: [SkillCode.Operand],
    _ skills: [Applicable], _ operands: [Choice],
    _ use: (_ arguments: [SkillCode.Operand]) -> Void
  ) {
    guard let parameter = parameters.first else { return use(arguments) }
    let rest = parameters.dropFirst()
    guard case .function(let wanted, _) = parameter else {
      return add(
        rest, values.dropFirst(), bindings, arguments + [values.first!], skills, operands, use)
    }
    for (callee, type) in skills {
      guard let fit = Fit(of: type, for: parameter, open: wanted.count, bindings) else { continue }
      ActionState.fill(fit.captured, operands, [:]) { captures, own in
        // What is still open nothing determines.
        let bindings = fit.bindings.mapValues { $0.replacing(own).replacingVariables(by: .int) }
        let function = SkillCode.Operand.function(callee, captures: captures)
        add(rest, values, bindings, arguments + [function], skills, operands, use)
      }
    }
  }

  /// How a skill can stand for a parameter that is a function.
  private struct Fit {
    /// The types of what is to be bound to it.
    let captured: [Type]
    /// Of the variables around it. Those here and in `captured` are others, and belong together.
    let bindings: [String: Type]

    /// - Parameter open: How many of its operands come from the loop.
    init?(
      of skill: (parameters: [Type], result: Type), for parameter: Type, open: Int,
      _ bindings: [String: Type]
    ) {
      guard skill.parameters.count >= open else { return nil }
      var unifier = Unifier()
      var none: [String: Int] = [:]
      var own: [String: Int] = [:]
      var outer = bindings.mapValues { unifier.term($0, &none) }
      let given = unifier.term(.function(Array(skill.parameters[..<open]), skill.result), &own)
      let wanted = unifier.term(parameter, &outer)
      let captured = skill.parameters[open...].map { unifier.term($0, &own) }
      do {
        try unifier.unify(given, wanted)
        self.captured = try captured.map { try unifier.type($0, free: nil) }
        self.bindings = try outer.mapValues { try unifier.type($0, free: nil) }
      } catch { return nil }
    }
  }

  private typealias Applicable = (SkillCode.Callee, (parameters: [Type], result: Type))

  /// What a loop may apply.
  private var applicable: [Applicable] {
    let atoms = atoms.filter { !$0.isBlock || $0.controlForm == .branch }
    let skills = vocabulary.skills.sorted { $0.key < $1.key }
    return atoms.map { (.skill($0.digest), ($0.parameterTypes, $0.resultType)) }
      + skills.map { (.skill($0.key), ($0.value.parameterTypes, $0.value.result)) }
      + vocabulary.tools.map { (.skill($0.digest), ($0.parameterTypes, $0.resultType)) }
      + [(.recursion, (frame.parameterTypes, frame.resultType))]
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
      guard choice.fits(parameters[chosen.count], &bindings) else { continue }
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
