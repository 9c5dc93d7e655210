import ReefMachine
import ReefTasks
import ReefTensor
import Testing

@testable import ReefLearner

@Suite("Mixtures")
struct MixtureTests {
  private let skills: [Digest]
  private let codes: [Digest: SkillCode]

  /// The six operations on reals, and a square made of one of them.
  init() throws {
    let multiply = Atoms.named("real.multiply")!.digest
    let square = try SkillCode(
      parsing: "skill (x: real) -> real\n  s0 = m#\(multiply.hex) x x\n  return s0\n")
    codes = [square.digest: square]
    skills =
      ["add", "subtract", "multiply", "divide", "min", "max"].map {
        Atoms.named("real.\($0)")!.digest
      } + [square.digest]
  }

  private func program(_ text: String) throws -> RealProgram? {
    var text = text
    for atom in ["real.add", "real.min", "real.divide", "real.less", "control.if"] {
      text = text.replacing("\(atom) ", with: "\(atom)#\(Atoms.named(atom)!.digest.hex) ")
    }
    text = text.replacing("square ", with: "square#\(skills[6].hex) ")
    let code = try SkillCode(parsing: text)
    return RealProgram(code.digest) { $0 == code.digest ? code : codes[$0] }
  }

  @Test("Arithmetic on reals runs on numbers and on tensors; other skills are left out")
  func programs() throws {
    let found = try #require(
      try program(
        """
        skill (x: real, y: real) -> real
          s0 = square y
          s1 = real.add x 0.5
          s2 = real.min s0 s1
          s3 = real.divide s2 y
          return s3

        """))
    let tape = Tape()
    let (x, y): ([Float], [Float]) = ([1, -2, 3, 0.25], [2, 0.5, -4, 1])
    let soft = found([tape.constant([4], x), tape.constant([4], y)]).values
    for row in 0..<4 {
      let (x, y) = (Double(x[row]), Double(y[row]))
      let exact = min(y * y, x + 0.5) / y
      #expect(found([x, y]) == exact)
      // Only a quotient is softened, by less than a thousandth here.
      #expect(abs(Double(soft[row]) - exact) < 1e-3 * max(1, abs(exact)))
    }
    #expect(
      try program(
        """
        skill (x: real, y: real) -> real
          s0 = real.less x y
          s1 = control.if s0 x y
          return s1

        """) == nil)
    #expect(RealProgram(Atoms.named("int.add")!.digest) { _ in nil } == nil)
  }

  @Test("Tree search finds every function of one step: a difference is not its opposite")
  func treeSearchTellsSigns() throws {
    let skills = try ["add", "subtract", "multiply", "divide"].map {
      try #require(Atoms.named("real.\($0)")).digest
    }
    let trial = MixtureTrial(skills: skills, codes: [:], seed: 1)
    let targets = trial.targets(count: 20, steps: 1)
    #expect(targets.count == 10)
    for target in targets {
      #expect(try trial.treeSearch(target, steps: 1, usesMixture: false) != nil)
    }
  }

  @Test("Compositions of one and of two steps are found, the same in every run", arguments: 1...2)
  func short(steps: Int) throws {
    let trial = MixtureTrial(skills: skills, codes: codes, seed: 3)
    for target in trial.targets(count: 3, steps: steps) {
      let found = try #require(try trial.learn(target, steps: steps))
      #expect(found.code.steps.count == steps)
      #expect(try trial.learn(target, steps: steps)?.code.digest == found.code.digest)
      let image = try Image(linking: found.code) { codes[$0] }
      for example in target {
        let value = try Machine().run(image, example.input).value
        #expect(value.matches(example.output!, tolerance: 1e-9))
      }
      #expect(trial.search(target, steps: steps) != nil)
      for usesMixture in [true, false] {
        let moves = try trial.treeSearch(target, steps: steps, usesMixture: usesMixture)
        #expect((moves ?? 0) > 0)
      }
      #expect(steps == 1 || trial.search(target, steps: 1) == nil)
    }
  }

  @Test("The preferences are probabilities, and point at what is chosen")
  func preferences() throws {
    let programs = skills.compactMap { RealProgram($0, library: { codes[$0] }) }
    let column = (0..<16).map { Double($0) / 4 - 2 }
    var options = Mixture.Options()
    options.restarts = 4
    options.steps = 50
    let mixture = Mixture(
      programs, inputs: [column], targets: column.map { $0 * $0 }, steps: 2, seed: 1,
      options: options)
    try mixture.train()
    #expect(Set(mixture.losses).count > 1 && mixture.losses.allSatisfy(\.isFinite))
    let best = mixture.losses.indices.min { mixture.losses[$0] < mixture.losses[$1] }!
    let preferences = mixture.preferences(of: best)
    for row in preferences.skills + preferences.operands.flatMap({ $0.flatMap { $0 } }) {
      #expect(abs(row.reduce(0, +) - 1) < 1e-5)
    }
    #expect(preferences.operands.map { $0[0].map(\.count) } == [[1, 1], [2, 2]])
    #expect(abs(mixture.prior.reduce(0, +) - 1) < 1e-5)
    let chosen = mixture.compositions()[0]
    for (step, choice) in chosen.enumerated() {
      #expect(preferences.skills[step].max() == preferences.skills[step][choice.skill])
    }
  }

  @Test("Without finite examples of reals there is nothing to find")
  func flaws() throws {
    let learner = MixtureLearner(skills, library: { codes[$0] }, seed: 1)
    let signature = Signature(parameters: [.init("x", .real)], result: .real)
    func learn(_ examples: [Example]) throws -> MixtureLearner.Finding? {
      try learner.learn(signature, examples, steps: 1, tolerance: 0)
    }
    #expect(try learn([]) == nil)
    #expect(try learn([Example(input: [.real(.nan)], output: .real(1))]) == nil)
    #expect(try learn([Example(input: [.int(1)], output: .real(1))]) == nil)
    #expect(try learn([Example(input: [.real(1)], output: nil)]) == nil)
    #expect(try learn([Example(input: [.real(1), .real(2)], output: .real(1))]) == nil)
    // No composition of one step gives 17 for each of these.
    let examples = [1.0, 2, 3].map { Example(input: [.real($0)], output: .real(17 + $0 / 7)) }
    #expect(try learn(examples) == nil)
  }
}
