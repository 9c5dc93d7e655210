import ReefMachine

/// A whole Swift program.
struct SwiftProgram: EmittedProgram {
  static let keywords: Set<String> = [
    "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import",
    "init", "inout", "internal", "let", "open", "operator", "private", "protocol", "public",
    "rethrows", "static", "struct", "subscript", "typealias", "var", "break", "case", "catch",
    "continue", "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in",
    "repeat", "return", "throw", "switch", "where", "while", "as", "any", "false", "is", "nil",
    "self", "super", "throws", "true", "try", "precedencegroup", "actor", "async", "await", "some",
    "each", "copy", "consume", "consuming", "borrowing", "discard", "package",
    // What bodies use, and what stands in them.
    "charge", "depth", "enter", "equal", "fuel", "room", "element", "other", "next", "zip",
    "Double", "List", "Pair", "Swift",
  ]

  let runtime: String
  let text: String

  init(_ functions: [EmittedFunction], _ limits: Limits, header: [String]) {
    var dialect = SwiftDialect()
    var bodies: [String] = []
    for function in functions where function.isReached {
      let names = function.parameterNames(SwiftProgram.keywords)
      bodies.append(SwiftProgram.definition(function, names, functions, &dialect))
    }
    let isRecursive = functions.contains { $0.isReached && $0.isRecursive }
    var used: Set<TypeDefinition> = []
    for function in functions where function.isReached {
      for type in function.function.types { type.collectDefinitions(in: &used) }
    }
    let definitions = used.sorted { $0.name < $1.name }
    runtime =
      SwiftProgram.core(limits) + definitions.map(SwiftProgram.definition).joined()
      + (isRecursive ? SwiftProgram.recursion : "")
      + dialect.runtime.text(separator: "\n")
    let skill = functions[0]
    let reads = skill.function.parameterTypes.enumerated().map { index, type in
      (index == 0 ? "" : "    try input.expect(\",\")\n")
        + "    let argument\(index) = try \(SwiftDialect.name(type))(reading: &input)\n"
    }
    let arguments = reads.indices.map { "argument\($0)" }.joined(separator: ", ")
    let main = SwiftProgram.main.replacing("READ\n", with: reads.joined())
      .replacing("SKILL", with: "\(skill.name)(\(arguments))")
      .replacing("DEPTH", with: isRecursive ? "\n    depth = 0" : "")
    let comment = header.map { $0.isEmpty ? "//\n" : "// \($0)\n" }.joined()
    text = [
      comment, runtime, "extension Run {\n" + bodies.joined(separator: "\n") + "}\n", main,
      isRecursive || !definitions.isEmpty ? SwiftProgram.deepStart : SwiftProgram.start,
    ].joined(separator: "\n")
  }

  private static func definition(
    _ function: EmittedFunction, _ names: [String], _ functions: [EmittedFunction],
    _ dialect: inout SwiftDialect
  ) -> String {
    var source = SourceText(indentation: 2, level: 1)
    for (index, line) in function.comment.enumerated() {
      source.add("/// " + line)
      if index == 1, function.comment.count > 2 { source.add("///") }
    }
    let types = function.function.parameterTypes
    let parameters = zip(names, types).map { name, type in
      // Compilers of today fail on an enum that is consumed.
      "_ \(name): \(type.isCounted && !type.holdsDeclared ? "consuming " : "")\(SwiftDialect.name(type))"
    }
    let result = SwiftDialect.name(function.function.resultType)
    source.add("mutating func \(function.name)(\(parameters.joined(separator: ", ")))")
    source.add("  throws(Failure) -> \(result)")
    source.add("{")
    source.level = 2
    // A parameter that is consumed may not be copied; what is bound to it may.
    for (index, type) in types.enumerated()
    where type.isCounted
      && (type.holdsDeclared || !function.function.unreadParameters.contains(index))
    {
      source.add("let \(names[index]) = \(names[index])")
    }
    let cost = function.function.block.cost
    if function.isRecursive {
      source.add("try enter(\(cost))")
    } else if cost > 0 {
      source.add("try charge(\(cost))")
    }
    var writer = BodyWriter(function, parameters: names, of: functions, dialect, source)
    let value = writer.write()
    dialect = writer.dialect
    if function.isRecursive { writer.source.add("depth -= 1") }
    writer.source.add("return \(value)")
    writer.source.level = 1
    writer.source.add("}")
    return writer.source.text
  }
}
