/// Why a text is no type, signature or skill code: a sentence, and where it went wrong.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A clause without a full stop.
  public let message: String
  /// 1-based.
  public let line: Int
  /// 1-based, in characters.
  public let column: Int

  init(message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }

  public var description: String { "line \(line), column \(column): \(message)" }
}

/// A cursor over the UTF-8 of one text; the parsers of types, signatures and skill code share it. All
/// that they accept is ASCII.
struct Scanner {
  private let text: [UInt8]
  private(set) var position = 0
  /// The deepest nesting that a parser follows, so that hostile text cannot exhaust the stack.
  static let maximumDepth = 64
  /// The types that may be named.
  var definitions: [TypeDefinition] = []
  /// Whether other names stand for any declared type of that name.
  var acceptsUndeclared = false
  /// What is being declared: its name, and its parameters as they are written.
  var declared: (name: String, parameters: [String])?

  init(_ text: String) { self.text = Array(text.utf8) }

  var isAtEnd: Bool { position >= text.count }
  var next: UInt8? { isAtEnd ? nil : text[position] }

  func peek(_ offset: Int) -> UInt8? {
    position + offset < text.count ? text[position + offset] : nil
  }

  mutating func skipSpaces() {
    while next == UInt8(ascii: " ") { position += 1 }
  }

  mutating func accept(_ token: StaticString) -> Bool {
    let count = token.utf8CodeUnitCount
    guard position + count <= text.count else { return false }
    for offset in 0..<count where text[position + offset] != token.utf8Start[offset] {
      return false
    }
    position += count
    return true
  }

  /// As for a token; the text is ASCII.
  mutating func accept(text: String) -> Bool {
    let count = text.utf8.count
    guard position + count <= self.text.count,
      text.utf8.elementsEqual(self.text[position..<position + count])
    else { return false }
    position += count
    return true
  }

  /// Whether the token is next; it is not read.
  func startsLine(with token: StaticString) -> Bool {
    var copy = self
    return copy.accept(token)
  }

  mutating func expect(_ token: StaticString) throws(ParseError) {
    guard accept(token) else { throw error("expected '\(token)', found \(found)") }
  }

  /// What stands at the cursor, for people.
  var found: String {
    guard let character = String(decoding: text[position...], as: UTF8.self).first else {
      return "the end"
    }
    return character.isNewline ? "the end of the line" : "'\(character)'"
  }

  mutating func take(while isIncluded: (UInt8) -> Bool) -> String {
    let start = position
    while position < text.count, isIncluded(text[position]) { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  /// - Parameter start: Where it went wrong, if that is before the cursor.
  func error(_ message: String, at start: Int? = nil) -> ParseError {
    var line = 1
    var column = 1
    let end = min(start ?? position, text.count)
    for character in String(decoding: text[..<end], as: UTF8.self) {
      if character == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return ParseError(message: message, line: line, column: column)
  }

  /// A parameter or variable name: an ASCII letter, then letters, digits or `_`.
  mutating func identifier() throws(ParseError) -> String {
    guard let next, next.isLetter else { throw error("expected a name") }
    return take { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
  }

  mutating func type(depth: Int = 0) throws(ParseError) -> Type {
    guard depth < Scanner.maximumDepth else { throw error("types nest too deeply") }
    let start = position
    if accept("[") {
      let element = try type(depth: depth + 1)
      try expect("]")
      return .list(element)
    }
    if accept("(") {
      var parts: [Type] = []
      if !accept(")") {
        repeat {
          skipSpaces()
          parts.append(try type(depth: depth + 1))
          skipSpaces()
        } while accept(",")
        try expect(")")
      }
      let afterParts = position
      skipSpaces()
      if accept("->") {
        skipSpaces()
        return .function(parts, try type(depth: depth + 1))
      }
      position = afterParts
      guard parts.count == 2 else {
        throw error("a pair has two parts; this has \(parts.count)", at: start)
      }
      return .pair(parts[0], parts[1])
    }
    switch try identifier() {
    case "int": return .int
    case "bool": return .bool
    case "real": return .real
    case let name:
      return try type(named: name, at: start, depth: depth)
    }
  }

  mutating func signature() throws(ParseError) -> Signature {
    try expect("(")
    var parameters: [Signature.Parameter] = []
    skipSpaces()
    if !accept(")") {
      repeat {
        skipSpaces()
        let start = position
        let name = try identifier()
        guard !parameters.contains(where: { $0.name == name }) else {
          throw error("two parameters are named '\(name)'", at: start)
        }
        skipSpaces()
        try expect(":")
        skipSpaces()
        parameters.append(.init(name, try type()))
        skipSpaces()
      } while accept(",")
      try expect(")")
    }
    skipSpaces()
    try expect("->")
    skipSpaces()
    return Signature(parameters: parameters, result: try type())
  }

  func expectEnd() throws(ParseError) {
    guard isAtEnd else { throw error("unexpected \(found)") }
  }
}

extension UInt8 {
  /// Of ASCII.
  var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }

  /// Of ASCII, decimal.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Type {
  /// Reads `int`, `[(int, bool)]`, `(a, b) -> c`; `types` are those that it may name besides.
  ///
  /// - Parameter acceptsUndeclared: A name of two letters or more that is none of those stands for any
  ///   declared type of that name then, as in what is searched for. Such a type has no values.
  public init(
    parsing text: String, types: [TypeDefinition] = [], acceptsUndeclared: Bool = false
  ) throws(ParseError) {
    var scanner = Scanner(text)
    scanner.definitions = types
    scanner.acceptsUndeclared = acceptsUndeclared
    self = try scanner.type()
    try scanner.expectEnd()
  }
}

extension Signature {
  /// Reads `(a: [int], b: int) -> [int]`; `types` are those that it may name besides, and others where
  /// it `acceptsUndeclared`, as for a `Type`.
  public init(
    parsing text: String, types: [TypeDefinition] = [], acceptsUndeclared: Bool = false
  ) throws(ParseError) {
    var scanner = Scanner(text)
    scanner.definitions = types
    scanner.acceptsUndeclared = acceptsUndeclared
    self = try scanner.signature()
    try scanner.expectEnd()
  }
}
