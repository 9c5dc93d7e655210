import ReefMachine

/// The labels of digests: an atom's own name, a skill's name in the registry.
struct SkillNames: Sendable {
  let library: any Library

  /// Nil for a digest that neither the machine nor the registry has.
  func name(_ digest: Digest) -> String? {
    Atoms.with(digest)?.name ?? (try? library.skill(digest))?.name
  }

  func oneLine(_ code: SkillCode) -> String { code.oneLine(names: name) }
}
