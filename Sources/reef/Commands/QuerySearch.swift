import ReefMachine
import ReefRegistry

extension Command {
  private static let limit = Option(
    name: "limit", value: "N", help: "how many to show at most (20)")

  static let querySearch = Command(
    path: ["query", "search"],
    summary: "find skills by words of their names and summaries, best first, and by their type",
    parameters: [.init(name: "TEXT", help: "words to look for", count: .any)],
    options: [
      limit,
      .init(
        name: "type", value: "TYPE",
        help: "only skills of this type, such as '([int]) -> int', '(xs: [int]) -> int' or, with a "
          + "type that skills declare, '(tree(int)) -> int'"),
    ],
    examples: [
      "reef query search shortest path", "reef query search --type '([int], [int]) -> [int]'",
    ],
    run: runSearch)

  static let queryUnused = Command(
    path: ["query", "unused"],
    summary: "list the skills that no skill calls",
    examples: ["reef query unused"],
    run: runUnused)

  static let queryCommon = Command(
    path: ["query", "common"],
    summary: "list the skills that most other skills call, and how many do",
    options: [limit],
    examples: ["reef query common --limit 5"],
    run: runCommon)
}

private func runSearch(_ invocation: Invocation) throws {
  let limit = try invocation.int("limit", in: 1...100_000) ?? 20
  let type = try invocation.value("type").map { try invocation.type(parsing: $0) }
  guard type != nil || !invocation.words.isEmpty else {
    throw Failure.usage("'reef query search' needs TEXT or --type.", invocation.command)
  }
  let registry = try invocation.openRegistry(.reading)
  let text = invocation.words.joined(separator: " ")
  let found = try registry.search(text, type: type, limit: limit)
  let console = invocation.console
  if console.isJSON { return try console.print(.array(found.map(\.brief))) }
  if found.isEmpty {
    let what = type.map { text.isEmpty ? "\($0)" : "\(text), \($0)" } ?? text
    // It may be a slip of the pen.
    let names = (type?.definitions ?? []).map { "'\($0.name)'" }.joined(separator: " and ")
    return console.note(
      "No skill fits '\(what)'"
        + (names.isEmpty ? "." : ", in which \(names) would be declared by the skill."))
  }
  try console.print(columns(found.map { [$0.reference, $0.digest.short, $0.summary] }))
}

extension Invocation {
  /// A function type, with or without names of parameters; any names may be those of declared types.
  fileprivate func type(parsing text: String) throws -> Type {
    let signature = Result { () throws(ParseError) in
      try Signature(parsing: text, acceptsUndeclared: true).type
    }
    let type = Result { () throws(ParseError) in try Type(parsing: text, acceptsUndeclared: true) }
    switch (signature, type) {
    case (.success(let type), _), (_, .success(let type)): return type
    case (.failure(let asSignature), .failure(let asType)):
      // The reading that got further is the one that was meant.
      let error = asSignature.column > asType.column ? asSignature : asType
      throw Failure.usage("--type takes a type, not '\(text)': \(error).", command)
    }
  }
}

private func runUnused(_ invocation: Invocation) throws {
  let skills = try invocation.openRegistry(.reading).unused()
  let console = invocation.console
  if console.isJSON { return try console.print(.array(skills.map(\.brief))) }
  if skills.isEmpty { return console.note("Every skill is called by another.") }
  try console.print(columns(skills.map(\.row)))
}

private func runCommon(_ invocation: Invocation) throws {
  let limit = try invocation.int("limit", in: 1...100_000) ?? 20
  let counts = try invocation.openRegistry(.reading).mostCalled(limit: limit)
  let console = invocation.console
  if console.isJSON {
    return try console.print(
      .array(
        counts.map { .object(($0.skill.brief.members ?? []) + [.init("users", .int($0.users))]) }))
  }
  if counts.isEmpty { return console.note("No skill is called by another.") }
  let width = counts.map { "\($0.users)".count }.max() ?? 0
  try console.print(
    columns(counts.map { ["\($0.users)".padded(before: width)] + $0.skill.row }))
}
