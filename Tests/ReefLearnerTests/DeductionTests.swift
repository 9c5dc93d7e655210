import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct DeductionTests {
  /// Those elements of the i-th list that are greater than the limit.
  private func problem() throws -> Problem {
    var random = SplitMix64(seed: 1)
    let rows = (0..<12).map { _ in
      let lists = (0..<3).map { _ in (0..<5).map { _ in random.int(in: -9...9) } }
      let (index, limit) = (random.int(in: 0...2), random.int(in: -3...3))
      return Example(
        input: [
          .list(lists.map { .list($0.map(Value.int)) }), .int(index), .int(limit),
        ],
        output: .list(lists[index].filter { $0 > limit }.map(Value.int)))
    }
    return Problem(
      name: "demo.above", summary: "",
      signature: try Signature(parsing: "(lists: [[int]], index: int, limit: int) -> [int]"),
      rows: rows, oracle: nil, tolerance: 0)
  }

  /// The lists that a filter may thin, from a small enumeration.
  private func lets(of problem: Problem, from atoms: [String]) throws -> [Let] {
    let enumeration = try Enumeration(
      bank: Bank(problem, atoms: atoms), options: .init(stepBudget: 20_000),
      check: { _ in (.rejected, 0) }, isCancelled: { false })
    _ = try enumeration.run()
    return enumeration.lets().filter { $0.use == .filtered }
  }

  @Test("A filter over a list that has to be made first gives the examples of its body")
  func filterOverAMadeList() throws {
    let problem = try problem()
    let list = try #require(
      try lets(of: problem, from: ["list.get", "list.reverse", "int.add"]).first)
    // The last rows join after the enumeration.
    let filter = try #require(
      Let(use: .filtered, code: list.code, values: Array(list.values.prefix(9)))
        .deductions(for: problem, library: FrozenLibrary([]), fuel: 1_000).first)
    for row in filter.body.rows {
      #expect(row.output == .bool(row.input[0].int! > row.input[3].int!))
    }

    let less = try #require(Atoms.named("int.less"))
    let body = SkillCode(
      signature: filter.body.signature, steps: [.init(.skill(less.digest), [.slot(3), .slot(0)])],
      result: .slot(4))
    let whole = filter.compose(body, [])
    let image = try Image(linking: whole.code) { digest in
      whole.bodies.first { $0.digest == digest }
    }
    for row in problem.rows {
      #expect(try Machine().run(image, row.input).value == row.output)
    }
  }

  @Test("Of the lists that a filter may thin, those come first of which it drops the least")
  func leastSurplus() throws {
    // `list.append`, which the search meets before `list.drop`, gives longer ones that would do.
    var random = SplitMix64(seed: 2)
    let rows = (0..<12).map { _ in
      let (xs, limit) = ([0] + (0..<5).map { _ in random.int(in: 2...9) }, random.int(in: 3...6))
      return Example(
        input: [.ints(xs), .int(1), .int(limit)], output: .ints(xs.filter { $0 > limit }))
    }
    let problem = Problem(
      name: "demo.large", summary: "",
      signature: try Signature(parsing: "(xs: [int], one: int, limit: int) -> [int]"), rows: rows,
      oracle: nil, tolerance: 0)
    let lists = try lets(of: problem, from: ["list.append", "list.prepend", "list.drop"])
    #expect(
      lists[0].code.steps.map(\.callee) == [.skill(try #require(Atoms.named("list.drop")).digest)])
  }

  @Test("A body is told all of the example that refuted it, be it one that was there before")
  func refutedBody() throws {
    let rows = (0..<12).map { limit in
      let elements = (0..<5).map { limit + 3 * $0 - 5 }
      return Example(
        input: [.int(limit), .ints(elements)], output: .ints(elements.filter { $0 > limit }))
    }
    let signature = try Signature(parsing: "(limit: int, xs: [int]) -> [int]")
    for row in rows {
      let problem = Problem(
        name: "demo.above", summary: "", signature: signature, rows: rows + [row], wasRefuted: true,
        oracle: nil, tolerance: 0)
      let filter = try #require(
        Deducer(problem: problem).deductions().first { $0.body.signature.result == .bool })
      #expect(filter.body.rows.count == Deducer.bodyRows)
      for element in row.input[1].list! {
        let isAbove = element.int! > row.input[0].int!
        #expect(
          filter.body.rows.contains(
            Example(input: [element, row.input[0]], output: .bool(isAbove))))
      }
    }
  }

  @Test(
    "What was refuted soon begins again, what was refuted late lets the others have their turn",
    arguments: [false, true])
  func turns(isLate: Bool) throws {
    // A map over either list gives the answer.
    let signature = try Signature(parsing: "(xs: [int], ys: [int]) -> [int]")
    @Sendable func row(_ xs: [Int]) -> [Value] { [.ints(xs), .ints(xs.map { 3 - $0 })] }
    @Sendable func answer(_ input: [Value]) -> Value { .ints(input[0].list!.map { $0.int! + 1 }) }
    let plugin = BuiltInPlugin(
      name: "demo", version: "1",
      tasks: [
        TaskDefinition(
          SkillTask(
            name: "next", signature: signature, summary: "", trainSizes: [3],
            standards: [.init(checkSizes: [9])]),
          input: { size, _, random in row((0..<size).map { _ in random.int(in: -9...9) }) },
          expected: answer)
      ])
    let solver = try TaskSolver(
      try #require(plugin.references.first), standard: 0, guide: Guide(library: FrozenLibrary([])),
      learners: [.deduction], seed: 1, isCancelled: { false })
    let rows = [[1, 5], [-4, 0, 7], [2, 8, -6]].map(row)
    let problem = Problem(
      name: "demo.next", summary: "", signature: signature,
      rows: rows.map { Example(input: $0, output: answer($0)) }, oracle: nil, tolerance: 0)
    let other = Example(input: row([9]), output: answer(row([9])))
    let slice = 4_000_000
    let found = try solver.deduce(problem, slice: slice, depth: 0) { candidate in
      let isFirst = candidate.code.steps.last?.operands.last == .slot(0)
      return isFirst ? (.wrong(other), isLate ? slice : 0) : (.accepted, 0)
    }
    switch found {
    case .candidate(let candidate, _):
      #expect(isLate && candidate.code.steps.last?.operands.last == .slot(1))
    case .counterexamples(let examples): #expect(!isLate && examples == [other])
    case .nothing: Issue.record("neither was found")
    }
  }
}
