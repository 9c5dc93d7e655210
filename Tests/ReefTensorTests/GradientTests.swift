import Foundation
import ReefTensor
import Testing

/// The gradients of every operation against central differences.
@Suite("Gradients")
struct GradientTests {
  private struct Case: Sendable {
    let name: String
    let shapes: [Shape]
    var range: ClosedRange<Float> = -1...1
    let result: @Sendable ([Tensor]) -> Tensor
  }

  private static let cases: [Case] =
    [
      Case(name: "exp", shapes: [[3, 5]]) { $0[0].exp() },
      Case(name: "log", shapes: [[3, 5]], range: 0.5...2) { $0[0].log() },
      Case(name: "tanh", shapes: [[3, 5]]) { $0[0].tanh() },
      Case(name: "sigmoid", shapes: [[3, 5]]) { $0[0].sigmoid() },
      // Away from 0, where they have no derivative.
      Case(name: "relu", shapes: [[20]], range: 0.1...1) { ($0[0] - $0[0].reversedSigns()).relu() },
      Case(name: "magnitude", shapes: [[20]], range: 0.1...1) { $0[0].reversedSigns().magnitude() },
      Case(name: "gelu", shapes: [[3, 5]]) { $0[0].gelu() },
      Case(name: "squared", shapes: [[3, 5]]) { $0[0].squared() },
      Case(name: "squareRoot", shapes: [[3, 5]], range: 0.5...2) { $0[0].squareRoot() },
      Case(name: "affine", shapes: [[3, 5]]) { 2 - (3 * $0[0] + 1) / 4 - 0.5 },
      Case(name: "negative", shapes: [[3]]) { -$0[0] },
      Case(name: "add", shapes: [[2, 3, 4], [3, 1]]) { $0[0] + $0[1] },
      Case(name: "subtract", shapes: [[4], [2, 3, 4]]) { $0[0] - $0[1] },
      Case(name: "multiply", shapes: [[2, 1, 4], [3, 1]]) { $0[0] * $0[1] },
      Case(name: "divide", shapes: [[2, 3], [2, 1]], range: 0.5...2) { $0[0] / $0[1] },
      Case(name: "divide a scalar", shapes: [[], [2, 3]], range: 0.5...2) { $0[0] / $0[1] },
      Case(name: "maximum", shapes: [[5, 1], [1, 7]]) { $0[0].maximum($0[1]) },
      Case(name: "minimum", shapes: [[5, 7], [7]]) { $0[0].minimum($0[1]) },
      Case(name: "square by itself", shapes: [[3]]) { $0[0] * $0[0] },
      Case(name: "matmul", shapes: [[3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
      Case(name: "matmul with a transpose", shapes: [[3, 4], [5, 4]]) {
        $0[0].matmul($0[1], transposingRight: true)
      },
      Case(name: "matmul of stacks", shapes: [[2, 3, 4], [2, 4, 2]]) { $0[0].matmul($0[1]) },
      Case(name: "matmul of stacks with a transpose", shapes: [[2, 3, 4], [2, 2, 4]]) {
        $0[0].matmul($0[1], transposingRight: true)
      },
      Case(name: "matmul of a stack", shapes: [[2, 3, 4], [4, 2]]) { $0[0].matmul($0[1]) },
      Case(name: "transposed", shapes: [[2, 3, 4]]) { $0[0].transposed() },
      Case(name: "reshaped", shapes: [[2, 6]]) {
        ($0[0].reshaped([3, 4]) * $0[0].reshaped([3, 4]))
      },
      Case(name: "concatenated", shapes: [[2, 3], [2, 2]]) { $0[0].concatenated(with: $0[1]) },
      Case(name: "columns", shapes: [[2, 5]]) { $0[0].columns(1..<3) * $0[0].columns(2..<4) },
      Case(name: "gather", shapes: [[4, 3]]) { $0[0].gather([2, 0, 2, 3]) },
      Case(name: "sum", shapes: [[2, 3]]) { $0[0].sum() },
      Case(name: "mean", shapes: [[2, 3]]) { $0[0].mean() },
      Case(name: "sum of the first axis", shapes: [[4, 2, 3]]) { $0[0].sum(axis: 0) },
      Case(name: "sum of the middle axis", shapes: [[4, 2, 3]]) { $0[0].sum(axis: 1) },
      Case(name: "mean of the last axis", shapes: [[4, 2, 3]]) { $0[0].mean(axis: -1) },
      Case(name: "maximum of an axis", shapes: [[4, 5, 2]]) { $0[0].maximum(axis: 1) },
      Case(name: "softmax", shapes: [[3, 20]]) { $0[0].softmax() },
      Case(name: "cross-entropy", shapes: [[3, 20]]) { $0[0].crossEntropy([19, -1, 0]) },
      Case(name: "squared error", shapes: [[3, 2], [3, 2]]) { $0[0].meanSquaredError($0[1]) },
      Case(name: "layer norm", shapes: [[3, 20], [20], [20]]) { $0[0].layerNorm($0[1], $0[2]) },
      Case(name: "attention", shapes: [[2, 5, 12]]) { $0[0].attention(heads: 2) },
      Case(name: "causal attention", shapes: [[2, 5, 12]]) {
        $0[0].attention(heads: 1, isCausal: true)
      },
      Case(name: "masked attention", shapes: [[2, 3, 6]]) {
        $0[0].attention(heads: 2, mask: $0[0].tape.constant([2, 3], [1, 1, 0, 1, 0, 1]))
      },
      Case(name: "convolution", shapes: [[2, 5, 4, 2], [3, 2, 2, 3], [3]]) {
        $0[0].convolved($0[1], $0[2], .tanh, stride: 2, padding: 1)
      },
      Case(name: "used twice", shapes: [[3, 3]]) { $0[0].matmul($0[0]) + $0[0].transposed() },
    ]
    + Activation.allCases.map { activation in
      Case(name: "linear, \(activation)", shapes: [[2, 3, 4], [4, 5], [5]]) {
        $0[0].linear($0[1], $0[2], activation)
      }
    }

  @Test("They agree with central differences", arguments: cases.indices)
  func centralDifferences(index: Int) {
    let check = GradientTests.cases[index]
    var draws = Draws(seed: 100 + index)
    var inputs = check.shapes.map { draws.reals($0.count, check.range) }
    let tape = Tape()
    var weights: [Float] = []

    /// A sum of the results with weights of their own, in double precision.
    func value(_ inputs: [[Float]]) -> (Double, [[Float]]) {
      tape.reset()
      let variables = zip(check.shapes, inputs).map { tape.variable($0, $1) }
      let result = check.result(variables)
      if weights.isEmpty { weights = draws.reals(result.shape.count, 0.5...1.5) }
      (result * tape.constant(result.shape, weights)).sum().backward()
      let sum = zip(result.values, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      return (sum, variables.map { $0.gradient! })
    }

    let gradients = value(inputs).1
    let step: Float = 1.0 / 256
    for operand in inputs.indices {
      for place in inputs[operand].indices {
        let x = inputs[operand][place]
        inputs[operand][place] = x + step
        let above = value(inputs).0
        inputs[operand][place] = x - step
        let below = value(inputs).0
        inputs[operand][place] = x
        let slope = (above - below) / (2 * Double(step))
        let found = Double(gradients[operand][place])
        #expect(
          abs(found - slope) < 2e-3 * max(1, abs(slope)),
          "\(check.name): operand \(operand), place \(place): \(found) instead of \(slope)")
      }
    }
  }
}

extension Tensor {
  /// The elements with alternating signs.
  fileprivate func reversedSigns() -> Tensor {
    self * tape.constant(shape, (0..<shape.count).map { $0 % 2 == 0 ? 1 : -1 })
  }
}
