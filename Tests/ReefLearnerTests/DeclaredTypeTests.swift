import ReefMachine
import ReefTasks
import Testing
import Trees

@testable import ReefLearner

@Suite("Searches over declared types") struct DeclaredTypeTests {
  /// A task over types of its own, with an oracle on values.
  private func plugin(
    _ signature: String, types: [String], rows: [[Value]],
    expected: @escaping @Sendable ([Value]) -> Value?
  ) throws -> BuiltInPlugin {
    let definitions = try TypeDefinition.parsing(types)
    return BuiltInPlugin(
      name: "t", version: "1",
      tasks: [
        TaskDefinition(
          SkillTask(
            name: "wanted", signature: try Signature(parsing: signature, types: definitions),
            summary: "", trainSizes: [rows.count], standards: [.init(checkSizes: [rows.count])]),
          input: { _, index, _ in rows[index % rows.count] }, expected: expected)
      ])
  }

  private func solve(_ plugin: BuiltInPlugin, _ learners: Set<Learner>) throws
    -> LearningTrial.Outcome
  {
    try LearningTrial(
      try #require(plugin.references.first), learners: learners, stepBudget: 3_000_000,
      seconds: 300, seed: 1
    ).run(with: TrialLibrary([]))
  }

  private func run(
    _ solution: LearningTrial.Solution, _ input: [Value]
  ) throws -> Value {
    let image = try Image(linking: solution.code) { digest in
      solution.bodies.first { $0.digest == digest }
    }
    return try Machine().run(image, input).value
  }

  @Test(
    "Skills on trees are folds and matches that deduction finds",
    arguments: ["size", "height", "inorder", "mirror", "contains", "top", "left"])
  func trees(task: String) throws {
    let reference = try #require(treePlugin.references.first { $0.task.name == task })
    let trial = LearningTrial(
      reference, learners: [.deduction], stepBudget: 4_000_000, seconds: 300, seed: 1)
    let outcome = try trial.run(with: TrialLibrary([]))
    let solution = try #require(outcome.solution, "\(outcome.reason)")
    let inputs = try treePlugin.generate(task: task, size: 12, count: 20, seed: 77)
    let answers = try treePlugin.expected(task: task, inputs: inputs)
    for (input, answer) in zip(inputs, answers) { #expect(try run(solution, input) == answer) }
  }

  @Test("Two constructors with fields have a body each")
  func twoBodies() throws {
    let shape = try TypeDefinition.parsing("type shape = square(int) | oblong(int, int) | empty")
    var random = SplitMix64(seed: 3)
    let rows: [[Value]] = (0..<24).map { index in
      let (a, b) = (random.int(in: 1...9), random.int(in: 1...9))
      switch index % 3 {
      case 0: return [.made(shape, constructor: 0, [.int(a)])]
      case 1: return [.made(shape, constructor: 1, [.int(a), .int(b)])]
      default: return [.made(shape, constructor: 2, [])]
      }
    }
    let plugin = try plugin("(s: shape) -> int", types: [shape.text], rows: rows) { input in
      guard case .made(_, let constructor, let fields) = input[0] else { return nil }
      switch constructor {
      case 0: return .int(fields[0].int! * fields[0].int!)
      case 1: return .int(fields[0].int! * fields[1].int!)
      default: return .int(0)
      }
    }
    let solution = try #require(try solve(plugin, [.deduction]).solution)
    #expect(solution.bodies.count == 2)
    #expect(try run(solution, [.made(shape, constructor: 1, [.int(30), .int(40)])]) == .int(1200))
    #expect(try run(solution, [.made(shape, constructor: 0, [.int(30)])]) == .int(900))
  }

  @Test("Enumeration makes values, matches on them and knows constructors without fields")
  func enumeration() throws {
    let light = try TypeDefinition.parsing("type light = red | amber | green")
    let rows: [[Value]] = (0..<6).map { [.made(light, constructor: $0 % 3, [])] }
    let next = try plugin("(l: light) -> light", types: [light.text], rows: rows) { input in
      guard case .made(let light, let constructor, _) = input[0] else { return nil }
      return .made(light, constructor: (constructor + 1) % 3, [])
    }
    let solution = try #require(try solve(next, [.enumeration]).solution)
    for constructor in 0..<3 {
      #expect(
        try run(solution, [.made(light, constructor: constructor, [])])
          == .made(light, constructor: (constructor + 1) % 3, []))
    }

    let point = try TypeDefinition.parsing("type point = {x: int, y: int}")
    let points: [[Value]] = [(1, 5), (2, -3), (7, 7), (-4, 0)].map {
      [.made(point, constructor: 0, [.int($0), .int($1)])]
    }
    let turned = try plugin("(p: point) -> point", types: [point.text], rows: points) { input in
      guard case .made(let point, _, let fields) = input[0] else { return nil }
      return .made(point, constructor: 0, [fields[1], .int(-fields[0].int!)])
    }
    let turn = try #require(try solve(turned, [.enumeration]).solution)
    #expect(
      try run(turn, [.made(point, constructor: 0, [.int(3), .int(4)])])
        == .made(point, constructor: 0, [.int(4), .int(-3)]))
  }

  @Test("A fold over a type whose values hang in lists takes lists of results")
  func roses() throws {
    let rose = try TypeDefinition.parsing("type rose = rose(int, [rose])")
    func make(_ element: Int, _ children: [Value]) -> Value {
      .made(rose, constructor: 0, [.int(element), .list(children)])
    }
    let rows: [[Value]] = [
      [make(4, [])], [make(1, [make(2, []), make(3, [])])],
      [make(5, [make(-1, [make(7, [])]), make(2, [make(1, []), make(9, [])])])],
      [make(0, [make(0, [make(0, [make(6, [])])])])],
    ]
    @Sendable func sum(_ value: Value) -> Int {
      guard case .made(_, _, let fields) = value else { return 0 }
      return fields[0].int! + fields[1].list!.reduce(0) { $0 + sum($1) }
    }
    let plugin = try plugin("(r: rose) -> int", types: [rose.text], rows: rows) { .int(sum($0[0])) }
    let solution = try #require(try solve(plugin, [.deduction]).solution)
    let large = make(100, (0..<20).map { make($0, [make(1, [])]) })
    #expect(try run(solution, [large]) == .int(100 + 190 + 20))
  }
}
