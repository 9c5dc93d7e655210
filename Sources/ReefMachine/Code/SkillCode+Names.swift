extension SkillCode {
  /// Parses the text of a skill that people write, with the names of atoms and of earlier skills where
  /// the language has digests.
  ///
  /// - Parameters:
  ///   - text: In the skill language but for that; a word is letters, digits, `_` and dots.
  ///   - digest: Of an earlier skill, by its name. It goes before an atom of that name.
  package init(naming text: String, _ digest: (String) -> Digest?) throws(ParseError) {
    // The declarations, whose words are none of skills, come first.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let declarations = lines.prefix { $0.hasPrefix("type ") }.map(String.init)
    let atoms = Dictionary(
      try TypeDefinition.parsing(declarations).flatMap(\.atoms).map { ($0.name, $0.digest) }
    ) { $1 }
    var assembled = declarations.map { $0 + "\n" }.joined()
    var word = ""
    for character in lines.dropFirst(declarations.count).joined(separator: "\n") + "\n" {
      if character.isLetter || character.isNumber || character == "." || character == "_" {
        word.append(character)
      } else {
        assembled += word
        // Before a bracket stands the constructor of a constant.
        if character != "(",
          let digest = digest(word) ?? atoms[word] ?? Atoms.named(word)?.digest
        {
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
