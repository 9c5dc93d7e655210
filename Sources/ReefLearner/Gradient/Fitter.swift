import ReefMachine
import ReefTasks

/// Learns numbers by gradient, for a structure that it knows or that the library has. Confined to one
/// thread.
protocol Fitter {
  /// In search steps.
  var stepsSpent: Int { get }

  /// Fits, and takes what passes the check.
  mutating func run(check: Check<TaskSolver.Candidate>) throws -> FitOutcome
}

enum FitOutcome {
  case fitted(TaskSolver.Candidate)
  /// Which is so whatever the budget.
  case failed(reason: String)
  case outOfSteps
  case cancelled
}

extension TaskSolver {
  /// The one that learns tasks of the problem's signature.
  func fitter(_ problem: Problem, stepBudget: Int) throws -> any Fitter {
    if RecognizerFitter.suits(problem.signature) {
      return RecognizerFitter(
        problem, library: library, stepBudget: stepBudget, seed: seed,
        examples: { try self.reference.trainingExamples(count: $0, seed: self.seed) },
        isCancelled: isOver)
    }
    var problem = problem
    // More examples than a search needs: numbers are not a choice among few.
    let examples = verifier.examples.filter { $0.output != nil }
    problem.rows = Array(examples.prefix(WeightFitter.exampleCount))
    if TransformFitter.suits(problem.signature) {
      return TransformFitter(problem, stepBudget: stepBudget, seed: seed, isCancelled: isOver)
    }
    return WeightFitter(
      problem, library: library, stepBudget: stepBudget, seed: seed, isCancelled: isOver)
  }
}
