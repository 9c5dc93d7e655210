import ReefMachine
import ReefRegistry

extension Command {
  private static let deep = Option(name: "deep", help: "also through other skills, to any depth")
  private static let dot = Option(
    name: "dot", help: "print the graph in the language of Graphviz")

  static let queryComposes = Command(
    path: ["query", "composes"],
    summary: "list what a skill calls",
    parameters: [.skill],
    options: [deep, dot],
    examples: ["reef query composes arithmetic.add --deep"],
    run: { try runLineage($0) { try $0.parents(of: $1, deep: $2) } })

  static let queryUsers = Command(
    path: ["query", "users"],
    summary: "list the skills that call a skill or an atom: what would miss it",
    parameters: [.skill],
    options: [
      deep, .init(name: "versions", help: "of every version that the name has, not only of one"),
      dot,
    ],
    examples: [
      "reef query users arithmetic.carryStep --deep --versions", "reef query users list.fold",
    ],
    run: { try runLineage($0) { try $0.users(of: $1, deep: $2) } })

  static let queryPath = Command(
    path: ["query", "path"],
    summary: "show how one skill comes to call another: a shortest chain of calls",
    parameters: [
      .init(name: "FROM", help: "the skill that calls"),
      .init(name: "TO", help: "the skill or atom that is called"),
    ],
    options: [dot],
    examples: ["reef query path arithmetic.multiply list.fold"],
    run: runPath)
}

private func runLineage(
  _ invocation: Invocation,
  _ lineage: (Registry, Digest, Bool) throws -> [Digest]
) throws {
  let registry = try invocation.openRegistry(.reading)
  let reference = try registry.find(invocation.words[0])
  var digests = [reference.digest]
  if invocation.has("versions"), case .skill(let skill, _) = reference {
    digests = try registry.digests(of: skill.name)
  }
  let isDeep = invocation.has("deep")
  var found = try digests.flatMap { try lineage(registry, $0, isDeep) }
  // The same in every registry, and each once.
  if isDeep || digests.count > 1 { found = Set(found).sorted() }
  if invocation.has("dot") { return try invocation.printGraph(digests + found, of: registry) }
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
  if invocation.has("dot") { return try invocation.printGraph(path, of: registry) }
  try printSkills(path, of: registry, on: invocation.console)
}

/// One line, or one object, for each skill or atom.
private func printSkills(_ digests: [Digest], of registry: Registry, on console: Console) throws {
  var rows: [[String]] = []
  var values: [JSON] = []
  for digest in digests {
    if let atom = try registry.calledAtom(digest) {
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

extension Invocation {
  /// Those skills and atoms with every call among them.
  fileprivate func printGraph(_ digests: [Digest], of registry: Registry) throws {
    let included = Set(digests)
    var lines = ["digraph reef {", "  rankdir=LR;"]
    for digest in included.sorted() {
      let skill = try registry.skill(digest)
      let label = try registry.calledAtom(digest)?.name ?? skill?.reference ?? digest.short
      let shape = skill == nil ? "plaintext" : "box"
      // Names have no characters that would have to be quoted.
      lines.append("  \"\(digest.hex)\" [label=\"\(label)\", shape=\(shape)];")
    }
    for digest in included.sorted() {
      for parent in try registry.parents(of: digest) where included.contains(parent) {
        lines.append("  \"\(digest.hex)\" -> \"\(parent.hex)\";")
      }
    }
    let text = (lines + ["}"]).joined(separator: "\n")
    if console.isJSON { return try console.print(["dot": .string(text + "\n")]) }
    try console.print(text)
  }
}
