import ReefMachine

extension Command {
  static let list = Command(
    path: ["list"],
    summary: "list the skills of the registry",
    parameters: [
      .init(
        name: "PATTERN", help: "names to list, '*' standing for any characters", count: .optional)
    ],
    options: [
      .init(name: "all", help: "every version of every name, not only the latest"),
      .init(name: "limit", value: "N", help: "the first N only"),
      .init(name: "atoms", help: "the machine's atoms instead of the registry's skills"),
    ],
    examples: ["reef list", "reef list 'arithmetic.*' --all", "reef list --atoms"],
    run: runList)
}

private func runList(_ invocation: Invocation) throws {
  let console = invocation.console
  if invocation.has("atoms") {
    if console.isJSON { return try console.print(.array(Atoms.all.map(\.json))) }
    let rows = Atoms.all.map { [$0.name, $0.type.description, $0.summary] }
    return try console.print(columns(rows))
  }
  let skills = try invocation.openRegistry(.reading).list(
    matching: invocation.words.first, allVersions: invocation.has("all"),
    limit: try invocation.int("limit", in: 1...Int.max) ?? .max)
  if console.isJSON { return try console.print(.array(skills.map(\.brief))) }
  if skills.isEmpty {
    return console.note(
      invocation.words.isEmpty
        ? "The registry holds no skill. 'reef grow CURRICULUM' learns some."
        : "No skill's name fits '\(invocation.words[0])'. 'reef list' shows all.")
  }
  try console.print(columns(skills.map(\.row)))
}
