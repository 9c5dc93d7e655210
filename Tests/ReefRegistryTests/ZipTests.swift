import Foundation
import Testing

@testable import ReefRegistry

@Suite struct ZipTests {
  static let plain = RawZip(parts: [.init("a/b.txt", [1, 2, 3]), .init("c.txt", [4])])

  @Test("An archive is what an independent writer makes of the same parts")
  func writing() throws {
    let zip = Zip([.init(path: "a/b.txt", bytes: [1, 2, 3]), .init(path: "c.txt", bytes: [4])])
    #expect(zip.bytes == ZipTests.plain.archive)
    #expect(try Zip(ZipTests.plain.archive) == zip)
  }

  /// How an archive lies, and the sentence that says so.
  struct Lie: Sendable, CustomTestStringConvertible {
    let part: String?
    let reason: String
    let tell: @Sendable (inout RawZip) -> Void

    init(_ part: String?, _ reason: String, _ tell: @escaping @Sendable (inout RawZip) -> Void) {
      self.part = part
      self.reason = reason
      self.tell = tell
    }

    var testDescription: String { reason }
  }

  @Test(
    "Whatever is not canonical is refused with its reason",
    arguments: [
      Lie(nil, "it is no zip file") { $0.start = [0x4D, 0x5A] },
      Lie(nil, "something follows after its end") { $0.end = [0] },
      Lie(nil, "something follows after its end") { $0.comment = [65, 66] },
      Lie(nil, "its end record does not fit its table of contents") { $0.count = 1 },
      Lie("c.txt", "it is compressed; parts are stored") { $0.parts[1].method = 8 },
      Lie("a/b.txt", "it is encrypted") { $0.parts[0].flags = 1 },
      Lie("a/b.txt", "it is encrypted") { $0.parts[0].flags = 1 << 13 },
      Lie("c.txt", "its sizes follow after it, in a descriptor") { $0.parts[1].flags = 8 },
      Lie("c.txt", "it needs a newer zip than bundles do") { $0.parts[1].flags = 1 << 11 },
      Lie("c.txt", "it needs a newer zip than bundles do") { $0.parts[1].neededVersion = 45 },
      Lie("c.txt", "it has a date other than 1 January 1980") { $0.parts[1].time = 1 },
      Lie("c.txt", "it has a date other than 1 January 1980") { $0.parts[1].date = 34 },
      Lie("c.txt", "its size and its stored size differ") { $0.parts[1].storedSize = 2 },
      Lie("c.txt", "it has an extra field") { $0.parts[1].localExtra = [1, 0, 0, 0] },
      Lie("a/b.txt", "the table of contents gives it another size or checksum") {
        $0.parts[0].directorySize = 2
      },
      Lie("c.txt", "the table of contents has it begin inside another part") {
        $0.parts[1].offset = 0
      },
      Lie("c.txt", "it has an extra field, a comment or a disk number") {
        $0.parts[1].directoryExtra = [1, 0, 0, 0]
      },
      Lie("c.txt", "it has an extra field, a comment or a disk number") {
        $0.parts[1].comment = [65]
      },
      Lie("c.txt", "it has an extra field, a comment or a disk number") { $0.parts[1].disk = 1 },
      Lie("c.txt", "it has permissions, or is a link or a folder, and not a plain file") {
        $0.parts[1].attributes = 0o120777 << 16
      },
      Lie("c.txt", "it has permissions, or is a link or a folder, and not a plain file") {
        $0.parts[1].maker = 3 << 8 | 10
      },
      Lie("d.txt", "the table of contents has it in another place") {
        $0.parts[1].directoryName = Array("d.txt".utf8)
      },
      Lie("a/b.txt", "it is not in the table of contents, or something lies before it") {
        $0.beforeDirectory = [0]
      },
      Lie("a/b.txt", "two parts have this name") { $0.parts[1].name = Array("a/b.txt".utf8) },
      Lie("A/b.txt", "two parts have this name") { $0.parts[1].name = Array("A/b.txt".utf8) },
      Lie("a/b.txt", "it is not in the table of contents, or something lies before it") {
        $0.parts[0].trailer = [80, 75, 7, 8]
      },
    ])
  func lies(lie: Lie) {
    var zip = ZipTests.plain
    lie.tell(&zip)
    let error = registryError { _ = try Zip(zip.archive) }
    #expect(error == .bundleDamaged(part: lie.part, reason: lie.reason))
  }

  @Test(
    "A path that leads elsewhere, or reads as another, is refused and shown harmlessly",
    arguments: [
      ("/etc/passwd", "its path is absolute"),
      ("../x", "its path leads out of the bundle"),
      ("a/../../x", "its path leads out of the bundle"),
      ("C:/x", "its path names a drive, or has backslashes"),
      ("a\\b", "its path names a drive, or has backslashes"),
      ("a//b", "its path is not in its shortest form, or is a folder's"),
      ("./a", "its path is not in its shortest form, or is a folder's"),
      ("a/", "its path is not in its shortest form, or is a folder's"),
      ("", "it has no name"),
      ("a b", "its name has control characters or spaces"),
      ("a\u{1B}[2J", "its name has control characters or spaces"),
      ("a\0b", "its name has control characters or spaces"),
      ("a\u{202E}b", "its name has characters other than ASCII"),
      ("é", "its name has characters other than ASCII"),
    ])
  func paths(path: String, reason: String) throws {
    var zip = ZipTests.plain
    zip.parts[1].name = Array(path.utf8)
    let error = try #require(registryError { _ = try Zip(zip.archive) })
    guard case .bundleDamaged(let part, reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(part?.utf8.allSatisfy { (0x20..<0x7F).contains($0) } == true)
  }

  @Test("A name that is no UTF-8 is refused")
  func noText() {
    var zip = ZipTests.plain
    zip.parts[1].name = [0x61, 0xFF]
    #expect(
      registryError { _ = try Zip(zip.archive) }
        == .bundleDamaged(part: "'a\\u{FFFD}'", reason: "its name is no text"))
  }
}
