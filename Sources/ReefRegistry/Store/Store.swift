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
  /// By the id of the name.
  private var skills: [Int: Skill] = [:]
  /// The ids of first names.
  private var firstNames: [Digest: Int] = [:]

  /// What SQLite keeps in memory; a file of that name is `./:memory:`.
  static let memoryPath = ":memory:"

  init(path: String, access: Registry.Access) throws(RegistryError) {
    self.path = path
    lock = WriterLock(registryPath: path)
    let exists = path == Store.memoryPath ? false : try Store.isFile(path)
    switch (access, exists) {
    case (.reading, false): throw .registryMissing(path: path)
    case (.reading, true): database = try Store.openExisting(path)
    case (.writing, true): database = try Store.openExisting(path)
    case (.writing, false):
      try Store.makeFolder(of: path)
      database = try Database(path: path, mode: .creating)
    }
    isWritable = access == .writing && !database.isReadOnly

    let kind = try database.kind()
    if kind.isEmpty, kind.applicationID == 0, kind.schemaVersion == 0 {
      guard isWritable else {
        throw .registryUnreadable(path: path, reason: "it is empty")
      }
    } else if kind.applicationID != Schema.applicationID {
      throw .registryUnreadable(path: path, reason: "it is another program's database")
    }
    guard kind.schemaVersion <= Schema.version else {
      throw .schemaTooNew(path: path, found: kind.schemaVersion, supported: Schema.version)
    }
    try database.configure()
    if kind.schemaVersion < Schema.version {
      guard isWritable else {
        throw .registryUnreadable(
          path: path,
          reason:
            "it has the older schema \(kind.schemaVersion); 'reef registry migrate' brings it up")
      }
      try lock.withLock { () throws(RegistryError) in
        if kind.schemaVersion > 0 { try keepCopy(schema: kind.schemaVersion) }
        try database.migrate()
      }
    }
    try database.defend()
    isRegistry = true
  }

  /// Keeps the file as it was before a migration beside it, once: `registry.sqlite.schema1`.
  private func keepCopy(schema: Int) throws(RegistryError) {
    let target = "\(path).schema\(schema)"
    guard !FileManager.default.fileExists(atPath: target) else { return }
    let unfinished = target + ".part"
    try? FileManager.default.removeItem(atPath: unfinished)
    try database.copy(to: unfinished)
    guard rename(unfinished, target) == 0 else {
      throw .writeFailed(path: path, reason: "the copy \(target) cannot be made")
    }
  }

  /// The last connection that closes folds the log into the file, and does so under the lock.
  deinit {
    guard isRegistry else { return database.leaveLogOnClose() }
    do {
      try lock.withLock(patience: 0) { () throws(RegistryError) in database.close() }
    } catch {
      database.leaveLogOnClose()
      database.close()
    }
  }

  private static func isFile(_ path: String) throws(RegistryError) -> Bool {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if isDirectory.boolValue {
      throw .registryUnreadable(path: path, reason: "it is a folder, not a file")
    }
    // The smallest database is one page of 512 bytes; SQLite takes some shorter files for empty ones
    // and would write over them.
    if exists, (1..<512).contains(size(of: path)) {
      throw .registryUnreadable(path: path, reason: "it is no SQLite database")
    }
    return exists
  }

  /// In bytes; 0 where there is no file.
  private static func size(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.size] as? Int ?? 0
  }

  private static func makeFolder(of path: String) throws(RegistryError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .registryUnreadable(path: path, reason: "its folder \(folder) cannot be made")
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
    try database.transaction(.reading) { () throws(RegistryError) in
      try forgetIfCollected()
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
      do throws(RegistryError) {
        let result = try database.transaction(.writing) { () throws(RegistryError) in
          try forgetIfCollected()
          return try body(self)
        }
        try afterwards(self)
        try database.foldLogIfLong()
        return result
      } catch {
        // Ids that were rolled back will be given again.
        forget()
        throw error
      }
    }
  }

  /// Rows never change, but another process may have removed some: it then made the schema anew.
  private func forgetIfCollected() throws(RegistryError) {
    let current = try database.integer("PRAGMA schema_version")
    if current != schemaCount { forget() }
    schemaCount = current
  }

  /// Spares reading what was just written.
  func remember(_ skill: Skill, as name: Int) { skills[name] = skill }

  /// Drops what was read before, where names have changed.
  func forget() {
    skills.removeAll()
    firstNames.removeAll()
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

// MARK: - Objects

extension Store {
  func digestID(_ digest: Digest) throws(RegistryError) -> Int? {
    try database.first("SELECT id FROM digests WHERE digest = ?", [.digest(digest)]) { $0.int(0) }
  }

  /// The id of `digest`, which is given one where it has none.
  func makeDigestID(_ digest: Digest) throws(RegistryError) -> Int {
    if let id = try digestID(digest) { return id }
    try database.run("INSERT INTO digests (digest) VALUES (?)", [.digest(digest)])
    return database.lastInsertedID
  }

  enum ObjectKind: String {
    case skill
    case claim
    case tests
    case weights
  }

  /// Keeps `bytes` under `digest`; what is kept already stays. Gives the id, and whether it is new.
  ///
  /// - Parameter width: Of the numbers that the bytes are, in bytes; nil for text.
  func keep(
    _ kind: ObjectKind, _ digest: Digest, _ bytes: [UInt8], width: Int? = nil
  ) throws(RegistryError) -> (id: Int, isNew: Bool) {
    let id = try makeDigestID(digest)
    let known = try database.integer("SELECT count(*) FROM objects WHERE id = ?", [.int(id)])
    guard known == 0 else { return (id, false) }
    let (codec, packed) = width.map { Codec.encode(bytes, width: $0) } ?? Codec.encode(bytes)
    try database.run(
      "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, ?, ?, ?, ?)",
      [
        .int(id), .text(kind.rawValue), .text(codec.rawValue), .int(bytes.count), .bytes(packed),
      ])
    return (id, true)
  }

  /// The bytes of an object, compared with its digest.
  func object(_ kind: ObjectKind, _ id: Int) throws(RegistryError) -> [UInt8] {
    let stored = try database.first(
      """
      SELECT digest, codec, size, bytes FROM objects JOIN digests USING (id) WHERE id = ? AND kind = ?
      """, [.int(id), .text(kind.rawValue)]
    ) { (row) throws(RegistryError) in
      (
        digest: try row.digest(0), codec: Codec(rawValue: row.text(1)), size: row.int(2),
        bytes: row.bytes(3)
      )
    }
    guard let stored else { throw damaged("an object of kind \(kind) is gone") }
    guard let bytes = stored.codec?.decode(stored.bytes, count: stored.size) else {
      throw damaged("the \(kind) \(stored.digest.short) cannot be decompressed")
    }
    guard kind.digest(of: bytes) == stored.digest else {
      throw damaged("the content of the \(kind) \(stored.digest.short) does not fit its digest")
    }
    return bytes
  }
}

extension Store.ObjectKind {
  /// A skill's digest is that of its code (`SkillCode.digest`); test data's is that of their bytes,
  /// which begin with `[` and so never like the other kinds.
  func digest(of bytes: [UInt8]) -> Digest {
    var hasher = SHA256()
    switch self {
    case .skill: hasher.update("reef.skill\n".utf8)
    case .claim: hasher.update("reef.claim\n".utf8)
    case .tests: break
    case .weights: return Weight.digest(content: bytes)
    }
    hasher.update(bytes)
    return hasher.finalize()
  }
}

// MARK: - Names

extension Store {
  /// The skill that a row of `names` stands for, with the claim that people see.
  func skill(named id: Int) throws(RegistryError) -> Skill {
    if let skill = skills[id] { return skill }
    let row = try database.first(
      """
      SELECT name, version, skill, claim, digest FROM names JOIN digests ON digests.id = skill
      WHERE names.id = ?
      """, [.int(id)]
    ) { (row) throws(RegistryError) in
      (
        name: row.text(0), version: row.int(1), object: row.int(2), claim: row.int(3),
        digest: try row.digest(4)
      )
    }
    guard let row else { throw damaged("the name with the number \(id) is gone") }
    let text = String(decoding: try object(.skill, row.object), as: UTF8.self)
    let claim = try claim(row.claim)
    guard claim.name == row.name, claim.skill == row.digest else {
      throw damaged("\(row.name)@\(row.version): its claim is another's")
    }
    let label = "\(row.name)@\(row.version)"
    let record = try sound(label) { () throws(RecordError) in try SkillRecord(text: text) }
    let weights = try weights(of: record)
    let code = try sound(label) { () throws(RecordError) in
      try SkillCode(canonical: record.code, weights: weights, signature: claim.signature)
    }
    let skill = Skill(
      digest: row.digest, name: row.name, version: row.version, summary: claim.summary, code: code,
      certificate: claim.certificate, provenance: claim.provenance)
    skills[id] = skill
    return skill
  }

  func weights(of record: SkillRecord) throws(RegistryError) -> [Weight] {
    var weights: [Weight] = []
    for weight in record.weights {
      guard let id = try digestID(weight.digest),
        let whole = Weight(name: weight.name, content: try object(.weights, id))
      else { throw damaged("the weights \(weight.digest.short) are gone") }
      weights.append(whole)
    }
    return weights
  }

  func claim(_ object: Int) throws(RegistryError) -> Claim {
    let text = String(decoding: try self.object(.claim, object), as: UTF8.self)
    return try sound("a claim") { () throws(RecordError) in try Claim(text: text) }
  }

  func skills(named ids: [Int]) throws(RegistryError) -> [Skill] {
    var found: [Skill] = []
    for id in ids { found.append(try skill(named: id)) }
    return found
  }

  /// All names of a skill, those in use before those that are retired, and the first registered
  /// first; none where the registry has no such skill.
  func names(of digest: Digest) throws(RegistryError) -> [Int] {
    try database.rows(
      """
      SELECT names.id FROM names JOIN digests ON digests.id = skill WHERE digest = ?
      ORDER BY name IN retired, names.id
      """, [.digest(digest)]
    ) { $0.int(0) }
  }

  /// The skill under the first of its names.
  func skill(_ digest: Digest) throws(RegistryError) -> Skill? {
    if let known = knownSkill(digest) { return known }
    guard let first = try names(of: digest).first else { return nil }
    firstNames[digest] = first
    return try skill(named: first)
  }

  /// The same, where that can be said without a look into the file.
  func knownSkill(_ digest: Digest) -> Skill? { firstNames[digest].flatMap { skills[$0] } }
}
