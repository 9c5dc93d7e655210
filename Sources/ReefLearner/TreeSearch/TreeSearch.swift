import Foundation
import ReefMachine
import ReefTasks

/// Monte Carlo tree search over compositions, one (skill, pointers) step at a time: PUCT (Rosin
/// 2011; Silver et al. 2017) with the guide's costs as prior and a verifier's verdicts as value.
///
/// A state is a set of computed slots; two orders of the same steps lead to the same state, and a
/// transposition table lets them share it. It needs only a verifier: where the rows have outputs,
/// nearness to them is added to what the verifier says.
final class TreeSearch {
  typealias Outcome = Enumeration.Outcome

  struct Options {
    /// In search steps.
    var stepBudget = 1_000_000
    var maximumDepth = 5
    /// c in Q + c · P · √N / (1 + n).
    var exploration = 2.0
    var maximumStates = 400_000
    /// What a mixture of the task's prefers. Without it the guide's costs are the prior.
    var prior: MixturePrior?
  }

  /// The slots that were computed on the way to a state, ascending; they alone make the state.
  private struct Slots {
    private var ids = SIMD8<Int32>(repeating: -1)
    private(set) var count = 0
    static let capacity = 8

    func contains(_ id: Int32) -> Bool { any(ids .== id) }

    /// With one more; the state has room for it.
    func inserting(_ id: Int32) -> Slots {
      var new = self
      var position = count
      while position > 0, ids[position - 1] > id {
        new.ids[position] = ids[position - 1]
        position -= 1
      }
      new.ids[position] = id
      new.count += 1
      return new
    }

    subscript(position: Int) -> Int32 { ids[position] }

    /// Of a state, whatever the order of its steps.
    var hash: UInt64 {
      (0..<count).reduce(0) { $0 &+ TreeSearch.mix(UInt64(UInt32(bitPattern: ids[$1]))) }
    }
  }

  private struct State {
    let slots: Slots
    /// Those that have not been tried; nil before the first visit.
    var moves: BlendedMoves?
    var edges = Edges()
    var visits = 0
    /// The best score of its slots, in 0...1.
    let value: Double
  }

  private let bank: Bank
  private let options: Options
  private let verify: (_ input: [Value], _ output: Value) -> Bool
  private let check: Check<SkillCode>
  private let isCancelled: () -> Bool
  private let space: MoveSpace
  private var mixture: MixtureMoves?
  /// The first entries of the bank.
  private var leafCount: Int32 = 0
  private var states: [State] = []
  /// The states by what they consist of.
  private let transpositions = BehaviourTable(capacity: 1 << 10)
  /// Of the bank's entries; NaN where there is none yet.
  private var scores: [Double] = []
  /// What the moves that were taken computed, by their hash; `nothing` where that has no value.
  private let computed = BehaviourTable(capacity: 1 << 10)
  private static let nothing: Int32 = -1
  private var proposed: Set<Digest> = []
  private var outcome: Outcome?
  /// Moves that were tried.
  private(set) var expansions = 0

  init(
    bank: Bank, options: Options, verify: @escaping (_ input: [Value], _ output: Value) -> Bool,
    check: @escaping Check<SkillCode>, isCancelled: @escaping () -> Bool
  ) {
    self.bank = bank
    self.options = options
    self.verify = verify
    self.check = check
    self.isCancelled = isCancelled
    precondition(options.maximumDepth <= Slots.capacity, "a state has no room for so many slots")
    space = MoveSpace(bank.vocabulary)
  }

  func run() throws -> Outcome {
    try addLeaves()
    mixture = options.prior.map { MixtureMoves($0, bank: bank) }
    _ = state(of: Slots(), value: 0)
    while true {
      if let outcome { return outcome }
      if isCancelled() { return .cancelled }
      if bank.stepsSpent > options.stepBudget || states.count >= options.maximumStates {
        return .exhausted
      }
      guard try simulate() else { return .exhausted }
    }
  }

  private func addLeaves() throws {
    let problem = bank.problem
    for (index, parameter) in problem.signature.parameters.enumerated() {
      let values = problem.rows.map { $0.input[index] }
      guard let behaviour = try bank.evaluate(values, type: parameter.type) else { continue }
      if let id = try bank.keepIfNew(behaviour, .input(index), SIMD4(repeating: 0), cost: 1) {
        _ = try score(id)
      }
    }
    for (index, constant) in bank.constants.enumerated() where constant.cost <= 2 {
      let values = problem.rows.map { _ in constant.value }
      guard let behaviour = try bank.evaluate(values, type: constant.type) else { continue }
      _ = try bank.keepIfNew(
        behaviour, .constant(index), SIMD4(repeating: 0), cost: constant.cost)
    }
    leafCount = Int32(bank.entries.count)
    bank.discard()
  }

