@testable import ReefRegistry

/// A zip writer that can be told to lie in every field, written apart from the one under test.
struct RawZip {
  struct Part {
    var name: [UInt8]
    var bytes: [UInt8]
    var neededVersion = 10
    var flags = 0
    var method = 0
    var time = 0
    var date = 33
    var storedSize: Int?
    var localExtra: [UInt8] = []
    /// What follows the bytes, such as a descriptor.
    var trailer: [UInt8] = []
    var maker = 10
    var directoryName: [UInt8]?
    var directorySize: Int?
    var directoryExtra: [UInt8] = []
    var comment: [UInt8] = []
    var disk = 0
    var attributes = 0
    var offset: Int?

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = Array(name.utf8)
      self.bytes = bytes
    }
  }

  var parts: [Part]
  var start: [UInt8] = []
  var beforeDirectory: [UInt8] = []
  var count: Int?
  var comment: [UInt8] = []
  var end: [UInt8] = []

  var archive: [UInt8] {
    var archive = start
    var directory: [UInt8] = []
    for part in parts {
      let offset = part.offset ?? archive.count
      let crc = Int(crc32(of: part.bytes))
      func description(_ size: Int) -> [UInt8] {
        half(part.neededVersion) + half(part.flags) + half(part.method) + half(part.time)
          + half(part.date) + word(crc) + word(part.storedSize ?? size) + word(size)
      }
      archive += [0x50, 0x4B, 3, 4] + description(part.bytes.count)
      archive += half(part.name.count) + half(part.localExtra.count)
      archive += part.name + part.localExtra + part.bytes + part.trailer
      let name = part.directoryName ?? part.name
      directory += [0x50, 0x4B, 1, 2] + half(part.maker)
      directory += description(part.directorySize ?? part.bytes.count)
      directory += half(name.count) + half(part.directoryExtra.count) + half(part.comment.count)
      directory += half(part.disk) + half(0) + word(part.attributes) + word(offset)
      directory += name + part.directoryExtra + part.comment
    }
    archive += beforeDirectory
    let start = archive.count
    archive += directory + [0x50, 0x4B, 5, 6] + half(0) + half(0)
    archive += half(count ?? parts.count) + half(count ?? parts.count)
    archive += word(directory.count) + word(start) + half(comment.count) + comment + end
    return archive
  }

  private func half(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  private func word(_ value: Int) -> [UInt8] { half(value) + half(value >> 16) }
}
