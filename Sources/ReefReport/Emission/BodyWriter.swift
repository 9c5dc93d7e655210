import ReefMachine

/// Writes the body of one function, step by step as the machine executes it, with the same charges
/// of fuel and the same last uses.
struct BodyWriter<D: Dialect> {
  private let functions: [EmittedFunction]
  private let own: EmittedFunction
  private var names: [Int: String] = [:]
  private var constantCount = 0
  var dialect: D
  var source: SourceText

  private var types: [Type] { own.function.types }

  init(
    _ own: EmittedFunction, parameters: [String], of functions: [EmittedFunction], _ dialect: D,
    _ source: SourceText
  ) {
    self.own = own
    self.functions = functions
    self.dialect = dialect
    self.source = source
    for (index, name) in parameters.enumerated() { names[index] = name }
  }

  /// Writes everything but the return; gives the expression to be returned.
  mutating func write() -> String {
    for parameter in own.function.unreadParameters {
      source.add(dialect.ignoring(names[parameter]!))
      source.add(dialect.end(names[parameter]!, types[parameter]))
    }
    let block = own.function.block
    write(block.items)
    return dialect.move(names[block.result]!, types[block.result])
  }

  private mutating func write(_ items: [Item]) {
    for item in items {
      write(item)
      if item.isUnused {
        let name = names[item.destination]!
        source.add(dialect.ignoring(name))
        source.add(dialect.end(name, types[item.destination]))
      }
    }
  }

  private mutating func write(_ item: Item) {
    let type = types[item.destination]
    switch item.body {
    case .constant(_, let value):
      let literal = dialect.literal(value, type)
      if item.isUnused || Kind(of: type) == .reference {
        bind(item, literal, name: "c\(constantCount)")
        constantCount += 1
      } else {
        names[item.destination] = literal
      }
    case .operation(_, let operands), .call(_, let operands):
      let arguments = arguments(operands, of: item)
      let callee = own.function.code.steps[item.step].callee
      let (value, ended) = apply(item.body.target!, callee, arguments, type)
      bind(item, value)
      end(ended)
    case .branch(let branch): write(item, branch, type)
    case .loop(let loop): write(item, loop, type)
    }
  }

  private mutating func bind(
    _ item: Item, _ value: String, name: String? = nil, isVariable: Bool = false
  ) {
    let name = name ?? "s\(item.step)"
    source.add(
      dialect.binding(name, types[item.destination], value, isVariable: isVariable))
    names[item.destination] = name
  }

  // MARK: Applications

  private func arguments(_ operands: [Int], of item: Item) -> [Argument] {
    operands.enumerated().map { index, operand in
      Argument(
        name: names[operand]!, type: types[operand],
        isLast: item.dying.contains(operand) && operands.firstIndex(of: operand) == index,
        isShared: operands.filter { $0 == operand }.count > 1)
    }
  }

  /// The statement that ends a variable's life.
  private typealias Ended = (name: String, statement: String)

  /// The application as an expression, and what is to be ended after it.
  private mutating func apply(
    _ target: Target, _ callee: SkillCode.Callee, _ arguments: [Argument], _ result: Type
  ) -> (String, ended: [Ended]) {
    var arguments = arguments
    for index in arguments.indices {
      arguments[index].isTaken = target.takes(index)
    }
    var ended: [Ended] = []
    for argument in arguments where argument.isLast {
      if let statement = dialect.end(after: argument) { ended.append((argument.name, statement)) }
    }
    if case .call(let number) = target {
      return (dialect.call(functions[number], arguments), ended)
    }
    guard case .skill(let digest) = callee, let atom = Atoms.with(digest) else {
      preconditionFailure("an operation is an atom")
    }
    return (dialect.apply(atom, arguments, result), ended)
  }

  // MARK: Branches

  private mutating func write(_ item: Item, _ branch: Item.Branch, _ type: Type) {
    let name = "s\(item.step)"
    source.add(dialect.declaration(name, type))
    let condition = names[branch.condition]!
    source.add(dialect.ifBegin(condition))
    write(arm: branch.then, dead: branch.deadInThen, to: name, type)
    source.add(dialect.elseLine)
    write(arm: branch.otherwise, dead: branch.deadInOtherwise, to: name, type)
    source.add(dialect.blockEnd)
    names[item.destination] = name
  }

