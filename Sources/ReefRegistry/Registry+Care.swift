import Foundation
import ReefMachine

/// What a collection of garbage removed, or would remove.
public struct CollectedGarbage: Hashable, Sendable {
  /// `name@version`, by name and version.
  public let names: [String]
  /// Code, claims and test data.
  public let objects: Int
  /// Bytes of content, as they were kept.
  public let size: Int
}

extension Registry {
  /// Removes what only retired names lead to and no skill in use is made of, and gives its space
  /// back. It is the only thing that ever removes an entry; the history of a name keeps the version,
  /// which no other skill gets. Where `check` finds anything damaged that would stay, nothing is removed:
  /// lineage may then lead to less than is needed.
  ///
  /// - Complexity: O(size of the registry).
  /// - Parameter isTrial: Only tell what would be removed.
  public func collectGarbage(isTrial: Bool = false) throws(RegistryError) -> CollectedGarbage {
    if isTrial {
      return try reading { (store) throws(RegistryError) in
        try store.garbage().report
      }
    }
    return try writing { (store) throws(RegistryError) in
      let garbage = try store.garbage()
      if garbage.report.objects > 0 { try store.remove(garbage) }
      return garbage.report
    } afterwards: { (store) throws(RegistryError) in
      if try store.database.integer("PRAGMA freelist_count") > 0 {
        try store.database.run("VACUUM")
      }
    }
  }

  /// Makes the index anew from the objects: lineage, which claim belongs to which name, and search;
  /// and brings back the views, indexes and triggers of the schema. The objects themselves are never
  /// changed; one that is damaged stays, and `check` tells of it.
  public func rebuildIndex() throws(RegistryError) {
    try writing { (store) throws(RegistryError) in
      try store.restoreDefinitions()
      try store.unprotected { () throws(RegistryError) in
        try store.rebuildEdges()
        try store.rebuildNames()
        try store.rebuildSearch()
      }
    }
  }

  /// Writes a copy of the registry, as of one moment, to a file that does not exist yet, while others
  /// may go on reading and writing.
  ///
  /// - Throws: `copyFailed`, which leaves no file.
  public func backUp(to target: String) throws(RegistryError) {
    guard !target.isEmpty else { throw .copyFailed(path: "''", reason: "its path is empty") }
    guard !FileManager.default.fileExists(atPath: target) else {
      throw .copyFailed(path: target, reason: "there is a file already")
    }
    try reading { (store) throws(RegistryError) in
      do throws(RegistryError) {
        try store.database.copy(to: Database.filePath(target))
      } catch {
        try? FileManager.default.removeItem(atPath: target)
        switch error {
        case .registryNotMade(_, let reason), .writeFailed(_, let reason):
          throw .copyFailed(path: target, reason: reason)
        default: throw error
        }
      }
    }
  }

  /// The schema of the file, the newest where it was opened for writing.
  public static let schema = Schema.version
}

// MARK: - Garbage

extension Store {
  /// Unless all that would stay is sound.
  private func refuseIfDamaged(besides garbage: Set<Int>) throws(RegistryError) {
    let isOfGarbage = { (problem: RegistryProblem) in
      problem.isOfSkill && garbage.isSuperset(of: problem.names)
    }
    if let problem = try problems().first(where: { !isOfGarbage($0) }) {
      throw damaged("\(problem); nothing is removed from a registry that is not whole")
    }
  }

  struct Garbage {
    let names: [(name: String, version: Int)]
    /// Ids.
    let objects: [Int]
    let report: CollectedGarbage
  }

  fileprivate func garbage() throws(RegistryError) -> Garbage {
    let names = try database.rows(
      """
      SELECT name, version, id FROM names WHERE skill NOT IN (\(Store.keptSkills))
      ORDER BY name, version
      """
    ) { (name: $0.text(0), version: $0.int(1), id: $0.int(2)) }
    try refuseIfDamaged(besides: Set(names.map(\.id)))
    let objects = try database.rows(
      """
      SELECT id, length(bytes) + (
        SELECT coalesce(sum(length(chunks.bytes)), 0) FROM chunks WHERE object = objects.id
      ) FROM objects WHERE
        CASE kind
          WHEN 'skill' THEN id NOT IN (\(Store.keptSkills))
          WHEN 'claim' THEN id NOT IN (SELECT object FROM (\(Store.keptClaims)))
          WHEN 'weights' THEN id NOT IN (
            SELECT weights FROM parts WHERE skill IN (\(Store.keptSkills)))
          ELSE id NOT IN (SELECT tests FROM (\(Store.keptClaims)))
        END
      """
    ) { (id: $0.int(0), size: $0.int(1)) }
    return Garbage(
      names: names.map { ($0.name, $0.version) }, objects: objects.map(\.id),
      report: CollectedGarbage(
        names: names.map { "\($0.name)@\($0.version)" }, objects: objects.count,
        size: objects.reduce(0) { $0 + $1.size }))
  }

  /// What a name in use leads to, at any depth.
  private static let keptSkills = """
    WITH RECURSIVE kept(id) AS (
      SELECT skill FROM names WHERE name NOT IN retired
      UNION SELECT parent FROM edges JOIN kept ON user = kept.id
    ) SELECT id FROM kept
    """

