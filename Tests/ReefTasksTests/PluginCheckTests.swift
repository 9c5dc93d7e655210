import ReefMachine
import Synchronization
import Testing

@testable import ReefTasks

/// A plugin with one task `f.t`, `(x: int) -> int`, whose parts a test replaces.
private struct Fake: TaskPlugin {
  var name = "f"
  let version = "1"
  var taskName = "t"
  var summary = "The same number."
  var result = Type.int
  var generator: @Sendable (_ size: Int, _ count: Int, _ seed: Int) throws -> [[Value]] = {
    size, count, seed in (0..<count).map { [.int($0 + size)] }
  }
  var oracle: (@Sendable ([Value]) -> Value?)? = { $0[0] }
  var verifier: @Sendable ([Value], Value) -> Verdict = {
    $0[0] == $1 ? .right : .wrong(reason: "expected \($0[0])")
  }

  var tasks: [SkillTask] {
    [
      SkillTask(
        name: taskName, signature: Signature(parameters: [.init("x", .int)], result: result),
        summary: summary, trainSizes: [1, 2], standards: [.init(checkSizes: [8])])
    ]
  }

  func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    try generator(size, count, seed)
  }

  func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    guard let oracle else { throw TaskError.noOracle(task: task) }
    return inputs.map(oracle)
  }

  func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    verifier(input, output)
  }

  var findings: [String] { PluginCheck().check(self)[0].findings.map(\.description) }
  var problem: String? { PluginCheck().check(self)[0].problem }
}

