import ReefMachine

/// How much a registry holds.
public struct RegistryStatistics: Hashable, Sendable {
  /// Entries: different digests.
  public let skills: Int
  /// Names, however many versions they have.
  public let names: Int
  /// Pairs of a name and a version.
  public let versions: Int
  /// Different atoms that the skills call.
  public let atoms: Int
  /// Pairs of a skill and a parent.
  public let edges: Int
  /// The last generation that a skill was found in; 0 without skills.
  public let generations: Int
  /// Bytes of code, claims, test data and weights before compression.
  public let contentSize: Int
  /// Bytes of the file, without its log.
  public let fileSize: Int

  /// How SQLite keeps the file, as this connection found or set it.
  public let settings: Settings

  /// The release of SQLite that keeps the file.
  package static var sqlite: SQLiteRelease { .inUse }

  /// What SQLite calls `PRAGMA`s, and the lock that Reef adds.
  public struct Settings: Hashable, Sendable {
    /// `wal`: changes are written to a log first.
    public let journalMode: String
    /// Whether a commit is on the disk before it is reported.
    public let isSynchronous: Bool
    /// In bytes.
    public let pageSize: Int
    public let foreignKeys: Bool
    /// Whether SQLite folds in the log of its own accord.
    public let automaticCheckpoints: Bool
    /// Whether views and triggers may call any function.
    public let isSchemaTrusted: Bool
    /// Whether no statement can harm the file's structure.
    public let isDefensive: Bool
    /// The file whose lock is held over every write and over folding in the log.
    public let lockFile: String
  }
}

/// Something that is not as it was written.
public struct RegistryProblem: Hashable, Sendable, CustomStringConvertible {
  /// What it is about: `sorting.sort@2`, a digest's first digits, or `the file`.
  public let subject: String
  /// A clause without a full stop.
  public let reason: String
  /// The ids of the names that stand for it.
  var names: [Int] = []

  /// Whether it is about a skill, and not about the file as a whole.
  public var isOfSkill: Bool { !names.isEmpty }

  public var description: String { "\(subject): \(reason)" }
}

extension Registry {
  /// Counts and sizes as they are now.
  public func statistics() throws(RegistryError) -> RegistryStatistics {
    try reading { (store) throws(RegistryError) in
      let database = store.database
      return RegistryStatistics(
        skills: try database.integer("SELECT count(*) FROM objects WHERE kind = 'skill'"),
        names: try database.integer("SELECT count(DISTINCT name) FROM names"),
        versions: try database.integer("SELECT count(*) FROM names"),
        atoms: try database.integer(
          "SELECT count(*) FROM digests WHERE id NOT IN (SELECT id FROM objects)"),
        edges: try database.integer("SELECT count(*) FROM edges"),
        generations: try database.integer(
          "SELECT max(generation) FROM names"),
        contentSize: try database.integer("SELECT sum(size) FROM objects"),
        fileSize: try database.integer("PRAGMA page_count")
          * database.integer("PRAGMA page_size"),
        settings: try store.settings())
    }
  }

  /// Looks at everything: that SQLite finds the file sound, every digest recomputed fits, all code
  /// reads and is well typed, parents are there and are those that the code names, tests fit their
  /// signatures, claims are of the skills that their names have, names and their history are as they
  /// were written, every name is found by its words and by no others, and no row is left over.
  /// Changes nothing; an empty result is good news.
  ///
  /// - Complexity: O(size of the registry).
  public func check() throws(RegistryError) -> [RegistryProblem] {
    try reading { (store) throws(RegistryError) in try store.problems() }
  }
}

