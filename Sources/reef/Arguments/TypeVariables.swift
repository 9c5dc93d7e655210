import ReefMachine

/// What the type variables of a signature stand for in one run, as the arguments suggest.
struct TypeVariables {
  private var types: [String: Type] = [:]

  /// Each variable becomes the type that fits all values in its places: an int among reals is a real,
  /// and an empty list a list of whatever the others hold. Where no type fits all, it is that of the
  /// values before the first that does not fit.
  init(of parameters: [Type], from arguments: [JSON]) {
    var places: [String: [JSON]] = [:]
    for (parameter, argument) in zip(parameters, arguments) where !parameter.isConcrete {
      parameter.collect(from: argument, into: &places)
    }
    for (name, values) in places { types[name] = Type(ofLongestPrefix: values) }
  }

  /// The type with its variables replaced; one that nothing is known about becomes `int`.
  func replaced(in type: Type) -> Type {
    let unknown = type.variables.filter { types[$0] == nil }.map { ($0, Type.int) }
    return type.replacing(types.merging(unknown) { $1 })
  }

  /// The error in the words of the signature: `expected a at [1], found true; here a is int`.
  ///
  /// - Parameter wanted: The type of the parameter as the signature has it.
  func describe(_ error: ValueError, in wanted: Type) -> String {
    var wanted = wanted
    var rest = error.path[...]
    while let step = rest.first {
      switch (wanted, step) {
      case (.list(let element), _): wanted = element
      case (.pair(let first, let second), _): wanted = step == .index(0) ? first : second
      case (.named(let definition, let arguments), .name(let name)):
        if let field = definition.labels?.firstIndex(of: name) {
          wanted = definition.fields(of: 0, arguments)[field]
        } else if let constructor = definition.constructors.firstIndex(where: { $0.name == name }),
          case .index(let field)? = rest.dropFirst().first
        {
          wanted = definition.fields(of: constructor, arguments)[field]
          rest.removeFirst()
        }
      default:
        // Inside the values of a variable.
        return "\(error)" + remark(on: wanted)
      }
      rest.removeFirst()
    }
    return "\(ValueError(expected: wanted, found: error.found, path: error.path))"
      + remark(on: wanted)
  }

  private func remark(on type: Type) -> String {
    guard case .variable(let name) = type, let known = types[name] else { return "" }
    return "; here \(name) is \(known)"
  }
}

extension Type {
  /// Adds to each variable of this type the parts of `argument` that stand in its places.
  fileprivate func collect(from argument: JSON, into places: inout [String: [JSON]]) {
    switch (self, argument) {
    case (.variable(let name), _): places[name, default: []].append(argument)
    case (.list(let element), .array(let values)):
      for value in values { element.collect(from: value, into: &places) }
    case (.pair(let first, let second), .array(let values)) where values.count == 2:
      first.collect(from: values[0], into: &places)
      second.collect(from: values[1], into: &places)
    case (.named(let definition, let arguments), .object(let members)):
      for (number, constructor) in definition.constructors.enumerated() {
        let fields = definition.fields(of: number, arguments)
        let values =
          definition.labels.map { labels in labels.map { argument[$0] ?? .null } }
          ?? (members.first?.name == constructor.name ? members[0].value.array : nil)
        for (field, value) in zip(fields, values ?? []) {
          field.collect(from: value, into: &places)
        }
      }
    default: break
    }
  }

  fileprivate init?(ofLongestPrefix values: [JSON]) {
    var fitting = 0
    var best: Type?
    var tooMany = values.count + 1
    // What fits more values fits fewer, so that the longest beginning is found by halves, all first.
    var count = values.count
    while count > fitting {
      switch Guess(values[..<count]) {
      case .type(let type): (fitting, best) = (count, type)
      case .nothing: fitting = count
      case .conflict: tooMany = count
      }
      count = (fitting + tooMany) / 2
    }
    guard let best else { return nil }
    self = best
  }
}

/// The type that some JSON values may have together.
private enum Guess {
  case type(Type)
  /// Of no values, and so any.
  case nothing
  case conflict

  init(_ values: ArraySlice<JSON>) {
    var effort = Guess.allowance * (values.reduce(0) { $0 + $1.size } + 1)
    self.init(Array(values), &effort)
  }

  /// How often each value may be looked at: trying pairs where lists do not fit could otherwise take
  /// time that doubles with each level.
  private static let allowance = 64

  /// Arrays are lists where that fits; else, where all have two elements, pairs.
  private init(_ values: [JSON], _ effort: inout Int) {
    effort -= values.count
    guard let first = values.first else {
      self = .nothing
      return
    }
    self = .conflict
    guard effort > 0 else { return }
    if first.isNumeric {
      guard values.allSatisfy(\.isNumeric) else { return }
      self = .type(values.allSatisfy(\.isWhole) ? .int : .real)
    } else if first.bool != nil {
      if values.allSatisfy({ $0.bool != nil }) { self = .type(.bool) }
    } else {
      let arrays = values.compactMap(\.array)
      guard arrays.count == values.count else { return }
      switch Guess(arrays.flatMap { $0 }, &effort) {
      case .type(let element): self = .type(.list(element))
      case .nothing: self = .type(.list(.int))
      case .conflict:
        guard arrays.allSatisfy({ $0.count == 2 }),
          case .type(let first) = Guess(arrays.map { $0[0] }, &effort),
          case .type(let second) = Guess(arrays.map { $0[1] }, &effort)
        else { return }
        self = .type(.pair(first, second))
      }
    }
  }
}

extension JSON {
  /// Whether it may be an int or a real.
  fileprivate var isNumeric: Bool {
    switch self {
    case .number, .string("nan"), .string("inf"), .string("-inf"): true
    default: false
    }
  }

  /// How many values it is made of.
  fileprivate var size: Int { array?.reduce(1) { $0 + $1.size } ?? 1 }
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
