/// Why a text is no type, signature or skill code: a sentence, and where it went wrong.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String
  /// 1-based.
  public let line: Int
  /// 1-based, in characters.
  public let column: Int

  public init(message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }

  public var description: String { "line \(line), column \(column): \(message)" }
}

/// A cursor over one text; the parsers of types, signatures and skill code share it.
struct Scanner {
  private let text: [Character]
  private(set) var position = 0
  /// The deepest nesting that a parser follows, so that hostile text cannot exhaust the stack.
  static let maximumDepth = 64

  init(_ text: String) { self.text = Array(text) }

  var isAtEnd: Bool { position >= text.count }
  var next: Character? { isAtEnd ? nil : text[position] }

  func peek(_ offset: Int) -> Character? {
    position + offset < text.count ? text[position + offset] : nil
  }

  mutating func advance() { position += 1 }

  mutating func skipSpaces() {
    while next == " " { position += 1 }
  }

  mutating func accept(_ token: String) -> Bool {
    let characters = Array(token)
    guard position + characters.count <= text.count,
      text[position..<position + characters.count].elementsEqual(characters)
    else { return false }
    position += characters.count
    return true
  }

  mutating func expect(_ token: String) throws(ParseError) {
    guard accept(token) else {
      let found = next.map { $0 == "\n" ? "the end of the line" : "'\($0)'" } ?? "the end"
      throw error("expected '\(token)', found \(found)")
    }
  }

  mutating func take(while isIncluded: (Character) -> Bool) -> String {
    let start = position
    while let character = next, isIncluded(character) { position += 1 }
    return String(text[start..<position])
  }

  func error(_ message: String) -> ParseError {
    var line = 1
    var column = 1
    for character in text[..<min(position, text.count)] {
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
    guard let first = next, first.isASCII, first.isLetter else {
      throw error("expected a name")
    }
    return take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  mutating func type(depth: Int = 0) throws(ParseError) -> Type {
    guard depth < Scanner.maximumDepth else { throw error("types nest too deeply") }
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
      guard parts.count == 2 else { throw error("a pair has two parts; this has \(parts.count)") }
      return .pair(parts[0], parts[1])
    }
    switch try identifier() {
    case "int": return .int
    case "bool": return .bool
    case "real": return .real
    case let name:
      guard name.first!.isLowercase, name.count == 1 else {
        throw error("unknown type '\(name)'; the types are int, bool, real, [T] and (T, U)")
      }
      return .variable(name)
    }
  }

  mutating func signature() throws(ParseError) -> Signature {
    try expect("(")
    var parameters: [Signature.Parameter] = []
    skipSpaces()
    if !accept(")") {
      repeat {
        skipSpaces()
        let name = try identifier()
        guard !parameters.contains(where: { $0.name == name }) else {
          throw error("two parameters are named '\(name)'")
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
    guard isAtEnd else { throw error("unexpected '\(next!)'") }
  }
}

extension Type {
  /// Reads `int`, `[(int, bool)]`, `(a, b) -> c`.
  public init(parsing text: String) throws(ParseError) {
    var scanner = Scanner(text)
    self = try scanner.type()
    try scanner.expectEnd()
  }
}

extension Signature {
  /// Reads `(a: [int], b: int) -> [int]`.
  public init(parsing text: String) throws(ParseError) {
    var scanner = Scanner(text)
    self = try scanner.signature()
    try scanner.expectEnd()
  }
}
