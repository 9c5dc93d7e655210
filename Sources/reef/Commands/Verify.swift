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
      part of the curriculum that --curriculum names. The data follows --seed.
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
  var results: [JSON] = []
  var failed = 0
  for skill in skills {
    let report = try verifier.verify(
      skill, tests: try registry.tests(of: skill.digest), task: tasks.task(of: skill),
      seed: seed ?? skill.certificate.seed + 1)
    failed += report.passed ? 0 : 1
    if console.isJSON {
      results.append(report.json(skill))
    } else if !report.passed || !console.isQuiet {
      try console.print(report.line(skill, console))
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
  fileprivate func line(_ skill: Skill, _ console: Console) -> String {
    let name = skill.reference.padded(to: 30)
    if let failure { return console.styled("wrong", .bad) + "  \(name)  \(failure)" }
    var parts = storedTests > 0 ? [counted(storedTests, "stored test")] : []
    if !checks.isEmpty {
      parts.append("fresh data of size " + checks.map { "\($0.size)" }.joined(separator: ", "))
    }
    if parts.isEmpty { parts.append("shown through \(skill.provenance.task)") }
    return console.styled("right", .good) + "  \(name)  " + parts.joined(separator: "; ")
  }

  fileprivate func json(_ skill: Skill) -> JSON {
    var members: [JSON.Member] = [
      .init("skill", .string(skill.reference)), .init("digest", .string(skill.digest.hex)),
      .init("passed", .bool(passed)), .init("storedTests", .int(storedTests)),
      .init(
        "checks",
        .array(
          checks.map {
            ["size": .int($0.size), "count": .int($0.count), "steps": .int($0.steps)]
          })),
    ]
    if let failure { members.append(.init("reason", .string(failure))) }
    return .object(members)
  }
}
