import FittedLayers
import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("Fitting weights")
struct WeightFitterTests {
  /// A library of skills written by hand, under these names.
  private struct Skills: Library {
    private(set) var all: [Skill] = []

    mutating func add(_ name: String, _ text: String) throws {
      let code = try SkillCode(naming: text) { word in
        all.first { $0.name == "linear.\(word)" }?.digest
      }
      all.append(
        Skill(
          digest: code.digest, name: "linear.\(name)", version: 1, summary: "", code: code,
          certificate: Certificate(method: .viaTask, seed: 1, checks: [], tolerance: 0),
          provenance: Provenance(
            task: "linear.\(name)", curriculum: "", generation: 1, learner: "", seed: 1,
            searchSteps: 0, candidates: 0, pluginHash: "")))
    }

    func skill(_ digest: Digest) -> Skill? { all.first { $0.digest == digest } }
    func skills() -> [Skill] { all }
    func search(_ text: String, limit: Int) -> [Skill] { [] }
    func digest(_ name: String) -> Digest { all.first { $0.name == "linear.\(name)" }!.digest }

    static func layers() throws -> Skills {
      var skills = Skills()
      try skills.add(
        "dot",
        """
        skill (x: [real], y: [real]) -> real
          s0 = list.map2 real.multiply x y
          s1 = list.fold real.add 0.0 s0
          return s1
        """)
      try skills.add(
        "layer",
        """
        skill (w: [[real]], x: [real], b: [real]) -> [real]
          s0 = list.map dot{x} w
          s1 = list.map2 real.add s0 b
          return s1
        """)
      try skills.add(
        "mlp",
        """
        skill (u: [[real]], a: [real], v: [[real]], b: [real], x: [real]) -> [real]
          s0 = layer u x a
          s1 = list.map real.max{0.0} s0
          s2 = layer v s1 b
          return s2
        """)
      return skills
    }
  }

  private func task(_ name: String, of plugin: any TaskPlugin = fittedLayers) throws
    -> TaskReference
  {
    try #require(plugin.references.first { $0.task.name == name })
  }

  private func trial(_ task: TaskReference, seed: Int = 1) throws -> LearningTrial.Outcome {
    let trial = LearningTrial(
      task, learners: [.gradient], stepBudget: 100_000_000, seconds: 300, seed: seed)
    return try trial.run(with: TrialLibrary(try Skills.layers().all))
  }

  private func fit(_ name: String, seed: Int = 1) throws -> SkillCode {
    let outcome = try trial(task(name), seed: seed)
    #expect(outcome.solution?.learner == "gradient", "\(outcome.reason)")
    return try #require(outcome.solution?.code)
  }

  /// The weights of that name.
  private func value(_ name: String, _ code: SkillCode) -> Value? {
    code.weights.first { $0.name == name }?.value
  }

  /// What the examples' function is at a point, from the plugin itself.
  private func truth(_ name: String, _ x: [Double]) throws -> [Double] {
    let output = try fittedLayers.expected(task: name, inputs: [[.reals(x)]])[0]
    return try #require(output).reals
  }

  @Test("A regression is a dot product plus an offset, with the weights of the examples")
  func regression() throws {
    let code = try fit("regression")
    #expect(code.signature.description == "(x: [real]) -> real")
    #expect(code.callees == [try Skills.layers().digest("dot"), Atoms.named("real.add")!.digest])
    let offset = try truth("regression", [0, 0, 0])[0]
    let slopes = try (0..<3).map { axis in
      try truth("regression", (0..<3).map { $0 == axis ? 1 : 0 })[0] - offset
    }
    #expect(value("offset", code)?.matches(.real(offset), tolerance: 1e-9) == true)
    #expect(code.weights.map(\.name).count == 2)
    let found = code.weights.first { $0.name != "offset" }?.value
    #expect(found?.matches(.reals(slopes), tolerance: 1e-9) == true)
  }

  @Test("A layer's weights are found to the last digits, the same in every run", arguments: 1...3)
  func layer(seed: Int) throws {
    let code = try fit("layer", seed: seed)
    #expect(code.callees == [try Skills.layers().digest("layer")])
    let bias = try truth("layer", [0, 0, 0])
    let columns = try (0..<3).map { axis in
      zip(try truth("layer", (0..<3).map { $0 == axis ? 1 : 0 }), bias).map { $0 - $1 }
    }
    let w = bias.indices.map { row in columns.map { $0[row] } }
    #expect(value("w", code)?.matches(.list(w.map { .reals($0) }), tolerance: 1e-9) == true)
    #expect(value("b", code)?.matches(.reals(bias), tolerance: 1e-9) == true)
    #expect(try fit("layer", seed: seed).digest == code.digest)
    // The derived Jacobian is the closed form, W.
    let skills = try Skills.layers()
    let image = try Image(linking: code, mode: .jacobian) { skills.skill($0)?.code }
    let matrix = try Machine().differentiate(image, [.reals([3, -1, 0.5])]).matrix
    for (found, expected) in zip(matrix.joined(), w.joined()) {
      #expect(abs(found - expected) <= 1e-6 * abs(expected))
    }
  }

