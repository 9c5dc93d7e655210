import ReefMachine
import ReefTasks

/// Bottom-up enumeration with observational equivalence (Udupa et al. 2013; Albarghouthi et al.
/// 2013): terms in the order of their cost, one representative for each behaviour on the rows.
///
/// The wanted behaviour is met half-way by inverses (`Enumeration+Goals`), and terms that are right
/// on some rows only become the arms of branches (`Enumeration+Branches`) or, for a goal, are put
/// together by an operation (`Enumeration+Joins`). When an example joins the rows, a new enumeration
/// begins.
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
    /// For so many goals terms are joined.
    var maximumJoins = 8
    var usesBranches = true
  }

  let bank: Bank
  let options: Options
  let check: Check<SkillCode>
  private let isCancelled: () -> Bool
  /// Entry ids by type, then cost.
  let levels: [[GrowingBuffer<Int32>]]
  private(set) var level = 0

  let target: Bank.Column
  /// Terms that are right on some rows.
  let matches: RowMatches
  var splits: [Split] = []
  var goals = Goals()
  var joins: [Join] = []
  /// Terms that behave as wanted and were kept beside the first one.
  private var repeatsOfTarget = 0
  private static let maximumRepeats = 200
  var checked: Set<Digest> = []
  /// Arms that were too slow, and their behaviours.
  var blamed: Set<Application> = []
  var reopened: Set<UInt64> = []
  var outcome: Outcome?
  /// On which branches of this level were wrong.
  var counterexamples: [Example] = []
  /// For how many times the steps that found a branch something shorter is looked for.
  static let patience = 4
  /// A branch that was accepted, and the steps until which something shorter may take its place.
  var accepted: (code: SkillCode, deadline: Int)?
  /// How many levels each operation waits because it takes long.
  var delays: [Int]
  var isSweeping = false
  var stepsSwept = 0
  /// Up to which cost of operands a sweep has been through the applications of a place.
  var swept: [Place: Int] = [:]
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

  /// How the search ends when nothing more can be tried.
  private var ending: Outcome { accepted.map { .solved($0.code) } ?? .exhausted }

  /// Enumerates level after level until something is accepted or the budget or the memory is spent.
  func run() throws -> Outcome {
    do {
      try search()
    } catch MachineError.memory {
      // The bank is full.
      outcome = ending
    }
    if case .exhausted? = outcome {
      // The budget may have ended before something that was found could be proposed.
      outcome = nil
      proposeMet()
    }
    return outcome ?? ending
  }

  private func search() throws {
    for cost in 1...options.maximumCost {
      level = cost
      try addLeaves(cost)
      if outcome == nil { try enumerate(cost) }
      if outcome == nil { try sweep(cost) }
      if outcome == nil { try meetGoals() }
      if outcome == nil { try tryJoins() }
      if outcome == nil { tryBranches() }
      if outcome == nil, accepted == nil, !counterexamples.isEmpty {
        outcome = .counterexamples(counterexamples)
      }
      if outcome != nil { return }
    }
  }

  private func addLeaves(_ cost: Int) throws {
    let problem = bank.problem
    if cost == 1 {
      for (index, parameter) in problem.signature.parameters.enumerated() {
        let values = problem.rows.map { $0.input[index] }
        try addLeaf(.input(index), values, parameter.type, cost)
      }
    }
    for (index, constant) in bank.constants.enumerated() where constant.cost == cost {
      let values = problem.rows.map { _ in constant.value }
      try addLeaf(.constant(index), values, constant.type, cost)
    }
  }

  private func addLeaf(_ origin: Origin, _ values: [Value], _ type: Type, _ cost: Int) throws {
    guard let behaviour = try bank.evaluate(values, type: type) else { return }
    let ids = levels[behaviour.typeID][cost]
    try offer(behaviour, origin, SIMD4(repeating: 0), cost, ids)
    bank.discard()
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
  func apply(_ index: Int, cost: Int, above least: Int = 0) throws {
    let arity = bank.vocabulary.arities[index]
    let isCommutative = bank.vocabulary.operations[index].isCommutative
    let rest = cost - bank.vocabulary.operations[index].cost - delays[index]
    guard rest >= arity, cost <= options.maximumCost else { return }
    if isCancelled() { outcome = .cancelled }
    if isOver { return }
    let typeIDs = bank.parameterTypeIDs[index]
    // Looked up once: to take it from the arrays for each candidate would count references.
    let ids = levels[bank.resultTypeIDs[index]][cost]
    switch arity {
    case 1:
      guard rest > least else { return }
      for a in levels[typeIDs[0]][rest].elements {
        try consider(index, SIMD4(a, 0, 0, 0), cost, ids)
        if isOver { return }
      }
    case 2:
      for costA in 1..<rest {
        let costB = rest - costA
        if isCommutative && costA > costB { break }
        guard max(costA, costB) > least else { continue }
        let first = levels[typeIDs[0]][costA].elements
        let second = levels[typeIDs[1]][costB].elements
        for (position, a) in first.enumerated() {
          let start = isCommutative && costA == costB ? position : 0
          guard start < second.count else { continue }
          if case .integer(let integer) = bank.vocabulary.evaluations[index], reopened.isEmpty {
            try applyIntegers(
              integer, index, a, UnsafeBufferPointer(rebasing: second[start...]), cost, ids)
          } else {
            for b in second[start...] {
              try consider(index, SIMD4(a, b, 0, 0), cost, ids)
            }
          }
          if isOver { return }
        }
      }
    default:
      try applyTuples(
        index, typeIDs, position: 0, SIMD4(0, 0, 0, 0), rest, cost, ids, above: least)
    }
  }

  /// The applications of an operation on ints to one entry and others, block by block: what behaves
  /// like an entry is passed over before it is evaluated.
  private func applyIntegers(
    _ integer: IntegerOperation, _ index: Int, _ a: Int32, _ others: UnsafeBufferPointer<Int32>,
    _ cost: Int, _ ids: GrowingBuffer<Int32>
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
          try offer(
            bank.candidate(position, of: index), .operation(index), operands, cost, ids)
        } else {
          try consider(index, operands, cost, ids)
        }
      }
      if bank.stepsSpent > budget, outcome == nil { outcome = ending }
      if (before ^ bank.candidates) & ~0xFFF != 0, isCancelled() { outcome = .cancelled }
    }
  }

  private func applyTuples(
    _ index: Int, _ typeIDs: [Int], position: Int, _ operands: SIMD4<Int32>, _ rest: Int,
    _ cost: Int, _ ids: GrowingBuffer<Int32>, above least: Int
  ) throws {
    let remaining = typeIDs.count - position - 1
    var operands = operands
    if remaining == 0 {
      guard rest > least else { return }
      for id in levels[typeIDs[position]][rest].elements {
        operands[position] = id
        try consider(index, operands, cost, ids)
        if isOver { return }
      }
      return
    }
    guard rest - remaining >= 1 else { return }
    for own in 1...(rest - remaining) {
      for id in levels[typeIDs[position]][own].elements {
        operands[position] = id
        try applyTuples(
          index, typeIDs, position: position + 1, operands, rest - own, cost, ids,
          above: own > least ? 0 : least)
        if isOver { return }
      }
    }
  }

  @inline(__always)
  private func consider(
    _ index: Int, _ operands: SIMD4<Int32>, _ cost: Int, _ ids: GrowingBuffer<Int32>
  ) throws {
    let onlyWanted = isSweeping && bank.resultTypeIDs[index] != 0
    if let behaviour = try bank.evaluate(index, operands, onlyWanted: onlyWanted) {
      try offer(behaviour, .operation(index), operands, cost, ids)
      bank.discard()
    }
    if bank.stepsSpent > budget, outcome == nil { outcome = ending }
    if bank.candidates & 0xFFF == 0, isCancelled() { outcome = .cancelled }
  }

  /// Keeps the candidate if its behaviour is new, in `ids` too, and looks whether anything wanted it.
  @inline(__always)
  private func offer(
    _ behaviour: Bank.Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, _ cost: Int,
    _ ids: GrowingBuffer<Int32>
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
      ids.append(id)
      if behaviour.typeID == 0 {
        matches.add(id, rows: bank.matching(target, behaviour.mask), cost: cost, in: bank)
      }
      noteParts(id, behaviour, cost: cost)
      noteJoins(id, behaviour, cost: cost)
      noteGoal(id, cost: cost, hash: behaviour.hash)
      if behaviour.hash == target.hash { propose(.entry(id)) }
      if bank.entries.count >= options.maximumEntries, outcome == nil { outcome = ending }
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
