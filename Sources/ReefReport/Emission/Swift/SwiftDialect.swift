import ReefMachine

/// Swift 6. A value's last use consumes it, so that lists that nobody else holds are updated in
/// place.
struct SwiftDialect: Dialect {
  var runtime = Snippets(SwiftProgram.snippets)

  var blockEnd: String? { "}" }
  var elseLine: String { "} else {" }

  static func name(_ type: Type) -> String {
    switch type {
    case .int: "Int"
    case .bool: "Bool"
    case .real: "Double"
    case .list(let element): "List<\(name(element))>"
    case .pair(let first, let second): "Pair<\(name(first)), \(name(second))>"
    case .named(let definition, let arguments):
      name(definition)
        + (arguments.isEmpty ? "" : "<\(arguments.map(name).joined(separator: ", "))>")
    // A parameter of a declared type.
    case .variable(let name): name.uppercased()
    case .function: preconditionFailure("no value has the type \(type)")
    }
  }

  /// `OwnTree` for `tree`: no other name of a program begins so.
  static func name(_ definition: TypeDefinition) -> String {
    "Own" + definition.name.prefix(1).uppercased() + definition.name.dropFirst()
  }

  mutating func literal(_ value: Value, _ type: Type) -> String {
    switch value {
    case .int(let value): return "\(value)"
    case .bool(let value): return "\(value)"
    case .real(let real):
      let value = real.value
      if value.isNaN { return "Double.nan" }
      if value.isInfinite { return value < 0 ? "-Double.infinity" : "Double.infinity" }
      return "\(value)"
    case .list(let values):
      return "[" + values.map { literal($0, type) }.joined(separator: ", ") + "]"
    case .pair(let first, let second):
      return "Pair(\(literal(first, type)), \(literal(second, type)))"
    case .made(let definition, let constructor, let fields):
      return SwiftDialect.make(
        SwiftDialect.name(definition), constructor, fields.map { literal($0, type) })
    }
  }

  private static func make(_ type: String, _ constructor: Int, _ fields: [String]) -> String {
    "\(type).c\(constructor)" + (fields.isEmpty ? "" : "(\(fields.joined(separator: ", ")))")
  }

  func binding(_ name: String, _ type: Type, _ value: String, isVariable: Bool) -> String {
    "\(isVariable ? "var" : "let") \(name): \(SwiftDialect.name(type)) = \(value)"
  }

  func declaration(_ name: String, _ type: Type) -> String? {
    "let \(name): \(SwiftDialect.name(type))"
  }

  func assignment(_ name: String, _ value: String) -> String { "\(name) = \(value)" }
  func ignoring(_ name: String) -> String? { "_ = \(name)" }
  func charge(_ steps: Int, isChecked: Bool) -> String { "try charge(\(steps))" }

  // MARK: Ownership

  func copy(_ name: String, _ type: Type) -> String { name }

  func move(_ name: String, _ type: Type) -> String {
    type.isConsumed ? "consume \(name)" : name
  }

  func end(_ name: String, _ type: Type) -> String? {
    type.isConsumed ? "_ = consume \(name)" : nil
  }

  func consumes(_ argument: Argument) -> Bool { !argument.isShared }

  private func pass(_ argument: Argument) -> String {
    argument.isLast && !argument.isShared ? move(argument.name, argument.type) : argument.name
  }

  // MARK: Applications

  mutating func apply(_ atom: Atom, _ arguments: [Argument], _ result: Type) -> String {
    let a = arguments.map(pass)
    switch atom.name {
    case "int.min", "int.max": return "Swift.\(atom.name.dropFirst(4))(\(a[0]), \(a[1]))"
    case "int.less", "real.less": return "\(a[0]) < \(a[1])"
    case "int.lessOrEqual", "real.lessOrEqual": return "\(a[0]) <= \(a[1])"
    case "equal" where Kind(of: arguments[0].type) != .reference: return "\(a[0]) == \(a[1])"
    case "equal": return "try equal(\(a[0]), \(a[1]))"
    case "bool.and": return "\(a[0]) && \(a[1])"
    case "bool.or": return "\(a[0]) || \(a[1])"
    case "bool.not": return "!\(a[0])"
    case "real.add": return "\(a[0]) + \(a[1])"
    case "real.subtract": return "\(a[0]) - \(a[1])"
    case "real.multiply": return "\(a[0]) * \(a[1])"
    case "real.divide": return "\(a[0]) / \(a[1])"
    case "real.fromInt": return "Double(\(a[0]))"
    case "pair.make": return "Pair(\(a[0]), \(a[1]))"
    case "pair.first", "pair.second": return "(\(a[0])).\(atom.name.dropFirst(5))"
    case "control.if": return "\(a[0]) ? \(a[1]) : \(a[2])"
    case "list.length": return "(\(a[0])).count"
    case "list.isEmpty": return "(\(a[0])).isEmpty"
    case "list.take": return "(\(a[0])).prefix(Swift.max(0, \(a[1])))"
    case "list.drop": return "(\(a[0])).dropFirst(Swift.max(0, \(a[1])))"
    case let name:
      let function = runtime.use(name.replacing(".", with: "_"))
      let canFail = ![
        "list_append", "list_prepend", "real_min", "real_max", "real_exp", "real_log",
      ].contains(function)
      return "\(canFail ? "try " : "")\(function)(\(a.joined(separator: ", ")))"
    }
  }

  func apply(
    _ operation: MadeOperation, _ arguments: [Argument], _ result: Type
  ) -> String {
    let a = arguments.map(pass)
    switch operation {
    case .make(let constructor):
      return SwiftDialect.make(SwiftDialect.name(result), constructor, a)
    case .field(let field, let constructor): return "(\(a[0])).field\(constructor)_\(field)"
    case .tag: return "(\(a[0])).tag"
    case .isTag(let tag): return "\(a[0]) == \(tag)"
    }
  }

  func call(_ function: EmittedFunction, _ arguments: [Argument]) -> String {
    "try \(function.name)(\(arguments.map(pass).joined(separator: ", ")))"
  }

  // MARK: Control flow

  func ifBegin(_ condition: String) -> String { "if \(condition) {" }

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
    return (
      [], elements.count == 1 ? "for \(names) in \(lists) {" : "for (\(names)) in zip(\(lists)) {",
      []
    )
  }

  func repeatBegin(_ count: String) -> String { "for _ in 0..<Swift.max(0, \(count)) {" }
  func whileBegin(_ condition: String) -> String { "while \(condition) {" }

  func scanStep(_ pair: String, _ type: Type, state: String, outputs: String) -> [String] {
    ["\(state) = \(pair).first", push(outputs, "(\(move(pair, type))).second")]
  }
}

extension Type {
  /// Whether to consume a value means anything to Swift: it does not where the value is nothing but
  /// bits, as an enum without fields is, and the compiler then refuses some of what is right.
  fileprivate var isConsumed: Bool {
    switch self {
    case .list: true
    case .named(let definition, _): definition.constructors.contains { !$0.fields.isEmpty }
    case .pair(let first, let second): first.isConsumed || second.isConsumed
    default: false
    }
  }
}
