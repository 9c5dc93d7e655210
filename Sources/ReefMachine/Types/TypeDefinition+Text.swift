extension TypeDefinition {
  /// Reads a declaration such as `type tree(a) = leaf | node(a, tree(a), tree(a))` or
  /// `type point = {x: real, y: real}`.
  ///
  /// - Parameter earlier: The definitions that it may name.
  public static func parsing(
    _ text: String, after earlier: [TypeDefinition] = []
  ) throws(ParseError) -> TypeDefinition {
    var scanner = Scanner(text)
    scanner.definitions = earlier
    let definition = try scanner.definition()
    if !scanner.isAtEnd { try scanner.expect("\n") }
    try scanner.expectEnd()
    return definition
  }

  /// Reads declarations, each of which may name those before it.
  public static func parsing(_ texts: [String]) throws(ParseError) -> [TypeDefinition] {
    var all: [TypeDefinition] = []
    for text in texts { all.append(try parsing(text, after: all)) }
    return all
  }
}

extension Scanner {
  /// Words that mean something else where a type, or an atom of a type, is named.
  private static let reservedTypes: Set<String> = [
    "int", "bool", "real", "list", "pair", "control", "equal", "tensor", "self", "type", "skill",
    "memo", "return", "true", "false",
  ]

  /// Whether a declaration may give the name to a type.
  private static func isTypeName(_ name: String) -> Bool {
    (2...60).contains(name.utf8.count) && name.first!.isLowercase && !reservedTypes.contains(name)
  }

  /// Reads `type … = …` up to the end of the line.
  mutating func definition() throws(ParseError) -> TypeDefinition {
    try expect("type ")
    let start = position
    let name = try identifier()
    guard !Scanner.reservedTypes.contains(name) else {
      throw error("'\(name)' means something else already", at: start)
    }
    guard Scanner.isTypeName(name) else {
      throw error("the name of a type has 2 to 60 letters and begins with a small one", at: start)
    }
    guard !definitions.contains(where: { $0.name == name }) else {
      throw error("two types are named '\(name)'", at: start)
    }
    guard definitions.count < TypeDefinition.maximumClosure else {
      throw error("more than \(TypeDefinition.maximumClosure) types are declared", at: start)
    }
    let parameters = accept("(") ? try self.parameters() : []
    try expect(" = ")
    declared = (name, parameters)
    defer { declared = nil }
    let bodyStart = position
    var labels: [String]?
    var constructors: [TypeDefinition.Constructor] = []
    if accept("{") {
      let fields = try self.fields()
      labels = fields.map(\.name)
      constructors = [.init(name: "make", fields: fields.map(\.type))]
    } else {
      repeat {
        let start = position
        let constructor = try self.constructor()
        guard !constructors.contains(where: { $0.name == constructor.name }) else {
          throw error("two constructors are named '\(constructor.name)'", at: start)
        }
        constructors.append(constructor)
        guard constructors.count <= TypeDefinition.maximumConstructors else {
          throw error(
            "a type has at most \(TypeDefinition.maximumConstructors) constructors", at: start)
        }
      } while accept(" | ")
    }
    guard constructors.contains(where: { $0.fields.allSatisfy { Scanner.hasValues($0) } }) else {
      throw error(
        "no value of '\(name)' is finite: every constructor needs another \(name)", at: bodyStart)
    }
    var named: [TypeDefinition] = []
    for field in constructors.flatMap(\.fields) { field.forEachDefinition { named.append($0) } }
    return TypeDefinition(
      name: name, arity: parameters.count, constructors: constructors, labels: labels,
      others: TypeDefinition.closure(of: named))
  }

  private mutating func parameters() throws(ParseError) -> [String] {
    var parameters: [String] = []
    repeat {
      skipSpaces()
      let start = position
      let name = try identifier()
      guard name.count == 1, name.first!.isLowercase else {
        throw error("a parameter of a type is a small letter, not '\(name)'", at: start)
      }
      guard !parameters.contains(name) else {
        throw error("two parameters are named '\(name)'", at: start)
      }
      parameters.append(name)
      guard parameters.count <= TypeDefinition.maximumParameters else {
        throw error("a type has at most \(TypeDefinition.maximumParameters) parameters", at: start)
      }
    } while accept(",")
    try expect(")")
    return parameters
  }

  private mutating func constructor() throws(ParseError) -> TypeDefinition.Constructor {
    let name = try word("a constructor", not: ["match", "fold"])
    var fields: [Type] = []
    if accept("(") {
      repeat {
        skipSpaces()
        fields.append(try field(fields.count))
      } while accept(",")
      try expect(")")
    }
    return .init(name: name, fields: fields)
  }

  private mutating func fields() throws(ParseError) -> [(name: String, type: Type)] {
    var fields: [(name: String, type: Type)] = []
    repeat {
      skipSpaces()
      let start = position
      let name = try word("a field", not: ["make", "match", "fold"])
      guard !fields.contains(where: { $0.name == name }) else {
        throw error("two fields are named '\(name)'", at: start)
      }
      try expect(":")
      skipSpaces()
      fields.append((name, try field(fields.count)))
    } while accept(",")
    try expect("}")
    return fields
  }

