import ReefLearner
import ReefMachine

extension GradientBenchmark {
  /// Compositions of twelve skills on reals, by the mixture alone and by exhaustive search.
  func mixtureRows(_ options: BenchOptions) throws -> [BenchRow] {
    var skills: [Digest] = []
    var codes: [Digest: SkillCode] = [:]
    for (name, text) in MixtureSkills.all {
      if let atom = Atoms.named(name) {
        skills.append(atom.digest)
      } else {
        let code = try SkillCode(parsing: MixtureSkills.assembled(text))
        codes[code.digest] = code
        skills.append(code.digest)
      }
    }
    let trial = MixtureTrial(skills: skills, codes: codes, seed: options.seed)
    return try (1...3).flatMap { steps in
      let targets = trial.targets(count: options.limit ?? 20, steps: steps)
      let clock = ContinuousClock()
      var (decided, repaired, untrained) = (0, 0, 0)
      var (byGradient, bySearch) = (Duration.zero, Duration.zero)
      for target in targets {
        byGradient += try clock.measure {
          guard let finding = try trial.learn(target, steps: steps) else { return }
          if finding.repairs == 0 { decided += 1 }
          repaired += 1
        }
        if try trial.learn(target, steps: steps, trains: false) != nil { untrained += 1 }
        try bySearch += clock.measure {
          guard trial.search(target, steps: steps) != nil else {
            throw WrongAnswer(workload: "exhaustive search", found: "nothing", expected: "a target")
          }
        }
      }
      let length = "\(targets.count) targets of \(steps == 1 ? "1 step" : "\(steps) steps")"
      var expansions = (uniform: 0, guided: 0, found: 0)
      for target in targets {
        guard let uniform = try trial.treeSearch(target, steps: steps, usesMixture: false),
          let guided = try trial.treeSearch(target, steps: steps, usesMixture: true)
        else { continue }
        expansions.uniform += uniform
        expansions.guided += guided
        expansions.found += 1
        options.note("\(steps) steps  tree search  \(uniform) states  with the mixture \(guided)")
      }
      func seconds(_ total: Duration) -> Double { total / .seconds(1) / Double(targets.count) }
      return [
        BenchRow(name: "\(length), by gradient alone", value: Double(decided), unit: "found"),
        BenchRow(name: "\(length), then repaired", value: Double(repaired), unit: "found"),
        BenchRow(
          name: "\(length), repaired without training", value: Double(untrained), unit: "found"),
        BenchRow(
          name: "\(length), time", value: seconds(byGradient), unit: "s each",
          peer: .init(name: "exhaustive search", ratio: seconds(bySearch) / seconds(byGradient))),
        BenchRow(
          name: "\(length), moves that tree search tries with the mixture's α and W_in as prior",
          value: Double(expansions.guided), unit: "of \(expansions.found) targets",
          peer: .init(
            name: "no prior", ratio: Double(expansions.uniform) / Double(expansions.guided))),
      ]
    }
  }
}

/// Six atoms and six skills that are made of them.
private enum MixtureSkills {
  static let all: [(name: String, text: String)] = [
    ("real.add", ""), ("real.subtract", ""), ("real.multiply", ""), ("real.divide", ""),
    ("real.min", ""), ("real.max", ""),
    ("square", "skill (x: real) -> real\n  s0 = real.multiply x x\n  return s0\n"),
    ("double", "skill (x: real) -> real\n  s0 = real.add x x\n  return s0\n"),
    ("negate", "skill (x: real) -> real\n  s0 = real.subtract 0.0 x\n  return s0\n"),
    ("increment", "skill (x: real) -> real\n  s0 = real.add x 1.0\n  return s0\n"),
    (
      "mean",
      """
      skill (x: real, y: real) -> real
        s0 = real.add x y
        s1 = real.divide s0 2.0
        return s1

      """
    ),
    (
      "distance",
      """
      skill (x: real, y: real) -> real
        s0 = real.max x y
        s1 = real.min x y
        s2 = real.subtract s0 s1
        return s2

      """
    ),
  ]

  /// The text with the digest behind each atom.
  static func assembled(_ text: String) -> String {
    all.reduce(text) { text, skill in
      guard let atom = Atoms.named(skill.name) else { return text }
      return text.replacing("\(skill.name) ", with: "\(skill.name)#\(atom.digest.hex) ")
    }
  }
}
