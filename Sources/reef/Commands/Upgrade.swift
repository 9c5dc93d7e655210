import ReefLearner
import ReefMachine
import ReefRegistry
import ReefTasks

extension Command {
  static let upgrade = Command(
    path: ["upgrade"],
    summary: "let a skill call another version of one of its parents, as a new version",
    discussion: """
      The skill is verified as 'reef verify' does, and registered only if it passes; the old version
      stays as it is. With --deep, everything that is made of it is upgraded too, all or nothing.
      """,
    parameters: [.skill],
    options: [
      .init(
        name: "parent", value: "PARENT",
        help: "the version to call: a name for its latest, or name@version"),
      .init(name: "deep", help: "also whatever is made of the skill, at any depth"),
      .init(name: "curriculum", value: "FILE", help: "where to find tasks that are not built in"),
    ],
    examples: ["reef upgrade arithmetic.multiply --parent arithmetic.add --deep"],
    run: runUpgrade)
}

private func runUpgrade(_ invocation: Invocation) throws {
  guard let word = invocation.value("parent") else {
    throw Failure.usage("'reef upgrade' needs --parent PARENT.", invocation.command)
  }
  let registry = try invocation.openRegistry(.changing)
  let skill = try registry.findSkill(invocation.words[0], "call others")
  let parent = try registry.findSkill(word, "have versions")
  let upgrades = try registry.upgrades(of: skill, to: parent, deep: invocation.has("deep"))
  guard !upgrades.isEmpty else {
    let calls = try registry.parents(of: skill.digest).contains(parent.digest)
    throw Failure(
      .failed, code: "nothingToUpgrade",
      calls
        ? "\(skill.reference) calls \(parent.reference) already, and no other version of it."
        : "\(skill.reference) calls no version of \(parent.name).",
      hint: "reef query composes \(skill.reference)")
  }
  let registered = try invocation.register(
    upgrades, in: registry, as: .upgraded, learner: "upgrade", with: parent.reference,
    hint: "reef upgrade \(skill.reference) --parent \(word) --deep")
  try invocation.report(registered, in: registry)
}

extension Invocation {
  /// Prints what was registered, and says of what was there before that it was not made anew.
  func report(_ registered: [Skill], in registry: Registry) throws {
    for skill in registered {
      let latest = try registry.resolve(skill.name)
      guard latest.version > skill.version else { continue }
      console.note(
        "\(skill.reference) was that already; \(latest.reference) stays the latest. "
          + "'reef name alias \(skill.reference) WORD' gives it a name of its own.")
    }
    if console.isJSON { return try console.print(.array(registered.map(\.brief))) }
    try console.print(columns(registered.map(\.row)))
  }

  /// Verifies upgrades, in order, with the tasks of `--curriculum` and of the built-in plugins, and
  /// registers them if all of them pass.
  ///
  /// - Parameters:
  ///   - change: What is new in them, for people.
  ///   - hint: What helps where nothing could show a skill right.
  func register(
    _ upgrades: [Upgrade], in registry: Registry, as origin: Origin, learner: String,
    with change: String, hint: String
  ) throws -> [Skill] {
    let curriculum = try value("curriculum").map { try loadCurriculum($0) }
    defer { curriculum?.shutdown() }
    let tasks = TaskTable((curriculum?.plugins ?? []) + builtInPlugins)
    let trial = UpgradedLibrary(
      base: try registry.allSkills(), upgrades: upgrades.map { $0.candidate(learner) })
    let verifier = try SkillVerifier(library: trial)
    var verified: [NewSkill] = []
    for (upgrade, candidate) in zip(upgrades, trial.upgrades) {
      let tests = try registry.tests(of: upgrade.old.digest)
      let seed = try seed() ?? upgrade.old.certificate.seed + 1
      let report = try verifier.verify(
        candidate, tests: tests, task: tasks.task(of: upgrade.old), seed: seed)
      if let failure = report.failure {
        throw Failure(
          .failed, code: "verificationFailed",
          "\(upgrade.old.reference) with \(change) does not pass: \(failure) Nothing was changed.")
      }
      verified.append(candidate.new(tests: tests, report: report, seed: seed))
    }
    if let unshown = verified.firstUnshown {
      throw Failure(
        .failed, code: "verificationFailed",
        "Nothing is at hand that could show \(unshown.name) right with \(change): it has no stored "
          + "tests, no task, and is no part of another upgrade that has. Nothing was changed.",
        hint: hint)
    }
    return try registry.registerUpgrades(verified, as: origin)
  }
}

/// The registry's skills with those that are to be verified.
private struct UpgradedLibrary: Library {
  let base: [Skill]
  let upgrades: [Skill]
  private let byDigest: [Digest: Skill]

  init(base: [Skill], upgrades: [Skill]) {
    self.base = base
    self.upgrades = upgrades
    byDigest = Dictionary(
      (base + upgrades).map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func skill(_ digest: Digest) -> Skill? { byDigest[digest] }
  func skills() -> [Skill] { base + upgrades }
  func search(_ text: String, limit: Int) -> [Skill] { [] }
}

extension Upgrade {
  /// As a skill, before it is verified.
  fileprivate func candidate(_ learner: String) -> Skill {
    let origin = old.provenance
    return Skill(
      digest: code.digest, name: old.name, version: old.version,
      summary: old.summary, code: code,
      certificate: old.certificate,
      provenance: Provenance(
        task: origin.task, curriculum: origin.curriculum, generation: origin.generation,
        learner: learner, seed: origin.seed, searchSteps: 0, candidates: 1,
        pluginHash: origin.pluginHash))
  }
}

extension Skill {
  /// With a certificate of what was checked: fresh data of the task where there is one, else the
  /// stored tests, which nothing was learned from this time, else what calls it.
  fileprivate func new(
    tests: [TestCase], report: SkillVerifier.Report, seed: Int
  ) -> NewSkill {
    NewSkill(
      name: name, summary: summary, code: code, tests: tests,
      certificate: report.certificate
        ?? Certificate(
          method: tests.isEmpty ? .viaTask : .heldOut, seed: seed, checks: [],
          tolerance: certificate.tolerance),
      provenance: provenance)
  }
}

extension [NewSkill] {
  /// The last skill that neither was checked itself nor is part of one that was; the skills stand
  /// after their parents.
  fileprivate var firstUnshown: NewSkill? {
    var shown: Set<Digest> = []
    for skill in reversed() {
      guard skill.certificate.method != .viaTask || shown.contains(skill.digest) else {
        return skill
      }
      shown.formUnion(skill.code.callees)
    }
    return nil
  }
}
