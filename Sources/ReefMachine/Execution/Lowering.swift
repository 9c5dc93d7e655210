/// The linker's first pass: decides where each step of single-assignment code is executed.
///
/// A step that the result needs whatever happens is executed once, outside of all arms; a step that
/// only one arm of a branch needs is placed inside that arm. Within one block, steps that read a
/// list or pair come before the step that may update it in place.
struct Lowering: ItemWriter {
  /// Bounds that no honest skill comes near.
  static let maximumSteps = 1_000
  static let maximumItems = 20_000
  static let maximumNesting = 200

  private let code: SkillCode
  private let inputs: Int
  private let slotTypes: [Type]
  /// The callee of each step.
  private let targets: [Target]
  /// For each step and operand, the skill of a function operand.
  private let functionTargets: [[(target: Target, type: Type)?]]
  private let calleeTypes: [Type]
  private let resultType: Type
  private let constant: (Value, Type) throws(LinkError) -> Word
  /// The function of a fold.
  private let functionOfFold: (Fold) throws(LinkError) -> Int
  private let tooLarge: (String) -> LinkError

  /// For each step the steps that its value needs whatever happens, and those that it may need.
  private var strict: [BitSet] = []
  private var possible: [BitSet] = []
  /// The type of each variable.
  private var types: [Type] = []
  private var itemCount = 0
  /// What a traced function is to say about itself; nil where nothing is traced.
  var trace: Trace?

  struct Trace {
    /// The skill that the code belongs to: what its self-calls call.
    let digest: Digest?
  }

  /// - Parameters:
  ///   - slotTypes: The types of the slots; these and all others are concrete.
  ///   - calleeTypes: For each step the callee's type.
  ///   - resolve: The target of a callee at a concrete type.
  ///   - constant: The immortal word of a constant.
  ///   - fold: The number of a fold's function.
  init(
    _ code: SkillCode, slotTypes: [Type], calleeTypes: [Type], functionTypes: [[Type?]],
    resultType: Type, tooLarge: @escaping (String) -> LinkError,
    resolve: (SkillCode.Callee, Type) throws(LinkError) -> Target,
    constant: @escaping (Value, Type) throws(LinkError) -> Word,
    fold: @escaping (Fold) throws(LinkError) -> Int
  ) throws(LinkError) {
    guard code.steps.count <= Lowering.maximumSteps else {
      throw tooLarge("it has more than \(Lowering.maximumSteps) steps")
    }
    self.code = code
    self.slotTypes = slotTypes
    self.constant = constant
    functionOfFold = fold
    self.resultType = resultType
    self.tooLarge = tooLarge
    inputs = code.signature.parameters.count
    var targets: [Target] = []
    var functionTargets: [[(target: Target, type: Type)?]] = []
    for (index, step) in code.steps.enumerated() {
      targets.append(try resolve(step.callee, calleeTypes[index]))
      var row: [(target: Target, type: Type)?] = []
      for (operand, type) in zip(step.operands, functionTypes[index]) {
        if case .function(let callee, _) = operand, let type {
          row.append((Lowering.applied(try resolve(callee, type)), type))
        } else {
          row.append(nil)
        }
      }
      functionTargets.append(row)
    }
    self.targets = targets
    self.functionTargets = functionTargets
    self.calleeTypes = calleeTypes
  }

  /// As the function operand of a loop a branch has both arms evaluated already.
  private static func applied(_ target: Target) -> Target {
    guard case .control(.branch) = target else { return target }
    return .operation(Operation(opcode: .select, atom: KnownAtom.controlIf.atom.digest))
  }

  mutating func lower() throws(LinkError) -> LoweredFunction {
    findNeeds()
    types = Array(slotTypes[..<inputs])
    var variables = [Int?](repeating: nil, count: slotTypes.count)
    for index in 0..<inputs { variables[index] = index }
    let block = try block(for: code.result, resultType, variables, nesting: 0)
    return LoweredFunction(
      block: block, parameterCount: inputs, types: types, isMemoised: code.isMemoised)
  }
}

// MARK: - What needs what

extension Lowering {
  private static func slots(_ operand: SkillCode.Operand) -> [Int] {
    switch operand {
    case .slot(let slot): [slot]
    case .constant, .weight: []
    case .function(_, let captures): captures.flatMap(slots)
    }
  }

  private typealias Choice = (
    subject: SkillCode.Operand, arms: ArraySlice<SkillCode.Operand>
  )

