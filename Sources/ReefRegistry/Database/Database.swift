import CSQLite
import Glibc
import ReefMachine

/// A value that SQLite stores.
enum SQLValue: Hashable, Sendable {
  case int(Int)
  case text(String)
  case bytes([UInt8])

  static func digest(_ digest: Digest) -> SQLValue { .bytes(digest.bytes) }
}

/// One connection to an SQLite file, with its prepared statements: all of SQLite that Reef uses.
///
/// Not thread-safe: its owner sees to it that one thread at a time uses it. Every error names the
/// file.
final class Database {
  enum Mode {
    /// Reads and writes where the file may be written, else only reads; makes no file.
    case existing
    /// The same, and makes the file.
    case creating
    /// Takes the file for one that nobody changes: what a folder that cannot be written allows.
    case immutable
  }

  /// For how long a writer waits for another.
  static let patience = 60

  let path: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]
  /// The same by where the text of the statement lies: to hash long texts takes a while.
  private var statementsByPlace: [Int: (sql: String, statement: OpaquePointer)] = [:]
  private var isClosed = false
  /// What `countLogPages` notes, at an address that SQLite keeps.
  private let logPages = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init(path: String, mode: Mode) throws(RegistryError) {
    var handle: OpaquePointer?
    let access =
      switch mode {
      case .existing: SQLITE_OPEN_READWRITE
      case .creating: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let name = if case .immutable = mode { Database.immutableName(path) } else { path }
    // One thread at a time uses the connection, so SQLite need not lock it.
    let code = sqlite3_open_v2(name, &handle, access | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let handle else {
      let reason = String(cString: sqlite3_errmsg(handle) ?? sqlite3_errstr(code))
      sqlite3_close_v2(handle)
      guard case .creating = mode else { throw .registryUnreadable(path: path, reason: reason) }
      throw .registryNotMade(path: path, reason: Database.obstacle(to: path) ?? reason)
    }
    self.path = path
    self.handle = handle
    logPages.initialize(to: 0)
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(Database.patience * 1000))
  }

  deinit {
    close()
    logPages.deallocate()
  }

  /// `path` as SQLite takes it for a file's: `:memory:` and the like mean something else to it.
  static func filePath(_ path: String) -> String {
    [":", "file:"].contains(where: path.hasPrefix) ? "./" + path : path
  }

  /// Why no file can be made at `path`, which SQLite does not tell; nil where the system makes one.
  private static func obstacle(to path: String) -> String? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    Glibc.close(descriptor)
    return nil
  }

  /// Nothing may be run afterwards; closing again does nothing.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    for statement in statements.values { sqlite3_finalize(statement) }
    statements = [:]
    statementsByPlace = [:]
    sqlite3_close_v2(handle)
  }

  private static func immutableName(_ path: String) -> String {
    var name = "file:"
    for byte in path.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "/._-".contains(character) {
        name.append(character)
      } else {
        let hex = String(byte, radix: 16)
        name += "%" + (hex.count == 1 ? "0" : "") + hex
      }
    }
    return name + "?immutable=1"
  }

  /// Whether the file itself cannot be written.
  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  /// Closing then leaves the write-ahead log as it is, for the next writer to fold in.
  func leaveLogOnClose() { _ = reef_sqlite3_leave_log_on_close(handle) }

  /// Sees to it that no statement harms the structure of the file.
  func defend() throws(RegistryError) { try check(reef_sqlite3_defend(handle)) }

  /// Whether `defend` is in force.
  var isDefensive: Bool { reef_sqlite3_is_defensive(handle) == 1 }

  /// The id of the row that was inserted last.
  var lastInsertedID: Int { Int(sqlite3_last_insert_rowid(handle)) }
}

// MARK: - Statements

extension Database {
  /// Runs one statement that gives no rows of interest.
  func run(_ sql: String, _ values: [SQLValue] = []) throws(RegistryError) {
    try each(sql, values) { (_) throws(RegistryError) in true }
  }

  /// What `read` makes of each row, in order. `read` may not run statements of its own.
  func rows<T>(
    _ sql: String, _ values: [SQLValue] = [], read: (Row) throws(RegistryError) -> T
  ) throws(RegistryError) -> [T] {
    var results: [T] = []
    try each(sql, values) { (row) throws(RegistryError) in
      results.append(try read(row))
      return true
    }
    return results
  }

  /// What `read` makes of the first row, or nil where there is none.
  func first<T>(
    _ sql: String, _ values: [SQLValue] = [], read: (Row) throws(RegistryError) -> T
  ) throws(RegistryError) -> T? {
    var result: T?
    try each(sql, values) { (row) throws(RegistryError) in
      result = try read(row)
      return false
    }
    return result
  }

