import ReefMachine

/// A way to take the wanted value apart: `pair.make`, `list.prepend` or `list.append`, whose
/// operands the value determines. Each part is looked for by itself, row by row.
struct Split {
  struct Part {
    let wanted: Bank.Column
    var matches: RowMatches
  }

  let atom: Digest
  let cost: Int
  var parts: [Part]
}

/// Values from which a cheap term leads to the wanted one: what inverses found so far.
struct Goals {
  struct Goal {
    let typeID: Int
    let values: [Value]
    /// What the terms between it and the wanted value cost.
    let cost: Int
    /// The goal that it serves, and the step from here to there; nil for the wanted value itself.
    let step: (parent: Int, atom: Digest, operands: [Int32?])?
  }

  var goals: [Goal] = []
  var byHash: [UInt64: [Int]] = [:]
  /// Met half-way, waiting for the enumeration to reach their cost.
  var met: [(cost: Int, entry: Int32, goal: Int)] = []
}

extension Enumeration {
  /// How far the cost of a term that met a goal may be above the level.
  static let goalSlack = 8

  // MARK: Parts, row by row

  func setParts() throws {
    let problem = bank.problem
    for operation in bank.vocabulary.invertible {
      guard operation.resultType == problem.signature.result, operation.functions.isEmpty,
        case .skill(let atom) = operation.callee, operation.arity == 2,
        !splits.contains(where: { $0.atom == atom })
      else { continue }
      for inverse in operation.inverses where inverse.unknowns.count == 2 {
        let solved = problem.rows.map { inverse.solve($0.output!, [nil, nil]) }
        guard solved.contains(where: { $0 != nil }) else { continue }
        var parts: [Split.Part] = []
        for (position, type) in operation.parameterTypes.enumerated() {
          let values: [Value?] = solved.map { $0?[position] }
          if let wanted = try bank.column(values, type: type) {
            parts.append(.init(wanted: wanted, matches: RowMatches(in: bank)))
          }
        }
        if parts.count == 2 { splits.append(Split(atom: atom, cost: operation.cost, parts: parts)) }
      }
    }
  }

  /// Notes on which rows a new class equals a part of the wanted value.
  @inline(__always)
  func noteParts(_ id: Int32, _ behaviour: Bank.Behaviour, cost: Int) {
    guard !splits.isEmpty else { return }
    for split in splits.indices {
      for part in 0..<2 where splits[split].parts[part].wanted.typeID == behaviour.typeID {
        let rows = bank.matching(splits[split].parts[part].wanted, behaviour.mask)
        splits[split].parts[part].matches.add(id, rows: rows, cost: cost, in: bank)
      }
    }
  }

  // MARK: Goals, all rows at once

  func setGoals() {
    goals.goals = [
      .init(typeID: 0, values: bank.problem.rows.map { $0.output! }, cost: 0, step: nil)
    ]
  }

  @inline(__always)
  func noteGoal(_ id: Int32, cost: Int, hash: UInt64) {
    guard !goals.byHash.isEmpty, let met = goals.byHash[hash] else { return }
    for goal in met { goals.met.append((cost + goals.goals[goal].cost, id, goal)) }
  }

  /// Looks for new goals of the level's cost, and proposes what met one.
  func meetGoals() throws {
    guard options.usesInverses else { return }
    if level <= options.maximumGoalCost { try addGoals(cost: level) }
    proposeMet()
  }

  /// Proposes what has met a goal and does not cost too much, cheapest first.
  func proposeMet() {
    func isReachable(_ meeting: (cost: Int, entry: Int32, goal: Int)) -> Bool {
      let isComposed = bank.types[goals.goals[meeting.goal].typeID].isComposed
      return meeting.cost <= level + (isComposed ? Enumeration.goalSlack : options.goalSlack)
    }
    let reachable = goals.met.enumerated().filter { isReachable($0.element) }
      .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
    guard !reachable.isEmpty else { return }
    goals.met = goals.met.filter { !isReachable($0) }
    for (_, meeting) in reachable {
      propose(term(.entry(meeting.entry), servedBy: meeting.goal))
      if isOver { return }
    }
  }

