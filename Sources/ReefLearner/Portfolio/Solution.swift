import ReefMachine
import ReefTasks

extension TaskSolver {
  /// A solution with the bodies that deduction found for it, callees first.
  struct Candidate {
    let code: SkillCode
    let bodies: [SkillCode]
    /// What the mixture learner decided it from.
    var mixture: SkillCode?
  }

  struct Solution {
    let candidate: Candidate
    let learner: String
    let certificate: Certificate
    let tests: [TestCase]
  }
}

extension TaskSolver.Solution {
  /// Of its code and of the bodies that were found for it.
  var codeSteps: Int {
    candidate.bodies.reduce(candidate.code.steps.count) { $0 + $1.steps.count }
  }

  /// Fewest code steps, bodies included, then fewest run steps, then digest.
  func isCheaper(than other: TaskSolver.Solution) -> Bool {
    func runSteps(_ solution: TaskSolver.Solution) -> Int {
      solution.certificate.checks.reduce(0) { $0 + $1.steps }
    }
    if codeSteps != other.codeSteps { return codeSteps < other.codeSteps }
    if runSteps(self) != runSteps(other) { return runSteps(self) < runSteps(other) }
    return candidate.code.digest < other.candidate.code.digest
  }
}
