import ReefMachine

/// Schema 2: what a name claims of an entry is an object with a digest of its own, so that nothing
/// about a skill can change unnoticed and two registries can unite what they claim; names have a
/// history.
extension Schema {
  static func makeSecond(_ database: Database) throws(RegistryError) {
    for statement in secondTables { try database.run(statement) }
    for name in try firstNames(database) { try keep(name, database) }
    for statement in ["DROP TABLE names", "ALTER TABLE names_2 RENAME TO names"] {
      try database.run(statement)
    }
    for (table, keys) in immutableTables where !["digests", "edges", "chunks"].contains(table) {
      for statement in immutability(of: table, keys: keys) { try database.run(statement) }
    }
  }

  private static let secondTables = [
    // A skill's bytes are its canonical text, a claim's and test data's are their JSON.
    """
    CREATE TABLE objects_2 (
      id INTEGER PRIMARY KEY REFERENCES digests,
      kind TEXT NOT NULL CHECK (kind IN ('skill', 'claim', 'tests', 'weights')),
      codec TEXT NOT NULL CHECK (codec IN ('raw', 'zlib', 'zlib2', 'zlib4', 'zlib8')),
      size INTEGER NOT NULL CHECK (size >= 0),
      bytes BLOB NOT NULL
    ) STRICT
    """,
    "INSERT INTO objects_2 SELECT * FROM objects",
    "DROP TABLE objects",
    "ALTER TABLE objects_2 RENAME TO objects",
    // A name and version, the skill that they stand for, and the claim that people see. Names that
    // differ only in case are one name. When (seconds since 1970, 0 where nobody knows), by whom and
    // how it came here is local. The seal covers what no object does.
    """
    CREATE TABLE names_2 (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL COLLATE NOCASE,
      version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483648),
      skill INTEGER NOT NULL REFERENCES objects,
      claim INTEGER NOT NULL REFERENCES objects,
      generation INTEGER NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN ('grown', 'imported', 'upgraded', 'renamed')),
      at INTEGER NOT NULL,
      author TEXT NOT NULL,
      seal INTEGER NOT NULL,
      UNIQUE (name, version),
      UNIQUE (skill, name)
    ) STRICT
    """,
    // Every claim of a name on a skill: merging registries unites them.
    """
    CREATE TABLE claims (
      object INTEGER PRIMARY KEY REFERENCES objects,
      name INTEGER NOT NULL REFERENCES names,
      tests INTEGER NOT NULL REFERENCES objects
    ) STRICT
    """,
    "CREATE INDEX claims_by_name ON claims (name, object)",
    // Which skill owns which weights.
    """
    CREATE TABLE parts (
      skill INTEGER NOT NULL REFERENCES objects,
      weights INTEGER NOT NULL REFERENCES objects,
      PRIMARY KEY (skill, weights)
    ) STRICT, WITHOUT ROWID
    """,
    // What people did to names: set an alias to a version (or to none), retired and revived them,
    // gave them another word; and what was collected as garbage.
    """
    CREATE TABLE moves (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL COLLATE NOCASE,
      kind TEXT NOT NULL CHECK (kind IN ('alias', 'retire', 'revive', 'rename', 'collect')),
      word TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      author TEXT NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX moves_by_name ON moves (name, kind, id)",
    // The names that are retired now.
    """
    CREATE VIEW retired AS SELECT name FROM moves
    WHERE kind = 'retire' AND id IN (
      SELECT max(id) FROM moves WHERE kind IN ('retire', 'revive') GROUP BY name
    )
    """,
    "DROP TABLE search",
    search,
  ]

  /// Its rows are those of `names`; the type is one word for each type.
  static let search = """
    CREATE VIRTUAL TABLE search USING fts5(
      name, summary, type, content = '', tokenize = 'porter unicode61'
    )
    """

  private struct FirstName {
    let id: Int
    let version: Int
    let skill: Int
    let tests: Int
    let claim: Claim
  }

  private static func firstNames(_ database: Database) throws(RegistryError) -> [FirstName] {
    try database.rows(
      """
      SELECT names.id, name, version, skill, tests, signature, summary, certificate, provenance,
        code.digest, data.digest
      FROM names JOIN digests AS code ON code.id = skill JOIN digests AS data ON data.id = tests
      ORDER BY names.id
      """
    ) { (row) throws(RegistryError) in
      let (skill, tests) = (try row.digest(9), try row.digest(10))
      do throws(RecordError) {
        return FirstName(
          id: row.int(0), version: row.int(2), skill: row.int(3), tests: row.int(4),
          claim: Claim(
            name: row.text(1), skill: skill, signature: row.text(5), summary: row.text(6),
            tests: tests,
            certificate: try Certificate(json: row.text(7).parsed()),
            provenance: try Provenance(json: row.text(8).parsed())))
      } catch {
        throw .registryDamaged(
          path: database.path, reason: "\(row.text(1))@\(row.int(2)): \(error.reason)")
      }
    }
  }

  private static func keep(_ name: FirstName, _ database: Database) throws(RegistryError) {
    let claim = name.claim
    let bytes = Array(claim.text.utf8)
    try database.run("INSERT INTO digests (digest) VALUES (?)", [.digest(claim.digest)])
    let object = database.lastInsertedID
    let (codec, packed) = Codec.encode(bytes)
    try database.run(
      "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, 'claim', ?, ?, ?)",
      [.int(object), .text(codec.rawValue), .int(bytes.count), .bytes(packed)])
    let row = NameRow(
      name: claim.name, version: name.version, skill: claim.skill, claim: claim.digest,
      generation: claim.provenance.generation, origin: .grown, at: 0, author: "")
    try database.run(
      """
      INSERT INTO names_2 (id, name, version, skill, claim, generation, origin, at, author, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .int(name.id), .text(row.name), .int(row.version), .int(name.skill), .int(object),
        .int(row.generation), .text(row.origin.rawValue), .int(row.at), .text(row.author),
        .int(row.seal),
      ])
    try database.run(
      "INSERT INTO claims (object, name, tests) VALUES (?, ?, ?)",
      [.int(object), .int(name.id), .int(name.tests)])
    try database.index(claim, as: name.id)
  }
}
