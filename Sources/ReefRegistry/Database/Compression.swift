import CZlib

/// How the bytes of an object are kept.
///
/// Text is deflated (RFC 1950, with a checksum of its own). Floating-point numbers, whose bytes look
/// random but for signs and exponents, are first put in another order: the first bytes of all
/// numbers, then the second bytes, and so on. Whether Huffman codes alone are shorter than
/// matches as well depends on the data; both are read in the same way.
enum Codec: String, Sendable, CaseIterable {
  /// As they are: what zlib would not make shorter.
  case raw
  case zlib
  /// Shuffled as numbers of so many bytes first.
  case zlib2, zlib4, zlib8

  private var width: Int {
    switch self {
    case .raw, .zlib: 1
    case .zlib2: 2
    case .zlib4: 4
    case .zlib8: 8
    }
  }

  /// The shortest of the forms that suit text.
  static func encode(_ bytes: [UInt8]) -> (codec: Codec, bytes: [UInt8]) {
    shortest(of: [(.zlib, deflated(bytes, Z_DEFAULT_STRATEGY))], bytes)
  }

  /// The shortest of all forms that suit numbers of `width` bytes, 1, 2, 4 or 8.
  static func encode(
    _ bytes: [UInt8], width: Int
  ) -> (codec: Codec, bytes: [UInt8]) {
    var forms: [(Codec, [UInt8])] = []
    for codec in [Codec.zlib] + allCases.filter({ $0.width == width && width > 1 }) {
      let shuffled = codec.shuffled(bytes)
      for strategy in [Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY] {
        forms.append((codec, deflated(shuffled, strategy)))
      }
    }
    return shortest(of: forms, bytes)
  }

  /// The bytes themselves where no form is shorter; the first of those that are equally short.
  private static func shortest(
    of forms: [(Codec, [UInt8])], _ bytes: [UInt8]
  ) -> (codec: Codec, bytes: [UInt8]) {
    var best = (codec: Codec.raw, bytes: bytes)
    for form in forms where form.1.count < best.bytes.count { best = (form.0, form.1) }
    return best
  }

  /// The bytes that were encoded, or nil where these are not their form or not `count` in number.
  func decode(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    guard self != .raw else { return bytes.count == count ? bytes : nil }
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
    return isWhole ? unshuffled(unpacked) : nil
  }

  /// zlib's level 6.
  private static func deflated(_ bytes: [UInt8], _ strategy: Int32) -> [UInt8] {
    var stream = z_stream()
    let header = ZLIB_VERSION
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS, 8, strategy, header,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return bytes }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, uLong(bytes.count)))
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      input.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = uInt(source.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = uInt(bound)
        let code = deflate(&stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "what deflate may need was given to it")
      }
      count = Int(stream.total_out)
    }
  }

  /// The bytes of whole numbers, place by place; what is left over stays at the end.
  private func shuffled(_ bytes: [UInt8]) -> [UInt8] {
    let whole = bytes.count / width
    var result = bytes
    for index in 0..<whole {
      for place in 0..<width { result[place * whole + index] = bytes[index * width + place] }
    }
    return result
  }

  private func unshuffled(_ bytes: [UInt8]) -> [UInt8] {
    guard width > 1 else { return bytes }
    let whole = bytes.count / width
    var result = bytes
    for index in 0..<whole {
      for place in 0..<width { result[index * width + place] = bytes[place * whole + index] }
    }
    return result
  }
}

/// The CRC-32 of zip files.
func crc32(of bytes: some Collection<UInt8>) -> UInt32 {
  let code = bytes.withContiguousStorageIfAvailable {
    CZlib.crc32_z(0, $0.baseAddress, $0.count)
  }
  return UInt32(truncatingIfNeeded: code ?? CZlib.crc32_z(0, Array(bytes), bytes.count))
}
