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
  private let alternatives = 3
  private let capacity = 600

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

  mutating func remove(where isBanned: (Arm) -> Bool) {
    arms.removeAll(where: isBanned)
    union = arms.reduce(0) { $0 | $1.rows }
  }

  /// The cheapest arm that is right on all of `rows`.
  func cheapest(covering rows: UInt64) -> Arm? {
    var best: Arm?
    for arm in arms where rows & ~arm.rows == 0 && arm.cost < best?.cost ?? .max { best = arm }
    return best
  }
}

/// A condition of a branch: on which rows it has a value, and on which the value is true.
struct Condition {
  let id: Int32
  let defined: UInt64
  let isTrue: UInt64
  let cost: Int
}

/// Finds the cheapest decision tree over conditions whose leaves are arms.
///
/// The tree is a chain: at each branch at least one side is a leaf. That is what an `else if`
/// says, and it keeps the search polynomial: O(conditions · arms) for each distinct rest of rows.
struct BranchFinder {
  let arms: Arms
  let conditions: [Condition]
  let branchCost: Int
  private var known: [Key: (cost: Int, term: Term)?] = [:]
  /// Spent in units of one comparison of row sets.
  private(set) var work = 0

  private struct Key: Hashable {
    let rows: UInt64
    let depth: Int
  }

  init(arms: Arms, conditions: [Condition], branchCost: Int) {
    self.arms = arms
    self.conditions = conditions
    self.branchCost = branchCost
  }

  /// The cheapest term for `rows` of at most `depth` nested branches whose cost is within `limit`.
  mutating func best(rows: UInt64, depth: Int, limit: Int) -> (cost: Int, term: Term)? {
    let key = Key(rows: rows, depth: depth)
    if let found = known[key] { return found.flatMap { $0.cost <= limit ? $0 : nil } }
    var best = arms.cheapest(covering: rows).map { (cost: $0.cost, term: $0.term) }
    work += arms.arms.count
    // The memo serves every caller, so it is filled with the best there is, limit or no limit.
    guard depth > 0, rows & (rows - 1) != 0 else {
      known[key] = .some(best)
      return best.flatMap { $0.cost <= limit ? $0 : nil }
    }
    var seen: Set<UInt64> = []
    for condition in conditions {
      guard condition.cost + branchCost + 2 <= min(best?.cost ?? .max, limit + 1) else { continue }
      guard rows & ~condition.defined == 0 else { continue }
      let then = rows & condition.isTrue
      let otherwise = rows & ~condition.isTrue
      guard then != 0, otherwise != 0, seen.insert(then).inserted else { continue }
      work += arms.arms.count * 2
      let thenLeaf = arms.cheapest(covering: then)
      let otherwiseLeaf = arms.cheapest(covering: otherwise)
      let overhead = condition.cost + branchCost
      func offer(_ left: (cost: Int, term: Term)?, _ right: (cost: Int, term: Term)?) {
        guard let left, let right else { return }
        let cost = overhead + left.cost + right.cost
        guard cost < best?.cost ?? .max else { return }
        best = (
          cost, .branch(condition: .entry(condition.id), then: left.term, otherwise: right.term)
        )
      }
      let thenBest = thenLeaf.map { (cost: $0.cost, term: $0.term) }
      let otherwiseBest = otherwiseLeaf.map { (cost: $0.cost, term: $0.term) }
      offer(thenBest, otherwiseBest)
      if depth > 1 {
        if let thenBest, otherwiseBest == nil {
          offer(thenBest, self.best(rows: otherwise, depth: depth - 1, limit: limit))
        } else if let otherwiseBest, thenBest == nil {
          offer(self.best(rows: then, depth: depth - 1, limit: limit), otherwiseBest)
        }
      }
    }
    known[key] = .some(best)
    return best.flatMap { $0.cost <= limit ? $0 : nil }
  }
}
