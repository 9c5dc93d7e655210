import Foundation
import ReefMachine
import ReefTasks
import ReefTensor

/// Learns short compositions of skills on reals by gradient: trains a mixture, decides, and repairs
/// what it decided by exchanging steps. What fits every row exactly is a candidate.
///
/// On short compositions an exhaustive search is many times faster, and repairs find nearly as much
/// from weights that were never trained: `reef bench gradient` shows both beside it.
package struct MixtureLearner {
  let skills: [RealProgram]
  private let seed: Int

  /// What was found for one task.
  package struct Finding: Sendable {
    package let code: SkillCode
    /// How many of its steps had to be exchanged after the gradients had decided.
    package let repairs: Int
    /// Which of the mixture's restarts it was decided from.
    let restart: Int
  }

  /// A mixture over examples, and the examples as what is decided from it is tried on them.
  struct Attempt {
    let mixture: Mixture
    let rows: MixtureRows
  }

  /// - Parameters:
  ///   - skills: Atoms and entries to compose; those that do not compute a real from reals by
  ///     arithmetic are left out, and so are those beyond `maximumCount`.
  package init(
    _ skills: [Digest], maximumCount: Int = .max, library: (Digest) -> SkillCode?, seed: Int
  ) {
    var seen: Set<Digest> = []
    self.skills = Array(
      skills.filter { seen.insert($0).inserted }.compactMap { RealProgram($0, library: library) }
        .prefix(maximumCount))
    self.seed = seed
  }

  /// Looks for a composition of exactly `steps` steps that gives each example's output.
  ///
  /// - Parameters:
  ///   - signature: Of reals only.
  ///   - tolerance: Absolute or relative, as tasks count it.
  ///   - trains: False leaves the weights as they were drawn, which shows what repairs do alone.
  /// - Returns: Nil where none of the restarts leads to one, and where the examples are none, are
  ///   not finite or not of the signature.
  package func learn(
    _ signature: Signature, _ examples: [Example], steps: Int, tolerance: Double,
    trains: Bool = true
  ) throws -> Finding? {
    guard let attempt = attempt(signature, examples, steps: steps, tolerance: tolerance) else {
      return nil
    }
    if trains { try attempt.mixture.train() }
    return decide(attempt, signature)
  }

  /// Nil where the examples are none, are not finite or not of the signature, and where there are no
  /// skills.
  func attempt(
    _ signature: Signature, _ examples: [Example], steps: Int, tolerance: Double
  ) -> Attempt? {
    let rows = examples.compactMap(MixtureRows.Row.init)
    guard !rows.isEmpty, rows.count == examples.count, !skills.isEmpty, steps > 0,
      rows.allSatisfy({ $0.inputs.count == signature.parameters.count })
    else { return nil }
    let data = MixtureRows(rows: rows, skills: skills, tolerance: tolerance)
    let mixture = Mixture(
      skills, inputs: data.columns, targets: rows.map(\.target), steps: steps, seed: seed)
    return Attempt(mixture: mixture, rows: data)
  }

  /// The first composition that fits every row and is accepted: as the restarts prefer them, then with
  /// the last step exchanged behind likely others, and then with any steps exchanged.
  ///
  /// - Parameters:
  ///   - spend: Told how many steps were applied to one row each, at most; says whether to go on.
  ///   - accepts: Asked once about each composition that fits.
  func decide(
    _ attempt: Attempt, _ signature: Signature, spend: (Int) -> Bool = { _ in true },
    accepts: (Finding) -> Bool = { _ in true }
  ) -> Finding? {
    var seen: Set<[Mixture.Choice]> = []
    let preferred = attempt.mixture.compositions().filter { seen.insert($0.choices).inserted }
    var asked: Set<[Mixture.Choice]> = []
    /// Of a composition that fits.
    func finding(_ choices: [Mixture.Choice], restart: Int) -> Finding? {
      guard asked.insert(choices).inserted else { return nil }
      let decided = preferred.first { $0.restart == restart }!.choices
      let finding = Finding(
        code: code(choices, signature), repairs: zip(choices, decided).count { $0 != $1 },
        restart: restart)
      return accepts(finding) ? finding : nil
    }
    for (restart, choices) in preferred where attempt.rows.isRight(choices) {
      if let found = finding(choices, restart: restart) { return found }
    }
    for (restart, _) in preferred {
      let found = attempt.rows.completed(
        attempt.mixture.preferences(of: restart), tried: &seen, spend: spend
      ) { finding($0, restart: restart) }
      if let found { return found }
    }
    for (restart, choices) in preferred {
      let found = attempt.rows.repaired(choices, tried: &seen, spend: spend) {
        finding($0, restart: restart)
      }
      if let found { return found }
    }
    return nil
  }

  private func code(_ composition: [Mixture.Choice], _ signature: Signature) -> SkillCode {
    SkillCode(
      signature: signature,
      steps: composition.map { choice in
        .init(.skill(skills[choice.skill].digest), choice.operands.map { .slot($0) })
      },
      result: .slot(signature.parameters.count + composition.count - 1)
    ).normalized()
  }
}
