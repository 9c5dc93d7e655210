/// The names that skills may have.
package enum SkillName {
  package static let rule =
    "a name has at most 200 letters, digits, '-', '_' and '.', and begins with a letter or a digit"

  /// Whether `name` keeps the rule.
  package static func isValid(_ name: String) -> Bool {
    func isPlain(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber)
    }
    return name.utf8.count <= 200 && name.first.map(isPlain) == true
      && name.allSatisfy { isPlain($0) || "-_.".contains($0) }
  }

  /// Why no skill can be called `name`, as a clause; nil where one can. Capitals make no other name
  /// of an atom's: names are found whatever their case.
  package static func problem(of name: String) -> String? {
    guard isValid(name) else { return rule }
    return atoms[name.lowercased()].map { "an atom is named \($0)" }
  }

  /// Why no skill is given the name from now on: also where people could type it for a digest. (Earlier
  /// registries may have such names.)
  package static func problem(ofNew name: String) -> String? {
    if (8...64).contains(name.utf8.count), name.allSatisfy(\.isHexDigit) {
      return "it could be taken for the first digits of a digest"
    }
    return problem(of: name)
  }

  private static let atoms = Dictionary(
    uniqueKeysWithValues: Atoms.all.map { ($0.name.lowercased(), $0.name) })
}
