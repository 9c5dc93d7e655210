import Foundation
import ReefMachine

/// How the cost of a skill grows with the size of its input.
package struct CostGrowth: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let size: Int
    /// Machine steps of the costliest of a few runs on inputs of this size, or of a smaller one.
    package let steps: Int

    package init(size: Int, steps: Int) {
      self.size = size
      self.steps = steps
    }
  }

  /// By size, ascending.
  package let points: [Point]

  package init(_ points: [Point]) { self.points = points.sorted { $0.size < $1.size } }

  /// What the checks of a certificate show.
  package init(_ certificate: Certificate) {
    self.init(certificate.checks.map { Point(size: $0.size, steps: $0.steps) })
  }

  /// The slope of the line that best fits the logarithms of the larger half of the sizes, four at
  /// least, and of their steps: steps grow like size^`exponent`. Nil where there are fewer than two
  /// sizes.
  package var exponent: Double? {
    let fitted = points.suffix(max(4, points.count / 2)).filter { $0.size > 0 && $0.steps > 0 }
      .map { (x: log(Double($0.size)), y: log(Double($0.steps))) }
    let count = Double(fitted.count)
    let meanX = fitted.reduce(0) { $0 + $1.x } / count
    let meanY = fitted.reduce(0) { $0 + $1.y } / count
    let spread = fitted.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard spread > 0 else { return nil }
    return fitted.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
  }

  /// A measurement makes no further run at a size after so many steps.
  private static let allowance = 20_000_000
  /// The costliest of one run.
  private static let fuel = allowance / 4
  private static let inputs = 16

  /// Runs the skill on 16 inputs of its task of each of the sizes 8, 16, 32, … up to the largest at
  /// which it was checked, while runs stay below five million steps.
  ///
  /// - Throws: What the plugin throws. A run that ends in an error ends the measurement.
  package static func measure(
    _ image: Image, on reference: TaskReference, seed: Int
  ) throws -> CostGrowth {
    let largest = reference.task.standards.flatMap(\.checkSizes).max() ?? 0
    let machine = Machine()
    var points: [Point] = []
    for size in sequence(first: 8, next: { $0 * 2 }).prefix(while: { $0 <= largest }) {
      let inputs = try reference.plugin.generate(
        task: reference.task.name, size: size, count: inputs, seed: seed)
      // Of some sizes all inputs are easy ones.
      var most = points.last?.steps ?? 0
      var spent = 0
      for input in inputs where spent < allowance {
        do {
          let steps = try machine.run(image, input, fuel: fuel).steps
          most = max(most, steps)
          spent += steps
        } catch is MachineError {
          return CostGrowth(points)
        }
      }
      points.append(Point(size: size, steps: most))
    }
    return CostGrowth(points)
  }
}
