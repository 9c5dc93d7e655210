import Perception
import ReefMachine
import ReefTasks
import ReefTensor
import Testing

@testable import ReefLearner

@Suite("Reading, learned from what follows from it")
struct RecognizerTests {
  /// The first of each list, as the digits of one number: [2] and [1] give 21.
  private static let codes = SkillCode.written([
    (
      "beside",
      """
      skill (a: [int], b: [int]) -> int
        s0 = list.first a
        s1 = int.multiply s0 10
        s2 = list.first b
        s3 = int.add s1 s2
        return s3
      """
    ),
    (
      "product",
      """
      skill (a: [int], b: [int]) -> int
        s0 = list.map2 int.multiply a b
        s1 = list.first s0
        return s1
      """
    ),
  ])

  private static let library: TrialLibrary = {
    let skills = zip(["own.beside", "own.product"], codes).map { name, code in
      Skill(
        digest: code.digest, name: name, version: 1, summary: "", code: code,
        certificate: Certificate(method: .viaTask, seed: 1, checks: [], tolerance: 0),
        provenance: Provenance(
          task: name, curriculum: "", generation: 1, learner: "", seed: 1, searchSteps: 0,
          candidates: 0, pluginHash: ""))
    }
    return TrialLibrary(skills)
  }()

  /// Which of three directions a vector has.
  @Sendable private static func symbol(_ vector: [Double]) -> Int? {
    guard vector.count == 3, vector.allSatisfy(\.isFinite) else { return nil }
    return vector.firstIndex(of: vector.max()!)! + 1
  }

  private func outcome(
    accuracy: Double = 1, scale: Double = 1,
    _ expected: @escaping @Sendable (Int, Int) -> Int?
  ) throws -> LearningTrial.Outcome {
    let plugin = BuiltInPlugin(
      name: "own", version: "1",
      tasks: [
        TaskDefinition(
          "t", "(a: [[real]], b: [[real]]) -> int", summary: "A task.", train: [1],
          standards: [.init(checkSizes: [2], accuracy: accuracy)],
          inputs: Inputs(
            families: [],
            random: { _, rng in
              func vector(_ rng: inout SplitMix64) -> [Double] {
                let place = rng.int(in: 0...2)
                return (0..<3).map { ($0 == place ? 1 : 0.3 * rng.real()) * scale }
              }
              let a = vector(&rng)
              return ([a], [vector(&rng)])
            }),
          expected: { (a: [[Double]], b: [[Double]]) -> Int? in
            guard let a = a.first.flatMap(RecognizerTests.symbol),
              let b = b.first.flatMap(RecognizerTests.symbol)
            else { return nil }
            return expected(a, b)
          })
      ])
    let trial = LearningTrial(
      plugin.references[0], learners: [.gradient], stepBudget: 1_000_000_000, seconds: 600, seed: 1)
    return try trial.run(with: RecognizerTests.library)
  }

  @Test("What a product of two tells is enough to read both, with the skill as it was")
  func product() throws {
    let outcome = try outcome { 1 << ($0 * $1) }
    // 1, 2, 4, … is not what the product gives; of the products themselves all can be learned.
    #expect(outcome.reason == "no skill of the library gives such answers for any ints")
    let right = try self.outcome { $0 * $1 }
    let solution = try #require(right.solution, "\(right.reason)")
    #expect(solution.learner == "gradient")
    #expect(solution.code.callees.contains(RecognizerTests.codes[1].digest))
    let recognizer = try #require(solution.bodies.last)
    #expect(recognizer.signature.description == "(x: [real]) -> int")
    let codes = Dictionary(
      uniqueKeysWithValues: (solution.bodies + RecognizerTests.codes).map { ($0.digest, $0) })
    let image = try Image(linking: recognizer) { codes[$0] }
    for place in 0..<3 {
      let vector = (0..<3).map { $0 == place ? 1 : 0.2 }
      #expect(try Machine().run(image, [.reals(vector)]).value == .int([1, 2, 3][place]))
    }
  }

  @Test("Data that tell nothing, or are out of range, are refused with a sentence")
  func refused() throws {
    #expect(
      try outcome { _, _ in 4 }.reason
        == "every example has the same answer, so that no weights can be told from it")
    let huge = try outcome(scale: 1e200) { $0 * $1 }
    #expect(!huge.isSolved)
    #expect(
      huge.reason.hasPrefix("The gradient of training step 1 is not finite"), "\(huge.reason)")
  }

  @Test("Drawn digits are read after training on sums alone")
  func digits() throws {
    let pictures = Pictures.drawn
    var generator = SplitMix64(seed: 3)
    var vectors: [[Double]] = []
    var examples: [Recognizer.Example] = []
    for _ in 0..<600 {
      let (i, j) = (generator.int(in: 0...9), generator.int(in: 0...9))
      examples.append(.init(first: vectors.count, second: vectors.count + 1, possible: i + j))
      vectors += [generator.pick(pictures.training[i]), generator.pick(pictures.training[j])]
    }
    let tables = (0...18).map { sum -> [Float] in
      (0..<100).map { $0 / 10 + $0 % 10 == sum ? 1 : 0 }
    }
    var options = Recognizer.Options()
    options.steps = 800
    options.hidden = 32
    let recognizer = Recognizer(
      vectors: vectors, symbols: 10, tables: tables, seed: 1, options: options)
    #expect(try recognizer.train(examples, isCancelled: { false }) != nil)
    let weights = recognizer.weights
    var (right, all) = (0, 0)
    for (digit, some) in pictures.unseen.enumerated() {
      for picture in some {
        func layer(_ rows: [[Double]], _ bias: [Double], _ x: [Double]) -> [Double] {
          zip(rows, bias).map { row, b in zip(row, x).reduce(b) { $0 + $1.0 * $1.1 } }
        }
        let hidden = layer(weights.hidden, weights.hiddenBias, picture).map { max(0, $0) }
        let output = layer(weights.output, weights.outputBias, hidden)
        right += output.firstIndex(of: output.max()!) == digit ? 1 : 0
        all += 1
      }
    }
    #expect(Double(right) >= 0.95 * Double(all), "\(right) of \(all)")
    #expect(try recognizer.train(examples, isCancelled: { true }) == nil)
  }
}