  // MARK: One simulation

  /// Walks from the root along the best edges, tries one new move, and tells the path its value.
  ///
  /// - Returns: False when the whole tree is known.
  private func simulate() throws -> Bool {
    var path: [(state: Int, edge: Int)] = []
    var current = 0
    while true {
      bank.spend(1)
      expand(current)
      let best = bestEdge(current)
      if let fresh = try tryMove(current, against: best?.score) {
        path.append((current, fresh))
        backUp(path, value: states[states[current].edges.child(fresh)].value)
        return true
      }
      guard let edge = best?.edge else {
        // Nothing below: make the way here unattractive.
        guard let last = path.last else { return false }
        states[last.state].edges.punish(last.edge)
        backUp(path, value: 0)
        return true
      }
      path.append((current, edge))
      current = states[current].edges.child(edge)
      if outcome != nil { return true }
    }
  }

  private func backUp(_ path: [(state: Int, edge: Int)], value: Double) {
    for (state, edge) in path {
      states[state].visits += 1
      states[state].edges.visit(edge, value: value)
    }
  }

  /// c · √N of a state.
  private func exploration(at index: Int) -> Double {
    options.exploration * Double(max(1, states[index].visits)).squareRoot()
  }

  /// The most promising known edge, with its score; none where all lead to the end of the depth.
  private func bestEdge(_ index: Int) -> (edge: Int, score: Double)? {
    guard states[index].slots.count + 1 < options.maximumDepth else { return nil }
    return states[index].edges.best(exploration: exploration(at: index))
  }

  /// Tries the untried move of the highest prior, if PUCT does not prefer a known edge, which has
  /// the score `best`.
  private func tryMove(_ index: Int, against best: Double?) throws -> Int? {
    let exploration = exploration(at: index)
    while outcome == nil, let move = states[index].moves?.first {
      let promise = states[index].value + exploration * move.prior
      if let best, best > promise { return nil }
      states[index].moves?.removeFirst(in: space)
      if let edge = try take(move, from: index) { return edge }
      if bank.stepsSpent > options.stepBudget { return nil }
    }
    return nil
  }

  /// Computes a move's slot; nil where it has no value or none that is new to the state.
  private func take(_ move: Move, from index: Int) throws -> Int? {
    expansions += 1
    let slots = states[index].slots
    guard let slot = try slot(of: move), slot >= leafCount, !slots.contains(slot) else {
      return nil
    }
    let value = max(states[index].value, try score(slot))
    let child = state(of: slots.inserting(slot), value: value)
    return states[index].edges.append(prior: move.prior, child: child)
  }

  /// What a move computes; nil where it has no value. Most moves can be taken from many states.
  private func slot(of move: Move) throws -> Int32? {
    var hash = TreeSearch.mix(UInt64(UInt32(bitPattern: move.operation)))
    for position in 0..<4 {
      hash = TreeSearch.mix(hash ^ UInt64(UInt32(bitPattern: move.operands[position])))
    }
    if let known = computed.find(hash) {
      bank.spend(1)
      return known == TreeSearch.nothing ? nil : known
    }
    defer { bank.discard() }
    let operation = Int(move.operation)
    var slot: Int32?
    if let behaviour = try bank.evaluate(operation, move.operands) {
      let cost = bank.vocabulary.operations[operation].cost
      slot =
        try bank.find(behaviour.hash)
        ?? bank.keepIfNew(behaviour, .operation(operation), move.operands, cost: cost)
    }
    _ = computed.insert(hash, slot ?? TreeSearch.nothing)
    return slot
  }

  private func state(of slots: Slots, value: Double) -> Int {
    let hash = slots.hash
    if let known = transpositions.find(hash) { return Int(known) }
    _ = transpositions.insert(hash, Int32(states.count))
    states.append(State(slots: slots, value: value))
    return states.count - 1
  }

