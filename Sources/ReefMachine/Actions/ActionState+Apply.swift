/// Why an action cannot be executed in a state.
public struct IllegalAction: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

extension ActionState {
  /// Executes the action, on a machine whose heap is free to be used; gives what it writes.
  ///
  /// - Throws: ``IllegalAction``, or the ``MachineError`` that a run would end with here; the state is
  ///   then as it was.
  @discardableResult
  public mutating func apply(_ action: Action, on machine: Machine) throws -> Value? {
    var next = self
    let written = try next.execute(action, machine)
    guard next.steps <= machine.limits.fuel else {
      throw MachineError.fuel(limit: machine.limits.fuel)
    }
    next.history.append(action)
    if next.history.count > ActionState.historyLength { next.history.removeFirst() }
    self = next
    return written
  }

  private mutating func execute(_ action: Action, _ machine: Machine) throws -> Value? {
    try check(!hasHalted, "the run has ended")
    try check(output == nil || action.kind == .halt, "the run has emitted its result")
    if let loop {
      let isExpected =
        switch loop.phase {
        case .choice: action.kind == (loop.hasRound ? .continue : .break)
        case .test, .round: action.result == nil && action.arguments.isEmpty
        }
      try check(isExpected, "a loop waits for something else")
    } else {
      try check(action.kind != .continue && action.kind != .break, "there is no loop")
    }
    switch action.kind {
    case .halt:
      try check(frames.count == 1 && frame.blocks.isEmpty, "something is open")
      hasHalted = true
      return nil
    case .if, .else:
      let condition = try operand(action, 0, of: 1)
      try check(condition == .bool(action.kind == .if), "the condition says otherwise")
      frame.blocks.append(.arm)
      steps += 1
      return nil
    case .for, .while:
      frame.blocks.append(.loop(try loop(action)))
      steps += 1
      return nil
    case .continue:
      steps += 2
      change { $0.phase = .round }
      return nil
    case .break:
      let loop = self.loop!
      frame.blocks.removeLast()
      return try write(loop.result, loop.resultType, to: action.result)
    case .free:
      guard action.arguments.count == 1, case .slot(let slot) = action.arguments[0],
        frame.slots.removeValue(forKey: slot) != nil
      else { throw IllegalAction(description: "there is no such slot") }
      return nil
    case .store where action.callee == nil: return try store(action)
    case .emitOutput: return try emit(action)
    default: return try call(action, machine)
    }
  }

  private func check(_ isLegal: Bool, _ reason: String) throws(IllegalAction) {
    guard isLegal else { throw IllegalAction(description: reason) }
  }

  private mutating func change(_ body: (inout ActionLoop) -> Void) {
    guard case .loop(var loop)? = frame.blocks.popLast() else { return }
    body(&loop)
    frame.blocks.append(.loop(loop))
  }

  // MARK: Operands and results

  private func slot(_ operand: SkillCode.Operand) throws(IllegalAction) -> Value {
    switch operand {
    case .constant(let value): return value
    case .weight(let weight): return weight.value
    case .slot(let slot):
      guard let slot = frame.slots[slot] else {
        throw IllegalAction(description: "slot \(slot) holds nothing")
      }
      return slot.value
    case .function: throw IllegalAction(description: "a skill is no value")
    }
  }

  private func operand(
    _ action: Action, _ index: Int, of count: Int
  ) throws(IllegalAction) -> Value {
    try check(action.arguments.count == count, "it takes \(count) arguments")
    return try slot(action.arguments[index])
  }

  private mutating func write(
    _ value: Value, _ type: Type, to slot: Int?
  ) throws(IllegalAction) -> Value {
    if let slot {
      try check(slot >= 0 && frame.slots[slot] == nil, "slot \(slot) is in use")
      frame.slots[slot] = Slot(value: value, type: type)
    } else {
      try check(loop != nil, "its result has no slot")
      change { $0.take(value) }
    }
    return value
  }

