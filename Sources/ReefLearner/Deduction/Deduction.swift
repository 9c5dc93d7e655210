import ReefMachine
import ReefTasks

/// A guess at the outer form of a solution, which turns the task's examples into examples of a
/// body: a problem of its own.
struct Deduction {
  let body: Problem
  /// Further bodies that the form needs. Whatever fits the examples of one first is taken, because
  /// nothing can be checked before all are there.
  let others: [Problem]
  /// Whether the rows of the body say all that the task's do, so that only a choice of them can let
  /// a wrong one through.
  let saysAll: Bool
  /// How many steps of the whole count for nothing, because so much of a predicate is to be expected.
  let presumedSteps: Int
  /// The whole solution, given the codes of the body and of the others.
  let compose: (_ body: SkillCode, _ others: [SkillCode]) -> Composition

  init(
    body: Problem, others: [Problem] = [], saysAll: Bool = true, presumedSteps: Int = 0,
    compose: @escaping (_ body: SkillCode, _ others: [SkillCode]) -> Composition
  ) {
    self.body = body
    self.others = others
    self.saysAll = saysAll
    self.presumedSteps = presumedSteps
    self.compose = compose
  }

  struct Composition {
    let code: SkillCode
    /// The bodies as the code calls them, without the captures that they do not use; none where the
    /// code has taken over the steps.
    let bodies: [SkillCode]

    /// With a step after the last for each of the callees, which the result goes through.
    func followed(by callees: [SkillCode.Callee]) -> Composition {
      let inputs = code.signature.parameters.count
      var (steps, result) = (code.steps, code.result)
      for callee in callees {
        steps.append(.init(callee, [result]))
        result = .slot(inputs + steps.count - 1)
      }
      return Composition(
        code: SkillCode(signature: code.signature, steps: steps, result: result), bodies: bodies)
    }
  }
}

/// Deduces the examples of bodies (Osera and Zdancewic 2015; Feser, Chaudhuri and Dillig 2015).
///
/// For a map each element of the source gives an example, for a filter too; for a fold and a scan
/// the oracle answers for the prefixes, and without one nothing is known of the state.
struct Deducer {
  let problem: Problem
  /// Rows of a body; more would only repeat what the first ones say.
  static let bodyRows = 28

  var parameters: [Signature.Parameter] { problem.signature.parameters }
  private var inputs: Int { parameters.count }

  /// A list that a form may run over: a value for each row and the steps that make it.
  struct Source {
    let values: [[Value]]
    let element: Type
    let steps: [SkillCode.Step]
    let operand: SkillCode.Operand
    /// The input that it is, so that the body need not capture it.
    let input: Int?
  }

  func deductions() -> [Deduction] {
    var found: [Deduction] = []
    let sources = sources()
    if case .list(let element) = problem.signature.result {
      for source in sources { found += map(over: source, to: element) }
      for source in sources where source.element == element { found += filter(source) }
      for source in sources where source.input != nil { found += scan(source, to: element) }
    }
    for index in parameters.indices {
      guard case .list(let element) = parameters[index].type else { continue }
      found += fold(over: index, element: element, isReversed: false)
      found += fold(over: index, element: element, isReversed: true)
    }
    for index in parameters.indices { found += declared(over: index) }
    return found
  }

  // MARK: Sources

  func sources() -> [Source] {
    var found: [Source] = []
    let rows = problem.rows
    for (index, parameter) in parameters.enumerated() {
      switch parameter.type {
      case .list(let element):
        let values = rows.map { $0.input[index].list ?? [] }
        found.append(
          Source(values: values, element: element, steps: [], operand: .slot(index), input: index))
      default: break
      }
    }
    for (index, parameter) in parameters.enumerated() {
      let bounds: [Int]
      var steps: [SkillCode.Step] = []
      switch parameter.type {
      case .list:
        bounds = rows.map { $0.input[index].list?.count ?? 0 }
        steps.append(.init(.atom(.listLength), [.slot(index)]))
      case .int:
        bounds = rows.map { $0.input[index].int ?? -1 }
        guard bounds.allSatisfy({ (0...64).contains($0) }) else { continue }
      default: continue
      }
      let end: SkillCode.Operand = steps.isEmpty ? .slot(index) : .slot(inputs)
      steps.append(.init(.atom(.listRange), [.constant(.int(0)), end]))
      found.append(
        Source(
          values: bounds.map { (0..<$0).map { Value.int($0) } }, element: .int, steps: steps,
          operand: .slot(inputs + steps.count - 1), input: nil))
    }
    return found
  }

