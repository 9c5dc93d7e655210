import ReefMachine
import ReefTasks

/// One task alone, with a library of the caller's choice: what a growth would do for it in one
/// generation. Nothing is registered.
package struct LearningTrial: Sendable {
  package var reference: TaskReference
  /// Which of the task's standards is to be met, from 0.
  package var standard: Int
  package var learners: Set<Learner>
  /// In search steps.
  package var stepBudget: Int
  /// A safety stop; where it is what ends the trial, the outcome depends on the machine.
  package var seconds: Double
  package var seed: Int

  package init(
    _ reference: TaskReference, standard: Int = 0, learners: Set<Learner>, stepBudget: Int,
    seconds: Double, seed: Int
  ) {
    self.reference = reference
    self.standard = standard
    self.learners = learners
    self.stepBudget = stepBudget
    self.seconds = seconds
    self.seed = seed
  }

  package struct Outcome: Sendable {
    package let solution: Solution?
    /// Why there is no solution, or "".
    package let reason: String
    package let searchSteps: Int
    package let candidates: Int
    package let seconds: Double

    package var isSolved: Bool { solution != nil }
  }

  /// Code that the verifier has accepted.
  package struct Solution: Sendable {
    package let code: SkillCode
    /// What deduction found on the way and the code calls, callees first.
    package let bodies: [SkillCode]
    package let learner: String
  }

  /// Searches until the task is solved or a budget is spent.
  package func run(with library: TrialLibrary) throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let deadline = start + .seconds(seconds)
    let isLate = { clock.now > deadline }
    func outcome(_ solution: Solution?, _ reason: String, steps: Int, candidates: Int) -> Outcome {
      Outcome(
        solution: solution, reason: solution != nil ? "" : isLate() ? "time" : reason,
        searchSteps: steps, candidates: candidates, seconds: (clock.now - start) / .seconds(1))
    }
    let solver = try TaskSolver(
      reference, standard: standard, guide: library.guide, learners: learners, seed: seed,
      isCancelled: isLate)
    switch try solver.solve(stepBudget: stepBudget) {
    case .solved(let found):
      let solution = Solution(
        code: found.candidate.code, bodies: found.candidate.bodies, learner: found.learner)
      return outcome(solution, "", steps: solver.stepsSpent, candidates: solver.candidates)
    case .failed(let reason):
      return outcome(nil, reason, steps: solver.stepsSpent, candidates: solver.candidates)
    }
  }
}
