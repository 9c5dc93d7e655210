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
    // What is written after the bodies.
    "tell_steps",
  ]

  let runtime: String
  let text: String

  init(_ functions: [EmittedFunction], _ limits: Limits, header: [String]) {
    var functions = functions
    EmittedFunction.findBorrowed(in: &functions)
    EmittedFunction.findTold(in: &functions)
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
    // What walks through values of declared types needs a stack that is guarded, too.
    let isRecursive = functions.contains { function in
      function.isReached
        && (function.isRecursive || function.function.types.contains(where: \.holdsDeclared))
    }
    let run = CProgram.run(functions[0], isRecursive: isRecursive, &dialect.runtime)
    dialect.runtime.finish()
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
    var parameters = zip(names, function.function.parameterTypes).map {
      runtime.declaration($0, $1)
    }
    if function.isToldDepth { parameters.append("int64_t depth") }
    // A compiler counts on no growth by a function that is not said to be inline.
    return "static inline " + runtime.declaration(function.name, function.function.resultType)
      + "(\(parameters.isEmpty ? "void" : parameters.joined(separator: ", ")))"
  }

  private static func definition(
    _ function: EmittedFunction, _ names: [String], _ prototype: String,
    _ functions: [EmittedFunction], _ dialect: inout CDialect
  ) -> String {
    var source = SourceText(indentation: 2, level: 1)
    let cost = function.function.block.cost
    if function.isRecursive {
      source.add("depth += 1;")
      source.add("enter(depth, \(cost));")
    } else if cost > 0 {
      source.add("charge(\(cost));")
    }
    var writer = BodyWriter(function, parameters: names, of: functions, dialect, source)
    let result = writer.write()
    dialect = writer.dialect
    writer.source.add("return \(result);")
    return "\(prototype) {\n\(writer.source.text)}\n"
  }

  /// The function that reads the arguments, runs the skill and writes its result.
  private static func run(
    _ skill: EmittedFunction, isRecursive: Bool, _ runtime: inout CRuntime
  ) -> String {
    let types = skill.function.parameterTypes
    let usesLists = !runtime.types.isEmpty
    var body = SourceText(indentation: 2, level: 1)
    body.add("expect('[');")
    for (index, type) in types.enumerated() {
      if index > 0 { body.add("expect(',');") }
      body.add("\(runtime.declaration("argument\(index)", type)) = \(runtime.read(type))();")
    }
    body.add("expect(']');")
    body.add("if (input[strspn(input, \" \\t\\r\\n\")] != '\\0') fail(\"badInput\");")
    let arguments = (types.indices.map { "argument\($0)" } + (skill.isToldDepth ? ["0"] : []))
      .joined(separator: ", ")
    let result = skill.function.resultType
    body.add("\(runtime.declaration("result", result)) = \(skill.name)(\(arguments));")
    body.add("if (fuel < 0) fail(\"fuel\");")
    if result.holdsDeclared { body.add("\(runtime.nest(result))(result, 0);") }
    body.add("\(runtime.write(result))(result);")
    body.add("putchar('\\n');")
    body.add(runtime.released("result", result))
    if usesLists { body.add("assert(memory_used == 0);") }
    var start = SourceText(indentation: 2, level: 1)
    start.add("input = text;")
    start.add("fuel = FUEL_LIMIT;")
    if usesLists { start.add("memory_used = 0;") }
    if isRecursive {
      start.add("stack_end = (uintptr_t)__builtin_frame_address(0) - STACK_BYTES;")
    }
    start.block("if (setjmp(stopped) != 0) {", "}") { start in
      if usesLists { start.add("free_everything();") }
      start.add("return error;")
    }
    start.add("solve();")
    start.add("return NULL;")
    return """
      /* Reads a JSON array of arguments, runs the skill and prints its result. A function of its own
         because compilers trust no variable near setjmp. */
      static APART void solve(void) {
      \(body.text)}

      /* Does so for a text; gives the error. */
      static const char *run(const char *text) {
      \(start.text)}

      """
  }
}

extension EmittedFunction {
  /// Finds the functions that count open calls or call some that do. A number that is handed down costs
  /// less than one that stands in memory.
  fileprivate static func findTold(in functions: inout [EmittedFunction]) {
    var isDone = false
    while !isDone {
      isDone = true
      for index in functions.indices where !functions[index].isToldDepth {
        var isTold = functions[index].isRecursive
        functions[index].function.block.forEachCall {
          if functions[$0].isToldDepth { isTold = true }
        }
        guard isTold else { continue }
        functions[index].isToldDepth = true
        isDone = false
      }
    }
  }
}
