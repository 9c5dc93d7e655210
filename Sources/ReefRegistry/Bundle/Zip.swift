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
  /// Why entries do not fit into an archive that may be read again, or nil where they do. Reef does
  /// without Zip64.
  func excess(over limits: Bundle.Limits = .init()) -> String? {
    guard entries.count <= limits.partCount else {
      return "it has \(entries.count) parts, more than \(limits.partCount)"
    }
    guard size <= limits.size else { return "it has \(size) bytes, more than \(limits.size)" }
    guard let manifest = entries.first?.bytes.count, manifest > limits.manifestSize else {
      return nil
    }
    return "its manifest has \(manifest) bytes, more than \(limits.manifestSize)"
  }

  /// Of the archive, in bytes.
  private var size: Int {
    22 + entries.reduce(0) { $0 + 76 + 2 * $1.path.utf8.count + $1.bytes.count }
  }

  /// The archive. There is no `excess` of entries.
  var bytes: [UInt8] {
    var archive: [UInt8] = []
    archive.reserveCapacity(size)
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

  static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
  static let directorySignature: [UInt8] = [0x50, 0x4B, 1, 2]
  static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
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