  private mutating func write(arm block: Block, dead: [Int], to name: String, _ type: Type) {
    source.level += 1
    for variable in dead { source.add(dialect.end(names[variable]!, types[variable])) }
    if block.cost > 0 { source.add(dialect.charge(block.cost, isChecked: false)) }
    write(block.items)
    let result = names[block.result]!
    source.add(
      dialect.assignment(
        name, block.resultDies ? dialect.move(result, type) : dialect.copy(result, type)))
    source.level -= 1
  }

  // MARK: Loops

  private mutating func write(_ item: Item, _ loop: Loop, _ type: Type) {
    var moved: Int?
    switch loop.form {
    case .map, .map2: writeMap(item, loop, type)
    case .filter: writeFilter(item, loop, type)
    case .fold: moved = writeFold(item, loop)
    case .scan: moved = writeScan(item, loop, type)
    case .iterate: moved = writeIterate(item, loop)
    case .loop: moved = writeWhile(item, loop)
    case .branch: preconditionFailure("a branch is no loop")
    }
    for variable in item.dying where variable != moved {
      source.add(dialect.end(names[variable]!, types[variable]))
    }
  }

  /// One round's application of the loop's skill to its own values, then to what is captured.
  private mutating func round(
    _ item: Item, _ loop: Loop, _ values: [(name: String, type: Type, isLast: Bool)],
    body number: Int = 0, result: Type
  ) -> (String, ended: [Ended]) {
    let body = loop.bodies[number]
    let functions = own.function.code.steps[item.step].operands.compactMap { operand in
      if case .function(let callee, _) = operand { callee } else { nil }
    }
    let own = values.map {
      Argument(name: $0.name, type: $0.type, isLast: $0.isLast, isShared: false)
    }
    let captured = body.captures.map {
      Argument(name: names[$0]!, type: types[$0], isLast: false, isShared: false)
    }
    return apply(body.target, functions[number], own + captured, result)
  }

  /// Writes a loop over lists; the body charges a round, then what `write` adds.
  private mutating func each(
    _ elements: [(name: String, type: Type, list: String)], _ cost: Int,
    _ write: (inout BodyWriter) -> Void
  ) {
    let (line, first) = dialect.eachBegin(elements)
    source.add(line)
    source.level += 1
    source.add(dialect.charge(cost, isChecked: true))
    for line in first { source.add(line) }
    write(&self)
    source.level -= 1
    source.add(dialect.blockEnd)
  }

  private func elements(_ lists: some Sequence<Int>) -> [(name: String, type: Type, list: String)] {
    zip(lists, ["element", "other"]).map { list, name in
      guard case .list(let type) = types[list] else { preconditionFailure("no list") }
      return (name, type, names[list]!)
    }
  }

  private func elementType(_ list: Type) -> Type {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return element
  }

  private mutating func end(_ variables: [Ended]) {
    for variable in variables { source.add(variable.statement) }
  }

  private mutating func writeMap(_ item: Item, _ loop: Loop, _ type: Type) {
    let elements = elements(loop.operands)
    bind(item, dialect.newList(type, asLongAs: elements.map(\.list), fills: true), isVariable: true)
    let result = names[item.destination]!
    each(elements, Int(loop.bodies[0].cost)) { writer in
      let (value, ended) = writer.round(
        item, loop, elements.map { ($0.name, $0.type, true) }, result: writer.elementType(type))
      writer.source.add(writer.dialect.put(result, value))
      writer.end(ended)
    }
  }

  private mutating func writeFilter(_ item: Item, _ loop: Loop, _ type: Type) {
    let elements = elements(loop.operands)
    bind(
      item, dialect.newList(type, asLongAs: elements.map(\.list), fills: false), isVariable: true)
    let result = names[item.destination]!
    each(elements, Int(loop.bodies[0].cost)) { writer in
      let element = elements[0]
      let (value, _) = writer.round(
        item, loop, [(element.name, element.type, false)], result: .bool)
      writer.source.add(writer.dialect.ifBegin(value))
      writer.source.level += 1
      writer.source.add(
        writer.dialect.push(result, writer.dialect.move(element.name, element.type)))
      writer.source.level -= 1
      if let end = writer.dialect.end(element.name, element.type) {
        writer.source.add(writer.dialect.elseLine)
        writer.source.level += 1
        writer.source.add(end)
        writer.source.level -= 1
      }
      writer.source.add(writer.dialect.blockEnd)
    }
  }

  /// The initial state of a loop, moved where nothing else needs it.
  private mutating func initial(_ item: Item, _ loop: Loop, _ variable: Int) -> (String, Int?) {
    let isCaptured = loop.variables.filter { $0 == variable }.count > 1
    let (name, type) = (names[variable]!, types[variable])
    if item.dying.contains(variable), !isCaptured { return (dialect.move(name, type), variable) }
    return (dialect.copy(name, type), nil)
  }

