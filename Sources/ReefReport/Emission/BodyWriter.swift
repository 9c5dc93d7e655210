import ReefMachine

/// Writes the body of one function, step by step as the machine executes it, with the same charges
/// of fuel and the same last uses.
struct BodyWriter<D: Dialect> {
  let functions: [EmittedFunction]
  let own: EmittedFunction
  private(set) var names: [Int: String] = [:]
  private var constantCount = 0
  /// The names of the items' results, and how many items of a step have one.
  private var labels: [Int: String] = [:]
  private var labelled: [Int: Int] = [:]
  /// By the variable of the list that each would make.
  private var fused: [Int: FusedMap] = [:]
  /// Of the variables that are borrowed at this place.
  var places: [Int: Place] = [:]
  var dialect: D
  var source: SourceText

  var types: [Type] { own.function.types }

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
      end([parameter])
    }
    let block = own.function.block
    write(block.items)
    return handOver(block.result, isLast: true)
  }

  /// The value of a variable for somebody who takes it over.
  private mutating func handOver(_ variable: Int, isLast: Bool) -> String {
    let (name, type) = (names[variable]!, types[variable])
    guard isLast, mayGive(variable) else {
      let value = dialect.copy(name, type)
      if isLast { end([variable]) }
      return value
    }
    give(variable)
    return dialect.move(name, type)
  }

  private mutating func write(_ items: [Item]) {
    for (index, item) in items.enumerated() {
      if let map = fusedMap(at: index, of: items) {
        payAhead(for: map)
        fused[item.destination] = map
        continue
      }
      write(item)
      if item.isUnused {
        source.add(dialect.ignoring(names[item.destination]!))
        end([item.destination])
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
      write(item, operands, type)
    case .branch(let branch): write(item, branch, type)
    case .loop(let loop): write(item, loop, type)
    }
  }

  private mutating func bind(
    _ item: Item, _ value: String, name: String? = nil, isVariable: Bool = false
  ) {
    let name = name ?? label(item)
    source.add(
      dialect.binding(name, types[item.destination], value, isVariable: isVariable))
    names[item.destination] = name
  }

  /// A name for an item's result: of the first item of a step `s` with the step's number.
  private mutating func label(_ item: Item) -> String {
    if let known = labels[item.destination] { return known }
    let count = labelled[item.step, default: 0]
    labelled[item.step] = count + 1
    let label = count == 0 ? "s\(item.step)" : "s\(item.step)_\(count)"
    labels[item.destination] = label
    return label
  }

  // MARK: Applications

  private mutating func write(_ item: Item, _ operands: [Int], _ type: Type) {
    let target = item.body.target!
    func isGiven(_ index: Int) -> Bool {
      takes(target, index) && item.dying.contains(operands[index])
        && operands.count(where: { $0 == operands[index] }) == 1
    }
    // What keeps its value may itself be given away here.
    for _ in operands {
      for (index, operand) in operands.enumerated() where isGiven(index) && mayGive(operand) {
        give(operand)
      }
    }
    let arguments = operands.enumerated().map { index, operand in
      Argument(
        name: names[operand]!, type: types[operand],
        isLast: item.dying.contains(operand) && operands.firstIndex(of: operand) == index
          && mayGive(operand),
        isShared: operands.count(where: { $0 == operand }) > 1, isTaken: takes(target, index))
    }
    bind(item, apply(target, arguments, type))
    if dialect.countsReferences, type.isCounted, let place = place(target, in: operands.first) {
      places[item.destination] = place
    }
    let kept = arguments.filter { $0.isLast && dialect.consumes($0) }.map(\.name)
    end(item.dying.filter { !kept.contains(names[$0]!) })
  }

  private func takes(_ target: Target, _ argument: Int) -> Bool {
    switch target {
    case .call(let number): !functions[number].borrowed.contains(argument)
    case .operation(let operation): operation.consumes >> argument & 1 == 1
    case .control, .match, .fold: false
    }
  }

  private func atom(_ operation: Operation) -> Atom {
    guard let atom = operation.atom.flatMap(Atoms.with) else {
      preconditionFailure("the operation is no atom's")
    }
    return atom
  }

  /// Where in an operand the result of an operation stands; nil where it is a value of its own.
  private func place(_ target: Target, in operand: Int?) -> Place? {
    guard case .operation(let operation) = target, let operand else { return nil }
    switch operation.made {
    case .field?: return Place(parent: operand, path: nil)
    case .make?, .tag?, .isTag?: return nil
    case nil: return atom(operation).place(in: operand)
    }
  }

  /// The application as an expression.
  private mutating func apply(
    _ target: Target, _ arguments: [Argument], _ result: Type
  ) -> String {
    switch target {
    case .call(let number): return dialect.call(functions[number], arguments)
    case .operation(let operation):
      if let made = operation.made { return dialect.apply(made, arguments, result) }
      return dialect.apply(atom(operation), arguments, result)
    case .control, .match, .fold: preconditionFailure("a control form is no application")
    }
  }

  // MARK: Branches

  private mutating func write(_ item: Item, _ branch: Item.Branch, _ type: Type) {
    let name = label(item)
    source.add(dialect.declaration(name, type))
    let condition = names[branch.condition]!
    source.add(dialect.ifBegin(condition))
    let places = places
    write(arm: branch.then, dead: branch.deadInThen, to: name, type)
    // What lives on is borrowed after one arm where it is after the other.
    self.places = places
    source.add(dialect.elseLine)
    write(arm: branch.otherwise, dead: branch.deadInOtherwise, to: name, type)
    source.add(dialect.blockEnd)
    names[item.destination] = name
  }

  private mutating func write(arm block: Block, dead: [Int], to name: String, _ type: Type) {
    source.level += 1
    end(dead)
    if block.cost > 0 { source.add(dialect.charge(block.cost, isChecked: false)) }
    write(block.items)
    let result = handOver(block.result, isLast: block.resultDies)
    source.add(dialect.assignment(name, result))
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
    var ended: [Int] = []
    for variable in item.dying where variable != moved {
      ended += fused.removeValue(forKey: variable)?.item.dying ?? [variable]
    }
    end(ended)
  }

  /// The statement that ends a variable's life.
  private typealias Ended = (name: String, statement: String)

  /// One round's application of the loop's skill to its own values, then to what is captured.
  private mutating func round(
    _ item: Item, _ loop: Loop, _ values: [(name: String, type: Type, isLast: Bool)],
    body number: Int = 0, result: Type
  ) -> (String, ended: [Ended]) {
    let target = loop.bodies[number].target
    let own = values.enumerated().map { index, value in
      Argument(
        name: value.name, type: value.type, isLast: value.isLast, isShared: false,
        isTaken: takes(target, index))
    }
    let captured = loop.bodies[number].captures.enumerated().map { index, capture in
      Argument(
        name: names[capture]!, type: types[capture], isLast: false, isShared: false,
        isTaken: takes(target, own.count + index))
    }
    var value = apply(target, own + captured, result)
    if place(target, in: 0) != nil { value = dialect.copy(value, result) }
    let ended = own.filter { $0.isLast && !dialect.consumes($0) }.compactMap { argument in
      dialect.end(argument.name, argument.type).map { (argument.name, $0) }
    }
    return (value, ended)
  }

  /// Writes a loop over lists; the body charges a round, then what `write` adds.
  mutating func each(
    _ item: Item, _ loop: Loop, _ lists: some Sequence<Int>,
    filling made: (name: String, type: Type)? = nil, _ write: (inout BodyWriter) -> Void
  ) {
    let (before, line, first) = dialect.eachBegin(
      sources(lists), filling: made, named: label(item))
    for line in before { source.add(line) }
    source.add(line)
    source.level += 1
    let body = loop.bodies[0]
    source.add(dialect.charge(Int(body.cost), isChecked: !paysFirst(body.target)))
    for line in first { source.add(line) }
    if let map = lists.lazy.compactMap({ self.fused[$0] }).first {
      let type = elementType(types[map.item.destination])
      source.add(dialect.binding("element", type, element(of: map), isVariable: false))
    }
    write(&self)
    source.level -= 1
    source.add(dialect.blockEnd)
  }

  /// Whether an application begins with a charge that is checked, which does for one just before it.
  private func paysFirst(_ target: Target) -> Bool {
    if case .call(let number) = target { functions[number].function.block.cost > 0 } else { false }
  }

  private func elements(_ lists: some Sequence<Int>) -> [(name: String, type: Type)] {
    zip(lists, ["element", "other"]).map { ($1, elementType(types[$0])) }
  }

  /// The lists that there are of those that a loop goes through, and what their elements are called.
  private func sources(
    _ lists: some Sequence<Int>
  ) -> [(name: String, type: Type, list: String)] {
    let made = lists.lazy.compactMap { self.fused[$0] }.first?.loop.operands
    let lists = made ?? Array(lists)
    return zip(lists, elements(lists)).map { list, element in
      (made == nil ? element.name : "\(element.name)_part", element.type, names[list]!)
    }
  }

  /// The element that a map makes, as an expression in a loop over the map's lists.
  mutating func element(of map: FusedMap) -> String {
    let isInside = fused[map.item.destination] != nil
    let parts = elements(map.loop.operands).map {
      (isInside ? "\($0.name)_part" : $0.name, $0.type, false)
    }
    return round(
      map.item, map.loop, parts, result: elementType(types[map.item.destination])
    ).0
  }

  private func elementType(_ list: Type) -> Type {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return element
  }

  /// An element stays its list's where owners are counted.
  private var areElementsGiven: Bool { !dialect.countsReferences }

  private mutating func writeMap(_ item: Item, _ loop: Loop, _ type: Type) {
    let elements = elements(loop.operands)
    let lists = sources(loop.operands).map(\.list)
    bind(item, dialect.newList(type, asLongAs: lists, fills: true), isVariable: true)
    let result = names[item.destination]!
    each(item, loop, loop.operands, filling: (result, type)) { writer in
      let (value, ended) = writer.round(
        item, loop, elements.map { ($0.name, $0.type, writer.areElementsGiven) },
        result: writer.elementType(type))
      writer.source.add(writer.dialect.put(result, value))
      for variable in ended { writer.source.add(variable.statement) }
    }
  }

  private mutating func writeFilter(_ item: Item, _ loop: Loop, _ type: Type) {
    let elements = elements(loop.operands)
    let lists = sources(loop.operands).map(\.list)
    bind(item, dialect.newList(type, asLongAs: lists, fills: false), isVariable: true)
    let result = names[item.destination]!
    each(item, loop, loop.operands) { writer in
      let element = elements[0]
      let (value, _) = writer.round(
        item, loop, [(element.name, element.type, false)], result: .bool)
      writer.source.add(writer.dialect.ifBegin(value))
      writer.source.level += 1
      let kept =
        writer.areElementsGiven
        ? writer.dialect.move(element.name, element.type)
        : writer.dialect.copy(element.name, element.type)
      writer.source.add(writer.dialect.push(result, kept))
      writer.source.level -= 1
      if writer.areElementsGiven, let end = writer.dialect.end(element.name, element.type) {
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
    let isCaptured = loop.variables.count(where: { $0 == variable }) > 1
    guard item.dying.contains(variable), !isCaptured, mayGive(variable) else {
      return (dialect.copy(names[variable]!, types[variable]), nil)
    }
    return (handOver(variable, isLast: true), variable)
  }

  private mutating func writeFold(_ item: Item, _ loop: Loop) -> Int? {
    let (value, moved) = initial(item, loop, loop.operands[0])
    bind(item, value, isVariable: true)
    let state = (names[item.destination]!, types[item.destination], true)
    let elements = elements(loop.operands[1...])
    each(item, loop, loop.operands[1...]) { writer in
      writer.advance(
        item, loop, [state, (elements[0].name, elements[0].type, writer.areElementsGiven)],
        result: state.1)
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
      for variable in ended { source.add(variable.statement) }
      return
    }
    // The old state goes after the new one is made.
    source.add(dialect.binding("next", result, value, isVariable: false))
    for variable in ended { source.add(variable.statement) }
    source.add(dialect.assignment(state, dialect.move("next", result)))
  }

  private mutating func writeScan(_ item: Item, _ loop: Loop, _ type: Type) -> Int? {
    guard case .pair(let stateType, let outputsType) = type else { preconditionFailure("no pair") }
    let name = label(item)
    let (state, outputs) = ("\(name)_state", "\(name)_outputs")
    let (value, moved) = initial(item, loop, loop.operands[0])
    source.add(dialect.binding(state, stateType, value, isVariable: true))
    let elements = elements(loop.operands[1...])
    source.add(
      dialect.binding(
        outputs, outputsType,
        dialect.newList(
          outputsType, asLongAs: sources(loop.operands[1...]).map(\.list), fills: true),
        isVariable: true))
    let pair = Type.pair(stateType, elementType(outputsType))
    each(item, loop, loop.operands[1...], filling: (outputs, outputsType)) { writer in
      let element = elements[0]
      let (value, ended) = writer.round(
        item, loop,
        [(state, stateType, true), (element.name, element.type, writer.areElementsGiven)],
        result: pair)
      writer.source.add(writer.dialect.binding("next", pair, value, isVariable: false))
      for variable in ended { writer.source.add(variable.statement) }
      for line in writer.dialect.scanStep("next", pair, state: state, outputs: outputs) {
        writer.source.add(line)
      }
    }
    let parts = [(state, stateType), (outputs, outputsType)].map {
      Argument(name: $0, type: $1, isLast: true, isShared: false, isTaken: true)
    }
    bind(item, dialect.apply(KnownAtom.pairMake.atom, parts, type))
    return moved
  }

  private mutating func writeIterate(_ item: Item, _ loop: Loop) -> Int? {
    let (value, moved) = initial(item, loop, loop.operands[1])
    bind(item, value, isVariable: true)
    let (state, type) = (names[item.destination]!, types[item.destination])
    source.add(dialect.repeatBegin(names[loop.operands[0]]!))
    source.level += 1
    let body = loop.bodies[0]
    source.add(dialect.charge(Int(body.cost), isChecked: !paysFirst(body.target)))
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
    let body = loop.bodies[1]
    source.add(dialect.charge(Int(body.cost) + 1, isChecked: !paysFirst(body.target)))
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