extension Store {
  fileprivate func settings() throws(RegistryError) -> RegistryStatistics.Settings {
    func isOn(_ pragma: String) throws(RegistryError) -> Bool {
      try database.integer("PRAGMA \(pragma)") > 0
    }
    let journal = try database.rows("PRAGMA journal_mode") { $0.text(0) }
    return RegistryStatistics.Settings(
      journalMode: journal[0],
      isSynchronous: try database.integer("PRAGMA synchronous") >= 2,
      pageSize: try database.integer("PRAGMA page_size"),
      foreignKeys: try isOn("foreign_keys"),
      automaticCheckpoints: try isOn("wal_autocheckpoint"),
      isSchemaTrusted: try isOn("trusted_schema"),
      isDefensive: database.isDefensive, lockFile: path + WriterLock.suffix)
  }

  func problems() throws(RegistryError) -> [RegistryProblem] {
    // What was read before says nothing of the file as it is now.
    forget()
    let deviations = try Schema.deviations(of: database)
    let problems = deviations.reasons.map {
      RegistryProblem(subject: "the file", reason: $0)
    }
    // With tables or views that are not Reef's, or in a file that SQLite finds unsound, further reading
    // is guesswork.
    guard deviations.isReadable else { return problems }
    let unsound = try fileProblems()
    guard unsound.isEmpty else { return problems + unsound }
    var content = try objectProblems()
    content += try nameProblems()
    content += try claimProblems()
    content += try moveProblems()
    content += try looseProblems()
    if content.isEmpty { content += try searchProblems() }
    return problems + content
  }

  fileprivate func fileProblems() throws(RegistryError) -> [RegistryProblem] {
    var reasons: [String] = []
    do {
      reasons = try database.rows("PRAGMA integrity_check") { $0.text(0) }.filter { $0 != "ok" }
      reasons += try database.rows("PRAGMA foreign_key_check") {
        "a row of \($0.text(0)) refers to a row of \($0.text(2)) that is gone"
      }
    } catch {
      guard case .registryDamaged(_, let reason) = error else { throw error }
      reasons.append(reason)
    }
    return reasons.map { RegistryProblem(subject: "the file", reason: $0) }
  }

  /// The problems of code, by digest.
  fileprivate func objectProblems() throws(RegistryError) -> [RegistryProblem] {
    let objects = try database.rows(
      "SELECT digest, id FROM objects JOIN digests USING (id) WHERE kind = 'skill' ORDER BY digest"
    ) { (row) throws(RegistryError) in (digest: try row.digest(0), id: row.int(1)) }
    var problems: [RegistryProblem] = []
    for object in objects {
      let reason = try problem { () throws(RegistryError) in
        _ = try self.object(.skill, object.id)
        guard let skill = try self.skill(object.digest) else { throw damaged("it has no name") }
        guard try parents(of: object.digest) == skill.code.callees else {
          throw damaged("the registry's lineage does not fit its code")
        }
        let owned = try digests(
          """
          SELECT owned.digest FROM parts JOIN digests ON digests.id = skill
          JOIN digests AS owned ON owned.id = weights WHERE digests.digest = ?
          """, object.digest)
        guard Set(owned) == Set(skill.code.weights.map(\.digest)) else {
          throw damaged("the registry's list of its weights is another")
        }
      }
      if let reason {
        problems.append(
          RegistryProblem(
            subject: object.digest.short, reason: reason, names: try names(of: object.digest)))
      }
    }
    return problems
  }

  /// The problems of names, by name and version.
  fileprivate func nameProblems() throws(RegistryError) -> [RegistryProblem] {
    var problems: [RegistryProblem] = []
    for name in try nameRows() {
      let reason = try problem { () throws(RegistryError) in
        guard name.row.seal == name.seal else { throw damaged("its row has been changed") }
        let skill = try skill(named: name.id)
        guard skill.provenance.generation == name.row.generation else {
          throw damaged("its claim is of another generation")
        }
        let shown = try database.integer(
          """
          SELECT count(*) FROM claims JOIN names ON claims.object = claim AND claims.name = names.id
          WHERE names.id = ?
          """, [.int(name.id)])
        guard shown == 1 else { throw damaged("its claim is not among its claims") }
      }
      if let reason {
        problems.append(
          RegistryProblem(
            subject: "\(name.row.name)@\(name.row.version)", reason: reason, names: [name.id]))
      }
    }
    return problems
  }

