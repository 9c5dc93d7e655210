import Foundation
import ReefMachine

/// How the cost of a skill grows with the size of its input.
public struct CostGrowth: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public let size: Int
    /// Machine steps of the costliest of a few runs.
    public let steps: Int

    public init(size: Int, steps: Int) {
      self.size = size
      self.steps = steps
    }
  }

  /// By size, ascending.
  public let points: [Point]

  public init(_ points: [Point]) { self.points = points.sorted { $0.size < $1.size } }

  /// What the checks of a certificate show.
  public init(_ certificate: Certificate) {
    self.init(certificate.checks.map { Point(size: $0.size, steps: $0.steps) })
  }

  /// The slope of the line that fits the logarithms of the largest four sizes and their steps best:
  /// steps grow like size^`exponent`. Nil where there are fewer than two sizes.
  public var exponent: Double? {
    let fitted = points.suffix(4).filter { $0.size > 0 && $0.steps > 0 }
      .map { (x: log(Double($0.size)), y: log(Double($0.steps))) }
    let count = Double(fitted.count)
    let meanX = fitted.reduce(0) { $0 + $1.x } / count
    let meanY = fitted.reduce(0) { $0 + $1.y } / count
    let spread = fitted.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard spread > 0 else { return nil }
    return fitted.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
  }

  /// The most steps that a measurement spends on one size.
  private static let allowance = 20_000_000

  /// Runs the skill on inputs of its task of the sizes 8, 16, 32, … up to the largest at which it was
  /// checked, while runs stay below 20 million steps.
  ///
  /// - Throws: What the plugin throws. A run that ends in an error ends the measurement.
  public static func measure(
    _ image: Image, on reference: TaskReference, seed: Int
  ) throws -> CostGrowth {
    let largest = reference.task.standards.flatMap(\.checkSizes).max() ?? 0
    let machine = Machine()
    var points: [Point] = []
    for size in sequence(first: 8, next: { $0 * 2 }).prefix(while: { $0 <= largest }) {
      let inputs = try reference.plugin.generate(
        task: reference.task.name, size: size, count: 4, seed: seed)
      var most = 0
      for input in inputs {
        do {
          most = max(most, try machine.run(image, input, fuel: allowance / inputs.count).steps)
        } catch is MachineError {
          return CostGrowth(points)
        }
      }
      points.append(Point(size: size, steps: most))
    }
    return CostGrowth(points)
  }
}
