import ReefMachine
import ReefRegistry

extension Command {
  static let registryCheck = Command(
    path: ["registry", "check"],
    summary: "check that the registry is whole: its file, digests, types and lineage",
    discussion: """
      Reads everything. A skill that is damaged is set aside with all that is made of it, so that the
      rest can be listed, searched and learned with, and is never removed; importing a bundle that has
      it makes it whole again. With --repair the index (lineage, claims and search) is made anew from
      the skills first, with the views and triggers that belong to it.
      """,
    options: [.init(name: "repair", help: "make the index anew first")],
    examples: ["reef registry check"],
    run: runRegistryCheck)

  static let registryStats = Command(
    path: ["registry", "stats"],
    summary: "count what the registry holds",
    examples: ["reef registry stats"],
    run: runRegistryStats)
}

private func runRegistryCheck(_ invocation: Invocation) throws {
  let isRepair = invocation.has("repair")
  let console = invocation.console
  let registry = try unlessBeyondRepair {
    try invocation.openRegistry(isRepair ? .changing : .reading, isSuspect: true)
  }
  if isRepair { try unlessBeyondRepair { try registry.rebuildIndex() } }
  var problems = try registry.check()
  // A file that is not as Reef makes it may have no list of what is set aside.
  var aside = (try? registry.quarantined()) ?? []
  if problems.contains(where: \.isOfSkill) || !aside.isEmpty {
    do {
      (problems, aside) = try invocation.openRegistry(.changing).quarantine()
    } catch let error as RegistryError
      where ["registryReadOnly", "registryDamaged"].contains(error.code)
    {
      console.note("Nothing was set aside. \(error)")
    }
  }
  if console.isJSON {
    try console.print(
      .array(problems.map { ["subject": .string($0.subject), "reason": .string($0.reason)] }))
  } else if !problems.isEmpty {
    try console.print(columns(problems.map { [$0.subject, $0.reason] }))
  }
  if !aside.isEmpty {
    console.note("Set aside: \(aside.joined(separator: ", ")).")
  }
  guard problems.isEmpty else {
    throw Failure(
      .failed, code: "registryDamaged",
      "The registry \(invocation.registryPath) has \(counted(problems.count, "problem")).",
      hint: isRepair ? "" : "reef registry check --repair")
  }
  console.note("The registry \(invocation.registryPath) is whole.")
}

/// Where a check or a repair itself is stopped by damage, no other command would tell more.
private func unlessBeyondRepair<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch RegistryError.registryDamaged(let path, let reason) {
    throw Failure.badInput(
      "registryDamaged",
      "The registry \(path) is damaged beyond repair: \(reason). Import bundles, or a copy that "
        + "'reef registry backup' made, into a new one.",
      hint: "reef import FILE --registry NEW")
  }
}

private func runRegistryStats(_ invocation: Invocation) throws {
  let statistics = try invocation.openRegistry(.reading).statistics()
  let figures = [
    ("skills", statistics.skills, "different digests"),
    ("names", statistics.names, ""),
    ("versions", statistics.versions, "pairs of a name and a version"),
    ("atoms", statistics.atoms, "that the skills call"),
    ("edges", statistics.edges, "from a skill to one that it calls"),
    ("generations", statistics.generations, ""),
    (
      "contentSize", statistics.contentSize,
      "bytes of code, claims, tests and weights, uncompressed"
    ),
    ("fileSize", statistics.fileSize, "bytes"),
  ]
  let sqlite = RegistryStatistics.sqlite
  let settings = statistics.settings
  let console = invocation.console
  if console.isJSON {
    return try console.print(
      .object(
        figures.map { .init($0.0, .int($0.1)) } + [
          .init("schema", .int(Registry.schema)),
          .init("sqlite", .string("\(sqlite)")), .init("mayResetLog", .bool(sqlite.mayResetLog)),
          .init(
            "settings",
            [
              "journalMode": .string(settings.journalMode),
              "synchronous": .bool(settings.isSynchronous), "pageSize": .int(settings.pageSize),
              "foreignKeys": .bool(settings.foreignKeys),
              "automaticCheckpoints": .bool(settings.automaticCheckpoints),
              "trustedSchema": .bool(settings.isSchemaTrusted),
              "defensive": .bool(settings.isDefensive), "lock": .string(settings.lockFile),
            ]),
        ]))
  }
  let danger =
    sqlite.mayResetLog
    ? "can lose data where one connection folds in the log while another writes" : ""
  let inForce = [
    ("schema", "\(Registry.schema)", ""), ("sqlite", "\(sqlite)", danger),
    ("lock", settings.lockFile, "held over every write and over folding in the log"),
    ("journal", settings.journalMode, ""),
    ("synchronous", settings.isSynchronous ? "full" : "no", "a commit is on the disk"),
    ("pageSize", "\(settings.pageSize)", "bytes"),
    ("foreignKeys", onOrOff(settings.foreignKeys), ""),
    ("checkpoints", settings.automaticCheckpoints ? "automatic" : "under the lock only", ""),
    ("trustedSchema", onOrOff(settings.isSchemaTrusted), ""),
    ("defensive", onOrOff(settings.isDefensive), ""),
  ]
  let width = figures.map { "\($0.1)".count }.max() ?? 0
  try console.print(columns(figures.map { [$0.0, "\($0.1)".padded(before: width), $0.2] }))
  try console.print(columns(inForce.map { [$0.0, $0.1, $0.2] }))
}

private func onOrOff(_ isOn: Bool) -> String { isOn ? "on" : "off" }
