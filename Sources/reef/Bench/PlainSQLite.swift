import CSQLite
import ReefMachine
import ReefRegistry

/// What Reef's tables cost with nothing around them: the same rows, written and read by prepared
/// statements with the same promises. It hashes, checks and compresses nothing.
final class PlainSQLite {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]
  private var nextID = 1_000_000

  /// - Parameter path: A registry that Reef made.
  init(path: String) throws {
    var handle: OpaquePointer?
    guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else {
      throw WrongAnswer(workload: "plain SQLite", found: "no database", expected: path)
    }
    self.handle = handle
    for pragma in ["foreign_keys = ON", "synchronous = FULL", "wal_autocheckpoint = 0"] {
      try run("PRAGMA \(pragma)")
    }
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close(handle)
  }

  enum Field {
    case int(Int)
    case text(String)
    case bytes([UInt8])
  }

  /// Three objects with their digests, three edges, a name, a claim and a row to search.
  func insert(_ skill: NewSkill, version: Int) throws {
    let code = Array(skill.code.canonicalText.utf8)
    let tests = Array(repeating: UInt8(ascii: "5"), count: 24_000)
    let claim = Array(skill.summary.utf8) + Array(repeating: 32, count: 400)
    let first = nextID
    nextID += 3
    try run("BEGIN IMMEDIATE")
    for (offset, object) in [("skill", code), ("tests", tests), ("claim", claim)].enumerated() {
      let (kind, bytes) = object
      let digest = skill.digest.bytes.dropLast() + [UInt8(offset)]
      try run(
        "INSERT INTO digests (id, digest) VALUES (?, ?)",
        [.int(first + offset), .bytes(Array(digest))])
      try run(
        "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, ?, 'raw', ?, ?)",
        [.int(first + offset), .text(kind), .int(bytes.count), .bytes(bytes)])
    }
    for (position, parent) in skill.code.callees.enumerated() {
      try run(
        "INSERT INTO edges (user, position, parent) SELECT ?, ?, id FROM digests WHERE digest = ?",
        [.int(first), .int(position), .bytes(parent.bytes)])
    }
    try run(
      """
      INSERT INTO names (id, name, version, skill, claim, generation, origin, at, author, seal)
      VALUES (?, ?, ?, ?, ?, 1, 'grown', 0, 'x', 0)
      """,
      [.int(first), .text(skill.name), .int(version), .int(first), .int(first + 2)])
    try run(
      "INSERT INTO claims (object, name, tests) VALUES (?, ?, ?)",
      [.int(first + 2), .int(first), .int(first + 1)])
    try run(
      "INSERT INTO search (rowid, name, summary, type) VALUES (?, ?, ?, 't')",
      [.int(first), .text(skill.name), .text(skill.summary)])
    try run("COMMIT")
  }

  /// The bytes of the code and of the claim of one version: how many there are.
  func fetch(_ name: String, _ version: Int) throws -> Int {
    var size = 0
    try run(
      """
      SELECT code.bytes, said.bytes FROM names JOIN objects AS code ON code.id = skill
      JOIN objects AS said ON said.id = claim WHERE name = ? AND version = ?
      """, [.text(name), .int(version)]
    ) { statement in
      for column in 0..<Int32(2) {
        let count = Int(sqlite3_column_bytes(statement, column))
        let start = sqlite3_column_blob(statement, column)
        size += [UInt8](UnsafeRawBufferPointer(start: start, count: count)).count
      }
    }
    return size
  }

  func versions(of name: String) throws -> Int {
    var count = 0
    try run(
      """
      SELECT version, digest, at, author FROM names JOIN digests ON digests.id = skill WHERE name = ?
      """, [.text(name)]
    ) { statement in
      count += sqlite3_column_int64(statement, 0) > 0 ? 1 : 0
    }
    return count
  }

  private func run(
    _ sql: String, _ fields: [Field] = [], row: (OpaquePointer) -> Void = { _ in }
  ) throws {
    let statement = try prepared(sql)
    defer { sqlite3_reset(statement) }
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (index, field) in fields.enumerated() {
      let place = Int32(index + 1)
      switch field {
      case .int(let value): sqlite3_bind_int64(statement, place, Int64(value))
      case .text(let text): sqlite3_bind_text(statement, place, text, -1, copied)
      case .bytes(let bytes):
        sqlite3_bind_blob64(statement, place, bytes, UInt64(bytes.count), copied)
      }
    }
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      row(statement)
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else {
      throw WrongAnswer(
        workload: "plain SQLite", found: String(cString: sqlite3_errmsg(handle)), expected: "done")
    }
  }

  private func prepared(_ sql: String) throws -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard let statement else {
      throw WrongAnswer(
        workload: "plain SQLite", found: String(cString: sqlite3_errmsg(handle)), expected: sql)
    }
    statements[sql] = statement
    return statement
  }
}
