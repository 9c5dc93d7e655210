import ReefMachine

/// The object of a skill: its canonical code, then a line for each of its weights.
struct SkillRecord: Sendable {
  /// `SkillCode.canonicalText`.
  let code: String
  let weights: [(name: String, digest: Digest)]

  /// Reads `SkillCode.digestedText`.
  init(text: String) throws(RecordError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let end = lines.firstIndex(where: { $0.hasPrefix("weight ") }) else {
      (code, weights) = (text, [])
      return
    }
    code = lines[..<end].map { $0 + "\n" }.joined()
    var weights: [(name: String, digest: Digest)] = []
    for line in lines[end...].dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 3, words[0] == "weight", let digest = Digest(hex: words[2]) else {
        throw RecordError("a line of its weights is none")
      }
      weights.append((String(words[1]), digest))
    }
    self.weights = weights
  }
}
