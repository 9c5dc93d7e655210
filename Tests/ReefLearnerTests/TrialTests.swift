import Arithmetic
import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct TrialTests {
  private func reference(_ name: String) throws -> TaskReference {
    try #require(arithmetic.references.first { $0.task.name == name })
  }

  @Test("Expressions of one cost are as many as brute force finds", arguments: 0..<4)
  func behavioursAgreeWithBruteForce(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let rows = (0..<5).map { _ in (0..<2).map { _ in random.int(in: -9...9) } }
    let atoms = try ["int.add", "int.subtract", "int.divide"].map {
      try #require(Atoms.named($0))
    }
    let search = ExpressionSearch(atoms: atoms, rows: rows)
    // Nothing has these values; one that most rows shared would become a constant.
    let outcome = try search.run(wanted: rows.indices.map { 987_654_321 + $0 }, maximumCost: 4)

    var seen: Set<[Int?]> = []
    var levels: [[[Int?]]] = [[]]
    for cost in 1...4 {
      var level: [[Int?]] = []
      func consider(_ column: [Int?]) {
        guard column.contains(where: { $0 != nil }), seen.insert(column).inserted else { return }
        level.append(column)
      }
      if cost == 1 { for index in 0..<2 { consider(rows.map { $0[index] }) } }
      for constant in try search.constants() where constant.cost == cost {
        consider(rows.map { _ in constant.value })
      }
      for atom in atoms {
        for (left, right) in stride(from: 1, to: cost - 1, by: 1).map({ ($0, cost - 1 - $0) }) {
          for a in levels[left] {
            for b in levels[right] {
              consider(
                zip(a, b).map { a, b in
                  guard let a, let b else { return nil }
                  return atom.integerOperation?(a, b)
                })
            }
          }
        }
      }
      levels.append(level)
    }
    #expect(outcome.newBehaviours == levels.map(\.count))
    #expect(outcome.solution == nil)
  }

  @Test(
    "A trial finds what its verifier accepts, and the same again",
    arguments: [[Learner.enumeration], Set(Learner.allCases)])
  func trialRepeatsItself(learners: Set<Learner>) throws {
    let trial = LearningTrial(
      try reference("divides"), learners: learners, stepBudget: 3_000_000, seconds: 300, seed: 1)
    let library = TrialLibrary([])
    let first = try trial.run(with: library)
    let second = try trial.run(with: library)
    let code = try #require(first.solution?.code)
    #expect(second.solution?.code == code)
    #expect(second.searchSteps == first.searchSteps)
    let image = try Image(linking: code, library: { _ in nil })
    let machine = Machine()
    for (d, n) in [(3, 12), (5, 12), (1, 7), (7, 7)] {
      #expect(try machine.run(image, [.int(d), .int(n)]).value == .bool(n % d == 0))
    }
  }

  @Test(
    "The learners together keep to the budget, and use most of it",
    arguments: [100_000, 750_000, 3_000_000],
    [
      [.enumeration], [.enumeration, .deduction, .treeSearch], [.treeSearch], Set(Learner.allCases),
    ])
  func budget(steps: Int, learners: Set<Learner>) throws {
    let trial = LearningTrial(
      try reference("multiply"), learners: learners, stepBudget: steps, seconds: 300, seed: 1)
    let outcome = try trial.run(with: TrialLibrary([]))
    #expect(!outcome.isSolved)
    // A candidate that has begun comes to its end.
    #expect(outcome.searchSteps <= steps + steps / 50 + 10_000)
    #expect(outcome.searchSteps >= steps / 4)
  }

  @Test("Deduction ends where the task has no list to take apart")
  func deductionWithNothingToDeduce() throws {
    let trial = LearningTrial(
      try reference("divides"), learners: [.deduction], stepBudget: 1_000_000, seconds: 300, seed: 1
    )
    let outcome = try trial.run(with: TrialLibrary([]))
    #expect(!outcome.isSolved)
    #expect(outcome.searchSteps == 0)
  }

  @Test("A library without a skill is without its users, too")
  func exclusionReachesUsers() throws {
    let add = try #require(Atoms.named("int.add"))
    func skill(_ name: String, _ callee: Digest, arity: Int) -> Skill {
      let code = SkillCode(
        signature: Signature(parameters: [.init("x", .int)], result: .int),
        steps: [.init(.skill(callee), Array(repeating: .slot(0), count: arity))], result: .slot(1))
      return Skill(
        digest: code.digest, name: name, version: 1, summary: "", code: code,
        certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
        provenance: Provenance(
          task: name, curriculum: "", generation: 1, learner: "", seed: 1, searchSteps: 0,
          candidates: 0, pluginHash: ""))
    }
    let double = skill("double", add.digest, arity: 2)
    let same = skill("same", double.digest, arity: 1)
    let again = skill("again", same.digest, arity: 1)
    let library = TrialLibrary([again, double, same])
    #expect(library.excluding([same.digest]).guide.library.visible.map(\.name) == ["double"])
    #expect(library.excluding([double.digest]).guide.library.visible.isEmpty)
  }
}
