import ReefMachine

extension Type {
  /// Notes what `argument` suggests for each variable of this type; the first suggestion stays.
  func collect(variablesFrom argument: JSON, into variables: inout [String: Type]) {
    switch (self, argument) {
    case (.variable(let name), _):
      if variables[name] == nil, let type = Type(suggestedBy: argument) { variables[name] = type }
    case (.list(let element), .array(let values)):
      for value in values { element.collect(variablesFrom: value, into: &variables) }
    case (.pair(let first, let second), .array(let values)) where values.count == 2:
      first.collect(variablesFrom: values[0], into: &variables)
      second.collect(variablesFrom: values[1], into: &variables)
    default: break
    }
  }

  /// The type with its variables replaced; one that nothing is known about becomes `int`.
  func replacing(_ variables: [String: Type]) -> Type {
    switch self {
    case .int, .bool, .real: self
    case .list(let element): .list(element.replacing(variables))
    case .pair(let first, let second):
      .pair(first.replacing(variables), second.replacing(variables))
    case .variable(let name): variables[name] ?? .int
    case .function(let parameters, let result):
      .function(parameters.map { $0.replacing(variables) }, result.replacing(variables))
    }
  }

  /// The type that a JSON value has where nothing else is known: an array is a list. Nil where the
  /// value tells nothing, such as an empty list.
  private init?(suggestedBy json: JSON) {
    switch json {
    case .number: self = json.int == nil ? .real : .int
    case .bool: self = .bool
    case .string("nan"), .string("inf"), .string("-inf"): self = .real
    case .array(let values):
      let elements = values.compactMap { Type(suggestedBy: $0) }
      guard let element = elements.first(where: { $0 == .real }) ?? elements.first else {
        return nil
      }
      self = .list(element)
    case .null, .string, .object: return nil
    }
  }
}

extension Signature {
  /// The signature of an atom, whose parameters have no names of their own.
  init(atom type: Type) {
    guard case .function(let parameters, let result) = type else {
      self.init(parameters: [], result: type)
      return
    }
    let names = ["x", "y", "z", "u", "v", "w"]
    self.init(
      parameters: parameters.enumerated().map { index, type in
        Parameter(index < names.count ? names[index] : "x\(index)", type)
      }, result: result)
  }
}

extension Command.Parameter {
  static let skill = Command.Parameter(
    name: "SKILL", help: "name, name@version, or 8 or more first digits of a digest")
}
