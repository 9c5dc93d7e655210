import ReefMachine

extension Enumeration {
  /// The most nested branches of one candidate, and the most conditions that are tried.
  private static let maximumDepth = 3
  private static let maximumConditions = 4_000
  /// A comparison of row sets is this much cheaper than a search step.
  private static let branchWorkPerStep = 16
  /// In search steps.
  private static let smallestBranchWork = 20_000
  /// The most branches that are checked after one level, each with another first condition.
  private static let maximumBranches = 16

  /// Puts a branch together from terms that are right on some rows, if they cover all.
  ///
  /// Arms and conditions fit a few rows easily, so a branch counts only when its whole cost is
  /// near the level that the enumeration has reached (`Options.branchSlack`).
  func tryBranches() {
    guard options.usesBranches else { return }
    let measures = [nil] + bank.vocabulary.measures.indices.map(Optional.some)
    // Together they may take as much as all else.
    let allowance = max(Enumeration.smallestBranchWork, bank.stepsSpent - 2 * branchSteps)
    let share = Enumeration.branchWorkPerStep * allowance / measures.count
    for measure in measures {
      let conditions = conditions(measure: measure)
      var work = 0
      var tried = 0
      while tried < Enumeration.maximumBranches, work < share {
        let before = blamed.count
        work += tryBranches(
          on: conditions, measure: measure, workLimit: share - work, tried: &tried)
        // Without the arm that was too slow, others come to the front.
        if isOver || blamed.count == before { break }
      }
      if isOver { return }
    }
  }

  /// Proposes the cheapest branch for each first condition, those with few branches inside first,
  /// until one is blamed for its cost.
  ///
  /// - Returns: The comparisons of row sets that it took.
  private func tryBranches(
    on conditions: [Condition], measure: Int?, workLimit: Int, tried: inout Int
  ) -> Int {
    let arms = arms(measure: measure)
    guard arms.union == bank.allRows else { return 0 }
    var finder = BranchFinder(
      arms: arms, conditions: conditions, branchCost: 1, allRows: bank.allRows,
      workLimit: workLimit)
    defer {
      bank.spend(finder.work / Enumeration.branchWorkPerStep)
      branchSteps += finder.work / Enumeration.branchWorkPerStep
    }
    let before = blamed.count
    for depth in 1...Enumeration.maximumDepth where finder.work < workLimit {
      for candidate in finder.candidates(depth: depth, limit: level + options.branchSlack)
      where tried < Enumeration.maximumBranches {
        if propose(candidate.term) { tried += 1 }
        if isOver || blamed.count > before { return finder.work }
      }
    }
    return finder.work
  }

  /// Terms that are right on some rows, those that two parts make together among them.
  private func arms(measure: Int?) -> Arms {
    var found = matches.arms(measure: measure)
    for split in splits {
      let seconds = split.parts[1].matches.arms(measure: measure)
      for first in split.parts[0].matches.arms(measure: measure) {
        for second in seconds where first.rows & second.rows != 0 {
          found.append(
            Arms.Arm(
              rows: first.rows & second.rows, cost: first.cost + second.cost + split.cost,
              term: .apply(split.atom, [first.term, second.term])))
        }
      }
    }
    var arms = Arms(alternatives: 1)
    for (_, arm) in found.enumerated().sorted(by: {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }) {
      arms.add(rows: arm.rows, cost: arm.cost, term: arm.term)
    }
    return arms
  }

  private func conditions(measure: Int?) -> [Condition] {
    guard let typeID = bank.typeIndex[.bool] else { return [] }
    var found: [Condition] = []
    for (cost, ids) in levels[typeID].enumerated() {
      for id in ids.elements where found.count < Enumeration.maximumConditions {
        let isTrue = bank.truth(of: id)
        var defined = bank.masks[Int(id)]
        let isRecursive = bank.isRecursive(id)
        if isRecursive {
          guard let measure else { continue }
          defined &= bank.soundRows(of: id, measure: measure)
        }
        guard isTrue & defined != 0, isTrue & defined != defined else { continue }
        found.append(
          Condition(
            id: id, defined: defined, isTrue: isTrue, cost: cost, isRecursive: isRecursive))
      }
    }
    return found
  }
}
