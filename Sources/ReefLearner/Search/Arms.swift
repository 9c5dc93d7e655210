/// Terms that are right on some rows: what a branch is put together from.
///
/// For each set of rows the cheapest few terms are kept, and a set that a cheaper term covers
/// altogether is dropped.
struct Arms {
  struct Arm {
    let rows: UInt64
    let cost: Int
    let term: Term
  }

  private(set) var arms: [Arm] = []
  private(set) var union: UInt64 = 0
  /// How many terms for one set of rows; a verifier may turn the first ones down.
  private let alternatives: Int
  private let capacity = 600

  init(alternatives: Int) { self.alternatives = alternatives }

  mutating func add(rows: UInt64, cost: Int, term: @autoclosure () -> Term) {
    guard rows != 0, arms.count < capacity else { return }
    var covering = 0
    for arm in arms where arm.cost <= cost && rows & ~arm.rows == 0 {
      covering += 1
      if covering >= alternatives { return }
    }
    arms.append(Arm(rows: rows, cost: cost, term: term()))
    union |= rows
  }

  mutating func remove(_ id: Int32) {
    arms.removeAll { $0.term.entry == id }
    union = arms.reduce(0) { $0 | $1.rows }
  }

  /// The cheapest arm that is right on all of `rows`.
  func cheapest(covering rows: UInt64) -> Arm? {
    var work = 0
    return cheapest(covering: rows, work: &work)
  }

  /// As `cheapest(covering:)`, adding the number of arms that were looked at to `work`.
  func cheapest(covering rows: UInt64, work: inout Int) -> Arm? {
    // Arms come in the order of their cost.
    for (index, arm) in arms.enumerated() where rows & ~arm.rows == 0 {
      work += index
      return arm
    }
    work += arms.count
    return nil
  }

  /// The sets of rows that no other arm's rows contain.
  var maximalRows: [UInt64] {
    let sets = Set(arms.map(\.rows)).sorted {
      let (left, right) = ($0.nonzeroBitCount, $1.nonzeroBitCount)
      return left != right ? left > right : $0 < $1
    }
    return sets.reduce(into: []) { maximal, rows in
      if !maximal.contains(where: { rows & ~$0 == 0 }) { maximal.append(rows) }
    }
  }
}

/// The arms that call the skill itself and those that do not, apart.
///
/// The arms of one branch may only rely on one measure for their end, so those that call the skill
/// are kept for each measure, with the rows on which it shrinks.
final class RowMatches {
  private(set) var plain = Arms(alternatives: 3)
  private var recursive: [Arms]

  init(in bank: Bank) { recursive = bank.vocabulary.measures.map { _ in Arms(alternatives: 3) } }

  func add(_ id: Int32, rows: UInt64, cost: Int, in bank: Bank) {
    guard rows != 0 else { return }
    guard bank.isRecursive(id) else {
      plain.add(rows: rows, cost: cost, term: .entry(id))
      return
    }
    for measure in recursive.indices {
      let sound = rows & bank.soundRows(of: id, measure: measure)
      recursive[measure].add(rows: sound, cost: cost, term: .entry(id))
    }
  }

  func remove(_ id: Int32) {
    plain.remove(id)
    for measure in recursive.indices { recursive[measure].remove(id) }
  }

  /// Whether no arm covers all of the rows.
  func isNews(_ rows: UInt64) -> Bool {
    plain.cheapest(covering: rows) == nil
      && recursive.allSatisfy { $0.cheapest(covering: rows) == nil }
  }

  /// The arms that may stand together; without a measure those without a self-call.
  func arms(measure: Int?) -> [Arms.Arm] {
    plain.arms + (measure.map { recursive[$0].arms } ?? [])
  }
}

/// A condition of a branch: on which rows it has a value, and on which the value is true.
struct Condition {
  let id: Int32
  let defined: UInt64
  let isTrue: UInt64
  let cost: Int
  /// Such a condition never comes first: something must have been decided before the self-call.
  var isRecursive = false
}

