import ReefLearner
import ReefMachine
import ReefRegistry
import ReefTasks

extension Command {
  static let verify = Command(
    path: ["verify"],
    summary: "re-run the stored tests of a skill, or of all, and check it on fresh data",
    discussion: """
      Fresh data comes from the task that the skill was grown for, where its plugin is built in or
      part of the curriculum that --curriculum names. The data follows --seed. A skill without tests
      and task, such as the body of a loop, is right if one that has tests and passes is made of it. Of
      one that says that it was found on the way to another, such as a mixture, nothing is known.
      """,
    parameters: [.init(name: "SKILL", help: Parameter.skill.help, count: .optional)],
    options: [
      .init(name: "curriculum", value: "FILE", help: "where to find tasks that are not built in")
    ],
    examples: ["reef verify", "reef verify sorting.sort --seed 7"],
    run: runVerify)
}

private func runVerify(_ invocation: Invocation) throws {
  let console = invocation.console
  let seed = try invocation.seed()
  let registry = try invocation.openRegistry(.reading)
  let skills =
    try invocation.words.first.map { [try registry.findSkill($0, "are verified")] }
    ?? registry.skills()
  let curriculum = try invocation.value("curriculum").map { try invocation.loadCurriculum($0) }
  defer { curriculum?.shutdown() }
  for plugin in curriculum?.missing ?? [] {
    console.note("No fresh data from '\(plugin.command)': \(plugin.reason)")
  }
  let tasks = TaskTable((curriculum?.plugins ?? []) + builtInPlugins)
  let verifier = try SkillVerifier(library: registry)
  var reports: [Digest: SkillVerifier.Report] = [:]
  func verify(_ skill: Skill) throws -> SkillVerifier.Report {
    if let report = reports[skill.digest] { return report }
    let report = try verifier.verify(
      skill, tests: try registry.tests(of: skill.digest), task: tasks.task(of: skill),
      seed: seed ?? skill.certificate.seed + 1)
    reports[skill.digest] = report
    return report
  }
  var results: [JSON] = []
  var failed = 0
  for skill in skills {
    let report = try verify(skill)
    let witness =
      report.isEmpty ? try registry.witness(of: skill) { try verify($0).passed } : nil
    let result = Verification(
      skill: skill, report: report, witness: witness,
      isOpen: try report.isEmpty && witness == nil && registry.hasGoal(of: skill))
    failed += result.failure == nil ? 0 : 1
    if console.isJSON {
      results.append(result.json)
    } else if result.failure != nil || !console.isQuiet {
      try console.print(result.line(console))
    }
  }
  if console.isJSON { try console.print(.array(results)) }
  if failed > 0 {
    throw Failure(
      .failed, code: "verificationFailed",
      "\(counted(failed, "skill")) of \(skills.count) did not pass.")
  }
  console.note("\(counted(skills.count, "skill")) verified.")
}

/// The tasks of several plugins by full name; the first plugin of a name wins.
struct TaskTable {
  private let byName: [String: TaskReference]

  init(_ plugins: [any TaskPlugin]) {
    byName = Dictionary(
      plugins.flatMap(\.references).map { ($0.fullName, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The task that the skill solves; nil for the body of a loop and for a stranger's skill, whose
  /// name may be a task's by chance but whose types are not.
  func task(of skill: Skill) -> TaskReference? {
    guard skill.provenance.task == skill.name, let task = byName[skill.name],
      task.task.signature.type == skill.signature.type
    else { return nil }
    return task
  }
}

extension SkillVerifier.Report {
  /// Whether nothing was run.
  fileprivate var isEmpty: Bool { passed && storedTests == 0 && checks.isEmpty }
}

extension Registry {
  /// A skill with tests that is made of this one, and passes.
  fileprivate func witness(
    of skill: Skill, _ passes: (Skill) throws -> Bool
  ) throws -> Skill? {
    for user in try users(of: skill.digest, deep: true) where try !tests(of: user).isEmpty {
      if let user = try self.skill(user), try passes(user) { return user }
    }
    return nil
  }

  /// Whether a skill with tests has the name of the task that the skill says it was found for.
  fileprivate func hasGoal(of skill: Skill) throws -> Bool {
    guard skill.certificate.method == .viaTask, skill.provenance.task != skill.name,
      let goal = try? resolve(skill.provenance.task)
    else { return false }
    return try !tests(of: goal.digest).isEmpty
  }
}

/// What is known of one skill now.
private struct Verification {
  let skill: Skill
  let report: SkillVerifier.Report
  /// A skill with tests that is made of it, where it has none to run.
  let witness: Skill?
  /// Whether it is nothing that could be right or wrong by itself.
  let isOpen: Bool

  var failure: String? {
    report.isEmpty && witness == nil && !isOpen
      ? "Nothing shows it right: it has no tests, its task is not at hand, and nothing that has tests "
        + "calls it."
      : report.failure
  }

  func line(_ console: Console) -> String {
    let name = skill.reference.padded(to: 30)
    if let failure { return console.styled("wrong", .bad) + "  \(name)  \(failure)" }
    if isOpen {
      return console.styled("open ", .faint)
        + "  \(name)  no tests; found on the way to \(skill.provenance.task)"
    }
    var parts = report.storedTests > 0 ? [counted(report.storedTests, "stored test")] : []
    if !report.checks.isEmpty {
      parts.append(
        "fresh data of size " + report.checks.map { "\($0.size)" }.joined(separator: ", "))
    }
    if let witness { parts.append("shown through \(witness.reference)") }
    return console.styled("right", .good) + "  \(name)  " + parts.joined(separator: "; ")
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("skill", .string(skill.reference)), .init("digest", .string(skill.digest.hex)),
      .init("passed", isOpen ? .null : .bool(failure == nil)),
      .init("storedTests", .int(report.storedTests)),
      .init(
        "checks",
        .array(
          report.checks.map {
            ["size": .int($0.size), "count": .int($0.count), "steps": .int($0.steps)]
          })),
    ]
    if let witness { members.append(.init("shownThrough", .string(witness.reference))) }
    if let failure { members.append(.init("reason", .string(failure))) }
    return .object(members)
  }
}
