import ReefMachine

/// What a mixture has come to prefer, as the prior of a search that takes one step at a time.
///
/// Each restart is a distribution of compositions: α tells the skill of each step, W_in its operands.
/// The prior is their mixture, and what was taken before tells by Bayes' rule which restarts to
/// believe. A search may take the steps in another order, so that what was taken counts as each of
/// the steps that it can be.
struct MixturePrior {
  struct Restart {
    /// How much it is believed before anything is taken.
    let weight: Double
    let preferences: Mixture.Preferences
  }

  let skills: [Digest]
  let inputCount: Int
  let restarts: [Restart]

  /// How often a step is taken to be any step at all instead of one that a restart prefers.
  private static let doubt = 0.7

  /// T; after so many steps the mixture has nothing to say.
  var stepCount: Int { restarts[0].preferences.skills.count }

  /// A step that may come next.
  struct Next {
    let choice: Mixture.Choice
    let probability: Double
    /// What it would be if no restart preferred anything.
    let even: Double
  }

  /// Every step that may come next; together the probabilities are 1.
  ///
  /// - Parameter taken: The steps so far, fewer than `stepCount`, each behind what it reads. Values
  ///   are numbered as in a composition: the inputs, then these steps.
  func next(after taken: [Mixture.Choice]) -> [Next] {
    let arities = restarts[0].preferences.operands[0].map(\.count)
    let choices = Mixture.Choice.all(arities: arities, valueCount: inputCount + taken.count)
    let probabilities = probabilities(
      of: choices, after: taken, in: restarts[...], doubt: MixturePrior.doubt)
    // To one that is all doubt, the restarts are the same.
    let even = self.probabilities(of: choices, after: taken, in: restarts.prefix(1), doubt: 1)
    return choices.indices.map {
      Next(choice: choices[$0], probability: probabilities[$0], even: even[$0])
    }
  }

  private func probabilities(
    of choices: [Mixture.Choice], after taken: [Mixture.Choice], in restarts: ArraySlice<Restart>,
    doubt: Double
  ) -> [Double] {
    var shares = [Double](repeating: 0, count: choices.count)
    for restart in restarts {
      func likelihood(_ choice: Mixture.Choice, _ step: Int, _ places: [Int]) -> Double {
        self.likelihood(
          of: choice, as: step, behind: places, in: restart.preferences, doubt: doubt)
      }
      forEachPlacement(of: taken[...], weight: restart.weight, likelihood) { places, weight in
        for step in 0..<stepCount where !places.contains(step) {
          for (index, choice) in choices.enumerated() {
            shares[index] += weight * likelihood(choice, step, places)
          }
        }
      }
    }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }

  /// Calls `body` with each way to make what was taken different steps of a composition, and with its
  /// likelihood.
  private func forEachPlacement(
    of taken: ArraySlice<Mixture.Choice>, behind places: [Int] = [], weight: Double,
    _ likelihood: (Mixture.Choice, _ step: Int, _ places: [Int]) -> Double,
    _ body: ([Int], Double) -> Void
  ) {
    guard let choice = taken.first else { return body(places, weight) }
    for step in 0..<stepCount where !places.contains(step) {
      let joint = weight * likelihood(choice, step, places)
      guard joint > 0 else { continue }
      forEachPlacement(
        of: taken.dropFirst(), behind: places + [step], weight: joint, likelihood, body)
    }
  }

  /// - Parameters:
  ///   - places: Which steps of the composition those before are.
  ///   - doubt: How often a step is any at all.
  private func likelihood(
    of choice: Mixture.Choice, as step: Int, behind places: [Int],
    in preferences: Mixture.Preferences, doubt: Double
  ) -> Double {
    var preferred = preferences.skills[step][choice.skill]
    var even = 1 / Double(skills.count)
    for (weights, operand) in zip(preferences.operands[step][choice.skill], choice.operands) {
      let value = operand < inputCount ? operand : inputCount + places[operand - inputCount]
      guard value < weights.count else { return 0 }
      preferred *= weights[value]
      even /= Double(weights.count)
    }
    return (1 - doubt) * preferred + doubt * even
  }
}
