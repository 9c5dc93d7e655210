import ReefMachine

/// Objects: what a digest stands for.
extension Store {
  enum ObjectKind: String {
    case skill
    case claim
    case tests
    case weights
  }

  /// An object as it is kept.
  struct StoredObject {
    let id: Int
    let digest: Digest
    /// Nil for one that this Reef does not know.
    let codec: Codec?
    /// Of the content, in bytes.
    let size: Int
    /// The content in its codec; none where it is in chunks.
    let bytes: [UInt8]
  }

  /// What is longer is kept in chunks of so many bytes, each compressed for itself.
  static let chunkSize = 4 << 20

  /// What claims to be longer was not written here. (An array of weights has a line of text before it.)
  static let maximumObjectSize = Weight.maximumSize + (1 << 16)

  /// Code and claims that are no longer are kept as they are: they are read with every skill, and to
  /// inflate them would take longer than all the rest of that.
  static let shortTextSize = 4 << 10

  func digestID(_ digest: Digest) throws(RegistryError) -> Int? {
    try database.first("SELECT id FROM digests WHERE digest = ?", [.digest(digest)]) { $0.int(0) }
  }

  /// The id of `digest`, which is given one where it has none.
  func makeDigestID(_ digest: Digest) throws(RegistryError) -> Int {
    if let id = try digestID(digest) { return id }
    return try addDigest(digest)
  }

  private func addDigest(_ digest: Digest) throws(RegistryError) -> Int {
    try database.run("INSERT INTO digests (digest) VALUES (?)", [.digest(digest)])
    return database.lastInsertedID
  }

  /// Keeps `bytes` under `digest`; what is kept already stays. Gives the id, and whether it is new.
  ///
  /// - Parameter width: Of the numbers that the bytes are, in bytes; nil for text.
  func keep(
    _ kind: ObjectKind, _ digest: Digest, _ bytes: [UInt8], width: Int? = nil
  ) throws(RegistryError) -> (id: Int, isNew: Bool) {
    let known = try digestID(digest)
    if let known,
      try database.integer("SELECT count(*) FROM objects WHERE id = ?", [.int(known)]) > 0
    {
      return (known, false)
    }
    let id = if let known { known } else { try addDigest(digest) }
    try write(
      "INSERT INTO objects (kind, codec, size, bytes, id) VALUES (?, ?, ?, ?, ?)", id, kind, bytes,
      width: width)
    return (id, true)
  }

  /// Puts `bytes` in the place of what an object has now. Only while rows can be changed.
  func replace(
    _ id: Int, _ kind: ObjectKind, _ bytes: [UInt8], width: Int?
  ) throws(RegistryError) {
    try database.run("DELETE FROM chunks WHERE object = ?", [.int(id)])
    try write(
      "UPDATE objects SET kind = ?, codec = ?, size = ?, bytes = ? WHERE id = ?", id, kind, bytes,
      width: width)
  }

  /// Gives an object another digest. Only while rows can be changed.
  func redirect(_ id: Int, to digest: Digest) throws(RegistryError) {
    try database.run("UPDATE digests SET digest = ? WHERE id = ?", [.digest(digest), .int(id)])
  }

  private func write(
    _ sql: String, _ id: Int, _ kind: ObjectKind, _ bytes: [UInt8], width: Int?
  ) throws(RegistryError) {
    let isLarge = bytes.count > Store.chunkSize
    let isShortText = [.skill, .claim].contains(kind) && bytes.count <= Store.shortTextSize
    let (codec, packed) =
      isLarge ? (.raw, []) : isShortText ? (.raw, bytes) : Codec.encode(bytes, width: width)
    try database.run(
      sql,
      [
        .text(kind.rawValue), .text(codec.rawValue), .int(bytes.count), .bytes(packed), .int(id),
      ])
    guard isLarge else { return }
    for start in stride(from: 0, to: bytes.count, by: Store.chunkSize) {
      let chunk = Array(bytes[start..<min(start + Store.chunkSize, bytes.count)])
      let (codec, packed) = Codec.encode(chunk, width: width)
      try database.run(
        "INSERT INTO chunks (object, position, codec, size, bytes) VALUES (?, ?, ?, ?, ?)",
        [
          .int(id), .int(start / Store.chunkSize), .text(codec.rawValue), .int(chunk.count),
          .bytes(packed),
        ])
    }
  }

