import CKernels

/// Why a training step was not taken. The weights are still those of the step before.
package enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  case notFinite(step: Int)

  package var description: String {
    switch self {
    case .notFinite(let step):
      "The gradient of training step \(step) is not finite; the weights of the step before are "
        + "kept. Try a smaller learning rate, or look for NaN in the data."
    }
  }
}

/// Changes weights against their gradients.
package protocol Optimizer {
  /// Takes one step; throws, and changes nothing, where a gradient is not finite.
  func step(rate: Float) throws(TrainingError)
}

extension Parameters {
  /// What gradients have to be multiplied with so that their Euclidean norm is at most `maximum`;
  /// nil where it is not finite.
  func clippingScale(maximum: Float?) -> Float? {
    // By entry: a frozen one does not count, and sums of small parts are more exact.
    let square = entries.reduce(0.0) { sum, entry in
      guard !entry.isFrozen else { return sum }
      let gradient = gradients.baseAddress! + entry.offset
      return sum + Double(reef_dot(entry.shape.count, gradient, gradient))
    }
    guard square.isFinite else { return nil }
    guard let maximum, square > Double(maximum) * Double(maximum) else { return 1 }
    return Float(Double(maximum) / square.squareRoot())
  }
}

/// Stochastic gradient descent with momentum; weight decay adds to the gradient.
package final class SGD: Optimizer {
  private let parameters: Parameters
  private let momentum: Float
  private let weightDecay: Float
  private let maximumNorm: Float?
  private var velocity: [Float]
  package private(set) var steps = 0

  /// - Parameter maximumNorm: Longer gradients are scaled down to this Euclidean norm.
  package init(
    _ parameters: Parameters, momentum: Float = 0, weightDecay: Float = 0, maximumNorm: Float? = nil
  ) {
    self.parameters = parameters
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.maximumNorm = maximumNorm
    velocity = Array(repeating: 0, count: parameters.values.count)
  }

  package func step(rate: Float) throws(TrainingError) {
    guard let scale = parameters.clippingScale(maximum: maximumNorm) else {
      throw .notFinite(step: steps + 1)
    }
    steps += 1
    velocity.withUnsafeMutableBufferPointer { velocity in
      for entry in parameters.entries where !entry.isFrozen {
        reef_sgd(
          entry.shape.count, parameters.values.baseAddress! + entry.offset,
          parameters.gradients.baseAddress! + entry.offset, velocity.baseAddress! + entry.offset,
          scale, rate, momentum, entry.decays ? weightDecay : 0)
      }
    }
  }
}

/// Adam (Kingma and Ba 2015, arXiv:1412.6980) with decoupled weight decay (Loshchilov and Hutter
/// 2019, arXiv:1711.05101).
package final class Adam: Optimizer {
  private let parameters: Parameters
  private let beta1: Float
  private let beta2: Float
  private let epsilon: Float
  private let weightDecay: Float
  private let maximumNorm: Float?
  private var first: [Float]
  private var second: [Float]
  package private(set) var steps = 0

  /// - Parameters:
  ///   - weightDecay: The share of a matrix that a step of rate 1 takes away.
  ///   - maximumNorm: Longer gradients are scaled down to this Euclidean norm.
  package init(
    _ parameters: Parameters, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, maximumNorm: Float? = nil
  ) {
    self.parameters = parameters
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximumNorm = maximumNorm
    first = Array(repeating: 0, count: parameters.values.count)
    second = first
  }

  package func step(rate: Float) throws(TrainingError) {
    guard let scale = parameters.clippingScale(maximum: maximumNorm) else {
      throw .notFinite(step: steps + 1)
    }
    steps += 1
    var settings = ReefAdam(
      scale: scale, rate: rate / (1 - power(beta1, steps)), beta1: beta1, beta2: beta2,
      correction: 1 / (1 - power(beta2, steps)).squareRoot(), epsilon: epsilon, keep: 1)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        for entry in parameters.entries where !entry.isFrozen {
          settings.keep = entry.decays ? 1 - rate * weightDecay : 1
          reef_adam(
            entry.shape.count, parameters.values.baseAddress! + entry.offset,
            parameters.gradients.baseAddress! + entry.offset, first.baseAddress! + entry.offset,
            second.baseAddress! + entry.offset, &settings)
        }
      }
    }
  }

  /// By squaring, in double precision: 1 - beta^step loses digits otherwise.
  private func power(_ base: Float, _ exponent: Int) -> Float {
    var (result, square, rest) = (1.0, Double(base), exponent)
    while rest > 0 {
      if rest % 2 == 1 { result *= square }
      square *= square
      rest /= 2
    }
    return Float(result)
  }
}
