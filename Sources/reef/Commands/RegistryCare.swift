import ReefMachine
import ReefRegistry

extension Command {
  static let registryCollect = Command(
    path: ["registry", "gc"],
    summary: "remove what only retired names lead to, and give back its space",
    discussion: "What a skill in use is made of stays, whatever its name.",
    options: [.init(name: "dry-run", help: "only tell what would be removed")],
    examples: ["reef registry gc --dry-run"],
    run: runCollect)

  static let registryBackup = Command(
    path: ["registry", "backup"],
    summary: "copy the registry to a new file while others may use it",
    parameters: [.init(name: "FILE", help: "the copy to make")],
    examples: ["reef registry backup monday.sqlite"],
    run: runBackup)

  static let registryMigrate = Command(
    path: ["registry", "migrate"],
    summary: "bring a registry of an earlier Reef to this one's schema, keeping a copy",
    examples: ["reef registry migrate"],
    run: runMigrate)

  static let registryDump = Command(
    path: ["registry", "dump"],
    summary: "print all skills, claims and tests, one JSON object a line, in a canonical order",
    discussion: """
      Two registries that have taken in the same skills, in whatever order, print the same. Version
      numbers and the history of names, which are local, are not part of it.
      """,
    examples: ["reef registry dump | sha256sum"],
    run: runDump)
}

private func runCollect(_ invocation: Invocation) throws {
  let isTrial = invocation.has("dry-run")
  let garbage = try invocation.openRegistry(isTrial ? .reading : .changing)
    .collectGarbage(isTrial: isTrial)
  let console = invocation.console
  if console.isJSON {
    return try console.print([
      "names": .array(garbage.names.map { .string($0) }), "objects": .int(garbage.objects),
      "bytes": .int(garbage.size),
    ])
  }
  if !garbage.names.isEmpty { try console.print(columns(garbage.names.map { [$0] })) }
  console.note(
    "\(counted(garbage.objects, "object")) of \(counted(garbage.size, "byte")) "
      + (isTrial ? "would be removed." : "removed."))
}

private func runBackup(_ invocation: Invocation) throws {
  let path = invocation.words[0]
  try invocation.openRegistry(.reading).backUp(to: path)
  if invocation.console.isJSON { return try invocation.console.print(["file": .string(path)]) }
  invocation.console.note("Copied \(invocation.registryPath) to \(path).")
}

private func runMigrate(_ invocation: Invocation) throws {
  // Opening to write is what brings a registry up.
  let migration = try invocation.openRegistry(.changing).migration
  if invocation.console.isJSON {
    return try invocation.console.print([
      "schema": .int(Registry.schema), "copy": migration.map { .string($0.copy) } ?? .null,
    ])
  }
  invocation.console.note("\(invocation.registryPath) has schema \(Registry.schema), the newest.")
}

private func runDump(_ invocation: Invocation) throws {
  let console = invocation.console
  try invocation.openRegistry(.reading).dump { try? console.print($0) }
}
