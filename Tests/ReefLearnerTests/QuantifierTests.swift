import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct QuantifierTests {
  private static let below = "(element: int, limit: int) -> bool"

  /// Whether any element is below the limit, or whether none is.
  private func problem(isExistential: Bool, seed: UInt64) throws -> Problem {
    var random = SplitMix64(seed: seed)
    let rows = (0..<16).map { row in
      let limit = random.int(in: 2...6)
      let elements: [Int] =
        switch row % 4 {
        case 0, 2: (0..<random.int(in: 1...5)).map { _ in random.int(in: limit...9) }
        case 1: [random.int(in: 0...limit - 1)]
        default: (0..<random.int(in: 1...5)).map { _ in random.int(in: 0...9) }
        }
      return Example(
        input: [.ints(elements), .int(limit)],
        output: .bool(elements.contains { $0 < limit } == isExistential))
    }
    return Problem(
      name: "demo.below", summary: "",
      signature: try Signature(parsing: "(xs: [int], limit: int) -> bool"),
      rows: rows, oracle: nil, tolerance: 0)
  }

  @Test(
    "Whether any element has a property, or none, gives examples of the property",
    arguments: [false, true])
  func rows(isExistential: Bool) throws {
    let less = try #require(Atoms.named("int.less"))
    for seed: UInt64 in 1...20 {
      let problem = try problem(isExistential: isExistential, seed: seed)
      let deductions = Deducer(problem: problem).quantified().filter {
        $0.presumedSteps == (isExistential ? 3 : 2)
      }
      // Bold, and careful.
      #expect(deductions.count == 2)
      for row in try #require(deductions.last).body.rows {
        #expect(row.output == .bool(row.input[0].int! < row.input[1].int!))
      }
      for deduction in deductions {
        let body = SkillCode(
          signature: try Signature(parsing: QuantifierTests.below),
          steps: [.init(.skill(less.digest), [.slot(0), .slot(1)])], result: .slot(2))
        let whole = deduction.compose(body, [])
        let image = try Image(linking: whole.code) { digest in
          whole.bodies.first { $0.digest == digest }
        }
        for row in problem.rows {
          #expect(try Machine().run(image, row.input).value == row.output)
        }
      }
    }
  }

  @Test(
    "Where each element with the property is beside others, all that may have it are guessed to")
  func boldGuess() throws {
    let lists: [([Int], Bool)] = [
      ([2, 4], true), ([8, 6, 10], true), ([12], true), ([3, 5], false), ([7, 1, 4], false),
    ]
    let problem = Problem(
      name: "demo.even", summary: "", signature: try Signature(parsing: "(xs: [int]) -> bool"),
      rows: lists.map { Example(input: [.ints($0)], output: .bool($1)) }, oracle: nil, tolerance: 0)
    let deductions = Deducer(problem: problem).quantified()
    let even = try #require(deductions.first { $0.presumedSteps == 2 })
    #expect(even.body.rows.count == 10)
    for row in even.body.rows { #expect(row.output == .bool(row.input[0].int! % 2 != 0)) }
    #expect(deductions.count { $0.presumedSteps == 2 } == 1)
  }

  @Test(
    "Nothing is guessed where no list shows a property, where none is without, or both disagree")
  func nothingToGuess() throws {
    func deductions(_ rows: [([Int], Bool)]) throws -> [Deduction] {
      let problem = Problem(
        name: "demo.none", summary: "", signature: try Signature(parsing: "(xs: [int]) -> bool"),
        rows: rows.map { Example(input: [.ints($0)], output: .bool($1)) }, oracle: nil,
        tolerance: 0)
      return Deducer(problem: problem).quantified()
    }
    #expect(try deductions([([1], true), ([2], true), ([3, 4], true)]).isEmpty)
    #expect(try deductions([([1], false), ([2], false), ([3, 4], false)]).isEmpty)
    // The order decides.
    #expect(try deductions([([1, 2], true), ([2, 1], false), ([3], true), ([4], false)]).isEmpty)
    #expect(try deductions([([], true), ([], false), ([3], true), ([4], false)]).isEmpty)
  }

  /// A file of examples: whether all elements are multiples of three.
  ///
  /// Their first elements tell the two kinds apart as well, and in fewer steps.
  private static let multiples = """
    [{"name": "multiples", "signature": "(xs: [int]) -> bool", "examples": [
      {"input": [[24, 0, 21]], "output": true},
      {"input": [[1, 6, 11, 14, 7, 6, 2]], "output": false},
      {"input": [[39, 27, 6, 33, 12, 39, 33]], "output": true},
      {"input": [[8, 8]], "output": false},
      {"input": [[12]], "output": true},
      {"input": [[30, 3, 48, 30]], "output": true},
      {"input": [[36, 9, 45, 9, 6]], "output": true},
      {"input": [[9, 3, 7, 14]], "output": false},
      {"input": [[0, 15, 16]], "output": false},
      {"input": [[27, 27, 45, 21, 18, 45]], "output": true}
    ]}]
    """

  @Test("A file of few examples is learned as a property of the elements")
  func fewExamples() throws {
    try expectMultiples(of: 3, from: QuantifierTests.multiples, [.enumeration, .deduction])
  }

  /// Whether all elements are even. Odd ones are beside even ones that are in no other list, so that
  /// only 1 is known to be odd; what is at most 1 is shorter, and not all.
  private static let evens = """
    [{"name": "evens", "signature": "(xs: [int]) -> bool", "examples": [
      {"input": [[2, 4]], "output": true},
      {"input": [[8, 2, 14]], "output": true},
      {"input": [[16]], "output": true},
      {"input": [[1]], "output": false},
      {"input": [[3, 6]], "output": false},
      {"input": [[10, 5]], "output": false},
      {"input": [[18, 12, 7]], "output": false}
    ]}]
    """

  @Test("A property that fits its examples and not the task's is passed over")
  func wrongProperty() throws {
    try expectMultiples(of: 2, from: QuantifierTests.evens, [.deduction])
  }

  /// Learns from the file and tries lists that it has not.
  private func expectMultiples(of number: Int, from file: String, _ learners: Set<Learner>) throws {
    let plugin = try ExamplesPlugin(text: file, path: "few.json", name: "few")
    let trial = LearningTrial(
      try #require(plugin.references.first), learners: learners, stepBudget: 100_000_000,
      seconds: 600, seed: 1)
    let solution = try #require(try trial.run(with: TrialLibrary([])).solution)
    let image = try Image(linking: solution.code) { digest in
      solution.bodies.first { $0.digest == digest }
    }
    var random = SplitMix64(seed: 7)
    for _ in 0..<500 {
      let isMultiple = random.int(in: 0...1) == 1
      let elements = (0..<random.int(in: 0...6)).map { _ in
        isMultiple ? number * random.int(in: 0...20) : random.int(in: 0...60)
      }
      #expect(
        try Machine().run(image, [.ints(elements)]).value
          == .bool(elements.allSatisfy { $0 % number == 0 }))
    }
  }
}