  private mutating func writeFold(_ item: Item, _ loop: Loop) -> Int? {
    let (value, moved) = initial(item, loop, loop.operands[0])
    bind(item, value, isVariable: true)
    let state = (names[item.destination]!, types[item.destination], true)
    let elements = elements(loop.operands[1...])
    each(elements, Int(loop.bodies[0].cost)) { writer in
      writer.advance(
        item, loop, [state, (elements[0].name, elements[0].type, true)], result: state.1)
    }
    return moved
  }

  /// Replaces the state by the skill's result.
  private mutating func advance(
    _ item: Item, _ loop: Loop, _ values: [(name: String, type: Type, isLast: Bool)],
    body: Int = 0, result: Type
  ) {
    let (value, ended) = round(item, loop, values, body: body, result: result)
    let state = values[0].name
    guard ended.contains(where: { $0.name == state }) else {
      source.add(dialect.assignment(state, value))
      return end(ended)
    }
    // The old state goes after the new one is made.
    source.add(dialect.binding("next", result, value, isVariable: false))
    end(ended)
    source.add(dialect.assignment(state, dialect.move("next", result)))
  }

  private mutating func writeScan(_ item: Item, _ loop: Loop, _ type: Type) -> Int? {
    guard case .pair(let stateType, let outputsType) = type else { preconditionFailure("no pair") }
    let name = "s\(item.step)"
    let (state, outputs) = ("\(name)_state", "\(name)_outputs")
    let (value, moved) = initial(item, loop, loop.operands[0])
    source.add(dialect.binding(state, stateType, value, isVariable: true))
    let elements = elements(loop.operands[1...])
    source.add(
      dialect.binding(
        outputs, outputsType,
        dialect.newList(outputsType, asLongAs: elements.map(\.list), fills: true),
        isVariable: true))
    let pair = Type.pair(stateType, elementType(outputsType))
    each(elements, Int(loop.bodies[0].cost)) { writer in
      let (value, ended) = writer.round(
        item, loop, [(state, stateType, true), (elements[0].name, elements[0].type, true)],
        result: pair)
      writer.source.add(writer.dialect.binding("next", pair, value, isVariable: false))
      writer.end(ended)
      for line in writer.dialect.scanStep("next", pair, state: state, outputs: outputs) {
        writer.source.add(line)
      }
    }
    let parts = [(state, stateType), (outputs, outputsType)].map {
      Argument(name: $0, type: $1, isLast: true, isShared: false, isTaken: true)
    }
    bind(item, dialect.apply(Atoms.named("pair.make")!, parts, type))
    return moved
  }

  private mutating func writeIterate(_ item: Item, _ loop: Loop) -> Int? {
    let (value, moved) = initial(item, loop, loop.operands[1])
    bind(item, value, isVariable: true)
    let (state, type) = (names[item.destination]!, types[item.destination])
    source.add(dialect.repeatBegin(names[loop.operands[0]]!))
    source.level += 1
    source.add(dialect.charge(Int(loop.bodies[0].cost), isChecked: true))
    advance(item, loop, [(state, type, true)], result: type)
    source.level -= 1
    source.add(dialect.blockEnd)
    return moved
  }

  private mutating func writeWhile(_ item: Item, _ loop: Loop) -> Int? {
    let (value, moved) = initial(item, loop, loop.operands[0])
    bind(item, value, isVariable: true)
    let (state, type) = (names[item.destination]!, types[item.destination])
    source.add(dialect.charge(1, isChecked: false))
    let (condition, _) = round(item, loop, [(state, type, false)], result: .bool)
    source.add(dialect.whileBegin(condition))
    source.level += 1
    source.add(dialect.charge(Int(loop.bodies[1].cost) + 1, isChecked: true))
    advance(item, loop, [(state, type, true)], body: 1, result: type)
    source.level -= 1
    source.add(dialect.blockEnd)
    return moved
  }
}

extension Item.Body {
  fileprivate var target: Target? {
    switch self {
    case .operation(let operation, _): .operation(operation)
    case .call(let function, _): .call(function)
    case .constant, .branch, .loop: nil
    }
  }
}

extension Target {
  /// Whether it takes over the argument at that position.
  fileprivate func takes(_ argument: Int) -> Bool {
    switch self {
    case .call: true
    case .operation(let operation): operation.consumes >> argument & 1 == 1
    case .control: false
    }
  }
}
