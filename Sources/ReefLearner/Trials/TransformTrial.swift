import ReefMachine
import ReefTasks

/// A linear transform learned from its matrix as a product of butterfly factors: for benchmarks and
/// tests.
public struct TransformTrial: Sendable {
  /// A permutation and the factors behind it.
  public struct Stage: Sendable {
    public let order: [Int]
    public let factorCount: Int
  }

  public struct Outcome: Sendable {
    public let code: SkillCode
    /// What the code calls, callees first.
    public let parts: [SkillCode]
    public let stages: [Stage]
  }

  /// Why there is no outcome: a sentence without its point.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// The signature of the code.
  public static let signature = Signature(
    parameters: [.init("x", .list(.pair(.real, .real)))], result: .list(.pair(.real, .real)))

  /// - Parameter columns: Of the matrix, as vectors of the machine; their number is a power of two.
  public static func learn(
    columns: [Value], seed: Int, isCancelled: @escaping () -> Bool = { false }
  ) throws -> Outcome {
    var matrix = ComplexMatrix(size: columns.count)
    for (column, value) in columns.enumerated() {
      for (row, element) in value.list!.enumerated() { matrix[row, column] = Complex(element)! }
    }
    var learner = ButterflyLearner(
      budget: StepBudget(.max), seed: seed, isCancelled: isCancelled)
    switch learner.learn(matrix) {
    case .learned(let transform):
      let (code, parts) = transform.code(signature)
      return Outcome(
        code: code, parts: parts,
        stages: transform.stages.map {
          Stage(order: $0.order, factorCount: $0.factors.count)
        })
    case .failed(let reason): throw Failure(description: reason)
    case .outOfSteps, .cancelled: throw Failure(description: "out of time")
    }
  }
}
