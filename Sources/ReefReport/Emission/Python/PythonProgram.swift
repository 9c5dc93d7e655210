import ReefMachine

/// A whole Python program.
struct PythonProgram: EmittedProgram {
  static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in",
    "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
    // What bodies use, and what stands in them.
    "charge", "equal", "float", "int64", "len", "max", "min", "range", "zip", "element", "other",
    "next", "Made", "Rest",
  ]

  let runtime: String
  let text: String

  init(_ functions: [EmittedFunction], _ limits: Limits, header: [String]) {
    var dialect = PythonDialect()
    var bodies: [String] = []
    for function in functions where function.isReached {
      let names = function.parameterNames(PythonProgram.keywords)
      var source = SourceText(indentation: 4)
      source.add("def \(function.name)(\(names.joined(separator: ", "))):")
      source.level = 1
      for (index, line) in function.comment.enumerated() {
        source.add("# " + line)
        if index == 1, function.comment.count > 2 { source.add("#") }
      }
      if function.function.block.cost > 0 {
        source.add(dialect.charge(function.function.block.cost, isChecked: true))
      }
      var writer = BodyWriter(function, parameters: names, of: functions, dialect, source)
      let result = writer.write()
      dialect = writer.dialect
      writer.source.add("return \(result)")
      bodies.append(writer.source.text)
    }
    let kinds = PythonProgram.kinds(of: functions)
    if !kinds.isEmpty { _ = dialect.runtime.use("Made") }
    runtime = PythonProgram.core(limits) + kinds + dialect.runtime.text(separator: "\n\n")
    let skill = functions[0]
    let types = skill.function.parameterTypes.map(PythonProgram.describe).joined(separator: ", ")
    let main = PythonProgram.main(withTypes: !kinds.isEmpty).replacing("SKILL", with: skill.name)
      .replacing("TYPES", with: "[\(types)]")
    let comment = header.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
    text = [comment + runtime, bodies.joined(separator: "\n\n"), main].joined(separator: "\n\n")
  }

  /// The type as the program's reader takes it: `"int"`, `["int"]`, `("int", "bool")`.
  private static func describe(_ type: Type) -> String {
    switch type {
    case .list(let element): "[\(describe(element))]"
    case .pair(let first, let second): "(\(describe(first)), \(describe(second)))"
    default: "\"\(type)\""
    }
  }

  /// The declared types at all arguments that values have, as the reader and the writer take them: the
  /// labels of a record, and the constructors with their fields. Nothing where there are none.
  private static func kinds(of functions: [EmittedFunction]) -> String {
    var instances: Set<Type> = []
    for function in functions where function.isReached {
      for type in function.function.types { type.collectInstances(in: &instances) }
    }
    let lines = instances.sorted().map { type in
      guard case .named(let definition, let arguments) = type else { return "" }
      let constructors = definition.constructors.enumerated().map { number, constructor in
        let fields = definition.fields(of: number, arguments).map(describe)
        return "(\"\(constructor.name)\", [\(fields.joined(separator: ", "))])"
      }
      let labels = definition.labels?.map { "\"\($0)\"" }.joined(separator: ", ")
      return "    \"\(type)\": (\(labels.map { "[\($0)]" } ?? "None"), "
        + "[\(constructors.joined(separator: ", "))]),\n"
    }
    return lines.isEmpty
      ? ""
      : "# The declared types: labels of a record, constructors with their fields.\nKINDS = {\n"
        + lines.joined() + "}\n\n\n"
  }
}
