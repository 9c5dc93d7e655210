import Arithmetic
import ReefLearner
import ReefMachine
import ReefTasks

/// How fast candidates are tried, and what a large library does to the time to a solution.
struct SearchBenchmark: Benchmark {
  let name = "search"
  let summary = "time enumeration, and the way to a solution in ever larger libraries"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    try SearchBenchmark.expressions.flatMap { try rate($0, options) } + libraries(options)
  }

  // MARK: Rate

  private static let expressionAtoms = [
    "int.add", "int.subtract", "int.multiply", "int.min", "int.max",
  ].compactMap { Atoms.named($0) }
  /// With more variables more of the candidates behave like none before, and take more time.
  private static let expressions = [
    (variables: 1, maximumCost: 11), (variables: 2, maximumCost: 9), (variables: 3, maximumCost: 9),
  ]
  private static let samples = 5

  /// Integer expressions on 16 examples, on one core.
  private func rate(
    _ expressions: (variables: Int, maximumCost: Int), _ options: BenchOptions
  ) throws -> [BenchRow] {
    let (variables, maximumCost) = expressions
    var generator = SplitMix64(seed: options.seed)
    let rows = (0..<16).map { _ in (0..<variables).map { _ in generator.int(in: -50...50) } }
    let search = ExpressionSearch(atoms: SearchBenchmark.expressionAtoms, rows: rows)
    if variables == 3 { try checkKnownExpression(search, maximumCost: maximumCost) }

    // No expression has these values, so that every one up to the cost is tried.
    let nonsense = rows.map { _ in generator.int(in: 1_000_000_007...2_000_000_011) }
    options.note("enumerating integer expressions")
    var outcome: ExpressionSearch.Outcome?
    let seconds = try medianSeconds(samples: SearchBenchmark.samples) {
      outcome = try search.run(wanted: nonsense, maximumCost: maximumCost)
    }
    options.note("the same with Swift's own Set")
    var plain: (candidates: Int, newBehaviours: [Int]) = (0, [])
    let enumeration = try SetEnumeration(search)
    let plainSeconds = medianSeconds(of: [0, 1]) { _ in
      plain = enumeration.run(maximumCost: maximumCost)
    }
    guard let outcome, outcome.newBehaviours == plain.newBehaviours else {
      throw WrongAnswer(
        workload: "behaviours at each cost", found: "\(outcome?.newBehaviours ?? [])",
        expected: "\(plain.newBehaviours)")
    }
    let rate = Double(outcome.candidates) / seconds
    let plainRate = Double(plain.candidates) / plainSeconds
    return [
      BenchRow(
        name: "integer expressions of \(counted(variables, "variable")) on 16 examples, one core",
        value: rate / 1e6,
        unit: "M candidates/s", peer: .init(name: "Swift's Set", ratio: rate / plainRate)),
      BenchRow(
        name: "different behaviours among \(formatted(count: outcome.candidates)) candidates",
        value: Double(outcome.newBehaviours.reduce(0, +)), unit: "behaviours"),
    ]
  }

  /// What is found for max(x · x - y, x + z) has to compute just that, on other numbers too.
  private func checkKnownExpression(
    _ search: ExpressionSearch, maximumCost: Int
  ) throws {
    func wanted(_ row: [Int]) -> Int { max(row[0] * row[0] - row[1], row[0] + row[2]) }
    let outcome = try search.run(
      wanted: search.rows.map(wanted), maximumCost: maximumCost)
    guard let code = outcome.solution else {
      throw WrongAnswer(
        workload: "known expression", found: "nothing", expected: "max(x · x - y, x + z)")
    }
    let image = try Image(linking: code, library: { _ in nil })
    let machine = Machine(limits: Limits())
    for row in [[3, 100, 4], [-7, 2, 90], [12, -5, 0]] {
      let value = try machine.run(image, row.map { .int($0) }).value
      guard value == .int(wanted(row)) else {
        throw WrongAnswer(
          workload: "known expression", found: "\(value)", expected: "\(wanted(row))")
      }
    }
  }

  // MARK: Libraries

  /// Tasks that atoms are enough for.
  private static let taskNames = [
    "leadingSign", "carryStep", "trim", "gcd", "factorial", "polynomial",
  ]
  private static let sizes = [0, 100, 1_000, 10_000]

  /// The same tasks with more and more skills that are of no use to them.
  private func libraries(_ options: BenchOptions) throws -> [BenchRow] {
    let named = SearchBenchmark.taskNames.map { name in
      arithmetic.references.first { $0.task.name == name }!
    }
    let references = try options.chosen(named) { $0.fullName }
    let generated = GeneratedSkills.list(
      count: SearchBenchmark.sizes.max() ?? 0, seed: options.seed)
    var rows: [BenchRow] = []
    var seconds: [Int: [String: Double]] = [:]
    for size in SearchBenchmark.sizes {
      let clock = ContinuousClock()
      let start = clock.now
      let library = TrialLibrary(Array(generated[..<size]))
      let indexing = (clock.now - start) / .seconds(1)
      rows.append(
        BenchRow(name: "index \(size) further skills", value: indexing * 1000, unit: "ms"))
      for reference in references {
        let trial = LearningTrial(
          reference, learners: Set(Learner.allCases),
          stepBudget: options.steps ?? 1_000_000_000, seconds: options.seconds ?? 60,
          seed: options.seed)
        let outcome = try trial.run(with: library)
        let time = formatted(seconds: outcome.seconds)
        options.note("\(size) further skills  \(reference.fullName)  \(time)")
        if outcome.isSolved { seconds[size, default: [:]][reference.fullName] = outcome.seconds }
        let name = "\(reference.fullName), \(size) further skills"
        let ending = outcome.isSolved ? "" : " (not found)"
        rows.append(BenchRow(name: name + ending, value: outcome.seconds, unit: "s"))
        let steps = Double(outcome.searchSteps)
        rows.append(BenchRow(name: name + ending, value: steps, unit: "search steps"))
      }
    }
    let filled = SearchBenchmark.sizes.dropFirst()
    for (small, large) in zip(filled, filled.dropFirst()) {
      rows.append(
        SearchBenchmark.growth(
          from: (small, seconds[small] ?? [:]), to: (large, seconds[large] ?? [:]),
          of: references.map(\.fullName)))
    }
    return rows
  }

  /// How much longer the tasks take in the larger library that are solved in both. One that is not
  /// solved has no time, only one that was given up; it is named.
  private static func growth(
    from small: (size: Int, seconds: [String: Double]),
    to large: (size: Int, seconds: [String: Double]), of tasks: [String]
  ) -> BenchRow {
    let solved = tasks.filter { small.seconds[$0] != nil && large.seconds[$0] != nil }
    let before = solved.reduce(0) { $0 + (small.seconds[$1] ?? 0) }
    let after = solved.reduce(0) { $0 + (large.seconds[$1] ?? 0) }
    let growth = after / max(1e-9, before)
    let others = solved.count == tasks.count ? "" : "; not solved in both"
    return BenchRow(
      name: "\(large.size) further skills against \(small.size), "
        + "time for \(solved.count) of \(tasks.count) tasks\(others)",
      value: growth, unit: "times",
      peer: solved.isEmpty
        ? nil
        : .init(
          name: "the library's growth", ratio: Double(large.size / small.size) / growth),
      names: tasks.filter { !solved.contains($0) })
  }
}
