import Foundation
import ReefMachine

/// What a mixture has come to think of skills, as the prior of a search that takes one step at a time.
struct MixturePrior {
  /// α: for each step the probability of each skill; together 1.
  let steps: [[Digest: Double]]

  /// What a skill keeps of which the mixture thinks nothing.
  private static let least = 0.1

  /// -log of the probability of an operation as the next step, up to a constant: what the guide says,
  /// and for a skill that the mixture knows how much more than an equal share of it.
  ///
  /// - Parameter depth: How many steps were taken before; after the last only the guide counts.
  func surprisal(of operation: Operation, depth: Int) -> Double {
    let cost = Double(operation.cost)
    guard case .skill(let digest) = operation.callee, depth < steps.count,
      let probability = steps[depth][digest]
    else { return cost }
    let share = 1 / Double(steps[depth].count)
    return cost - log((MixturePrior.least + probability) / (MixturePrior.least + share))
  }
}
