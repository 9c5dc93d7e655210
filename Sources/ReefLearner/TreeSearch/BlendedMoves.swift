/// The moves from one state by falling prior, where a mixture may prefer some of them. The prior is
/// ε · guide + (1 - ε) · mixture; where the mixture could not have got to the state at all, its part
/// goes to no move, and a search soon turns to other states.
struct BlendedMoves {
  private struct Step: Hashable {
    let operation: Int32
    let operands: SIMD4<Int32>
  }

  /// Its first move is never a preferred one.
  private var queue: MoveQueue
  /// By rising prior.
  private var preferred: [Move] = []
  private var isPreferred: Set<Step> = []
  /// How much of the prior is the guide's.
  private var guideShare = 1.0

  /// ε. The mixture doubts itself, too; this is for what it cannot choose, such as constants.
  private static let least = 0.01

  /// - Parameter preferences: Different moves with the mixture's probabilities; nil for the guide alone.
  init(_ queue: MoveQueue, preferences: [Move]?, in space: MoveSpace) {
    self.queue = queue
    guard let preferences else { return }
    guideShare = BlendedMoves.least
    var shares: [Step: Double] = [:]
    for move in preferences {
      var step = Step(operation: move.operation, operands: move.operands)
      // Both orders of the operands are one move.
      if space.choice(of: move.operation).isCommutative, step.operands[1] < step.operands[0] {
        step = Step(operation: step.operation, operands: step.operands.swapped)
      }
      shares[step, default: 0] += (1 - guideShare) * move.prior
    }
    for (step, share) in shares {
      guard let guided = queue.prior(of: step.operation, step.operands, in: space) else { continue }
      isPreferred.insert(step)
      preferred.append(
        Move(
          operation: step.operation, operands: step.operands, prior: share + guideShare * guided))
    }
    preferred.sort { $1.comesBefore($0) }
    skipPreferred(in: space)
  }

  /// The most likely move that has not been taken out.
  var first: Move? {
    guard let move = queue.first else { return preferred.last }
    let prior = guideShare * move.prior
    if let last = preferred.last, last.prior >= prior { return last }
    return Move(operation: move.operation, operands: move.operands, prior: prior)
  }

  mutating func removeFirst(in space: MoveSpace) {
    if let last = preferred.last, last.prior >= guideShare * (queue.first?.prior ?? 0) {
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

extension SIMD4<Int32> {
  /// With the first two exchanged.
  fileprivate var swapped: SIMD4<Int32> { SIMD4(self[1], self[0], self[2], self[3]) }
}
