import CZlib

/// How the bytes of an object are kept.
enum Codec: String, Sendable {
  /// As they are: what zlib would not make shorter.
  case raw
  /// RFC 1950, with its own checksum.
  case zlib

  /// The shorter of both forms.
  static func encode(_ bytes: [UInt8]) -> (codec: Codec, bytes: [UInt8]) {
    var length = compressBound(uLong(bytes.count))
    let packed = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      let code = compress2(
        buffer.baseAddress, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
      count = code == Z_OK ? Int(length) : 0
    }
    return packed.isEmpty || packed.count >= bytes.count ? (.raw, bytes) : (.zlib, packed)
  }

  /// The bytes that were encoded, or nil where these are not their form or not `count` in number.
  func decode(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    switch self {
    case .raw: return bytes.count == count ? bytes : nil
    case .zlib:
      // Deflate makes nothing more than 1,032 times shorter, so a larger claim is false and not
      // worth its memory.
      guard count >= 0, count / 1_032 <= bytes.count else { return nil }
      var length = uLongf(count)
      var isWhole = false
      let unpacked = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        isWhole =
          uncompress(buffer.baseAddress, &length, bytes, uLong(bytes.count)) == Z_OK
          && Int(length) == count
        filled = isWhole ? count : 0
      }
      return isWhole ? unpacked : nil
    }
  }
}

/// The CRC-32 of zip files.
func crc32(of bytes: some Collection<UInt8>) -> UInt32 {
  let code = bytes.withContiguousStorageIfAvailable {
    CZlib.crc32_z(0, $0.baseAddress, $0.count)
  }
  return UInt32(truncatingIfNeeded: code ?? CZlib.crc32_z(0, Array(bytes), bytes.count))
}
