import ReefMachine

extension SkillCode {
  /// Skills of ours, in the skill language with names where it has digests: those of atoms and of the
  /// skills before.
  static func written(_ texts: [(name: String, text: String)]) -> [SkillCode] {
    var digests: [String: Digest] = [:]
    return texts.map { name, text in
      var assembled = ""
      var word = ""
      for character in text + "\n" {
        if character.isLetter || character.isNumber || character == "." {
          word.append(character)
        } else {
          let known = digests[word] ?? Atoms.named(word)?.digest
          assembled += known.map { "\(word)#\($0.hex)" } ?? word
          assembled.append(character)
          word = ""
        }
      }
      do {
        let code = try SkillCode(parsing: assembled)
        digests[name] = code.digest
        return code
      } catch {
        preconditionFailure("\(error) in \(text)")
      }
    }
  }
}