  /// The problems of what names claim, by name and version.
  fileprivate func claimProblems() throws(RegistryError) -> [RegistryProblem] {
    let claims = try database.rows(
      """
      SELECT object, claims.name, tests, names.name, version FROM claims
      JOIN names ON names.id = claims.name ORDER BY names.name, version, object
      """
    ) {
      (object: $0.int(0), name: $0.int(1), tests: $0.int(2), label: "\($0.text(3))@\($0.int(4))")
    }
    var problems: [RegistryProblem] = []
    for row in claims {
      let reason = try problem { () throws(RegistryError) in
        let claim = try claim(row.object)
        guard claim.digest == (try digest(row.object)) else {
          throw damaged("a claim is not in its canonical form")
        }
        let skill = try skill(named: row.name)
        guard claim.name == skill.name, claim.skill == skill.digest,
          claim.tests == (try digest(row.tests))
        else { throw damaged("a claim is of another skill or of other tests") }
        try check(
          NewSkill(
            name: claim.name, summary: claim.summary, code: skill.code,
            tests: try tests(in: row.tests, signature: skill.signature),
            certificate: claim.certificate, provenance: claim.provenance), isNew: false)
      }
      if let reason {
        problems.append(
          RegistryProblem(subject: row.label, reason: reason, names: [row.name]))
      }
    }
    return problems
  }

  /// The problems of the history of names.
  fileprivate func moveProblems() throws(RegistryError) -> [RegistryProblem] {
    try moves().filter { $0.row.seal != $0.seal }.map {
      RegistryProblem(subject: $0.row.name, reason: "its history has been changed")
    }
  }

  /// The rows that nothing leads to.
  fileprivate func looseProblems() throws(RegistryError) -> [RegistryProblem] {
    var problems: [RegistryProblem] = []
    for (what, rows) in Store.looseRows {
      let count = try database.integer("SELECT count(*) FROM \(rows)")
      if count > 0 {
        problems.append(
          RegistryProblem(subject: "the file", reason: "\(count) \(what) belong to nothing"))
      }
    }
    return problems
  }

  /// What search says, where all claims are sound.
  fileprivate func searchProblems() throws(RegistryError) -> [RegistryProblem] {
    let reason = try problem { () throws(RegistryError) in
      guard try isSearchSound() else {
        throw damaged("search does not find each name by what is said of it")
      }
    }
    return reason.map { [RegistryProblem(subject: "the file", reason: $0)] } ?? []
  }

  /// Rows that belong to nothing, and objects that nothing is made of.
  private static let looseRows = [
    ("rows of lineage", "edges WHERE user NOT IN \(skills)"),
    ("rows of owned weights", "parts WHERE skill NOT IN \(skills)"),
    ("claims", "objects WHERE kind = 'claim' AND id NOT IN (SELECT object FROM claims)"),
    ("tests", "objects WHERE kind = 'tests' AND id NOT IN (SELECT tests FROM claims)"),
    ("weights", "objects WHERE kind = 'weights' AND id NOT IN (SELECT weights FROM parts)"),
    ("chunks", "chunks JOIN objects ON objects.id = object WHERE length(objects.bytes) > 0"),
  ]

  private static let skills = "(SELECT id FROM objects WHERE kind = 'skill')"

  private func digest(_ id: Int) throws(RegistryError) -> Digest? {
    try database.first("SELECT digest FROM digests WHERE id = ?", [.int(id)]) {
      (row) throws(RegistryError) in try row.digest(0)
    }
  }

  /// What is wrong with an entry, or nil; what is wrong with the reading itself is thrown.
  private func problem(
    _ body: () throws(RegistryError) -> Void
  ) throws(RegistryError) -> String? {
    do {
      try body()
      return nil
    } catch {
      switch error {
      case .registryDamaged(_, let reason), .invalidSkill(_, let reason): return reason
      default: throw error
      }
    }
  }
}
