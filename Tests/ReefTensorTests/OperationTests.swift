import Foundation
import ReefTensor
import Testing

/// Results against slow definitions, in double precision.
@Suite("Operations")
struct OperationTests {
  static let pairs: [(Shape, Shape, Shape)] = [
    ([2, 3, 4], [3, 4], [2, 3, 4]), ([2, 3, 4], [2, 1, 4], [2, 3, 4]), ([], [3], [3]),
    ([4, 1], [1, 5], [4, 5]), ([4, 1, 3], [4, 2, 1], [4, 2, 3]), ([1], [2, 2], [2, 2]),
    ([2, 1, 3, 1], [4, 1, 5], [2, 4, 3, 5]), ([4, 1, 3], [1, 1, 3], [4, 1, 3]),
    ([0, 3], [3], [0, 3]), ([0], [1], [0]),
  ]

  @Test("Operands are broadcast by the usual rules", arguments: pairs)
  func broadcasting(left: Shape, right: Shape, expected: Shape) {
    var draws = Draws(seed: left.count + right.count)
    let (x, y) = (draws.wholes(left.count), draws.wholes(right.count))
    let tape = Tape()
    let z = tape.constant(left, x) - tape.constant(right, y)
    #expect(z.shape == expected)
    for at in 0..<expected.count {
      #expect(z.values[at] == x[place(at, expected, left)] - y[place(at, expected, right)])
    }
  }

  /// Where an element of a broadcast result comes from.
  private func place(_ at: Int, _ shape: Shape, _ operand: Shape) -> Int {
    var (rest, place, step) = (at, 0, 1)
    for axis in 1...max(1, shape.rank) where axis <= operand.rank {
      let index = rest % shape[-axis]
      rest /= shape[-axis]
      place += (operand[-axis] == 1 ? 0 : index) * step
      step *= operand[-axis]
    }
    return place
  }

  @Test("Softmax is shifted, so that large numbers do no harm; what is hidden gets 0")
  func softmax() {
    let tape = Tape()
    let y = tape.constant([3, 2], [1000, 1000, -.infinity, 5, -.infinity, -.infinity]).softmax()
    #expect(y.values == [0.5, 0.5, 0, 1, 0, 0])
    #expect(tape.constant([2], [Float.nan, -.infinity]).softmax().values[0].isNaN)
    #expect(tape.constant([2], [Float.nan, 1]).softmax().values.allSatisfy { $0.isNaN })
    // What would be too small for a normal number, with which a processor is slow, is nothing.
    let row = stride(from: Float(0), through: -120, by: -2.5).map { $0 }
    let parts = tape.constant([row.count], row).softmax().values
    let sum = row.reduce(0) { $0 + exp(Double($1)) }
    for (x, part) in zip(row, parts) {
      let exact = exp(Double(x)) / sum
      #expect(x < -87 ? part == 0 : abs(Double(part) - exact) <= 1e-6 * exact)
    }
  }

  @Test("Cross-entropy is the mean of -log softmax at the labels that count")
  func crossEntropy() {
    var draws = Draws(seed: 3)
    let x = draws.reals(4 * 7, -5...5)
    let labels = [3, -1, 0, 6]
    var sum = 0.0
    for (row, label) in labels.enumerated() where label >= 0 {
      let logits = x[row * 7..<row * 7 + 7].map(Double.init)
      sum -= logits[label] - log(logits.reduce(0) { $0 + exp($1) })
    }
    let loss = Tape().constant([4, 7], x).crossEntropy(labels)
    #expect(abs(Double(loss.item) - sum / 3) < 1e-6)
    #expect(Tape().constant([1, 2], [0, 0]).crossEntropy([-1]).item == 0)
  }

  @Test("Layer norm gives mean 0 and variance 1 before gain and bias")
  func layerNorm() {
    var draws = Draws(seed: 4)
    let x = draws.reals(50, 90...110)
    let tape = Tape()
    let y = tape.constant([50], x).layerNorm(
      tape.constant([50], Array(repeating: 2, count: 50)),
      tape.constant([50], Array(repeating: 3, count: 50)))
    let values = y.values.map(Double.init)
    let mean = values.reduce(0, +) / 50
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50
    #expect(abs(mean - 3) < 1e-5 && abs(variance - 4) < 1e-4)
  }

