import ReefMachine
import ReefTasks
import ReefTensor

/// Composes a few skills on reals by gradient, as a learner of the portfolio: mixtures of one step, of
/// two and of three, each decided, repaired and verified. Confined to one thread.
struct MixtureFitter: Fitter {
  /// The most examples that a mixture is trained on.
  static let exampleCount = 32

  /// Beyond it gradients choose little better than chance.
  private static let maximumSteps = 3
  private static let maximumSkills = 24

  private let problem: Problem
  private let learner: MixtureLearner
  private let budget: StepBudget
  private let isCancelled: () -> Bool
  /// What the longest mixture so far has come to prefer.
  private(set) var prior: MixturePrior?

  /// - Parameters:
  ///   - problem: Its rows are what the mixtures are trained on.
  ///   - skills: What may be composed, the likeliest first.
  init(
    _ problem: Problem, skills: [Digest], library: FrozenLibrary, stepBudget: Int, seed: Int,
    isCancelled: @escaping () -> Bool
  ) {
    self.problem = problem
    self.isCancelled = isCancelled
    budget = StepBudget(stepBudget)
    learner = MixtureLearner(
      skills, maximumCount: MixtureFitter.maximumSkills, library: { library.code($0) }, seed: seed)
  }

  /// An atom applied to one row, forwards or backwards, is a search step.
  var stepsSpent: Int { budget.spent }

  mutating func run(check: Check<TaskSolver.Candidate>) throws -> FitOutcome {
    let signature = problem.signature
    guard signature.result == .real, !signature.parameters.isEmpty,
      signature.parameterTypes.allSatisfy({ $0 == .real })
    else { return .failed(reason: "it makes a real of reals, and the task is \(signature)") }
    if let flaw = problem.rows.flaw { return .failed(reason: flaw) }
    var undefined: TrainingError?
    for steps in 1...MixtureFitter.maximumSteps {
      guard
        let attempt = learner.attempt(
          signature, problem.rows, steps: steps, tolerance: problem.tolerance)
      else { return .failed(reason: "no skill of the library makes a real of reals") }
      // Not begun where it could not be ended.
      guard attempt.mixture.cost < budget.left else {
        budget.spend(budget.left)
        return .outOfSteps
      }
      budget.spend(attempt.mixture.cost)
      do {
        try attempt.mixture.train(isCancelled: isCancelled)
      } catch {
        undefined = undefined ?? error
      }
      if isCancelled() { return .cancelled }
      prior = attempt.mixture.prior
      var fitted: TaskSolver.Candidate?
      _ = learner.decide(
        attempt, signature,
        spend: {
          budget.spend($0)
          return !budget.isSpent && !isCancelled()
        },
        accepts: { finding in
          let candidate = TaskSolver.Candidate(
            code: finding.code, bodies: [],
            mixture: attempt.mixture.code(of: finding.restart, signature))
          let (outcome, steps) = check(candidate)
          budget.spend(steps)
          guard case .accepted = outcome else { return false }
          fitted = candidate
          return true
        })
      if let fitted { return .fitted(fitted) }
      if isCancelled() { return .cancelled }
      if budget.isSpent { return .outOfSteps }
    }
    let reason =
      "no composition of up to \(MixtureFitter.maximumSteps) of \(learner.skills.count) skills fits"
    return .failed(reason: undefined.map { "\(reason); \($0.reason)" } ?? reason)
  }
}

extension TrainingError {
  fileprivate var reason: String {
    switch self {
    case .notFinite(let step):
      "at step \(step) of a training the gradient was not finite, so that the weights of the step "
        + "before were kept"
    }
  }
}
