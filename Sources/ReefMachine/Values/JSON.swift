/// A JSON document (RFC 8259) that keeps each number as it was written.
///
/// Foundation's decoder cannot tell `1` from `1.0` or `1e0`, and Reef's ints accept only the first.
public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The digits as written, a valid JSON number.
  case number(String)
  case string(String)
  case array([JSON])
  /// In the order in which they were written.
  case object([Member])

  /// A name of an object with its value; what is parsed has no name twice.
  public struct Member: Hashable, Sendable {
    /// Unescaped.
    public let name: String
    /// Any document.
    public let value: JSON
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}

extension JSON {
  /// A number without fraction or exponent.
  public static func int(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// Non-finite reals become the strings "nan", "inf", "-inf".
  public static func real(_ value: Double) -> JSON {
    if value.isNaN { return .string("nan") }
    if value.isInfinite { return .string(value < 0 ? "-inf" : "inf") }
    return .number("\(value)")
  }

  /// The member of that name; nil where there is none, and of what is no object. O(members).
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text of a string, nil of all else.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// Nil of all but `true` and `false`.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements of an array, nil of all else.
  public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// The members of an object as they were written, nil of all else.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  /// The number as an int; nil where it has a fraction or an exponent, or is out of range.
  public var int: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
  /// Whether it is a number without fraction and exponent, of any size.
  package var isWhole: Bool {
    if case .number(let digits) = self {
      digits.utf8.allSatisfy { $0 == 0x2D || $0.isDigit }
    } else {
      false
    }
  }
  /// The number, rounded; nil of all else, and infinite where it is too large.
  public var double: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }

  /// Compact text on one line.
  public var text: String {
    var output = ""
    write(to: &output)
    return output
  }

  /// Appends `text`.
  package func write(to output: inout String) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .number(let digits): output += digits
    case .string(let value): JSON.write(value, to: &output)
    case .array(let values):
      output += "["
      for (index, value) in values.enumerated() {
        if index > 0 { output += "," }
        value.write(to: &output)
      }
      output += "]"
    case .object(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { output += "," }
        JSON.write(member.name, to: &output)
        output += ":"
        member.value.write(to: &output)
      }
      output += "}"
    }
  }

  private static func write(_ string: String, to output: inout String) {
    output += "\""
    guard string.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
      output += string
      output += "\""
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}

extension JSON {
  /// The deepest nesting that is read.
  public static let maximumDepth = 1_024

  /// Reads exactly one JSON value; white space around it is allowed.
  ///
  /// - Parameter maximumDepth: Of arrays and objects in each other.
  public init(
    parsing text: String, maximumDepth: Int = JSON.maximumDepth
  ) throws(ParseError) {
    var text = text
    let result: Result<JSON, ParseError> = text.withUTF8 { bytes in
      var reader = Reader(bytes: bytes, maximumDepth: maximumDepth)
      return Result { () throws(ParseError) -> JSON in
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else {
          throw reader.error("unexpected text after the value")
        }
        return value
      }
    }
    self = try result.get()
  }

