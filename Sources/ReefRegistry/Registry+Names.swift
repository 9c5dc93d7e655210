import ReefMachine

/// Something that happened to a name.
public struct NameEvent: Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// The name has a new version.
    case version(Digest, Origin)
    /// The alias points at the version from then on.
    case alias(String)
    /// The alias points nowhere from then on.
    case aliasRemoved(String)
    /// It is not listed, searched or learned with from then on.
    case retired
    /// It is in use again.
    case revived
    /// The name has become another.
    case renamed(String)
    /// Nothing needed the version, which was retired, and `gc` removed it.
    case collected
  }

  /// What happened.
  public let kind: Kind
  /// 0 where it is about the name as a whole.
  public let version: Int
  /// In seconds since 1970; 0 where nobody knows.
  public let at: Int
  /// What the system called the user.
  public let author: String
  /// What the search for a version took, where it was found here and that is known.
  public var searchSeconds: Double?
}

/// Names are labels of entries: they can be given aliases, be renamed and be retired, and each of
/// that is noted with its time and author. Nothing of it touches an entry.
extension Registry {
  /// What happened to a name: its versions in their order, then what people did to it.
  ///
  /// - Throws: `skillNotFound`.
  public func history(of name: String) throws(RegistryError) -> [NameEvent] {
    try reading { (store) throws(RegistryError) in
      let versions = try store.database.rows(
        """
        SELECT version, digest, origin, at, author, microseconds FROM names
        JOIN digests ON digests.id = skill WHERE name = ? ORDER BY names.id
        """, [.text(name)]
      ) { (row) throws(RegistryError) in
        NameEvent(
          kind: .version(try row.digest(1), Origin(rawValue: row.text(2)) ?? .grown),
          version: row.int(0), at: row.int(3), author: row.text(4),
          searchSeconds: row.int(5) == 0 ? nil : Double(row.int(5)) / 1e6)
      }
      let events = versions + (try store.moves(of: name).map { NameEvent($0.row) })
      // A name has a history still when all of its versions have been collected.
      if events.isEmpty { _ = try store.existing(name) }
      return events
    }
  }

  /// The skills of all versions of a name, in their order; none where nothing has that name.
  public func digests(of name: String) throws(RegistryError) -> [Digest] {
    try reading { (store) throws(RegistryError) in
      try store.database.rows(
        """
        SELECT digest FROM names JOIN digests ON digests.id = skill WHERE name = ? ORDER BY version
        """, [.text(name)]
      ) { (row) throws(RegistryError) in try row.digest(0) }
    }
  }

  /// The aliases of a name and where they point, in their order; `latest` is not among them.
  public func aliases(
    of name: String
  ) throws(RegistryError) -> [(alias: String, version: Int)] {
    try reading { (store) throws(RegistryError) in
      try store.aliases(of: name).sorted { $0.key < $1.key }
        .map { (alias: $0.key, version: $0.value) }
    }
  }

  /// Points an alias, such as `stable`, at a version of a name, or at none where `version` is nil.
  /// Capitals make no other alias.
  ///
  /// - Throws: `skillNotFound`, `versionNotFound`; `aliasNotFound` for one to remove that is not there;
  ///   `invalidName` for an alias that is no word, is a number, or is `latest`, which always points at
  ///   the last version.
  public func setAlias(
    _ alias: String, of name: String, to version: Int?
  ) throws(RegistryError) {
    guard SkillName.isValid(alias), !alias.allSatisfy(\.isNumber), alias.lowercased() != "latest"
    else {
      throw .invalidName(
        alias, reason: "an alias is a word as names are, and neither a number nor 'latest'")
    }
    try writing { (store) throws(RegistryError) in
      let name = try store.existing(name)
      if let version, try !store.hasVersion(version, of: name) {
        throw .versionNotFound(
          name: name, version: version, latest: try store.lastVersion(of: name))
      }
      if version == nil { _ = try store.target(of: alias, name) }
      guard try store.version(of: name, alias: alias) != version else { return }
      try store.move(name, .alias, word: alias, version: version ?? 0)
    }
  }

  /// Retires a name, or takes that back: a name that is retired is not listed, searched or learned
  /// with. Its entries stay, and so does all that is made of them.
  ///
  /// - Returns: Whether that changed anything.
  /// - Throws: `skillNotFound`.
  @discardableResult
  public func setRetired(_ isRetired: Bool, name: String) throws(RegistryError) -> Bool {
    try writing { (store) throws(RegistryError) in
      let name = try store.existing(name)
      guard try store.isRetired(name) != isRetired else { return false }
      try store.move(name, isRetired ? .retire : .revive)
      return true
    }
  }

  /// Gives the skills of a name another one, with the same versions and aliases, and retires the old.
  ///
  /// - Throws: `skillNotFound`; `invalidName` where the new one is none, or a skill or an atom has it.
  public func rename(_ name: String, to new: String) throws(RegistryError) {
    if let problem = SkillName.problem(ofNew: new) { throw .invalidName(new, reason: problem) }
    try writing { (store) throws(RegistryError) in
      let name = try store.existing(name)
      guard try store.latestVersion(of: new) == 0 else {
        throw .invalidName(new, reason: "another skill has it, or had it once")
      }
      let ids = try store.database.rows(
        "SELECT id FROM names WHERE name = ? ORDER BY version", [.text(name)]
      ) { $0.int(0) }
      for id in ids {
        for entry in try store.entries(of: id) {
          let skill = entry.skill
          let renamed = NewSkill(
            name: new, summary: skill.summary, code: skill.code, tests: try store.tests(of: entry),
            certificate: skill.certificate, provenance: skill.provenance)
          _ = try store.add(renamed, skill.digest, as: .renamed, version: skill.version)
        }
      }
      // A version that is gone is given to nothing else, whatever the name is called.
      for move in try store.moves(of: name).map(\.row) where move.kind == .collect {
        try store.move(new, .collect, version: move.version)
      }
      for (alias, version) in try store.aliases(of: name).sorted(by: { $0.key < $1.key }) {
        try store.move(new, .alias, word: alias, version: version)
      }
      try store.move(name, .rename, word: new)
      if try !store.isRetired(name) { try store.move(name, .retire) }
    }
  }
}

extension NameEvent {
  fileprivate init(_ move: MoveRow) {
    let kind: Kind =
      switch move.kind {
      case .alias: move.version == 0 ? .aliasRemoved(move.word) : .alias(move.word)
      case .retire: .retired
      case .revive: .revived
      case .rename: .renamed(move.word)
      case .collect: .collected
      }
    self.init(kind: kind, version: move.version, at: move.at, author: move.author)
  }
}

extension Store {
  /// The name as it is spelled here.
  func existing(_ name: String) throws(RegistryError) -> String {
    if let spelling = try spelling(of: name) { return spelling }
    let names = try database.rows("SELECT DISTINCT name FROM names ORDER BY name COLLATE BINARY") {
      $0.text(0)
    }
    throw .skillNotFound(name, closest: closest(to: name, in: names))
  }
}
