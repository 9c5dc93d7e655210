import CZlib
import Foundation
import Synchronization

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

  /// The shortest of all forms that suit the bytes.
  ///
  /// - Parameter width: Of the numbers that the bytes are, 1, 2, 4 or 8 bytes; nil for text.
  static func encode(
    _ bytes: [UInt8], width: Int? = nil
  ) -> (codec: Codec, bytes: [UInt8]) {
    var best = (codec: Codec.raw, bytes: bytes)
    for codec in [Codec.zlib] + allCases.filter({ $0.width == width && $0.width > 1 }) {
      let shuffled = codec.shuffled(bytes)
      for strategy in [Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY] {
        if strategy == Z_HUFFMAN_ONLY, best.bytes.count <= Codec.leastHuffmanSize(of: shuffled) {
          continue
        }
        let packed = Compressor.shared.withLock { $0.compress(shuffled, strategy) }
        if packed.count < best.bytes.count { best = (codec, packed) }
      }
    }
    return best
  }

  /// What Huffman codes alone cannot fall below: the entropy of the bytes, block by block. zlib's
  /// blocks have at most 16,383 symbols; shorter ones cost more for their tables than they save here.
  private static func leastHuffmanSize(of bytes: [UInt8]) -> Int {
    var bits = 0.0
    for start in stride(from: 0, to: bytes.count, by: 16_383) {
      let end = min(start + 16_383, bytes.count)
      let counts = [Int](unsafeUninitializedCapacity: 256) { counts, filled in
        counts.initialize(repeating: 0)
        for index in start..<end { counts[Int(bytes[index])] += 1 }
        filled = 256
      }
      for count in counts where count > 0 {
        bits += Double(count) * log2(Double(end - start) / Double(count))
      }
    }
    return Int(bits / 8)
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

  /// The bytes of whole numbers, place by place; what is left over stays at the end.
  private func shuffled(_ bytes: [UInt8]) -> [UInt8] {
    guard width > 1 else { return bytes }
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

/// zlib's level 6. Its streams are made once: to make one takes longer than to compress a short text.
private final class Compressor {
  static let shared = Mutex(Compressor())

  /// By strategy, at addresses that zlib keeps.
  private var streams: [Int32: UnsafeMutablePointer<z_stream>] = [:]

  func compress(_ bytes: [UInt8], _ strategy: Int32) -> [UInt8] {
    let stream = stream(strategy)
    let code = deflateReset(stream)
    precondition(code == Z_OK, "the stream is one of zlib's")
    let bound = Int(deflateBound(stream, uLong(bytes.count)))
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      input.withUnsafeMutableBufferPointer { source in
        stream.pointee.next_in = source.baseAddress
        stream.pointee.avail_in = uInt(source.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = uInt(bound)
        let code = deflate(stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "what deflate may need was given to it")
      }
      count = Int(stream.pointee.total_out)
    }
  }

  private func stream(_ strategy: Int32) -> UnsafeMutablePointer<z_stream> {
    if let stream = streams[strategy] { return stream }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS, 8, strategy, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib has the memory that it needs")
    streams[strategy] = stream
    return stream
  }
}

/// The CRC-32 of zip files.
func crc32(of bytes: some Collection<UInt8>) -> UInt32 {
  let code = bytes.withContiguousStorageIfAvailable {
    CZlib.crc32_z(0, $0.baseAddress, $0.count)
  }
  return UInt32(truncatingIfNeeded: code ?? CZlib.crc32_z(0, Array(bytes), bytes.count))
}
