import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct DigestTests {
  @Test(
    "SHA-256 gives the digests that NIST published",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func published(text: String, hex: String) {
    #expect(SHA256.hash(text.utf8).hex == hex)
  }

  @Test func aMillionLetters() {
    #expect(
      SHA256.hash(repeatElement(UInt8(ascii: "a"), count: 1_000_000)).hex
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("With and without the processor's own instructions blocks give the same state")
  func instructions() {
    let bytes = (0..<640).map { UInt8(truncatingIfNeeded: $0 * $0 + $0 / 3) }
    for count in 0...10 {
      var states = (SIMD8<UInt32>(repeating: 7), SIMD8<UInt32>(repeating: 7))
      bytes.prefix(64 * count).withUnsafeBytes {
        SHA256.compress(&states.0, $0)
        SHA256.compressByRounds(&states.1, $0)
      }
      #expect(states.0 == states.1)
    }
  }

  @Test("sha256sum gives the same digests", .enabled(if: DigestTests.sha256sum != nil))
  func otherProgram() throws {
    for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000, 70_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 256) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(DigestTests.sha256sum))
      let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("reef-sha256-\(UUID().uuidString)")
      try Data(bytes).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      process.arguments = [file.path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let printed = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(String(decoding: printed.prefix(64), as: UTF8.self) == SHA256.hash(bytes).hex)
    }
  }

  private static let sha256sum = ["/usr/bin/sha256sum", "/bin/sha256sum"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test("Pieces of any length give the digest of the whole", arguments: 0..<130)
  func pieces(length: Int) {
    let bytes = (0..<400).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var hasher = SHA256()
    hasher.update(bytes.prefix(length))
    hasher.update(bytes.dropFirst(length))
    #expect(hasher.finalize() == SHA256.hash(bytes))
  }

  @Test func hexadecimalRoundTrip() {
    let digest = SHA256.hash("x".utf8)
    #expect(Digest(hex: digest.hex) == digest)
    #expect(digest.bytes.withUnsafeBytes { Digest($0) } == digest)
    #expect(Digest(hex: digest.hex.uppercased()) == nil)
    #expect(Digest(hex: digest.hex.dropLast()) == nil)
    let other = SHA256.hash("y".utf8)
    #expect((digest.hex < other.hex) == (digest < other))
  }
}

@Suite struct ValueTests {
  private func parse(_ text: String, _ type: String) throws -> Value {
    try Value(json: try JSON(parsing: text), as: try Type(parsing: type))
  }

  @Test(
    "Values survive JSON",
    arguments: [
      ("1", "int"), ("-9223372036854775808", "int"), ("true", "bool"), ("[]", "[int]"),
      ("[[1,2],[]]", "[[int]]"), ("[1,[true,false]]", "(int, [bool])"), ("0.5", "real"),
      ("\"nan\"", "real"), ("[\"inf\",\"-inf\"]", "[real]"),
    ])
  func roundTrip(text: String, type: String) throws {
    #expect(try parse(text, type).json.text == text)
  }

  @Test func realsAcceptIntegers() throws {
    #expect(try parse("[1, 2.5, 1e3]", "[real]") == .reals([1, 2.5, 1000]))
  }

  @Test(
    "Values of another type are refused, with the place",
    arguments: [
      ("1.0", "int", "expected int, found 1.0"),
      ("1e0", "int", "expected int, found 1e0"),
      (
        "9223372036854775808", "int",
        "expected int, found 9223372036854775808, which does not fit into 64 bits"
      ),
      ("1", "bool", "expected bool, found 1"),
      ("\"1\"", "int", "expected int, found \"1\""),
      ("null", "[int]", "expected [int], found null"),
      ("[1,[2]]", "[int]", "expected int at [1], found [2]"),
      ("[[1,2],[3,true]]", "[(int, int)]", "expected int at [1][1], found true"),
      ("[1,2,3]", "(int, int)", "expected (int, int), found [1,2,3]"),
      ("1e999", "real", "expected real, found 1e999, which is too large for a real"),
      (
        "[-9223372036854775809]", "[int]",
        "expected int at [0], found -9223372036854775809, which does not fit into 64 bits"
      ),
      ("9223372036854775808.0", "int", "expected int, found 9223372036854775808.0"),
      ("\"NaN\"", "real", "expected real, found \"NaN\""),
    ])
  func refused(text: String, type: String, reason: String) throws {
    let error = #expect(throws: ValueError.self) { try parse(text, type) }
    #expect(error?.description == reason)
  }

  @Test(
    "Text that is no JSON is refused, with the place",
    arguments: [
      ("", 1, 1), ("[1,]", 1, 4), ("01", 1, 2), ("[1\n,x]", 2, 2), ("1 2", 1, 3),
      ("{\"a\":1,\"a\":2}", 1, 11),
      ("\"\\ud800\"", 1, 8), ("-", 1, 2), ("1.", 1, 3), ("nul", 1, 4), ("+1", 1, 1),
    ])
  func invalidJSON(text: String, line: Int, column: Int) {
    let error = #expect(throws: ParseError.self) { try JSON(parsing: text) }
    #expect(error?.line == line && error?.column == column, "\(error!)")
  }

  @Test func hostileNestingIsRefused() {
    #expect(throws: ParseError.self) {
      try JSON(parsing: String(repeating: "[", count: 100_000))
    }
    #expect(throws: ParseError.self) {
      try Type(parsing: String(repeating: "[", count: 100_000))
    }
  }

  @Test func tolerance() {
    #expect(Value.real(1).matches(.real(1 + 1e-10), tolerance: 1e-9))
    #expect(!Value.real(1).matches(.real(1 + 1e-8), tolerance: 1e-9))
    #expect(Value.reals([1e9]).matches(.reals([1e9 + 0.5]), tolerance: 1e-9))
    #expect(Value.real(.nan).matches(.real(.nan), tolerance: 0))
    #expect(Value.real(.infinity).matches(.real(.infinity), tolerance: 0))
    #expect(!Value.real(.infinity).matches(.real(1), tolerance: 1e-9))
    #expect(!Value.real(1).matches(.real(-.infinity), tolerance: 1e-9))
    #expect(Value.real(0.0).matches(.real(-0.0), tolerance: 0))
    #expect(!Value.int(1).matches(.int(2), tolerance: 10))
  }
}

