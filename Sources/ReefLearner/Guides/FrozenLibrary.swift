import ReefMachine

/// The library as a generation sees it: a copy that does not change, with skills added on top
/// while a candidate's bodies are tried.
struct FrozenLibrary: Library {
  /// By name, then version.
  let visible: [Skill]
  private let byDigest: [Digest: SkillCode]

  init(_ skills: [Skill]) {
    visible = skills
    byDigest = Dictionary(
      skills.map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
  }

  private init(visible: [Skill], byDigest: [Digest: SkillCode]) {
    self.visible = visible
    self.byDigest = byDigest
  }

  func code(_ digest: Digest) -> SkillCode? { byDigest[digest] }

  func skill(_ digest: Digest) -> Skill? { visible.first { $0.digest == digest } }
  func skills() -> [Skill] { visible }
  func search(_ text: String, limit: Int) -> [Skill] {
    Array(LexicalIndex(visible).rank(text).prefix(limit))
  }

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

  /// SHA-256 over the sorted visible names, summaries and digests: what a search depended on.
  var root: Digest {
    let lines = visible.map { "\($0.name)\t\($0.summary)\t\($0.digest.hex)\n" }.sorted()
    return SHA256.hash(lines.joined().utf8)
  }
}
