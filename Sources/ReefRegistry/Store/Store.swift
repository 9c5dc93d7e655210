import Foundation
import ReefMachine

/// What a registry does on one connection. Not thread-safe: `Registry` lets one caller in at a time.
///
/// A *name* here is a row of the table `names`: one claim (name, version) on a skill. The rows never
/// change, and so what was once read of them is kept.
final class Store {
  let path: String
  let database: Database
  let isWritable: Bool
  private let lock: WriterLock
  /// False until the file was found to be one: what it is not, Reef leaves as it was.
  private var isRegistry = false
  /// SQLite's own count of changes to the schema, when the last transaction began.
  private(set) var schemaCount = 0
  /// Lineage in memory, if it has been loaded; of which state it is, and how often it was asked for.
  var lineage: (last: Int, schema: Int, uses: Int, graph: LineageGraph?) = (0, 0, 0, nil)
  /// New names that search does not know yet; it does when the transaction is kept. SQLite would write
  /// out what search learned of each before whatever statement comes next.
  var unindexed: [(claim: Claim, name: Int)] = []
  /// By the id of the name.
  private var skills: [Int: Skill] = [:]
  /// The ids of first names.
  private var firstNames: [Digest: Int] = [:]

  private(set) var migration: Registry.Migration?

  /// What SQLite keeps in memory.
  static let memoryPath = ":memory:"

  init(path named: String, access: Registry.Access, isSuspect: Bool) throws(RegistryError) {
    let (path, exists) = try Store.locate(named)
    self.path = path
    guard SQLiteRelease.inUse.number >= SQLiteRelease.oldest.number else {
      throw .registryUnreadable(
        path: path,
        reason:
          "SQLite \(SQLiteRelease.inUse) is older than \(SQLiteRelease.oldest), which it takes")
    }
    lock = WriterLock(registryPath: path)
    switch (access, exists) {
    case (.reading, false), (.changing, false): throw .registryMissing(path: path)
    case (_, true): database = try Store.openExisting(path)
    case (.writing, false):
      try Store.makeFolder(of: path)
      database = try Database(path: path, mode: .creating)
    }
    isWritable = access != .reading && !database.isReadOnly

    let kind = try database.kind()
    if kind.isEmpty, kind.applicationID == 0, kind.schemaVersion == 0 {
      guard access == .writing, isWritable else { throw .registryMissing(path: path) }
    } else if kind.applicationID != Schema.applicationID || kind.schemaVersion < 1 {
      throw .registryUnreadable(path: path, reason: "it is another program's database")
    }
    guard kind.schemaVersion <= Schema.version else {
      throw .schemaTooNew(path: path, found: kind.schemaVersion, supported: Schema.version)
    }
    try database.configure()
    if kind.schemaVersion == Schema.version {
      if !isSuspect { try Schema.refuseHarm(of: database, schema: Schema.version) }
    } else {
      guard isWritable else {
        let remedy =
          database.isReadOnly
          ? "and the file may not be written" : "'reef registry migrate' brings it up"
        throw .registryUnreadable(
          path: path, reason: "it has the older schema \(kind.schemaVersion); \(remedy)")
      }
      try lock.withLock { () throws(RegistryError) in
        // Another process may have been here meanwhile.
        let schema = try database.kind().schemaVersion
        if schema > 0 { try Schema.refuseHarm(of: database, schema: schema) }
        guard schema < Schema.version else { return }
        if schema > 0 { migration = try keepCopy(schema: schema) }
        try migrate()
      }
    }
    try database.defend()
    isRegistry = true
  }

  /// A new registry in memory, as some schema had it.
  init(inMemoryWithSchema schema: Int) throws(RegistryError) {
    path = Store.memoryPath
    lock = WriterLock(registryPath: path)
    database = try Database(path: path, mode: .creating)
    isWritable = true
    for step in 0..<schema { try Schema.leave(schema: step, self) }
    try database.configure()
    try database.defend()
  }

  /// Keeps the file as it was before a migration beside it: `registry.sqlite.schema1`, or, where that
  /// is there already, `registry.sqlite.schema1.2` and so on.
  private func keepCopy(schema: Int) throws(RegistryError) -> Registry.Migration {
    let wanted = "\(path).schema\(schema)"
    let unfinished = wanted + ".part"
    try? FileManager.default.removeItem(atPath: unfinished)
    try database.copy(to: unfinished)
    var target = wanted
    var number = 1
    while FileManager.default.fileExists(atPath: target) {
      // A migration that was cut short has left its copy.
      if FileManager.default.contentsEqual(atPath: unfinished, andPath: target) { break }
      number += 1
      target = "\(wanted).\(number)"
    }
    guard rename(unfinished, target) == 0 else {
      throw .writeFailed(path: path, reason: "the copy \(target) cannot be made")
    }
    return Registry.Migration(schema: schema, copy: target)
  }

  /// A writer folds the log into the file, under the lock, so that a registry at rest is one file.
  /// Closing a connection folds nothing: SQLite then only removes a log that is empty.
  deinit {
    var isFolded = false
    if isRegistry {
      try? lock.withLock(patience: 0) { () throws(RegistryError) in
        if isWritable { try database.foldLog() }
        isFolded = Store.size(of: path + "-wal") == 0
        if isFolded { database.close() }
      }
    }
    if !isFolded { database.leaveLogOnClose() }
  }

