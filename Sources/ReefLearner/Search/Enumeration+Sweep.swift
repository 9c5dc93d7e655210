import ReefMachine

/// A look ahead of the level.
extension Enumeration {
  /// Looks a little ahead: applications that cost more than the level, of those skills only that
  /// give the wanted type and that the guide holds likely. Nothing but what is wanted is kept, and
  /// a skill whose applications would take too many steps waits for its level.
  func sweep(_ cost: Int) throws {
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
  struct Place: Hashable {
    let operation: Int
    let cost: Int
  }

  /// How many applications of the operation cost `cost` and have an operand that costs more than
  /// `least`, up to `countless`.
  func applicationCount(_ index: Int, _ cost: Int, above least: Int) -> Int {
    let rest = cost - bank.vocabulary.operations[index].cost
    guard rest > 0 else { return 0 }
    return operandCount(index, rest, below: level + 1)
      - (least > 0 ? operandCount(index, rest, below: least + 1) : 0)
  }

  /// How many choices of an operation's operands cost `cost` together, each less than `limit`.
  private func operandCount(_ index: Int, _ cost: Int, below limit: Int) -> Int {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: cost + 1) { ways in
      // ways[c]: choices for the operands so far that cost c together.
      ways.initialize(repeating: 0)
      ways[0] = 1
      for typeID in bank.parameterTypeIDs[index] {
        let ofCost = levels[typeID]
        // From the dearest down, so that what is read has no choice of this operand in it yet.
        for total in stride(from: cost, through: 0, by: -1) {
          var sum = 0
          for own in 1..<max(1, min(limit, total + 1)) where ways[total - own] > 0 {
            let product = ways[total - own].multipliedReportingOverflow(by: ofCost[own].count)
            guard !product.overflow, product.partialValue < Enumeration.countless else {
              return Enumeration.countless
            }
            sum += product.partialValue
          }
          ways[total] = sum
        }
      }
      return ways[cost]
    }
  }

  private static let countless = 1 << 40

  /// Keeps a candidate of a sweep that is right on rows where no term of its cost is.
  func isArm(
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
}
