import ReefMachine
import Synchronization

/// The skills that were learned, kept for ever in one SQLite file.
///
/// An entry is addressed by its digest and never changes; names with versions (`sorting.sort@2`)
/// point at entries. Any number of threads and processes may use one file: they read snapshots, and
/// write one at a time, each write wholly or not at all, whatever is killed when.
public final class Registry: SkillStore, Sendable {
  /// What a registry is opened for.
  public enum Access: Sendable {
    /// Never makes or changes anything; the file must be there.
    case reading
    /// The file must be there. Where it may only be read, so may the registry.
    case changing
    /// Makes the file, and the folders that lead to it, where they are missing; else as `changing`.
    case writing
  }

  /// The file, as it was named.
  public let path: String
  private let store: Mutex<Store>

  /// What was migrated when the registry was opened; nil where it had the newest schema.
  public let migration: Migration?

  /// An older schema that a file had, and where a copy of it as it was is kept.
  public struct Migration: Hashable, Sendable {
    public let schema: Int
    public let copy: String
  }

  /// Opens the file, and brings a registry of an older schema up to date where it may be written.
  ///
  /// - Parameter isSuspect: Opens also a file of the newest schema whose tables, views or triggers are not
  ///   those of Reef, of which only `check` and `rebuildIndex` make sense.
  /// - Throws: `registryMissing` unless it is opened to be made; `registryUnreadable`, `schemaTooNew`,
  ///   `registryDamaged`, `registryBusy`, `writeFailed`.
  public init(
    path: String, access: Access = .writing, isSuspect: Bool = false
  ) throws(RegistryError) {
    self.path = path
    let store = try Store(path: path, access: access, isSuspect: isSuspect)
    migration = store.migration
    self.store = Mutex(store)
  }

  /// A registry that is in memory only and of nobody else's.
  init(inMemory: Void) throws(RegistryError) {
    path = Store.memoryPath
    migration = nil
    store = Mutex(try Store(inMemoryWithSchema: Schema.version))
  }

  /// Whether `register`, `add` and whatever else writes will refuse.
  public var isReadOnly: Bool { store.withLock { !$0.isWritable } }

  /// Runs `body` on one snapshot of the file.
  func reading<T: Sendable>(
    _ body: @Sendable (Store) throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    try store.withLock { (store) throws(RegistryError) in try store.reading(body) }
  }

  /// Runs `body` in one transaction.
  ///
  /// - Parameter afterwards: Runs when the transaction is kept, still as the only writer. What fails
  ///   of it is left undone.
  func writing<T: Sendable>(
    _ body: @Sendable (Store) throws(RegistryError) -> T,
    afterwards: @Sendable (Store) throws(RegistryError) -> Void = { _ in }
  ) throws(RegistryError) -> T {
    try store.withLock { (store) throws(RegistryError) in
      try store.writing(body, afterwards: afterwards)
    }
  }
}

// MARK: - Library

extension Registry {
  /// The entry with that digest under the first of its names, or nil.
  ///
  /// - Complexity: O(1) for an entry that was read before.
  public func skill(_ digest: Digest) throws(RegistryError) -> Skill? {
    if let known = store.withLock({ $0.knownSkill(digest) }) { return known }
    return try reading { (store) throws(RegistryError) in try store.skill(digest) }
  }

  /// The names in use, and of those that were retired what is part of a skill in use and has no
  /// other name: everything that it takes to link them. What is in quarantine is left out.
  public func skills() throws(RegistryError) -> [Skill] {
    try reading { (store) throws(RegistryError) in
      let ids = try store.database.rows(
        """
        WITH RECURSIVE retiredSkill(id) AS (
          SELECT skill FROM names WHERE name IN retired
          EXCEPT SELECT skill FROM names WHERE name NOT IN retired
        ), whole(id) AS (
          SELECT user FROM edges JOIN retiredSkill ON parent = retiredSkill.id
          UNION SELECT user FROM edges JOIN whole ON parent = whole.id
        ), part(id) AS (
          SELECT skill FROM usable JOIN whole ON skill = whole.id
          UNION SELECT parent FROM edges JOIN part ON user = part.id
        )
        SELECT id FROM names WHERE id IN (SELECT id FROM usable)
          OR skill IN (SELECT id FROM retiredSkill INTERSECT SELECT id FROM part)
        ORDER BY name COLLATE BINARY, version
        """
      ) { $0.int(0) }
      return try store.skills(named: ids)
    }
  }

  /// Ranks by BM25 over the words of names (which count four times) and summaries, each word reduced
  /// to its stem. Any text is a query; one without words finds nothing. A word that more than 2,000
  /// names fit says nothing beside a rarer one; of common words alone, names must fit all.
  public func search(_ text: String, limit: Int) throws(RegistryError) -> [Skill] {
    try search(text, type: nil, limit: limit)
  }

  /// The same among the skills of a type, whatever its variables are called; without words in `text`
  /// all of them.
  public func search(
    _ text: String, type: Type?, limit: Int
  ) throws(RegistryError) -> [Skill] {
    let terms = SearchWords.terms(text)
    let type = type.map { "type : \(SearchWords.word(of: $0))" }
    guard limit > 0, type != nil || !terms.isEmpty else { return [] }
    return try reading { (store) throws(RegistryError) in
      try store.skills(named: try store.search(terms, type, limit: limit))
    }
  }
}

// MARK: - SkillStore

extension Registry {
  /// Adds the skills in one transaction, in order; each gets the next version of its name. A skill
  /// that the registry has under the same name is left as it is and given back as it is.
  ///
  /// - Throws: `invalidSkill` where a name is none or an atom's, a parent is missing (it must be an atom, be
  ///   registered, or stand earlier in `skills`), the code is not well typed, or a test does not fit
  ///   the signature; `registryReadOnly`, `registryBusy`, `writeFailed`.
  public func register(_ skills: [NewSkill]) throws(RegistryError) -> [Skill] {
    try writing { (store) throws(RegistryError) in
      var registered: [Skill] = []
      for skill in skills { registered.append(try store.register(skill)) }
      return registered
    }
  }

  /// The stored tests of an entry, those of its first name first; none where there is no such entry.
  public func tests(of digest: Digest) throws(RegistryError) -> [TestCase] {
    try reading { (store) throws(RegistryError) in try store.tests(of: digest) }
  }
}