  @Test(
    "Attention is the mean of values by softmax weights", arguments: [false, true], [false, true])
  func attention(isCausal: Bool, isMasked: Bool) {
    let (sequences, length, heads, size) = (2, 6, 3, 4)
    let width = heads * size
    var draws = Draws(seed: 7)
    let x = draws.reals(sequences * length * 3 * width)
    let mask: [Float] = (0..<sequences * length).map { $0 % 4 == 1 ? 0 : 1 }
    let tape = Tape()
    let y = tape.constant([sequences, length, 3 * width], x).attention(
      heads: heads, isCausal: isCausal,
      mask: isMasked ? tape.constant([sequences, length], mask) : nil)
    func element(_ s: Int, _ i: Int, _ part: Int, _ h: Int, _ d: Int) -> Double {
      Double(x[(s * length + i) * 3 * width + part * width + h * size + d])
    }
    for s in 0..<sequences {
      for h in 0..<heads {
        for i in 0..<length {
          let weights = (0..<length).map { j -> Double in
            if (isCausal && j > i) || (isMasked && mask[s * length + j] == 0) { return 0 }
            let dot = (0..<size).reduce(0.0) {
              $0 + element(s, i, 0, h, $1) * element(s, j, 1, h, $1)
            }
            return exp(dot / Double(size).squareRoot())
          }
          let total = weights.reduce(0, +)
          for d in 0..<size {
            let sum = (0..<length).reduce(0.0) { $0 + weights[$1] * element(s, $1, 2, h, d) }
            let found = Double(y.values[(s * length + i) * width + h * size + d])
            #expect(abs(found - sum / total) < 1e-6)
          }
        }
      }
    }
  }

  @Test("A convolution is the sum over its window", arguments: [(1, 0), (1, 1), (2, 1)])
  func convolution(stride: Int, padding: Int) {
    let (images, height, width, channels, outputs, rows, columns) = (2, 5, 6, 2, 3, 3, 2)
    var draws = Draws(seed: 8)
    let x = draws.wholes(images * height * width * channels)
    let w = draws.wholes(rows * columns * channels * outputs)
    let b = draws.wholes(outputs)
    let tape = Tape()
    let y = tape.constant([images, height, width, channels], x).convolved(
      tape.constant([rows, columns, channels, outputs], w), tape.constant([outputs], b), .relu,
      stride: stride, padding: padding)
    let outHeight = (height + 2 * padding - rows) / stride + 1
    let outWidth = (width + 2 * padding - columns) / stride + 1
    #expect(y.shape == [images, outHeight, outWidth, outputs])
    var expected: [Float] = []
    for n in 0..<images {
      for r in 0..<outHeight {
        for c in 0..<outWidth {
          for o in 0..<outputs {
            var sum = b[o]
            for i in 0..<rows {
              for j in 0..<columns {
                let (row, column) = (r * stride + i - padding, c * stride + j - padding)
                guard 0..<height ~= row, 0..<width ~= column else { continue }
                for k in 0..<channels {
                  sum +=
                    x[((n * height + row) * width + column) * channels + k]
                    * w[((i * columns + j) * channels + k) * outputs + o]
                }
              }
            }
            expected.append(max(0, sum))
          }
        }
      }
    }
    #expect(y.values == expected)
  }

  @Test("A NaN wins a maximum, and empty axes sum to 0")
  func edges() {
    let tape = Tape()
    #expect(tape.constant([1, 3], [1, .nan, 2]).maximum(axis: 1).item.isNaN)
    #expect(tape.constant([2, 0], []).sum(axis: 1).values == [0, 0])
    #expect(tape.constant([0], []).sum().item == 0)
  }

  @Test("Shapes that do not fit are a mistake of the caller's")
  func mismatches() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.constant([2, 3], Array(repeating: 0, count: 6)) + tape.constant([2], [0, 0])
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.constant([1, 3], [0, 0, 0]).matmul(tape.constant([2, 1], [0, 0]))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let old = tape.constant([1], [0])
      tape.reset()
      _ = old.item
    }
  }
}
