import ReefMachine
import ReefTasks

/// Bottom-up enumeration with observational equivalence (Udupa et al. 2013; Albarghouthi et al.
/// 2013): terms in the order of their cost, one representative for each behaviour on the rows.
///
/// The wanted behaviour is met half-way by inverses (`Enumeration+Goals`), and terms that are right
/// on some rows only become the arms of branches (`Enumeration+Branches`). When an example joins
/// the rows, a new enumeration begins.
final class Enumeration {
  enum Outcome {
    /// A term passed the check.
    case solved(SkillCode)
    /// A term fitted all rows and was wrong on this example.
    case counterexample(Example)
    /// The budget, the memory or the terms ran out.
    case exhausted
    case cancelled
  }

  struct Options {
    /// In search steps.
    var stepBudget = 1_000_000
    var maximumCost = 40
    var maximumEntries = 1_200_000
    /// How far the cost of a branch may be above the level that the enumeration has reached.
    var branchSlack = 24
    var usesInverses = true
    var usesBranches = true
  }

  let bank: Bank
  let options: Options
  private let check: Check<SkillCode>
  private let isCancelled: () -> Bool
  /// Entry ids by type, then cost.
  private(set) var levels: [[[Int32]]]
  private(set) var level = 0

  let target: Bank.Column
  /// Terms that are right on some rows.
  var matches: RowMatches
  var splits: [Split] = []
  var goals = Goals()
  /// Terms that behave as wanted and were kept beside the first one.
  private var repeatsOfTarget = 0
  private static let maximumRepeats = 200
  private var checked: Set<Digest> = []
  private var outcome: Outcome?
  private var isSweeping = false

  /// The rows of the problem have outputs.
  init(
    bank: Bank, options: Options, check: @escaping Check<SkillCode>,
    isCancelled: @escaping () -> Bool
  ) throws {
    self.bank = bank
    self.options = options
    self.check = check
    self.isCancelled = isCancelled
    levels = bank.types.map { _ in Array(repeating: [], count: options.maximumCost + 2) }
    matches = RowMatches(in: bank)
    let problem = bank.problem
    target = try bank.column(problem.rows.map(\.output), type: problem.signature.result)!
    try setParts()
    setGoals()
  }

  var isOver: Bool { outcome != nil }

  /// Enumerates level after level until something is accepted or the budget is spent.
  func run() throws -> Outcome {
    for cost in 1...options.maximumCost {
      level = cost
      try addLeaves(cost)
      if outcome == nil { try enumerate(cost) }
      if outcome == nil { try sweep(cost) }
      if outcome == nil { try meetGoals() }
      if outcome == nil { tryBranches() }
      if let outcome { return outcome }
    }
    return .exhausted
  }

  private func addLeaves(_ cost: Int) throws {
    let problem = bank.problem
    if cost == 1 {
      for (index, parameter) in problem.signature.parameters.enumerated() {
        let values = problem.rows.map { $0.input[index] }
        if let behaviour = try bank.evaluate(values, type: parameter.type) {
          try offer(behaviour, .input(index), SIMD4(repeating: 0), cost)
        }
      }
    }
    for (index, constant) in bank.vocabulary.constants.enumerated() where constant.cost == cost {
      let values = problem.rows.map { _ in constant.value }
      if let behaviour = try bank.evaluate(values, type: constant.type) {
        try offer(behaviour, .constant(index), SIMD4(repeating: 0), cost)
      }
    }
  }

  /// Looks a little ahead: applications that cost more than the level, of those skills only that
  /// give the wanted type and that the guide holds likely. Nothing but the wanted value is kept,
  /// and a skill whose applications are too many waits for its level.
  private func sweep(_ cost: Int) throws {
    isSweeping = true
    defer { isSweeping = false }
    var wanted: Set<Type> = [bank.problem.signature.result]
    for goal in goals.goals { wanted.insert(bank.types[goal.typeID]) }
    for ahead in 1...Enumeration.sweepDepth {
      try enumerate(cost + ahead) { index, operation in
        operation.isLikelySkill && wanted.contains(operation.resultType)
          && self.applicationCount(index, cost + ahead) <= Enumeration.sweepLimit
      }
    }
  }

  /// How many levels a sweep looks ahead, and the most applications of one skill in one of them.
  private static let sweepDepth = 4
  private static let sweepLimit = 400_000

  /// How many applications of the operation cost `cost`.
  private func applicationCount(_ index: Int, _ cost: Int) -> Int {
    let operation = bank.vocabulary.operations[index]
    // ways[c]: choices for the operands so far that cost c together.
    var ways = [Int](repeating: 0, count: cost + 1)
    ways[0] = 1
    for typeID in bank.parameterTypeIDs[index] {
      var next = [Int](repeating: 0, count: cost + 1)
      for (spent, count) in ways.enumerated() where count > 0 {
        for own in 1..<max(2, cost + 1 - spent) where spent + own <= cost {
          let (product, overflow) = count.multipliedReportingOverflow(by: levels[typeID][own].count)
          guard !overflow, product < 1 << 40 else { return .max }
          next[spent + own] += product
        }
      }
      ways = next
    }
    return operation.cost <= cost ? ways[cost - operation.cost] : 0
  }

