/// The tables of a registry. A migration that was released is never edited; the next is added.
enum Schema {
  /// `Reef` in ASCII: what tells a registry from another program's SQLite file.
  static let applicationID = 0x5265_6566

  /// The schema that this Reef writes.
  static let version = 5

  /// The highest version that a bundle may give to a name, so that there is always a next one.
  static let maximumVersion = 1 << 30

  /// The highest version that an entry of a bundle keeps here; a higher one becomes the next of its name.
  static let maximumKeptVersion = 1 << 20

  /// Which rows are for ever, by table: what makes a row the same as a new one.
  static let immutableTables: KeyValuePairs<String, [String]> = [
    "digests": ["id = NEW.id", "digest = NEW.digest"],
    "objects": ["id = NEW.id"],
    "edges": [
      "user = NEW.user AND position = NEW.position", "user = NEW.user AND parent = NEW.parent",
    ],
    "names": [
      "id = NEW.id", "name = NEW.name AND version = NEW.version",
      "name = NEW.name AND skill = NEW.skill",
    ],
    "claims": ["object = NEW.object"],
    "parts": ["skill = NEW.skill AND weights = NEW.weights"],
    "moves": ["id = NEW.id"],
    "chunks": ["id = NEW.id", "object = NEW.object AND position = NEW.position"],
  ]

  /// Brings the tables from a schema to the next, inside a transaction.
  static func leave(schema: Int, _ store: Store) throws(RegistryError) {
    let database = store.database
    switch schema {
    case 0: try makeFirst(database)
    case 1: try makeSecond(database)
    case 2: try makeThird(database)
    // What was tried in vain, which no growth asks for any more.
    case 3: try database.run("DROP TABLE attempts")
    case 4: try makeFifth(store)
    default: preconditionFailure("no step leads from schema \(schema)")
    }
  }

  /// Triggers that keep what was registered as it is, whichever program writes to the file. The
  /// third kind is for INSERT OR REPLACE, which deletes without firing a delete trigger.
  ///
  /// - Parameter keys: What makes a row the same as a new one, for each unique key.
  static func immutability(of table: String, keys: [String]) -> [String] {
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

  /// How this connection behaves. (`defend` comes after a migration: schema 1 checked its JSON with
  /// a function that a schema may not run then.)
  func configure() throws(RegistryError) {
    try run("PRAGMA foreign_keys = ON")
    // In KiB. Digests come in no order, so that every new one falls on another page of its index.
    try run("PRAGMA cache_size = -65536")
    // A registered skill is on the disk, not only in the system's memory.
    try run("PRAGMA synchronous = FULL")
    // The log is folded in under the writer's lock only: `foldLogIfLong`.
    try run("PRAGMA wal_autocheckpoint = 0")
    countLogPages()
  }

  func integer(_ sql: String, _ values: [SQLValue] = []) throws(RegistryError) -> Int {
    try first(sql, values) { $0.int(0) } ?? 0
  }
}

extension Store {
  /// Brings the file to the newest schema, in one transaction. The caller holds the writer's lock.
  func migrate() throws(RegistryError) {
    // The page size comes first: it is fixed once the file has a page.
    try database.run("PRAGMA page_size = 16384")
    try database.run("PRAGMA journal_mode = WAL")
    // A table that is made anew is dropped in between, while others refer to it.
    try database.run("PRAGMA foreign_keys = OFF")
    defer { try? database.run("PRAGMA foreign_keys = ON") }
    try database.transaction(.writing) { () throws(RegistryError) in
      let version = try database.integer("PRAGMA user_version")
      guard version < Schema.version else { return }
      for schema in version..<Schema.version { try Schema.leave(schema: schema, self) }
      let dangling = try database.rows("PRAGMA foreign_key_check") { $0.text(0) }
      guard dangling.isEmpty else {
        throw damaged("rows of \(dangling[0]) refer to rows that are gone")
      }
      try database.run("PRAGMA application_id = \(Schema.applicationID)")
      try database.run("PRAGMA user_version = \(Schema.version)")
    }
  }
}
