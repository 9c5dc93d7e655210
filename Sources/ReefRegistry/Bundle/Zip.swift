/// A zip archive in the one form that Reef writes: entries stored, in the order given, dated
/// 1 January 1980, with no extra fields, comments or descriptors. So the same entries are always the
/// same bytes, and any unzip opens them.
///
/// The format is PKWARE's APPNOTE 6.3.3, sections 4.3.7 (local header), 4.3.12 (central directory)
/// and 4.3.16 (end record).
struct Zip: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    /// ASCII.
    let path: String
    let bytes: [UInt8]
  }

  /// What the 16-bit counts of the format hold.
  static let maximumEntryCount = 0xFFFF

  let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }
}

// MARK: - Writing

extension Zip {
  /// Why entries do not fit into an archive, or nil where they do. Reef does without Zip64.
  var tooLarge: String? {
    guard entries.count <= Zip.maximumEntryCount else {
      return "it has \(entries.count) parts, more than \(Zip.maximumEntryCount)"
    }
    let size = entries.reduce(0) { $0 + $1.bytes.count }
    guard size <= Bundle.maximumSize else {
      return "it has \(size) bytes, more than \(Bundle.maximumSize)"
    }
    return nil
  }

  /// The archive. The entries are not `tooLarge`.
  var bytes: [UInt8] {
    var archive: [UInt8] = []
    archive.reserveCapacity(
      22 + entries.reduce(0) { $0 + 76 + 2 * $1.path.utf8.count + $1.bytes.count })
    var directory: [UInt8] = []
    for entry in entries {
      let offset = archive.count
      let description = Zip.description(of: entry)
      archive += Zip.localSignature + description + [UInt8](entry.path.utf8) + entry.bytes
      // Made by MS-DOS, which has no permissions; no comment, disk 0, no attributes.
      directory += Zip.directorySignature + Zip.version + description
      directory += [UInt8](repeating: 0, count: 10) + Zip.word(offset) + [UInt8](entry.path.utf8)
    }
    let start = archive.count
    archive += directory
    archive += Zip.endSignature + Zip.half(0) + Zip.half(0)
    archive += Zip.half(entries.count) + Zip.half(entries.count)
    archive += Zip.word(directory.count) + Zip.word(start) + Zip.half(0)
    return archive
  }

  private static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let directorySignature: [UInt8] = [0x50, 0x4B, 1, 2]
  private static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
  /// 1.0, the first.
  private static let version = half(10)

  /// The 26 bytes that the local header and the directory share.
  private static func description(of entry: Entry) -> [UInt8] {
    let size = word(entry.bytes.count)
    let flags = half(0)
    let stored = half(0)
    let time = half(0)
    let firstDay = half(1 << 5 | 1)
    let noExtraField = half(0)
    return version + flags + stored + time + firstDay + word(Int(crc32(of: entry.bytes))) + size
      + size + half(entry.path.utf8.count) + noExtraField
  }

  private static func half(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  private static func word(_ value: Int) -> [UInt8] { half(value) + half(value >> 16) }
}

// MARK: - Reading

extension Zip {
  /// Reads what `bytes` wrote. The local headers are followed from the first byte on; that the
  /// archive written anew is the same, byte for byte, vouches for the rest.
  init(_ archive: [UInt8]) throws(RegistryError) {
    guard archive.starts(with: Zip.localSignature) else {
      throw .bundleDamaged(part: nil, reason: "it is no zip file")
    }
    var entries: [Entry] = []
    var position = 0
    while archive[position...].starts(with: Zip.localSignature) {
      let entry = try Zip.entry(of: archive, at: &position)
      entries.append(entry)
    }
    self.init(entries)
    guard entries.count <= Zip.maximumEntryCount, bytes == archive else {
      throw .bundleDamaged(
        part: nil,
        reason: "its table of contents is not as 'reef export' writes it; perhaps it was cut short "
          + "or packed anew")
    }
  }

  private static func entry(
    of archive: [UInt8], at position: inout Int
  ) throws(RegistryError) -> Entry {
    let headerSize = 30
    guard archive.count - position >= headerSize else {
      throw .bundleDamaged(part: nil, reason: "it ends inside the header of a part")
    }
    func number(_ offset: Int, _ size: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(archive[position + offset + $1]) << (8 * $1) }
    }
    let crc = UInt32(number(14, 4))
    let size = number(18, 4)
    let nameSize = number(26, 2)
    let name = position + headerSize
    guard archive.count - name >= nameSize,
      let path = String(validating: archive[name..<name + nameSize], as: UTF8.self),
      path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
    else { throw .bundleDamaged(part: nil, reason: "the name of a part is none") }
    guard number(8, 2) == 0, number(22, 4) == size, number(28, 2) == 0 else {
      throw .bundleDamaged(
        part: path,
        reason: "it is not stored as 'reef export' stores it; perhaps it was packed anew")
    }
    let start = name + nameSize
    guard archive.count - start >= size else {
      throw .bundleDamaged(part: path, reason: "the file ends inside it")
    }
    let bytes = Array(archive[start..<start + size])
    guard crc32(of: bytes) == crc else {
      throw .bundleDamaged(part: path, reason: "its checksum does not fit")
    }
    position = start + size
    return Entry(path: path, bytes: bytes)
  }
}
