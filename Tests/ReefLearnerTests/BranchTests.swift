import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct BranchTests {
  @Test("An arm is kept only where no cheaper arms cover its rows")
  func armsDropWhatIsCovered() {
    var arms = Arms(alternatives: 3)
    for _ in 0..<5 { arms.add(rows: 0b111, cost: 2, term: .entry(0)) }
    #expect(arms.arms.count == 3, "three alternatives for the same rows are enough")
    arms.add(rows: 0b011, cost: 3, term: .entry(1))
    #expect(arms.arms.count == 3)
    arms.add(rows: 0b1000, cost: 9, term: .entry(2))
    #expect(arms.union == 0b1111)
    #expect(arms.cheapest(covering: 0b1001) == nil)
    #expect(arms.cheapest(covering: 0b101)?.cost == 2)
  }

  /// Every chain of at most `depth` branches, by brute force.
  private func cheapest(
    _ rows: UInt64, _ depth: Int, _ arms: [(UInt64, Int)], _ conditions: [(UInt64, UInt64, Int)]
  ) -> Int? {
    var best = arms.filter { rows & ~$0.0 == 0 }.map(\.1).min()
    guard depth > 0 else { return best }
    for (defined, isTrue, cost) in conditions {
      let (then, otherwise) = (rows & isTrue, rows & ~isTrue)
      guard rows & ~defined == 0, then != 0, otherwise != 0 else { continue }
      let leaves = [then, otherwise].map { cheapest($0, 0, arms, []) }
      let whole = [then, otherwise].map { cheapest($0, depth - 1, arms, conditions) }
      for (left, right) in [(leaves[0], whole[1]), (whole[0], leaves[1])] {
        if let left, let right { best = min(best ?? .max, left + right + cost + 1) }
      }
    }
    return best
  }

  @Test("The branch finder covers all rows exactly when brute force does", arguments: 0..<300)
  func finderAgreesWithBruteForce(seed: Int) {
    var random = SplitMix64(seed: seed)
    func rows() -> UInt64 { UInt64(random.int(in: 0...255)) }
    let plainArms = (0..<random.int(in: 1...6)).map { _ in (rows(), random.int(in: 1...5)) }
    let plainConditions = (0..<random.int(in: 1...6)).map { _ in
      (rows() | rows(), rows(), random.int(in: 1...4))
    }.sorted { $0.2 < $1.2 }
    var arms = Arms(alternatives: 3)
    for (index, arm) in plainArms.enumerated() {
      arms.add(rows: arm.0, cost: arm.1, term: .entry(Int32(index)))
    }
    let conditions = plainConditions.enumerated().map { index, condition in
      Condition(
        id: Int32(100 + index), defined: condition.0, isTrue: condition.1 & condition.0,
        cost: condition.2)
    }
    var finder = BranchFinder(
      arms: arms, conditions: conditions, branchCost: 1, allRows: 255,
      workLimit: .max)
    let found = finder.candidates(depth: 2, limit: 1_000).first
    let expected = cheapest(255, 2, plainArms, plainConditions)
    #expect((found == nil) == (expected == nil))
    if let found, let expected {
      #expect(found.cost >= expected)
      #expect(covers(found.term, rows: 255, arms: plainArms, conditions: plainConditions))
    }
  }

  /// Whether each row ends in an arm that is right on it, through conditions that are defined.
  private func covers(
    _ term: Term, rows: UInt64, arms: [(UInt64, Int)], conditions: [(UInt64, UInt64, Int)]
  ) -> Bool {
    switch term {
    case .entry(let id): return rows & ~arms[Int(id)].0 == 0
    case .apply: return false
    case .branch(.entry(let id), let then, let otherwise):
      let (defined, isTrue, _) = conditions[Int(id) - 100]
      return rows & ~defined == 0
        && covers(then, rows: rows & isTrue, arms: arms, conditions: conditions)
        && covers(otherwise, rows: rows & ~isTrue, arms: arms, conditions: conditions)
    case .branch: return false
    }
  }
}
