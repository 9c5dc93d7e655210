import ReefMachine

/// The object of a skill: its canonical code, then a line for each of its weights.
struct SkillRecord: Sendable {
  /// `SkillCode.canonicalText`.
  let code: String
  let weights: [(name: String, digest: Digest)]

  /// Reads `SkillCode.digestedText`.
  init(text: String) throws(RecordError) {
    // What owns weights names them last.
    let end = text.utf8.dropLast().lastIndex(of: UInt8(ascii: "\n"))
    guard let end, text.utf8[end...].starts(with: "\nweight ".utf8) else {
      (code, weights) = (text, [])
      return
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = lines.firstIndex { $0.hasPrefix("weight ") } ?? lines.endIndex
    code = lines[..<first].map { $0 + "\n" }.joined()
    var weights: [(name: String, digest: Digest)] = []
    for line in lines[first...].dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 3, words[0] == "weight", let digest = Digest(hex: words[2]) else {
        throw RecordError("a line of its weights is none")
      }
      weights.append((String(words[1]), digest))
    }
    self.weights = weights
  }
}
