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
    /// Terms fitted all rows and were wrong on these examples.
    case counterexamples([Example])
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
    /// How far the cost of a term that met a goal which is no list and no pair may be above the
    /// level: there are few scalars, so that many terms meet one by chance.
    var goalSlack = Enumeration.goalSlack
    var usesInverses = true
    /// The most goals, and the most that the way from a goal to the wanted value may cost.
    var maximumGoals = 3_000
    var maximumGoalCost = 6
    /// What may be spent on new goals at one level in any case, in search steps.
    var smallestGoalWork = 20_000
    var usesBranches = true
  }

  let bank: Bank
  let options: Options
  private let check: Check<SkillCode>
  private let isCancelled: () -> Bool
  /// Entry ids by type, then cost.
  let levels: [[GrowingBuffer<Int32>]]
  private(set) var level = 0

  let target: Bank.Column
  /// Terms that are right on some rows.
  let matches: RowMatches
  var splits: [Split] = []
  var goals = Goals()
  /// Terms that behave as wanted and were kept beside the first one.
  private var repeatsOfTarget = 0
  private static let maximumRepeats = 200
  private var checked: Set<Digest> = []
  /// Arms that were too slow, and their behaviours.
  private(set) var blamed: Set<Application> = []
  private var reopened: Set<UInt64> = []
  private var outcome: Outcome?
  /// On which branches of this level were wrong.
  private var counterexamples: [Example] = []
  /// For how many times the steps that found a branch something shorter is looked for.
  private static let patience = 4
  /// A branch that was accepted, and the steps until which something shorter may take its place.
  private var accepted: (code: SkillCode, deadline: Int)?
  /// How many levels each operation waits because it takes long.
  private var delays: [Int]
  private var isSweeping = false
  private var stepsSwept = 0
  /// Up to which cost of operands a sweep has been through the applications of a place.
  private var swept: [Place: Int] = [:]
  /// What branches have taken, in search steps.
  var branchSteps = 0

  /// The rows of the problem have outputs.
  init(
    bank: Bank, options: Options, check: @escaping Check<SkillCode>,
    isCancelled: @escaping () -> Bool
  ) throws {
    self.bank = bank
    self.options = options
    self.check = check
    self.isCancelled = isCancelled
    levels = bank.types.map { _ in (0..<options.maximumCost + 2).map { _ in GrowingBuffer() } }
    matches = RowMatches(in: bank)
    delays = bank.vocabulary.operations.map { _ in 0 }
    let problem = bank.problem
    target = try bank.column(problem.rows.map(\.output), type: problem.signature.result)!
    try setParts()
    setGoals()
  }

  var isOver: Bool { outcome != nil }

  private var budget: Int { min(options.stepBudget, accepted?.deadline ?? .max) }

  private func end() { outcome = accepted.map { .solved($0.code) } ?? .exhausted }

  /// Enumerates level after level until something is accepted or the budget or the memory is spent.
  func run() throws -> Outcome {
    do {
      try search()
    } catch MachineError.memory {
      // The bank is full.
      end()
    }
    if case .exhausted? = outcome {
      // The budget may have ended before something that was found could be proposed.
      outcome = nil
      proposeMet()
    }
    if outcome == nil { end() }
    return outcome!
  }

  private func search() throws {
    for cost in 1...options.maximumCost {
      level = cost
      try addLeaves(cost)
      if outcome == nil { try enumerate(cost) }
      if outcome == nil { try sweep(cost) }
      if outcome == nil { try meetGoals() }
      if outcome == nil { tryBranches() }
      if outcome == nil, accepted == nil, !counterexamples.isEmpty {
        outcome = .counterexamples(counterexamples)
      }
      if outcome != nil { return }
    }
  }

  /// Ends the search, but for a branch: its cost is far above the level at which it is met, so that
  /// the enumeration may be about to meet something shorter.
  private func accept(_ term: Term, _ code: SkillCode) {
    let isShorter = accepted.map { code.steps.count < $0.code.steps.count } ?? true
    guard isShorter else { return }
    if term.isBranch {
      accepted = (code, accepted?.deadline ?? Enumeration.patience * bank.stepsSpent)
    } else {
      outcome = .solved(code)
    }
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
    for (index, constant) in bank.constants.enumerated() where constant.cost == cost {
      let values = problem.rows.map { _ in constant.value }
      if let behaviour = try bank.evaluate(values, type: constant.type) {
        try offer(behaviour, .constant(index), SIMD4(repeating: 0), cost)
      }
    }
  }

  /// Looks a little ahead: applications that cost more than the level, of those skills only that
  /// give the wanted type and that the guide holds likely. Nothing but what is wanted is kept, and
  /// a skill whose applications would take too many steps waits for its level.
  private func sweep(_ cost: Int) throws {
    let before = bank.stepsSpent
    isSweeping = true
    defer {
      isSweeping = false
      stepsSwept += bank.stepsSpent - before
    }
    var wanted: Set<Type> = [bank.problem.signature.result]
    for goal in goals.goals { wanted.insert(bank.types[goal.typeID]) }
    let likely = bank.vocabulary.operations.indices.filter {
      bank.vocabulary.operations[$0].isLikely
        && wanted.contains(bank.vocabulary.operations[$0].resultType)
    }
    guard !likely.isEmpty else { return }
    // The fewest steps first, weighed by rank: together as many as the enumeration itself took.
    var left = max(Enumeration.smallestSweep, before - stepsSwept - branchSteps)
    var ahead = Array(repeating: 1, count: likely.count)
    while true {
      var best: (position: Int, steps: Int)?
      for (position, index) in likely.enumerated() where ahead[position] <= Enumeration.sweepDepth {
        let steps = sweepSteps(index, cost: cost + ahead[position])
        guard steps <= left else { continue }
        if let known = best, steps * (position + 1) >= known.steps * (known.position + 1) {
          continue
        }
        best = (position, steps)
      }
      guard let (position, steps) = best else { return }
      let place = Place(operation: likely[position], cost: cost + ahead[position])
      try apply(place.operation, cost: place.cost, above: swept[place] ?? 0)
      if isOver { return }
      proposeMet()
      if isOver { return }
      left -= steps
      swept[place] = cost
      ahead[position] += 1
    }
  }

  /// What the applications of an operation that cost `cost` and have not been swept may take.
  private func sweepSteps(_ index: Int, cost: Int) -> Int {
    let done = swept[Place(operation: index, cost: cost)] ?? 0
    let steps = applicationCount(index, cost - delays[index], above: done)
      .multipliedReportingOverflow(
        by: bank.averageSteps(of: index, onlyWanted: bank.resultTypeIDs[index] != 0))
    return steps.overflow ? .max : steps.partialValue
  }

  /// How many levels a sweep looks ahead, and the steps that it may take in any case.
  private static let sweepDepth = 4
  private static let smallestSweep = 20_000

  /// The applications of one operation that have one cost.
  private struct Place: Hashable {
    let operation: Int
    let cost: Int
  }

  /// How many applications of the operation cost `cost` and have an operand that costs more than
  /// `least`.
  private func applicationCount(_ index: Int, _ cost: Int, above least: Int) -> Int {
    let operation = bank.vocabulary.operations[index]
    guard operation.cost < cost else { return 0 }
    func count(below limit: Int) -> Int {
      // ways[c]: choices for the operands so far that cost c together.
      var ways = [Int](repeating: 0, count: cost + 1)
      ways[0] = 1
      for typeID in bank.parameterTypeIDs[index] {
        var next = [Int](repeating: 0, count: cost + 1)
        for (spent, count) in ways.enumerated() where count > 0 {
          for own in 1..<max(2, min(limit, cost + 1 - spent)) where spent + own <= cost {
            let product = count.multipliedReportingOverflow(by: levels[typeID][own].count)
            guard !product.overflow, product.partialValue < 1 << 40 else { return 1 << 40 }
            next[spent + own] += product.partialValue
          }
        }
        ways = next
      }
      return ways[cost - operation.cost]
    }
    return count(below: level + 1) - (least > 0 ? count(below: least + 1) : 0)
  }

  /// Every application whose operands' costs and own cost add up to `cost`.
  ///
  /// An operation that would take more than all before the level did waits for the next one, now
  /// and from then on: what it takes to run adds to its cost (Levin 1973).
  private func enumerate(_ cost: Int) throws {
    let before = bank.stepsSpent
    let share = max(Enumeration.smallestShare, before)
    var cheapest: (index: Int, steps: Int)?
    for index in bank.vocabulary.operations.indices {
      if let steps = bank.measuredSteps(of: index) {
        let count = applicationCount(index, cost - delays[index], above: 0)
        if count > share / steps {
          delays[index] += 1
          let all = count.multipliedReportingOverflow(by: steps)
          if !all.overflow, all.partialValue < cheapest?.steps ?? .max {
            cheapest = (index, all.partialValue)
          }
          continue
        }
      }
      try apply(index, cost: cost)
      if isOver { return }
    }
    // Nothing is gained by waiting for nobody.
    if let (index, _) = cheapest, bank.stepsSpent == before {
      delays[index] -= 1
      try apply(index, cost: cost)
    }
  }

  /// In search steps: what an operation may take at a level in any case.
  private static let smallestShare = 20_000

  /// The applications of one operation that cost `cost`, what it waits for included.
  ///
  /// - Parameter least: Only those with an operand that costs more.
  private func apply(_ index: Int, cost: Int, above least: Int = 0) throws {
    let operation = bank.vocabulary.operations[index]
    let rest = cost - operation.cost - delays[index]
    guard rest >= operation.arity, cost <= options.maximumCost else { return }
    if isCancelled() { outcome = .cancelled }
    if isOver { return }
    let typeIDs = bank.parameterTypeIDs[index]
    switch operation.arity {
    case 1:
      guard rest > least else { return }
      for a in levels[typeIDs[0]][rest].elements {
        try consider(index, SIMD4(a, 0, 0, 0), cost)
        if isOver { return }
      }
    case 2:
      for costA in 1..<rest {
        let costB = rest - costA
        if operation.isCommutative && costA > costB { break }
        guard max(costA, costB) > least else { continue }
        let first = levels[typeIDs[0]][costA].elements
        let second = levels[typeIDs[1]][costB].elements
        for (position, a) in first.enumerated() {
          let start = operation.isCommutative && costA == costB ? position : 0
          guard start < second.count else { continue }
          if case .integer(let integer) = bank.vocabulary.evaluations[index], reopened.isEmpty {
            try applyIntegers(
              integer, index, a, UnsafeBufferPointer(rebasing: second[start...]), cost)
          } else {
            for b in second[start...] {
              try consider(index, SIMD4(a, b, 0, 0), cost)
            }
          }
          if isOver { return }
        }
      }
    default:
      try applyTuples(
        index, typeIDs, position: 0, SIMD4(0, 0, 0, 0), rest, cost, above: least)
    }
  }

  /// The applications of an operation on ints to one entry and others, block by block: what behaves
  /// like an entry is passed over before it is evaluated.
  private func applyIntegers(
    _ integer: IntegerOperation, _ index: Int, _ a: Int32, _ others: UnsafeBufferPointer<Int32>,
    _ cost: Int
  ) throws {
    for start in stride(from: 0, to: others.count, by: Bank.blockCount) where !isOver {
      let count = min(Bank.blockCount, others.count - start)
      let block = UnsafeBufferPointer(rebasing: others[start..<start + count])
      let before = bank.candidates
      let (whole, known) = bank.evaluateBlock(integer, index, a, block, but: target.hash)
      bank.skip(known.nonzeroBitCount)
      for (position, b) in block.enumerated() where known & (1 << UInt64(position)) == 0 {
        let operands = SIMD4(a, b, 0, 0)
        if whole & (1 << UInt64(position)) != 0 {
          try offer(bank.candidate(position, of: index), .operation(index), operands, cost)
        } else {
          try consider(index, operands, cost)
        }
      }
      if bank.stepsSpent > budget, outcome == nil { end() }
      if (before ^ bank.candidates) & ~0xFFF != 0, isCancelled() { outcome = .cancelled }
    }
  }

  private func applyTuples(
    _ index: Int, _ typeIDs: [Int], position: Int, _ operands: SIMD4<Int32>, _ rest: Int,
    _ cost: Int, above least: Int
  ) throws {
    let remaining = typeIDs.count - position - 1
    var operands = operands
    if remaining == 0 {
      guard rest > least else { return }
      for id in levels[typeIDs[position]][rest].elements {
        operands[position] = id
        try consider(index, operands, cost)
        if isOver { return }
      }
      return
    }
    guard rest - remaining >= 1 else { return }
    for own in 1...(rest - remaining) {
      for id in levels[typeIDs[position]][own].elements {
        operands[position] = id
        try applyTuples(
          index, typeIDs, position: position + 1, operands, rest - own, cost,
          above: own > least ? 0 : least)
        if isOver { return }
      }
    }
  }

  @inline(__always)
  private func consider(_ index: Int, _ operands: SIMD4<Int32>, _ cost: Int) throws {
    let onlyWanted = isSweeping && bank.resultTypeIDs[index] != 0
    if let behaviour = try bank.evaluate(index, operands, onlyWanted: onlyWanted) {
      try offer(behaviour, .operation(index), operands, cost)
    }
    if bank.stepsSpent > budget, outcome == nil { end() }
    if bank.candidates & 0xFFF == 0, isCancelled() { outcome = .cancelled }
  }

  /// Keeps the candidate if its behaviour is new, and looks whether anything wanted it.
  @inline(__always)
  private func offer(
    _ behaviour: Bank.Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, _ cost: Int
  ) throws {
    if isSweeping {
      if behaviour.hash == target.hash {
        propose(.entry(try bank.keep(behaviour, origin, operands, cost: cost)))
      } else if behaviour.typeID == 0, try isArm(behaviour, origin, operands, cost: cost) {
        // Kept among the arms; as an operand it waits for its level.
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
      if bank.entries.count >= options.maximumEntries, outcome == nil { end() }
    } else if behaviour.hash == target.hash, repeatsOfTarget < Enumeration.maximumRepeats {
      // Another term for the wanted behaviour: it may run where the first one did not.
      repeatsOfTarget += 1
      propose(.entry(try bank.keep(behaviour, origin, operands, cost: cost)))
    } else if !reopened.isEmpty, reopened.contains(behaviour.hash),
      !blamed.contains(Application(origin, operands))
    {
      let id = try bank.keep(behaviour, origin, operands, cost: cost)
      let rows = bank.matching(target, behaviour.mask)
      matches.add(id, rows: rows, cost: cost, in: bank)
    }
    bank.discard()
  }

  /// Keeps a candidate of a sweep that is right on rows where no term of its cost is.
  private func isArm(
    _ behaviour: Bank.Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, cost: Int
  ) throws -> Bool {
    let rows = bank.matching(target, behaviour.mask)
    guard rows & (rows &- 1) != 0, matches.isNews(rows),
      bank.find(behaviour.hash) == nil || reopened.contains(behaviour.hash),
      !blamed.contains(Application(origin, operands))
    else { return false }
    let id = try bank.keep(behaviour, origin, operands, cost: cost)
    matches.add(id, rows: rows, cost: cost, in: bank)
    return true
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
    case .accepted: accept(term, code)
    case .wrong where accepted != nil: break
    case .wrong(let example):
      // With no room for another row the search goes on and leaves it to the check.
      guard bank.rowCount < Problem.maximumRows else { return true }
      if let row = bank.problem.rows.firstIndex(of: example) {
        // Right on the row with the oracle's answers: a self-call went wrong, and the arguments of
        // those that it leads to are the examples to learn from.
        let examples = (try? bank.selfCallExamples(in: term, row: row)) ?? []
        if examples.isEmpty { blame(term) } else { learn(from: examples, by: term) }
      } else {
        learn(from: [example], by: term)
      }
    case .rejected: blame(term)
    }
    return true
  }

  /// Ends the search with the examples, but for a branch: it is a guess, and more guesses make one
  /// new beginning worth more.
  private func learn(from examples: [Example], by term: Term) {
    counterexamples += examples.filter { !counterexamples.contains($0) }
    if !term.isBranch { outcome = .counterexamples(counterexamples) }
  }

  /// Right but too slow: takes the arm that most rows go through from among the arms, and lets
  /// other terms that behave like it take its place.
  private func blame(_ term: Term) {
    let arms = term.arms.map { id in (id: id, rows: bank.agreement(of: id, with: target)) }
    guard let slowest = arms.max(by: { $0.rows.nonzeroBitCount < $1.rows.nonzeroBitCount }) else {
      return
    }
    matches.remove(slowest.id)
    reopened.insert(bank.hash(of: slowest.id))
    blamed.insert(Application(bank.entries[Int(slowest.id)]))
  }

  /// A candidate, however often it is met.
  struct Application: Hashable {
    let operation: Int
    let operands: SIMD4<Int32>

    init(_ origin: Origin, _ operands: SIMD4<Int32>) {
      if case .operation(let index) = origin { operation = index } else { operation = -1 }
      self.operands = operands
    }

    init(_ entry: Entry) { self.init(entry.origin, entry.operands) }
  }
}
