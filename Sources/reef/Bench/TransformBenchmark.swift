import Foundation
import ReefLearner
import ReefMachine
import ReefTasks

/// Linear transforms learned from their matrices as products of butterfly factors, permutation included
/// (Dao and others, "Learning Fast Algorithms for Linear Transforms Using Butterfly Factorizations").
///
/// The code that was learned runs on the machine, on every vector with a single one; what it gives is
/// compared with the matrix, which comes from the definition of the transform.
struct TransformBenchmark: Benchmark {
  let name = "transforms"
  let summary = "learn DFT, Hadamard transform and convolution as products of butterfly factors"

  private static let seeds = 5
  private static let sizes = [8, 16, 32, 64]
  private static let largeSize = 1_024
  /// The root of the mean square of what the elements are off, at most.
  private static let tolerance = 1e-6
  private static let largeTolerance = 1e-5

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    var rows: [BenchRow] = []
    for transform in Transform.allCases {
      for size in TransformBenchmark.sizes.prefix(options.limit ?? .max) {
        options.note("\(transform.rawValue) of \(size)")
        rows += try measure(
          transform, size: size, seeds: TransformBenchmark.seeds,
          tolerance: TransformBenchmark.tolerance, options)
      }
    }
    guard options.limit == nil else { return rows }
    for transform in [Transform.fourier, .hadamard] {
      options.note("\(transform.rawValue) of \(TransformBenchmark.largeSize)")
      rows += try measure(
        transform, size: TransformBenchmark.largeSize, seeds: 1,
        tolerance: TransformBenchmark.largeTolerance, options)
    }
    return rows
  }

  private func measure(
    _ transform: Transform, size: Int, seeds: Int, tolerance: Double, _ options: BenchOptions
  ) throws -> [BenchRow] {
    var right = 0
    var largest = 0.0
    var steps = 0
    var seconds: [Double] = []
    for seed in options.seed..<options.seed + seeds {
      let columns = transform.columns(size: size, seed: seed)
      let clock = ContinuousClock()
      let start = clock.now
      let outcome = try TransformTrial.learn(columns: columns, seed: seed)
      seconds.append((clock.now - start) / .seconds(1))
      let run = try error(of: outcome, columns: columns)
      right += run.error < tolerance ? 1 : 0
      largest = max(largest, run.error)
      steps = max(steps, run.steps)
    }
    guard right == seeds else {
      throw WrongAnswer(
        workload: "\(transform.rawValue) of \(size)", found: "an error of \(largest)",
        expected: "at most \(tolerance)")
    }
    let name = "\(transform.rawValue) of \(size)"
    return [
      BenchRow(name: "\(name), learned", value: Double(right), unit: "of \(seeds) seeds"),
      BenchRow(name: "\(name), greatest RMSE", value: largest * 1e15, unit: "1e-15"),
      BenchRow(name: "\(name), longest time", value: seconds.max()!, unit: "s"),
      BenchRow(name: "\(name), a run of the skill", value: Double(steps), unit: "machine steps"),
    ]
  }

  /// The root mean square of what the elements of the code's matrix are off.
  private func error(
    of outcome: TransformTrial.Outcome, columns: [Value]
  ) throws -> (error: Double, steps: Int) {
    let parts = Dictionary(uniqueKeysWithValues: outcome.parts.map { ($0.digest, $0) })
    let image = try Image(linking: outcome.code, library: { parts[$0] })
    let machine = Machine()
    var (sum, steps) = (0.0, 0)
    for (place, column) in columns.enumerated() {
      let unit = columns.indices.map { Transform.complex($0 == place ? 1 : 0, 0) }
      let run = try machine.run(image, [.list(unit)])
      steps = max(steps, run.steps)
      for (found, wanted) in zip(run.value.list!, column.list!) {
        let (a, b) = (found.pair!, wanted.pair!)
        sum += pow(a.0.real! - b.0.real!, 2) + pow(a.1.real! - b.1.real!, 2)
      }
    }
    return ((sum / Double(columns.count * columns.count)).squareRoot(), steps)
  }
}

/// Transforms by their definitions.
private enum Transform: String, CaseIterable {
  case fourier = "DFT"
  case shuffled = "DFT of a shuffled vector"
  case hadamard = "Hadamard"
  case convolution = "convolution"

  static func complex(_ real: Double, _ imaginary: Double) -> Value {
    .pair(.real(real), .real(imaginary))
  }

  /// The matrix, column by column. A convolution's sequence and a shuffle come from the seed.
  func columns(size: Int, seed: Int) -> [Value] {
    var generator = SplitMix64(seed: seed)
    var places = Array(0..<size)
    if self == .shuffled { generator.shuffle(&places) }
    let sequence = places.map { _ in 2 * generator.real() - 1 }
    return places.map { column in
      .list(
        (0..<size).map { row in
          switch self {
          case .fourier, .shuffled:
            let angle = -2 * Double.pi * Double(row * column % size) / Double(size)
            return Transform.complex(cos(angle), sin(angle))
          case .hadamard:
            return Transform.complex((row & column).nonzeroBitCount % 2 == 0 ? 1 : -1, 0)
          case .convolution:
            return Transform.complex(sequence[(row - column + size) % size], 0)
          }
        })
    }
  }
}
