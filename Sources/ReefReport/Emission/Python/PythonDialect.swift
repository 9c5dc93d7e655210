import ReefMachine

/// Python 3.8 and later. Lists are never changed once they are made, so nothing has an owner, an update
/// copies, and what is left of a long list shares its elements.
struct PythonDialect: Dialect {
  var runtime = Snippets(PythonProgram.snippets)

  var blockEnd: String? { nil }
  var elseLine: String { "else:" }

  mutating func literal(_ value: Value, _ type: Type) -> String {
    switch value {
    case .int(let value): return "\(value)"
    case .bool(let value): return value ? "True" : "False"
    case .real(let real):
      return real.value.isFinite ? "\(real.value)" : "float(\"\(real.value)\")"
    case .list(let values):
      guard case .list(let element) = type else { preconditionFailure("no list") }
      return "[" + values.map { literal($0, element) }.joined(separator: ", ") + "]"
    case .pair(let first, let second):
      guard case .pair(let firstType, let secondType) = type else { preconditionFailure("no pair") }
      return "(\(literal(first, firstType)), \(literal(second, secondType)))"
    case .made(let definition, let constructor, let fields):
      guard case .named(_, let arguments) = type else { preconditionFailure("no declared type") }
      let types = definition.fields(of: constructor, arguments)
      return make(constructor, zip(fields, types).map { literal($0, $1) }, type)
    }
  }

  private func make(_ constructor: Int, _ fields: [String], _ type: Type) -> String {
    let fields = fields.map { $0 + ", " }.joined()
    return "Made(\"\(type)\", \(constructor), (\(fields.trimmed)))"
  }

  func binding(_ name: String, _ type: Type, _ value: String, isVariable: Bool) -> String {
    "\(name) = \(value)"
  }

  func declaration(_ name: String, _ type: Type) -> String? { nil }
  func assignment(_ name: String, _ value: String) -> String { "\(name) = \(value)" }
  func ignoring(_ name: String) -> String? { nil }
  func charge(_ steps: Int, isChecked: Bool) -> String { "charge(\(steps))" }

  func copy(_ name: String, _ type: Type) -> String { name }
  func move(_ name: String, _ type: Type) -> String { name }
  func end(_ name: String, _ type: Type) -> String? { nil }
  func consumes(_ argument: Argument) -> Bool { true }

  // MARK: Applications

  mutating func apply(_ atom: Atom, _ arguments: [Argument], _ result: Type) -> String {
    let a = arguments.map(\.name)
    switch atom.name {
    case "int.add": return "\(runtime.use("int64"))(\(a[0]) + \(a[1]))"
    case "int.subtract": return "\(runtime.use("int64"))(\(a[0]) - \(a[1]))"
    case "int.multiply": return "\(runtime.use("int64"))(\(a[0]) * \(a[1]))"
    case "int.divide": return "\(runtime.use("int64"))(\(a[0]) // \(a[1]))"
    case "int.modulo": return "\(a[0]) % \(a[1])"
    case "int.min": return "min(\(a[0]), \(a[1]))"
    case "int.max": return "max(\(a[0]), \(a[1]))"
    case "int.less", "real.less": return "\(a[0]) < \(a[1])"
    case "int.lessOrEqual", "real.lessOrEqual": return "\(a[0]) <= \(a[1])"
    case "equal" where Kind(of: arguments[0].type) != .reference: return "\(a[0]) == \(a[1])"
    case "bool.and": return "\(a[0]) and \(a[1])"
    case "bool.or": return "\(a[0]) or \(a[1])"
    case "bool.not": return "not \(a[0])"
    case "real.add": return "\(a[0]) + \(a[1])"
    case "real.subtract": return "\(a[0]) - \(a[1])"
    case "real.multiply": return "\(a[0]) * \(a[1])"
    case "real.max": return "-\(runtime.use("real_min"))(-\(a[0]), -\(a[1]))"
    case "real.fromInt": return "float(\(a[0]))"
    case "pair.make": return "(\(a[0]), \(a[1]))"
    case "pair.first": return "\(a[0])[0]"
    case "pair.second": return "\(a[0])[1]"
    case "control.if": return "\(a[1]) if \(a[0]) else \(a[2])"
    case "list.length": return "len(\(a[0]))"
    case "list.isEmpty": return "not \(a[0])"
    case "list.prepend": return "[\(a[0]), *\(a[1])]"
    case "list.append": return "[*\(a[0]), \(a[1])]"
    case "list.take": return "\(a[0])[:max(0, \(a[1]))]"
    case "list.drop": return "\(a[0])[max(0, \(a[1])):]"
    default:
      return "\(runtime.use(atom.name.replacing(".", with: "_")))(\(a.joined(separator: ", ")))"
    }
  }

  func apply(
    _ operation: MadeOperation, _ arguments: [Argument], _ result: Type
  ) -> String {
    let a = arguments.map(\.name)
    switch operation {
    case .make(let constructor): return make(constructor, a, result)
    case .field(let field, _): return "\(a[0]).fields[\(field)]"
    case .tag: return "\(a[0]).tag"
    case .isTag(let tag): return "\(a[0]) == \(tag)"
    }
  }

  func call(_ function: EmittedFunction, _ arguments: [Argument]) -> String {
    "\(function.name)(\(arguments.map(\.name).joined(separator: ", ")))"
  }

  // MARK: Control flow

  func ifBegin(_ condition: String) -> String { "if \(condition):" }
  func newList(_ type: Type, asLongAs lists: [String], fills: Bool) -> String { "[]" }
  func put(_ list: String, _ value: String) -> String { push(list, value) }
  func push(_ list: String, _ value: String) -> String { "\(list).append(\(value))" }

  func eachBegin(
    _ elements: [(name: String, type: Type, list: String)],
    filling made: (name: String, type: Type)?,
    named name: String
  ) -> (before: [String], line: String, first: [String]) {
    let names = elements.map(\.name).joined(separator: ", ")
    let lists = elements.map(\.list).joined(separator: ", ")
    return ([], "for \(names) in \(elements.count == 1 ? lists : "zip(\(lists))"):", [])
  }

  func repeatBegin(_ count: String) -> String { "for _ in range(\(count)):" }
  func whileBegin(_ condition: String) -> String { "while \(condition):" }

  func scanStep(_ pair: String, _ type: Type, state: String, outputs: String) -> [String] {
    ["\(state) = \(pair)[0]", "\(outputs).append(\(pair)[1])"]
  }
}

extension String {
  /// Without the space at its end, if there is one.
  fileprivate var trimmed: String { last == " " ? String(dropLast()) : self }
}
