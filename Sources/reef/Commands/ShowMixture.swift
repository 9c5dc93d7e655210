import ReefLearner
import ReefMachine
import ReefRegistry

/// Prints what gradients had come to prefer when the skill was decided.
func showMixture(of skill: Skill, in registry: Registry, on console: Console) throws {
  let name = MixtureWeights.name(task: skill.provenance.task, skill: skill.digest)
  guard let mixture = try registry.list(matching: name).first,
    let weights = MixtureWeights(mixture.code)
  else { throw Failure.noMixture(skill.reference) }
  let names = SkillNames(library: registry)
  let values = mixture.signature.parameters.map(\.name) + weights.steps.indices.map { "s\($0)" }
  if console.isJSON { return try console.print(weights.json(mixture.reference, values, names)) }
  try console.print(
    """
    \(console.styled(skill.reference, .strong)) was decided from \(mixture.reference)

    \(columns(weights.rows(values, names)))
    """)
}

extension Failure {
  static func noMixture(_ name: String) -> Failure {
    .badInput(
      "noMixture", "\(name) was not decided from a mixture, so that there is no α to show.",
      hint: "reef show \(name)")
  }
}

extension MixtureWeights {
  /// Below it a probability is not worth a line.
  private static let least = 0.01

  /// For each step, the likeliest skill first: α, then for each operand W_in.
  fileprivate func rows(_ values: [String], _ names: SkillNames) -> [[String]] {
    var rows = [["step", "α", "skill", "W_in"]]
    for (index, step) in steps.enumerated() {
      let choices = step.enumerated().filter { $0.element.probability >= MixtureWeights.least }
        .sorted { ($1.element.probability, $0.offset) < ($0.element.probability, $1.offset) }
      for (place, (_, choice)) in choices.enumerated() {
        let operands = choice.inputs.map { row in
          zip(values, row).filter { $1 >= MixtureWeights.least }
            .map { "\($0) \(rounded($1))" }.joined(separator: " + ")
        }
        rows.append([
          place == 0 ? "s\(index)" : "", rounded(choice.probability),
          names.name(choice.skill) ?? choice.skill.short, operands.joined(separator: ", "),
        ])
      }
    }
    return rows
  }

  /// Two digits after the point.
  private func rounded(_ probability: Double) -> String {
    let hundredths = Int((probability * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
  }

  fileprivate func json(_ name: String, _ values: [String], _ names: SkillNames) -> JSON {
    let steps = steps.map { step -> JSON in
      .array(
        step.map { choice in
          [
            "skill": names.name(choice.skill).map { .string($0) } ?? .null,
            "digest": .string(choice.skill.hex), "alpha": .real(choice.probability),
            "inputs": .array(choice.inputs.map { .array($0.map { .real($0) }) }),
          ]
        })
    }
    return [
      "mixture": .string(name), "values": .array(values.map { .string($0) }),
      "steps": .array(steps),
    ]
  }
}
