import ReefMachine
import ReefRegistry

extension Command {
  static let queryWeights = Command(
    path: ["query", "weights"],
    summary: "tell whose weights a skill uses: its own, and those of the skills below it",
    parameters: [.skill],
    examples: ["reef query weights fitted.layer"],
    run: runWeights)
}

private func runWeights(_ invocation: Invocation) throws {
  let registry = try invocation.openRegistry(.reading)
  let digest = try registry.find(invocation.words[0]).digest
  var owners: [(skill: Skill, weights: [Weight])] = []
  for digest in try [digest] + registry.parents(of: digest, deep: true).sorted() {
    guard let skill = try registry.skill(digest) else { continue }
    let weights = skill.code.weights
    if !weights.isEmpty { owners.append((skill, weights)) }
  }
  let console = invocation.console
  if console.isJSON {
    return try console.print(
      .array(
        owners.map {
          [
            "name": .string($0.skill.name), "version": .int($0.skill.version),
            "digest": .string($0.skill.digest.hex), "weights": $0.weights.json,
          ]
        }))
  }
  if owners.isEmpty { return console.note("'\(invocation.words[0])' uses no weights.") }
  try console.print(
    columns(owners.map { [$0.skill.reference, $0.skill.digest.short, $0.weights.text] }))
}
