import Foundation
import ReefMachine
import ReefTasks
import Testing
import Transforms

@testable import ReefLearner

@Suite("Products of butterfly factors")
struct ButterflyTests {
  private func learn(_ matrix: ComplexMatrix, seed: Int) throws -> ButterflyTransform {
    var learner = ButterflyLearner(budget: StepBudget(.max), seed: seed, isCancelled: { false })
    guard case .learned(let transform) = learner.learn(matrix) else {
      throw Unlearned()
    }
    return transform
  }

  private struct Unlearned: Error {}

  private func matrix(_ size: Int, _ element: (Int, Int) -> Complex) -> ComplexMatrix {
    var matrix = ComplexMatrix(size: size)
    for row in 0..<size { for column in 0..<size { matrix[row, column] = element(row, column) } }
    return matrix
  }

  private func fourier(_ size: Int) -> ComplexMatrix {
    matrix(size) { row, column in
      let angle = -2 * Double.pi * Double(row * column) / Double(size)
      return Complex(cos(angle), sin(angle))
    }
  }

  /// The root mean square of what the product's elements are off.
  private func error(_ transform: ButterflyTransform, _ matrix: ComplexMatrix) -> Double {
    var sum = 0.0
    for column in 0..<matrix.size {
      let image = transform((0..<matrix.size).map { Complex($0 == column ? 1 : 0) })
      for (row, number) in image.enumerated() { sum += (number - matrix[row, column]).square }
    }
    return (sum / Double(matrix.elements.count)).squareRoot()
  }

  @Test("The DFT is learned, with the reversal of the digits as its permutation", arguments: 1...5)
  func fourier(seed: Int) throws {
    for size in [2, 4, 8, 16, 64] {
      let matrix = fourier(size)
      let transform = try learn(matrix, seed: seed)
      #expect(error(transform, matrix) < 1e-12)
      #expect(transform.stages.count == 1)
      // Halves may stand in either order, so that the textbook's permutation comes out up to a flip
      // of digits at each place; what stands together is the same.
      let width = size.trailingZeroBitCount
      let order = transform.stages[0].order
      for level in 1...width {
        for start in stride(from: 0, to: size, by: 1 << level) {
          let block = Set(order[start..<start + 1 << level].map { $0 % (size >> level) })
          #expect(block.count == 1, "places from \(start) at level \(level)")
        }
      }
    }
  }

  @Test("Any permutation of the columns is learned", arguments: 1...5)
  func shuffled(seed: Int) throws {
    var generator = SplitMix64(seed: seed)
    var places = Array(0..<32)
    generator.shuffle(&places)
    let plain = fourier(32)
    let matrix = matrix(32) { plain[$0, places[$1]] }
    #expect(error(try learn(matrix, seed: seed), matrix) < 1e-12)
  }

  @Test("A random product of factors behind a random permutation is learned", arguments: 1...10)
  func random(seed: Int) throws {
    var generator = SplitMix64(seed: seed)
    var order = Array(0..<16)
    generator.shuffle(&order)
    let truth = ButterflyTransform(stages: [
      .init(
        order: order,
        factors: (0..<4).map { _ in order.map { _ in ComplexPair.random(&generator) } })
    ])
    var matrix = ComplexMatrix(size: 16)
    for column in 0..<16 {
      let image = truth((0..<16).map { Complex($0 == column ? 1 : 0) })
      for (row, number) in image.enumerated() { matrix[row, column] = number }
    }
    let found = try learn(matrix, seed: seed)
    #expect(error(found, matrix) < 1e-10)
    #expect(found.stages.count == 1)
  }

  @Test("A convolution is learned as factors on both sides", arguments: 1...5)
  func convolution(seed: Int) throws {
    for size in [4, 8, 32] {
      var generator = SplitMix64(seed: seed)
      let sequence = (0..<size).map { _ in Complex(2 * generator.real() - 1) }
      let matrix = matrix(size) { sequence[($0 - $1 + size) % size] }
      let transform = try learn(matrix, seed: seed)
      #expect(error(transform, matrix) < 1e-10)
    }
  }

