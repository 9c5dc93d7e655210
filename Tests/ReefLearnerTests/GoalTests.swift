import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("Goals from which a cheap term leads to the result") struct GoalTests {
  /// Enumerates terms up to cost 6 for the rotation of a list by k to the right.
  private func rotation(goalsUpTo maximumGoalCost: Int, goals: Int, seed: Int) throws -> SkillCode?
  {
    var random = SplitMix64(seed: seed)
    let rows = (0..<12).map { _ in
      let xs = (0..<random.int(in: 3...9)).map { _ in random.int(in: 0...99) }
      let k = random.int(in: 0...3)
      return Example(
        input: [.ints(xs), .int(k)], output: .ints(Array(xs.suffix(k) + xs.dropLast(k))))
    }
    let signature = try Signature(parsing: "(xs: [int], k: int) -> [int]")
    let problem = Problem(
      name: "test", summary: "", signature: signature, rows: rows, oracle: nil, tolerance: 0)
    return try Bank(problem, atoms: ["list.reverse", "list.concat", "list.drop", "list.take"])
      .solution(.init(maximumCost: 6, maximumGoals: goals, maximumGoalCost: maximumGoalCost))
  }

  @Test("Two steps backwards, over a known part, to what costs four", arguments: 0..<4)
  func rotation(seed: Int) throws {
    let found = try #require(try rotation(goalsUpTo: 6, goals: 1_000, seed: seed))
    // reverse(concat(drop(reverse(xs), k), take(reverse(xs), k))), of cost 10.
    #expect(found.steps.count == 5)
    #expect(try rotation(goalsUpTo: 5, goals: 1_000, seed: seed) == nil)
    #expect(try rotation(goalsUpTo: 6, goals: 2, seed: seed) == nil)
  }
}