  // MARK: Bodies

  /// A body's problem, or nil where its examples contradict each other or say too little.
  func body(
    parameters: [Signature.Parameter], result: Type, examples: [Example]
  ) -> Problem? {
    var known: [[Value]: Value] = [:]
    var rows: [Example] = []
    for example in examples {
      if let output = known[example.input] {
        guard output == example.output else { return nil }
        guard problem.wasRefuted else { continue }
        // What is said again is new again.
        rows.removeAll { $0.input == example.input }
      }
      known[example.input] = example.output
      rows.append(example)
    }
    guard rows.count >= 3 else { return nil }
    return Problem(
      name: problem.name, summary: problem.summary,
      signature: Signature(parameters: parameters, result: result),
      rows: choice(of: rows), wasRefuted: problem.wasRefuted, oracle: nil,
      tolerance: problem.tolerance, means: problem.means)
  }

  /// A bounded choice of rows: evenly from the whole and, after a candidate was refuted, half of them
  /// the newest. Those come from what refuted it, and without them its body would be found again.
  private func choice(of rows: [Example]) -> [Example] {
    guard rows.count > Deducer.bodyRows else { return rows }
    let newest = problem.wasRefuted ? Deducer.bodyRows / 2 : 0
    return Deducer.choice(of: rows.dropLast(newest), count: Deducer.bodyRows - newest)
      + rows.suffix(newest)
  }

  /// At most `count` of them, evenly.
  static func choice<Row>(of rows: [Row], count: Int) -> [Row] {
    guard rows.count > count else { return rows }
    return (0..<count).map { rows[$0 * rows.count / count] }
  }

  /// Two choices of captures: the other inputs only, and all of them.
  private func captureChoices(without input: Int?) -> [[Int]] {
    let all = Array(parameters.indices)
    guard let input else { return [all] }
    return [all.filter { $0 != input }, all]
  }

  /// A body's parameters: an element of the source, and the captures.
  func elementParameters(of source: Source, captures: [Int]) -> [Signature.Parameter] {
    [.init(label("element"), source.element)] + captures.map { parameters[$0] }
  }

  func label(_ base: String) -> String {
    var label = base
    while parameters.contains(where: { $0.name == label }) { label += "_" }
    return label
  }

  /// - Parameter leading: The operands of the form between its function and the source.
  func compose(
    _ source: Source, _ form: KnownAtom, captures: [Int], leading: [SkillCode.Operand] = []
  ) -> (SkillCode, [SkillCode]) -> Deduction.Composition {
    { [signature = problem.signature] code, _ in
      let (body, used) = code.withoutIdle(captures: captures)
      let function = SkillCode.Operand.function(
        .skill(body.digest), captures: used.map { .slot($0) })
      let steps = source.steps + [.init(.atom(form), [function] + leading + [source.operand])]
      let whole = SkillCode(
        signature: signature, steps: steps,
        result: .slot(signature.parameters.count + steps.count - 1))
      return .init(code: whole.normalized(), bodies: [body])
    }
  }

  // MARK: Forms

  private func map(over source: Source, to element: Type) -> [Deduction] {
    let outputs = problem.rows.map { $0.output?.list ?? [] }
    guard zip(source.values, outputs).allSatisfy({ $0.count == $1.count }) else { return [] }
    return captureChoices(without: source.input).compactMap { captures in
      var examples: [Example] = []
      for (row, output) in outputs.enumerated() {
        let captured = captures.map { problem.rows[row].input[$0] }
        for (value, result) in zip(source.values[row], output) {
          examples.append(.init(input: [value] + captured, output: result))
        }
      }
      return body(
        parameters: elementParameters(of: source, captures: captures), result: element,
        examples: examples
      )
      .map {
        Deduction(body: $0, compose: compose(source, .listMap, captures: captures))
      }
    }
  }

