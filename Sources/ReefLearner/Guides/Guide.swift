import ReefMachine
import ReefTasks

/// F_α by retrieval and usage: what each skill and atom adds to the cost of a term, an integer that
/// stands for -log P(skill | task).
///
/// Skills whose names and summaries fit the task are cheap, and so are those that others already
/// build on; in a large library only the best are admitted at all, so that the search's work does
/// not grow with the library.
struct Guide {
  let library: FrozenLibrary
  /// In the order in which searches meet them.
  let atoms: [Atom]
  private let index: LexicalIndex
  /// In how many visible skills each skill and atom is a step or a function.
  private let uses: [Digest: Int]
  private let latest: [Skill]
  private let common: Set<Digest>
  private let commonest: Set<Digest>

  init(library: FrozenLibrary, atoms: [Atom] = Atoms.all) {
    self.library = library
    self.atoms = atoms
    // A later version stands in for the earlier ones; old versions serve old callers only.
    var newest: [String: Skill] = [:]
    for skill in library.visible where skill.version >= newest[skill.name]?.version ?? 0 {
      newest[skill.name] = skill
    }
    latest = library.visible.filter { newest[$0.name]?.digest == $0.digest }
    // The text of a body that deduction found says whose body it is, not what it does.
    index = LexicalIndex(latest.filter { $0.certificate.method != .viaTask })
    uses = library.visible.reduce(into: [:]) { uses, skill in
      for callee in skill.code.callees { uses[callee, default: 0] += 1 }
    }
    common = Guide.common(atoms, uses: uses, ofEachType: 4)
    commonest = Guide.common(atoms, uses: uses, ofEachType: 2)
  }

  /// The breadths that are worth trying: a small library does not tell them apart, and given means
  /// leave nothing to choose.
  func breadths(for problem: Problem) -> [Breadth] {
    guard latest.count >= Guide.telling, problem.means == nil else { return [.wide] }
    guard problem.summary.isEmpty else { return Breadth.told }
    let hasUnused = latest.contains { isUnused($0) && isKin($0, of: problem) }
    return Breadth.untold + (hasUnused ? Breadth.untoldKin : [])
  }

  /// Atoms, then the admitted skills, each with its cost.
  func callables(for problem: Problem, _ breadth: Breadth) -> [Vocabulary.Callable] {
    if let means = problem.means { return callables(of: means) }
    let ranked = rank(for: problem)
    let near = ranked.prefix(Guide.kin).map { Set($0.code.callees) }
    let atoms = atoms.compactMap { atom -> Vocabulary.Callable? in
      let isUsedNear = near.count { $0.contains(atom.digest) } > 1
      let isStrange = atom.keyword.map { !problem.text.contains($0) } ?? false
      let cost = cost(of: atom, breadth, isUsedNear: isUsedNear)
        .map { $0 + (isStrange ? Guide.strange : 0) }
      guard cost != nil || atom.takesListsApart else { return nil as Vocabulary.Callable? }
      return Vocabulary.Callable(
        digest: atom.digest, type: atom.type, cost: cost ?? 2, atom: atom,
        isFunction: breadth.mapsAtoms, isForInverses: cost == nil)
    }
    var admitted: ArraySlice<Skill>
    switch breadth {
    case .core, .narrow, .atoms, .fitting:
      let best = problem.summary.isEmpty ? ranked[...] : ranked.prefix(2 * breadth.admitted)
      admitted = Guide.composable(best, in: problem.signature).prefix(breadth.admitted)
    case .closest:
      // Half of them skills that nothing builds on yet, those of the same plugin first: somebody
      // wanted them for something.
      let half = breadth.admitted / 2
      let composable = Guide.composable(ranked[...], in: problem.signature)
      let unused = composable.dropFirst(half).filter(isUnused)
      let kin = unused.filter { isKin($0, of: problem) }
      let others = unused.filter { !isKin($0, of: problem) }
      admitted = composable.prefix(half) + (kin + others).prefix(half)
    case .unused, .unusedNarrow:
      let composable = Guide.composable(ranked[...], in: problem.signature)
      admitted = composable.filter { isUnused($0) && isKin($0, of: problem) }
        .prefix(breadth.admitted)
    case .skills, .wide:
      let isRanked = Set(ranked.map(\.digest))
      let byUse = latest.filter { !isRanked.contains($0.digest) }.sorted {
        let (left, right) = (uses[$0.digest] ?? 0, uses[$1.digest] ?? 0)
        return left != right ? left > right : $0.digest < $1.digest
      }
      admitted = (ranked + byUse).prefix(breadth.admitted)
    }
    // Without a text only the types speak for all but the first skills.
    let isTold = !problem.summary.isEmpty || breadth.trustsTypes
    let likely = isTold ? breadth.nearest : min(breadth.nearest, Guide.named)
    let nearest = breadth == .skills ? breadth.nearest : min(likely, ranked.count)
    // Of types that the task names there are few, and it will not name them for nothing.
    let derived = problem.signature.definitions.flatMap(\.atoms).map {
      Vocabulary.Callable(digest: $0.digest, type: $0.type, cost: 1, atom: $0)
    }
    return atoms + derived
      + admitted.enumerated().map { position, skill in
        Vocabulary.Callable(
          digest: skill.digest, type: skill.signature.type,
          cost: (position < nearest ? 1 : 2) + Guide.surcharge(for: skill), atom: nil,
          isLikely: position < nearest)
      }
  }

