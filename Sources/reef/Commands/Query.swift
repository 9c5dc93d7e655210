import ReefMachine
import ReefRegistry

extension Command {
  private static let deep = Option(name: "deep", help: "also through other skills, to any depth")

  static let queryComposes = Command(
    path: ["query", "composes"],
    summary: "list what a skill calls",
    parameters: [.skill],
    options: [deep],
    examples: ["reef query composes arithmetic.add --deep"],
    run: { try runLineage($0) { try $0.parents(of: $1, deep: $2) } })

  static let queryUsers = Command(
    path: ["query", "users"],
    summary: "list the skills that call a skill or an atom",
    parameters: [.skill],
    options: [deep],
    examples: ["reef query users arithmetic.carryStep --deep", "reef query users list.fold"],
    run: { try runLineage($0) { try $0.users(of: $1, deep: $2) } })

  static let queryPath = Command(
    path: ["query", "path"],
    summary: "show how one skill comes to call another: a shortest chain of calls",
    parameters: [
      .init(name: "FROM", help: "the skill that calls"),
      .init(name: "TO", help: "the skill or atom that is called"),
    ],
    examples: ["reef query path arithmetic.multiply list.fold"],
    run: runPath)

  static let querySearch = Command(
    path: ["query", "search"],
    summary: "find skills by words of their names and summaries, best first",
    parameters: [.init(name: "TEXT", help: "words to look for", count: .oneOrMore)],
    options: [.init(name: "limit", value: "N", help: "how many to show at most (20)")],
    examples: ["reef query search shortest path"],
    run: runSearch)
}

private func runLineage(
  _ invocation: Invocation,
  _ lineage: (Registry, Digest, Bool) throws -> [Digest]
) throws {
  let registry = try invocation.openRegistry(.reading)
  let digest = try registry.find(invocation.words[0]).digest
  let found = try lineage(registry, digest, invocation.has("deep"))
  try printSkills(found, of: registry, on: invocation.console)
}

private func runPath(_ invocation: Invocation) throws {
  let registry = try invocation.openRegistry(.reading)
  let from = try registry.find(invocation.words[0]).digest
  let to = try registry.find(invocation.words[1]).digest
  guard let path = try registry.path(from: from, to: to) else {
    throw Failure(
      .failed, code: "noPath",
      "'\(invocation.words[0])' does not call '\(invocation.words[1])', not even through others.",
      hint: "reef query composes \(invocation.words[0]) --deep")
  }
  try printSkills(path, of: registry, on: invocation.console)
}

private func runSearch(_ invocation: Invocation) throws {
  let limit = try invocation.int("limit", in: 1...100_000) ?? 20
  let registry = try invocation.openRegistry(.reading)
  let text = invocation.words.joined(separator: " ")
  let found = try registry.search(text, limit: limit)
  let console = invocation.console
  if console.isJSON { return try console.print(.array(found.map(\.brief))) }
  if found.isEmpty { return console.note("No skill fits '\(text)'.") }
  try console.print(columns(found.map { [$0.reference, $0.digest.short, $0.summary] }))
}

/// One line, or one object, for each skill or atom.
private func printSkills(_ digests: [Digest], of registry: Registry, on console: Console) throws {
  var rows: [[String]] = []
  var values: [JSON] = []
  for digest in digests {
    if let atom = Atoms.with(digest) {
      rows.append([atom.name, digest.short, atom.type.description])
      values.append(atom.json)
    } else if let skill = try registry.skill(digest) {
      rows.append(skill.row)
      values.append(skill.brief)
    }
  }
  if console.isJSON {
    try console.print(.array(values))
  } else if !rows.isEmpty {
    try console.print(columns(rows))
  }
}