  private func term(_ term: Term, servedBy goal: Int) -> Term {
    guard let step = goals.goals[goal].step else { return term }
    let operands = step.operands.map { $0.map { Term.entry($0) } ?? term }
    return self.term(.apply(step.atom, operands), servedBy: step.parent)
  }

  /// The goals that lie exactly `cost` away from the wanted value, as many as the steps allow.
  private func addGoals(cost: Int) throws {
    var allowance = max(options.smallestGoalWork, bank.stepsSpent / 4)
    var index = 0
    while index < goals.goals.count, goals.goals.count < options.maximumGoals {
      let goal = goals.goals[index]
      for operation in bank.vocabulary.invertible
      where operation.functions.isEmpty && operation.resultType == bank.types[goal.typeID] {
        let knownCost = cost - goal.cost - operation.cost
        for inverse in operation.inverses where inverse.unknowns.count == 1 && knownCost >= 0 {
          try addGoals(
            from: index, operation, inverse, [], rest: knownCost, cost: cost,
            allowance: &allowance)
          if isOver || allowance <= 0 { return }
        }
      }
      index += 1
    }
  }

  /// Goals for every choice of entries for the operation's operands, other than the unknown one,
  /// that cost `rest` together.
  private func addGoals(
    from parent: Int, _ operation: Operation, _ inverse: Inverse, _ known: [Int32?], rest: Int,
    cost: Int, allowance: inout Int
  ) throws {
    let position = known.count
    guard position < operation.arity else {
      guard rest == 0 else { return }
      bank.spend(bank.rowCount * 4)
      allowance -= bank.rowCount * 4
      return try addGoal(parent, operation, inverse, known: known, cost: cost)
    }
    guard position != inverse.unknowns[0] else {
      return try addGoals(
        from: parent, operation, inverse, known + [nil], rest: rest, cost: cost,
        allowance: &allowance)
    }
    guard rest > 0, let typeID = bank.typeIndex[operation.parameterTypes[position]] else { return }
    // The last one takes all that is left.
    let isLast = (position + 1..<operation.arity).allSatisfy { $0 == inverse.unknowns[0] }
    for own in (isLast ? rest : 1)...rest {
      for id in levels[typeID][own].elements where bank.masks[Int(id)] == bank.allRows {
        try addGoals(
          from: parent, operation, inverse, known + [id], rest: rest - own, cost: cost,
          allowance: &allowance)
        if allowance <= 0 { return }
      }
    }
  }

  private func addGoal(
    _ parent: Int, _ operation: Operation, _ inverse: Inverse, known: [Int32?], cost: Int
  ) throws {
    guard goals.goals.count < options.maximumGoals,
      case .skill(let atom) = operation.callee
    else { return }
    let goal = goals.goals[parent]
    var values: [Value] = []
    for row in 0..<bank.rowCount {
      let operands = try known.map { try $0.map { try bank.value(of: $0, row: row) } }
      guard let solved = inverse.solve(goal.values[row], operands) else { return }
      values.append(solved[0])
    }
    let type = operation.parameterTypes[inverse.unknowns[0]]
    guard let wanted = try bank.column(values, type: type), wanted.hash != target.hash,
      goals.byHash[wanted.hash] == nil
    else { return }
    let position = goals.goals.count
    goals.goals.append(
      .init(typeID: wanted.typeID, values: values, cost: cost, step: (parent, atom, known)))
    goals.byHash[wanted.hash] = [position]
    bank.want(wanted)
    addJoin(position, wanted)
    if let id = bank.find(wanted.hash) {
      goals.met.append((cost + Int(bank.entries[Int(id)].cost), id, position))
    }
  }
}
