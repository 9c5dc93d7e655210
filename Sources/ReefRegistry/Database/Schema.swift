/// The tables of a registry. A migration that was released is never edited; the next is added.
enum Schema {
  /// `Reef` in ASCII: what tells a registry from another program's SQLite file.
  static let applicationID = 0x5265_6566

  /// The schema that this Reef writes: the number of migrations that were applied.
  static var version: Int { migrations.count }

  /// The highest version that a bundle may give to a name, so that there is always a next one.
  static let maximumVersion = 1 << 30

  static let migrations = [first]

  private static let first =
    [
      // Everything that has a digest and is named by a row: skills, test data, and the atoms that
      // skills call, which the machine keeps. Ids are local; digests are for ever.
      """
      CREATE TABLE digests (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
      ) STRICT
      """,
      // A skill's bytes are its canonical text, test data's are their JSON.
      """
      CREATE TABLE objects (
        id INTEGER PRIMARY KEY REFERENCES digests,
        kind TEXT NOT NULL CHECK (kind IN ('skill', 'tests')),
        codec TEXT NOT NULL CHECK (codec IN ('raw', 'zlib')),
        size INTEGER NOT NULL CHECK (size >= 0),
        bytes BLOB NOT NULL
      ) STRICT
      """,
      // Which skill calls which, in the order of its code.
      """
      CREATE TABLE edges (
        user INTEGER NOT NULL REFERENCES objects,
        position INTEGER NOT NULL CHECK (position >= 0),
        parent INTEGER NOT NULL REFERENCES digests,
        PRIMARY KEY (user, position)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE UNIQUE INDEX edges_by_parent ON edges (parent, user)",
      // What a name claims of a skill: the labels that its digest does not cover, how it was shown
      // right, and where it came from.
      """
      CREATE TABLE names (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483648),
        skill INTEGER NOT NULL REFERENCES objects,
        signature TEXT NOT NULL,
        summary TEXT NOT NULL,
        tests INTEGER NOT NULL REFERENCES objects,
        certificate TEXT NOT NULL CHECK (json_valid(certificate)),
        provenance TEXT NOT NULL CHECK (json_valid(provenance)),
        UNIQUE (name, version),
        UNIQUE (skill, name)
      ) STRICT
      """,
      // Its rows are those of `names`; the texts themselves are kept there.
      """
      CREATE VIRTUAL TABLE search USING fts5(
        name, summary, content = '', tokenize = 'porter unicode61'
      )
      """,
      // What was tried in vain, so that a resumed growth need not try it again. Not part of any entry.
      """
      CREATE TABLE attempts (
        task TEXT NOT NULL,
        root BLOB NOT NULL CHECK (length(root) = 32),
        steps INTEGER NOT NULL,
        PRIMARY KEY (task, root)
      ) STRICT, WITHOUT ROWID
      """,
    ] + immutability

  /// Triggers that keep what was registered as it is, whichever program writes to the file. The
  /// third kind is for INSERT OR REPLACE, which deletes without firing a delete trigger.
  private static let immutability = [
    (table: "digests", keys: ["id = NEW.id", "digest = NEW.digest"]),
    (table: "objects", keys: ["id = NEW.id"]),
    (
      table: "edges",
      keys: [
        "user = NEW.user AND position = NEW.position", "user = NEW.user AND parent = NEW.parent",
      ]
    ),
    (
      table: "names",
      keys: [
        "id = NEW.id", "name = NEW.name AND version = NEW.version",
        "name = NEW.name AND skill = NEW.skill",
      ]
    ),
  ].flatMap { table, keys in
    let refusal = "BEGIN SELECT RAISE(ABORT, 'entries of a registry never change'); END"
    let taken = keys.map { "(\($0))" }.joined(separator: " OR ")
    return [
      "CREATE TRIGGER \(table)_update BEFORE UPDATE ON \(table) \(refusal)",
      "CREATE TRIGGER \(table)_delete BEFORE DELETE ON \(table) \(refusal)",
      """
      CREATE TRIGGER \(table)_replace BEFORE INSERT ON \(table)
      WHEN EXISTS (SELECT 1 FROM \(table) WHERE \(taken)) \(refusal)
      """,
    ]
  }
}

extension Database {
  /// What an SQLite file says that it is.
  struct Kind {
    let applicationID: Int
    let schemaVersion: Int
    let isEmpty: Bool
  }

  func kind() throws(RegistryError) -> Kind {
    // One snapshot: another process may be making the registry just now.
    try transaction(.reading) { () throws(RegistryError) in
      Kind(
        applicationID: try integer("PRAGMA application_id"),
        schemaVersion: try integer("PRAGMA user_version"),
        isEmpty: try integer("SELECT count(*) FROM sqlite_schema") == 0)
    }
  }

  /// Brings the file to the newest schema. The caller holds the writer's lock.
  func migrate() throws(RegistryError) {
    // The page size comes first: it is fixed once the file has a page.
    try run("PRAGMA page_size = 16384")
    try run("PRAGMA journal_mode = WAL")
    try transaction(.writing) { () throws(RegistryError) in
      let version = try integer("PRAGMA user_version")
      guard version < Schema.version else { return }
      for migration in Schema.migrations[version...] {
        for statement in migration { try run(statement) }
      }
      try run("PRAGMA application_id = \(Schema.applicationID)")
      try run("PRAGMA user_version = \(Schema.version)")
    }
  }

  /// How this connection behaves.
  func configure() throws(RegistryError) {
    try run("PRAGMA foreign_keys = ON")
    // A registered skill is on the disk, not only in the system's memory.
    try run("PRAGMA synchronous = FULL")
    // In pages: the log stays below 16 MiB. Folding it in happens inside a commit, and so under the
    // writer's lock.
    try run("PRAGMA wal_autocheckpoint = 1024")
  }

  func integer(_ sql: String, _ values: [SQLValue] = []) throws(RegistryError) -> Int {
    try first(sql, values) { $0.int(0) } ?? 0
  }
}
