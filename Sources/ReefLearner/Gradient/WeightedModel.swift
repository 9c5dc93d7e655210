import ReefMachine
import ReefTasks

/// A structure with a task's examples: how far its results are from theirs, for any weights.
final class WeightedModel {
  private let examples: [Example]
  private let targets: [[Double]]
  private let tolerance: Double
  private let image: Image
  private let machine: Machine
  private let budget: StepBudget
  /// The first step of the last fit that led where there is no finite result.
  private(set) var undefinedStep: Int?

  init(
    _ structure: Structure, _ problem: Problem, budget: StepBudget, limits: Limits,
    library: (Digest) throws -> SkillCode?
  ) throws {
    examples = problem.rows
    tolerance = problem.tolerance
    self.budget = budget
    targets = examples.map { $0.output!.reals }
    image = try Image(linking: structure.code, mode: .jacobian, library: library)
    machine = Machine(limits: limits)
  }

  /// Whether the structure runs with weights of these shapes, gives results of the right shape, and
  /// uses every weight.
  func isViable(_ shapes: WeightShapes, _ generator: inout SplitMix64) -> Bool {
    var isUsed = [Bool](repeating: false, count: shapes.count)
    // Some draws, because a rectifier may hide weights; the first tells of a wrong shape.
    for _ in 0..<6 {
      let weights = draw(shapes.count, &generator)
      for index in examples.indices.prefix(4) {
        guard let (_, jacobian) = evaluate(weights, shapes, index) else { return false }
        for (at, slope) in jacobian.enumerated() where slope != 0 {
          isUsed[at % shapes.count] = true
        }
      }
      if isUsed.allSatisfy({ $0 }) { return true }
    }
    return false
  }

  /// The first weights of some starts that fit every example within the tolerance.
  func fit(_ shapes: WeightShapes, starts: Int, _ generator: inout SplitMix64) -> [Double]? {
    undefinedStep = nil
    var method = LeastSquares()
    let scale = targets.joined().reduce(1.0) { max($0, abs($1)) }
    method.sufficientCost = 1e-28 * scale * scale
    var costs: [Double] = []
    for _ in 0..<starts {
      let found = method.minimize(from: draw(shapes.count, &generator)) { weights in
        evaluate(weights, shapes)
      }
      guard let found else { continue }
      undefinedStep = undefinedStep ?? found.undefinedStep
      if isClose(found.unknowns, shapes) { return smallest(found.unknowns, shapes, method) }
      // The same bottom from the first three starts, as always where the result is linear in the
      // weights.
      costs.append(found.cost)
      if costs.count == 3, costs.allSatisfy({ abs($0 - found.cost) <= 1e-6 * found.cost }) {
        return nil
      }
    }
    return nil
  }

  /// Where the examples leave some directions open, the weights that are smallest: those of ridge
  /// regression as its penalty goes to 0. They depend on the examples alone, not on a random start.
  private func smallest(
    _ weights: [Double], _ shapes: WeightShapes, _ method: LeastSquares
  ) -> [Double] {
    var method = method
    let sufficientCost = method.sufficientCost
    var best = weights
    // The last fit, without a penalty, moves only in directions that the examples tell of.
    for penalty in [1e-2, 1e-4, 1e-6, 1e-8, 0] {
      method.penalty = penalty
      method.sufficientCost = penalty == 0 ? sufficientCost : 0
      guard let found = method.minimize(from: best, { evaluate($0, shapes) }) else {
        return weights
      }
      best = found.unknowns
    }
    return isClose(best, shapes) ? best : weights
  }

  private func draw(_ count: Int, _ generator: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in 2 * generator.real() - 1 }
  }

  private func isClose(_ weights: [Double], _ shapes: WeightShapes) -> Bool {
    examples.indices.allSatisfy { index in
      guard let (value, _) = evaluate(weights, shapes, index) else { return false }
      return value.matches(examples[index].output!, tolerance: tolerance)
    }
  }

  private func evaluate(_ weights: [Double], _ shapes: WeightShapes) -> LeastSquares.Point? {
    var point = LeastSquares.Point(residuals: [], jacobian: [])
    for index in examples.indices {
      guard let (value, jacobian) = evaluate(weights, shapes, index) else { return nil }
      point.residuals += zip(value.reals, targets[index]).map { $0 - $1 }
      point.jacobian += jacobian
    }
    return point
  }

  /// The result on one example, and its derivatives by the weights, a row for each real of it; nil
  /// where the run fails, or the result has another shape than the example's.
  private func evaluate(
    _ weights: [Double], _ shapes: WeightShapes, _ index: Int
  ) -> (value: Value, jacobian: [Double])? {
    let arguments = shapes.values(weights) + examples[index].input
    guard !budget.isSpent else { return nil }
    let derivative: Derivative
    do {
      derivative = try machine.differentiate(image, arguments)
    } catch {
      if case MachineError.fuel(let limit) = error { budget.spend(limit) } else { budget.spend(1) }
      return nil
    }
    budget.spend(derivative.steps)
    guard derivative.outputCount == targets[index].count,
      derivative.value.hasShape(of: examples[index].output!)
    else { return nil }
    return (derivative.value, derivative.matrix.flatMap { $0.prefix(weights.count) })
  }
}

extension Value {
  /// The reals in it, depth first.
  package var reals: [Double] {
    switch self {
    case .real(let real): [real.value]
    case .int, .bool: []
    case .list(let values): values.flatMap(\.reals)
    case .pair(let first, let second): first.reals + second.reals
    case .made(_, _, let fields): fields.flatMap(\.reals)
    }
  }

  /// Whether it differs in nothing but its reals.
  fileprivate func hasShape(of other: Value) -> Bool { matches(other, tolerance: .infinity) }
}