  private mutating func word(_ what: String, not taken: [String]) throws(ParseError) -> String {
    let start = position
    let name = try identifier()
    guard name.first!.isLowercase, name.utf8.count <= 60 else {
      throw error("the name of \(what) has up to 60 letters and begins with a small one", at: start)
    }
    guard !taken.contains(name) else {
      throw error("\(what) cannot be named '\(name)': every type has that", at: start)
    }
    return name
  }

  private mutating func field(_ count: Int) throws(ParseError) -> Type {
    let start = position
    guard count < TypeDefinition.maximumFields else {
      throw error("a constructor has at most \(TypeDefinition.maximumFields) fields", at: start)
    }
    let type = try type()
    guard !type.hasFunction else { throw error("a field cannot be a function", at: start) }
    guard type.size <= TypeDefinition.maximumFieldSize else {
      throw error(
        "a field's type has more than \(TypeDefinition.maximumFieldSize) parts", at: start)
    }
    return type
  }

  /// Whether the type has a value without one of the definition that is being read: of a type that
  /// is the argument of another, whether that other has a value without it.
  private static func hasValues(_ type: Type) -> Bool {
    var known: [Question: Bool] = [:]
    return hasValues(type, without: [TypeDefinition.own], &known)
  }

  private struct Question: Hashable {
    let definition: TypeDefinition
    let missing: Set<String>
  }

  private static func hasValues(
    _ type: Type, without missing: Set<String>, _ known: inout [Question: Bool]
  ) -> Bool {
    switch type {
    case .int, .bool, .real, .list, .function: return true
    case .variable(let name): return !missing.contains(name)
    case .pair(let first, let second):
      return hasValues(first, without: missing, &known)
        && hasValues(second, without: missing, &known)
    case .named(let definition, let arguments):
      var own: Set = [TypeDefinition.own]
      for (name, argument) in zip(TypeDefinition.parameters(definition.arity), arguments)
      where !hasValues(argument, without: missing, &known) { own.insert(name) }
      if own.count == 1 { return true }
      let question = Question(definition: definition, missing: own)
      if let answer = known[question] { return answer }
      var answer = false
      for constructor in definition.constructors where !answer {
        answer = constructor.fields.allSatisfy { hasValues($0, without: own, &known) }
      }
      known[question] = answer
      return answer
    }
  }

  /// The type that a name stands for, with its arguments.
  mutating func type(named name: String, at start: Int, depth: Int) throws(ParseError) -> Type {
    let definition = definitions.last { $0.name == name }
    let isUndeclared = acceptsUndeclared && Scanner.isTypeName(name)
    guard definition != nil || declared?.name == name || isUndeclared else {
      if name.count == 1, name.first!.isLowercase {
        guard let declared else { return .variable(name) }
        guard let number = declared.parameters.firstIndex(of: name) else {
          throw error("'\(name)' is no parameter of '\(declared.name)'", at: start)
        }
        return .variable(TypeDefinition.parameters(number + 1)[number])
      }
      let declarations = definitions.map(\.name) + (declared.map { [$0.name] } ?? [])
      let names = ["int", "bool", "real"] + declarations
      let hint =
        declarations.isEmpty
        ? nil : closest(to: name, in: names).map { "; did you mean '\($0)'?" }
      throw error(
        "unknown type '\(name)'"
          + (hint ?? "; the types are int, bool, real, [T] and (T, U)"
            + (declarations.isEmpty ? "" : ", and those that are declared")),
        at: start)
    }
    var arguments: [Type] = []
    if accept("(") {
      repeat {
        skipSpaces()
        let start = position
        arguments.append(try type(depth: depth + 1))
        if arguments.last!.hasFunction {
          throw error("a function is no part of a '\(name)'", at: start)
        }
        skipSpaces()
      } while accept(",")
      try expect(")")
    }
    let arity =
      definition?.arity ?? declared?.parameters.count
      ?? min(arguments.count, TypeDefinition.maximumParameters)
    guard arguments.count == arity else {
      throw error(
        "'\(name)' takes \(arity) \(arity == 1 ? "type" : "types"), not \(arguments.count)",
        at: start)
    }
    if let definition { return .named(definition, arguments) }
    if declared?.name != name { return .named(.undeclared(name, arity), arguments) }
    guard arguments == TypeDefinition.parameters(arity).map({ .variable($0) }) else {
      throw error(
        "'\(name)' mentions itself with other types than its own parameters", at: start)
    }
    return .variable(TypeDefinition.own)
  }
}

extension Type {
  /// Whether a function type occurs in it.
  var hasFunction: Bool {
    switch self {
    case .int, .bool, .real, .variable: false
    case .list(let element): element.hasFunction
    case .pair(let first, let second): first.hasFunction || second.hasFunction
    case .named(_, let arguments): arguments.contains(where: \.hasFunction)
    case .function: true
    }
  }
}
