import ReefMachine
import ReefTasks

extension TaskSolver {
  /// A solution with the bodies that deduction found for it, callees first.
  struct Candidate {
    let code: SkillCode
    let bodies: [SkillCode]
    /// Steps of the code that do not count when it is compared with others.
    var presumedSteps = 0
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
  /// The steps of its code and of the bodies that were found for it, without what is presumed.
  var length: Int {
    candidate.bodies.reduce(candidate.code.steps.count) { $0 + $1.steps.count }
      - candidate.presumedSteps
  }

  /// The shortest, then what presumes the most, then fewest run steps, then digest.
  func isCheaper(than other: TaskSolver.Solution) -> Bool {
    func runSteps(_ solution: TaskSolver.Solution) -> Int {
      solution.certificate.checks.reduce(0) { $0 + $1.steps }
    }
    let (presumed, othersPresumed) = (candidate.presumedSteps, other.candidate.presumedSteps)
    if length != other.length { return length < other.length }
    if presumed != othersPresumed { return presumed > othersPresumed }
    if runSteps(self) != runSteps(other) { return runSteps(self) < runSteps(other) }
    return candidate.code.digest < other.candidate.code.digest
  }
}
