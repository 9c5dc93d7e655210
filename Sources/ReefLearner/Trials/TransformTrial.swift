import ReefMachine
import ReefTasks

/// A linear transform learned from its matrix as a product of butterfly factors: for benchmarks and
/// tests.
package struct TransformTrial: Sendable {
  /// A permutation and the factors behind it.
  package struct Stage: Sendable {
    package let order: [Int]
    package let factorCount: Int
  }

  package struct Outcome: Sendable {
    package let code: SkillCode
    /// What the code calls, callees first.
    package let parts: [SkillCode]
    package let stages: [Stage]
  }

  /// Why there is no outcome: a sentence without its point.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The signature of the code.
  package static let signature = Signature(
    parameters: [.init("x", .list(.pair(.real, .real)))], result: .list(.pair(.real, .real)))

  /// - Parameter columns: Of the matrix, as vectors of the machine; their number is a power of two.
  package static func learn(
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