/// Finds the cheapest decision tree over conditions whose leaves are arms.
///
/// The tree is a chain: at each branch at least one side is a leaf. That is what an `else if`
/// says, and it keeps the search polynomial: O(conditions · arms) for each distinct rest of rows.
struct BranchFinder {
  let arms: Arms
  let conditions: [Condition]
  let branchCost: Int
  let allRows: UInt64
  /// What no arm covers is found out with these, which are few.
  private let maximalRows: [UInt64]
  private var known: [Key: (cost: Int, term: Term)?] = [:]
  /// Spent in units of one comparison of row sets.
  private(set) var work = 0
  /// When this much is spent, no further condition is looked at.
  let workLimit: Int

  private struct Key: Hashable {
    let rows: UInt64
    let depth: Int
  }

  init(arms: Arms, conditions: [Condition], branchCost: Int, allRows: UInt64, workLimit: Int) {
    self.arms = arms
    self.conditions = conditions
    self.branchCost = branchCost
    self.allRows = allRows
    self.workLimit = workLimit
    maximalRows = arms.maximalRows
  }

  /// The best term for each condition that may come first, cheapest first; a term that needs no
  /// condition is the first of all. Terms that cost more than `limit` are left out.
  mutating func candidates(depth: Int, limit: Int) -> [(cost: Int, term: Term)] {
    var found: [(cost: Int, term: Term)] = []
    if let arm = arms.cheapest(covering: allRows), arm.cost <= limit {
      found.append((arm.cost, arm.term))
    }
    var seen: Set<UInt64> = []
    for condition in conditions where !condition.isRecursive {
      guard work < workLimit else { break }
      if let term = branch(on: condition, rows: allRows, depth: depth, limit: limit, seen: &seen) {
        found.append(term)
      }
    }
    return found.enumerated()
      .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
      .map(\.element)
  }

  /// The cheapest term for `rows` of at most `depth` nested branches whose cost is within `limit`.
  private mutating func best(rows: UInt64, depth: Int, limit: Int) -> (cost: Int, term: Term)? {
    let key = Key(rows: rows, depth: depth)
    if let known = known[key] { return known }
    var best = leaf(rows)
    if depth > 0, rows & (rows - 1) != 0 {
      var seen: Set<UInt64> = []
      for condition in conditions {
        // Conditions are in the order of their cost.
        guard work < workLimit,
          condition.cost + branchCost + 2 <= min(best?.cost ?? .max, limit)
        else { break }
        if let term = branch(on: condition, rows: rows, depth: depth, limit: limit, seen: &seen),
          term.cost < best?.cost ?? .max
        {
          best = term
        }
      }
    }
    known[key] = .some(best)
    return best
  }

  /// The cheapest arm that is right on all of `rows`.
  private mutating func leaf(_ rows: UInt64) -> (cost: Int, term: Term)? {
    work += maximalRows.count
    guard maximalRows.contains(where: { rows & ~$0 == 0 }) else { return nil }
    return arms.cheapest(covering: rows, work: &work).map { ($0.cost, $0.term) }
  }

  /// The cheapest term for `rows` that first asks `condition`; nil where the condition does not
  /// tell the rows apart, or no cheaper than one in `seen`.
  private mutating func branch(
    on condition: Condition, rows: UInt64, depth: Int, limit: Int, seen: inout Set<UInt64>
  ) -> (cost: Int, term: Term)? {
    guard rows & ~condition.defined == 0 else { return nil }
    let then = rows & condition.isTrue
    let otherwise = rows & ~condition.isTrue
    guard then != 0, otherwise != 0, seen.insert(then).inserted else { return nil }
    let overhead = condition.cost + branchCost
    var left = leaf(then)
    var right = leaf(otherwise)
    if depth > 1 {
      if left != nil, right == nil {
        right = best(rows: otherwise, depth: depth - 1, limit: limit - overhead)
      } else if right != nil, left == nil {
        left = best(rows: then, depth: depth - 1, limit: limit - overhead)
      }
    }
    guard let left, let right, overhead + left.cost + right.cost <= limit else { return nil }
    return (
      overhead + left.cost + right.cost,
      .branch(condition: .entry(condition.id), then: left.term, otherwise: right.term)
    )
  }
}
