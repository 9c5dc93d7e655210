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
  /// As `resolve`, for atoms too: where nothing fits, the closest name may be an atom's.
  func find(_ word: String) throws -> Reference {
    if let atom = Atoms.named(word) { return .atom(atom) }
    do {
      return .skill(try resolve(word), in: self)
    } catch RegistryError.skillNotFound(_, let near) {
      throw RegistryError.skillNotFound(word, closest: nearest(to: word, or: near))
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
      // A slip in an atom's name has nothing to do with the registry that is missing.
      if case .registryMissing = error, let near = nearest(to: word, or: nil) {
        throw RegistryError.skillNotFound(word, closest: near)
      }
      throw error
    }
  }
}

/// The atom or the skill that `word` is most likely a slip of.
private func nearest(to word: String, or skill: String?) -> String? {
  closest(to: word, in: Atoms.all.map(\.name) + (skill.map { [$0] } ?? []))
}
