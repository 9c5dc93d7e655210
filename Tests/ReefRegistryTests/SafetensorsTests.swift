import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct SafetensorsTests {
  static let sample = Safetensors(
    [
      .init(name: "b", type: .f32, shape: [2, 2], bytes: [UInt8](0..<16)),
      .init(name: "a", type: .f32, shape: [], bytes: [1, 2, 3, 4]),
      .init(name: "wide", type: .f64, shape: [1], bytes: [UInt8](0..<8)),
      .init(name: "flags \"\n½", type: .bool, shape: [3], bytes: [0, 1, 0]),
      .init(name: "none", type: .i16, shape: [4, 0], bytes: []),
    ], metadata: ["about": "a sample"])

  /// A header with a value of so many arrays inside one object inside another.
  private static func nested(_ depth: Int) -> String {
    let arrays = depth - 1
    let value = String(repeating: "[", count: arrays) + String(repeating: "]", count: arrays)
    return "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"more\":\(value)}}"
  }

  private func file(_ header: String, _ bytes: [UInt8] = []) -> [UInt8] {
    let size = UInt64(header.utf8.count).littleEndian
    return withUnsafeBytes(of: size) { Array($0) } + Array(header.utf8) + bytes
  }

  @Test("What is written is read back; the header fills whole words of 8 bytes")
  func roundTrip() throws {
    let bytes = SafetensorsTests.sample.bytes
    #expect(try Safetensors(reading: bytes) == SafetensorsTests.sample)
    #expect(bytes[0] % 8 == 0 && bytes[8] == UInt8(ascii: "{"))
    #expect(try Safetensors(reading: Safetensors([]).bytes).tensors.isEmpty)
  }

  @Test(
    "A header that the format allows is read",
    arguments: [
      "{}", "{}   ", "{\"__metadata__\":{}}", "{\"__metadata__\":null}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"shape\":[0],\"data_offsets\":[0,0],\"dtype\":\"U8\",\"more\":1}}",
      // Each of these has the verdict of the reference implementation.
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952,0],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[18446744073709551615,0],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[0,18446744073709551615],\"data_offsets\":[0,0]}}",
      // Two names to a computer, one to Swift.
      "{\"\u{E9}\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
        + "\"e\u{301}\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      SafetensorsTests.nested(126),
    ])
  func sound(header: String) throws {
    #expect(try Safetensors(reading: file(header)).tensors.allSatisfy(\.bytes.isEmpty))
  }

  @Test(
    "What the format forbids is refused with its reason",
    arguments: [
      ("", "Its header does not begin with '{'."), (" {}", "Its header does not begin with '{'."),
      ("[]", "Its header does not begin with '{'."),
      (SafetensorsTests.nested(127), "Its header is no JSON: nested too deeply."),
      (
        "{\"../\u{301}\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "A tensor's name has NUL or '../' in it."
      ),
      ("{\"a\":1}", "The tensor a has no dtype, shape and data_offsets."),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "The bytes of a overlap others, leave a gap, or are not there."
      ),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,0]}}",
        "The shape of a does not fit its bytes."
      ),
      (
        "{\"a\":{\"dtype\":\"F99\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "The tensor a has no dtype, shape and data_offsets."
      ),
      (
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,0]}}",
        "The elements of a fill no whole bytes."
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
        "The shape of a is too large."
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-0],\"data_offsets\":[0,0]}}",
        "The tensor a has no dtype, shape and data_offsets."
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[0.0],\"data_offsets\":[0,0]}}",
        "The tensor a has no dtype, shape and data_offsets."
      ),
      (
        "{\"../a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "A tensor's name has NUL or '../' in it."
      ),
      (
        "{\"a\\u0000\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "A tensor's name has NUL or '../' in it."
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
          + "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "Its header is no JSON: the name \"a\" appears twice."
      ),
      ("{\"__metadata__\":{\"a\":1}}", "Its metadata are no object of texts."),
      ("{\"__metadata__\":7}", "Its metadata are no object of texts."),
    ])
  func forbidden(header: String, reason: String) {
    #expect(throws: SafetensorsError(reason)) { try Safetensors(reading: file(header)) }
  }

  @Test("A file that is cut short, or goes on, is refused")
  func lengths() {
    let bytes = SafetensorsTests.sample.bytes
    for count in bytes.indices {
      #expect(throws: SafetensorsError.self) { try Safetensors(reading: Array(bytes[..<count])) }
    }
    #expect(throws: SafetensorsError("It has bytes that belong to no tensor.")) {
      try Safetensors(reading: bytes + [0])
    }
    #expect(throws: SafetensorsError("Its header is too large.")) {
      try Safetensors(reading: [UInt8](repeating: 0xFF, count: 64))
    }
  }

  @Test("Any change of a file is refused, or is a file in its own right", arguments: seeds(1))
  func anyContent(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let whole = SafetensorsTests.sample.bytes
    for _ in 0..<1000 {
      var bytes = whole
      for _ in 0..<random.int(in: 1...3) { change(&bytes, &random) }
      // What is accepted says the same when it is written again.
      if let read = try? Safetensors(reading: bytes) {
        #expect(try Safetensors(reading: read.bytes) == read)
      }
    }
  }

  /// The reference implementation, where it is installed.
  static let hasReference = python3 != nil && (try? runPython("import safetensors.numpy")) != nil

  @Test(
    "The reference implementation writes the same bytes and reads ours",
    .enabled(if: hasReference, "needs python3 with safetensors and numpy"))
  func reference() throws {
    let folder = try TemporaryFolder()
    let skill = try weighted()
    let ours = Safetensors(weights: skill.code.weights).bytes
    try Data(ours).write(to: URL(fileURLWithPath: folder.file("ours")))
    let script = """
      import sys
      from safetensors.numpy import load_file, save_file
      save_file(load_file(sys.argv[1]), sys.argv[2])
      for name, array in sorted(load_file(sys.argv[1]).items()):
          print(name, array.dtype, array.shape, float(array.astype("float64").sum()))
      """
    let printed = try runPython(script, folder.file("ours"), folder.file("theirs"))
    #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.file("theirs")))) == ours)
    #expect(printed.hasPrefix("copy float64 (4, 6) "))
    #expect(printed.hasSuffix("scale float32 () 0.5\n"))
  }

  @Test(
    "On changed files the verdict is the reference implementation's, or stricter where we say so",
    .enabled(if: hasReference, "needs python3 with safetensors and numpy"), arguments: seeds(1))
  func mutations(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: seed)
    let whole = SafetensorsTests.sample.bytes
    var files: [[UInt8]] = [whole]
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<random.int(in: 1...3) { change(&bytes, &random) }
      files.append(bytes)
    }
    let packed = files.flatMap { file in
      withUnsafeBytes(of: UInt32(file.count).littleEndian) { Array($0) } + file
    }
    try Data(packed).write(to: URL(fileURLWithPath: folder.file("files")))
    let script = """
      import struct, sys
      from safetensors import deserialize
      data = open(sys.argv[1], "rb").read()
      at = 0
      while at < len(data):
          size = struct.unpack("<I", data[at:at + 4])[0]
          try:
              deserialize(data[at + 4:at + 4 + size])
              print("1")
          except Exception:
              print("0")
          at += 4 + size
      """
    let verdicts = try runPython(script, folder.file("files")).split(separator: "\n")
    try #require(verdicts.count == files.count)
    var accepted = 0
    for (file, verdict) in zip(files, verdicts) {
      do {
        _ = try Safetensors(reading: file)
        accepted += 1
        #expect(verdict == "1", "accepted: \(Data(file).base64EncodedString())")
      } catch {
        let isStricter = ["begin with", "appears twice", "NUL or"].contains {
          error.description.contains($0)
        }
        #expect(
          verdict == "0" || isStricter, "\(error): \(Data(file).base64EncodedString())")
      }
    }
    #expect(accepted > 100)
  }

  /// A change that often leaves the header readable: of a digit, a letter, or a byte of a tensor.
  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let position = random.int(in: 0...(bytes.count - 1))
    switch random.int(in: 0...5) {
    case 0: bytes[position] = UInt8(random.int(in: 0...255))
    case 1: bytes.remove(at: position)
    case 2: bytes.insert(bytes[position], at: random.int(in: 0...(bytes.count - 1)))
    case 3:
      let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) && $0 >= 8 }
      if !digits.isEmpty {
        bytes[digits[random.int(in: 0...(digits.count - 1))]] = UInt8(random.int(in: 0x30...0x39))
      }
    case 4: bytes[position] ^= 1 << UInt8(random.int(in: 0...7))
    default: bytes[random.int(in: (bytes.count - 20)...(bytes.count - 1))] ^= 0xFF
    }
  }
}
