/// Minimizes a sum of squares (Levenberg 1944, Marquardt 1963), for problems of up to some hundred
/// unknowns: steps between those of Gauss and Newton and those straight downhill.
struct LeastSquares {
  /// What a model is at one point: how far it is off in each of its results, and how each of these
  /// changes with each unknown.
  struct Point {
    var residuals: [Double]
    /// Row-major, `residuals.count` by the number of unknowns.
    var jacobian: [Double]

    var cost: Double { residuals.reduce(0) { $0 + $1 * $1 } }
  }

  struct Minimum: Equatable {
    let unknowns: [Double]
    let cost: Double
    /// The first step, from 1, that led where the model has no finite value. It was taken back and
    /// made shorter.
    let undefinedStep: Int?
  }

  var maximumSteps = 100
  /// λ of ridge regression (Hoerl and Kennard 1970): the price of the sum of the unknowns' squares.
  var penalty = 0.0
  /// The cost that is as good as 0.
  var sufficientCost = 0.0

  /// - Parameter evaluate: Nil where the model has no finite value.
  /// - Returns: The best point met, or nil where there is none at the start.
  func minimize(
    from start: [Double], _ evaluate: ([Double]) throws -> Point?
  ) rethrows -> Minimum? {
    guard var point = try evaluate(start), point.cost.isFinite else { return nil }
    var unknowns = start
    var damping = 1e-3
    var undefinedStep: Int?
    for number in 1...maximumSteps where cost(point, unknowns) > sufficientCost {
      let (matrix, gradient) = normalEquations(point, unknowns)
      let cost = cost(point, unknowns)
      var next: (unknowns: [Double], point: Point)?
      // More damping makes the step shorter, until it leads down.
      while next == nil && damping < 1e12 {
        if let step = solve(matrix, gradient, damping: damping) {
          let tried = zip(unknowns, step).map { $0 - $1 }
          let found = try evaluate(tried)
          if found?.cost.isFinite != true { undefinedStep = undefinedStep ?? number }
          if let found, self.cost(found, tried) < cost { next = (tried, found) }
        }
        damping *= next == nil ? 8 : 0.1
      }
      guard let next else { break }
      let gain = cost - self.cost(next.point, next.unknowns)
      unknowns = next.unknowns
      point = next.point
      damping = max(damping, 1e-15)
      if gain <= 1e-14 * (cost - gain) { break }
    }
    return Minimum(unknowns: unknowns, cost: point.cost, undefinedStep: undefinedStep)
  }

  private func cost(_ point: Point, _ unknowns: [Double]) -> Double {
    penalty == 0 ? point.cost : point.cost + penalty * unknowns.reduce(0) { $0 + $1 * $1 }
  }

  /// J'J + λ and J'r + λu.
  private func normalEquations(_ point: Point, _ unknowns: [Double]) -> ([Double], [Double]) {
    let count = unknowns.count
    var matrix = [Double](repeating: 0, count: count * count)
    var gradient = [Double](repeating: 0, count: count)
    for (index, residual) in point.residuals.enumerated() {
      let row = point.jacobian[index * count..<(index + 1) * count]
      for (i, x) in row.enumerated() where x != 0 {
        gradient[i] += x * residual
        for (j, y) in row.prefix(i + 1).enumerated() { matrix[i * count + j] += x * y }
      }
    }
    for (i, unknown) in unknowns.enumerated() {
      matrix[i * count + i] += penalty
      gradient[i] += penalty * unknown
    }
    return (matrix, gradient)
  }

  /// The step for a lower triangle of J'J, its diagonal raised; nil where it is not positive.
  private func solve(_ matrix: [Double], _ gradient: [Double], damping: Double) -> [Double]? {
    let count = gradient.count
    var factor = matrix
    for i in 0..<count {
      // A direction in which nothing changes gets a diagonal, too, so that it stays as it is.
      factor[i * count + i] = matrix[i * count + i] * (1 + damping) + 1e-30
    }
    // Cholesky's factor in place, then forward and backward substitution.
    for i in 0..<count {
      for j in 0...i {
        var sum = factor[i * count + j]
        for k in 0..<j { sum -= factor[i * count + k] * factor[j * count + k] }
        if i == j {
          guard sum > 0 else { return nil }
          factor[i * count + i] = sum.squareRoot()
        } else {
          factor[i * count + j] = sum / factor[j * count + j]
        }
      }
    }
    var step = gradient
    for i in 0..<count {
      for k in 0..<i { step[i] -= factor[i * count + k] * step[k] }
      step[i] /= factor[i * count + i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) {
      for k in i + 1..<max(count, i + 1) { step[i] -= factor[k * count + i] * step[k] }
      step[i] /= factor[i * count + i]
    }
    return step.allSatisfy(\.isFinite) ? step : nil
  }
}
