import ReefMachine

/// A whole C program.
struct CProgram: EmittedProgram {
  static let keywords: Set<String> = [
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
    "extern", "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict",
    "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union",
    "unsigned", "void", "volatile", "while", "asm", "typeof", "bool", "true", "false", "nullptr",
    "constexpr", "alignas", "alignof", "main", "unix", "linux", "i386", "errno",
    // What bodies use, and what stands in them.
    "fuel", "charge", "fail", "enter", "depth", "i", "end", "element", "other", "next",
  ]

  let runtime: String
  let text: String

  init(_ functions: [EmittedFunction], _ limits: Limits, header: [String]) {
    var dialect = CDialect()
    var bodies: [String] = []
    var prototypes: [String] = []
    for function in functions where function.isReached {
      let names = function.parameterNames(CProgram.keywords)
      let prototype = CProgram.prototype(function, names, &dialect.runtime)
      prototypes.append(prototype + ";")
      bodies.append(
        CProgram.comment(function.comment)
          + CProgram.definition(function, names, prototype, functions, &dialect))
    }
    let isRecursive = functions.contains { $0.isReached && $0.isRecursive }
    let run = CProgram.run(functions[0], isRecursive: isRecursive, &dialect.runtime)
    let types = dialect.runtime.types.joined(separator: "\n")
    let own =
      dialect.runtime.functions + [prototypes.joined(separator: "\n") + "\n"] + bodies + [run]
    var core = Snippets(CRuntime.core)
    core.useAll(in: types + own.joined())
    runtime =
      [
        CRuntime.preamble(limits, isRecursive: isRecursive), core.text(separator: "\n"), types,
        dialect.runtime.functions.joined(separator: "\n"),
      ].filter { !$0.isEmpty }.joined(separator: "\n")
    text = [
      CProgram.comment(header), runtime, prototypes.joined(separator: "\n") + "\n",
      bodies.joined(separator: "\n"), run, isRecursive ? CRuntime.recursiveMain : CRuntime.main,
    ].joined(separator: "\n")
  }

  private static func comment(_ lines: [String]) -> String {
    "/*\n" + lines.map { $0.isEmpty ? " *\n" : " * \($0)\n" }.joined() + " */\n"
  }

  private static func prototype(
    _ function: EmittedFunction, _ names: [String], _ runtime: inout CRuntime
  ) -> String {
    let parameters = zip(names, function.function.parameterTypes).map {
      runtime.declaration($0, $1)
    }
    return "static " + runtime.declaration(function.name, function.function.resultType)
      + "(\(parameters.isEmpty ? "void" : parameters.joined(separator: ", ")))"
  }

  private static func definition(
    _ function: EmittedFunction, _ names: [String], _ prototype: String,
    _ functions: [EmittedFunction], _ dialect: inout CDialect
  ) -> String {
    var source = SourceText(indentation: 2, level: 1)
    let cost = function.function.block.cost
    if function.isRecursive {
      source.add("enter(\(cost));")
    } else if cost > 0 {
      source.add("charge(\(cost));")
    }
    var writer = BodyWriter(function, parameters: names, of: functions, dialect, source)
    let result = writer.write()
    dialect = writer.dialect
    if function.isRecursive { writer.source.add("depth -= 1;") }
    writer.source.add("return \(result);")
    return "\(prototype) {\n\(writer.source.text)}\n"
  }

  /// The function that reads the arguments, runs the skill and writes its result.
  private static func run(
    _ skill: EmittedFunction, isRecursive: Bool, _ runtime: inout CRuntime
  ) -> String {
    let types = skill.function.parameterTypes
    var body = SourceText(indentation: 2, level: 1)
    body.add("input = text;")
    body.add("fuel = FUEL_LIMIT;")
    if !runtime.types.isEmpty { body.add("memory_used = 0;") }
    if isRecursive {
      body.add("depth = 0;")
      body.add("stack_end = (uintptr_t)__builtin_frame_address(0) - STACK_BYTES;")
    }
    let usesLists = !runtime.types.isEmpty
    body.block("if (setjmp(stopped) != 0) {", "}") { body in
      if usesLists { body.add("free_everything();") }
      body.add("return error;")
    }
    body.add("expect('[');")
    for (index, type) in types.enumerated() {
      if index > 0 { body.add("expect(',');") }
      body.add("\(runtime.declaration("argument\(index)", type)) = \(runtime.read(type))();")
    }
    body.add("expect(']');")
    body.add("if (input[strspn(input, \" \\t\\r\\n\")] != '\\0') fail(\"badInput\");")
    let arguments = types.indices.map { "argument\($0)" }.joined(separator: ", ")
    let result = skill.function.resultType
    body.add("\(runtime.declaration("result", result)) = \(skill.name)(\(arguments));")
    body.add("if (fuel < 0) fail(\"fuel\");")
    body.add("\(runtime.write(result))(result);")
    body.add("putchar('\\n');")
    body.add(runtime.released("result", result))
    if usesLists { body.add("assert(memory_used == 0);") }
    body.add("return NULL;")
    return """
      /* Runs the skill on a JSON array of arguments; prints the result, or gives the error. */
      static const char *run(const char *text) {
      \(body.text)}

      """
  }
}