  func filter(_ source: Source) -> [Deduction] {
    let outputs = problem.rows.map { Set($0.output?.list ?? []) }
    let kept = zip(source.values, outputs).map { values, output in values.filter(output.contains) }
    guard zip(kept, problem.rows).allSatisfy({ .list($0) == $1.output }),
      zip(kept, source.values).contains(where: { $0 != $1 })
    else { return [] }
    return captureChoices(without: source.input).compactMap { captures in
      var examples: [Example] = []
      for (row, output) in outputs.enumerated() {
        let captured = captures.map { problem.rows[row].input[$0] }
        for value in source.values[row] {
          examples.append(.init(input: [value] + captured, output: .bool(output.contains(value))))
        }
      }
      return body(
        parameters: elementParameters(of: source, captures: captures), result: .bool,
        examples: examples
      )
      .map {
        Deduction(
          body: $0, compose: compose(source, .listFilter, captures: captures))
      }
    }
  }

  /// A scan whose carry is its last result: out[i] = body(out[i - 1], x[i]).
  private func scan(_ source: Source, to element: Type) -> [Deduction] {
    let outputs = problem.rows.map { $0.output?.list ?? [] }
    guard zip(source.values, outputs).allSatisfy({ $0.count == $1.count }) else { return [] }
    let starts: [Value] =
      switch element {
      case .int: [.int(0), .int(1)]
      case .real: [.real(0.0)]
      case .bool: [.bool(false), .bool(true)]
      case .list: [.list([])]
      default: []
      }
    let captures = parameters.indices.filter { $0 != source.input }
    return starts.compactMap { start in
      var examples: [Example] = []
      for (row, output) in outputs.enumerated() {
        let captured = captures.map { problem.rows[row].input[$0] }
        var carry = start
        for (value, result) in zip(source.values[row], output) {
          examples.append(.init(input: [carry, value] + captured, output: .pair(result, result)))
          carry = result
        }
      }
      return body(
        parameters: [.init(label("carry"), element)]
          + elementParameters(of: source, captures: captures),
        result: .pair(element, element), examples: examples
      )
      .map { body in
        Deduction(body: body) { code, others in
          compose(source, .listScan, captures: captures, leading: [.constant(start)])(code, others)
            .followed(by: [.atom(.pairSecond)])
        }
      }
    }
  }

  /// Steps that build a small value from scalars and empty lists, the only constants.
  func construct(_ value: Value, _ steps: inout [SkillCode.Step]) -> SkillCode.Operand {
    func add(_ callee: SkillCode.Callee, _ operands: [SkillCode.Operand]) -> SkillCode.Operand {
      steps.append(.init(callee, operands))
      return .slot(inputs + steps.count - 1)
    }
    switch value {
    case .int, .bool, .real: return .constant(value)
    case .list(let values):
      return values.reversed().reduce(.constant(.list([]))) { rest, value in
        let first = construct(value, &steps)
        return add(.atom(.listPrepend), [first, rest])
      }
    case .pair(let first, let second):
      let operands = [construct(first, &steps), construct(second, &steps)]
      return add(.atom(.pairMake), operands)
    case .made(let definition, let constructor, let fields):
      guard !fields.isEmpty,
        let atom = definition.atoms.first(where: { $0.derivedForm == .make(constructor) })
      else { return .constant(value) }
      let operands = fields.map { construct($0, &steps) }
      return add(.skill(atom.digest), operands)
    }
  }

