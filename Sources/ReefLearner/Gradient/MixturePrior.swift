import Foundation
import ReefMachine

/// What a mixture has come to think of skills, as the prior of a search that takes one step at a time.
///
/// Each restart is a distribution of compositions, and the prior is their mixture: what was taken
/// before tells which restarts to believe, by Bayes' rule.
struct MixturePrior {
  struct Restart {
    /// How much it is believed before anything is taken.
    let weight: Double
    /// α: for each step the probability of each skill; together 1.
    let steps: [[Digest: Double]]

    /// The probability of a skill as some step, because a search may take its steps in another order.
    func share(of skill: Digest) -> Double {
      steps.reduce(0) { $0 + $1[skill]! } / Double(steps.count)
    }
  }

  let restarts: [Restart]

  /// After so many steps only the guide counts.
  var stepCount: Int { restarts[0].steps.count }

  /// What a skill keeps of which the mixture thinks nothing.
  private static let least = 0.3
  /// What a restart that is sure of other skills is still believed.
  private static let doubt = 0.05

  func knows(_ skill: Digest) -> Bool { restarts[0].steps[0][skill] != nil }

  /// For each skill that the mixture knows, its probability as the next step, half of it as in that
  /// step and half as in all.
  ///
  /// - Parameter taken: The skills of the steps so far, known ones, fewer than `stepCount`.
  func shares(after taken: [Digest]) -> [Digest: Double] {
    let posterior = restarts.map { restart in
      taken.reduce(restart.weight) { $0 * (MixturePrior.doubt + restart.share(of: $1)) }
    }
    let total = posterior.reduce(0, +)
    var shares: [Digest: Double] = [:]
    for (restart, weight) in zip(restarts, posterior) {
      for (skill, probability) in restart.steps[taken.count] {
        shares[skill, default: 0] += weight / total / 2 * (probability + restart.share(of: skill))
      }
    }
    return shares
  }

  /// -log of the probability of an operation as the next step, up to a constant: what the guide says,
  /// and for a skill that the mixture knows how much more than an equal share of it.
  static func surprisal(of operation: Operation, _ shares: [Digest: Double]) -> Double {
    let cost = Double(operation.cost)
    guard case .skill(let digest) = operation.callee, let probability = shares[digest]
    else { return cost }
    let share = 1 / Double(shares.count)
    return cost - log((least + probability) / (least + share))
  }
}
