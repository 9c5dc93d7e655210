import ReefMachine

extension TestCase {
  /// The longest text of one skill's tests, in bytes.
  static let maximumTextSize = 64 << 20
}

extension NewSkill {
  /// Refuses what could not be read back, linked or run.
  ///
  /// - Parameters:
  ///   - parents: The function types of all skills that the code names.
  ///   - isNew: Refuses as well what earlier registries may have.
  func check(parents: [Digest: Type], isNew: Bool) throws(RecordError) {
    let problem = isNew ? SkillName.problem(ofNew: name) : SkillName.problem(of: name)
    if let problem { throw RecordError(problem) }
    for (label, text) in labels {
      if let problem = PlainText.problem(of: text) { throw RecordError("its \(label) \(problem)") }
    }
    // Within 1, relative to what was wanted, is anything of its size.
    let tolerance = certificate.tolerance
    guard isNew ? (0..<1).contains(tolerance) : tolerance.isFinite else {
      throw RecordError("its tolerance is \(certificate.tolerance), and not from 0 to less than 1")
    }
    let weights = code.weights
    try check(weights)
    let text = code.canonicalText
    guard text.utf8.count <= SkillCode.maximumTextSize else {
      throw RecordError(
        "its code has \(text.utf8.count) bytes, more than \(SkillCode.maximumTextSize)")
    }
    guard
      try SkillCode(
        canonical: text, weights: weights, signature: code.signature.description) == code
    else {
      throw RecordError("its code reads back as other code")
    }
    try RecordError.wrapping("its code: ") { () throws(CheckError) in
      _ = try CheckedCode.check(code, typeOf: { parents[$0] })
    }
    let parameterTypes = code.signature.parameterTypes
    for (index, test) in tests.enumerated() {
      guard test.input.count == parameterTypes.count,
        zip(test.input, parameterTypes).allSatisfy({ $0.conforms(to: $1) }),
        test.output.conforms(to: code.signature.result)
      else { throw RecordError("test \(index) does not fit the signature \(code.signature)") }
    }
  }
}

extension Weight {
  /// The most bytes of one array.
  static let maximumSize = 512 << 20
}

extension NewSkill {
  private func check(_ weights: [Weight]) throws(RecordError) {
    for (index, weight) in weights.enumerated() {
      guard SkillName.isValid(weight.name) else {
        throw RecordError("the name of its weights '\(weight.name)' is none: \(SkillName.rule)")
      }
      guard index == 0 || weights[index - 1].name != weight.name else {
        throw RecordError("two of its weights are named \(weight.name)")
      }
      guard weight.bytes.count <= Weight.maximumSize else {
        throw RecordError("its weights \(weight.name) have more than \(Weight.maximumSize) bytes")
      }
      guard weight.values.allSatisfy(\.isFinite) else {
        throw RecordError("its weights \(weight.name) hold a number that is not finite")
      }
    }
  }

  /// Everything about it that people will read and no digest of code covers.
  private var labels: [(label: String, text: String)] {
    [
      ("summary", summary), ("task", provenance.task), ("curriculum", provenance.curriculum),
      ("learner", provenance.learner), ("plugin hash", provenance.pluginHash),
    ]
  }
}
