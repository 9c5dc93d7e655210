import Foundation
import ReefTasks

/// Layers whose weights nobody gives: they have to be found from examples, for a structure that the
/// library has.
public let fittedLayers = BuiltInPlugin(
  name: "fitted", version: "1.0.0",
  tasks: [
    TaskDefinition(
      "regression", "(x: [real]) -> real",
      summary: """
        A linear regression: a weighted sum of the elements of a vector of three numbers, plus a \
        constant. The weights and the constant are those of the examples.
        """,
      train: [1, 2, 4, 8], standards: [.init(checkSizes: [16, 64])], tolerance: tolerance,
      inputs: points(3), expected: { (x: [Double]) in regression(x) }),

    TaskDefinition(
      "opposite", "(z: real) -> real",
      summary: "The opposite of a number, which makes zero together with it.",
      train: [1, 2, 4, 8], standards: [.init(checkSizes: [16, 64])], tolerance: tolerance,
      inputs: points(1).map { x, _ in x[0] }, expected: { (z: Double) in 0 - z }),

    TaskDefinition(
      "sigmoid", "(z: real) -> real",
      summary: """
        The logistic function of a number: one divided by the sum of one and the exponential of the \
        number's opposite.
        """,
      train: [1, 2, 4, 8], standards: [.init(checkSizes: [16, 64])], tolerance: tolerance,
      inputs: points(1).map { x, _ in x[0] }, expected: { (z: Double) in sigmoid(z) }),

    TaskDefinition(
      "neuron", "(w: [real], x: [real], b: real) -> real",
      summary: """
        The logistic function of the weighted sum of the elements of a vector, plus a constant: the \
        answer of one neuron.
        """,
      train: [1, 2, 4], standards: [.init(checkSizes: [8, 64])], tolerance: tolerance,
      inputs: Inputs(
        families: [],
        random: { size, rng in
          let (w, x) = (rng.coordinates(size), rng.coordinates(size))
          return (w, x, rng.coordinate(2))
        }),
      expected: { (w: [Double], x: [Double], b: Double) in
        apply([w], x, [b]).map { sigmoid($0[0]) }
      }),

    TaskDefinition(
      "logistic", "(x: [real]) -> real",
      summary: """
        A logistic regression: the probability that a vector of three numbers belongs to a class. The \
        weights are those of the examples.
        """,
      train: [1, 2, 4], standards: [.init(checkSizes: [2, 8])], tolerance: tolerance,
      inputs: points(3),
      expected: { (x: [Double]) in apply([[0.8, -0.45, 1.2]], x, [-0.6]).map { sigmoid($0[0]) } }),

    TaskDefinition(
      "layer", "(x: [real]) -> [real]",
      summary: """
        A linear layer with fixed weights, from a vector of three numbers to one of two. The weights \
        are those of the examples.
        """,
      train: [1, 2, 4, 8], standards: [.init(checkSizes: [16, 64])], tolerance: tolerance,
      inputs: points(3),
      expected: { (x: [Double]) in apply([[0.8, -1.9, 0.35], [-0.6, 0.05, 2.2]], x, [1.1, -0.4]) }),

    TaskDefinition(
      "network", "(x: [real]) -> [real]",
      summary: """
        A network of two linear layers with fixed weights and the rectifier between them, from a \
        vector of two numbers to one number. The weights are those of the examples.
        """,
      train: [1, 2, 4, 8], standards: [.init(checkSizes: [16, 64])], tolerance: tolerance,
      inputs: points(2),
      expected: { (x: [Double]) in
        apply([[0.9, -0.7], [0.4, 1.3]], x, [0.5, -1.2]).map { $0.map { max(0, $0) } }
          .flatMap { apply([[1.6, -0.85]], $0, [0.3]) }
      }),
  ])

/// How far a real in a result may be off.
private let tolerance = 1e-6

private func regression(_ x: [Double]) -> Double? {
  apply([[1.7, -0.45, 3.2]], x, [-2.6])?.first
}

/// wx + b; nil where the shapes do not fit.
private func apply(_ w: [[Double]], _ x: [Double], _ b: [Double]) -> [Double]? {
  guard w.count == b.count, w.allSatisfy({ $0.count == x.count }) else { return nil }
  return zip(w, b).map { row, bias in zip(row, x).reduce(bias) { $0 + $1.0 * $1.1 } }
}

private func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

/// Vectors of so many numbers, from about -size to size.
private func points(_ count: Int) -> Inputs<[Double]> {
  Inputs(
    families: [
      { _, _ in Array(repeating: 0, count: count) },
      { size, rng in  // Along one axis.
        let place = rng.int(in: 0...count - 1)
        return (0..<count).map { $0 == place ? Double(size) : 0 }
      },
      { size, rng in Array(repeating: rng.coordinate(size), count: count) },
      { size, rng in (0..<count).map { _ in -abs(rng.coordinate(size)) } },
    ],
    random: { size, rng in (0..<count).map { _ in rng.coordinate(size) } })
}

extension SplitMix64 {
  /// Small numbers, so many.
  fileprivate mutating func coordinates(_ count: Int) -> [Double] {
    (0..<count).map { _ in coordinate(2) }
  }

  fileprivate mutating func coordinate(_ size: Int) -> Double {
    Double(int(in: -64 * size...64 * size)) / 64
  }
}
