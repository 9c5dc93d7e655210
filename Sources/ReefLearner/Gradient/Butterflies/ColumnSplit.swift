import Foundation
import ReefTasks

/// Finds, for a matrix of n rows and columns, the half of the columns that an innermost factor keeps
/// together, and that factor: M = B (A₀ ⊕ A₁) P with a butterfly factor B and a permutation P.
///
/// Rows i and i + n/2 of M are n points of two coordinates. Those of the columns that go to A₀ lie on
/// one line through 0, those that go to A₁ on another, and the split is the same for all i. Each
/// column has a gate, the sigmoid of a number, which says how much it belongs to A₀; gates and lines
/// go down the gradient of the sum of the gated squared distances. Lines take steps of length 1/ρ,
/// with ρ Rayleigh's quotient, and gates those of mirror descent (Kivinen and Warmuth 1997). This
/// makes no use of how the columns are ordered: any permutation can come out.
struct ColumnSplit {
  /// The columns of A₀ and of A₁, each ascending.
  let columns: [[Int]]
  /// The columns of B for each pair of rows, above A₀ and above A₁.
  let lines: [[ComplexPair]]
  /// A₀ and A₁.
  let parts: [ComplexMatrix]
  /// How much of M the product misses, relative to M; infinite where that is no number.
  let error: Double
  /// The step of the training, from 1, whose numbers were not finite. The gates of the step before
  /// were kept.
  let undefinedStep: Int?

  private static let maximumSteps = 500
  private static let gateStep = 0.5
  /// A gate so far from 0, on either side, is as good as decided.
  private static let decided = 6.0
  /// The split is the same for all pairs of rows, so that this many tell it.
  private static let trainingPairs = 32

  /// - Parameters:
  ///   - matrix: Of at least 4 rows, a power of two.
  ///   - spend: Told how many points were looked at.
  init(_ matrix: ComplexMatrix, _ generator: inout SplitMix64, spend: (Int) -> Void) {
    let half = matrix.size / 2
    let points = (0..<half).map { row in
      (0..<matrix.size).map { ComplexPair(matrix[row, $0], matrix[row + half, $0]) }
    }
    let (gates, undefinedStep) = ColumnSplit.train(points, &generator, spend: spend)
    self.undefinedStep = undefinedStep
    // Half of the columns each, those with the larger gates first.
    let byGate = gates.indices.sorted { (-gates[$0], $0) < (-gates[$1], $1) }
    columns = [byGate.prefix(half).sorted(), byGate.suffix(half).sorted()]
    spend(points.count * matrix.size)
    var missed = 0.0
    var lines: [[ComplexPair]] = []
    var parts: [ComplexMatrix] = []
    for side in columns {
      var part = ComplexMatrix(size: half)
      var sideLines: [ComplexPair] = []
      for (row, all) in points.enumerated() {
        let line = ColumnSplit.line(through: side.map { all[$0] })
        for (place, column) in side.enumerated() {
          let coordinate = (1 / line.square) * line.dot(all[column])
          part[row, place] = coordinate
          missed += (all[column] + Complex(-1) * coordinate * line).square
        }
        sideLines.append(line)
      }
      lines.append(sideLines)
      parts.append(part)
    }
    self.lines = lines
    self.parts = parts
    let error = (missed / points.joined().reduce(0) { $0 + $1.square }).squareRoot()
    self.error = error.isFinite ? error : .infinity
  }

  /// The gates, as numbers before the sigmoid, and the step after which they were no numbers.
  private static func train(
    _ all: [[ComplexPair]], _ generator: inout SplitMix64, spend: (Int) -> Void
  ) -> (gates: [Double], undefinedStep: Int?) {
    let count = min(all.count, trainingPairs)
    // Evenly from all, each scaled to a mean square of 1.
    let points = (0..<count).map { index in
      let row = all[index * all.count / count]
      let scale = (row.reduce(0) { $0 + $1.square } / Double(2 * row.count)).squareRoot()
      return scale > 0 ? row.map { (1 / scale) * $0 } : row
    }
    var gates = points[0].map { _ in 0.2 * (generator.real() - 0.5) }
    var lines = (0..<2).map { _ in points.map { _ in ComplexPair.random(&generator) } }
    for step in 1...maximumSteps {
      spend(2 * points.count * gates.count)
      let shares = gates.map { 1 / (1 + exp(-$0)) }
      // How much nearer each column is to the line of A₁ than to that of A₀; less the mean, because
      // the sides are of equal size.
      var slopes = [Double](repeating: 0, count: gates.count)
      for side in 0..<2 {
        for (row, points) in points.enumerated() {
          let line = lines[side][row]
          var next = ComplexPair(.zero, .zero)
          for (column, point) in points.enumerated() {
            let along = line.dot(point)
            slopes[column] += (side == 0 ? -1 : 1) * along.square
            next =
              next
              + (side == 0 ? shares[column] : 1 - shares[column]) * (along.conjugate * point)
          }
          lines[side][row] = next.normalized
        }
      }
      let mean = slopes.reduce(0, +) / Double(slopes.count)
      let next = zip(gates, slopes).map { $0 - gateStep / Double(count) * ($1 - mean) }
      guard next.allSatisfy(\.isFinite) else { return (gates, step) }
      gates = next
      if gates.allSatisfy({ abs($0) > decided }) { break }
    }
    return (gates, nil)
  }

  /// The line through 0 nearest to the points, by steps of length 1/ρ up the gradient of Rayleigh's
  /// quotient, in the form (1, x) or (x, 1).
  private static func line(through points: [ComplexPair]) -> ComplexPair {
    // G = Σ v v*, of which the line is the first eigenvector.
    let corner = points.reduce(Complex.zero) { $0 + $1.first * $1.second.conjugate }
    let (a, d) = points.reduce((0.0, 0.0)) { ($0.0 + $1.first.square, $0.1 + $1.second.square) }
    var line = a >= d ? ComplexPair(Complex(1), .zero) : ComplexPair(.zero, Complex(1))
    for _ in 0..<100 {
      let next = ComplexPair(
        a * line.first + corner * line.second, corner.conjugate * line.first + d * line.second
      ).normalized
      guard next.square > 0 else { break }
      let change = (next + (-1) * line).square
      line = next
      if change < 1e-32 { break }
    }
    return (Complex(1) / line.leading) * line
  }
}

extension ComplexPair {
  /// What it is divided by to look like (1, x), or (x, 1) where x would be large. Ones make a factor
  /// readable; it is the numbers of what stands beside it that are scaled instead.
  var leading: Complex { first.square >= 0.1 * square ? first : second }

  /// A direction, with length 1.
  static func random(_ generator: inout SplitMix64) -> ComplexPair {
    func part() -> Double { 2 * generator.real() - 1 }
    return ComplexPair(Complex(part(), part()), Complex(part(), part())).normalized
  }
}