  @Test("A network of two layers is fitted through the rectifier")
  func network() throws {
    let code = try fit("network")
    #expect(code.callees == [try Skills.layers().digest("mlp")])
    #expect(value("u", code)?.list?.count == 2, "two hidden units are enough")
  }

  @Test("Where the examples leave weights open, the smallest are taken", arguments: 1...3)
  func ridge(seed: Int) throws {
    // The second number is always twice the first: any w with w0 + 2 w1 = 5 fits, (1, 2) is shortest.
    let examples = (1...12).map { #"{"input":[[\#($0),\#(2 * $0)]],"output":\#(5 * $0)}"# }
    let plugin = try ExamplesPlugin(
      text: """
        [{"name":"t","signature":"(x: [real]) -> real","tolerance":1e-9,
        "examples":[\(examples.joined(separator: ","))]}]
        """, path: "tasks.json", name: "file")
    let outcome = try trial(task("t", of: plugin), seed: seed)
    let weights = try #require(outcome.solution?.code.weights, "\(outcome.reason)")
    #expect(weights.count == 1)
    #expect(weights[0].value.matches(.reals([1, 2]), tolerance: 1e-6), "\(weights[0].values)")
  }

  /// What a fit says about examples in a file.
  private func reason(_ examples: String, signature: String = "(x: [real]) -> real") throws
    -> String
  {
    let text = "[{\"name\":\"t\",\"signature\":\"\(signature)\",\"examples\":[\(examples)]}]"
    let plugin = try ExamplesPlugin(text: text, path: "tasks.json", name: "file")
    let outcome = try trial(task("t", of: plugin))
    return outcome.isSolved ? "fitted" : outcome.reason
  }

  @Test("Examples that tell nothing are refused with a sentence")
  func flaws() throws {
    #expect(
      try reason(#"{"input":[[1,2]],"output":3},{"input":[[2,2]],"output":3}"#)
        == "every example has the same answer, so that no weights can be told from it")
    #expect(
      try reason(#"{"input":[[1,2]],"output":3},{"input":[[2,"nan"]],"output":4}"#)
        .hasPrefix("example 2 holds a number that is not finite"))
    #expect(
      try reason(
        #"{"input":[1],"output":3},{"input":[2],"output":4}"#, signature: "(x: int) -> int")
        == "the results hold no reals, so that nothing can be fitted to them")
    #expect(
      try reason(
        #"{"input":[[[1]]],"output":3},{"input":[[[2]]],"output":4}"#,
        signature: "(x: [[real]]) -> real")
        == "no skill of the library takes these inputs and weights besides")
    #expect(
      try reason(
        (0..<12).map { #"{"input":[[\#($0),1]],"output":\#($0 * $0 * $0)}"# }.joined(separator: ",")
      )
      .hasPrefix("no weights fit the examples in any of"))
  }
}

@Suite("Least squares")
struct LeastSquaresTests {
  @Test("Rosenbrock's valley leads to its bottom")
  func rosenbrock() throws {
    let found = try #require(
      LeastSquares().minimize(from: [-1.2, 1]) { x in
        .init(
          residuals: [10 * (x[1] - x[0] * x[0]), 1 - x[0]],
          jacobian: [-20 * x[0], 10, -1, 0])
      })
    #expect(abs(found.unknowns[0] - 1) < 1e-9 && abs(found.unknowns[1] - 1) < 1e-9)
  }

  @Test("A linear problem has the solution of its normal equations, and unused unknowns stay")
  func linear() throws {
    // y = 2x + 1 with an error of (1, -2, 1), which is orthogonal to both columns.
    let found = try #require(
      LeastSquares().minimize(from: [0, 0, 7]) { u in
        .init(
          residuals: [u[1] - 2, u[0] + u[1] - 1, 2 * u[0] + u[1] - 6],
          jacobian: [0, 1, 0, 1, 1, 0, 2, 1, 0])
      })
    #expect(abs(found.unknowns[0] - 2) < 1e-9 && abs(found.unknowns[1] - 1) < 1e-9)
    #expect(found.unknowns[2] == 7 && abs(found.cost - 6) < 1e-9)
  }

  @Test("A penalty on the unknowns' squares is ridge regression")
  func penalty() throws {
    var method = LeastSquares()
    method.penalty = 0.5
    // Two equations for one unknown: (1 + 4 + λ) u = 1 · 2 + 2 · 3.
    let found = try #require(
      method.minimize(from: [0]) { u in
        .init(residuals: [u[0] - 2, 2 * u[0] - 3], jacobian: [1, 2])
      })
    #expect(abs(found.unknowns[0] - 8 / 5.5) < 1e-9)
  }

  @Test("Where there is no value there is no step")
  func undefined() {
    #expect(LeastSquares().minimize(from: [1]) { _ in nil } == nil)
    let found = LeastSquares().minimize(from: [1]) { x in
      x[0] < 0.5 ? nil : .init(residuals: [x[0]], jacobian: [1])
    }
    #expect(found!.unknowns[0] >= 0.5)
    #expect(found!.undefinedStep == 1)
  }
}