@Suite struct ParserTests {
  @Test(
    "Types are written as they are read",
    arguments: [
      "int", "[[bool]]", "(int, [real])", "(a, b) -> c", "((a) -> b, [a]) -> [b]", "() -> int",
    ])
  func types(text: String) throws {
    #expect(try Type(parsing: text).description == text)
  }

  @Test(
    "A wrong type or signature is refused, with the place",
    arguments: [
      ("(x: int) -> [int", 17, "expected ']', found the end"),
      (
        "(x: integer) -> int", 5,
        "unknown type 'integer'; the types are int, bool, real, [T] and (T, U)"
      ),
      ("(x: int, x: int) -> int", 10, "two parameters are named 'x'"),
      ("(x int) -> int", 4, "expected ':', found 'i'"),
      ("(x: (int, int, int)) -> int", 5, "a pair has two parts; this has 3"),
      ("(x: int) -> int!", 16, "unexpected '!'"),
      ("(1: int) -> int", 2, "expected a name"),
    ])
  func refused(text: String, column: Int, message: String) {
    let error = #expect(throws: ParseError.self) { try Signature(parsing: text) }
    #expect(error == ParseError(message: message, line: 1, column: column))
  }

  @Test(
    "Wrong code is refused, with the place",
    arguments: [
      ("skill (x: int) -> int\n  s1 = x\n  return x", 2, 3),
      ("skill (x: int) -> int\n  s0 = int.add x\n  return x", 2, 15),
      ("skill (x: int) -> int\n  s0 = int.add#0123456789 x\n  return x", 2, 16),
      ("skill (x: int) -> int\n  return yes", 2, 10),
      ("skill (x: int) -> int\n  return @bias", 2, 10),
      ("skill (x: int) -> int\n  return 1-2", 2, 10),
      ("skill (x: int) -> int\n  return x\n  s0 = self x", 3, 1),
      ("(x: int) -> int\n  return x", 1, 1),
    ])
  func refusedCode(text: String, line: Int, column: Int) {
    let error = #expect(throws: ParseError.self) { try SkillCode(parsing: text) }
    #expect(error?.line == line && error?.column == column, "\(error!)")
  }

  @Test("Abbreviated digests are looked up")
  func abbreviations() throws {
    let add = Atoms.named("int.add")!.digest
    let text = "skill (x: int) -> int\n  s0 = int.add#\(add.short) x x\n  return s0\n"
    let code = try SkillCode(parsing: text) { $0 == add.short ? add : nil }
    #expect(code.steps == [.init(.skill(add), [.slot(0), .slot(0)])])
    #expect(throws: ParseError.self) { try SkillCode(parsing: text) }
  }

  @Test("Names of parameters and skills are no part of the digest")
  func labels() throws {
    let shop = Workshop()
    let one = try shop.code("skill (x: int) -> int\n  s0 = int.add x 1\n  return s0")
    let other = try shop.code("skill (number: int) -> int\n  s0 = int.add number 1\n  return s0")
    #expect(one.digest == other.digest)
    let reserved = SkillCode(
      signature: Signature(
        parameters: [.init("s0", .int), .init("self", .int), .init("true", .int)], result: .int),
      steps: one.steps, result: .slot(3))
    let text = reserved.text { _ in nil }
    #expect(try SkillCode(parsing: text).digest == reserved.digest, "\(text)")
  }
}
