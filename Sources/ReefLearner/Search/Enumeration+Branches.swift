import ReefMachine

extension Enumeration {
  /// The most nested branches of one candidate, and the most conditions that are tried.
  private static let maximumDepth = 3
  private static let maximumConditions = 4_000
  /// The most branches that are checked after one level, each with another first condition.
  private static let maximumBranches = 40

  /// Puts a branch together from terms that are right on some rows, if they cover all.
  ///
  /// Arms and conditions fit a few rows easily, so a branch counts only when its whole cost is
  /// near the level that the enumeration has reached (`Options.branchSlack`).
  func tryBranches() {
    guard options.usesBranches else { return }
    let arms = armsWithParts()
    guard arms.union == bank.allRows else { return }
    var finder = BranchFinder(
      arms: arms, conditions: conditions(), branchCost: 1, allRows: bank.allRows)
    let candidates = finder.candidates(
      depth: Enumeration.maximumDepth, limit: level + options.branchSlack)
    bank.spend(finder.work / 8)
    for candidate in candidates.prefix(Enumeration.maximumBranches) {
      propose(candidate.term)
      if isOver { return }
    }
  }

  /// The arms, and those that two parts make together.
  private func armsWithParts() -> Arms {
    var all = arms
    for split in splits {
      for first in split.parts[0].matches.arms {
        for second in split.parts[1].matches.arms {
          let cost = first.cost + second.cost + split.cost
          all.add(
            rows: first.rows & second.rows, cost: cost,
            term: .apply(split.atom, [first.term, second.term]))
        }
      }
    }
    return all
  }

  private func conditions() -> [Condition] {
    guard let typeID = bank.typeIndex[.bool] else { return [] }
    var found: [Condition] = []
    for (cost, ids) in levels[typeID].enumerated() {
      for id in ids where found.count < Enumeration.maximumConditions {
        let isTrue = bank.truth(of: id)
        let defined = bank.masks[Int(id)]
        guard isTrue & defined != 0, isTrue & defined != defined else { continue }
        found.append(
          Condition(
            id: id, defined: defined, isTrue: isTrue, cost: cost,
            isRecursive: bank.isRecursive(id)))
      }
    }
    return found
  }
}
