/// Numbers that a skill owns: an array that training found. The entry's digest covers it.
public struct Weight: Hashable, Sendable {
  /// How one number is kept.
  public enum Scalar: String, Hashable, Sendable, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"

    /// In bytes.
    public var size: Int { self == .float32 ? 4 : 8 }
  }

  /// The skill's own word for it, such as `hidden.bias`.
  public let name: String
  /// How its numbers are kept, which the digest covers.
  public let scalar: Scalar
  /// The length of each dimension, the slowest first; empty for one number.
  public let shape: [Int]
  /// Row-major, little-endian.
  public let bytes: [UInt8]

  /// Nil where the bytes are not as many as the shape says.
  public init?(name: String, scalar: Scalar, shape: [Int], bytes: [UInt8]) {
    var size = scalar.size
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      size = product
    }
    guard size == bytes.count else { return nil }
    self.name = name
    self.scalar = scalar
    self.shape = shape
    self.bytes = bytes
  }

  /// Keeps `values`, row-major, which are as many as the shape says.
  public init(name: String, shape: [Int], _ values: [Double]) {
    self.init(
      name: name, scalar: .float64, shape: shape, bits: values.map { $0.bitPattern.littleEndian })
  }

  /// Keeps `values`, row-major, which are as many as the shape says.
  public init(name: String, shape: [Int], _ values: [Float]) {
    self.init(
      name: name, scalar: .float32, shape: shape, bits: values.map { $0.bitPattern.littleEndian })
  }

  private init(name: String, scalar: Scalar, shape: [Int], bits: [some FixedWidthInteger]) {
    let bytes = bits.withUnsafeBytes { [UInt8]($0) }
    self.init(name: name, scalar: scalar, shape: shape, bytes: bytes)!
  }

  /// Row-major.
  public var values: [Double] {
    bytes.withUnsafeBytes { buffer in
      switch scalar {
      case .float32:
        (0..<buffer.count / 4).map {
          let bits = buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
          return Double(Float(bitPattern: UInt32(littleEndian: bits)))
        }
      case .float64:
        (0..<buffer.count / 8).map {
          let bits = buffer.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
          return Double(bitPattern: UInt64(littleEndian: bits))
        }
      }
    }
  }

  /// What its digest covers: a line with scalar and shape, in whole words of 8 bytes, and the bytes.
  /// Not the name, which belongs to the skill.
  public var content: [UInt8] {
    var header = Array("\(scalar.rawValue) \(shape.map(String.init).joined(separator: " "))".utf8)
    let padding = 7 - header.count % 8
    header += [UInt8](repeating: 0x20, count: padding) + [0x0A]
    return header + bytes
  }

  /// SHA-256 over `content`: equal numbers of one shape have one digest, whoever owns them.
  public var digest: Digest { Weight.digest(content: content) }

  package static func digest(content: [UInt8]) -> Digest {
    var hasher = SHA256()
    hasher.update("reef.weights\n".utf8)
    hasher.update(content)
    return hasher.finalize()
  }

  /// Reads `content`; nil where it is none.
  public init?(name: String, content: [UInt8]) {
    guard let end = content.firstIndex(of: 0x0A), end % 8 == 7,
      let header = String(validating: content[..<end], as: UTF8.self)
    else { return nil }
    let words = header.split(separator: " ")
    let shape = words.dropFirst().compactMap { Int($0) }
    guard let scalar = words.first.flatMap({ Scalar(rawValue: String($0)) }),
      shape.count == words.count - 1
    else { return nil }
    self.init(name: name, scalar: scalar, shape: shape, bytes: Array(content[(end + 1)...]))
    guard self.content == content else { return nil }
  }
}
