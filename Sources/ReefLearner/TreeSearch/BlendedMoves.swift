/// The moves from one state by falling prior, where a mixture may prefer some of them. A move's prior
/// is the guide's, times how much more than an even share the mixture gives it; what the mixture could
/// not choose, such as constants, keeps a small part. So does every move of a state to which the
/// mixture cannot lead: a search soon turns to other states.
struct BlendedMoves {
  private struct Step: Hashable {
    let operation: Int32
    let operands: SIMD4<Int32>
  }

  /// Its first move is never one of the preferred.
  private var queue: MoveQueue
  /// By rising prior.
  private var preferred: [Move] = []
  private var isPreferred: Set<Step> = []
  /// What the guide's prior of the other moves is multiplied by.
  private var scale = 1.0

  /// What is left to moves that the mixture could not choose.
  private static let least = 0.03

  /// - Parameter preferences: Of different moves; nil for the guide alone.
  init(_ queue: MoveQueue, preferences: [MixtureMoves.Preference]?, in space: MoveSpace) {
    self.queue = queue
    guard let preferences else { return }
    scale = BlendedMoves.least
    guard !preferences.isEmpty else { return }
    var steps: [Step] = []
    var shares: [Step: (mixture: Double, even: Double)] = [:]
    for preference in preferences {
      var operands = preference.operands
      // Both orders of the operands are one move.
      if space.choice(of: preference.operation).isCommutative, operands[1] < operands[0] {
        (operands[0], operands[1]) = (operands[1], operands[0])
      }
      let step = Step(operation: preference.operation, operands: operands)
      if shares[step] == nil { steps.append(step) }
      shares[step, default: (0, 0)].mixture += preference.probability
      shares[step]!.even += preference.even
    }
    var total = BlendedMoves.least
    for step in steps {
      guard let guided = queue.prior(of: step.operation, step.operands, in: space),
        let share = shares[step], share.even > 0
      else { continue }
      let prior = guided * share.mixture / share.even
      total += prior - BlendedMoves.least * guided
      isPreferred.insert(step)
      preferred.append(Move(operation: step.operation, operands: step.operands, prior: prior))
    }
    scale /= total
    preferred = preferred.map {
      Move(operation: $0.operation, operands: $0.operands, prior: $0.prior / total)
    }
    preferred.sort { $1.comesBefore($0) }
    skipPreferred(in: space)
  }

  /// The most likely move that has not been taken out.
  var first: Move? {
    guard let move = queue.first else { return preferred.last }
    let prior = scale * move.prior
    if let last = preferred.last, last.prior >= prior { return last }
    return Move(operation: move.operation, operands: move.operands, prior: prior)
  }

  mutating func removeFirst(in space: MoveSpace) {
    if let last = preferred.last, last.prior >= scale * (queue.first?.prior ?? 0) {
      preferred.removeLast()
    } else {
      queue.removeFirst(in: space)
      skipPreferred(in: space)
    }
  }

  private mutating func skipPreferred(in space: MoveSpace) {
    guard !isPreferred.isEmpty else { return }
    while let move = queue.first,
      isPreferred.contains(Step(operation: move.operation, operands: move.operands))
    {
      queue.removeFirst(in: space)
    }
  }
}

extension Move {
  /// Among equals the order is that of the operations and the slots.
  fileprivate func comesBefore(_ other: Move) -> Bool {
    if prior != other.prior { return prior > other.prior }
    if operation != other.operation { return operation < other.operation }
    for position in 0..<4 where operands[position] != other.operands[position] {
      return operands[position] < other.operands[position]
    }
    return false
  }
}
