import ReefMachine

/// A file of named tensors in the safetensors format: 8 bytes with the length of a header, the header
/// in JSON, and the tensors' bytes without gaps.
///
/// Files that the reference implementation (the Rust crate, 0.8) rejects are rejected, and beyond
/// that what only the text of the format forbids: names given twice, white space before the header,
/// tensors that are no objects; and names with NUL or `../` in them, which some readers would take for paths.
package struct Safetensors: Hashable, Sendable {
  package struct Tensor: Hashable, Sendable {
    package let name: String
    package let type: ElementType
    /// The length of each dimension, the slowest first.
    package let shape: [UInt64]
    /// Little-endian, row-major.
    package let bytes: [UInt8]
  }

  /// How the elements of a tensor are written.
  package enum ElementType: String, Hashable, Sendable, CaseIterable {
    // In the order in which the reference implementation writes tensors: the widest last here.
    case bool = "BOOL"
    case f4 = "F4"
    case f6e2m3 = "F6_E2M3"
    case f6e3m2 = "F6_E3M2"
    case u8 = "U8"
    case i8 = "I8"
    case f8e5m2 = "F8_E5M2"
    case f8e4m3 = "F8_E4M3"
    case f8e8m0 = "F8_E8M0"
    case f8e4m3fnuz = "F8_E4M3FNUZ"
    case f8e5m2fnuz = "F8_E5M2FNUZ"
    case i16 = "I16"
    case u16 = "U16"
    case f16 = "F16"
    case bf16 = "BF16"
    case i32 = "I32"
    case u32 = "U32"
    case f32 = "F32"
    case c64 = "C64"
    case f64 = "F64"
    case i64 = "I64"
    case u64 = "U64"

    /// The size of an element.
    package var bits: Int {
      switch self {
      case .f4: 4
      case .f6e2m3, .f6e3m2: 6
      case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
      case .i16, .u16, .f16, .bf16: 16
      case .i32, .u32, .f32: 32
      case .c64, .f64, .i64, .u64: 64
      }
    }
  }

  /// Texts beside the tensors, by name, in the order of the file.
  package let metadata: [JSON.Member]
  /// In the order of their bytes in the file.
  package let tensors: [Tensor]

  /// The longest header that is read, in bytes.
  static let maximumHeaderSize = 100_000_000

  /// Sorts the tensors as the reference implementation does: the widest elements first, then by name.
  package init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    let order = ElementType.allCases
    self.tensors = tensors.map { (tensor: $0, place: order.firstIndex(of: $0.type)!) }.sorted {
      $0.place != $1.place
        ? $0.place > $1.place
        : $0.tensor.name.utf8.lexicographicallyPrecedes($1.tensor.name.utf8)
    }.map(\.tensor)
    self.metadata = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { .init($0.key, .string($0.value)) }
  }

  /// The file, as the reference implementation writes the same tensors.
  package var bytes: [UInt8] {
    var members: [JSON.Member] = []
    if !metadata.isEmpty { members.append(.init("__metadata__", .object(metadata))) }
    var end = 0
    for tensor in tensors {
      let start = end
      end += tensor.bytes.count
      members.append(
        .init(
          tensor.name,
          [
            "dtype": .string(tensor.type.rawValue),
            "shape": .array(tensor.shape.map { .int($0) }),
            "data_offsets": [.int(start), .int(end)],
          ]))
    }
    var header = Array(JSON.object(members).text.utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let size = UInt64(header.count).littleEndian
    return withUnsafeBytes(of: size) { Array($0) } + header + tensors.flatMap(\.bytes)
  }
}
