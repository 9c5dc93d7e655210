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
    try next.goOn(machine.limits)
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
        case .choice:
          action.kind == (loop.hasRound ? .continue : .break) && action.arguments.isEmpty
        case .test, .round:
          action.kind != .continue && action.kind != .break && action.result == nil
            && action.arguments.isEmpty
        }
      try check(isExpected, "a loop waits for something else")
    } else {
      let mayContinue = if case .match? = frame.blocks.last { true } else { false }
      let isLegal = action.kind != .break && (action.kind != .continue || mayContinue)
      try check(isLegal, "there is no loop")
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
      frame.blocks.append(try block(action))
      steps += 1
      return nil
    case .continue:
      if case .match(let fields)? = frame.blocks.last {
        frame.blocks[frame.blocks.count - 1] = .loop(try round(action, fields))
      }
      steps += change { $0.begin() }
      return nil
    case .break:
      steps += change { $0.end() }
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

  /// - Precondition: The block that is running is a loop.
  private mutating func change<Result, Failure>(
    _ body: (inout ActionLoop) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard case .loop(var loop)? = frame.blocks.popLast() else { preconditionFailure("no loop") }
    let result = try body(&loop)
    frame.blocks.append(.loop(loop))
    return result
  }

  /// Takes the loop that is running to where it is known what comes next.
  private mutating func goOn(_ limits: Limits) throws(MachineError) {
    guard loop != nil else { return }
    let fuel = limits.fuel - steps
    try change { loop throws(MachineError) in try loop.goOn(fuel, limits) }
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
    try check(action.result != nil, "its result has no slot")
    return try write(value, try type(action.arguments[0]), to: action.result)
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

  /// A value has the type that a branch with it in both arms would have.
  func type(_ operand: SkillCode.Operand) throws(IllegalAction) -> Type {
    try typed(.atom(.controlIf), [.constant(.bool(true)), operand, operand]).result
  }

  /// The types of a step of the running skill.
  ///
  /// - Parameter values: Operands before the others, which are in no slot.
  func typed(
    _ callee: SkillCode.Callee, on values: [Slot] = [], _ operands: [SkillCode.Operand]
  ) throws(IllegalAction) -> (callee: Type, functions: [Type?], result: Type) {
    // Code that has the slots for parameters, and in which the skill itself is one like others. What
    // is empty has any element type, as a constant has.
    let own = SHA256.hash("the running skill".utf8)
    var parameters: [Signature.Parameter] = []
    var read: [Int: SkillCode.Operand] = [:]
    func given(_ slot: Slot) -> SkillCode.Operand {
      if !slot.value.tellsType, slot.value.nests(within: Unifier.largestType) {
        return .constant(slot.value)
      }
      parameters.append(.init("x", slot.type))
      return .slot(parameters.count - 1)
    }
    func named(_ callee: SkillCode.Callee) -> SkillCode.Callee {
      callee == .recursion ? .skill(own) : callee
    }
    func renamed(_ operand: SkillCode.Operand) throws(IllegalAction) -> SkillCode.Operand {
      switch operand {
      case .constant, .weight: return operand
      case .function(let callee, let captures):
        return .function(named(callee), captures: try captures.map(renamed))
      case .slot(let number):
        if let known = read[number] { return known }
        guard let slot = frame.slots[number] else {
          throw IllegalAction(description: "slot \(number) holds nothing")
        }
        read[number] = given(slot)
        return read[number]!
      }
    }
    let step = SkillCode.Step(named(callee), values.map(given) + (try operands.map(renamed)))
    let code = SkillCode(
      definitions: definitions, signature: Signature(parameters: parameters, result: .int),
      steps: [step], result: .constant(.int(0)))
    do {
      let ownType = Type.function(frame.parameterTypes, frame.resultType)
      let checked = try CheckedCode.check(code) {
        $0 == own ? ownType : vocabulary.type(of: $0)
      }
      return (
        checked.calleeTypes[0], checked.functionTypes[0], checked.slotTypes[parameters.count]
      )
    } catch {
      throw IllegalAction(description: error.reason)
    }
  }

  // MARK: Blocks

  private func block(_ action: Action) throws(IllegalAction) -> Block {
    guard let digest = action.callee, .skill(digest) != SkillCode.Callee.atom(.controlIf),
      let atom = atom(digest), atom.isBlock, ActionKind(atom, []) == action.kind
    else { throw IllegalAction(description: "no loop is named") }
    if atom.derivedForm == .match { return try match(action) }
    let types = try typed(.skill(digest), action.arguments)
    var operands: [ActionLoop.Operand] = []
    for (argument, type) in zip(action.arguments, types.functions) {
      guard case .function(let callee, let captures) = argument, let type else {
        operands.append(.value(try slot(argument)))
        continue
      }
      operands.append(.function(try function(callee, captures, type)))
    }
    guard let form = atom.controlForm else {
      return .loop(.init(foldingBy: operands, resultType: types.result))
    }
    return .loop(.init(form, operands, resultType: types.result))
  }

  private func function(
    _ callee: SkillCode.Callee, _ captures: [SkillCode.Operand], _ type: Type
  ) throws(IllegalAction) -> ActionLoop.Function {
    guard case .function(let parameters, _) = type else {
      throw IllegalAction(description: "a value is not applied")
    }
    var bound: [Slot] = []
    for (capture, type) in zip(captures, parameters.suffix(captures.count)) {
      bound.append(Slot(value: try slot(capture), type: type))
    }
    return .init(callee: callee, captures: captures, bound: bound, type: type)
  }

  /// The arm of a match for the constructor of its value.
  private func match(_ action: Action) throws(IllegalAction) -> Block {
    let subject = try operand(action, 0, of: 1)
    guard case .made(let definition, let constructor, let values) = subject,
      definition.form(action.callee!) == .match
    else { throw IllegalAction(description: "the value has another type") }
    if values.isEmpty { return .arm }
    let type =
      if case .slot(let slot) = action.arguments[0] { frame.slots[slot]!.type } else {
        try type(action.arguments[0])
      }
    guard case .named(_, let arguments) = type else { preconditionFailure("\(type) is matched") }
    let types = definition.fields(of: constructor, arguments)
    return .match(fields: zip(values, types).map { Slot(value: $0, type: $1) })
  }

  /// The round of a match.
  private func round(_ action: Action, _ fields: [Slot]) throws(IllegalAction) -> ActionLoop {
    guard action.arguments.count == 1, action.result == nil,
      case .function(let callee, let captures) = action.arguments[0]
    else { throw IllegalAction(description: "it takes a skill for the fields") }
    if case .skill(let digest) = callee, atom(digest)?.derivedForm == .match {
      throw IllegalAction(description: "a match needs a skill around it")
    }
    let types = try typed(callee, on: fields, captures)
    return ActionLoop(
      matching: fields.map(\.value), by: try function(callee, captures, types.callee),
      resultType: types.result)
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
    guard let atom = atom(digest) else {
      try check(action.kind == .call, "a skill is applied by CALL")
      open(digest, parameters, result, values, action.result)
      return nil
    }
    if atom.controlForm == .branch, loop != nil {
      // As the body of a loop a branch has values for arms.
      try check(action.kind == .call, "the branch is applied by CALL")
      return try write(values[values[0].bool! ? 1 : 2], result, to: action.result)
    }
    try check(!atom.isBlock, "a control form begins a block")
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
  /// Whether the value alone tells its type: an empty list does not, nor does a leaf of a tree.
  var tellsType: Bool {
    switch self {
    case .int, .bool, .real: true
    case .list(let values):
      switch values.first {
      case nil: false
      case .list, .pair, .made: values.allSatisfy(\.tellsType)
      default: true
      }
    case .pair(let first, let second): first.tellsType && second.tellsType
    case .made(let definition, _, _):
      TypeDefinition.parameters(definition.arity).allSatisfy(tells)
    }
  }

  /// Whether it has no part that is deeper inside.
  func nests(within depth: Int) -> Bool {
    guard depth > 0 else { return false }
    switch self {
    case .int, .bool, .real: return true
    case .list(let values), .made(_, _, let values):
      return values.allSatisfy { $0.nests(within: depth - 1) }
    case .pair(let first, let second):
      return first.nests(within: depth - 1) && second.nests(within: depth - 1)
    }
  }

  /// Whether the value, of a declared type, tells what the type's parameter stands for.
  private func tells(_ parameter: String) -> Bool {
    guard case .made(let definition, let constructor, let fields) = self else { return false }
    /// Whether a part of the type `declared` tells it.
    func isTold(by value: Value, _ declared: Type) -> Bool {
      switch (declared, value) {
      case (.variable(TypeDefinition.own), _): value.tells(parameter)
      case (.variable(parameter), _): value.tellsType
      case (.list(let element), .list(let values)): values.contains { isTold(by: $0, element) }
      case (.pair(let first, let second), .pair(let x, let y)):
        isTold(by: x, first) || isTold(by: y, second)
      case (.named(let other, let arguments), _):
        zip(TypeDefinition.parameters(other.arity), arguments).contains {
          ($1.mentions(parameter) || $1.mentions(TypeDefinition.own)) && value.tells($0)
        }
      default: false
      }
    }
    return zip(fields, definition.constructors[constructor].fields).contains(where: isTold)
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
    guard case .function(let parameters, let result) = type else {
      preconditionFailure("\(type) is no type of an atom")
    }
    heap.reset()
    defer { heap.reset() }
    heap.byteLimit = limits.bytes
    heap.fuelLimit = limits.fuel
    heap.fuel = limits.fuel
    let word: Word
    switch (atom.implementation, values.first, result) {
    case (.native(let run, _), _, _):
      var words: [Word] = [0, 0, 0]
      for (index, (value, type)) in zip(values, parameters).enumerated() {
        words[index] = try heap.word(of: value, as: type)
      }
      word = try run(words[0], words[1], words[2], heap, OperandKinds(type))
    case (.derived(.make(let constructor)), _, .named(let definition, _)):
      word = try heap.word(of: .made(definition, constructor: constructor, values), as: result)
    case (.derived(.field(let field)), .made(_, _, let fields), _):
      word = try heap.word(of: fields[field], as: result)
    default: preconditionFailure("\(atom.name) is a control form")
    }
    return (try heap.value(of: word, as: result), limits.fuel - heap.fuel)
  }
}
