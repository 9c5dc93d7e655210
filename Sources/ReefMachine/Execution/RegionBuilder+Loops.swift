extension RegionBuilder {
  /// Adds a loop; gives the variable of its result.
  ///
  /// A state that is a pair is kept as its two parts, if the body asks for parts only and gives a pair
  /// whose parts are known.
  mutating func append(
    _ loop: Loop, _ type: Type, _ scope: Scope, _ origin: Image.Origin,
    _ application: TracedApplication?
  ) -> Int {
    var operands = scope(loop.operands)
    let state: Int? =
      switch loop.form {
      case .fold, .scan: operands.removeFirst()
      case .iterate: operands.removeLast()
      case .loop: operands.removeLast()
      case .map, .map2, .filter, .branch: nil
      }
    if operands.count == 1, let range = ranges[operands[0]] { operands = [range.low, range.high] }
    if inlining.isOn, room > 0, let state, case .pair(let first, let second) = types[state] {
      let attempt = attempt()
      if let split = split(loop, state, first, second, operands, type, scope, origin) {
        return split
      }
      takeBack(attempt)
    }
    let states = state.map { [$0] } ?? []
    let parameters = states.map { variable(types[$0]) }
    let result = regions(loop, parameters, parameters, operands, scope, origin)
    let made = append(result, loop, states, operands, type, origin, application)
    return whole(made, loop, origin)
  }

  /// The loop on the two parts of its state; nil where that would not help.
  private mutating func split(
    _ loop: Loop, _ state: Int, _ first: Type, _ second: Type, _ sources: [Int], _ type: Type,
    _ scope: Scope, _ origin: Image.Origin
  ) -> Int? {
    let pairType = types[state]
    var parameters: [[Int]] = []
    var wholes: [Int] = []
    // Once for the body, once for a test.
    for _ in 0..<2 {
      parameters.append([variable(first), variable(second)])
      let whole = variable(pairType)
      wholes.append(whole)
      parts[whole] = (parameters.last![0], parameters.last![1])
    }
    let made = regions(
      loop, parameters[0], loop.form == .loop ? parameters[1] : [], wholes, sources, scope, origin)
    guard let next = parts[made.body.results[0]] else { return nil }
    made.body.results.replaceSubrange(0..<1, with: [next.first, next.second])
    for region in [made.body] + (made.test.map { [$0] } ?? []) {
      finish(region)
      var isWhole = false
      region.forEachRead { if wholes.contains($0) { isWhole = true } }
      if isWhole { return nil }
    }
    let initial = parts(of: state, origin)
    return whole(append(made, loop, initial, sources, type, origin, nil), loop, origin)
  }

  /// The regions of a loop.
  private struct Made {
    let body: Region
    /// States, then elements.
    let parameters: [Int]
    let test: Region?
    /// The states of the test.
    let tested: [Int]
  }

  private mutating func regions(
    _ loop: Loop, _ parameters: [Int], _ wholes: [Int], _ sources: [Int], _ scope: Scope,
    _ origin: Image.Origin
  ) -> Made {
    let tested = loop.form == .loop ? parameters.map { variable(types[$0]) } : []
    return regions(loop, parameters, tested, wholes + tested, sources, scope, origin)
  }

  /// - Parameters:
  ///   - wholes: The state of the body and the one of the test, as the skills see it.
  private mutating func regions(
    _ loop: Loop, _ parameters: [Int], _ tested: [Int], _ wholes: [Int], _ sources: [Int],
    _ scope: Scope, _ origin: Image.Origin
  ) -> Made {
    let state = parameters.isEmpty ? [] : [wholes[0]]
    let body = loop.bodies.last!
    let elements = elementTypes(loop, sources).map { variable($0) }
    let region = inRegion { builder in
      let result = builder.round(body, state + elements, scope, origin)
      guard loop.form == .scan else { return [result] }
      return builder.parts(of: result, origin)
    }
    finish(region)
    guard loop.form == .loop else {
      return Made(body: region, parameters: parameters + elements, test: nil, tested: [])
    }
    let test = inRegion { builder in
      [builder.round(loop.bodies[0], [wholes[1]], scope, origin)]
    }
    finish(test)
    return Made(body: region, parameters: parameters, test: test, tested: tested)
  }

  /// The types of what a round gets from each source; a range has two bounds and gives one int.
  private func elementTypes(_ loop: Loop, _ sources: [Int]) -> [Type] {
    if loop.form == .iterate { return [] }
    if isRange(loop, sources) { return [.int] }
    return sources.map {
      guard case .list(let element) = types[$0] else {
        preconditionFailure("a loop goes through lists")
      }
      return element
    }
  }

  /// Whether a loop goes through the ints between two bounds.
  private func isRange(_ loop: Loop, _ sources: [Int]) -> Bool {
    loop.form != .iterate && sources.first.map { types[$0] == .int } ?? false
  }

  /// The two parts of a pair; where they are not known, it is taken apart.
  private mutating func parts(of pair: Int, _ origin: Image.Origin) -> [Int] {
    if let parts = parts[pair] { return [parts.first, parts.second] }
    guard case .pair(let first, let second) = types[pair] else {
      preconditionFailure("only pairs have parts")
    }
    let results = [variable(first), variable(second)]
    region.nodes.append(
      Node(
        body: .operation(Operation(opcode: .takeApart, consumes: 1), [pair]), results: results,
        origin: origin))
    return results
  }

  /// One round's application of a skill to values of the loop and to what is captured.
  private mutating func round(
    _ body: LoopBody, _ values: [Int], _ scope: Scope, _ origin: Image.Origin
  ) -> Int {
    let arguments = values + scope(body.captures)
    let application = body.application.map { $0.mapped { arguments[$0] } }
    switch body.target {
    case .call(let function):
      return call(function, arguments, body.resultType, origin, application)
    case .operation(let operation):
      return append(operation, arguments, body.resultType, origin, application)
    case .control, .match, .fold: preconditionFailure("a control form takes its skills at a step")
    }
  }

  /// Adds the node; gives its results.
  private mutating func append(
    _ made: Made, _ loop: Loop, _ initial: [Int], _ sources: [Int], _ type: Type,
    _ origin: Image.Origin, _ application: TracedApplication?
  ) -> [Int] {
    var results = initial.map { variable(types[$0]) }
    switch loop.form {
    case .map, .map2, .filter: results.append(variable(type))
    // A trace tells of the pair.
    case .scan where !inlining.isOn: results = [variable(type)]
    case .scan:
      guard case .pair(_, let outputs) = type else { preconditionFailure("a scan gives a pair") }
      results.append(variable(outputs))
    case .fold, .iterate, .loop, .branch: break
    }
    region.nodes.append(
      Node(
        body: .loop(
          LoopRegions(
            form: loop.form, sources: sources, isOverRange: isRange(loop, sources),
            initial: initial, body: made.body, parameters: made.parameters,
            test: made.test.map { ($0, made.tested) }, elementKind: loop.elementKind)),
        results: results, origin: origin, application: application))
    return results
  }

  /// The loop's result as one variable.
  private mutating func whole(_ results: [Int], _ loop: Loop, _ origin: Image.Origin) -> Int {
    switch (loop.form, results.count) {
    case (_, 1): return results[0]
    case (_, 2): return pair(results[0], results[1], origin)
    default: return pair(pair(results[0], results[1], origin), results[2], origin)
    }
  }
}