  /// The skills that fit the task, best first: by what they say or, where the task says nothing but
  /// its name, by what they take.
  private func rank(for problem: Problem) -> [Skill] {
    let told = index.rank(problem.text)
    guard problem.summary.isEmpty else { return told }
    let named = told.prefix(Guide.named)
    let isNamed = Set(named.map(\.digest))
    let others = latest.filter { !isNamed.contains($0.digest) && $0.certificate.method != .viaTask }
    // Skills on the task's own lists and pairs before those on their elements, then those with the
    // fewest arguments to choose, then those that nothing builds on yet.
    let whole = problem.signature.parameterTypes.filter(\.isComposed)
    let simple = others.map { skill in
      let types = skill.signature.parameterTypes
      let takesWhole = whole.isEmpty || types.contains(where: whole.contains)
      return ((takesWhole ? 0 : 1, types.count, uses[skill.digest] ?? 0), skill)
    }
    // In turn with those that can take most of what the task is given at once, and nothing else.
    let full = others.map { skill in
      var given = problem.signature.parameterTypes
      var missing = 0
      for type in skill.signature.parameterTypes {
        if let index = given.firstIndex(of: type) { given.remove(at: index) } else { missing += 1 }
      }
      return ((missing, given.count, uses[skill.digest] ?? 0), skill)
    }
    func sorted(_ keyed: [(key: (Int, Int, Int), skill: Skill)]) -> [Skill] {
      keyed.sorted { $0.key != $1.key ? $0.key < $1.key : $0.skill.digest < $1.skill.digest }
        .map(\.skill)
    }
    var seen: Set<Digest> = []
    return named
      + zip(sorted(simple), sorted(full)).flatMap { [$0, $1] }
      .filter { seen.insert($0.digest).inserted }
  }

  /// How many skills a name alone may suggest.
  static let named = 4

  /// Each as dear as the other.
  private func callables(of means: SkillTask.Means) -> [Vocabulary.Callable] {
    atoms.filter { means.skills.contains($0.name) }.map {
      Vocabulary.Callable(digest: $0.digest, type: $0.type, cost: 1, atom: $0)
    }
      + latest.filter { means.skills.contains($0.name) }.map {
        Vocabulary.Callable(digest: $0.digest, type: $0.signature.type, cost: 1, atom: nil)
      }
  }

  /// What a skill's running time adds to its cost, after Levin's measure Kt = length + log time
  /// (1973): a level has about six times the terms of the one before, so a skill that takes six
  /// times as long comes a level later.
  private static func surcharge(for skill: Skill) -> Int {
    guard let steps = skill.certificate.checks.first?.steps else { return 0 }
    var surcharge = 0
    var affordable = 6 * quickSteps
    while steps >= affordable {
      surcharge += 1
      affordable *= 6
    }
    return surcharge
  }

  /// Machine steps, at its smallest check size, of a skill that counts as quick.
  private static let quickSteps = 1_000