  /// Hands each row to `visit`, in order, until it returns false. `visit` may not run this statement.
  func each(
    _ sql: String, _ values: [SQLValue] = [], _ visit: (Row) throws(RegistryError) -> Bool
  ) throws(RegistryError) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      try check(bind(value, at: Int32(index + 1), of: statement))
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !visit(Row(statement: statement, path: path)) { return }
      case SQLITE_DONE: return
      case let code: throw failure(code)
      }
    }
  }

  private func prepared(_ sql: String) throws(RegistryError) -> OpaquePointer {
    // Texts that stand in the program are equal wherever they are the same, which is seen at once.
    let place = sql.utf8.withContiguousStorageIfAvailable { Int(bitPattern: $0.baseAddress) } ?? 0
    if let known = statementsByPlace[place], known.sql == sql { return known.statement }
    let statement = try compiled(sql)
    statementsByPlace[place] = (sql, statement)
    return statement
  }

  private func compiled(_ sql: String) throws(RegistryError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    try check(
      sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
    guard let statement else { preconditionFailure("no statement in '\(sql)'") }
    statements[sql] = statement
    return statement
  }

  private func bind(_ value: SQLValue, at index: Int32, of statement: OpaquePointer) -> Int32 {
    // SQLITE_TRANSIENT: SQLite copies what it is given.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .int(let value): return sqlite3_bind_int64(statement, index, Int64(value))
    case .text(let text):
      return sqlite3_bind_text64(
        statement, index, text, UInt64(text.utf8.count), copied, UInt8(SQLITE_UTF8))
    case .bytes(let bytes):
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
      return bytes.withUnsafeBytes {
        sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copied)
      }
    }
  }

  private func check(_ code: Int32) throws(RegistryError) {
    if code != SQLITE_OK { throw failure(code) }
  }

  private func failure(_ code: Int32) -> RegistryError {
    let reason = String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_NOTADB: return .registryUnreadable(path: path, reason: "it is no SQLite database")
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
      return .registryUnreadable(path: path, reason: reason)
    case SQLITE_READONLY: return .registryReadOnly(path: path)
    // The statements are Reef's own, so that one in error means that tables are not as they were.
    case SQLITE_CORRUPT, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_SCHEMA:
      return .registryDamaged(path: path, reason: reason)
    case SQLITE_BUSY, SQLITE_LOCKED:
      return .registryBusy(path: path, seconds: Database.patience)
    default: return .writeFailed(path: path, reason: reason)
    }
  }
}

// MARK: - Transactions

extension Database {
  enum TransactionKind: String {
    /// A snapshot: what others write meanwhile stays unseen.
    case reading = "BEGIN DEFERRED"
    /// The only writer until it ends.
    case writing = "BEGIN IMMEDIATE"
  }

  /// Runs `body` on one snapshot, with SQLite's count of changes to the schema.
  ///
  /// A read transaction lasts as long as any statement of its connection; the one that reads the count
  /// is kept open. To begin and to end one by statements would take twice the time.
  func snapshot<T>(
    _ body: (_ schemaCount: Int) throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    var result: T?
    try each("PRAGMA schema_version") { (row) throws(RegistryError) in
      result = try body(row.int(0))
      return false
    }
    guard let result else { preconditionFailure("SQLite counts the changes of every schema") }
    return result
  }

  /// Runs `body` in a transaction, which is rolled back where `body` throws.
  func transaction<T>(
    _ kind: TransactionKind, _ body: () throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    try run(kind.rawValue)
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // SQLite has rolled back by itself after some errors, a full disk for one.
      if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
      throw error
    }
  }
}

// MARK: - The write-ahead log

extension Database {
  /// Above so many pages, 16 MiB, the log is folded into the file.
  private static let longLog = 1024

  /// Notes from now on how many pages the log has after each commit of this connection.
  func countLogPages() {
    sqlite3_wal_hook(
      handle,
      { count, _, _, pages in
        count?.assumingMemoryBound(to: Int.self).pointee = Int(pages)
        return SQLITE_OK
      }, logPages)
  }

  /// Folds the log into the file where it has grown long. The caller holds the writer's lock, and
  /// nobody else does this: see `WriterLock`.
  func foldLogIfLong() throws(RegistryError) {
    guard logPages.pointee > Database.longLog else { return }
    try run("PRAGMA wal_checkpoint(PASSIVE)")
    logPages.pointee = 0
  }

  /// Folds the log into the file and empties it, unless somebody reads from it just now. The caller
  /// holds the writer's lock.
  func foldLog() throws(RegistryError) {
    sqlite3_busy_timeout(handle, 0)
    try run("PRAGMA wal_checkpoint(TRUNCATE)")
  }
}

// MARK: - Copies

extension Database {
  /// Writes a copy of the whole file, as of one moment, to `target`, which must not exist.
  func copy(to target: String) throws(RegistryError) {
    let copy = try Database(path: target, mode: .creating)
    defer { copy.close() }
    guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
      throw copy.failure(sqlite3_errcode(copy.handle))
    }
    let code = sqlite3_backup_step(backup, -1)
    sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else { throw copy.failure(code) }
  }
}

// MARK: - Rows

/// One row of a result, valid until the next. Tables are STRICT, so that a column of another type
/// means damage.
struct Row {
  fileprivate let statement: OpaquePointer
  fileprivate let path: String

  func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

  func text(_ column: Int32) -> String { String(decoding: raw(column), as: UTF8.self) }

  func bytes(_ column: Int32) -> [UInt8] { [UInt8](raw(column)) }

  private func raw(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, column)
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  func digest(_ column: Int32) throws(RegistryError) -> Digest {
    guard let digest = Digest(raw(column)) else {
      throw .registryDamaged(path: path, reason: "a digest is not 32 bytes long")
    }
    return digest
  }
}
