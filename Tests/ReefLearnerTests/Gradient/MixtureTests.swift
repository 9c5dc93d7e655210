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
    let prior = mixture.prior
    #expect(prior.stepCount == 2 && abs(prior.restarts.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    for taken in [[], [Mixture.Choice(skill: 0, operands: [0, 0])]] {
      #expect(abs(prior.next(after: taken).reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    }
    let chosen = mixture.compositions()[0].choices
    for (step, choice) in chosen.enumerated() {
      #expect(preferences.skills[step].max() == preferences.skills[step][choice.skill])
    }
  }

  @Test(
    "The prior is what is left of all compositions that agree with the steps taken",
    arguments: 1...20)
  func posterior(seed: Int) {
    var generator = SplitMix64(seed: seed)
    func probabilities(_ count: Int) -> [Double] {
      let parts = (0..<count).map { _ in generator.real() + 0.01 }
      let total = parts.reduce(0, +)
      return parts.map { $0 / total }
    }
    let arities = [2, 1, 2]
    let inputCount = generator.int(in: 1...2)
    let stepCount = generator.int(in: 2...3)
    let prior = MixturePrior(
      skills: Array(skills.prefix(3)), inputCount: inputCount,
      restarts: probabilities(2).map { weight in
        .init(
          weight: weight,
          preferences: .init(
            skills: (0..<stepCount).map { _ in probabilities(3) },
            operands: (0..<stepCount).map { step in
              arities.map { arity in (0..<arity).map { _ in probabilities(inputCount + step) } }
            }))
      })
    let taken = Array(
      [
        Mixture.Choice(skill: 2, operands: [0, inputCount - 1]),
        Mixture.Choice(skill: 0, operands: [inputCount, 0]),
      ].prefix(generator.int(in: 0...stepCount - 1)))

    // Every composition of every restart, with every choice of its steps for those that were taken.
    var expected: [Mixture.Choice: Double] = [:]
    for restart in prior.restarts {
      forEachComposition(restart.preferences, arities, inputCount) { choices, probability in
        for places in placements(of: taken.count, among: stepCount) {
          let values = Array(0..<inputCount) + places.map { inputCount + $0 }
          let agrees = zip(places, taken).allSatisfy { place, choice in
            choices[place].skill == choice.skill
              && choices[place].operands == choice.operands.map { values[$0] }
          }
          guard agrees else { continue }
          for step in 0..<stepCount where !places.contains(step) {
            let operands = choices[step].operands.compactMap { values.firstIndex(of: $0) }
            guard operands.count == choices[step].operands.count else { continue }
            let next = Mixture.Choice(skill: choices[step].skill, operands: operands)
            expected[next, default: 0] += restart.weight * probability
          }
        }
      }
    }
    let total = expected.values.reduce(0, +)
    let found = prior.next(after: taken)
    #expect(Set(found.map(\.choice)).count == found.count)
    for next in found {
      #expect(abs(next.probability - (expected[next.choice] ?? 0) / total) < 1e-9)
    }
    #expect(found.count >= expected.count)
  }

  /// Calls `body` with every composition and its probability, of which each step is three tenths as the
  /// preferences say and else even.
  private func forEachComposition(
    _ preferences: Mixture.Preferences, _ arities: [Int], _ inputCount: Int,
    behind choices: [Mixture.Choice] = [], probability: Double = 1,
    _ body: ([Mixture.Choice], Double) -> Void
  ) {
    let step = choices.count
    guard step < preferences.skills.count else { return body(choices, probability) }
    let all = Mixture.Choice.all(arities: arities, valueCount: inputCount + step)
    for choice in all {
      let operands = zip(preferences.operands[step][choice.skill], choice.operands)
      let preferred = operands.reduce(preferences.skills[step][choice.skill]) { $0 * $1.0[$1.1] }
      let alike = all.count { $0.skill == choice.skill }
      let even = 1 / Double(arities.count * alike)
      forEachComposition(
        preferences, arities, inputCount, behind: choices + [choice],
        probability: probability * (0.3 * preferred + 0.7 * even), body)
    }
  }

  /// All ways to give so many things different places.
  private func placements(of count: Int, among placeCount: Int) -> [[Int]] {
    (0..<count).reduce([[]]) { placements, _ in
      placements.flatMap { taken in
        (0..<placeCount).filter { !taken.contains($0) }.map { taken + [$0] }
      }
    }
  }

  @Test("A restart is a skill as well: it runs softly on the machine, with α and W_in as weights")
  func softCode() throws {
    let programs = skills.compactMap { RealProgram($0, library: { codes[$0] }) }
    let columns = [(1...16).map { Double($0) / 4 }, (1...16).map { 3 - Double($0) / 8 }]
    var options = Mixture.Options()
    options.restarts = 2
    options.steps = 10
    let mixture = Mixture(
      programs, inputs: columns, targets: zip(columns[0], columns[1]).map { $0 * $1 }, steps: 2,
      seed: 1, options: options)
    try mixture.train()
    let signature = Signature(
      parameters: [.init("x", .real), .init("y", .real)], result: .real)
    for restart in 0..<2 {
      let preferences = mixture.preferences(of: restart)
      let code = mixture.code(of: restart, signature)
      #expect(code.weights.map(\.name) == ["alpha1", "alpha2", "inputs1", "inputs2"])
      #expect(code.weights.map(\.shape) == [[7], [7], [13, 2], [13, 3]])
      let image = try Image(linking: code) { codes[$0] }
      for row in [0, 5, 15] {
        // Equations 1 to 4, written out.
        var values = columns.map { $0[row] }
        for step in 0..<2 {
          var sum = 0.0
          for (index, program) in programs.enumerated() {
            let operands = preferences.operands[step][index].map { weights in
              zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
            }
            sum += preferences.skills[step][index] * program(operands)
          }
          values.append(sum)
        }
        let found = try Machine().run(image, columns.map { .real($0[row]) }).value
        #expect(found.matches(.real(values[3]), tolerance: 1e-5), "\(found) \(values[3])")
      }
      let kept = try #require(MixtureWeights(code))
      #expect(kept.steps.map { $0.map(\.skill) } == [skills, skills])
      for (step, choices) in kept.steps.enumerated() {
        for (index, choice) in choices.enumerated() {
          #expect(abs(choice.probability - preferences.skills[step][index]) < 1e-6)
          #expect(choice.inputs == preferences.operands[step][index])
        }
      }
    }
    #expect(MixtureWeights(try #require(codes[skills[6]])) == nil)
  }

  @Test("As a prior it makes what it prefers likelier, step by step")
  func prior() throws {
    let trial = MixtureTrial(skills: skills, codes: codes, seed: 3)
    var moves = (with: 0, without: 0)
    for target in trial.targets(count: 6, steps: 1) {
      moves.with += try #require(try trial.treeSearch(target, steps: 1, usesMixture: true))
      moves.without += try #require(try trial.treeSearch(target, steps: 1, usesMixture: false))
    }
    #expect(2 * moves.with <= moves.without, "\(moves)")
  }

  // MARK: As a learner

  private func outcome(
    of plugin: any TaskPlugin, _ learners: Set<Learner> = [.mixture]
  ) throws -> LearningTrial.Outcome {
    try LearningTrial(
      plugin.references[0], learners: learners, stepBudget: 30_000_000, seconds: 300, seed: 1
    ).run(with: TrialLibrary([]))
  }

  private func file(
    _ examples: [(input: String, output: String)], signature: String = "(x: real) -> real"
  ) throws -> any TaskPlugin {
    let examples = examples.map { #"{"input":[\#($0.input)],"output":\#($0.output)}"# }
    return try ExamplesPlugin(
      text: """
        [{"name":"t","signature":"\(signature)","examples":[\(examples.joined(separator: ","))]}]
        """, path: "tasks.json", name: "file")
  }

  @Test("It finds a short composition, which is verified as any other")
  func learner() throws {
    let plugin = BuiltInPlugin(
      name: "own", version: "1",
      tasks: [
        TaskDefinition(
          SkillTask(
            name: "t",
            signature: Signature(
              parameters: [.init("x", .real), .init("y", .real)], result: .real),
            summary: "", trainSizes: [2], standards: [.init(checkSizes: [8])], tolerance: 1e-9),
          input: { size, _, random in
            (0..<2).map { _ in .real(Double(size) * (2 * random.real() - 1)) }
          },
          expected: { input in .real(input[0].real! * input[1].real! - input[1].real!) })
      ])
    let found = try outcome(of: plugin)
    let solution = try #require(found.solution, "\(found.reason)")
    #expect(solution.learner == "mixture" && solution.code.steps.count == 2)
    #expect(try outcome(of: plugin).solution?.code.digest == solution.code.digest)
  }

  @Test("Tasks from which nothing can be composed are refused with a sentence")
  func refusals() throws {
    func reason(_ plugin: any TaskPlugin) throws -> String {
      let outcome = try outcome(of: plugin)
      return outcome.isSolved ? "solved" : outcome.reason
    }
    #expect(
      try reason(file([("1", "2"), ("2", "4")], signature: "(x: int) -> int"))
        == "it makes a real of reals, and the task is (x: int) -> int")
    #expect(
      try reason(file([("1", "3"), ("2", "3")]))
        == "every example has the same answer, so that no weights can be told from it")
    #expect(
      try reason(file([("1", "3"), (#""inf""#, "4")]))
        .hasPrefix("example 2 holds a number that is not finite"))
    // Out of the range of floats, and no composition of three steps.
    #expect(
      try reason(file([("1e200", "17.5"), ("3e200", "1e100"), ("-2e250", "-0.25")]))
        == "no composition of up to 3 of 6 skills fits; at step 1 of a training the gradient was "
        + "not finite, so that the weights of the step before were kept")
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
