import CKernels
import ReefTensor
import Testing

@Suite("Matrix products")
struct MatrixTests {
  /// m, n, k: every remainder of the tiles, single rows and columns, and more than one block.
  static let shapes =
    [(1, 1, 1), (1, 70, 33), (2, 5, 300), (3, 64, 17), (70, 1, 9), (5, 7, 0), (13, 31, 257)]
    + [(14, 96, 300), (29, 513, 20), (12, 32, 8), (66, 1030, 70), (1, 33, 513), (4, 3, 2)]

  @Test("Every instruction set gives the sums of products, in every layout", arguments: shapes)
  func products(m: Int, n: Int, k: Int) {
    var draws = Draws(seed: m * 31 + n * 7 + k)
    let (a, b, c) = (draws.wholes(m * k), draws.wholes(k * n), draws.wholes(m * n))
    var sums = [Float](repeating: 0, count: m * n)
    for i in 0..<m {
      for p in 0..<k {
        for j in 0..<n { sums[i * n + j] += a[i * k + p] * b[p * n + j] }
      }
    }
    let aTransposed = transposed(a, m, k)
    let bTransposed = transposed(b, k, n)
    var scratch = [Float](repeating: .nan, count: ReefMatmulScratch)
    for level in 0...reef_best_kernel_level() {
      for layout in 0..<8 {
        let (left, right, adds) = (layout & 1, layout >> 1 & 1, layout >> 2)
        var result = adds == 1 ? c : Array(repeating: .nan, count: m * n)
        reef_matmul_at(
          level, m, n, k, left == 0 ? a : aTransposed, left == 0 ? k : 1, left == 0 ? 1 : m,
          right == 0 ? b : bTransposed, right == 0 ? n : 1, right == 0 ? 1 : k, &result, n,
          Int32(adds), &scratch)
        let expected = adds == 1 ? zip(c, sums).map(+) : sums
        #expect(result == expected, "level \(level), layout \(layout)")
      }
    }
  }

  @Test("Rows of the product may stand apart, with other numbers between them")
  func strides() {
    var draws = Draws(seed: 5)
    let (a, b) = (draws.wholes(4 * 10), draws.wholes(3 * 20))
    var c = [Float](repeating: -1, count: 4 * 9)
    var scratch = [Float](repeating: 0, count: ReefMatmulScratch)
    // The product of a[4 x 3], rows 10 apart, and b[3 x 5], rows 20 apart.
    reef_matmul(4, 5, 3, a, 10, 1, b, 20, 1, &c, 9, 0, &scratch)
    for i in 0..<4 {
      for j in 0..<9 {
        let sum = (0..<3).reduce(Float(0)) { $0 + a[i * 10 + $1] * (j < 5 ? b[$1 * 20 + j] : 0) }
        #expect(c[i * 9 + j] == (j < 5 ? sum : -1))
      }
    }
  }

  @Test("A right matrix serves a whole stack; stacks multiply one by one")
  func stacks() {
    var draws = Draws(seed: 6)
    let tape = Tape()
    let (x, y, z) = (draws.wholes(2 * 3 * 4), draws.wholes(4 * 5), draws.wholes(2 * 4 * 5))
    let left = tape.constant([2, 3, 4], x)
    let shared = left.matmul(tape.constant([4, 5], y))
    let stacked = left.matmul(tape.constant([2, 4, 5], z))
    let flipped = left.matmul(tape.constant([2, 4, 5], z).transposed(), transposingRight: true)
    #expect(shared.shape == [2, 3, 5] && stacked.shape == [2, 3, 5])
    #expect(flipped.values == stacked.values)
    for s in 0..<2 {
      for i in 0..<3 {
        for j in 0..<5 {
          let at = (s * 3 + i) * 5 + j
          let one = (0..<4).reduce(Float(0)) { $0 + x[(s * 3 + i) * 4 + $1] * y[$1 * 5 + j] }
          let two = (0..<4).reduce(Float(0)) {
            $0 + x[(s * 3 + i) * 4 + $1] * z[(s * 4 + $1) * 5 + j]
          }
          #expect(shared.values[at] == one && stacked.values[at] == two)
        }
      }
    }
  }

  private func transposed(_ matrix: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    (0..<rows * columns).map { matrix[$0 % rows * columns + $0 / rows] }
  }
}
