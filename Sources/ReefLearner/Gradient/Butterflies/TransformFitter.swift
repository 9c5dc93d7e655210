import ReefMachine
import ReefTasks

/// Learns linear maps of complex vectors of one length, a power of two, as products of butterfly
/// factors. Confined to one thread.
struct TransformFitter: Fitter {
  /// What its tasks take and give.
  private static let vector = Type.list(.pair(.real, .real))

  private let problem: Problem
  private let budget: StepBudget
  private let seed: Int
  private let isCancelled: () -> Bool

  /// Whether tasks of the signature take a vector and give one.
  static func suits(_ signature: Signature) -> Bool {
    signature.parameterTypes == [vector] && signature.result == vector
  }

  /// - Precondition: The problem's signature suits.
  init(_ problem: Problem, stepBudget: Int, seed: Int, isCancelled: @escaping () -> Bool) {
    self.problem = problem
    self.seed = seed
    self.isCancelled = isCancelled
    budget = StepBudget(stepBudget)
  }

  /// Points that were looked at: search steps like any other.
  var stepsSpent: Int { budget.spent }

  func run(check: Check<TaskSolver.Candidate>) throws -> FitOutcome {
    let matrix: ComplexMatrix
    switch try self.matrix() {
    case .success(let found): matrix = found
    case .failure(let flaw): return .failed(reason: flaw.reason)
    }
    var learner = ButterflyLearner(budget: budget, seed: seed, isCancelled: isCancelled)
    switch learner.learn(matrix) {
    case .learned(let transform):
      let (code, parts) = transform.code(problem.signature)
      let candidate = TaskSolver.Candidate(code: code, bodies: parts)
      let (outcome, steps) = check(candidate)
      budget.spend(steps)
      if case .accepted = outcome { return .fitted(candidate) }
      return .failed(
        reason: "a product of butterfly factors was found, and is not right on other inputs")
    case .failed(let reason): return .failed(reason: reason)
    case .outOfSteps: return .outOfSteps
    case .cancelled: return .cancelled
    }
  }

  private struct Flaw: Error { let reason: String }

  /// The map's matrix, from the task's answers for vectors with a single one, checked on its examples.
  private func matrix() throws -> Result<ComplexMatrix, Flaw> {
    func flaw(_ reason: String) -> Result<ComplexMatrix, Flaw> { .failure(Flaw(reason: reason)) }
    if let reason = problem.rows.flaw { return flaw(reason) }
    let size = problem.rows[0].input[0].list!.count
    guard problem.rows.allSatisfy({ $0.input[0].list!.count == size }), size >= 2,
      size.nonzeroBitCount == 1
    else {
      return flaw("butterfly factors need vectors of one length that is a power of two")
    }
    guard let oracle = problem.oracle else {
      return flaw("the task does not answer about vectors that a learner makes up")
    }
    var matrix = ComplexMatrix(size: size)
    let units = (0..<size).map { place in
      [Value.list((0..<size).map { Complex($0 == place ? 1 : 0).value })]
    }
    for (column, answer) in try oracle(units).enumerated() {
      let numbers = (answer?.list ?? []).compactMap { Complex($0) }
      guard numbers.count == size, numbers.allSatisfy(\.isFinite) else {
        return flaw("a vector with a single one, at place \(column), has no finite image")
      }
      for (row, number) in numbers.enumerated() { matrix[row, column] = number }
    }
    budget.spend(size * size)
    for example in problem.rows {
      let image = matrix(example.input[0].list!.compactMap { Complex($0) })
      budget.spend(size * size)
      guard Value.list(image.map(\.value)).matches(example.output!, tolerance: problem.tolerance)
      else { return flaw("the task is not linear") }
    }
    return .success(matrix)
  }
}