  private mutating func store(_ action: Action) throws -> Value {
    let value = try operand(action, 0, of: 1)
    if case .arm? = frame.blocks.last {
      frame.blocks.removeLast()
    } else {
      steps += 1
    }
    // A constant has the type that a branch with it in both arms would have.
    let branch = SkillCode.Callee.atom(.controlIf)
    let arms = [.constant(.bool(true)), action.arguments[0], action.arguments[0]]
    try check(action.result != nil, "its result has no slot")
    return try write(value, try typed(branch, arms).result, to: action.result)
  }

  private mutating func emit(_ action: Action) throws -> Value {
    let value = try operand(action, 0, of: 1)
    try check(frame.blocks.isEmpty, "a block is open")
    try check(value.conforms(to: frame.resultType), "the result is no \(frame.resultType)")
    guard frames.count > 1 else {
      output = value
      return value
    }
    let ended = frames.removeLast()
    return try write(value, ended.resultType, to: ended.result)
  }

  // MARK: Types

  /// The types of a step of the running skill.
  func typed(
    _ callee: SkillCode.Callee, _ operands: [SkillCode.Operand]
  ) throws(IllegalAction) -> (callee: Type, functions: [Type?], result: Type) {
    // Code that has the slots for parameters, and in which the skill itself is one like others. What
    // is empty has any element type, as a constant has.
    let own = SHA256.hash("the running skill".utf8)
    var read: [Int] = []
    func named(_ callee: SkillCode.Callee) -> SkillCode.Callee {
      callee == .recursion ? .skill(own) : callee
    }
    func renamed(_ operand: SkillCode.Operand) -> SkillCode.Operand {
      switch operand {
      case .constant, .weight: return operand
      case .function(let callee, let captures):
        return .function(named(callee), captures: captures.map(renamed))
      case .slot(let slot):
        if let value = frame.slots[slot]?.value, value.hasEmptyList { return .constant(value) }
        if let known = read.firstIndex(of: slot) { return .slot(known) }
        read.append(slot)
        return .slot(read.count - 1)
      }
    }
    let step = SkillCode.Step(named(callee), operands.map(renamed))
    var parameters: [Signature.Parameter] = []
    for slot in read {
      guard let type = frame.slots[slot]?.type else {
        throw IllegalAction(description: "slot \(slot) holds nothing")
      }
      parameters.append(.init("x", type))
    }
    let code = SkillCode(
      signature: Signature(parameters: parameters, result: .int), steps: [step],
      result: .constant(.int(0)))
    do {
      let ownType = Type.function(frame.parameterTypes, frame.resultType)
      let checked = try CheckedCode.check(code) {
        $0 == own ? ownType : vocabulary.type(of: $0)
      }
      return (checked.calleeTypes[0], checked.functionTypes[0], checked.slotTypes[read.count])
    } catch {
      throw IllegalAction(description: error.reason)
    }
  }

  private func loop(_ action: Action) throws(IllegalAction) -> ActionLoop {
    guard let digest = action.callee, let atom = Atoms.with(digest), let form = atom.controlForm,
      form != .branch, ActionKind(atom, []) == action.kind
    else { throw IllegalAction(description: "no loop is named") }
    let types = try typed(.skill(digest), action.arguments)
    var functions: [ActionLoop.Function] = []
    var values: [Value] = []
    for (argument, type) in zip(action.arguments, types.functions) {
      guard case .function(let callee, let captures) = argument, let type,
        case .function(let parameters, _) = type
      else {
        values.append(try slot(argument))
        continue
      }
      var bound: [Slot] = []
      for (capture, type) in zip(captures, parameters.suffix(captures.count)) {
        bound.append(Slot(value: try slot(capture), type: type))
      }
      functions.append(.init(callee: callee, captures: captures, bound: bound, type: type))
    }
    return ActionLoop(form, functions, values, resultType: types.result)
  }

  // MARK: Applications

