/// Schema 1: entries under names, with what a name claims of an entry in the columns of its row.
extension Schema {
  static func makeFirst(_ database: Database) throws(RegistryError) {
    for statement in firstTables { try database.run(statement) }
    for (table, keys) in firstKeys {
      for statement in immutability(of: table, keys: keys) { try database.run(statement) }
    }
  }

  private static let firstTables = [
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
    attempts,
  ]

  /// What was tried in vain, so that a resumed growth need not try it again. Not part of any entry;
  /// schema 4 has no such table.
  static let attempts = """
    CREATE TABLE attempts (
      task TEXT NOT NULL,
      root BLOB NOT NULL CHECK (length(root) = 32),
      steps INTEGER NOT NULL,
      PRIMARY KEY (task, root)
    ) STRICT, WITHOUT ROWID
    """

  private static let firstKeys = [
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
  ]
}
