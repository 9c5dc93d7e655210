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
    /// What a mixture prefers. Without it the guide's costs are the prior.
    var prior: MixturePrior?
  }

  private struct Edge {
    let prior: Double
    /// The state that it leads to.
    let child: Int
    /// The slot that it computed.
    let slot: Int32
    /// n(s, a) and the sum of the values seen through it.
    private(set) var visits = 0.0
    private var total = 0.0
    /// Q(s, a), kept because it is read far more often than it changes.
    private(set) var mean = 0.0

    init(prior: Double, child: Int, slot: Int32) {
      self.prior = prior
      self.child = child
      self.slot = slot
    }

    mutating func visit(value: Double) {
      visits += 1
      total += value
      mean = total / visits
    }

    mutating func punish() {
      total -= 1
      mean = total / max(1, visits)
    }
  }

  private struct State {
    let slots: [Int32]
    /// Those that have not been tried; nil before the first visit.
    var moves: MoveQueue?
    var edges: [Edge] = []
    var visits = 0
    /// The best score of its slots, in 0...1.
    let value: Double
  }

  private let bank: Bank
  private let options: Options
  private let verify: (_ input: [Value], _ output: Value) -> Bool
  private let check: Check<SkillCode>
  private let isCancelled: () -> Bool
  /// For each number of steps taken; beyond them the last.
  private let spaces: [MoveSpace]
  private var leaves: [Int32] = []
  private var states: [State] = []
  private var transpositions: [[Int32]: Int] = [:]
  private var scores: [Int32: Double] = [:]
  /// What the moves that were taken computed.
  private var computed: [Enumeration.Application: Int32?] = [:]
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
    spaces = (0...(options.prior?.steps.count ?? 0)).map { depth in
      MoveSpace(bank.vocabulary) {
        options.prior?.surprisal(of: $0, depth: depth) ?? Double($0.cost)
      }
    }
  }

  func run() throws -> Outcome {
    try addLeaves()
    _ = state(of: [], value: 0)
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
        leaves.append(id)
        _ = try score(id)
      }
    }
    for (index, constant) in bank.constants.enumerated() where constant.cost <= 2 {
      let values = problem.rows.map { _ in constant.value }
      guard let behaviour = try bank.evaluate(values, type: constant.type) else { continue }
      if let id = try bank.keepIfNew(
        behaviour, .constant(index), SIMD4(repeating: 0), cost: constant.cost)
      {
        leaves.append(id)
      }
    }
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
        backUp(path, value: states[states[current].edges[fresh].child].value)
        return true
      }
      guard let edge = best?.edge else {
        // Nothing below: make the way here unattractive.
        guard let last = path.last else { return false }
        states[last.state].edges[last.edge].punish()
        backUp(path, value: 0)
        return true
      }
      path.append((current, edge))
      current = states[current].edges[edge].child
      if outcome != nil { return true }
    }
  }

  private func backUp(_ path: [(state: Int, edge: Int)], value: Double) {
    for (state, edge) in path {
      states[state].visits += 1
      states[state].edges[edge].visit(value: value)
    }
  }

  /// c · √N of a state.
  private func exploration(at index: Int) -> Double {
    options.exploration * Double(max(1, states[index].visits)).squareRoot()
  }

  /// The most promising known edge, with its score; none where all lead to the end of the depth.
  private func bestEdge(_ index: Int) -> (edge: Int, score: Double)? {
    guard states[index].slots.count + 1 < options.maximumDepth else { return nil }
    let exploration = exploration(at: index)
    var best = -1
    var bestScore = -Double.infinity
    states[index].edges.withUnsafeBufferPointer { edges in
      for position in edges.indices {
        let edge = edges[position]
        let score = edge.mean + exploration * edge.prior / (1 + edge.visits)
        if score > bestScore { (best, bestScore) = (position, score) }
      }
    }
    return best < 0 ? nil : (best, bestScore)
  }

  /// Tries the untried move of the highest prior, if PUCT does not prefer a known edge, which has
  /// the score `best`.
  private func tryMove(_ index: Int, against best: Double?) throws -> Int? {
    let space = space(of: index)
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
    guard let slot = try slot(of: move), !slots.contains(slot), !leaves.contains(slot) else {
      return nil
    }
    let value = max(states[index].value, try score(slot))
    let child = state(of: (slots + [slot]).sorted(), value: value)
    states[index].edges.append(Edge(prior: move.prior, child: child, slot: slot))
    return states[index].edges.count - 1
  }

  /// What a move computes; nil where it has no value. Most moves can be taken from many states.
  private func slot(of move: Move) throws -> Int32? {
    let operation = Int(move.operation)
    let application = Enumeration.Application(.operation(operation), move.operands)
    if let known = computed[application] {
      bank.spend(1)
      return known
    }
    defer { bank.discard() }
    var slot: Int32?
    if let behaviour = try bank.evaluate(operation, move.operands) {
      let cost = bank.vocabulary.operations[operation].cost
      slot =
        try bank.find(behaviour.hash)
        ?? bank.keepIfNew(behaviour, .operation(operation), move.operands, cost: cost)
    }
    computed[application] = .some(slot)
    return slot
  }

  private func state(of slots: [Int32], value: Double) -> Int {
    if let known = transpositions[slots] { return known }
    transpositions[slots] = states.count
    states.append(State(slots: slots, value: value))
    return states.count - 1
  }

  // MARK: Moves

  /// Finds out what a state offers: the newer and the unused slots first.
  private func expand(_ index: Int) {
    guard states[index].moves == nil else { return }
    let slots = states[index].slots
    var byType: [[MoveQueue.Slot]] = Array(repeating: [], count: bank.types.count)
    // A state at the end of its depth offers nothing.
    if slots.count < options.maximumDepth {
      var used: Set<Int32> = []
      for slot in slots {
        let entry = bank.entries[Int(slot)]
        guard case .operation(let operation) = entry.origin else { continue }
        for position in 0..<bank.vocabulary.operations[operation].arity {
          used.insert(entry.operands[position])
        }
      }
      for id in leaves + slots {
        let entry = bank.entries[Int(id)]
        let penalty: Double =
          switch entry.origin {
          case .constant: 1.6
          case .input: used.contains(id) ? 0.8 : 0.2
          case .operation: used.contains(id) ? 1.0 : 0
          }
        byType[Int(entry.type)].append(.init(id: id, penalty: penalty))
      }
    }
    bank.spend(TreeSearch.expansionSteps)
    states[index].moves = MoveQueue(space(of: index), slots: byType)
  }

  private func space(of index: Int) -> MoveSpace {
    spaces[min(states[index].slots.count, spaces.count - 1)]
  }

  /// What it takes to find out what a state offers, in search steps.
  private static let expansionSteps = 64

  // MARK: Value

  /// How good a slot is as a result, in 0...1; a slot that is right on all rows is proposed.
  private func score(_ id: Int32) throws -> Double {
    if let known = scores[id] { return known }
    let entry = bank.entries[Int(id)]
    guard entry.type == 0 else {
      scores[id] = 0
      return 0
    }
    var right = 0
    var nearness = 0.0
    let mask = bank.masks[Int(id)]
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
    scores[id] = score
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
    default:
      return self == other ? 1 : 0
    }
  }
}