  /// What a step chooses by and from, where it does not need all of its operands.
  private func choice(_ step: Int) -> Choice? {
    let operands = code.steps[step].operands
    switch targets[step] {
    case .control(.branch): return (operands[0], operands[1...])
    case .match: return (operands.last!, operands.dropLast())
    default: return nil
    }
  }

  private mutating func findNeeds() {
    func needs(_ operand: SkillCode.Operand, _ table: [BitSet]) -> BitSet {
      var needs = BitSet(capacity: code.steps.count)
      for slot in Lowering.slots(operand) where slot >= inputs {
        needs.formUnion(table[slot - inputs])
      }
      return needs
    }
    for (index, step) in code.steps.enumerated() {
      var sure = BitSet(capacity: code.steps.count)
      sure.insert(index)
      var maybe = sure
      if let choice = choice(index) {
        sure.formUnion(needs(choice.subject, strict))
        var all = needs(choice.arms.first!, strict)
        for arm in choice.arms.dropFirst() { all.formIntersection(needs(arm, strict)) }
        sure.formUnion(all)
      } else {
        for operand in step.operands { sure.formUnion(needs(operand, strict)) }
      }
      for operand in step.operands { maybe.formUnion(needs(operand, possible)) }
      strict.append(sure)
      possible.append(maybe)
    }
  }

  private func isProjection(_ step: Int) -> Bool {
    if case .operation(let operation) = targets[step] { operation.isProjection } else { false }
  }

  /// The slot of the pair that a projection reads; nil where it is a constant.
  private func source(ofProjection step: Int) -> Int? {
    if case .slot(let slot) = code.steps[step].operands[0] { slot } else { nil }
  }

  /// The steps that the block for `result`, a value or what is bound to a skill, executes outside of
  /// arms.
  ///
  /// If one part of a pair or one field is taken out here, then the others are as well, where any arm
  /// may need them: the pair can go, and its parts may then be updated in place.
  private func wanted(_ result: SkillCode.Operand, _ variables: [Int?]) -> [Int] {
    var wanted = BitSet(capacity: code.steps.count)
    var maybe = wanted
    for slot in Lowering.slots(result) where slot >= inputs {
      wanted.formUnion(strict[slot - inputs])
      maybe.formUnion(possible[slot - inputs])
    }
    let sources = Set(wanted.members.filter(isProjection).compactMap(source(ofProjection:)))
    if !sources.isEmpty {
      for step in maybe.members where isProjection(step) {
        if let source = source(ofProjection: step), sources.contains(source) { wanted.insert(step) }
      }
    }
    return wanted.members.filter { variables[inputs + $0] == nil }
  }
}

// MARK: - The order inside a block

extension Lowering {
  /// What a step reads and what it may update in place, as slots; both only of lists and pairs.
  private func uses(_ step: Int) -> (read: [Int], updated: [Int]) {
    let operands = code.steps[step].operands
    let read = operands.flatMap(Lowering.slots).filter { Kind(of: slotTypes[$0]) == .reference }
    switch targets[step] {
    case .operation(let operation):
      var updated: [Int] = []
      for (index, operand) in operands.enumerated() where operation.consumes >> index & 1 == 1 {
        if case .slot(let slot) = operand { updated.append(slot) }
      }
      return (read, updated.filter { Kind(of: slotTypes[$0]) == .reference })
    case .call, .fold: return (read, read)
    case .control(.branch), .match:
      // An arm gives what it only names as it is; what steps inside the arms read or update, it does.
      // A skill gets what is bound to it, and the fields of what is matched.
      var all = (read: read, updated: [Int]())
      if case .match = targets[step] {
        var given = [operands.last!]
        for case .function(let callee, let captures) in operands.dropLast() {
          given.append(.function(callee, captures: captures))
        }
        all.updated = given.flatMap(Lowering.slots).filter {
          Kind(of: slotTypes[$0]) == .reference
        }
      }
      // What the arms of a choice inside do stands in this one's own list.
      for inner in possible[step].members
      where !strict[step].contains(inner) && self.choice(inner) == nil {
        let inner = uses(inner)
        all.read += inner.read
        all.updated += inner.updated
      }
      return all
    case .control(let form):
      let state: Int? =
        switch form {
        case .fold, .scan: 1
        case .iterate, .loop: 2
        case .branch, .map, .map2, .filter: nil
        }
      guard let state, case .slot(let slot) = operands[state],
        Kind(of: slotTypes[slot]) == .reference
      else { return (read, []) }
      return (read, [slot])
    }
  }

