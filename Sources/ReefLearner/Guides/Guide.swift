import ReefMachine

/// F_α by retrieval and usage: what each skill and atom adds to the cost of a term, an integer that
/// stands for -log P(skill | task).
///
/// Skills whose names and summaries fit the task are cheap, and so are those that others already
/// build on; in a large library only the best are admitted at all, so that the search's work does
/// not grow with the library.
struct Guide {
  /// At most this many skills are admitted.
  static let admitted = 72
  /// The text's best this many cost 1.
  static let nearest = 14

  let library: FrozenLibrary
  /// In the order in which searches meet them.
  let atoms: [Atom]
  private let index: LexicalIndex
  private let uses: [Digest: Int]
  private let latest: [Skill]

  init(library: FrozenLibrary, atoms: [Atom] = Atoms.all) {
    self.library = library
    self.atoms = atoms
    // A later version stands in for the earlier ones; old versions serve old callers only.
    var newest: [String: Skill] = [:]
    for skill in library.visible where skill.version >= newest[skill.name]?.version ?? 0 {
      newest[skill.name] = skill
    }
    latest = library.visible.filter { newest[$0.name]?.digest == $0.digest }
    index = LexicalIndex(latest)
    uses = library.visible.reduce(into: [:]) { uses, skill in
      for callee in skill.code.callees { uses[callee, default: 0] += 1 }
    }
  }

  /// Atoms, then the admitted skills, each with its cost.
  func callables(for text: String, excluding excluded: Set<Digest> = []) -> [Vocabulary.Callable] {
    let atoms = atoms.map {
      Vocabulary.Callable(digest: $0.digest, type: $0.type, cost: 1, atom: $0)
    }
    let ranked = index.rank(text)
    var rank: [Digest: Int] = [:]
    for (position, skill) in ranked.enumerated() { rank[skill.digest] = position }
    let byUse = latest.filter { rank[$0.digest] == nil }.sorted {
      let (left, right) = (uses[$0.digest] ?? 0, uses[$1.digest] ?? 0)
      return left != right ? left > right : $0.digest < $1.digest
    }
    let admitted = (ranked + byUse).filter { !excluded.contains($0.digest) }.prefix(Guide.admitted)
    return atoms
      + admitted.map { skill in
        let cost = rank[skill.digest].map { $0 < Guide.nearest ? 1 : 2 } ?? 2
        return Vocabulary.Callable(
          digest: skill.digest, type: skill.signature.type, cost: cost, atom: nil)
      }
  }

  /// What a control form costs beside its functions.
  static func cost(ofForm form: Atom) -> Int {
    switch form.controlForm {
    case .fold, .scan, .iterate, .loop: 1
    default: 0
    }
  }
}
