import ReefMachine
import ReefRegistry

extension Command {
  private static let name = Parameter(name: "NAME", help: "the name of a skill")

  static let nameAlias = Command(
    path: ["name", "alias"],
    summary: "point an alias of a name at one of its versions",
    discussion: "Afterwards NAME@ALIAS stands for that version. 'latest' is always the last one.",
    parameters: [
      .init(name: "SKILL", help: "name@version, or a name for its latest version"),
      .init(name: "ALIAS", help: "a word, such as stable"),
    ],
    options: [.init(name: "remove", help: "let the alias point nowhere")],
    examples: ["reef name alias sorting.sort@2 stable"],
    run: runAlias)

  static let nameRename = Command(
    path: ["name", "rename"],
    summary: "give the skills of a name another one; the old name is retired",
    parameters: [name, .init(name: "NEW", help: "the new name")],
    examples: ["reef name rename demo.add sums.add"],
    run: runRename)

  static let nameRetire = Command(
    path: ["name", "retire"],
    summary: "take a name out of lists, searches and learning; its skills stay",
    discussion: "'reef query users NAME --deep --versions' tells first what is made of it.",
    parameters: [name],
    examples: ["reef name retire demo.add"],
    run: { try runRetire($0, true) })

  static let nameRevive = Command(
    path: ["name", "revive"],
    summary: "take a retired name into use again",
    parameters: [name],
    examples: ["reef name revive demo.add"],
    run: { try runRetire($0, false) })
}

private func runAlias(_ invocation: Invocation) throws {
  let registry = try invocation.openRegistry(.changing)
  let alias = invocation.words[1]
  let skill = try registry.findSkill(invocation.words[0], "have aliases")
  let isRemoved = invocation.has("remove")
  try registry.setAlias(alias, of: skill.name, to: isRemoved ? nil : skill.version)
  try invocation.report(
    isRemoved
      ? "\(skill.name)@\(alias) points nowhere now."
      : "\(skill.name)@\(alias) is \(skill.reference) now.",
    skill.name, registry)
}

private func runRename(_ invocation: Invocation) throws {
  let registry = try invocation.openRegistry(.changing)
  let (old, new) = (try invocation.skillName(0, "are renamed"), invocation.words[1])
  try registry.rename(old, to: new)
  try invocation.report("\(old) is \(new) now; the old name is retired.", new, registry)
}

private func runRetire(_ invocation: Invocation, _ isRetired: Bool) throws {
  let registry = try invocation.openRegistry(.changing)
  let name = try invocation.skillName(0, "are retired")
  let isNew = try registry.setRetired(isRetired, name: name)
  let users =
    isRetired ? Set(try registry.digests(of: name).flatMap { try registry.users(of: $0) }) : []
  let needed = users.isEmpty ? "" : " \(counted(users.count, "skill")) that call it go on doing so."
  let sentence =
    switch (isRetired, isNew) {
    case (true, true): "\(name) is retired."
    case (true, false): "\(name) was retired before."
    case (false, true): "\(name) is in use again."
    case (false, false): "\(name) is in use; it was not retired."
    }
  try invocation.report(sentence + needed, name, registry)
}

extension Invocation {
  /// A sentence for people; under `--json` the name with its aliases.
  fileprivate func report(_ sentence: String, _ name: String, _ registry: Registry) throws {
    guard console.isJSON else { return console.note(sentence) }
    let aliases = try registry.aliases(of: name).map {
      JSON.Member($0.alias, .int($0.version))
    }
    try console.print(["name": .string(name), "aliases": .object(aliases)])
  }
}
