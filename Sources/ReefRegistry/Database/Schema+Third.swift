/// Schema 3: what is large is kept in chunks; names that stand for something damaged are set aside.
extension Schema {
  static func makeThird(_ database: Database) throws(RegistryError) {
    for statement in thirdTables { try database.run(statement) }
    for (table, keys) in immutableTables where table == "chunks" {
      for statement in immutability(of: table, keys: keys) { try database.run(statement) }
    }
  }

  private static let thirdTables = [
    // The content of an object whose own row has none of it, though its size is not 0.
    """
    CREATE TABLE chunks (
      id INTEGER PRIMARY KEY,
      object INTEGER NOT NULL REFERENCES objects,
      position INTEGER NOT NULL CHECK (position >= 0),
      codec TEXT NOT NULL CHECK (codec IN ('raw', 'zlib', 'zlib2', 'zlib4', 'zlib8')),
      size INTEGER NOT NULL CHECK (size > 0),
      bytes BLOB NOT NULL,
      UNIQUE (object, position)
    ) STRICT
    """,
    // What the last check found damaged, or made of something damaged. Local, and no part of any entry.
    """
    CREATE TABLE quarantine (
      name INTEGER PRIMARY KEY REFERENCES names,
      reason TEXT NOT NULL
    ) STRICT
    """,
    // What is listed, searched and learned with.
    """
    CREATE VIEW usable AS SELECT * FROM names
    WHERE name NOT IN retired AND id NOT IN (SELECT name FROM quarantine)
    """,
  ]
}
