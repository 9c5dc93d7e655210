/// Why a JSON value is no value of the wanted type: what was found, and where inside it.
public struct ValueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The type of the part that does not fit.
  public let expected: Type
  /// What stands there, as JSON, cut to 40 characters.
  public let found: String
  /// What leads to the place, outermost first.
  public let path: [Step]

  /// From a value to a part of it.
  public enum Step: Hashable, Sendable {
    /// An element, a part of a pair, or a field of what a constructor made.
    case index(Int)
    /// A field of a record, or the constructor of what is no record.
    case name(String)
  }

  package init(expected: Type, found: String, path: [Step]) {
    self.expected = expected
    self.found = found
    self.path = path
  }

  /// The path as text, `[0].node[1]`.
  package var place: String {
    path.map { step in
      switch step {
      case .index(let index): "[\(index)]"
      case .name(let name): ".\(name)"
      }
    }.joined()
  }

  public var description: String {
    "expected \(expected)\(path.isEmpty ? "" : " at " + place), found \(found)"
  }
}

extension Value {
  /// A pair becomes an array of two, a record an object, and what another constructor made an object
  /// with its name and an array of the fields; reals that are not finite become strings.
  public var json: JSON {
    switch self {
    case .int(let value): .int(value)
    case .bool(let value): .bool(value)
    case .real(let value): .real(value.value)
    case .list(let values): .array(values.map(\.json))
    case .pair(let first, let second): .array([first.json, second.json])
    case .made(let definition, let constructor, let fields):
      definition.json(made: constructor, of: fields.map(\.json))
    }
  }

  /// Appends the text of `json` in UTF-8, without making the JSON first.
  package func writeJSON(to text: inout [UInt8]) {
    func write(_ values: [Value]) {
      text.append(UInt8(ascii: "["))
      var isFirst = true
      for value in values {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
        value.writeJSON(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    }
    switch self {
    case .int(let value): text += String(value).utf8
    case .bool, .real: text += json.text.utf8
    case .list(let values): write(values)
    case .pair(let first, let second): write([first, second])
    case .made(let definition, let constructor, let fields):
      // Names of fields and constructors need no escapes.
      guard let labels = definition.labels else {
        text += "{\"\(definition.constructors[constructor].name)\":".utf8
        write(fields)
        text.append(UInt8(ascii: "}"))
        return
      }
      var separator = "{"
      for (label, field) in zip(labels, fields) {
        text += "\(separator)\"\(label)\":".utf8
        field.writeJSON(to: &text)
        separator = ","
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  /// Reads a value of the concrete `type` (DESIGN section 4): reals accept JSON integers and the
  /// strings "nan", "inf" and "-inf"; ints accept neither fraction nor exponent.
  public init(json: JSON, as type: Type) throws(ValueError) {
    try self.init(json: json, as: type, depth: 0)
  }

  private init(json: JSON, as type: Type, depth: Int) throws(ValueError) {
    guard depth < Value.maximumDepth else {
      throw ValueError(
        expected: type, found: "what nests more than \(Value.maximumDepth) levels deep", path: [])
    }
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
        elements.append(try Value(json: value, as: element, at: .index(index), depth))
      }
      self = .list(elements)
    case (.pair(let first, let second), .array(let values)) where values.count == 2:
      self = .pair(
        try Value(json: values[0], as: first, at: .index(0), depth),
        try Value(json: values[1], as: second, at: .index(1), depth))
    case (.named(let definition, let arguments), .object(let members)):
      self =
        definition.isRecord
        ? try Value(members, as: definition, arguments, depth)
        : try Value(constructor: members, as: definition, arguments, depth)
    default: throw ValueError(expected: type, found: json)
    }
  }

  /// A record: the fields in any order, each once.
  private init(
    _ members: [JSON.Member], as record: TypeDefinition, _ arguments: [Type], _ depth: Int
  ) throws(ValueError) {
    let labels = record.labels ?? []
    func error(_ reason: String) -> ValueError {
      ValueError(expected: .named(record, arguments), found: .object(members), reason)
    }
    if let extra = members.first(where: { !labels.contains($0.name) })?.name {
      let hint = closest(to: extra, in: labels).map { "; did you mean '\($0)'?" } ?? ""
      throw error(", which has a field '\(extra)' too many\(hint)")
    }
    var fields: [Value] = []
    for (label, type) in zip(labels, record.fields(of: 0, arguments)) {
      guard let member = members.first(where: { $0.name == label }) else {
        throw error(", which has no field '\(label)'")
      }
      fields.append(try Value(json: member.value, as: type, at: .name(label), depth))
    }
    self = .made(record, constructor: 0, fields)
  }

  /// `{"node":[1,{"leaf":[]},{"leaf":[]}]}`.
  private init(
    constructor members: [JSON.Member], as definition: TypeDefinition, _ arguments: [Type],
    _ depth: Int
  ) throws(ValueError) {
    func error(_ reason: String) -> ValueError {
      ValueError(expected: .named(definition, arguments), found: .object(members), reason)
    }
    guard let member = members.first, members.count == 1 else {
      throw error(", which is no object of one constructor")
    }
    let names = definition.constructors.map(\.name)
    guard let constructor = names.firstIndex(of: member.name) else {
      let hint = closest(to: member.name, in: names).map { "; did you mean '\($0)'?" } ?? ""
      throw error(", where '\(member.name)' is no constructor\(hint)")
    }
    let types = definition.fields(of: constructor, arguments)
    guard let values = member.value.array, values.count == types.count else {
      throw error(
        ", where '\(member.name)' wants an array of \(types.count) "
          + (types.count == 1 ? "field" : "fields"))
    }
    var fields: [Value] = []
    for (index, (value, type)) in zip(values, types).enumerated() {
      do {
        fields.append(try Value(json: value, as: type, at: .index(index), depth))
      } catch {
        throw error.inside(.name(member.name))
      }
    }
    self = .made(definition, constructor: constructor, fields)
  }

  private init(
    json: JSON, as type: Type, at step: ValueError.Step, _ depth: Int
  ) throws(ValueError) {
    do {
      try self.init(json: json, as: type, depth: depth + 1)
    } catch {
      throw error.inside(step)
    }
  }
}

extension TypeDefinition {
  /// What a constructor makes of the fields: a record's is an object of them, another's an object with
  /// its name and an array.
  package func json(made constructor: Int, of fields: [JSON]) -> JSON {
    guard let labels else {
      return .object([.init(constructors[constructor].name, .array(fields))])
    }
    return .object(zip(labels, fields).map { .init($0, $1) })
  }
}

extension ValueError {
  fileprivate func inside(_ step: Step) -> ValueError {
    ValueError(expected: expected, found: found, path: [step] + path)
  }

  /// - Parameter reason: What is wrong with it, where that is no question of its kind.
  fileprivate init(expected: Type, found json: JSON, _ reason: String? = nil) {
    let text = json.text
    let found = text.count > 40 ? text.prefix(37) + "..." : text
    let number =
      switch (expected, json) {
      case (.int, .number) where json.isWhole: ", which does not fit into 64 bits"
      case (.real, .number): ", which is too large for a real"
      default: ""
      }
    self.init(expected: expected, found: found + (reason ?? number), path: [])
  }
}