  private static let keptClaims = """
    SELECT object, tests FROM claims JOIN names ON names.id = claims.name
    WHERE skill IN (\(keptSkills))
    """

  fileprivate func remove(_ garbage: Garbage) throws(RegistryError) {
    try unprotected { () throws(RegistryError) in
      try database.run("CREATE TEMP TABLE garbage (id INTEGER PRIMARY KEY)")
      for id in garbage.objects { try database.run("INSERT INTO garbage VALUES (?)", [.int(id)]) }
      for statement in [
        "DELETE FROM claims WHERE object IN (SELECT id FROM garbage)",
        """
        DELETE FROM quarantine WHERE name IN (
          SELECT id FROM names WHERE skill IN (SELECT id FROM garbage))
        """,
        "DELETE FROM names WHERE skill IN (SELECT id FROM garbage)",
        "DELETE FROM edges WHERE user IN (SELECT id FROM garbage)",
        "DELETE FROM parts WHERE skill IN (SELECT id FROM garbage)",
        "DELETE FROM chunks WHERE object IN (SELECT id FROM garbage)",
        "DELETE FROM objects WHERE id IN (SELECT id FROM garbage)",
        """
        DELETE FROM digests
        WHERE id NOT IN (SELECT id FROM objects) AND id NOT IN (SELECT parent FROM edges)
        """,
        "DROP TABLE garbage",
      ] { try database.run(statement) }
      for name in garbage.names { try move(name.name, .collect, version: name.version) }
      try rebuildSearch()
    }
  }

  /// Runs `body` while rows can be changed and removed. Within the caller's transaction, so that
  /// nobody else ever sees the tables unprotected; other connections see a new schema, and forget
  /// what they read before.
  func unprotected(
    _ body: () throws(RegistryError) -> Void
  ) throws(RegistryError) {
    for (table, _) in Schema.immutableTables {
      for event in ["update", "delete", "replace"] {
        try database.run("DROP TRIGGER IF EXISTS \(table)_\(event)")
      }
    }
    try body()
    for (table, keys) in Schema.immutableTables {
      for statement in Schema.immutability(of: table, keys: keys) { try database.run(statement) }
    }
    forget()
  }
}

// MARK: - The index

extension Store {
  fileprivate func rebuildEdges() throws(RegistryError) {
    try database.run("DELETE FROM edges")
    try database.run("DELETE FROM parts")
    for (id, _) in try objects(.skill) {
      // What is damaged has no lineage that could be trusted.
      guard let bytes = try? object(.skill, id),
        let record = try? SkillRecord(text: String(decoding: bytes, as: UTF8.self)),
        let code = try? SkillCode(canonical: record.code, weights: weights(of: record))
      else { continue }
      for digest in Set(record.weights.map(\.digest)) {
        if let weights = try digestID(digest) { try connect(id, toWeights: weights) }
      }
      for (position, parent) in code.callees.enumerated() {
        try database.run(
          "INSERT INTO edges (user, position, parent) VALUES (?, ?, ?)",
          [.int(id), .int(position), .int(try makeDigestID(parent))])
      }
    }
  }

  /// Every claim gets its name: its row where there is one with the same name and skill, else a new
  /// one.
  fileprivate func rebuildNames() throws(RegistryError) {
    try database.run("DELETE FROM claims")
    for (id, digest) in try objects(.claim) {
      guard let claim = try? claim(id), let skill = try digestID(claim.skill),
        let tests = try digestID(claim.tests)
      else { continue }
      let shown = try database.first("SELECT id FROM names WHERE claim = ?", [.int(id)]) {
        $0.int(0)
      }
      if let shown {
        try database.run(
          "UPDATE names SET name = ?, skill = ?, generation = ? WHERE id = ?",
          [.text(claim.name), .int(skill), .int(claim.provenance.generation), .int(shown)])
      }
      let name =
        if let named = try name(claim.name, of: claim.skill) {
          named
        } else {
          try addName(
            claim, digest, id, of: skill, as: .imported,
            version: try latestVersion(of: claim.name) + 1)
        }
      try database.run(
        "INSERT INTO claims (object, name, tests) VALUES (?, ?, ?)",
        [.int(id), .int(name), .int(tests)])
    }
    try seal(Set(nameRows().map(\.id)))
  }

  /// Those rows of `names` that are as they were sealed.
  func sealedNames() throws(RegistryError) -> Set<Int> {
    Set(try nameRows().filter { $0.row.seal == $0.seal }.map(\.id))
  }

  /// Seals rows of `names` as they are now. Only while rows can be changed.
  func seal(_ ids: Set<Int>) throws(RegistryError) {
    for (id, row, _) in try nameRows() where ids.contains(id) {
      try database.run("UPDATE names SET seal = ? WHERE id = ?", [.int(row.seal), .int(id)])
    }
  }

  func rebuildSearch() throws(RegistryError) {
    try database.run("INSERT INTO search (search) VALUES ('delete-all')")
    unindexed.removeAll()
    for id in try database.rows("SELECT id FROM names", read: { $0.int(0) }) {
      let object = try database.integer("SELECT claim FROM names WHERE id = ?", [.int(id)])
      if let claim = try? claim(object) { try database.index(claim, as: id) }
    }
  }
}
