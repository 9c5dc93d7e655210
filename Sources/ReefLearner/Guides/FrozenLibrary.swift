import ReefMachine

/// The library as a generation sees it: a copy that does not change, with skills added on top
/// while a candidate's bodies are tried.
struct FrozenLibrary: Sendable {
  /// By name, then version; not the mixtures that skills were decided from.
  let visible: [Skill]
  private let byDigest: [Digest: SkillCode]
  /// What searches have linked so far.
  let images = ImageCache()

  init(_ skills: [Skill]) {
    visible = skills.filter { !$0.isMixture }
    byDigest = Dictionary(
      skills.map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
  }

  private init(visible: [Skill], byDigest: [Digest: SkillCode]) {
    self.visible = visible
    self.byDigest = byDigest
  }

  func code(_ digest: Digest) -> SkillCode? { byDigest[digest] }

  /// With code that is no entry yet.
  func adding(_ codes: [SkillCode]) -> FrozenLibrary {
    FrozenLibrary(
      visible: visible,
      byDigest: codes.reduce(into: byDigest) { $0[$1.digest] = $1 })
  }

  /// Without the digests and all that calls them, however far up.
  func excluding(_ digests: Set<Digest>) -> FrozenLibrary {
    var excluded = digests
    var grew = true
    while grew {
      grew = false
      for skill in visible
      where !excluded.contains(skill.digest)
        && skill.code.callees.contains(where: excluded.contains)
      {
        excluded.insert(skill.digest)
        grew = true
      }
    }
    return FrozenLibrary(visible.filter { !excluded.contains($0.digest) })
  }
}