  private struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ message: String) -> ParseError {
      var line = 1
      var column = 1
      for byte in bytes[..<min(position, bytes.count)] {
        if byte == UInt8(ascii: "\n") {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80 {
          column += 1
        }
      }
      return ParseError(message: message, line: line, column: column)
    }

    func unexpected() -> ParseError {
      guard let next else { return error("the text ends too early") }
      guard next >= 0x20, next < 0x7F else { return error("unexpected character") }
      return error("unexpected '\(Character(Unicode.Scalar(next)))'")
    }

    mutating func skipSpace() {
      while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        position += 1
      }
    }

    mutating func accept(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      position += 1
      return true
    }

    mutating func value(depth: Int) throws(ParseError) -> JSON {
      skipSpace()
      switch next {
      case UInt8(ascii: "{") where depth == maximumDepth,
        UInt8(ascii: "[") where depth == maximumDepth:
        throw error("nested too deeply")
      case UInt8(ascii: "{"):
        position += 1
        return .object(try members(depth: depth))
      case UInt8(ascii: "["):
        position += 1
        var values: [JSON] = []
        skipSpace()
        if accept(UInt8(ascii: "]")) { return .array(values) }
        while true {
          values.append(try value(depth: depth + 1))
          skipSpace()
          if accept(UInt8(ascii: "]")) { return .array(values) }
          guard accept(UInt8(ascii: ",")) else { throw unexpected() }
        }
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "t"): return try word("true", .bool(true))
      case UInt8(ascii: "f"): return try word("false", .bool(false))
      case UInt8(ascii: "n"): return try word("null", .null)
      default: return .number(try number())
      }
    }

    mutating func members(depth: Int) throws(ParseError) -> [Member] {
      var members: [Member] = []
      // Byte by byte: to Swift, é is equal to e with an accent.
      var names: Set<[UInt8]> = []
      skipSpace()
      if accept(UInt8(ascii: "}")) { return members }
      while true {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw unexpected() }
        let name = try string()
        // To look through a few names is faster than to hash them.
        if members.count == 16 { names = Set(members.map { Array($0.name.utf8) }) }
        let isNew =
          members.count < 16
          ? !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
          : names.insert(Array(name.utf8)).inserted
        guard isNew else {
          throw error("the name \"\(name)\" appears twice")
        }
        skipSpace()
        guard accept(UInt8(ascii: ":")) else { throw unexpected() }
        members.append(Member(name, try value(depth: depth + 1)))
        skipSpace()
        if accept(UInt8(ascii: "}")) { return members }
        guard accept(UInt8(ascii: ",")) else { throw unexpected() }
      }
    }

    mutating func word(_ word: StaticString, _ value: JSON) throws(ParseError) -> JSON {
      for offset in 0..<word.utf8CodeUnitCount {
        guard accept(word.utf8Start[offset]) else { throw unexpected() }
      }
      return value
    }

    mutating func digits() throws(ParseError) {
      let start = position
      while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
      guard position > start else { throw unexpected() }
    }

    mutating func number() throws(ParseError) -> String {
      let start = position
      _ = accept(UInt8(ascii: "-"))
      if accept(UInt8(ascii: "0")) {
        if let byte = next, byte >= 0x30, byte <= 0x39 {
          throw error("a number does not begin with 0")
        }
      } else {
        try digits()
      }
      if accept(UInt8(ascii: ".")) { try digits() }
      if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
        if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
        try digits()
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// What is between two quotes of valid UTF-8 is valid UTF-8.
    mutating func string() throws(ParseError) -> String {
      position += 1
      let start = position
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
      }
      // Most strings have no escapes.
      if next == UInt8(ascii: "\"") {
        position += 1
        return String(
          decoding: UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), as: UTF8.self)
      }
      var output = Array(bytes[start..<position])
      while true {
        guard let byte = next else { throw unexpected() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
        case UInt8(ascii: "\\"): try escape(into: &output)
        case 0..<0x20:
          position -= 1
          throw error("a control character inside a string")
        default: output.append(byte)
        }
      }
    }

    mutating func escape(into output: inout [UInt8]) throws(ParseError) {
      guard let byte = next else { throw unexpected() }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "u"):
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
          guard accept(UInt8(ascii: "\\")), accept(UInt8(ascii: "u")) else {
            throw error("half of a surrogate pair")
          }
          let low = try hexadecimal()
          guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
        output.append(contentsOf: String(Character(scalar)).utf8)
      default: throw error("unknown escape in a string")
      }
    }

    mutating func hexadecimal() throws(ParseError) -> UInt32 {
      var code: UInt32 = 0
      for _ in 0..<4 {
        guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
          byte < 0x80
        else { throw unexpected() }
        code = code << 4 | UInt32(digit)
        position += 1
      }
      return code
    }
  }
}
