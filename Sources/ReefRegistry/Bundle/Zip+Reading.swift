extension Zip {
  /// Reads what `bytes` wrote, and refuses every other archive with the reason. The local headers are
  /// followed from the first byte on, so that no two parts overlap and nothing hides between them;
  /// then the table of contents must say the same of each part, in the same order, and end the file.
  init(_ archive: [UInt8], _ limits: Bundle.Limits = .init()) throws(RegistryError) {
    var reader = ZipReader(archive: archive, maximumEntryCount: limits.partCount)
    self.init(try reader.localEntries())
    try reader.checkDirectory(of: entries)
    // Every field was looked at; that the archive written anew is the same vouches for it.
    guard bytes == archive else {
      throw .bundleDamaged(part: nil, reason: "it is no archive that 'reef export' writes")
    }
  }
}

/// A cursor that moves once over an archive.
private struct ZipReader {
  let archive: [UInt8]
  let maximumEntryCount: Int
  var position = 0
  /// Where the local header of each part begins.
  var offsets: [Int] = []

  mutating func localEntries() throws(RegistryError) -> [Zip.Entry] {
    guard isAt(Zip.localSignature) else {
      throw .bundleDamaged(part: nil, reason: "it is no zip file")
    }
    var entries: [Zip.Entry] = []
    // Paths in lower case: two that differ only by that are one file on some systems.
    var taken: Set<String> = []
    while isAt(Zip.localSignature) {
      offsets.append(position)
      let entry = try localEntry()
      guard taken.insert(entry.path.lowercased()).inserted else {
        throw .bundleDamaged(part: entry.path, reason: "two parts have this name")
      }
      entries.append(entry)
      guard entries.count <= maximumEntryCount else {
        throw .bundleDamaged(part: nil, reason: "it has more than \(maximumEntryCount) parts")
      }
    }
    return entries
  }

  private mutating func localEntry() throws(RegistryError) -> Zip.Entry {
    try need(30, "it ends inside the header of a part")
    let (nameSize, extraSize) = (half(26), half(28))
    let path = try path(at: 30, size: nameSize)
    try check(description: 4, of: path)
    guard extraSize == 0 else {
      throw .bundleDamaged(part: path, reason: "it has an extra field")
    }
    let crc = UInt32(word(14))
    let size = word(22)
    position += 30 + nameSize
    guard archive.count - position >= size else {
      throw .bundleDamaged(part: path, reason: "the file ends inside it")
    }
    let bytes = Array(archive[position..<position + size])
    guard crc32(of: bytes) == crc else {
      throw .bundleDamaged(part: path, reason: "its checksum does not fit")
    }
    position += size
    return Zip.Entry(path: path, bytes: bytes)
  }

  /// That the central directory follows, repeats what the local headers said, and ends the file.
  mutating func checkDirectory(of entries: [Zip.Entry]) throws(RegistryError) {
    let start = position
    for (entry, offset) in zip(entries, offsets) {
      try need(46, "it ends inside its table of contents")
      guard isAt(Zip.directorySignature) else {
        throw .bundleDamaged(
          part: entry.path,
          reason: "it is not in the table of contents, or something lies before it")
      }
      let (nameSize, extraSize, commentSize) = (half(28), half(30), half(32))
      let path = try path(at: 46, size: nameSize)
      guard path == entry.path else {
        throw .bundleDamaged(part: path, reason: "the table of contents has it in another place")
      }
      try check(description: 6, of: path)
      guard word(20) == entry.bytes.count, word(16) == Int(crc32(of: entry.bytes)) else {
        throw .bundleDamaged(
          part: path, reason: "the table of contents gives it another size or checksum")
      }
      guard word(42) == offset else {
        throw .bundleDamaged(
          part: path, reason: "the table of contents has it begin inside another part")
      }
      guard extraSize == 0, commentSize == 0, half(34) == 0, half(36) == 0 else {
        throw .bundleDamaged(
          part: path, reason: "it has an extra field, a comment or a disk number")
      }
      guard half(4) == 10, word(38) == 0 else {
        throw .bundleDamaged(
          part: path, reason: "it has permissions, or is a link or a folder, and not a plain file")
      }
      position += 46 + nameSize
    }
    try checkEnd(count: entries.count, start: start)
  }

  private mutating func checkEnd(count: Int, start: Int) throws(RegistryError) {
    let size = position - start
    guard !isAt(Zip.directorySignature) else {
      throw .bundleDamaged(part: nil, reason: "its table of contents has parts that are not there")
    }
    try need(22, "it is cut short: the end record is missing")
    guard isAt(Zip.endSignature), half(4) == 0, half(6) == 0, half(8) == count, half(10) == count,
      word(12) == size, word(16) == start
    else {
      throw .bundleDamaged(part: nil, reason: "its end record does not fit its table of contents")
    }
    guard archive.count == position + 22, half(20) == 0 else {
      throw .bundleDamaged(part: nil, reason: "something follows after its end")
    }
  }

  /// The fields from the needed version to the sizes, which both headers have. The offset is that of
  /// the first.
  private func check(description: Int, of path: String) throws(RegistryError) {
    func refusal(_ reason: String) -> RegistryError { .bundleDamaged(part: path, reason: reason) }
    let flags = half(description + 2)
    guard flags & 0x2041 == 0 else { throw refusal("it is encrypted") }
    guard flags & 8 == 0 else { throw refusal("its sizes follow after it, in a descriptor") }
    guard flags == 0, half(description) == 10 else {
      throw refusal("it needs a newer zip than bundles do")
    }
    guard half(description + 4) == 0 else { throw refusal("it is compressed; parts are stored") }
    guard half(description + 6) == 0, half(description + 8) == 1 << 5 | 1 else {
      throw refusal("it has a date other than 1 January 1980")
    }
    guard word(description + 14) == word(description + 18) else {
      throw refusal("its size and its stored size differ")
    }
  }

  private func path(at offset: Int, size: Int) throws(RegistryError) -> String {
    try need(offset + size, "it ends inside the name of a part")
    let name = archive[position + offset..<position + offset + size]
    if let reason = PartName.problem(of: name) {
      throw .bundleDamaged(part: PartName.shown(name), reason: reason)
    }
    return String(decoding: name, as: UTF8.self)
  }

  private func need(_ count: Int, _ reason: String) throws(RegistryError) {
    guard archive.count - position >= count else {
      throw .bundleDamaged(part: nil, reason: reason)
    }
  }

  private func isAt(_ signature: [UInt8]) -> Bool { archive[position...].starts(with: signature) }

  /// Little-endian, at an offset from the cursor; `need` has seen to it that it is there.
  private func half(_ offset: Int) -> Int {
    Int(archive[position + offset]) | Int(archive[position + offset + 1]) << 8
  }

  private func word(_ offset: Int) -> Int { half(offset) | half(offset + 2) << 16 }
}
