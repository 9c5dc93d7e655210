import ReefMachine

extension Enumeration {
  /// The most nested branches of one candidate, and the most conditions that are tried.
  private static let maximumDepth = 3
  private static let maximumConditions = 4_000

  /// Puts a branch together from terms that are right on some rows, if they cover all.
  ///
  /// Arms and conditions fit a few rows easily, so a branch counts only when its whole cost is
  /// near the level that the enumeration has reached (`Options.branchSlack`).
  func tryBranches() {
    guard options.usesBranches else { return }
    for _ in 0..<4 {
      let arms = armsWithParts()
      guard arms.union == bank.allRows else { return }
      var finder = BranchFinder(arms: arms, conditions: conditions(), branchCost: 1)
      let found = finder.best(
        rows: bank.allRows, depth: Enumeration.maximumDepth, limit: level + options.branchSlack)
      bank.spend(finder.work / 8)
      guard let found else { return }
      propose(found.term)
      if isOver { return }
      ban(found.term)
    }
  }

  /// A branch was turned down where it ran: drop the arms that may be at fault, so that the next
  /// best has a chance. First those whose self-call no measure vouches for, else every self-call
  /// of the branch, else all of its arms.
  private func ban(_ branch: Term) {
    let leaves = Enumeration.leaves(of: branch)
    let unmeasured = leaves.filter { bank.recursion(in: $0).isUnmeasured }
    let recursive = leaves.filter { bank.recursion(in: $0).isRecursive }
    let banned = unmeasured.isEmpty ? (recursive.isEmpty ? leaves : recursive) : unmeasured
    for term in banned {
      switch term {
      case .entry(let id): arms.remove { $0.term.entry == id }
      case .apply(let atom, let parts):
        for split in splits.indices where splits[split].atom == atom {
          for (position, part) in parts.enumerated() where bank.recursion(in: part).isRecursive {
            splits[split].parts[position].matches.remove { $0.term.entry == part.entry }
          }
        }
      case .branch: break
      }
    }
  }

  private static func leaves(of term: Term) -> [Term] {
    guard case .branch(_, let then, let otherwise) = term else { return [term] }
    return leaves(of: then) + leaves(of: otherwise)
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
        found.append(Condition(id: id, defined: defined, isTrue: isTrue, cost: cost))
      }
    }
    return found
  }
}
