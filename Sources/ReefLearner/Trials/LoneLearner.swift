import ReefMachine
import ReefTasks

/// Enumeration without deduction, or deduction without an enumeration of the task itself, as the
/// portfolio runs them: in slices that grow by four, with counterexamples that join the rows.
/// Confined to one thread.
final class LoneLearner {
  enum Kind { case enumeration, deduction }

  private enum Found {
    case solution(LearningTrial.Solution)
    /// An example of the task itself on which a candidate was wrong.
    case counterexample(Example)
    case nothing
  }

  private struct Cancelled: Error {}

  private static let firstSlice = 100_000
  private static let sliceGrowth = 4
  private static let initialRows = 16
  private static let rowFuel = 3_000
  private static let runStepsPerSearchStep = 8
  /// Deductions inside deductions.
  private static let maximumDepth = 2

  private let trial: LearningTrial
  private let kind: Kind
  private let guide: Guide
  private let verifier: Verifier
  private let isCancelled: () -> Bool
  private(set) var stepsSpent = 0
  private(set) var candidates = 0

  init(
    _ kind: Kind, _ trial: LearningTrial, guide: Guide, isCancelled: @escaping () -> Bool
  ) throws {
    self.kind = kind
    self.trial = trial
    self.guide = guide
    self.isCancelled = isCancelled
    verifier = try Verifier(trial.reference, standard: trial.standard, seed: trial.seed)
  }

  /// What the verifier accepts, or nil where the budget, the time or the candidates ran out.
  func solve() throws -> LearningTrial.Solution? {
    guard var problem = problem() else { return nil }
    var slice = LoneLearner.firstSlice
    do {
      while stepsSpent < trial.stepBudget {
        let before = stepsSpent
        let end = min(stepsSpent + slice, trial.stepBudget)
        search: while stepsSpent < end {
          switch try learn(problem, slice: end - stepsSpent) {
          case .solution(let solution): return solution
          case .counterexample(let example):
            guard problem.rows.count < Problem.maximumRows, !problem.rows.contains(example) else {
              break search
            }
            problem.rows.append(example)
          case .nothing: break search
          }
        }
        // Nothing to search means that there will be nothing with more steps either.
        if stepsSpent == before { return nil }
        slice *= LoneLearner.sliceGrowth
      }
    } catch is Cancelled {}
    return nil
  }

  private func learn(_ problem: Problem, slice: Int) throws -> Found {
    switch kind {
    case .enumeration:
      try enumerate(problem, slice: slice) { .init(code: $0, bodies: [], learner: "enumeration") }
    case .deduction:
      try deduce(problem, slice: slice, depth: 0) { code, bodies in
        .init(code: code, bodies: bodies, learner: "deduction")
      }
    }
  }

  /// Nil where the task gives no examples, or examples without outputs.
  private func problem() -> Problem? {
    let task = trial.reference.task
    let rows = verifier.isFixed ? Problem.maximumRows : LoneLearner.initialRows
    let problem = Problem(
      name: trial.reference.fullName, text: "\(task.name) \(task.summary) \(task.howTo ?? "")",
      signature: task.signature, rows: Array(verifier.examples.prefix(rows)),
      oracle: verifier.hasOracle
        ? { [trial] in
          try trial.reference.plugin.expected(task: trial.reference.task.name, inputs: $0)
        } : nil,
      tolerance: task.tolerance)
    let isUsable = !problem.rows.isEmpty && problem.rows.allSatisfy { $0.output != nil }
    return isUsable ? problem : nil
  }

  /// - Parameter whole: What a term's code is a part of.
  private func enumerate(
    _ problem: Problem, slice: Int, whole: @escaping (SkillCode) -> LearningTrial.Solution
  ) throws -> Found {
    let vocabulary = Vocabulary(
      problem: problem, callables: guide.callables(for: problem.text),
      allowsRecursion: problem.oracle != nil, allowsBranches: false,
      costOfForm: Guide.cost(ofForm:))
    let bank = try Bank(
      problem: problem, vocabulary: vocabulary, library: guide.library,
      rowFuel: LoneLearner.rowFuel)
    var options = Enumeration.Options()
    options.stepBudget = slice
    if verifier.isFixed { options.branchSlack = 1 }
    let enumeration = try Enumeration(
      bank: bank, options: options, check: { self.check(whole($0)) }, isCancelled: isCancelled)
    defer {
      stepsSpent += bank.stepsSpent
      candidates += bank.candidates
    }
    do {
      switch try enumeration.run() {
      case .solved(let code): return .solution(whole(code))
      case .counterexample(let example): return .counterexample(example)
      case .exhausted: return .nothing
      case .cancelled: throw Cancelled()
      }
    } catch MachineError.memory {
      // The bank is full.
      return .nothing
    }
  }

  /// - Parameter whole: What code with its bodies is a part of.
  private func deduce(
    _ problem: Problem, slice: Int, depth: Int,
    whole: @escaping (SkillCode, [SkillCode]) -> LearningTrial.Solution
  ) throws -> Found {
    let deductions = Deducer(problem: problem).deductions()
    for deduction in deductions {
      if isCancelled() { throw Cancelled() }
      let share = slice / deductions.count
      let outer = { (body: SkillCode, inner: [SkillCode]) in
        let composed = deduction.compose(body)
        return whole(composed.code, inner + [composed.body].compactMap { $0 })
      }
      var found = try enumerate(deduction.body, slice: share) { outer($0, []) }
      if case .nothing = found, depth + 1 < LoneLearner.maximumDepth {
        found = try deduce(deduction.body, slice: share, depth: depth + 1, whole: outer)
      }
      if case .nothing = found { continue }
      return found
    }
    return .nothing
  }

  private func check(_ solution: LearningTrial.Solution) -> (outcome: CheckOutcome, steps: Int) {
    let library = guide.library.adding(solution.bodies)
    let before = verifier.stepsSpent
    guard let image = try? Image(linking: solution.code, library: { library.code($0) }),
      let outcome = try? verifier.verify(image)
    else { return (.rejected, 0) }
    let steps = (verifier.stepsSpent - before) / LoneLearner.runStepsPerSearchStep
    switch outcome {
    case .right: return (.accepted, steps)
    case .wrong(let example): return (.wrong(example), steps)
    case .rejected: return (.rejected, steps)
    }
  }
}
