import ReefLearner
import ReefMachine
import ReefTasks

/// Each learner alone on the tasks of the curriculum, with equal budgets.
///
/// A task has the library that was grown, without its own skill and all that calls it.
struct LearnersBenchmark: Benchmark {
  let name = "learners"
  let summary = "run each learner alone on the grown tasks, with equal budgets"

  private static let learners: [(name: String, learners: Set<Learner>)] = [
    ("enumeration", [.enumeration]), ("deduction", [.deduction]), ("tree search", [.treeSearch]),
  ]
  /// Code of at most so many steps counts as short.
  private static let shortCode = 4

  /// A task with the library that it has here.
  private struct Case: Sendable {
    let reference: TaskReference
    let library: TrialLibrary
    let isShort: Bool
  }

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = try options.grownSkills()
    let curriculum = try options.curriculum()
    defer { curriculum.shutdown() }
    let cases = try LearnersBenchmark.cases(curriculum, skills, options)
    let seed = curriculum.seed
    return try LearnersBenchmark.learners.flatMap { learner in
      let outcomes = try options.map(cases) { item in
        let trial = LearningTrial(
          item.reference, learners: learner.learners, stepBudget: options.steps ?? 240_000_000,
          seconds: options.seconds ?? 60, seed: seed)
        let outcome = try trial.run(with: item.library)
        let ending = outcome.isSolved ? "solved" : "not solved (\(outcome.reason))"
        options.note(
          "\(learner.name)  \(item.reference.fullName)  \(ending)  "
            + "\(formatted(count: outcome.searchSteps)) steps")
        return outcome
      }
      return LearnersBenchmark.rows(learner.name, cases, outcomes)
    }
  }

  /// The tasks that were grown, each without what is made of its solution.
  private static func cases(
    _ curriculum: LoadedCurriculum, _ skills: [Skill], _ options: BenchOptions
  ) throws -> [Case] {
    let library = TrialLibrary(skills)
    let grown = curriculum.tasks.compactMap { reference -> (TaskReference, [Skill])? in
      let own = skills.filter { $0.name == reference.fullName }
      return own.isEmpty ? nil : (reference, own)
    }
    return try options.chosen(grown) { $0.0.fullName }.map { reference, own in
      // Bodies that were found for the task would give it away.
      let bodies = skills.filter { $0.provenance.task == reference.fullName }
      let excluded = Set((own + bodies).map(\.digest))
      return Case(
        reference: reference, library: library.excluding(excluded),
        isShort: own.contains { $0.code.steps.count <= shortCode })
    }
  }

  private static func rows(
    _ name: String, _ cases: [Case], _ outcomes: [LearningTrial.Outcome]
  ) -> [BenchRow] {
    let pairs = Array(zip(cases, outcomes))
    let short = pairs.filter(\.0.isShort)
    let solved = pairs.filter(\.1.isSolved)
    let failed = pairs.filter { !$0.1.isSolved }
    return [
      BenchRow(
        name: "\(name): solved", value: Double(solved.count),
        unit: "of \(counted(pairs.count, "task"))"),
      BenchRow(
        name: "\(name): solved where \(shortCode) steps are enough",
        value: Double(short.count(where: \.1.isSolved)),
        unit: "of \(counted(short.count, "task"))"),
      BenchRow(
        name: "\(name): median cost of what it solved",
        value: median(solved.map { Double($0.1.searchSteps) }), unit: "search steps"),
      BenchRow(
        name: "\(name): not solved", value: Double(failed.count), unit: "tasks",
        names: failed.map(\.0.reference.fullName)),
    ]
  }
}
