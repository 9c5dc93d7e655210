import ReefMachine

/// Skills for tests, written without digests: a word that names an atom or an earlier skill of the
/// same workshop gets its digest.
package struct Workshop {
  package private(set) var codes: [Digest: SkillCode] = [:]
  private var digests: [String: Digest] = [:]

  package init() {}

  package func code(_ text: String) throws -> SkillCode {
    try SkillCode(naming: text) { digests[$0] }
  }

  @discardableResult
  package mutating func define(_ name: String, _ text: String) throws -> Digest {
    let code = try code(text)
    codes[code.digest] = code
    digests[name] = code.digest
    return code.digest
  }

  package func digest(_ name: String) -> Digest? { digests[name] ?? Atoms.named(name)?.digest }

  /// The word that stands for a digest.
  package func name(_ digest: Digest) -> String? {
    digests.first { $0.value == digest }?.key ?? Atoms.with(digest)?.name
  }

  package func link(_ text: String) throws -> Image {
    try Image(linking: try code(text)) { codes[$0] }
  }

  package func run(
    _ text: String, _ arguments: Value..., limits: Limits = Limits()
  ) throws -> (value: Value, steps: Int) {
    try Machine(limits: limits).run(try link(text), arguments)
  }
}
