import ReefMachine

extension Command {
  static let list = Command(
    path: ["list"],
    summary: "list the skills of the registry",
    options: [
      .init(name: "all", help: "every version of every name, not only the latest"),
      .init(name: "atoms", help: "the machine's atoms instead of the registry's skills"),
    ],
    examples: ["reef list", "reef list --atoms"],
    run: runList)
}

private func runList(_ invocation: Invocation) throws {
  let console = invocation.console
  if invocation.has("atoms") {
    if console.isJSON { return try console.print(.array(Atoms.all.map(\.json))) }
    let rows = Atoms.all.map { [$0.name, $0.type.description, $0.summary] }
    return try console.print(columns(rows))
  }
  var skills = try invocation.openRegistry(.reading).skills()
  if !invocation.has("all") { skills = skills.latestVersions }
  if console.isJSON { return try console.print(.array(skills.map(\.brief))) }
  if skills.isEmpty {
    return console.note("The registry holds no skill. 'reef grow CURRICULUM' learns some.")
  }
  try console.print(columns(skills.map(\.row)))
}

extension [Skill] {
  /// The last version of each name; the skills are in the order of `Library.skills`.
  var latestVersions: [Skill] {
    indices.filter { $0 + 1 == count || self[$0 + 1].name != self[$0].name }.map { self[$0] }
  }
}
