import ReefTasks

/// Finds butterfly factors on both sides of a matrix, M = B (A₀ ⊕ A₁) C, which takes no permutation:
/// circulant matrices, that is convolutions, are of this kind at every level.
///
/// Rows i and i + n/2 and columns j and j + n/2 of M are a block Mᵢⱼ of two by two. A solution of
/// nᵢ* Mᵢⱼ cⱼ = 0 for all i and j gives one column of every block of the inverse of C, and at a right
/// angle to nᵢ one column of B; a second solution gives the others. Each is found from a random
/// start by Levenberg and Marquardt's method.
struct TwoSidedSplit {
  /// The columns of B for each pair of rows, above A₀ and above A₁.
  let lines: [[ComplexPair]]
  /// The rows of C for each pair of columns, that for A₀ and that for A₁.
  let inputs: [[ComplexPair]]
  /// A₀ and A₁.
  let parts: [ComplexMatrix]
  /// How much of M the product misses, relative to M.
  let error: Double

  private static let starts = 30

  /// Nil where no two solutions are found, or the numbers are not finite.
  ///
  /// - Parameters:
  ///   - matrix: Of at least 4 rows, a power of two.
  ///   - spend: Told how many blocks were looked at.
  init?(_ matrix: ComplexMatrix, _ generator: inout SplitMix64, spend: (Int) -> Void) {
    let blocks = Blocks(matrix)
    guard blocks.scale > 0, blocks.scale.isFinite else { return nil }
    var solutions: [Blocks.Solution] = []
    for _ in 0..<TwoSidedSplit.starts where solutions.count < 2 {
      if let found = blocks.solution(&generator, spend: spend),
        solutions.allSatisfy({ $0.differs(from: found) })
      {
        solutions.append(found)
      }
    }
    guard solutions.count == 2 else { return nil }
    let half = blocks.count
    let range = 0..<half
    lines = solutions.map { solution in
      solution.left.map { n in
        let line = n.perpendicular
        return (Complex(1) / line.leading) * line
      }
    }
    // The inverse of the matrix of two columns, and what its rows are divided by.
    let inverses = range.map { column in
      let (c, d) = (solutions[0].right[column], solutions[1].right[column])
      let determinant = c.first * d.second - d.first * c.second
      return [
        (Complex(1) / determinant) * ComplexPair(d.second, Complex(-1) * d.first),
        (Complex(1) / determinant) * ComplexPair(Complex(-1) * c.second, c.first),
      ]
    }
    inputs = (0..<2).map { side in
      range.map { (Complex(1) / inverses[$0][side].leading) * inverses[$0][side] }
    }
    var parts: [ComplexMatrix] = []
    for side in 0..<2 {
      var part = ComplexMatrix(size: half)
      for row in range {
        let line = lines[side][row]
        for column in range {
          let image = blocks[row, column](solutions[side].right[column])
          part[row, column] =
            (1 / line.square) * (line.dot(image) * inverses[column][side].leading)
        }
      }
      parts.append(part)
    }
    self.parts = parts
    var (missed, whole) = (0.0, 0.0)
    for row in range {
      for column in range {
        for first in 0..<2 {
          let unit = first == 0 ? ComplexPair(Complex(1), .zero) : ComplexPair(.zero, Complex(1))
          let right = blocks[row, column](unit)
          var sum = ComplexPair(.zero, .zero)
          for side in 0..<2 {
            let input = inputs[side][column]
            let taken = first == 0 ? input.first : input.second
            sum = sum + (parts[side][row, column] * taken) * lines[side][row]
          }
          missed += (right + (-1) * sum).square
          whole += right.square
        }
      }
    }
    error = (missed / whole).squareRoot()
    guard error.isFinite else { return nil }
  }
}

/// A matrix as blocks of two by two.
private struct Blocks {
  struct Block {
    let top, bottom: ComplexPair

    func callAsFunction(_ x: ComplexPair) -> ComplexPair {
      ComplexPair(
        top.first * x.first + top.second * x.second,
        bottom.first * x.first + bottom.second * x.second)
    }
  }

  /// Directions of length 1.
  struct Solution {
    let left, right: [ComplexPair]

    /// Whether each of its directions is another one.
    func differs(from other: Solution) -> Bool {
      zip(left + right, other.left + other.right).allSatisfy { $0.dot($1).square < 1 - 1e-4 }
    }
  }

  /// In each direction.
  let count: Int
  /// The root of the mean square of the matrix's elements.
  let scale: Double
  private let blocks: [Block]

  init(_ matrix: ComplexMatrix) {
    count = matrix.size / 2
    scale =
      (matrix.elements.reduce(0) { $0 + $1.square } / Double(matrix.elements.count)).squareRoot()
    var blocks: [Block] = []
    for row in 0..<count {
      for column in 0..<count {
        blocks.append(
          Block(
            top: ComplexPair(matrix[row, column], matrix[row, column + count]),
            bottom: ComplexPair(matrix[row + count, column], matrix[row + count, column + count])))
      }
    }
    self.blocks = blocks
  }

  subscript(row: Int, column: Int) -> Block { blocks[row * count + column] }

  /// A solution near a random start: n = u + t u⊥ and c = v + s v⊥ with unknown complex t and s.
  ///
  /// - Returns: Nil where there is none.
  func solution(_ generator: inout SplitMix64, spend: (Int) -> Void) -> Solution? {
    let starts = (0..<2 * count).map { _ in ComplexPair.random(&generator) }
    func direction(_ index: Int, _ unknowns: [Double]) -> ComplexPair {
      let along = Complex(unknowns[2 * index], unknowns[2 * index + 1])
      return starts[index] + along * starts[index].perpendicular
    }
    var method = LeastSquares()
    method.sufficientCost = 1e-28 * Double(count * count)
    let width = 4 * count
    let found = method.minimize(from: Array(repeating: 0, count: width)) { unknowns in
      spend(blocks.count)
      let directions = starts.indices.map { direction($0, unknowns) }
      var point = LeastSquares.Point(residuals: [], jacobian: [])
      point.residuals.reserveCapacity(2 * blocks.count)
      point.jacobian = Array(repeating: 0, count: 2 * blocks.count * width)
      for row in 0..<count {
        for column in 0..<count {
          let block = self[row, column]
          let image = block(directions[count + column])
          let value = (1 / scale) * directions[row].dot(image)
          // The derivatives by t, which enters as its conjugate, and by s.
          let byLeft = (1 / scale) * starts[row].perpendicular.dot(image)
          let byRight =
            (1 / scale) * directions[row].dot(block(starts[count + column].perpendicular))
          let line = point.residuals.count * width
          let (left, right) = (2 * row, 2 * (count + column))
          point.residuals += [value.real, value.imaginary]
          point.jacobian[line + left] = byLeft.real
          point.jacobian[line + left + 1] = byLeft.imaginary
          point.jacobian[line + width + left] = byLeft.imaginary
          point.jacobian[line + width + left + 1] = -byLeft.real
          point.jacobian[line + right] = byRight.real
          point.jacobian[line + right + 1] = -byRight.imaginary
          point.jacobian[line + width + right] = byRight.imaginary
          point.jacobian[line + width + right + 1] = byRight.real
        }
      }
      return point
    }
    guard let found, found.cost < 1e-20 * Double(blocks.count) else { return nil }
    let directions = starts.indices.map { direction($0, found.unknowns).normalized }
    return Solution(left: Array(directions.prefix(count)), right: Array(directions.suffix(count)))
  }
}
