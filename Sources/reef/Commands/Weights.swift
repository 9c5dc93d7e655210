import ReefMachine
import ReefRegistry
import ReefTasks

extension Command {
  static let weightsExport = Command(
    path: ["weights", "export"],
    summary: "write the weights that a skill owns to a safetensors file",
    parameters: [.skill],
    options: [
      .init(name: "output", value: "FILE", letter: "o", help: "such as layer.safetensors")
    ],
    examples: ["reef weights export fitted.layer -o layer.safetensors"],
    run: runWeightsExport)

  static let weightsImport = Command(
    path: ["weights", "import"],
    summary: "give a skill the weights of a safetensors file, as a new version",
    discussion: """
      The file has the names and the shapes of the skill's own weights. The skill is verified with them
      as 'reef verify' does, and registered only if it passes; the old version stays as it is.
      """,
    parameters: [.skill, .init(name: "FILE", help: "a safetensors file with F32 or F64 tensors")],
    options: [
      .init(name: "curriculum", value: "FILE", help: "where to find tasks that are not built in")
    ],
    examples: ["reef weights import fitted.layer trained.safetensors"],
    run: runWeightsImport)
}

private func runWeightsExport(_ invocation: Invocation) throws {
  guard let path = invocation.value("output"), !path.isEmpty else {
    throw Failure.usage("'reef weights export' needs -o FILE.", invocation.command)
  }
  let skill = try invocation.openRegistry(.reading).findSkill(
    invocation.words[0], "own weights")
  let weights = skill.code.weights
  guard !weights.isEmpty else {
    throw Failure.badInput(
      "noWeights", "\(skill.reference) owns no weights.",
      hint: "reef query weights \(skill.reference)")
  }
  let bytes = Safetensors(weights: weights).bytes
  try invocation.writeOutput(bytes, to: path, as: "file of weights")
  let console = invocation.console
  if console.isJSON {
    return try console.print([
      "file": .string(path), "bytes": .int(bytes.count), "skill": .string(skill.reference),
      "weights": weights.json,
    ])
  }
  console.note(
    "Wrote \(path), \(counted(bytes.count, "byte")): \(weights.text) of \(skill.reference).")
}

private func runWeightsImport(_ invocation: Invocation) throws {
  let path = invocation.words[1]
  let registry = try invocation.openRegistry(.changing)
  let skill = try registry.findSkill(invocation.words[0], "own weights")
  let bytes = try readInput(path, limit: Registry.maximumBundleSize)
  let weights: [Weight]
  do {
    weights = try Safetensors(reading: bytes).weights()
  } catch {
    throw Failure.badInput("badWeights", "The file of weights '\(path)' cannot be read: \(error)")
  }
  let registered = try invocation.register(
    [Upgrade(skill, with: weights)], in: registry, as: .imported, learner: "import",
    with: "the weights of \(path)", hint: "reef verify \(skill.reference)")
  try invocation.report(registered, in: registry)
}
