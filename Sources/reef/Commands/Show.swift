import ReefMachine
import ReefRegistry
import ReefTasks

extension Command {
  static let show = Command(
    path: ["show"],
    summary: "show what a skill is made of and what is known about it",
    discussion: """
      'cost' tells how machine steps grow: measured on inputs of the skill's task, sizes 8, 16, 32
      and so on, where its plugin is built in, else at the sizes at which it was verified.
      """,
    parameters: [.skill],
    options: [
      .init(name: "code", help: "only its code, with whole digests: a text that parses back"),
      .init(name: "mixture", help: "the mixture of skills that it was decided from: α and W_in"),
    ],
    examples: ["reef show arithmetic.add", "reef show arithmetic.add@1 --code"],
    run: runShow)
}

private func runShow(_ invocation: Invocation) throws {
  let console = invocation.console
  switch try invocation.find(invocation.words[0]) {
  case .atom(let atom):
    if invocation.has("mixture") { throw Failure.noMixture(atom.name) }
    try show(atom, on: console)
  case .skill(let skill, let registry) where invocation.has("mixture"):
    try showMixture(of: skill, in: registry, on: console)
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
  let growth = try growth(of: skill, in: registry)
  if console.isJSON {
    return try console.print(skill.json(names: names, growth, try registry.aliases(of: skill.name)))
  }
  let parents = skill.code.callees.map { names.name($0, in: skill.code) ?? $0.short }
  let weights = skill.code.weights
  let aliases = try registry.aliases(of: skill.name).filter { $0.version == skill.version }
  let facts = [
    ["calls", parents.isEmpty ? "nothing" : parents.joined(separator: ", ")],
    weights.isEmpty ? [] : ["weights", weights.text],
    ["verified", skill.certificate.text],
    ["cost", growth.text],
    ["learned", skill.provenance.text],
    ["tests", "\(counted(try registry.tests(of: skill.digest).count, "example")) kept with it"],
    aliases.isEmpty ? [] : ["aliases", aliases.map(\.alias).joined(separator: ", ")],
    ["digest", skill.digest.hex],
  ].filter { !$0.isEmpty }
  try console.print(
    """
    \(console.styled(skill.reference, .strong))
    \(skill.summary.wrapped(to: Console.width))

    \(skill.code.text(digits: 8, names: names.name))
    \(columns(facts))
    """)
}

/// How the skill's steps grow.
private func growth(of skill: Skill, in registry: Registry) throws -> CostGrowth {
  guard let task = TaskTable(builtInPlugins).task(of: skill) else {
    return CostGrowth(skill.certificate)
  }
  let image = try Image(skill.digest) { try registry.skill($0)?.code }
  return try CostGrowth.measure(image, on: task, seed: skill.certificate.seed)
}

extension CostGrowth {
  /// `steps grow like size^1.0: 90 at size 8, 700 at size 64`.
  fileprivate var text: String {
    let known = points.suffix(4).map { "\(formatted(count: $0.steps)) at size \($0.size)" }
    guard let exponent else { return known.isEmpty ? "not measured" : "steps: \(known[0])" }
    // Never "-0.0".
    let rounded = max(0, (exponent * 100).rounded() / 100)
    return "steps grow like size^\(rounded): " + known.joined(separator: ", ")
  }

  fileprivate var json: JSON {
    .object([
      .init("exponent", exponent.map { .real($0) } ?? .null),
      .init(
        "points", .array(points.map { ["size": .int($0.size), "steps": .int($0.steps)] })),
    ])
  }
}

private func show(_ atom: Atom, on console: Console) throws {
  if console.isJSON { return try console.print(atom.json) }
  try console.print(
    """
    \(console.styled(atom.name, .strong))  \(atom.digest.short)
    \(atom.type)
    \(atom.summary)

    \(atom.derivedForm == nil
      ? "An atom: the machine itself provides it." : "An atom: it comes with the type.")
    """)
}

extension Skill {
  /// - Parameter aliases: Of the name, wherever they point.
  fileprivate func json(
    names: SkillNames, _ growth: CostGrowth, _ aliases: [(alias: String, version: Int)]
  ) -> JSON {
    let parents = code.callees.map { digest -> JSON in
      [
        "name": names.name(digest, in: code).map { .string($0) } ?? .null,
        "digest": .string(digest.hex),
      ]
    }
    return .object(
      (brief.members ?? []) + [
        .init("code", .string(code.text(names: names.name))),
        .init("parents", .array(parents)),
        .init("certificate", certificate.json),
        .init("growth", growth.json),
        .init("provenance", provenance.json),
        .init("aliases", .object(aliases.map { .init($0.alias, .int($0.version)) })),
      ])
  }
}
