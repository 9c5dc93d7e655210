/// The type of a value, or of a function passed to a control form.
///
/// Written `int`, `bool`, `real`, `[T]`, `(T, U)`; type variables are single lower-case words that
/// are not type names (`a`, `b`), and a function type is `(a, b) -> c`. Variables and function
/// types occur in the signatures of atoms.
public indirect enum Type: Hashable, Sendable {
  /// 64 bits; what is beyond them ends a run.
  case int
  case bool
  /// A `Double`.
  case real
  case list(Type)
  case pair(Type, Type)
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
    case .variable, .function: false
    }
  }

  /// The number of type constructors in it, 1 for `int`; learners bound it.
  public var size: Int {
    switch self {
    case .int, .bool, .real, .variable: 1
    case .list(let element): 1 + element.size
    case .pair(let first, let second): 1 + first.size + second.size
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