  /// What an atom costs, by how many skills use it, and whether several of those that fit the task
  /// best do; nil where the breadth leaves it out.
  private func cost(of atom: Atom, _ breadth: Breadth, isUsedNear: Bool) -> Int? {
    let uses = uses[atom.digest] ?? 0
    switch breadth {
    case .closest, .unused:
      return Guide.isGlue(atom) || commonest.contains(atom.digest) ? 1 : nil
    case .core, .skills, .fitting:
      return Guide.isGlue(atom) || isUsedNear || common.contains(atom.digest) ? 1 : nil
    case .narrow, .unusedNarrow: return isUsedNear || uses * Guide.rare >= latest.count ? 1 : 2
    case .wide, .atoms: return 1
    }
  }

  /// Whether nothing builds on the skill yet.
  private func isUnused(_ skill: Skill) -> Bool { uses[skill.digest] == nil }

  /// Whether the skill was learned for a task of the same plugin.
  private func isKin(_ skill: Skill, of problem: Problem) -> Bool {
    skill.name.plugin == problem.name.plugin
  }

  /// Control forms and what takes pairs apart say how skills are put together.
  private static func isGlue(_ atom: Atom) -> Bool {
    atom.controlForm != nil || atom.name.hasPrefix("pair.")
  }

  /// Of the atoms that return an int, a list and so on, those that most skills use.
  private static func common(_ atoms: [Atom], uses: [Digest: Int], ofEachType limit: Int) -> Set<
    Digest
  > {
    var groups: [String: [Atom]] = [:]
    for atom in atoms where !isGlue(atom) {
      guard case .function(_, let result) = atom.type else { continue }
      let group =
        switch result {
        case .list: "list"
        case .variable: "element"
        default: result.description
        }
      groups[group, default: []].append(atom)
    }
    return groups.values.reduce(into: []) { common, group in
      // Of those that are used as often, or not at all yet, the ones that come first.
      let most = group.enumerated().sorted {
        let (left, right) = (uses[$0.element.digest] ?? 0, uses[$1.element.digest] ?? 0)
        return left != right ? left > right : $0.offset < $1.offset
      }.map(\.element)
      common.formUnion(most.prefix(limit).map(\.digest))
    }
  }

  /// What an atom of a special field costs more where the task's text has not its keyword.
  private static let strange = 2
  /// Libraries below this size say nothing about atoms.
  private static let telling = 4
  /// How many of the skills that fit a task best tell which atoms it may need.
  private static let kin = 12
  /// Atoms used by less than one skill in so many are rare.
  private static let rare = 80

  /// Those skills whose arguments can be made from the signature's parts and from what the others
  /// give.
  private static func composable(
    _ skills: ArraySlice<Skill>, in signature: Signature
  ) -> [Skill] {
    var types: Set<Type> = [.int, .bool, .list(.int), .list(.bool)]
    for type in signature.parameterTypes + [signature.result] { type.addParts(to: &types) }
    func fits(_ skill: Skill) -> Bool { skill.signature.parameterTypes.allSatisfy(types.contains) }
    var grew = true
    while grew {
      grew = false
      for skill in skills where fits(skill) && !types.contains(skill.signature.result) {
        skill.signature.result.addParts(to: &types)
        grew = true
      }
    }
    return skills.filter(fits)
  }

  /// What a control form costs beside its functions.
  static func cost(ofForm form: Atom) -> Int {
    switch (form.controlForm, form.derivedForm) {
    case (.fold, _), (.scan, _), (.iterate, _), (.loop, _), (_, .fold): 1
    default: 0
    }
  }
}

extension String {
  /// Of a task's or skill's full name, what comes before the dot.
  fileprivate var plugin: Substring { prefix { $0 != "." } }
}

extension Atom {
  /// Whether it has inverses that few wanted lists admit, which keeps the goals few.
  fileprivate var takesListsApart: Bool {
    guard case .function(_, .list) = type else { return false }
    return !inverses.isEmpty
  }
}

extension Type {
  /// Whether its values are lists or pairs.
  var isComposed: Bool {
    switch self {
    case .list, .pair, .named: true
    default: false
    }
  }

  /// Adds the type and all that its values consist of.
  func addParts(to found: inout Set<Type>) {
    guard found.insert(self).inserted else { return }
    switch self {
    case .list(let element): element.addParts(to: &found)
    case .pair(let first, let second):
      first.addParts(to: &found)
      second.addParts(to: &found)
    case .named(let definition, let arguments):
      for constructor in definition.constructors.indices {
        for field in definition.fields(of: constructor, arguments) { field.addParts(to: &found) }
      }
    default: break
    }
  }
}