@Suite struct PluginCheckTests {
  @Test("A sound plugin is said to be sound, point by point")
  func sound() {
    #expect(
      Fake().findings == [
        "ok: the generator repeats itself for the same seed, at the train sizes 1, 2",
        "ok: an expected output for each of 20 inputs, all of type int",
        "ok: its verifier accepts every expected output",
        "ok: its verifier rejects 20 of 20 outputs changed in one place",
        "ok: it answers at the check sizes 8",
      ])
    #expect(PluginCheck().check(Fake()).map(\.task) == ["f.t"])
  }

  @Test("A task with only a verifier is sound when the verifier refuses something")
  func verifierAlone() {
    #expect(
      Fake(oracle: nil).findings == [
        "ok: the generator repeats itself for the same seed, at the train sizes 1, 2",
        "ok: only a verifier: learners that need expected outputs leave the task out",
        "ok: its verifier rejects 40 of 40 arbitrary outputs",
        "ok: it answers at the check sizes 8",
      ])
    #expect(
      Fake(oracle: nil, verifier: { _, _ in .right }).problem
        == "its verifier accepts every output that it was asked about")
  }

  @Test("A task without a summary is found by nobody")
  func noSummary() {
    #expect(
      Fake(summary: " ").problem == "it has no summary, by which people and searches find a skill")
  }

  @Test("A generator that differs from call to call")
  func moodyGenerator() {
    let calls = Mutex(0)
    let fake = Fake(generator: { _, count, _ in
      let call = calls.withLock { calls in
        calls += 1
        return calls
      }
      return (0..<count).map { [.int($0 + call)] }
    })
    #expect(fake.problem == "asked twice for size 1 and seed 1, the generator differs")
  }

  @Test("A generator whose longer answers are others")
  func unstablePrefix() {
    let fake = Fake(generator: { _, count, _ in (0..<count).map { [.int(count - $0)] } })
    #expect(fake.problem == "20 inputs of size 1 do not begin with the 10 that it gave before")
  }

  @Test("A generator that gives one input only, too few, or the wrong type")
  func poorGenerators() {
    #expect(
      Fake(generator: { _, count, _ in Array(repeating: [.int(1)], count: count) }).problem
        == "the generator gives only one input at the train sizes 1, 2")
    #expect(
      Fake(generator: { _, _, _ in [] }).problem
        == "asked for 10 inputs of size 1, the generator gave 0")
    #expect(
      Fake(generator: { _, count, _ in (0..<count).map { _ in [.bool(true)] } }).problem
        == "the input true of size 1 does not fit (x: int) -> int")
  }

  @Test("An oracle that does not know its own domain, or its own type, or is a constant")
  func poorOracles() {
    #expect(
      Fake(oracle: { $0[0] == .int(3) ? nil : $0[0] }).problem
        == "the generated input 3 is outside the oracle's domain")
    #expect(Fake(oracle: { _ in .bool(true) }).problem == "the expected output true is no int")
    #expect(
      Fake(oracle: { _ in .int(7) }, verifier: { $1 == .int(7) ? .right : .wrong(reason: "") })
        .problem == "every expected output is 7: a constant would pass")
  }

  @Test("A verifier that refuses its own answers, or accepts everything")
  func poorVerifiers() {
    #expect(
      Fake(verifier: { _, _ in .wrong(reason: "no") }).problem
        == "its verifier refuses its own expected output 1 for 1: no")
    #expect(
      Fake(verifier: { _, _ in .right }).problem
        == "its verifier accepts every output that was changed in one place")
  }

  @Test("A task whose skill would have the name of an atom")
  func atomName() {
    #expect(
      Fake(name: "int", taskName: "add").problem
        == "no skill can be named 'int.add': an atom is named int.add")
  }

  @Test("An error of the plugin is the finding")
  func pluginError() throws {
    try ShellPlugin.run(ShellPlugin.introduction() + "read line; exit 3") { plugin in
      let problem = "Plugin 'demo' ended with status 3 during 'generate' (task 'double')."
      #expect(PluginCheck().check(plugin).map(\.problem) == [problem, problem])
    }
  }

  @Test("Examples that contradict each other")
  func contradiction() throws {
    let examples = { (last: Int) in
      try ExamplesPlugin(
        text: """
          [{"name": "t", "signature": "(x: int) -> int", "examples": [{"input": [1], "output": 1},
          {"input": [2], "output": 2}, {"input": [1], "output": \(last)}], "holdOut": 1}]
          """, path: "t.json")
    }
    #expect(
      PluginCheck().check(try examples(3))[0].problem
        == "examples 1 and 3 have the same input and different outputs")
    #expect(
      PluginCheck().check(try examples(1))[0].findings.map(\.description)
        == ["ok: 2 examples to learn from, 1 held out"])
  }

  @Test("The example plugin in the documentation is sound", .enabled(if: python3 != nil))
  func textbook() throws {
    let plugin = try ChildProcessPlugin(
      command: [python3!, "\(repository)/docs/examples/textbook.py"])
    defer { plugin.shutdown() }
    for report in PluginCheck().check(plugin) { #expect(report.problem == nil, "\(report.task)") }
  }

  static let definitions = try! TypeDefinition.parsing([
    "type color = red | green", "type tree(a) = leaf | node(a, tree(a), tree(a))",
    "type named = {name: [int], value: real}", "type rose = rose(int, [rose])",
  ])

  static let types = [
    "color", "tree(int)", "[tree(real)]", "named", "rose", "int", "bool", "real", "[int]",
    "[[real]]", "(int, bool)", "[(int, [bool])]", "([int], [int])",
  ]

  @Test("A mutant has the type of its value, and differs beyond the tolerance", arguments: types)
  func mutants(type: String) throws {
    let type = try Type(parsing: type, types: Self.definitions)
    var generator = SplitMix64(seed: 7)
    var value = Value.zero(of: type)
    #expect(value.conforms(to: type))
    for _ in 0..<200 {
      let mutant = value.mutated(as: type, tolerance: 0.1, using: &generator)
      #expect(mutant.conforms(to: type))
      #expect(!mutant.matches(value, tolerance: 0.1), "\(value) and \(mutant)")
      value = mutant
    }
  }
}