  /// An order of the wanted steps in which each comes after what it needs and, where that is
  /// possible, those that only read a value come before the one that may update it.
  private func order(_ wanted: [Int]) -> [Int] {
    let uses = wanted.map(uses)
    let position = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ($1, $0) })
    var readers: [Int: [Int]] = [:]
    for (index, use) in uses.enumerated() {
      for slot in use.read where !use.updated.contains(slot) {
        readers[slot, default: []].append(index)
      }
    }
    let projections = wanted.indices.filter { isProjection(wanted[$0]) }
    var isPlaced = [Bool](repeating: false, count: wanted.count)
    // Steps whose own needs are being placed: nothing that needs them may come now.
    var open = BitSet(capacity: code.steps.count)
    var order: [Int] = []

    func place(_ index: Int) {
      if isPlaced[index] { return }
      let step = wanted[index]
      open.insert(step)
      // Also what only an arm may need, lest the arm compute it once more.
      for needed in possible[step].members where needed != step {
        if let needed = position[needed] { place(needed) }
      }
      func placeIfIndependent(_ other: Int) {
        if !possible[wanted[other]].intersects(open) { place(other) }
      }
      if !uses[index].updated.isEmpty || choice(step) != nil {
        for other in projections where !isPlaced[other] { placeIfIndependent(other) }
        for slot in uses[index].updated {
          for other in readers[slot] ?? [] where !isPlaced[other] { placeIfIndependent(other) }
        }
      }
      isPlaced[index] = true
      open.remove(step)
      order.append(step)
    }
    for index in wanted.indices { place(index) }
    return order
  }
}

// MARK: - Items

extension Lowering {
  private mutating func variable(_ type: Type) -> Int {
    types.append(type)
    return types.count - 1
  }

  func type(of variable: Int) -> Type { types[variable] }

  private mutating func block(
    for result: SkillCode.Operand, _ type: Type, _ outer: [Int?], nesting: Int
  ) throws(LinkError) -> Block {
    guard nesting <= Lowering.maximumNesting else {
      throw tooLarge("branches nest more than \(Lowering.maximumNesting) deep")
    }
    let block = Block()
    let variables = try append(wanted(result, outer), to: block, outer, nesting)
    block.result = try value(result, type, in: block, variables)
    return block
  }

  /// - Returns: The variables of the slots behind the steps.
  private mutating func append(
    _ wanted: [Int], to block: Block, _ outer: [Int?], _ nesting: Int
  ) throws(LinkError) -> [Int?] {
    var variables = outer
    for step in order(wanted) {
      let variable = try append(step, to: block, variables, nesting)
      if let application = try application(step, variables) {
        block.items[block.items.count - 1].application = application
      }
      variables[inputs + step] = variable
      block.cost += 1
    }
    return variables
  }

  mutating func add(
    _ body: Item.Body, _ type: Type, _ step: Int, to block: Block
  ) throws(LinkError) -> Int {
    itemCount += 1
    guard itemCount <= Lowering.maximumItems else {
      throw tooLarge("its branches unfold to more than \(Lowering.maximumItems) steps")
    }
    let variable = variable(type)
    block.items.append(Item(body: body, destination: variable, step: step))
    return variable
  }

  /// The variable of an operand that is a value; a constant is loaded.
  private mutating func value(
    _ operand: SkillCode.Operand, _ type: Type, in block: Block, _ variables: [Int?]
  ) throws(LinkError) -> Int {
    switch operand {
    case .slot(let slot): return variables[slot]!
    case .constant(let value):
      return try add(.constant(try constant(value, type), value), type, -1, to: block)
    case .weight(let weight):
      let value = weight.value
      return try add(.constant(try constant(value, type), value), type, -1, to: block)
    case .function: preconditionFailure("the type checker lets no function stand for a value")
    }
  }

  private mutating func values(
    _ operands: some Sequence<SkillCode.Operand>, _ types: some Sequence<Type>, in block: Block,
    _ variables: [Int?]
  ) throws(LinkError) -> [Int] {
    var values: [Int] = []
    for (operand, type) in zip(operands, types) {
      values.append(try value(operand, type, in: block, variables))
    }
    return values
  }

