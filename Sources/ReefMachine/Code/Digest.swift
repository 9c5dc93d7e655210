/// A SHA-256 digest: what names a skill, an atom, a set of weights or a library for good.
public struct Digest: Hashable, Comparable, Sendable {
  private let words: SIMD4<UInt64>

  /// The first byte is the highest of the first word.
  init(words: SIMD4<UInt64>) { self.words = words }

  /// Nil unless there are 32 bytes.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    var words = SIMD4<UInt64>()
    for index in 0..<4 {
      words[index] = UInt64(
        bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    self.words = words
  }

  /// Nil unless it is 64 lower-case hexadecimal digits.
  public init?(hex: some StringProtocol) {
    var hex = String(hex)
    let words: SIMD4<UInt64>? = hex.withUTF8 { digits in
      guard digits.count == 64 else { return nil }
      var words = SIMD4<UInt64>()
      for place in 0..<4 {
        var word: UInt64 = 0
        for index in 16 * place..<16 * (place + 1) {
          switch digits[index] {
          case let digit where UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit:
            word = word << 4 | UInt64(digit - UInt8(ascii: "0"))
          case let digit where UInt8(ascii: "a")...UInt8(ascii: "f") ~= digit:
            word = word << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
          default: return nil
          }
        }
        words[place] = word
      }
      return words
    }
    guard let words else { return nil }
    self.words = words
  }

  /// All 32 of them, the highest first.
  public var bytes: [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> (56 - 8 * UInt64($0 % 8))) }
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    String(unsafeUninitializedCapacity: 64) { digits in
      for place in 0..<4 {
        let word = words[place]
        for index in 0..<16 {
          let nibble = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(index))) & 15
          digits[16 * place + index] =
            nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
        }
      }
      return 64
    }
  }

  /// The first 8 hexadecimal digits: what people see.
  public var short: String { String(hex.prefix(8)) }

  public static func < (left: Digest, right: Digest) -> Bool {
    for index in 0..<4 where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }
}

extension Digest: CustomStringConvertible {
  public var description: String { hex }
}