  /// A bijection that scatters (the finalizer of SplitMix64, Steele and others 2014).
  private static func mix(_ word: UInt64) -> UInt64 {
    var mixed = word &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  // MARK: Moves

  /// Finds out what a state offers: the newer and the unused slots first.
  private func expand(_ index: Int) {
    guard states[index].moves == nil else { return }
    let slots = states[index].slots
    var offered: [MoveSlots.Slot] = []
    // A state at the end of its depth offers nothing.
    if slots.count < options.maximumDepth {
      let ids = (0..<leafCount) + (0..<slots.count).map { slots[$0] }
      var used: Set<Int32> = []
      for slot in ids {
        let entry = bank.entries[Int(slot)]
        guard case .operation(let operation) = entry.origin else { continue }
        for position in 0..<bank.vocabulary.arities[operation] {
          used.insert(entry.operands[position])
        }
      }
      for id in ids {
        let entry = bank.entries[Int(id)]
        let penalty: Double =
          switch entry.origin {
          case .constant: 1.6
          case .input: used.contains(id) ? 0.8 : 0.2
          case .operation: used.contains(id) ? 1.0 : 0
          }
        offered.append(.init(id: id, type: entry.type, penalty: penalty))
      }
    }
    bank.spend(TreeSearch.expansionSteps)
    let preferences = mixture?.preferences(after: (0..<slots.count).map { slots[$0] })
    bank.spend(preferences?.count ?? 0)
    states[index].moves = BlendedMoves(
      MoveQueue(space, slots: MoveSlots(offered, typeCount: bank.types.count)),
      preferences: preferences, in: space)
  }

  /// What it takes to find out what a state offers, in search steps.
  private static let expansionSteps = 64

  // MARK: Value

  /// How good a slot is as a result, in 0...1; a slot that is right on all rows is proposed.
  private func score(_ id: Int32) throws -> Double {
    let position = Int(id)
    while scores.count <= position { scores.append(.nan) }
    guard scores[position].isNaN else { return scores[position] }
    guard bank.entries[position].type == 0 else {
      scores[position] = 0
      return 0
    }
    var right = 0
    var nearness = 0.0
    let mask = bank.masks[position]
    bank.spend(bank.rowCount)
    for row in 0..<bank.rowCount where mask & (1 << UInt64(row)) != 0 {
      let example = bank.problem.rows[row]
      let value = try bank.value(of: id, row: row)
      if let output = example.output {
        if value.matches(output, tolerance: bank.problem.tolerance) { right += 1 }
        nearness += value.nearness(to: output)
      } else if verify(example.input, value) {
        right += 1
        nearness += 1
      }
    }
    let count = Double(bank.rowCount)
    let score = 0.7 * Double(right) / count + 0.3 * nearness / count
    scores[position] = score
    if right == bank.rowCount { propose(id) }
    return score
  }

  private func propose(_ id: Int32) {
    let code = bank.code(.entry(id))
    guard outcome == nil, proposed.insert(code.digest).inserted else { return }
    let (found, steps) = check(code)
    bank.spend(steps)
    switch found {
    case .accepted: outcome = .solved(code)
    case .wrong(let example):
      let rows = bank.problem.rows
      guard rows.count < Problem.maximumRows, !rows.contains(example) else { return }
      outcome = .counterexamples([example])
    case .rejected: break
    }
  }
}

extension Value {
  /// A rough likeness in 0...1: equal values have 1.
  func nearness(to other: Value) -> Double {
    switch (self, other) {
    case (.int(let a), .int(let b)):
      return a == b ? 1 : 0.5 / (1 + log2(1 + abs(Double(a) - Double(b))))
    case (.real(let a), .real(let b)):
      return a == b ? 1 : 0.5 / (1 + log2(1 + abs(a.value - b.value)))
    case (.list(let a), .list(let b)):
      if a.isEmpty || b.isEmpty { return a.isEmpty && b.isEmpty ? 1 : 0 }
      let near = zip(a, b).reduce(0.0) { $0 + $1.0.nearness(to: $1.1) }
      return near / Double(max(a.count, b.count))
    case (.pair(let a, let b), .pair(let c, let d)):
      return (a.nearness(to: c) + b.nearness(to: d)) / 2
    case (.made(_, let left, let fields), .made(_, let right, let others)):
      guard left == right, !fields.isEmpty else { return left == right ? 1 : 0 }
      let near = zip(fields, others).reduce(0.0) { $0 + $1.0.nearness(to: $1.1) }
      return near / Double(fields.count)
    default:
      return self == other ? 1 : 0
    }
  }
}
