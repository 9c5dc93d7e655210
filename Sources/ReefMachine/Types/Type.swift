/// The type of a value, or of a function passed to a control form.
///
/// Written `int`, `bool`, `real`, `[T]`, `(T, U)`, `tree(T)`; type variables are single lower-case
/// letters (`a`, `b`), and a function type is `(a, b) -> c`. Variables and function types occur in
/// the signatures of atoms.
public indirect enum Type: Hashable, Sendable {
  /// 64 bits; what is beyond them ends a run.
  case int
  case bool
  /// A `Double`.
  case real
  case list(Type)
  case pair(Type, Type)
  /// A sum or record that code declares, with a type for each of its parameters.
  case named(TypeDefinition, [Type])
  /// Any type that has values, the same wherever it is named in one signature.
  case variable(String)
  /// The parameters and the result of a skill that is passed to an atom.
  case function([Type], Type)

  /// Whether no variable and no function type occurs in it: only such types have values.
  public var isConcrete: Bool {
    switch self {
    case .int, .bool, .real: true
    case .list(let element): element.isConcrete
    case .pair(let first, let second): first.isConcrete && second.isConcrete
    case .named(_, let arguments): arguments.allSatisfy(\.isConcrete)
    case .variable, .function: false
    }
  }

  /// The number of type constructors in it, 1 for `int`; learners bound it.
  public var size: Int {
    switch self {
    case .int, .bool, .real, .variable: 1
    case .list(let element): 1 + element.size
    case .pair(let first, let second): 1 + first.size + second.size
    case .named(_, let arguments): arguments.reduce(1) { $0 + $1.size }
    case .function(let parameters, let result):
      parameters.reduce(1 + result.size) { $0 + $1.size }
    }
  }

  /// The variables that occur in it, in order of first occurrence.
  public var variables: [String] {
    var found: [String] = []
    func visit(_ type: Type) {
      switch type {
      case .int, .bool, .real: break
      case .variable(let name): if !found.contains(name) { found.append(name) }
      case .list(let element): visit(element)
      case .pair(let first, let second):
        visit(first)
        visit(second)
      case .named(_, let arguments): arguments.forEach(visit)
      case .function(let parameters, let result):
        parameters.forEach(visit)
        visit(result)
      }
    }
    visit(self)
    return found
  }
}

extension Type: CustomStringConvertible {
  public var description: String {
    switch self {
    case .int: "int"
    case .bool: "bool"
    case .real: "real"
    case .list(let element): "[\(element)]"
    case .pair(let first, let second): "(\(first), \(second))"
    case .named(let definition, let arguments):
      definition.name
        + (arguments.isEmpty
          ? "" : "(" + arguments.map(\.description).joined(separator: ", ") + ")")
    case .variable(let name): name
    case .function(let parameters, let result):
      "(" + parameters.map(\.description).joined(separator: ", ") + ") -> \(result)"
    }
  }
}

extension Type: Comparable {
  /// An arbitrary but fixed order: smaller types first, then by text.
  public static func < (left: Type, right: Type) -> Bool {
    left.size != right.size
      ? left.size < right.size : left.description < right.description
  }
}

extension Type {
  /// The type with its variables replaced; those without a replacement stay.
  package func replacing(_ bindings: [String: Type]) -> Type {
    switch self {
    case .int, .bool, .real: self
    case .variable(let name): bindings[name] ?? self
    case .list(let element): .list(element.replacing(bindings))
    case .pair(let first, let second):
      .pair(first.replacing(bindings), second.replacing(bindings))
    case .named(let definition, let arguments):
      .named(definition, arguments.map { $0.replacing(bindings) })
    case .function(let parameters, let result):
      .function(parameters.map { $0.replacing(bindings) }, result.replacing(bindings))
    }
  }

  /// Whether it is the type of a skill that is passed to an atom.
  package var isFunction: Bool { if case .function = self { true } else { false } }

  /// The declared types that it names, and those that these name, each after those that it names.
  public var definitions: [TypeDefinition] {
    var roots: Set<TypeDefinition> = []
    forEachDefinition { roots.insert($0) }
    return roots.isEmpty ? [] : TypeDefinition.closure(of: roots)
  }

  /// Calls `body` with every definition that the type names; those are not followed.
  func forEachDefinition(_ body: (TypeDefinition) -> Void) {
    switch self {
    case .int, .bool, .real, .variable: break
    case .list(let element): element.forEachDefinition(body)
    case .pair(let first, let second):
      first.forEachDefinition(body)
      second.forEachDefinition(body)
    case .named(let definition, let arguments):
      body(definition)
      for argument in arguments { argument.forEachDefinition(body) }
    case .function(let parameters, let result):
      for parameter in parameters { parameter.forEachDefinition(body) }
      result.forEachDefinition(body)
    }
  }

  /// Adds every definition that the type names, and those that these name.
  package func collectDefinitions(in definitions: inout Set<TypeDefinition>) {
    var found: [TypeDefinition] = []
    forEachDefinition { found.append($0) }
    for definition in found where definitions.insert(definition).inserted {
      definitions.formUnion(definition.others)
    }
  }

  /// Adds every declared type inside, those of the fields of its values included, with its arguments.
  package func collectInstances(in instances: inout Set<Type>) {
    switch self {
    case .int, .bool, .real, .variable, .function: break
    case .list(let element): element.collectInstances(in: &instances)
    case .pair(let first, let second):
      first.collectInstances(in: &instances)
      second.collectInstances(in: &instances)
    case .named(let definition, let arguments):
      guard instances.insert(self).inserted else { return }
      for argument in arguments { argument.collectInstances(in: &instances) }
      for constructor in definition.constructors.indices {
        for field in definition.fields(of: constructor, arguments) {
          field.collectInstances(in: &instances)
        }
      }
    }
  }

  /// Whether the variable occurs in it.
  func mentions(_ variable: String) -> Bool {
    switch self {
    case .int, .bool, .real: false
    case .variable(let name): name == variable
    case .list(let element): element.mentions(variable)
    case .pair(let first, let second): first.mentions(variable) || second.mentions(variable)
    case .named(_, let arguments): arguments.contains { $0.mentions(variable) }
    case .function(let parameters, let result):
      result.mentions(variable) || parameters.contains { $0.mentions(variable) }
    }
  }
}