  private mutating func append(
    _ index: Int, to block: Block, _ variables: [Int?], _ nesting: Int
  ) throws(LinkError) -> Int {
    let step = code.steps[index]
    let type = slotTypes[inputs + index]
    guard case .function(let types, _) = calleeTypes[index] else {
      preconditionFailure("a callee has a function type")
    }
    switch targets[index] {
    case .operation(let operation) where operation.opcode == .make && step.operands.isEmpty:
      // Always the same object.
      guard case .named(let definition, _) = type else { preconditionFailure("\(type) is made") }
      let value = Value.made(definition, constructor: Int(operation.x), [])
      return try add(.constant(try constant(value, type), value), type, index, to: block)
    case .operation(let operation):
      let operands = try values(step.operands, types, in: block, variables)
      return try add(.operation(operation, operands), type, index, to: block)
    case .call(let function):
      let operands = try values(step.operands, types, in: block, variables)
      return try add(.call(function: function, operands), type, index, to: block)
    case .control(.branch):
      let condition = try value(step.operands[0], .bool, in: block, variables)
      let then = try self.block(for: step.operands[1], types[1], variables, nesting: nesting + 1)
      let otherwise = try self.block(
        for: step.operands[2], types[2], variables, nesting: nesting + 1)
      let branch = Item.Branch(condition: condition, then: then, otherwise: otherwise)
      return try add(.branch(branch), type, index, to: block)
    case .match: return try match(index, types, in: block, variables, nesting)
    case .fold:
      let fold = try fold(index, types)
      let subject = try value(step.operands.last!, types.last!, in: block, variables)
      var bound: [Int] = []
      for (arm, type) in zip(step.operands.dropLast(), zip(types, functionTargets[index])) {
        guard case .function(_, let captures) = arm, case .function(let all, _) = type.1?.type
        else {
          bound.append(try value(arm, type.0, in: block, variables))
          continue
        }
        bound += try values(captures, all.suffix(captures.count), in: block, variables)
      }
      return try add(
        .call(function: try functionOfFold(fold), [subject] + bound), type, index, to: block)
    case .control(let form):
      let loop = try loop(form, index, types, in: block, variables)
      return try add(.loop(loop), type, index, to: block)
    }
  }

  private mutating func loop(
    _ form: ControlForm, _ index: Int, _ types: [Type], in block: Block, _ variables: [Int?]
  ) throws(LinkError) -> Loop {
    var bodies: [LoopBody] = []
    var operands: [Int] = []
    for (number, operand) in code.steps[index].operands.enumerated() {
      guard case .function(_, let captures) = operand,
        let (target, type) = functionTargets[index][number],
        case .function(let parameters, let result) = type
      else {
        operands.append(try value(operand, types[number], in: block, variables))
        continue
      }
      let bound = parameters.suffix(captures.count)
      bodies.append(
        LoopBody(
          target: target, captures: try values(captures, bound, in: block, variables),
          resultType: result,
          application: round(operand, number, parameters, result, of: form)))
    }
    let elementKind: Kind =
      switch (form, slotTypes[inputs + index]) {
      case (.map, .list(let element)), (.map2, .list(let element)), (.filter, .list(let element)),
        (.scan, .pair(_, .list(let element))):
        Kind(of: element)
      default: .word
      }
    return Loop(form: form, bodies: bodies, operands: operands, elementKind: elementKind)
  }

  // MARK: Declared types

  /// The items of a match; each arm in a block of its own, where there are several.
  private mutating func match(
    _ index: Int, _ types: [Type], in block: Block, _ variables: [Int?], _ nesting: Int
  ) throws(LinkError) -> Int {
    let operands = code.steps[index].operands
    let subject = try value(operands.last!, types.last!, in: block, variables)
    guard case .named(let definition, let arguments) = types.last! else {
      preconditionFailure("the type checker found a declared type here")
    }
    func arm(
      _ lowering: inout Lowering, _ constructor: Int, _ block: Block, _ depth: Int
    ) throws(LinkError) -> Int {
      let operand = operands[constructor]
      let wanted = lowering.wanted(operand, variables)
      let inside = try lowering.append(wanted, to: block, variables, nesting + depth)
      guard case .function(let callee, let captures) = operand,
        let (target, type) = lowering.functionTargets[index][constructor],
        case .function(let parameters, let result) = type
      else { return try lowering.value(operand, types[constructor], in: block, inside) }
      let fields = try lowering.fields(
        of: subject, constructor, definition.fields(of: constructor, arguments), index, to: block)
      let bound = try lowering.values(
        captures, parameters.suffix(captures.count), in: block, inside)
      return try lowering.apply(
        target, fields + bound, result, index, to: block, operand: constructor,
        callee: lowering.trace.map { lowering.digest(of: callee, $0) })
    }
    let count = definition.constructors.count
    // A trace tells of one item that all the rest is inside of.
    if count == 1, trace == nil { return try arm(&self, 0, block, 0) }
    guard nesting + count <= Lowering.maximumNesting else {
      throw tooLarge("branches nest more than \(Lowering.maximumNesting) deep")
    }
    return try choose(
      subject, max(2, count), slotTypes[inputs + index], index, in: block
    ) { lowering, number, block throws(LinkError) in
      try arm(&lowering, min(number, count - 1), block, number + 1)
    }
  }

