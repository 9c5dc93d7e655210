import Foundation
import ReefTasks

/// Linear transforms of complex vectors of a fixed length. Each has a fast algorithm, which nobody
/// tells.
public let transforms = BuiltInPlugin(
  name: "transforms", version: "1.0.0",
  tasks: [8, 16, 32, 64].flatMap { size in
    [
      task(
        "dft\(size)", size,
        summary: """
          The discrete Fourier transform of \(size) complex numbers: how much there is of each wave \
          that fits a whole number of times.
          """, matrix: fourier(size)),
      task(
        "hadamard\(size)", size,
        summary: """
          The Hadamard transform of \(size) complex numbers: sums of all of them, each with the sign \
          that its place and the sum's place give together.
          """, matrix: hadamard(size)),
      task(
        "convolution\(size)", size,
        summary: """
          The circular convolution of \(size) complex numbers with a fixed sequence, which is that of \
          the examples.
          """, matrix: convolution(size)),
    ]
  })

private typealias Complex = Pair<Double, Double>

private func task(
  _ name: String, _ size: Int, summary: String, matrix: [[Complex]]
) -> TaskDefinition {
  TaskDefinition(
    name, "(x: [(real, real)]) -> [(real, real)]", summary: summary, train: [1, 2, 4, 8],
    standards: [.init(checkSizes: [16, 64])], tolerance: 1e-9, inputs: vectors(size),
    expected: { (x: [Complex]) in apply(matrix, x) })
}

/// Nil where the length is another, or a number not finite.
private func apply(_ matrix: [[Complex]], _ x: [Complex]) -> [Complex]? {
  guard x.count == matrix.count, x.allSatisfy({ $0.first.isFinite && $0.second.isFinite }) else {
    return nil
  }
  return matrix.map { row in
    zip(row, x).reduce(into: Complex(0, 0)) { sum, factors in
      let (w, z) = factors
      sum.first += w.first * z.first - w.second * z.second
      sum.second += w.first * z.second + w.second * z.first
    }
  }
}

/// Row k, column j: exp(-2πi jk/n).
private func fourier(_ size: Int) -> [[Complex]] {
  (0..<size).map { k in
    (0..<size).map { j in
      let angle = -2 * Double.pi * Double(j * k % size) / Double(size)
      return Complex(cos(angle), sin(angle))
    }
  }
}

/// Row k, column j: -1 to the power of the number of binary digits that are 1 in both.
private func hadamard(_ size: Int) -> [[Complex]] {
  (0..<size).map { k in
    (0..<size).map { j in Complex((j & k).nonzeroBitCount % 2 == 0 ? 1 : -1, 0) }
  }
}

private func convolution(_ size: Int) -> [[Complex]] {
  var generator = SplitMix64(seed: size)
  let sequence = (0..<size).map { _ in generator.number(2) }
  return (0..<size).map { k in
    (0..<size).map { j in Complex(sequence[(k - j + size) % size], 0) }
  }
}

/// Numbers from about -size to size.
private func vectors(_ length: Int) -> Inputs<[Complex]> {
  Inputs(
    families: [
      { _, _ in Array(repeating: Complex(0, 0), count: length) },
      { size, rng in  // A single one.
        let place = rng.int(in: 0...length - 1)
        return (0..<length).map { Complex($0 == place ? Double(size) : 0, 0) }
      },
      { size, rng in Array(repeating: rng.complex(size), count: length) },
      { size, rng in  // Real.
        (0..<length).map { _ in Complex(rng.number(size), 0) }
      },
    ],
    random: { size, rng in (0..<length).map { _ in rng.complex(size) } })
}

extension SplitMix64 {
  fileprivate mutating func number(_ size: Int) -> Double {
    Double(int(in: -64 * size...64 * size)) / 64
  }

  fileprivate mutating func complex(_ size: Int) -> Complex {
    let real = number(size)
    return Complex(real, number(size))
  }
}
