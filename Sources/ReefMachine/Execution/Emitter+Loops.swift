/// Control forms become loops of instructions: the rounds come first, and the test that begins each
/// round stands behind them.
extension Emitter {
  mutating func emit(_ node: Node, _ loop: LoopRegions) throws(LinkError) {
    // The states live in registers of their own, from round to round.
    var states: [UInt16] = []
    var moved: [Int] = []
    for (index, variable) in loop.initial.enumerated() {
      let isReadAgain =
        loop.sources.contains(variable) || loop.captures.contains(variable)
        || loop.initial[..<index].contains(variable)
      let isMoved = node.dying.contains(variable) && !isReadAgain
      if isMoved {
        moved.append(variable)
        occupants[Int(registers[variable])] = .reserved
      }
      if kinds[variable] == .reference, !isMoved { retain(registers[variable]) }
      let state = try allocate()
      write(.move, a: state, b: registers[variable])
      occupants[Int(state)] = .value(types[variable])
      states.append(state)
    }
    let sources = loop.sources.map { registers[$0] }
    var list: UInt16?
    switch loop.form {
    case .map, .map2, .filter, .scan:
      list = try allocate()
      write(
        loop.isOverRange ? .newListOfRange : .newList, a: list!, b: sources[0], c: sources.last!,
        x: Int32(loop.elementKind.rawValue))
      occupants[Int(list!)] = .value(listType(node, loop.form))
    case .fold, .iterate, .loop, .branch: break
    }
    let results = states + (list.map { [$0] } ?? [])
    let before = occupants
    switch loop.form {
    case .iterate: try iterate(loop, states, sources[0])
    case .loop: try whileLoop(loop, states)
    default: try each(loop, states, sources, list)
    }
    restore(before)
    for variable in node.dying {
      if kinds[variable] == .reference, !moved.contains(variable) { release(registers[variable]) }
      free(registers[variable])
    }
    if node.results.count == results.count {
      for (variable, register) in zip(node.results, results) { hold(variable, in: register) }
      return
    }
    // A scan that is to give its pair.
    let kind = kinds[loop.initial[0]]
    write(
      .pairMake, a: states[0], b: states[0], c: list!, x: Int32(kind.rawValue),
      y: Int32(Kind.reference.rawValue))
    free(list!)
    hold(node.results[0], in: states[0])
  }

  /// The type of the list that a loop makes.
  private func listType(_ node: Node, _ form: ControlForm) -> Type {
    let type = types[node.results.last!]
    if form == .scan, case .pair(_, let list) = type { return list }
    return type
  }

  /// Emits `jump test; rounds; test:` and gives the position of the first round.
  ///
  /// - Parameter last: Ends a round.
  private mutating func rounds(
    _ loop: LoopRegions, _ parameters: [UInt16], _ targets: [Target],
    last: (inout Emitter) -> Void = { _ in }
  ) throws(LinkError) -> Int32 {
    let start = write(.jump)
    let first = label()
    for (variable, register) in zip(loop.parameters, parameters) { hold(variable, in: register) }
    let before = occupants
    for variable in loop.unreadParameters { discard(variable) }
    try emit(loop.body, to: targets)
    last(&self)
    restore(before)
    program.instructions[start].x = label()
    return first
  }

  private mutating func each(
    _ loop: LoopRegions, _ states: [UInt16], _ sources: [UInt16], _ list: UInt16?
  ) throws(LinkError) {
    var elements: [UInt16] = []
    for _ in loop.parameters.dropFirst(states.count) { elements.append(try allocate()) }
    // The ints of a range are their own positions.
    let index = loop.isOverRange ? elements[0] : try allocate()
    if loop.isOverRange {
      write(.rangeBegin, a: index, b: sources[0])
    } else {
      load(0, into: index)
    }
    occupants[Int(index)] = .value(.int)
    let first: Int32
    if loop.form == .filter, let list {
      let (element, condition) = (elements[0], try allocate())
      first = try rounds(loop, elements, [.register(condition)]) { emitter in
        emitter.write(
          .pushIf, a: list, b: element, c: condition, x: Int32(loop.elementKind.rawValue))
      }
    } else {
      let targets = states.map { Target.register($0) } + (list.map { [.list($0)] } ?? [])
      first = try rounds(loop, states + elements, targets)
    }
    let cost = Int32(loop.roundCost)
    if loop.isOverRange {
      write(.rangeNext, a: index, b: sources[1], x: first, y: cost)
      return
    }
    let isWord = kinds[loop.parameters.last!] != .reference
    write(
      elements.count == 2 ? .listsNext : isWord ? .listNextWord : .listNext, a: elements[0],
      b: sources[0], c: index, x: first, y: cost)
    if elements.count == 2 { write(.listsNext, a: elements[1], b: sources[1]) }
  }

  private mutating func iterate(
    _ loop: LoopRegions, _ states: [UInt16], _ source: UInt16
  ) throws(LinkError) {
    let count = try allocate()
    write(.move, a: count, b: source)
    occupants[Int(count)] = .value(.int)
    let first = try rounds(loop, states, states.map { .register($0) })
    write(.iterateNext, b: count, x: first, y: Int32(loop.roundCost))
  }

  private mutating func whileLoop(
    _ loop: LoopRegions, _ states: [UInt16]
  ) throws(LinkError) {
    guard let test = loop.test else { preconditionFailure("control.while has a test") }
    let condition = try allocate()
    write(.charge, x: Int32(loop.testCost))
    let first = try rounds(loop, states, states.map { .register($0) })
    for (variable, register) in zip(test.parameters, states) { hold(variable, in: register) }
    try emit(test.region, to: [.register(condition)])
    _ = self.test(
      condition,
      Instruction(opcode: .loopNext, b: condition, x: first, y: Int32(loop.roundCost)),
      isLast: true)
  }
}
