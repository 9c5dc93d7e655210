import Foundation

/// How weights begin.
package enum Initialization: Hashable, Sendable {
  case constant(Float)
  /// Uniform from -bound to bound.
  case uniform(bound: Float)
  /// Normal with mean 0.
  case normal(deviation: Float)
  /// Uniform, so that a layer keeps the variance both ways (Glorot and Bengio 2010). The first axes
  /// are the inputs, the last one the outputs.
  case glorot
  /// Normal, for layers that a rectifier follows (He et al. 2015, arXiv:1502.01852).
  case he

  package static let zeros = Initialization.constant(0)
  package static let ones = Initialization.constant(1)

  func fill(
    _ values: UnsafeMutableBufferPointer<Float>, _ shape: Shape,
    using generator: inout some RandomNumberGenerator
  ) {
    switch self {
    case .constant(let value): values.update(repeating: value)
    case .uniform(let bound):
      for index in values.indices { values[index] = bound * Float(generator.signed()) }
    case .normal(let deviation):
      for index in values.indices { values[index] = deviation * Float(generator.normal()) }
    case .glorot:
      Initialization.uniform(bound: (6 / Float(max(1, shape.rows + shape.columns))).squareRoot())
        .fill(values, shape, using: &generator)
    case .he:
      Initialization.normal(deviation: (2 / Float(max(1, shape.rows))).squareRoot())
        .fill(values, shape, using: &generator)
    }
  }
}

// The draws are defined here and not by the standard library, so that results never change.
extension RandomNumberGenerator {
  /// Uniform in -1..<1.
  fileprivate mutating func signed() -> Double { Double(next() >> 11) * 0x1p-52 - 1 }

  /// Standard normal (Box and Muller 1958).
  fileprivate mutating func normal() -> Double {
    let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
    return radius * cos(.pi * signed())
  }
}
