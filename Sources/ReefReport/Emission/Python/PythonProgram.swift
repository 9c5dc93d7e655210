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
    "next",
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
    runtime = PythonProgram.core(limits) + dialect.runtime.text(separator: "\n\n")
    let skill = functions[0]
    let types = skill.function.parameterTypes.map(PythonProgram.describe).joined(separator: ", ")
    let main = PythonProgram.main.replacing("SKILL", with: skill.name)
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
}