  @Test("A matrix without structure is refused, and so are numbers out of range")
  func refused() {
    func reason(_ matrix: ComplexMatrix) -> String {
      var learner = ButterflyLearner(budget: StepBudget(.max), seed: 1, isCancelled: { false })
      if case .failed(let reason) = learner.learn(matrix) { return reason }
      return "learned"
    }
    var generator = SplitMix64(seed: 1)
    let random = matrix(16) { _, _ in Complex(generator.real(), generator.real()) }
    #expect(reason(random).hasPrefix("no product of butterfly factors fits: the best split of 16"))
    // Factors pair the rows i and i + n/2 as they stand.
    let plain = fourier(16)
    let shuffled = matrix(16) { row, column in plain[row < 2 ? 1 - row : row, column] }
    #expect(reason(shuffled).hasPrefix("no product of butterfly factors fits"))
    let huge = matrix(8) { row, column in Complex((row & column) == 0 ? 1e200 : -1e200) }
    #expect(reason(huge).contains("misses everything, because the numbers are not finite;"))
    var broken = fourier(8)
    broken[1, 2] = Complex(.nan)
    #expect(
      reason(broken).contains(
        "because the numbers are not finite; those of step 1 of the training were not, and those of "
          + "the step before were kept;"))
  }

  @Test("Limits end the learning")
  func limits() {
    var spent = ButterflyLearner(budget: StepBudget(10), seed: 1, isCancelled: { false })
    guard case .outOfSteps = spent.learn(fourier(16)) else {
      Issue.record("not out of steps")
      return
    }
    var cancelled = ButterflyLearner(budget: StepBudget(.max), seed: 1, isCancelled: { true })
    guard case .cancelled = cancelled.learn(fourier(16)) else {
      Issue.record("not cancelled")
      return
    }
  }

  // MARK: As tasks

  private func trial(_ task: TaskReference, seed: Int = 1) throws -> LearningTrial.Outcome {
    let trial = LearningTrial(
      task, learners: [.gradient], stepBudget: 100_000_000, seconds: 300, seed: seed)
    return try trial.run(with: TrialLibrary([]))
  }

  @Test(
    "Tasks become skills with weights that pass the verifier",
    arguments: ["dft8", "dft64", "hadamard16", "convolution8"])
  func tasks(name: String) throws {
    let task = try #require(transforms.references.first { $0.task.name == name })
    let outcome = try trial(task)
    let solution = try #require(outcome.solution, "\(outcome.reason)")
    #expect(solution.learner == "gradient")
    let stages = name.hasPrefix("convolution") ? 2 : 1
    #expect(solution.code.weights.count == stages)
    // On inputs that nobody has seen.
    let parts = Dictionary(uniqueKeysWithValues: solution.bodies.map { ($0.digest, $0) })
    let image = try Image(linking: solution.code) { parts[$0] }
    for input in try transforms.generate(task: name, size: 5, count: 20, seed: 99) {
      let wanted = try #require(try transforms.expected(task: name, inputs: [input])[0])
      #expect(try Machine().run(image, input).value.matches(wanted, tolerance: 1e-10))
    }
    // The same in every run.
    #expect(try trial(task).solution?.code.digest == solution.code.digest)
  }

  /// A task of our own.
  private func reason(
    _ expected: @escaping @Sendable ([Pair<Double, Double>]) -> [Pair<Double, Double>]?
  )
    throws -> String
  {
    let plugin = BuiltInPlugin(
      name: "own", version: "1",
      tasks: [
        TaskDefinition(
          "t", "(x: [(real, real)]) -> [(real, real)]", summary: "A task.", train: [1, 2],
          standards: [.init(checkSizes: [3])], tolerance: 1e-9,
          inputs: Inputs(
            families: [],
            random: { size, rng in (0..<4).map { _ in Pair(rng.real() * Double(size), rng.real()) }
            }),
          expected: expected)
      ])
    return try trial(plugin.references[0]).reason
  }

  @Test("Tasks that are no transforms are refused with a sentence")
  func flaws() throws {
    #expect(
      try reason { $0.map { Pair($0.first * $0.first, $0.second) } } == "the task is not linear")
    #expect(
      try reason { x in x.map { _ in Pair(1, 0) } }
        == "every example has the same answer, so that no weights can be told from it")
    #expect(
      try reason { x in x.first!.second == 0 ? nil : x }
        == "a vector with a single one, at place 0, has no finite image")
    #expect(
      try reason { x in x.map { Pair($0.first / 0, $0.second) } }
        .hasPrefix("example 1 holds a number that is not finite"))
  }
}

extension ButterflyTransform {
  /// By the definition, one factor after another.
  func callAsFunction(_ x: [Complex]) -> [Complex] {
    stages.reduce(x) { x, stage in
      stage.factors.reduce(stage.order.map { x[$0] }) { x, rows in
        let half = x.count / 2
        return rows.enumerated().map { place, row in
          let left = 2 * (place % half)
          return row.first * x[left] + row.second * x[left + 1]
        }
      }
    }
  }
}