  /// What a fold does with each constructor.
  private func fold(_ index: Int, _ types: [Type]) throws(LinkError) -> Fold {
    guard case .named(let definition, let arguments) = types.last! else {
      preconditionFailure("the type checker found a declared type here")
    }
    var fold = Fold(
      definition: definition, arguments: arguments, result: slotTypes[inputs + index], step: index)
    for (number, operand) in code.steps[index].operands.dropLast().enumerated() {
      let first = fold.bound.count
      guard case .function(let callee, let captures) = operand,
        let (target, type) = functionTargets[index][number],
        case .function(let parameters, _) = type
      else {
        fold.bound.append(types[number])
        fold.arms.append(.init(skill: nil, bound: first..<first + 1))
        continue
      }
      fold.bound += parameters.suffix(captures.count)
      fold.arms.append(
        .init(
          skill: (target, trace.map { digest(of: callee, $0) }), bound: first..<fold.bound.count))
    }
    return fold
  }

  // MARK: What a trace tells

  private func digest(of callee: SkillCode.Callee, _ trace: Trace) -> Digest? {
    if case .skill(let digest) = callee { digest } else { trace.digest }
  }

  /// The application that a step is. Of a choice only what it is made by is an operand: the arms are
  /// not evaluated yet.
  private func application(
    _ index: Int, _ variables: [Int?]
  ) throws(LinkError) -> TracedApplication? {
    guard let trace, case .function(let types, _) = calleeTypes[index] else { return nil }
    let step = code.steps[index]
    func traced(
      _ operand: SkillCode.Operand, _ type: Type, as function: Type?
    ) throws(LinkError) -> TracedApplication.Operand {
      switch operand {
      case .slot(let slot): return .value(variables[slot]!, slotTypes[slot])
      case .constant(let value): return .constant(try constant(value, type), type)
      case .weight(let weight): return .constant(try constant(weight.value, type), type)
      case .function(let callee, let captures):
        guard case .function(let parameters, _) = function else {
          preconditionFailure("a function operand has a function type")
        }
        var bound: [TracedApplication.Operand] = []
        for (capture, type) in zip(captures, parameters.suffix(captures.count)) {
          bound.append(try traced(capture, type, as: nil))
        }
        return .skill(digest(of: callee, trace), captures: bound)
      }
    }
    var operands: [TracedApplication.Operand] = []
    let choice = choice(index)
    for (number, operand) in step.operands.enumerated()
    where choice == nil || operand == choice!.subject {
      operands.append(try traced(operand, types[number], as: functionTargets[index][number]?.type))
    }
    return TracedApplication(
      callee: digest(of: step.callee, trace), place: .step(index), operands: operands,
      resultType: slotTypes[inputs + index])
  }

  /// The application that each round of a loop is.
  private func round(
    _ function: SkillCode.Operand, _ number: Int, _ parameters: [Type], _ result: Type,
    of form: ControlForm
  ) -> TracedApplication? {
    guard let trace, case .function(let callee, _) = function else { return nil }
    return TracedApplication(
      callee: digest(of: callee, trace),
      place: form == .loop && number == 0 ? .test : .round(operand: number),
      operands: parameters.enumerated().map { .value($0, $1) }, resultType: result)
  }
}

extension Operation {
  /// The operation with a constant operand inside the instruction; nil where it has no room for it.
  func folding(_ value: Value, isSecond: Bool) -> Operation? {
    guard let opcode = opcode.immediateForm, isSecond || self.opcode.isCommutative else {
      return nil
    }
    var folded = self
    folded.opcode = opcode
    switch value {
    case .int(let value):
      guard let value = Int32(exactly: value) else { return nil }
      folded.x = value
    case .bool(let value): folded.x = value ? 1 : 0
    default: return nil
    }
    return folded
  }
}

extension Opcode {
  fileprivate var immediateForm: Opcode? {
    switch self {
    case .add: .addImmediate
    case .subtract: .subtractImmediate
    case .multiply: .multiplyImmediate
    case .divide: .divideImmediate
    case .modulo: .moduloImmediate
    case .minimum: .minimumImmediate
    case .maximum: .maximumImmediate
    case .less: .lessImmediate
    case .lessOrEqual: .lessOrEqualImmediate
    case .equalWords: .equalWordsImmediate
    default: nil
    }
  }

  fileprivate var isCommutative: Bool {
    switch self {
    case .add, .multiply, .minimum, .maximum, .equalWords: true
    default: false
    }
  }
}
