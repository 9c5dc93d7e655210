import ReefMachine

/// Why a file is no safetensors file: a sentence.
package struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension Safetensors {
  /// Reads a file; takes memory in proportion to its size at most.
  package init(reading file: [UInt8]) throws(SafetensorsError) {
    guard file.count >= 8 else {
      throw SafetensorsError("It is shorter than the length of a header.")
    }
    let size = file[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard size <= UInt64(Safetensors.maximumHeaderSize) else {
      throw SafetensorsError("Its header is too large.")
    }
    let start = 8 + Int(size)
    guard start <= file.count else { throw SafetensorsError("It ends inside its header.") }
    guard file[8..<start].first == UInt8(ascii: "{") else {
      throw SafetensorsError("Its header does not begin with '{'.")
    }
    guard let text = String(validating: file[8..<start], as: UTF8.self) else {
      throw SafetensorsError("Its header is no UTF-8.")
    }
    let header: JSON
    do {
      header = try JSON(parsing: text, maximumDepth: 127)
    } catch {
      throw SafetensorsError("Its header is no JSON: \(error.message).")
    }
    let (entries, metadata) = try Safetensors.entries(of: header.members ?? [])
    var tensors: [Tensor] = []
    var position = 0
    for entry in entries {
      guard entry.start == position, entry.end >= entry.start, entry.end <= file.count - start
      else {
        throw SafetensorsError(
          "The bytes of \(entry.name) overlap others, leave a gap, or are not there.")
      }
      guard entry.size == entry.end - entry.start else {
        throw SafetensorsError("The shape of \(entry.name) does not fit its bytes.")
      }
      position = entry.end
      tensors.append(
        Tensor(
          name: entry.name, type: entry.type, shape: entry.shape,
          bytes: Array(file[(start + entry.start)..<(start + entry.end)])))
    }
    guard position == file.count - start else {
      throw SafetensorsError("It has bytes that belong to no tensor.")
    }
    self.metadata = metadata
    self.tensors = tensors
  }

  private struct Entry {
    let name: String
    let type: ElementType
    let shape: [UInt64]
    let start: Int
    let end: Int
    /// In bytes.
    let size: Int
  }

  /// In the order of their bytes. No name comes twice: `JSON` sees to that.
  private static func entries(
    of members: [JSON.Member]
  ) throws(SafetensorsError) -> ([Entry], [JSON.Member]) {
    var metadata: [JSON.Member] = []
    var entries: [Entry] = []
    for member in members {
      if member.name == "__metadata__" {
        metadata = try texts(of: member.value)
      } else {
        entries.append(try entry(member))
      }
    }
    entries.sort { ($0.start, $0.end, $0.name) < ($1.start, $1.end, $1.name) }
    return (entries, metadata)
  }

  private static func texts(of json: JSON) throws(SafetensorsError) -> [JSON.Member] {
    if json == .null { return [] }
    guard let members = json.members, members.allSatisfy({ $0.value.string != nil }) else {
      throw SafetensorsError("Its metadata are no object of texts.")
    }
    return members
  }

  private static func entry(_ member: JSON.Member) throws(SafetensorsError) -> Entry {
    let name = member.name
    guard !name.utf8.contains(0), !name.utf8.contains("../".utf8) else {
      throw SafetensorsError("A tensor's name has NUL or '../' in it.")
    }
    let fields = ["dtype", "shape", "data_offsets"].map { field in
      member.value[field] ?? .null
    }
    guard let type = fields[0].string.flatMap(ElementType.init(rawValue:)),
      let shape = counts(fields[1]), let offsets = counts(fields[2])?.map(Int.init(clamping:)),
      offsets.count == 2
    else { throw SafetensorsError("The tensor \(name) has no dtype, shape and data_offsets.") }
    // In the order of the reference implementation: a length of 0 makes up for none before it.
    var bits: UInt64 = 1
    for length in shape + [UInt64(type.bits)] {
      let (product, overflow) = bits.multipliedReportingOverflow(by: length)
      guard !overflow else { throw SafetensorsError("The shape of \(name) is too large.") }
      bits = product
    }
    guard bits % 8 == 0 else {
      throw SafetensorsError("The elements of \(name) fill no whole bytes.")
    }
    return Entry(
      name: name, type: type, shape: shape, start: offsets[0], end: offsets[1],
      size: Int(bits / 8))
  }

  private static func counts(_ json: JSON) -> [UInt64]? {
    guard let values = json.array else { return nil }
    var counts: [UInt64] = []
    for value in values {
      // "-0" is no count.
      guard case .number(let digits) = value, !digits.hasPrefix("-"), let count = UInt64(digits)
      else { return nil }
      counts.append(count)
    }
    return counts
  }
}
