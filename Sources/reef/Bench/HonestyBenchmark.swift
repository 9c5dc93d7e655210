import ReefLearner
import ReefMachine
import ReefTasks

/// Whether the tasks give anything away: they are grown with their names exchanged, their summaries
/// blank and the atoms in another order. And whether the verifiers keep watch: every program that
/// differs from a grown solution in one place, and in what it computes, is to be rejected.
struct HonestyBenchmark: Benchmark {
  let name = "honesty"
  let summary =
    "grow the tasks in disguise, and look for mutants that pass, wrong solutions and needless atoms"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = try options.grownSkills()
    let curriculum = try options.curriculum()
    defer { curriculum.shutdown() }
    return try atoms(of: skills) + strangers(skills, curriculum, options)
      + mutants(of: skills, curriculum, options) + disguised(curriculum, options)
  }

  // MARK: Atoms

  /// What a single task uses may be there for it alone.
  private func atoms(of skills: [Skill]) -> [BenchRow] {
    var users: [Digest: Set<String>] = [:]
    for skill in skills {
      for callee in skill.code.callees { users[callee, default: []].insert(skill.provenance.task) }
    }
    let single = Atoms.all.filter { users[$0.digest]?.count == 1 }
    return [
      BenchRow(
        name: "atoms that one task alone uses", value: Double(single.count),
        unit: "of \(counted(Atoms.all.count, "atom"))",
        names: single.map { "\($0.name) (\(users[$0.digest]!.first!))" })
    ]
  }

  // MARK: Strange inputs

  /// Whether the solutions are right where their generators do not look.
  private func strangers(
    _ skills: [Skill], _ curriculum: LoadedCurriculum, _ options: BenchOptions,
    suffix: String = "", ownNames: [String: String] = [:]
  ) throws -> [BenchRow] {
    let codes = Dictionary(
      skills.map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
    let solutions = curriculum.tasks.flatMap { task in
      skills.filter { $0.name == task.fullName }.map { (task, $0) }
    }
    let chosen = try options.chosen(solutions) { task, _ in task.fullName }
    let results = try options.map(chosen) { task, skill -> (Int, String?) in
      let examples = try StrangeInputs(for: task, seed: options.seed).examples
      let image = try Image(linking: skill.code, library: { codes[$0] })
      let machine = Machine(limits: Limits(fuel: 10_000_000, depth: 10_000))
      let wrong = examples.first { example in
        let found = try? machine.run(image, example.input).value
        return !(found?.matches(example.output!, tolerance: task.task.tolerance) ?? false)
      }
      let name = "\(ownNames[skill.name] ?? skill.name)@\(skill.version)"
      let input = wrong.map { "\(name) \(JSON.array($0.input.map(\.json)).text)" }
      let fault = input.map { ", wrong on \($0)" } ?? ""
      options.note(
        "\(name)  \(counted(examples.count, "strange input"))\(suffix)\(fault)")
      return (examples.count, input)
    }
    let wrong = results.compactMap(\.1)
    return [
      BenchRow(
        name: "random values that the tasks answer" + suffix,
        value: Double(results.reduce(0) { $0 + $1.0 }),
        unit: "inputs"),
      BenchRow(
        name: "solutions that are wrong on one" + suffix, value: Double(wrong.count),
        unit: "of \(counted(results.count, "solution"))", names: wrong),
    ]
  }

  // MARK: Disguise

  private func disguised(
    _ curriculum: LoadedCurriculum, _ options: BenchOptions
  ) throws -> [BenchRow] {
    let plugins = Dictionary(
      curriculum.plugins.map { ($0.name, DisguisedPlugin($0, seed: options.seed)) },
      uniquingKeysWith: { first, _ in first })
    let wanted = Set(try options.chosen(curriculum.tasks.map(\.fullName)) { $0 })
    let limited = curriculum.withBudget(steps: options.steps, seconds: options.seconds)
    let disguised = limited.mapTasks { reference in
      guard wanted.contains(reference.fullName) else { return nil }
      return plugins[reference.plugin.name]?.reference(to: reference.task)
    }
    let ownNames = Dictionary(
      disguised.tasks.map { reference in
        let own = plugins[reference.plugin.name]?.ownName(of: reference.task.name)
        return (reference.fullName, "\(reference.plugin.name).\(own ?? reference.task.name)")
      }, uniquingKeysWith: { first, _ in first })
    var atoms = Atoms.all
    var generator = SplitMix64(seed: options.seed)
    generator.shuffle(&atoms)
    var growthOptions = GrowthOptions(jobs: options.jobs)
    growthOptions.atoms = atoms
    let (unsolved, strange) = try withTemporaryRegistry { registry in
      let growth = Growth(curriculum: disguised, store: registry, options: growthOptions)
      _ = try growth.run(
        report: { event in
          switch event {
          case .solved(let solved):
            let code = solved.skill.code.oneLine { Atoms.with($0)?.name }
            options.note(
              "in disguise  \(ownNames[solved.task] ?? solved.task)  "
                + "\(formatted(seconds: solved.seconds))  \(code)")
          case .failed(let task, let reason):
            options.note("in disguise  \(ownNames[task] ?? task)  not found: \(reason)")
          default: break
          }
        }, isCancelled: { false })
      let skills = try registry.skills()
      let unsolved = disguised.tasks.filter { reference in
        skills.count { $0.name == reference.fullName } < reference.task.standards.count
      }.map { ownNames[$0.fullName] ?? $0.fullName }
      // Other solutions than those above, and so other gaps of the generators that show.
      return (
        unsolved,
        try strangers(
          skills, disguised, options, suffix: ", in disguise", ownNames: ownNames)
      )
    }
    let count = disguised.tasks.count
    return strange + [
      BenchRow(
        name: "solved with names exchanged, no summaries, atoms reordered",
        value: Double(count - unsolved.count) / Double(max(1, count)) * 100,
        unit: "% of \(counted(count, "task"))"),
      BenchRow(
        name: "unsolved in disguise", value: Double(unsolved.count), unit: "tasks",
        names: unsolved),
    ]
  }

  // MARK: Mutants

  /// What became of the mutants of one skill.
  private struct Fate: Sendable {
    var mutants = 0
    var different = 0
    /// Those that compute something else and were accepted.
    var accepted: [String] = []
  }

  private static let randomInputs = 10_000
  /// A mutant may take this many times the steps of the slowest run of the solution.
  private static let fuelFactor = 20

  private func mutants(
    of skills: [Skill], _ curriculum: LoadedCurriculum, _ options: BenchOptions
  ) throws -> [BenchRow] {
    let tasks = Dictionary(
      curriculum.tasks.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
    let solutions = try options.chosen(skills.filter { tasks[$0.name] != nil }) { $0.name }
    let fates = try options.map(solutions) { skill -> Fate in
      guard let task = tasks[skill.name] else { return Fate() }
      let fate = try HonestyBenchmark.fate(of: skill, task, skills, options)
      options.note(
        "\(skill.name)@\(skill.version)  \(fate.mutants) mutants, \(fate.different) differ, "
          + "\(fate.accepted.count) accepted")
      return fate
    }
    let different = fates.reduce(0) { $0 + $1.different }
    let accepted = fates.flatMap(\.accepted)
    return [
      BenchRow(
        name: "mutants of \(counted(solutions.count, "solution"))",
        value: Double(fates.reduce(0) { $0 + $1.mutants }), unit: "mutants"),
      BenchRow(
        name: "mutants that differ on \(HonestyBenchmark.randomInputs) random inputs",
        value: Double(different), unit: "mutants"),
      BenchRow(
        name: "of those rejected", value: Double(different - accepted.count),
        unit: "of \(counted(different, "mutant"))"),
      BenchRow(
        name: "accepted though they differ", value: Double(accepted.count), unit: "mutants",
        names: accepted),
    ]
  }

  private static func fate(
    of skill: Skill, _ task: TaskReference, _ skills: [Skill], _ options: BenchOptions
  ) throws -> Fate {
    let codes = Dictionary(
      skills.map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
    let standard = min(skill.version, task.task.standards.count) - 1
    let verifier = try Verifier(task, standard: standard, seed: skill.certificate.seed)
    let trials = try Trials(of: skill, task, codes, options)
    let bodies = Set(
      skills.filter { $0.provenance.task == skill.name && $0.name != skill.name }.map(\.digest))
    let mutants = SkillMutants.withBodies(of: skill.code, bodies: bodies, library: codes)
    var fate = Fate(mutants: mutants.count)
    let names = SkillNames(library: try options.registry())
    for mutant in mutants {
      let image = try? Image(
        linking: mutant.code, library: { digest in mutant.bodies[digest] ?? codes[digest] })
      guard let image, trials.differ(image) else { continue }
      fate.different += 1
      if case .right = try verifier.verify(image) {
        fate.accepted.append("\(skill.name)@\(skill.version): \(names.oneLine(mutant.changed))")
      }
    }
    return fate
  }

  /// Random inputs with what the solution makes of them. Confined to one thread.
  private struct Trials {
    private let inputs: [[Value]]
    private let outputs: [Value]
    private let tolerance: Double
    private let machine: Machine

    init(
      of skill: Skill, _ task: TaskReference, _ codes: [Digest: SkillCode], _ options: BenchOptions
    ) throws {
      let image = try Image(linking: skill.code, library: { codes[$0] })
      let generous = Machine(limits: Limits(fuel: 10_000_000, depth: 10_000))
      let sizes = task.task.trainSizes
      let perSize = HonestyBenchmark.randomInputs / max(1, sizes.count)
      var inputs: [[Value]] = []
      var outputs: [Value] = []
      var mostSteps = 0
      for size in sizes {
        // Another seed than the verifier's: these are inputs that it has not seen.
        let examples = try task.freshExamples(
          size: size, count: perSize, seed: skill.certificate.seed + 0xD1FF + options.seed)
        for example in examples {
          guard let run = try? generous.run(image, example.input) else { continue }
          inputs.append(example.input)
          outputs.append(run.value)
          mostSteps = max(mostSteps, run.steps)
        }
      }
      self.inputs = inputs
      self.outputs = outputs
      tolerance = task.task.tolerance
      machine = Machine(
        limits: Limits(fuel: 1_000 + mostSteps * HonestyBenchmark.fuelFactor, depth: 10_000))
    }

    /// Whether a program gives something else on any input; an error is something else.
    func differ(_ image: Image) -> Bool {
      zip(inputs, outputs).contains { input, output in
        guard let value = try? machine.run(image, input).value else { return true }
        return !value.matches(output, tolerance: tolerance)
      }
    }
  }
}
