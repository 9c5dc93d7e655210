import ReefLearner
import ReefMachine
import ReefTasks

/// Tasks of an examples file, each alone, from the atoms and with the library that was grown.
///
/// Only the first choice of the learner meets the examples that are held out.
struct ListsBenchmark: Benchmark {
  let name = "lists"
  let summary = "learn the tasks of --data FILE, and count what is right on held-out examples"

  private enum Ending {
    case right, wrong, notFound
  }

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    guard let path = options.dataPath else {
      throw Failure.usage("'reef bench lists' needs --data FILE.", options.invocation.command)
    }
    let plugin = try ExamplesPlugin(path: path)
    let skills = (try? options.registry().skills()) ?? []
    let rows = try measure("atoms", plugin, [], options)
    guard !skills.isEmpty else {
      options.note(
        "Without a library that was grown: \(options.invocation.registryPath) holds no skill. "
          + "'reef grow \(options.curriculumPath)' grows some.")
      return rows
    }
    return try rows + measure("library", plugin, skills, options)
  }

  private func measure(
    _ name: String, _ plugin: ExamplesPlugin, _ skills: [Skill], _ options: BenchOptions
  ) throws -> [BenchRow] {
    let library = TrialLibrary(skills)
    let seconds = options.seconds ?? 10
    let references = try options.chosen(WithoutHeldOut(plugin: plugin).references) { $0.fullName }
    let endings = try options.map(references) { reference -> Ending in
      let trial = LearningTrial(
        reference, learners: Set(Learner.allCases),
        stepBudget: options.steps ?? 2_000_000_000, seconds: seconds, seed: options.seed)
      let outcome = try trial.run(with: library)
      let heldOut = plugin.fixedExamples(task: reference.task.name)?.heldOut ?? []
      var ending = Ending.notFound
      if let solution = outcome.solution {
        ending = try isRight(solution, skills, heldOut) ? .right : .wrong
      }
      let code = outcome.solution.map { shown($0, skills) } ?? outcome.reason
      options.note(
        "\(name)  \(reference.task.name)  \(ending)  \(formatted(seconds: outcome.seconds))  "
          + code)
      return ending
    }
    func names(_ ending: Ending) -> [String] {
      zip(references, endings).filter { $0.1 == ending }.map(\.0.task.name)
    }
    let wrong = names(.wrong)
    let notFound = names(.notFound)
    return [
      BenchRow(
        name: "\(name): right on the held-out examples",
        value: Double(references.count - wrong.count - notFound.count),
        unit: "of \(counted(references.count, "task"))"),
      BenchRow(
        name: "\(name): fit the examples and wrong", value: Double(wrong.count), unit: "tasks",
        names: wrong),
      BenchRow(
        name: "\(name): not found", value: Double(notFound.count), unit: "tasks", names: notFound),
    ]
  }

  /// The solution's code on one line, the bodies found for it after it.
  private func shown(_ solution: LearningTrial.Solution, _ skills: [Skill]) -> String {
    let names = Dictionary(
      skills.map { ($0.digest, $0.name) }, uniquingKeysWith: { first, _ in first })
    func line(_ code: SkillCode) -> String {
      code.oneLine { Atoms.with($0)?.name ?? names[$0] }
    }
    let bodies = solution.bodies.map { ", \($0.digest.short) = \(line($0))" }
    return line(solution.code) + bodies.joined()
  }

  private func isRight(
    _ solution: LearningTrial.Solution, _ skills: [Skill], _ heldOut: [TestCase]
  ) throws -> Bool {
    let codes = Dictionary(
      skills.map { ($0.digest, $0.code) } + solution.bodies.map { ($0.digest, $0) },
      uniquingKeysWith: { first, _ in first })
    let image = try Image(linking: solution.code, library: { codes[$0] })
    let machine = Machine(limits: Limits())
    return heldOut.allSatisfy { test in
      (try? machine.run(image, test.input).value) == test.output
    }
  }
}

/// An examples file whose held-out examples nobody can ask for.
private struct WithoutHeldOut: TaskPlugin {
  let plugin: ExamplesPlugin

  var name: String { plugin.name }
  var version: String { plugin.version }
  var tasks: [SkillTask] { plugin.tasks }

  func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    try plugin.generate(task: task, size: size, count: count, seed: seed)
  }

  func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    try plugin.expected(task: task, inputs: inputs)
  }

  func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    guard fixedExamples(task: task)?.train.contains(where: { $0.input == input }) == true else {
      return .wrong(reason: "the input is not among the examples")
    }
    return try plugin.verify(task: task, input: input, output: output)
  }

  func fixedExamples(task: String) -> FixedExamples? {
    plugin.fixedExamples(task: task).map { FixedExamples(train: $0.train, heldOut: []) }
  }
}