  /// Every application whose operands' costs and own cost add up to `cost`.
  private func enumerate(
    _ cost: Int, where isIncluded: (Int, Operation) -> Bool = { _, _ in true }
  ) throws {
    guard cost <= options.maximumCost else { return }
    for index in bank.vocabulary.operations.indices {
      let operation = bank.vocabulary.operations[index]
      guard isIncluded(index, operation) else { continue }
      let rest = cost - operation.cost
      guard rest >= operation.arity else { continue }
      if isCancelled() { outcome = .cancelled }
      if isOver { return }
      let typeIDs = bank.parameterTypeIDs[index]
      switch operation.arity {
      case 1:
        for a in levels[typeIDs[0]][rest] {
          try consider(index, SIMD4(a, 0, 0, 0), cost)
          if isOver { return }
        }
      case 2:
        for costA in 1..<rest {
          let costB = rest - costA
          if operation.isCommutative && costA > costB { break }
          let first = levels[typeIDs[0]][costA]
          let second = levels[typeIDs[1]][costB]
          for (position, a) in first.enumerated() {
            let start = operation.isCommutative && costA == costB ? position : 0
            guard start < second.count else { continue }
            for b in second[start...] {
              try consider(index, SIMD4(a, b, 0, 0), cost)
            }
            if isOver { return }
          }
        }
      default: try enumerateTuples(index, typeIDs, position: 0, SIMD4(0, 0, 0, 0), rest, cost)
      }
    }
  }

  private func enumerateTuples(
    _ index: Int, _ typeIDs: [Int], position: Int, _ operands: SIMD4<Int32>, _ rest: Int,
    _ cost: Int
  ) throws {
    let remaining = typeIDs.count - position - 1
    var operands = operands
    if remaining == 0 {
      for id in levels[typeIDs[position]][rest] {
        operands[position] = id
        try consider(index, operands, cost)
        if isOver { return }
      }
      return
    }
    guard rest - remaining >= 1 else { return }
    for own in 1...(rest - remaining) {
      for id in levels[typeIDs[position]][own] {
        operands[position] = id
        try enumerateTuples(index, typeIDs, position: position + 1, operands, rest - own, cost)
        if isOver { return }
      }
    }
  }

  @inline(__always)
  private func consider(_ index: Int, _ operands: SIMD4<Int32>, _ cost: Int) throws {
    if let behaviour = try bank.evaluate(index, operands) {
      try offer(behaviour, .operation(index), operands, cost)
    }
    if bank.stepsSpent > options.stepBudget, outcome == nil { outcome = .exhausted }
  }

  /// Keeps the candidate if its behaviour is new, and looks whether anything wanted it.
  @inline(__always)
  private func offer(
    _ behaviour: Bank.Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, _ cost: Int
  ) throws {
    if isSweeping {
      if behaviour.hash == target.hash {
        propose(.entry(try bank.keep(behaviour, origin, operands, cost: cost)))
      } else if goals.byHash[behaviour.hash] != nil, bank.find(behaviour.hash) == nil {
        let id = try bank.keep(behaviour, origin, operands, cost: cost)
        noteGoal(id, cost: cost, hash: behaviour.hash)
      }
    } else if let id = try bank.keepIfNew(behaviour, origin, operands, cost: cost) {
      levels[behaviour.typeID][cost].append(id)
      if behaviour.typeID == 0 {
        matches.add(id, rows: bank.matching(target, behaviour.mask), cost: cost, in: bank)
      }
      noteParts(id, behaviour, cost: cost)
      noteGoal(id, cost: cost, hash: behaviour.hash)
      if behaviour.hash == target.hash { propose(.entry(id)) }
      if bank.entries.count >= options.maximumEntries, outcome == nil { outcome = .exhausted }
    } else if behaviour.hash == target.hash, repeatsOfTarget < Enumeration.maximumRepeats {
      // Another term for the wanted behaviour: it may run where the first one did not.
      repeatsOfTarget += 1
      propose(.entry(try bank.keep(behaviour, origin, operands, cost: cost)))
    }
    bank.discard()
  }

  /// Checks a term that fits all rows.
  ///
  /// - Returns: Whether it was new: neither checked before nor without an end.
  @discardableResult
  func propose(_ term: Term) -> Bool {
    guard outcome == nil, !bank.diverges(term) else { return false }
    let code = bank.code(term)
    guard checked.insert(code.digest).inserted else { return false }
    let (found, steps) = check(code)
    bank.spend(steps)
    switch found {
    case .accepted: outcome = .solved(code)
    case .wrong(let example):
      // With no room for another row the search goes on and leaves it to the check.
      guard bank.rowCount < Problem.maximumRows else { return true }
      if let row = bank.problem.rows.firstIndex(of: example) {
        // Right on the row with the oracle's answers: a self-call went wrong, and its arguments
        // are the example to learn from.
        outcome = bank.selfCallExample(in: term, row: row).map { .counterexample($0) }
      } else {
        outcome = .counterexample(example)
      }
    case .rejected:
      // Right but too slow: as an arm it would be so on every row.
      if let id = term.entry { matches.remove(id) }
    }
    return true
  }
}
