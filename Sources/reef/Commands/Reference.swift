import ReefMachine
import ReefRegistry

/// What a word such as `int.add`, `arithmetic.add@1` or `9f3c21aa` names.
enum Reference {
  case atom(Atom)
  case skill(Skill, in: Registry)

  var digest: Digest {
    switch self {
    case .atom(let atom): atom.digest
    case .skill(let skill, _): skill.digest
    }
  }
}

extension Registry {
  /// As `resolve`, for atoms too, by name or by digest; where nothing fits, the closest name may be an
  /// atom's.
  func find(_ word: String) throws -> Reference {
    if let atom = Atoms.named(word) { return .atom(atom) }
    let atoms = Atoms.with(digestPrefix: word)
    do {
      let skill = try resolve(word)
      // Names come before digests.
      if atoms.isEmpty || skill.name.lowercased() == word.lowercased() {
        return .skill(skill, in: self)
      }
      throw RegistryError.ambiguous(
        word, among: atoms, and: ["\(skill.reference)#\(skill.digest.hex)"])
    } catch RegistryError.skillNotFound(_, let near) {
      let derived = atoms.isEmpty ? try derivedAtoms(word) : []
      return try .atom(atom(among: atoms + derived, named: word, orNear: near))
    }
  }

  /// The atoms of that name or with digests that begin with `word`, of the types that skills declare.
  private func derivedAtoms(_ word: String) throws -> [Atom] {
    let prefix = word.utf8.count >= 8 ? word.lowercased() : nil
    return Set(try skills().flatMap(\.code.definitions)).flatMap(\.atoms)
      .filter { atom in atom.name == word || prefix.map(atom.digest.hex.hasPrefix) ?? false }
      .sorted { $0.digest < $1.digest }
  }

  /// The skill that `word` names.
  ///
  /// - Parameter purpose: What is done with skills and not with atoms, such as `are exported`.
  func findSkill(_ word: String, _ purpose: String) throws -> Skill {
    switch try find(word) {
    case .atom: throw Failure.isAtom(word, purpose)
    case .skill(let skill, _): return skill
    }
  }
}

extension Invocation {
  /// What `word` names; for an atom no registry is needed.
  func find(_ word: String) throws -> Reference {
    if let atom = Atoms.named(word) { return .atom(atom) }
    do {
      return try openRegistry(.reading).find(word)
    } catch let error as RegistryError {
      guard case .registryMissing = error else { throw error }
      // A slip in an atom's name has nothing to do with the registry that is missing.
      let atoms = Atoms.with(digestPrefix: word)
      guard !atoms.isEmpty || nearest(to: word, or: nil) != nil else { throw error }
      return try .atom(atom(among: atoms, named: word, orNear: nil))
    }
  }

  /// The word that is the name of a skill, which no atom's is; see `findSkill` for `purpose`.
  func skillName(_ index: Int, _ purpose: String) throws(Failure) -> String {
    if Atoms.named(words[index]) != nil { throw .isAtom(words[index], purpose) }
    return words[index]
  }
}

extension Failure {
  static func isAtom(_ word: String, _ purpose: String) -> Failure {
    .badInput(
      "isAtom", "'\(word)' is an atom; only skills that were learned \(purpose).",
      hint: "reef show \(word)")
  }
}

/// The only one of the atoms whose digest begins with `word`.
private func atom(
  among atoms: [Atom], named word: String, orNear skill: String?
) throws(RegistryError) -> Atom {
  guard let atom = atoms.first else {
    throw .skillNotFound(word, closest: nearest(to: word, or: skill))
  }
  guard atoms.count == 1 else { throw .ambiguous(word, among: atoms, and: []) }
  return atom
}

/// The atom or the skill that `word` is most likely a slip of.
private func nearest(to word: String, or skill: String?) -> String? {
  closest(to: word, in: Atoms.all.map(\.name) + (skill.map { [$0] } ?? []))
}

extension RegistryError {
  fileprivate static func ambiguous(
    _ prefix: String, among atoms: [Atom], and skills: [String]
  ) -> RegistryError {
    .ambiguousReference(prefix, candidates: atoms.map { "\($0.name)#\($0.digest.hex)" } + skills)
  }
}
