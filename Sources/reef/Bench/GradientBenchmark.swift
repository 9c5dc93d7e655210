import FittedLayers
import LinearLayer
import ReefLearner
import ReefMachine
import ReefTasks

/// What gradients learn: a linear layer found by search, and then its weights.
struct GradientBenchmark: Benchmark {
  let name = "gradient"
  let summary = "find a linear layer by search, then fit weights; compose by gradient"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let clock = ContinuousClock()
    let start = clock.now
    var library = MemoryLibrary()
    for name in ["sum", "products", "addVectors", "dot", "matrixVector", "layer"] {
      try library.learn(name, of: linearLayer, by: "enumeration", options)
    }
    var rows = [
      BenchRow(
        name: "multiply to layer, by search", value: (clock.now - start) / .seconds(1), unit: "s",
        names: library.all.map(\.name))
    ]
    for name in ["regression", "layer"] {
      let start = clock.now
      let code = try library.learn(name, of: fittedLayers, by: "gradient", options)
      rows.append(
        BenchRow(
          name: "fitted.\(name), fitted and verified", value: (clock.now - start) / .seconds(1),
          unit: "s"))
      rows += try accuracy(of: code, name, library)
    }
    return rows + (try derivativeRows(options)) + (try mixtureRows(options))
  }

  /// How far a fitted linear function is from the one behind the examples.
  private func accuracy(
    of code: SkillCode, _ name: String, _ library: MemoryLibrary
  ) throws -> [BenchRow] {
    func truth(_ x: [Double]) throws -> [Double] {
      try fittedLayers.expected(task: name, inputs: [[.reals(x)]])[0]!.reals
    }
    let bias = try truth([0, 0, 0])
    let columns = try (0..<3).map { axis in
      zip(try truth((0..<3).map { $0 == axis ? 1 : 0 }), bias).map { $0 - $1 }
    }
    let w = bias.indices.flatMap { row in columns.map { $0[row] } }
    // The matrix is of a higher rank than the offset.
    let found = code.weights.sorted { $0.shape.count > $1.shape.count }.flatMap(\.values)
    let image = try Image(linking: code, mode: .jacobian) { library.skill($0)?.code }
    let jacobian = try Machine().differentiate(image, [.reals([3, -1, 0.5])]).matrix.flatMap { $0 }
    return [
      BenchRow(
        name: "fitted.\(name), greatest relative error of W and b",
        value: greatestError(found, w + bias), unit: ""),
      BenchRow(
        name: "fitted.\(name), greatest relative error of the derived Jacobian",
        value: greatestError(jacobian, w), unit: ""),
    ]
  }

  private func greatestError(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) / abs($1) }.max() ?? .infinity
  }
}

/// Skills that are kept only while a benchmark runs.
private struct MemoryLibrary {
  private(set) var all: [Skill] = []

  func skill(_ digest: Digest) -> Skill? { all.first { $0.digest == digest } }

  /// Learns a task with the skills so far, and keeps what was found.
  @discardableResult
  mutating func learn(
    _ name: String, of plugin: any TaskPlugin, by learner: String, _ options: BenchOptions
  ) throws -> SkillCode {
    let task = plugin.references.first { $0.task.name == name }!
    let trial = LearningTrial(
      task, learners: Learner.named([learner]), stepBudget: options.steps ?? 100_000_000,
      seconds: options.seconds ?? 60, seed: options.seed)
    let outcome = try trial.run(with: TrialLibrary(all))
    guard let solution = outcome.solution else {
      throw WrongAnswer(workload: task.fullName, found: outcome.reason, expected: "a skill")
    }
    for code in solution.bodies + [solution.code] {
      all.append(
        Skill(
          digest: code.digest, name: task.fullName, version: 1, summary: task.task.summary,
          code: code,
          certificate: Certificate(method: .viaTask, seed: 1, checks: [], tolerance: 0),
          provenance: Provenance(
            task: task.fullName, curriculum: "", generation: 1, learner: "", seed: 1,
            searchSteps: 0, candidates: 0, pluginHash: "")))
    }
    return solution.code
  }
}
