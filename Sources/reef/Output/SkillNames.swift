import ReefMachine

/// The labels of digests: an atom's own name, a skill's name in the registry.
struct SkillNames: Sendable {
  let library: any Library

  /// Nil for a digest that neither the machine nor the registry has.
  func name(_ digest: Digest) -> String? {
    Atoms.with(digest)?.name ?? (try? library.skill(digest))?.name
  }

  /// The same in the code of a skill, which may declare types that have atoms.
  func name(_ digest: Digest, in code: SkillCode) -> String? {
    code.atom(digest)?.name ?? name(digest)
  }

  func oneLine(_ code: SkillCode) -> String { code.oneLine(names: name) }
}
