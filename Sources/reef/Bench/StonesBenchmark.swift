import ReefLearner
import ReefMachine
import ReefRegistry
import ReefTasks
import Synchronization

/// Which rows fall without each stepping stone: the curriculum is grown without it, in a registry
/// that holds what was grown before and is not made of the stone.
///
/// Every task may take at least four times the steps that it took with the stone, at least a hundred
/// million, at most its budget in the curriculum: a stone without which some row costs more
/// than that is worth having. With `--steps` each task has so many.
///
/// Where no row falls so, the curriculum is grown without the stone from nothing and with its own
/// budgets. That takes long and few stones come to it, but it has the last word: what other
/// tasks find may hang on a skill that none of their solutions calls.
///
/// The rows are the tasks that the curriculum is for, listed in a file beside it (`NAME.rows.json`
/// for `NAME.json`); all its other tasks are stones.
struct StonesBenchmark: Benchmark {
  let name = "stones"
  let summary = "grow the curriculum without each stepping stone, and say which rows then fail"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let curriculum = try options.curriculum()
    defer { curriculum.shutdown() }
    let rows = try StonesBenchmark.rows(of: curriculum, options)
    let registry = try options.registry()
    let skills = try options.grownSkills()
    let stones = try options.chosen(
      curriculum.tasks.map(\.fullName).filter { !rows.contains($0) }
    ) { $0 }
    let grown = rows.filter { row in skills.contains { $0.name == row } }
    let budgeted = StonesBenchmark.budgeted(curriculum, skills, options)
    let whole = curriculum.withBudget(steps: options.steps, seconds: options.seconds)
    return try options.map(stones) { stone in
      let kept = skills.remaining(without: stone)
      // What fails with the stone as well is not its fault, and what is not made of it stays.
      let shaken = grown.filter { row in !kept.contains { $0.name == row } }
      var failed = try StonesBenchmark.failures(
        among: shaken, without: stone, kept, budgeted, registry, repeats: true)
      if failed.isEmpty {
        options.note("\(stone)  no row fails at once; now a growth from nothing")
        failed = try StonesBenchmark.failures(
          among: grown, without: stone, [], whole, registry, repeats: false)
      }
      let shown = failed.isEmpty ? "nothing" : failed.joined(separator: ", ")
      options.note("\(stone)  needed for \(shown)")
      return BenchRow(
        name: "without \(stone)", value: Double(failed.count), unit: "rows fail", names: failed)
    }
  }

  /// In search steps; few, because all tasks with the same budget are one phase. What needs more has
  /// the curriculum's.
  private static let budgets = [100_000_000, 800_000_000]

  /// All tasks with what each may take.
  private static func budgeted(
    _ curriculum: LoadedCurriculum, _ skills: [Skill], _ options: BenchOptions
  ) -> LoadedCurriculum {
    let costs = Dictionary(
      skills.map { ($0.provenance.task, $0.provenance.searchSteps) }, uniquingKeysWith: max)
    let limit = curriculum.phases.map(\.budget.steps).max() ?? 0
    let seconds = options.seconds ?? curriculum.phases.map(\.budget.seconds).max() ?? 0
    return curriculum.inPhases { reference in
      let allowance = 4 * (costs[reference.fullName] ?? limit)
      let budget = StonesBenchmark.budgets.first { $0 >= allowance } ?? limit
      return Curriculum.Budget(steps: options.steps ?? min(budget, limit), seconds: seconds)
    }
  }

  private static func rows(
    of curriculum: LoadedCurriculum, _ options: BenchOptions
  ) throws -> Set<String> {
    var path = options.curriculumPath
    if path.hasSuffix(".json") { path.removeLast(5) }
    path += ".rows.json"
    guard let names = try JSON(parsing: utf8Text(readInput(path), path: path)).array
    else { throw rowsError(path, "it is no JSON array of names") }
    let rows = names.compactMap(\.string)
    let known = Set(curriculum.tasks.map(\.fullName))
    if let stranger = rows.first(where: { !known.contains($0) }) {
      throw rowsError(path, "the curriculum has no task '\(stranger)'")
    }
    return Set(rows)
  }

  private static func rowsError(_ path: String, _ reason: String) -> Failure {
    .badInput("rowsUnreadable", "The list of rows \(path) cannot be used: \(reason).")
  }

  /// The rows that stay unsolved when the curriculum is grown without a stone, in a registry that
  /// holds the skills that are kept.
  private static func failures(
    among rows: Set<String>, without stone: String, _ kept: [Skill], _ curriculum: LoadedCurriculum,
    _ registry: Registry, repeats: Bool
  ) throws -> [String] {
    let rest = curriculum.mapTasks { $0.fullName == stone ? nil : $0 }
    @Sendable func standards(of name: String) -> Int {
      rest.tasks.first { $0.fullName == name }?.task.standards.count ?? 0
    }
    let left = Mutex(rows)
    try withTemporaryRegistry { temporary in
      try temporary.copy(kept, from: registry)
      let growth = Growth(curriculum: rest, store: temporary, options: GrowthOptions())
      var hasProgress = true
      while hasProgress, !left.withLock(\.isEmpty) {
        let summary = try growth.run(
          report: { event in
            guard case .solved(let solved) = event,
              solved.skill.version >= standards(of: solved.task)
            else { return }
            left.withLock { _ = $0.remove(solved.task) }
          },
          // No other stone is wanted for its own sake.
          isCancelled: { left.withLock(\.isEmpty) })
        // What has a small budget may build on what has a large one.
        hasProgress = repeats && summary.solved > 0 && rest.phases.count > 1
      }
    }
    return left.withLock { $0.sorted() }
  }
}

extension [Skill] {
  /// Those that are neither the task's own nor made of it, callees first. Where one version of a
  /// name goes, all go: a version without the earlier ones would count as the first.
  fileprivate func remaining(without task: String) -> [Skill] {
    var goneNames: Set<String> = [task]
    var gone: Set<Digest> = []
    var grew = true
    while grew {
      grew = false
      for skill in self where !gone.contains(skill.digest) {
        if goneNames.contains(skill.name) || goneNames.contains(skill.provenance.task)
          || skill.code.callees.contains(where: gone.contains)
        {
          gone.insert(skill.digest)
          goneNames.insert(skill.name)
          grew = true
        }
      }
    }
    var placed: Set<Digest> = []
    var ordered: [Skill] = []
    var left = filter { !gone.contains($0.digest) }
    while !left.isEmpty {
      let ready = left.filter { skill in
        skill.code.callees.allSatisfy { Atoms.with($0) != nil || placed.contains($0) }
      }
      guard !ready.isEmpty else { break }
      ordered += ready.sorted { $0.version < $1.version }
      placed.formUnion(ready.map(\.digest))
      left.removeAll { placed.contains($0.digest) }
    }
    return ordered
  }
}

extension Registry {
  /// Registers skills of another registry here, callees first, with their tests and their past.
  fileprivate func copy(_ skills: [Skill], from other: Registry) throws {
    _ = try register(
      try skills.map { skill in
        NewSkill(
          name: skill.name, summary: skill.summary, code: skill.code,
          tests: try other.tests(of: skill.digest), certificate: skill.certificate,
          provenance: skill.provenance)
      })
  }
}
