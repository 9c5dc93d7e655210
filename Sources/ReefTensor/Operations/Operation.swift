import CKernels

/// What a node was computed by and from: operands are indices of nodes.
enum Operation {
  /// An input, a parameter, or a view of another node.
  case leaf
  case unary(ReefUnary, Int)
  case affine(Int, scale: Float)
  case binary(ReefBinary, Int, Int)
  case product(Int, Int, ProductShape)
  /// `before` is the result without the activation, where its adjoint needs that.
  case linear(Int, Int, Int, ReefActivation, before: UnsafeMutablePointer<Float>)
  case transpose(Int)
  case sum(Int, AxisShape, scale: Float)
  case maximum(Int, AxisShape, places: UnsafeMutablePointer<Int>)
  case concatenate(Int, Int)
  case slice(Int, from: Int)
  case gather(Int, rows: UnsafeMutablePointer<Int>)
  case softmax(Int)
  case crossEntropy(
    Int, labels: UnsafeMutablePointer<Int>, probabilities: UnsafeMutablePointer<Float>,
    count: Int)
  case layerNorm(
    Int, gain: Int, bias: Int, normal: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Float>)
  case attention(Int, heads: Int, probabilities: UnsafeMutablePointer<Float>)
  case patches(Int, ReefConvolution)
}

extension Tape {
  /// Adds what a node's gradient means for its operands.
  func runAdjoint(of node: Node) {
    switch node.operation {
    case .leaf: break
    case .unary(let operation, let x): unaryAdjoint(operation, x, node)
    case .affine(let x, let scale): affineAdjoint(x, scale: scale, node)
    case .binary(let operation, let x, let y): binaryAdjoint(operation, x, y, node)
    case .product(let x, let y, let shape): productAdjoint(x, y, shape, node)
    case .linear(let x, let weight, let bias, let activation, let before):
      linearAdjoint(x, weight, bias, activation, before: before, node)
    case .transpose(let x): transposeAdjoint(x, node)
    case .sum(let x, let axis, let scale): sumAdjoint(x, axis, scale: scale, node)
    case .maximum(let x, let axis, let places): maximumAdjoint(x, axis, places: places, node)
    case .concatenate(let x, let y): concatenateAdjoint(x, y, node)
    case .slice(let x, let start): sliceAdjoint(x, from: start, node)
    case .gather(let table, let rows): gatherAdjoint(table, rows: rows, node)
    case .softmax(let x): softmaxAdjoint(x, node)
    case .crossEntropy(let x, let labels, let probabilities, let count):
      crossEntropyAdjoint(x, labels: labels, probabilities: probabilities, count: count, node)
    case .layerNorm(let x, let gain, let bias, let normal, let scales):
      layerNormAdjoint(x, gain: gain, bias: bias, normal: normal, scales: scales, node)
    case .attention(let x, let heads, let probabilities):
      attentionAdjoint(x, heads: heads, probabilities: probabilities, node)
    case .patches(let x, let convolution): patchesAdjoint(x, convolution, node)
    }
  }
}
