import ReefTasks

/// Learns a matrix as a product of butterfly factors and a permutation, from the outermost factor
/// inwards: what one split leaves are two matrices of half the size.
struct ButterflyLearner {
  enum Outcome {
    case learned(ButterflyTransform)
    case failed(reason: String)
    case outOfSteps
    case cancelled
  }

  /// How much of a matrix a split may miss, relative to it.
  private static let tolerance = 1e-9
  private static let starts = 8

  private let budget: StepBudget
  private let isCancelled: () -> Bool
  private var generator: SplitMix64

  init(budget: StepBudget, seed: Int, isCancelled: @escaping () -> Bool) {
    self.budget = budget
    self.isCancelled = isCancelled
    generator = SplitMix64(seed: seed)
  }

  private enum Failure: Error {
    case failed(reason: String)
    case outOfSteps
    case cancelled
  }

  /// Tries one product of factors behind a permutation, then one with factors on both sides.
  ///
  /// - Parameter matrix: Its size is a power of two, at least 2; its elements are finite.
  mutating func learn(_ matrix: ComplexMatrix) -> Outcome {
    do {
      do {
        return .learned(try oneSided(matrix))
      } catch .failed(let first) {
        do {
          return .learned(try twoSided(matrix))
        } catch .failed(let second) {
          return .failed(reason: "no product of butterfly factors fits: \(first); \(second)")
        }
      }
    } catch {
      switch error {
      case .failed(let reason): return .failed(reason: reason)
      case .outOfSteps: return .outOfSteps
      case .cancelled: return .cancelled
      }
    }
  }

  private func checkLimits() throws(Failure) {
    if isCancelled() { throw .cancelled }
    if budget.isSpent { throw .outOfSteps }
  }

  private mutating func oneSided(_ matrix: ComplexMatrix) throws(Failure) -> ButterflyTransform {
    var factors = Factors()
    var blocks = [matrix]
    var order = [Array(0..<matrix.size)]
    while blocks[0].size > 2 {
      var splits: [ColumnSplit] = []
      for block in blocks { splits.append(try split(block)) }
      factors.levels.append(splits.map { Factors.rows(ofColumns: $0.lines) })
      blocks = splits.flatMap(\.parts)
      order = zip(order, splits).flatMap { columns, split in
        split.columns.map { side in side.map { columns[$0] } }
      }
    }
    factors.levels.append(blocks.map(Factors.rows(of:)))
    return ButterflyTransform(stages: [
      .init(order: order.flatMap { $0 }, factors: factors.upwards)
    ])
  }

  private mutating func split(_ block: ComplexMatrix) throws(Failure) -> ColumnSplit {
    var smallest = Double.infinity
    var undefinedStep: Int?
    let budget = budget
    for _ in 0..<ButterflyLearner.starts {
      try checkLimits()
      let split = ColumnSplit(block, &generator) { budget.spend($0) }
      if split.error < ButterflyLearner.tolerance { return split }
      smallest = min(smallest, split.error)
      undefinedStep = undefinedStep ?? split.undefinedStep
    }
    let reason = "the best split of \(block.size) columns into halves misses \(rounded(smallest))"
    throw .failed(
      reason: undefinedStep.map {
        reason + "; those of step \($0) of the training were not, and those of the step before "
          + "were kept"
      } ?? reason)
  }

  private mutating func twoSided(_ matrix: ComplexMatrix) throws(Failure) -> ButterflyTransform {
    var (factors, inputs) = (Factors(), Factors())
    var blocks = [matrix]
    let budget = budget
    while blocks[0].size > 2 {
      var splits: [TwoSidedSplit] = []
      for block in blocks {
        try checkLimits()
        guard let split = TwoSidedSplit(block, &generator, spend: { budget.spend($0) }),
          split.error < ButterflyLearner.tolerance
        else {
          throw .failed(
            reason: "no factors on both sides fit \(block.size) rows and columns")
        }
        splits.append(split)
      }
      factors.levels.append(splits.map { Factors.rows(ofColumns: $0.lines) })
      inputs.levels.append(splits.map(\.inputs))
      blocks = splits.flatMap(\.parts)
    }
    factors.levels.append(blocks.map(Factors.rows(of:)))
    let width = factors.levels.count
    let places = 0..<matrix.size
    // The outermost factor on the right uses up the highest digit of a place, so that this has to be
    // the last one; behind the factors the digits are put back into order.
    return ButterflyTransform(stages: [
      .init(
        order: places.map { $0.bitsReversed(width: width) }, factors: inputs.downwards(width: width)
      ),
      .init(
        order: places.map { $0.bitsReversed(width: width).rotatedRight(width - 1, width: width) },
        factors: factors.upwards),
    ])
  }

  /// Two digits are enough.
  private func rounded(_ error: Double) -> String {
    guard error.isFinite else { return "everything, because the numbers are not finite" }
    return "\(max(0.01, (error * 100).rounded() / 100)) of their size"
  }
}

/// Butterfly factors as they are found: level by level from blocks of the whole size down, and in each
/// level block by block.
private struct Factors {
  /// For each level and block the rows of the upper half of the block's result and of the lower half:
  /// what element i, or i + n/2, takes of the block's elements i and i + n/2.
  var levels: [[[[ComplexPair]]]] = []

  /// From the columns of each block of two by two.
  static func rows(ofColumns columns: [[ComplexPair]]) -> [[ComplexPair]] {
    let pairs = zip(columns[0], columns[1])
    return [
      pairs.map { ComplexPair($0.first, $1.first) },
      pairs.map { ComplexPair($0.second, $1.second) },
    ]
  }

  /// Of a matrix of two rows.
  static func rows(of matrix: ComplexMatrix) -> [[ComplexPair]] {
    (0..<2).map { [ComplexPair(matrix[$0, 0], matrix[$0, 1])] }
  }

  /// The factors with the wiring of `ButterflyTransform`, smallest blocks first. Factor t uses up
  /// digit t - 1 of the places.
  var upwards: [[ComplexPair]] {
    let width = levels.count
    return (1...width).map { level in
      (0..<1 << width).map { place in
        row(level: level, of: width, at: place.rotatedRight(width - level, width: width))
      }
    }
  }

  /// The same, largest blocks first, behind a reversal of the digits.
  ///
  /// - Parameter width: How many digits a place has; there may be fewer levels.
  func downwards(width: Int) -> [[ComplexPair]] {
    levels.indices.map { index in
      let level = width - index
      return (0..<1 << width).map { place in
        row(
          level: level, of: width,
          at: place.rotatedRight(level - 1, width: width).bitsReversed(width: width))
      }
    }
  }

  /// - Parameters:
  ///   - level: The number of digits of a place within a block.
  ///   - element: Of the result, numbered as in the matrix.
  private func row(level: Int, of width: Int, at element: Int) -> ComplexPair {
    let half = 1 << (level - 1)
    return levels[width - level][element >> level][element >> (level - 1) & 1][element & (half - 1)]
  }
}
