import Foundation
import ReefMachine
import ReefRegistry

extension Command {
  static let queryHistory = Command(
    path: ["query", "history"],
    summary: "tell what happened to a name: its versions, and who moved its aliases when",
    parameters: [.init(name: "NAME", help: "the name of a skill, without a version")],
    examples: ["reef query history sorting.sort"],
    run: runHistory)

  static let queryWhy = Command(
    path: ["query", "why"],
    summary: "tell why a skill is there: its task, its search, what showed it right, what it beat",
    parameters: [.skill],
    examples: ["reef query why sorting.sort"],
    run: runWhy)
}

private func runHistory(_ invocation: Invocation) throws {
  let name = try invocation.skillName(0, "have a history")
  let events = try invocation.openRegistry(.reading).history(of: name)
  let console = invocation.console
  if console.isJSON { return try console.print(.array(events.map(\.json))) }
  try console.print(columns(events.map { [formatted(time: $0.at), $0.author, $0.text] }))
}

private func runWhy(_ invocation: Invocation) throws {
  let registry = try invocation.openRegistry(.reading)
  let skill = try registry.findSkill(invocation.words[0], "were searched for")
  let history = try registry.history(of: skill.name)
  let event = history.first { $0.version == skill.version && $0.digest == skill.digest }
  let previous = try history.last {
    $0.digest != nil && $0.version < skill.version
  }.flatMap { try registry.resolve("\(skill.name)@\($0.version)") }
  let others = try registry.claims(of: skill).dropFirst()
  let console = invocation.console
  if console.isJSON {
    return try console.print(
      .object(
        (skill.brief.members ?? []) + [
          .init("provenance", skill.provenance.json), .init("certificate", skill.certificate.json),
          .init("registered", event?.json ?? .null), .init("beat", previous?.cost ?? .null),
          .init("cost", skill.cost),
          .init(
            "otherClaims",
            .array(
              others.map {
                ["provenance": $0.provenance.json, "certificate": $0.certificate.json]
              })),
        ]))
  }
  var facts = [
    ["learned", skill.provenance.text],
    ["verified", skill.certificate.text],
    ["costs", skill.costText],
  ]
  if let event {
    facts.insert(["here", "\(event.text), \(formatted(time: event.at)), \(event.author)"], at: 0)
    if let seconds = event.searchSeconds {
      facts.insert(["took", "a search of \(formatted(seconds: seconds)) here"], at: 2)
    }
  }
  if let previous { facts.append(["before", "\(previous.reference): \(previous.costText)"]) }
  for other in others {
    facts.append(["also", "\(other.provenance.text); \(other.certificate.text)"])
  }
  try console.print("\(console.styled(skill.reference, .strong))\n\(columns(facts))")
}

extension Skill {
  /// What tells a better version from a worse one.
  fileprivate var costText: String {
    let run = certificate.checks.last.map {
      ", \(counted($0.steps, "machine step")) at size \($0.size)"
    }
    return counted(code.steps.count, "code step") + (run ?? "")
  }

  fileprivate var cost: JSON {
    [
      "version": .int(version), "codeSteps": .int(code.steps.count),
      "checks": certificate.json["checks"] ?? [],
    ]
  }
}

extension NameEvent {
  fileprivate var digest: Digest? { if case .version(let digest, _) = kind { digest } else { nil } }

  fileprivate var text: String {
    switch kind {
    case .version(let digest, let origin): "version \(version) \(origin.rawValue), \(digest.short)"
    case .alias(let alias): "alias \(alias) moved to version \(version)"
    case .aliasRemoved(let alias): "alias \(alias) removed"
    case .retired: "retired"
    case .revived: "in use again"
    case .renamed(let name): "renamed to \(name)"
    case .collected: "version \(version) collected as garbage"
    }
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = []
    switch kind {
    case .version(let digest, let origin):
      members = [
        .init("event", .string("version")), .init("version", .int(version)),
        .init("digest", .string(digest.hex)), .init("origin", .string(origin.rawValue)),
      ]
    case .alias(let alias):
      members = [
        .init("event", "alias"), .init("alias", .string(alias)), .init("version", .int(version)),
      ]
    case .aliasRemoved(let alias):
      members = [.init("event", "aliasRemoved"), .init("alias", .string(alias))]
    case .retired: members = [.init("event", "retired")]
    case .revived: members = [.init("event", "revived")]
    case .renamed(let name):
      members = [.init("event", "renamed"), .init("name", .string(name))]
    case .collected:
      members = [.init("event", "collected"), .init("version", .int(version))]
    }
    return .object(
      members + [
        .init("time", at == 0 ? .null : .string(formatted(time: at))),
        .init("author", .string(author)),
      ] + (searchSeconds.map { [.init("searchSeconds", .real($0))] } ?? []))
  }
}

/// `2026-11-21T08:20:00Z`, or `-` where nobody knows.
private func formatted(time: Int) -> String {
  time == 0 ? "-" : Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
}
