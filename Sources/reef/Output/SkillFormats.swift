import ReefMachine

extension Skill {
  /// `arithmetic.add@1`.
  var reference: String { "\(name)@\(version)" }

  /// A line of a table of skills.
  var row: [String] { [reference, digest.short, signature.description] }

  /// What tells a skill from others.
  var brief: JSON {
    [
      "name": .string(name), "version": .int(version), "digest": .string(digest.hex),
      "signature": .string(signature.description), "summary": .string(summary),
    ]
  }
}

extension Atom {
  var json: JSON {
    [
      "name": .string(name), "digest": .string(digest.hex),
      "signature": .string(type.description), "summary": .string(summary),
    ]
  }
}

extension Certificate {
  /// `sampled with seed 1: size 8 (20 inputs, 90 steps), size 64 (20 inputs, 700 steps)`.
  var text: String {
    let method =
      switch self.method {
      case .exhaustive: "exhaustive"
      case .sampled: "sampled with seed \(seed)"
      case .heldOut: "on held-out examples only"
      case .viaTask: "through its task, seed \(seed)"
      }
    let checks = self.checks.map {
      "size \($0.size) (\(counted($0.count, "input")), "
        + ($0.wrong == 0 ? "" : "\($0.wrong) wrong, ") + "\(counted($0.steps, "step")))"
    }
    let within = tolerance > 0 ? ", within \(tolerance)" : ""
    return checks.isEmpty ? method : "\(method)\(within): " + checks.joined(separator: ", ")
  }
}

extension Provenance {
  /// `for arithmetic.add of foundations, in generation 2, by enumeration, after …`.
  var text: String {
    let allowed = budget.map { "a budget of \(formatted(count: $0)) and " } ?? ""
    return "for \(task) of \(curriculum), in generation \(generation), by \(learner), after "
      + "\(formatted(count: candidates)) candidates and \(formatted(count: searchSteps)) "
      + "search steps, with \(allowed)seed \(seed)"
  }
}
