extension SkillCode {
  /// Parses the text of a skill that people write, with the names of atoms and of earlier skills where
  /// the language has digests.
  ///
  /// - Parameters:
  ///   - text: In the skill language but for that; a word is letters, digits and dots.
  ///   - digest: Of an earlier skill, by its name. It goes before an atom of that name.
  package init(naming text: String, _ digest: (String) -> Digest?) throws(ParseError) {
    var assembled = ""
    var word = ""
    for character in text + "\n" {
      if character.isLetter || character.isNumber || character == "." {
        word.append(character)
      } else {
        assembled += word
        if let digest = digest(word) ?? Atoms.named(word)?.digest {
          assembled += "#\(digest.hex)"
        }
        assembled.append(character)
        word = ""
      }
    }
    while assembled.last?.isWhitespace == true { assembled.removeLast() }
    try self.init(parsing: assembled + "\n")
  }

  /// Skills of ours, each of which may call those before it by their names here.
  ///
  /// - Precondition: The texts are right.
  package static func written(_ texts: [(name: String, text: String)]) -> [SkillCode] {
    var digests: [String: Digest] = [:]
    return texts.map { name, text in
      do {
        let code = try SkillCode(naming: text) { digests[$0] }
        digests[name] = code.digest
        return code
      } catch {
        preconditionFailure("\(error) in \(text)")
      }
    }
  }
}
