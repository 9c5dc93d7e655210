import ReefMachine

extension Mixture {
  /// One restart as a skill: the soft composition itself, with α and W_in as its weights. It runs on
  /// the machine and has derivatives like any other; a quotient is the exact one.
  ///
  /// Weights `alpha1` and `inputs1` are of the first step: a number for each skill, and for each
  /// operand of each skill a row with a number for each value so far.
  func code(of restart: Int, _ signature: Signature) -> SkillCode {
    let preferences = preferences(of: restart)
    let inputCount = signature.parameters.count
    var steps: [SkillCode.Step] = []
    func apply(_ skill: Digest, _ operands: [SkillCode.Operand]) -> SkillCode.Operand {
      steps.append(.init(.skill(skill), operands))
      return .slot(inputCount + steps.count - 1)
    }
    func apply(_ known: KnownAtom, _ operands: [SkillCode.Operand]) -> SkillCode.Operand {
      apply(known.atom.digest, operands)
    }
    func list(_ items: [SkillCode.Operand]) -> SkillCode.Operand {
      items.dropFirst().reduce(apply(.listReplicate, [.constant(.int(1)), items[0]])) {
        apply(.listAppend, [$0, $1])
      }
    }
    func function(_ known: KnownAtom) -> SkillCode.Operand {
      .function(.atom(known), captures: [])
    }
    func sum(_ weights: SkillCode.Operand, _ values: SkillCode.Operand) -> SkillCode.Operand {
      let parts = apply(.listMap2, [function(.realMultiply), weights, values])
      return apply(.listFold, [function(.realAdd), .constant(.real(0)), parts])
    }
    func weight(_ name: String, _ rows: [[Double]]) -> SkillCode.Operand {
      .weight(
        Weight(name: name, shape: [rows.count, rows[0].count], rows.joined().map { Float($0) }))
    }
    var values = list((0..<inputCount).map { .slot($0) })
    var result = values
    for step in 0..<self.steps {
      let inputs = weight("inputs\(step + 1)", preferences.operands[step].flatMap { $0 })
      var row = 0
      let results = skills.map { skill in
        let operands = (0..<skill.inputCount).map { _ in
          row += 1
          return sum(apply(.listGet, [inputs, .constant(.int(row - 1))]), values)
        }
        return apply(skill.digest, operands)
      }
      let alpha = Weight(
        name: "alpha\(step + 1)", shape: [skills.count],
        preferences.skills[step].map { Float($0) })
      result = sum(.weight(alpha), list(results))
      values = apply(.listAppend, [values, result])
    }
    return SkillCode(signature: signature, steps: steps, result: result).normalized()
  }
}

/// α and W_in of a mixture that was kept with the skill that was decided from it.
package struct MixtureWeights: Sendable {
  package struct Choice: Sendable {
    package let skill: Digest
    /// Its element of α.
    package let probability: Double
    /// W_in: for each operand the probability of each value, the inputs first.
    package let inputs: [[Double]]
  }

  /// For each step its skills.
  package let steps: [[Choice]]

  /// Nil where the code is none that `Mixture` makes.
  package init?(_ code: SkillCode) {
    let weights = Dictionary(
      code.weights.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let count = code.weights.count / 2
    // Everything but the lists and sums around them.
    var calls = code.steps.compactMap { step -> (skill: Digest, arity: Int)? in
      guard case .skill(let digest) = step.callee,
        Atoms.with(digest)?.name.hasPrefix("list.") != true
      else { return nil }
      return (digest, step.operands.count)
    }[...]
    var steps: [[Choice]] = []
    for step in 0..<count {
      guard let alpha = weights["alpha\(step + 1)"], let inputs = weights["inputs\(step + 1)"],
        inputs.shape.count == 2, calls.count >= alpha.count
      else { return nil }
      var rows = inputs.values[...]
      let width = inputs.shape[1]
      guard calls.prefix(alpha.count).reduce(0, { $0 + $1.arity }) * width == rows.count else {
        return nil
      }
      steps.append(
        zip(alpha.values, calls).map { probability, call in
          let operands = (0..<call.arity).map { _ in
            defer { rows.removeFirst(width) }
            return Array(rows.prefix(width))
          }
          return Choice(skill: call.skill, probability: probability, inputs: operands)
        })
      calls = calls.dropFirst(alpha.count)
    }
    guard count > 0, calls.isEmpty else { return nil }
    self.steps = steps
  }

  /// Under which name the mixture is kept of which a task's skill was decided.
  package static func name(task: String, skill: Digest) -> String {
    "\(task)\(mark)\(skill.short)"
  }

  fileprivate static let mark = ".mixture-"
}

extension Skill {
  /// Whether it is what a skill was decided from, and no part of others.
  var isMixture: Bool { name.contains(MixtureWeights.mark) }
}