  /// A fold over an input, the oracle giving the state after each prefix (or suffix).
  private func fold(over index: Int, element: Type, isReversed: Bool) -> [Deduction] {
    guard let oracle = problem.oracle else { return [] }
    let captures = parameters.indices.filter { $0 != index }
    var asked: [[Value]] = []
    var chains: [(row: Int, elements: [Value], start: Int)] = []
    for (row, example) in problem.rows.enumerated() {
      guard let list = example.input[index].list, list.count <= 12 else { continue }
      let elements = isReversed ? list.reversed() : list
      chains.append((row, elements, asked.count))
      for count in 0...elements.count {
        let part = Array(elements.prefix(count))
        var input = example.input
        input[index] = .list(isReversed ? part.reversed() : part)
        asked.append(input)
      }
    }
    guard !chains.isEmpty, let answers = try? oracle(asked), answers.count == asked.count else {
      return []
    }
    // The state for the empty list is where the fold starts: a small value, or one of the inputs.
    let initial = chains.map { (row: $0.row, value: answers[$0.start]) }
    guard let first = initial.first?.value, initial.allSatisfy({ $0.value != nil }) else {
      return []
    }
    var steps: [SkillCode.Step] = []
    let start: SkillCode.Operand
    if initial.allSatisfy({ $0.value == first }) {
      guard first.scalarCount <= 3 else { return [] }
      start = construct(first, &steps)
    } else if let input = captures.first(where: { capture in
      initial.allSatisfy { problem.rows[$0.row].input[capture] == $0.value }
    }) {
      start = .slot(input)
    } else {
      return []
    }
    var examples: [Example] = []
    for chain in chains {
      let captured = captures.map { problem.rows[chain.row].input[$0] }
      for (position, value) in chain.elements.enumerated() {
        guard let before = answers[chain.start + position],
          let after = answers[chain.start + position + 1]
        else { break }
        examples.append(.init(input: [before, value] + captured, output: after))
      }
    }
    let parameters =
      [.init(label("state"), problem.signature.result), .init(label("element"), element)]
      + captures.map { self.parameters[$0] }
    guard
      let body = body(
        parameters: parameters, result: problem.signature.result, examples: examples)
    else { return [] }
    var operand = SkillCode.Operand.slot(index)
    if isReversed {
      steps.append(.init(.atom(.listReverse), [operand]))
      operand = .slot(inputs + steps.count - 1)
    }
    let source = Source(values: [], element: element, steps: steps, operand: operand, input: index)
    return [
      Deduction(
        body: body,
        compose: compose(source, .listFold, captures: captures, leading: [start]))
    ]
  }
}

extension SkillCode {
  /// Whether a step or the result reads the slot.
  func uses(slot: Int) -> Bool {
    func reads(_ operand: Operand) -> Bool {
      switch operand {
      case .constant, .weight: false
      case .slot(let index): index == slot
      case .function(_, let captures): captures.contains(where: reads)
      }
    }
    return reads(result) || steps.contains { $0.operands.contains(where: reads) }
  }

  /// The code without those of the last parameters, which stand for the inputs `captures`, that it
  /// does not read, and the captures that are left. One that nothing reads would keep its value alive,
  /// and a state that is also captured could not be updated in place.
  func withoutIdle(captures: [Int]) -> (code: SkillCode, captures: [Int]) {
    let first = signature.parameters.count - captures.count
    let used = captures.indices.filter { uses(slot: first + $0) }
    let kept = Array(0..<first) + used.map { first + $0 }
    return (keeping(parameters: kept), used.map { captures[$0] })
  }

  /// The code with only these of its parameters, the others being read nowhere; it is not
  /// recursive.
  func keeping(parameters kept: [Int]) -> SkillCode {
    let inputs = signature.parameters.count
    guard kept.count < inputs, !isRecursive else { return self }
    func moved(_ operand: Operand) -> Operand {
      switch operand {
      case .constant, .weight: operand
      case .function(let callee, let captures): .function(callee, captures: captures.map(moved))
      case .slot(let slot):
        .slot(slot < inputs ? kept.firstIndex(of: slot) ?? 0 : slot - inputs + kept.count)
      }
    }
    return SkillCode(
      signature: Signature(
        parameters: kept.map { signature.parameters[$0] }, result: signature.result),
      steps: steps.map { Step($0.callee, $0.operands.map(moved)) }, result: moved(result))
  }
}
