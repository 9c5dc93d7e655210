import ReefLearner
import ReefMachine
import ReefTasks

/// What reuse buys: the search for each skill of generation 3 or later with the library that it was
/// grown from, and the same search where the skills that its code calls, and all that calls those,
/// are missing.
struct GrowthBenchmark: Benchmark {
  let name = "growth"
  let summary = "search for each grown skill with its library, and again without its parents"

  private static let firstGeneration = 3
  /// A search without parents is given up at so many times the steps of the one with them.
  private static let givenUp = 50
  /// Skills of a few thousand steps are given more, so that they may be found after all.
  private static let smallestBudget = 1_000_000

  /// A skill with the library that it was grown from.
  private struct Case: Sendable {
    let skill: Skill
    let task: TaskReference
    let library: TrialLibrary
    /// The skills that the code calls; the bodies that were found with it count as its code.
    let parents: Set<Digest>

    /// Nil for a skill of an early generation and for one that calls atoms only.
    init?(_ skill: Skill, _ task: TaskReference, among skills: [Skill]) {
      guard skill.provenance.generation >= GrowthBenchmark.firstGeneration else { return nil }
      let bodies = Dictionary(
        skills.filter { $0.provenance.task == skill.name && $0.name != skill.name }
          .map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
      var parents: Set<Digest> = []
      var open = [skill.code]
      while let code = open.popLast() {
        for callee in code.callees where Atoms.with(callee) == nil {
          if let body = bodies[callee] { open.append(body) } else { parents.insert(callee) }
        }
      }
      guard !parents.isEmpty else { return nil }
      let earlier = skills.filter { $0.provenance.generation < skill.provenance.generation }
      // A later version is searched for without the earlier ones and all that calls them.
      let older = Set(earlier.filter { $0.name == skill.name }.map(\.digest))
      self.skill = skill
      self.task = task
      self.parents = parents
      library = TrialLibrary(earlier).excluding(older)
    }
  }

  private struct Comparison: Sendable {
    let skill: Skill
    let with: LearningTrial.Outcome
    let without: LearningTrial.Outcome

    var ratio: Double { Double(without.searchSteps) / Double(max(1, with.searchSteps)) }
  }

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = try options.grownSkills()
    let curriculum = try options.curriculum()
    defer { curriculum.shutdown() }
    let tasks = Dictionary(
      curriculum.tasks.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
    let cases = skills.compactMap { skill in
      tasks[skill.name].flatMap { Case(skill, $0, among: skills) }
    }
    let comparisons = try options.map(try options.chosen(cases) { $0.skill.name }) {
      try GrowthBenchmark.compare($0, curriculum.learners, options)
    }.compactMap(\.self)
    return comparisons.map(GrowthBenchmark.row) + GrowthBenchmark.summary(comparisons)
  }

  /// Nil where the search with the library fails.
  private static func compare(
    _ item: Case, _ learners: [String], _ options: BenchOptions
  ) throws -> Comparison? {
    let (skill, task) = (item.skill, item.task)
    var trial = LearningTrial(
      task, standard: min(skill.version, task.task.standards.count) - 1,
      learners: Learner.named(learners), stepBudget: options.steps ?? 2_000_000_000,
      seconds: options.seconds ?? 120, seed: skill.provenance.seed)
    let with = try trial.run(with: item.library)
    guard with.isSolved else {
      options.note("\(skill.name)  not found again (\(with.reason))")
      return nil
    }
    trial.stepBudget = max(smallestBudget, givenUp * with.searchSteps)
    let without = try trial.run(with: item.library.excluding(item.parents))
    let comparison = Comparison(skill: skill, with: with, without: without)
    let ending = without.isSolved ? "found" : "not found"
    options.note(
      "\(skill.name)  \(formatted(count: with.searchSteps)) steps; without parents \(ending), "
        + "\(formatted(count: without.searchSteps)) steps")
    return comparison
  }

  private static func row(_ comparison: Comparison) -> BenchRow {
    let ending = comparison.without.isSolved ? "" : " (not found without)"
    return BenchRow(
      name: "\(comparison.skill.name)@\(comparison.skill.version)\(ending)",
      value: Double(comparison.with.searchSteps), unit: "search steps",
      peer: .init(name: "without its parents", ratio: comparison.ratio))
  }

  private static func summary(_ comparisons: [Comparison]) -> [BenchRow] {
    let missing = comparisons.filter { !$0.without.isSolved }.map(\.skill.name)
    return [
      BenchRow(
        name: "median ratio; at least that much where none is found",
        value: median(comparisons.map(\.ratio)), unit: "times"),
      BenchRow(
        name: "not found without parents", value: Double(missing.count),
        unit: "of \(counted(comparisons.count, "skill"))", names: missing),
    ]
  }
}
