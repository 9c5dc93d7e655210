/// A fully connected layer, `activation(x · weight + bias)`.
package struct DenseLayer: Sendable {
  /// Of shape [inputs, outputs].
  package let weight: Parameters.ID
  /// Of shape [outputs].
  package let bias: Parameters.ID
  private let activation: Activation

  /// Adds `NAME.weight` and `NAME.bias`.
  package init(
    _ name: String, inputs: Int, outputs: Int, _ activation: Activation = .identity,
    initial: Initialization = .glorot, in parameters: Parameters,
    using generator: inout some RandomNumberGenerator
  ) {
    weight = parameters.add("\(name).weight", [inputs, outputs], initial, using: &generator)
    bias = parameters.add("\(name).bias", [outputs], .zeros, using: &generator)
    self.activation = activation
  }

  /// - Parameter x: Of shape […, inputs].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(x.tape[weight], x.tape[bias], activation)
  }
}

/// Layer normalization with a gain and a bias for each column.
package struct NormLayer: Sendable {
  private let gain: Parameters.ID
  private let bias: Parameters.ID

  /// Adds `NAME.gain` and `NAME.bias`.
  package init(
    _ name: String, width: Int, in parameters: Parameters,
    using generator: inout some RandomNumberGenerator
  ) {
    gain = parameters.add("\(name).gain", [width], .ones, using: &generator)
    bias = parameters.add("\(name).bias", [width], .zeros, using: &generator)
  }

  /// - Parameter x: Of shape […, width].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNorm(x.tape[gain], x.tape[bias])
  }
}

/// A block of a transformer that normalizes first (Xiong et al. 2020, arXiv:2002.04745): attention,
/// then two layers with four times the width between them, each added to its input.
package struct AttentionBlock: Sendable {
  private let heads: Int
  private let isCausal: Bool
  private let beforeAttention: NormLayer
  private let project: DenseLayer
  private let join: DenseLayer
  private let beforeLayers: NormLayer
  private let widen: DenseLayer
  private let narrow: DenseLayer

  /// Adds parameters whose names begin with `NAME.`.
  ///
  /// - Parameter heads: A divisor of `width`.
  package init(
    _ name: String, width: Int, heads: Int, isCausal: Bool, in parameters: Parameters,
    using generator: inout some RandomNumberGenerator
  ) {
    self.heads = heads
    self.isCausal = isCausal
    beforeAttention = NormLayer(
      "\(name).beforeAttention", width: width, in: parameters, using: &generator)
    project = DenseLayer(
      "\(name).project", inputs: width, outputs: 3 * width, in: parameters, using: &generator)
    join = DenseLayer(
      "\(name).join", inputs: width, outputs: width, in: parameters, using: &generator)
    beforeLayers = NormLayer(
      "\(name).beforeLayers", width: width, in: parameters, using: &generator)
    widen = DenseLayer(
      "\(name).widen", inputs: width, outputs: 4 * width, .gelu, in: parameters, using: &generator)
    narrow = DenseLayer(
      "\(name).narrow", inputs: 4 * width, outputs: width, in: parameters, using: &generator)
  }

  /// - Parameters:
  ///   - x: Of shape [sequences, length, width].
  ///   - mask: Of shape [sequences, length]: 0 at the positions that nobody sees.
  package func callAsFunction(_ x: Tensor, mask: Tensor? = nil) -> Tensor {
    let attended =
      x + join(project(beforeAttention(x)).attention(heads: heads, isCausal: isCausal, mask: mask))
    return attended + narrow(widen(beforeLayers(attended)))
  }
}
