/// Why a JSON value is no value of the wanted type: what was found, and where inside it.
public struct ValueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The type of the part that does not fit.
  public let expected: Type
  /// What stands there, as JSON, cut to 40 characters.
  public let found: String
  /// The indices that lead to the place, outermost first.
  public let path: [Int]

  package init(expected: Type, found: String, path: [Int]) {
    self.expected = expected
    self.found = found
    self.path = path
  }

  public var description: String {
    let place = path.isEmpty ? "" : " at " + path.map { "[\($0)]" }.joined()
    return "expected \(expected)\(place), found \(found)"
  }
}

extension Value {
  /// A pair becomes an array of two; reals that are not finite become strings.
  public var json: JSON {
    switch self {
    case .int(let value): .int(value)
    case .bool(let value): .bool(value)
    case .real(let value): .real(value.value)
    case .list(let values): .array(values.map(\.json))
    case .pair(let first, let second): .array([first.json, second.json])
    }
  }

  /// Appends the text of `json`, without making the JSON first.
  package func writeJSON(to text: inout String) {
    func write(_ values: [Value]) {
      text += "["
      var isFirst = true
      for value in values {
        if !isFirst { text += "," }
        isFirst = false
        value.writeJSON(to: &text)
      }
      text += "]"
    }
    switch self {
    case .int(let value): text += String(value)
    case .bool, .real: json.write(to: &text)
    case .list(let values): write(values)
    case .pair(let first, let second): write([first, second])
    }
  }

  /// Reads a value of the concrete `type` (DESIGN section 4): reals accept JSON integers and the
  /// strings "nan", "inf" and "-inf"; ints accept neither fraction nor exponent.
  public init(json: JSON, as type: Type) throws(ValueError) {
    switch (type, json) {
    case (.int, _):
      guard let value = json.int else { throw ValueError(expected: type, found: json) }
      self = .int(value)
    case (.bool, .bool(let value)): self = .bool(value)
    case (.real, .number):
      guard let value = json.double, value.isFinite else {
        throw ValueError(expected: type, found: json)
      }
      self = .real(value)
    case (.real, .string("nan")): self = .real(Double.nan)
    case (.real, .string("inf")): self = .real(Double.infinity)
    case (.real, .string("-inf")): self = .real(-Double.infinity)
    case (.list(let element), .array(let values)):
      var elements: [Value] = []
      elements.reserveCapacity(values.count)
      for (index, value) in values.enumerated() {
        elements.append(try Value(json: value, as: element, at: index))
      }
      self = .list(elements)
    case (.pair(let first, let second), .array(let values)) where values.count == 2:
      self = .pair(
        try Value(json: values[0], as: first, at: 0), try Value(json: values[1], as: second, at: 1))
    default: throw ValueError(expected: type, found: json)
    }
  }

  private init(json: JSON, as type: Type, at index: Int) throws(ValueError) {
    do {
      try self.init(json: json, as: type)
    } catch {
      throw ValueError(expected: error.expected, found: error.found, path: [index] + error.path)
    }
  }
}

extension ValueError {
  fileprivate init(expected: Type, found json: JSON) {
    let text = json.text
    let found = text.count > 40 ? text.prefix(37) + "..." : text
    let reason =
      switch (expected, json) {
      case (.int, .number) where json.isWhole: ", which does not fit into 64 bits"
      case (.real, .number): ", which is too large for a real"
      default: ""
      }
    self.init(expected: expected, found: found + reason, path: [])
  }
}
