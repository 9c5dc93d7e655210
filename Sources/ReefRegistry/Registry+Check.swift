import ReefMachine

/// How much a registry holds.
public struct RegistryStatistics: Hashable, Sendable {
  /// Entries: different digests.
  public let skills: Int
  public let names: Int
  /// Pairs of a name and a version.
  public let versions: Int
  /// Different atoms that the skills call.
  public let atoms: Int
  /// Pairs of a skill and a parent.
  public let edges: Int
  /// The last generation that a skill was found in; 0 without skills.
  public let generations: Int
  /// Bytes of code and of test data before compression.
  public let contentSize: Int
  /// Bytes of the file, without its log.
  public let fileSize: Int
}

/// Something that is not as it was written.
public struct RegistryProblem: Hashable, Sendable, CustomStringConvertible {
  /// What it is about: `sorting.sort@2`, a digest's first digits, or `the file`.
  public let subject: String
  public let reason: String

  public var description: String { "\(subject): \(reason)" }
}

extension Registry {
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
          "SELECT max(json_extract(provenance, '$.generation')) FROM names"),
        contentSize: try database.integer("SELECT sum(size) FROM objects"),
        fileSize: try database.integer("PRAGMA page_count")
          * database.integer("PRAGMA page_size"))
    }
  }

  /// Looks at everything: that SQLite finds the file sound, every digest recomputed fits, all code
  /// reads and is well typed, parents are there and are those that the code names, tests fit their
  /// signatures, and every name can be found. Changes nothing; an empty result is good news.
  ///
  /// - Complexity: O(size of the registry).
  public func check() throws(RegistryError) -> [RegistryProblem] {
    try reading { (store) throws(RegistryError) in
      var problems = try store.fileProblems()
      // In a file that SQLite finds unsound, further reading is guesswork.
      if problems.isEmpty {
        problems += try store.objectProblems()
        problems += try store.nameProblems()
      }
      return problems
    }
  }
}

extension Store {
  fileprivate func fileProblems() throws(RegistryError) -> [RegistryProblem] {
    let unsound = try database.rows("PRAGMA integrity_check") { $0.text(0) }
      .filter { $0 != "ok" }
    let dangling = try database.rows("PRAGMA foreign_key_check") {
      "a row of \($0.text(0)) refers to a row of \($0.text(2)) that is gone"
    }
    var problems = (unsound + dangling).map { RegistryProblem(subject: "the file", reason: $0) }
    let indexed = try database.integer("SELECT count(*) FROM search_docsize")
    let named = try database.integer("SELECT count(*) FROM names")
    if indexed != named {
      problems.append(
        RegistryProblem(
          subject: "the file", reason: "\(indexed) of \(named) names can be found by search"))
    }
    return problems
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
      }
      if let reason {
        problems.append(RegistryProblem(subject: object.digest.short, reason: reason))
      }
    }
    return problems
  }

  /// The problems of what a name claims, by name and version.
  fileprivate func nameProblems() throws(RegistryError) -> [RegistryProblem] {
    let names = try database.rows(
      "SELECT id, name, version, tests FROM names ORDER BY name, version"
    ) { (id: $0.int(0), label: "\($0.text(1))@\($0.int(2))", tests: $0.int(3)) }
    var problems: [RegistryProblem] = []
    for name in names {
      let reason = try problem { () throws(RegistryError) in
        let skill = try skill(named: name.id)
        let tests = try tests(in: name.tests, signature: skill.signature)
        try check(
          NewSkill(
            name: skill.name, summary: skill.summary, code: skill.code, tests: tests,
            certificate: skill.certificate, provenance: skill.provenance))
      }
      if let reason {
        problems.append(RegistryProblem(subject: name.label, reason: reason))
      }
    }
    return problems
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