  /// Where the file is that a path names, and whether it is there. Links are followed here, so that the
  /// log and the lock are beside the file itself, whatever leads to it.
  private static func locate(
    _ named: String
  ) throws(RegistryError) -> (path: String, exists: Bool) {
    guard !named.isEmpty else {
      throw .registryUnreadable(path: "''", reason: "its path is empty")
    }
    let path = Database.filePath(named)
    var status = stat()
    guard stat(path, &status) == 0 else {
      switch errno {
      case ENOENT:
        guard lstat(path, &status) != 0 else {
          throw .registryUnreadable(path: path, reason: "it is a link to what is not there")
        }
        return (path, false)
      case ENOTDIR: return (path, false)
      case let code: throw .registryUnreadable(path: path, reason: String(cString: strerror(code)))
      }
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .registryUnreadable(path: path, reason: "it is a folder, not a file")
    default: throw .registryUnreadable(path: path, reason: "it is no file")
    }
    // The smallest database is one page of 512 bytes; SQLite takes some shorter files for empty ones
    // and would write over them.
    if (1..<512).contains(status.st_size) {
      throw .registryUnreadable(path: path, reason: "it is no SQLite database")
    }
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let real = realpath(path, nil)
    else { return (path, true) }
    defer { free(real) }
    return (String(cString: real), true)
  }

  /// In bytes; 0 where there is no file.
  private static func size(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.size] as? Int ?? 0
  }

  private static func makeFolder(of path: String) throws(RegistryError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var part = ""
    for name in folder.split(separator: "/") {
      part += "/\(name)"
      guard mkdir(part, 0o777) == 0 || errno == EEXIST else {
        let reason = String(cString: strerror(errno))
        throw .registryNotMade(
          path: path, reason: "its folder \(folder) cannot be made (\(reason))")
      }
    }
  }

  private static func openExisting(_ path: String) throws(RegistryError) -> Database {
    do {
      let database = try Database(path: path, mode: .existing)
      _ = try database.kind()
      return database
    } catch {
      switch error {
      case .registryUnreadable, .registryReadOnly: break
      default: throw error
      }
      // A log needs a shared-memory file, which a folder that cannot be written refuses. Without a
      // log the file is whole by itself.
      guard size(of: path + "-wal") == 0 else { throw error }
      let database = try Database(path: path, mode: .immutable)
      _ = try database.kind()
      return database
    }
  }
}

// MARK: - Transactions

extension Store {
  /// Runs `body` on one snapshot.
  func reading<T: Sendable>(
    _ body: @Sendable (Store) throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    try database.snapshot { (count) throws(RegistryError) in
      forgetIfCollected(count)
      return try body(self)
    }
  }

  /// Everything that `body` writes is kept, or nothing of it.
  func writing<T: Sendable>(
    _ body: @Sendable (Store) throws(RegistryError) -> T,
    afterwards: @Sendable (Store) throws(RegistryError) -> Void
  ) throws(RegistryError) -> T {
    guard isWritable else { throw .registryReadOnly(path: path) }
    return try lock.withLock { () throws(RegistryError) in
      let result = try transaction(body)
      // What is written is kept, whatever comes of tidying up; the next writer tries again.
      try? afterwards(self)
      try? database.foldLogIfLong()
      return result
    }
  }

  private func transaction<T>(
    _ body: (Store) throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    do throws(RegistryError) {
      return try database.transaction(.writing) { () throws(RegistryError) in
        forgetIfCollected(try database.integer("PRAGMA schema_version"))
        let result = try body(self)
        try indexNew()
        return result
      }
    } catch {
      // Ids that were rolled back will be given again.
      forget()
      unindexed.removeAll()
      throw error
    }
  }

  /// Rows never change, but another process may have removed some: it then made the schema anew.
  private func forgetIfCollected(_ count: Int) {
    if count != schemaCount { forget() }
    schemaCount = count
  }

  /// More skills than that are not kept in memory.
  private static let manySkills = 1 << 16

  /// Spares reading what was just written or read.
  func remember(_ skill: Skill, as name: Int) {
    if skills.count >= Store.manySkills { forget() }
    skills[name] = skill
  }

  /// What is remembered of a name.
  func remembered(_ name: Int) -> Skill? { skills[name] }

  func remember(_ name: Int, asFirstOf digest: Digest) { firstNames[digest] = name }

  /// The skill under the first of its names, where that can be said without a look into the file.
  func knownSkill(_ digest: Digest) -> Skill? { firstNames[digest].flatMap { skills[$0] } }

  /// Drops what was read before, where names have changed.
  func forget() {
    skills.removeAll()
    firstNames.removeAll()
  }

  /// Lets new names be found.
  func indexNew() throws(RegistryError) {
    for new in unindexed { try database.index(new.claim, as: new.name) }
    unindexed.removeAll()
  }

  /// Reads something that was sound when it was kept.
  func sound<T>(
    _ what: String, _ body: () throws(RecordError) -> T
  ) throws(RegistryError) -> T {
    do {
      return try body()
    } catch {
      throw damaged("\(what): \(error.reason)")
    }
  }

  func damaged(_ reason: String) -> RegistryError { .registryDamaged(path: path, reason: reason) }
}