  private mutating func call(_ action: Action, _ machine: Machine) throws -> Value? {
    let callee: SkillCode.Callee
    let values: [Value]
    let type: Type
    let bound: [SkillCode.Operand]
    if let loop {
      // The first round has paid; tests are paid one by one.
      if loop.phase == .test { steps += 1 }
      let application = loop.application
      (callee, type, values) = (
        application.function.callee, application.function.type, application.values
      )
      bound = application.function.captures
    } else {
      guard action.kind == .recurse || action.callee != nil else {
        throw IllegalAction(description: "nothing is applied")
      }
      try check(action.result != nil, "its result has no slot")
      callee = action.kind == .recurse ? .recursion : .skill(action.callee!)
      type = try typed(callee, action.arguments).callee
      var read: [Value] = []
      for argument in action.arguments { read.append(try slot(argument)) }
      values = read
      bound = action.arguments
      steps += 1
    }
    guard case .function(let parameters, let result) = type else {
      throw IllegalAction(description: "a value is not applied")
    }
    guard case .skill(let digest) = callee else {
      try check(action.kind == .recurse, "the skill itself is applied by RECURSE")
      open(frame.skill, parameters, result, values, action.result)
      return nil
    }
    try check(action.callee == digest, "another skill is to be applied")
    if let tool = vocabulary.tools.first(where: { $0.digest == digest }) {
      try check(action.kind == .callTool, "a tool is applied by CALL_TOOL")
      let value = try tool.result(values)
      steps += values.reduce(value.parts) { $0 + $1.parts }
      return try write(value, result, to: action.result)
    }
    guard let atom = Atoms.with(digest) else {
      try check(action.kind == .call, "a skill is applied by CALL")
      open(digest, parameters, result, values, action.result)
      return nil
    }
    if atom.controlForm == .branch, loop != nil {
      // As the body of a loop a branch has values for arms.
      try check(action.kind == .call, "the branch is applied by CALL")
      return try write(values[values[0].bool! ? 1 : 2], result, to: action.result)
    }
    try check(atom.controlForm == nil, "a control form begins a block")
    try check(action.kind == ActionKind(atom, bound), "\(atom.name) has another action")
    let outcome = try machine.apply(atom, at: type, values)
    steps += outcome.steps
    return try write(outcome.value, result, to: action.result)
  }

  private mutating func open(
    _ skill: Digest?, _ parameters: [Type], _ result: Type, _ values: [Value], _ slot: Int?
  ) {
    var frame = Frame(skill: skill, parameterTypes: parameters, resultType: result, result: slot)
    for (slot, (value, type)) in zip(values, parameters).enumerated() {
      frame.slots[slot] = Slot(value: value, type: type)
    }
    frames.append(frame)
  }
}

extension Value {
  /// Whether the value alone does not tell its type.
  var hasEmptyList: Bool {
    switch self {
    case .int, .bool, .real: false
    case .list(let values):
      switch values.first {
      case nil: true
      case .list, .pair, .made: values.contains(where: \.hasEmptyList)
      default: false
      }
    case .pair(let first, let second): first.hasEmptyList || second.hasEmptyList
    // A constructor need not have a field of each parameter's type.
    case .made(let definition, _, let fields):
      definition.arity > 0 || fields.contains(where: \.hasEmptyList)
    }
  }

  /// The parts of lists, pairs and values of declared types in it, written out.
  var parts: Int {
    switch self {
    case .int, .bool, .real: 0
    case .list(let values): values.reduce(values.count) { $0 + $1.parts }
    case .pair(let first, let second): 2 + first.parts + second.parts
    case .made(_, _, let fields): fields.reduce(fields.count) { $0 + $1.parts }
    }
  }
}

extension Machine {
  /// Applies an atom that is no control form to values, as a run does; the heap is reset before and after.
  ///
  /// - Parameter type: Of the atom at this place; concrete.
  /// - Returns: The result, and the steps besides the one of the application itself.
  func apply(
    _ atom: Atom, at type: Type, _ values: [Value]
  ) throws(MachineError) -> (value: Value, steps: Int) {
    guard case .native(let run, _) = atom.implementation,
      case .function(let parameters, let result) = type
    else { preconditionFailure("\(atom.name) is a control form") }
    heap.reset()
    defer { heap.reset() }
    heap.byteLimit = limits.bytes
    heap.fuelLimit = limits.fuel
    heap.fuel = limits.fuel
    var words: [Word] = [0, 0, 0]
    for (index, (value, type)) in zip(values, parameters).enumerated() {
      words[index] = try heap.word(of: value, as: type)
    }
    let word = try run(words[0], words[1], words[2], heap, OperandKinds(type))
    return (try heap.value(of: word, as: result), limits.fuel - heap.fuel)
  }
}
