import ReefMachine
import ReefRegistry

extension Command {
  static let show = Command(
    path: ["show"],
    summary: "show what a skill is made of and what is known about it",
    parameters: [.skill],
    options: [
      .init(name: "code", help: "only its code, with whole digests: a text that parses back")
    ],
    examples: ["reef show arithmetic.add", "reef show arithmetic.add@1 --code"],
    run: runShow)
}

private func runShow(_ invocation: Invocation) throws {
  let console = invocation.console
  switch try invocation.find(invocation.words[0]) {
  case .atom(let atom): try show(atom, on: console)
  case .skill(let skill, let registry):
    try show(skill, of: registry, onlyCode: invocation.has("code"), on: console)
  }
}

private func show(
  _ skill: Skill, of registry: Registry, onlyCode: Bool, on console: Console
) throws {
  let names = SkillNames(library: registry)
  if onlyCode, !console.isJSON {
    return try console.print(skill.code.text(names: names.name))
  }
  if console.isJSON { return try console.print(skill.json(names: names)) }
  let parents = skill.code.callees.map { names.name($0) ?? $0.short }
  let facts = [
    ["calls", parents.isEmpty ? "nothing" : parents.joined(separator: ", ")],
    ["verified", skill.certificate.text],
    ["learned", skill.provenance.text],
    ["tests", "\(counted(try registry.tests(of: skill.digest).count, "example")) kept with it"],
    ["digest", skill.digest.hex],
  ]
  try console.print(
    """
    \(console.styled(skill.reference, .strong))
    \(skill.summary.wrapped(to: Console.width))

    \(skill.code.text(digits: 8, names: names.name))
    \(columns(facts))
    """)
}

private func show(_ atom: Atom, on console: Console) throws {
  if console.isJSON { return try console.print(atom.json) }
  try console.print(
    """
    \(console.styled(atom.name, .strong))  \(atom.digest.short)
    \(atom.type)
    \(atom.summary)

    An atom: the machine itself provides it.
    """)
}

extension Skill {
  fileprivate func json(names: SkillNames) -> JSON {
    let parents = code.callees.map { digest -> JSON in
      ["name": names.name(digest).map { .string($0) } ?? .null, "digest": .string(digest.hex)]
    }
    return .object(
      (brief.members ?? []) + [
        .init("code", .string(code.text(names: names.name))),
        .init("parents", .array(parents)),
        .init("certificate", certificate.json),
        .init("provenance", provenance.json),
      ])
  }
}
