/// Control forms become loops of instructions: the rounds come first, and the test that begins each
/// round stands behind them.
extension Emitter {
  mutating func emit(_ item: Item, _ loop: Loop, _ target: UInt16?) throws(LinkError) {
    let destination = try place(target)
    let before = isUsed
    // A value whose last use this is, and that the loop takes over as its state.
    var moved: Int?
    switch loop.form {
    case .map: try map(loop, destination, second: nil)
    case .map2: try map(loop, destination, second: registers[loop.operands[1]])
    case .filter: try filter(loop, destination)
    case .fold: moved = try fold(item, loop, destination)
    case .scan: moved = try scan(item, loop, destination)
    case .iterate: moved = try iterate(item, loop, destination)
    case .loop: moved = try whileLoop(item, loop, destination)
    case .branch: preconditionFailure("a branch is no loop")
    }
    restore(before)
    for variable in item.dying {
      if kinds[variable] == .reference, variable != moved { release(registers[variable]) }
      free(registers[variable])
    }
    registers[item.destination] = destination
  }

  /// One round's application of a skill to values of the loop and to what is captured.
  private mutating func round(
    _ body: LoopBody, _ values: [(register: UInt16, kind: Kind, isLast: Bool)],
    to destination: UInt16
  ) throws(LinkError) {
    let own = values.map {
      Argument(register: $0.register, kind: $0.kind, isLast: $0.isLast, isShared: false)
    }
    // The next round needs the captured values again.
    let captured = body.captures.map {
      Argument(register: registers[$0], kind: kinds[$0], isLast: false, isShared: false)
    }
    let arguments = own + captured
    let application = begin(body.application) { arguments[$0].register }
    try apply(body.target, arguments, to: destination, resultKind: body.resultKind)
    end(application, destination)
  }

  /// Emits `jump test; rounds; test:` and gives the position of the first round.
  private mutating func rounds(
    _ body: (inout Emitter) throws(LinkError) -> Void
  ) throws(LinkError) -> Int32 {
    let start = write(.jump)
    let first = here
    try body(&self)
    program.instructions[start].x = here
    return first
  }

  /// The initial state of a loop goes to its destination; gives the variable if it was moved.
  private mutating func begin(_ item: Item, _ variable: Int, _ destination: UInt16) -> Int? {
    let isCaptured: Bool
    if case .loop(let loop) = item.body {
      isCaptured = loop.variables.filter { $0 == variable }.count > 1
    } else {
      isCaptured = false
    }
    let isMoved = item.dying.contains(variable) && !isCaptured
    if kinds[variable] == .reference, !isMoved { retain(registers[variable]) }
    write(.move, a: destination, b: registers[variable])
    return isMoved ? variable : nil
  }

  private mutating func map(
    _ loop: Loop, _ destination: UInt16, second: UInt16?
  ) throws(LinkError) {
    let list = registers[loop.operands[0]]
    let body = loop.bodies[0]
    write(
      .newList, a: destination, b: list, c: second ?? list, x: Int32(loop.elementKind.rawValue))
    let (index, element, output) = (try allocate(), try allocate(), try allocate())
    var other: UInt16?
    if second != nil { other = try allocate() }
    load(0, into: index)
    let kinds = body.parameterKinds
    let first = try rounds { emitter throws(LinkError) in
      var values = [(element, kinds[0], true)]
      if let other { values.append((other, kinds[1], true)) }
      try emitter.round(body, values, to: output)
      emitter.write(.push, a: destination, b: output)
    }
    if let other, let second {
      write(.listsNext, a: element, b: list, c: index, x: first, y: body.cost)
      write(.listsNext, a: other, b: second)
    } else {
      write(.listNext, a: element, b: list, c: index, x: first, y: body.cost)
    }
  }

  private mutating func filter(_ loop: Loop, _ destination: UInt16) throws(LinkError) {
    let list = registers[loop.operands[0]]
    let body = loop.bodies[0]
    let kind = loop.elementKind
    write(.newList, a: destination, b: list, c: list, x: Int32(kind.rawValue))
    let (index, element, output) = (try allocate(), try allocate(), try allocate())
    load(0, into: index)
    let first = try rounds { emitter throws(LinkError) in
      try emitter.round(body, [(element, kind, false)], to: output)
      emitter.write(.pushIf, a: destination, b: element, c: output, x: Int32(kind.rawValue))
    }
    write(.listNext, a: element, b: list, c: index, x: first, y: body.cost)
  }

  private mutating func fold(
    _ item: Item, _ loop: Loop, _ destination: UInt16
  ) throws(LinkError) -> Int? {
    let list = registers[loop.operands[1]]
    let body = loop.bodies[0]
    let moved = begin(item, loop.operands[0], destination)
    let (index, element) = (try allocate(), try allocate())
    load(0, into: index)
    let kinds = body.parameterKinds
    let first = try rounds { emitter throws(LinkError) in
      try emitter.round(
        body, [(destination, kinds[0], true), (element, kinds[1], true)], to: destination)
    }
    write(.listNext, a: element, b: list, c: index, x: first, y: body.cost)
    return moved
  }

  private mutating func scan(
    _ item: Item, _ loop: Loop, _ destination: UInt16
  ) throws(LinkError) -> Int? {
    let list = registers[loop.operands[1]]
    let body = loop.bodies[0]
    let (index, element, output) = (try allocate(), try allocate(), try allocate())
    let (state, outputs) = (try allocate(), try allocate())
    let moved = begin(item, loop.operands[0], state)
    write(.newList, a: outputs, b: list, c: list, x: Int32(loop.elementKind.rawValue))
    load(0, into: index)
    let kinds = body.parameterKinds
    let first = try rounds { emitter throws(LinkError) in
      try emitter.round(body, [(state, kinds[0], true), (element, kinds[1], true)], to: output)
      emitter.write(.scanNext, a: state, b: outputs, c: output)
    }
    write(.listNext, a: element, b: list, c: index, x: first, y: body.cost)
    write(
      .pairMake, a: destination, b: state, c: outputs, x: Int32(loop.stateKind.rawValue),
      y: Int32(Kind.reference.rawValue))
    return moved
  }

  private mutating func iterate(
    _ item: Item, _ loop: Loop, _ destination: UInt16
  ) throws(LinkError) -> Int? {
    let body = loop.bodies[0]
    let count = try allocate()
    write(.move, a: count, b: registers[loop.operands[0]])
    let moved = begin(item, loop.operands[1], destination)
    let first = try rounds { emitter throws(LinkError) in
      try emitter.round(body, [(destination, loop.stateKind, true)], to: destination)
    }
    write(.iterateNext, b: count, x: first, y: body.cost)
    return moved
  }

  private mutating func whileLoop(
    _ item: Item, _ loop: Loop, _ destination: UInt16
  ) throws(LinkError) -> Int? {
    let (predicate, body) = (loop.bodies[0], loop.bodies[1])
    let moved = begin(item, loop.operands[0], destination)
    let condition = try allocate()
    write(.charge, x: 1)
    let first = try rounds { emitter throws(LinkError) in
      try emitter.round(body, [(destination, loop.stateKind, true)], to: destination)
    }
    try round(predicate, [(destination, loop.stateKind, false)], to: condition)
    write(.loopNext, b: condition, x: first, y: body.cost + 1)
    return moved
  }
}