  /// The bytes of an object, compared with its digest.
  func object(_ kind: ObjectKind, _ id: Int) throws(RegistryError) -> [UInt8] {
    guard let stored = try stored(kind, id) else {
      throw damaged("an object of kind \(kind) is gone")
    }
    return try content(of: stored, kind)
  }

  /// The object as it is kept; nil where there is none of that kind.
  func stored(_ kind: ObjectKind, _ id: Int) throws(RegistryError) -> StoredObject? {
    try database.first(
      """
      SELECT id, digest, codec, size, bytes FROM objects JOIN digests USING (id)
      WHERE id = ? AND kind = ?
      """, [.int(id), .text(kind.rawValue)]
    ) { (row) throws(RegistryError) in try StoredObject(row, at: 0) }
  }

  /// The content of an object, compared with its digest.
  func content(of stored: StoredObject, _ kind: ObjectKind) throws(RegistryError) -> [UInt8] {
    guard let bytes = try unpacked(stored) else {
      throw damaged("the \(kind) \(stored.digest.short) cannot be decompressed")
    }
    guard kind.digest(of: bytes) == stored.digest else {
      throw damaged("the content of the \(kind) \(stored.digest.short) does not fit its digest")
    }
    return bytes
  }

  /// The content of an object, whatever its digest; nil where it cannot be decompressed.
  ///
  /// - Parameter limit: What claims to be longer is not unpacked.
  func unpacked(
    _ stored: StoredObject, limit: Int = Store.maximumObjectSize
  ) throws(RegistryError) -> [UInt8]? {
    guard stored.size <= limit else { return nil }
    let isInChunks = stored.bytes.isEmpty && stored.size > 0
    return isInChunks
      ? try chunks(of: stored.id, count: stored.size)
      : stored.codec?.decode(stored.bytes, count: stored.size)
  }

  /// Nil where they are not the chunks of so many bytes.
  private func chunks(of id: Int, count: Int) throws(RegistryError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var isWhole = true
    let sql = "SELECT codec, size, bytes FROM chunks WHERE object = ? ORDER BY position"
    try database.each(sql, [.int(id)]) { row in
      let size = row.int(1)
      guard (1...Store.chunkSize).contains(size), bytes.count + size <= count,
        let chunk = Codec(rawValue: row.text(0))?.decode(row.bytes(2), count: size)
      else {
        isWhole = false
        return false
      }
      bytes += chunk
      return true
    }
    return isWhole && bytes.count == count ? bytes : nil
  }
}

extension Store.StoredObject {
  /// Reads the columns id, digest, codec, size and bytes, of which the first is `column`.
  init(_ row: Row, at column: Int32) throws(RegistryError) {
    id = row.int(column)
    digest = try row.digest(column + 1)
    codec = Codec(rawValue: row.text(column + 2))
    size = row.int(column + 3)
    bytes = row.bytes(column + 4)
  }
}

extension Store.ObjectKind {
  /// Of the bytes behind a line that tells their kind: a skill's is `SkillCode.digest`.
  func digest(of bytes: [UInt8]) -> Digest {
    var hasher = SHA256()
    switch self {
    case .skill: hasher.update(Self.skillTag)
    case .claim: hasher.update(Self.claimTag)
    case .tests: hasher.update(Self.testsTag)
    case .weights: return Weight.digest(content: bytes)
    }
    hasher.update(bytes)
    return hasher.finalize()
  }

  private static let skillTag = Array("reef.skill\n".utf8)
  private static let claimTag = Array("reef.claim\n".utf8)
  private static let testsTag = Array("reef.tests\n".utf8)
}
