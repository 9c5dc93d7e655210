import ReefMachine

extension SwiftProgram {
  /// A declared type as a generic enum, a case `c0`, `c1`, … for each constructor.
  static func definition(_ definition: TypeDefinition) -> String {
    let parameters = definition.parameterNames.map { $0.uppercased() }
    let generic = parameters.isEmpty ? "" : "<\(parameters.map { "\($0): Value" }.list)>"
    var source = SourceText(indentation: 2)
    source.add("/// \(definition)")
    let name = SwiftDialect.name(definition)
    let isIndirect = definition.constructors.contains { !$0.fields.isEmpty }
    source.block("\(isIndirect ? "indirect " : "")enum \(name)\(generic): Value {", "}\n") {
      source in
      let cases = definition.constructors.indices.map { number in
        let fields = definition.fields(of: number, definition.parameterNames.map { .variable($0) })
        return Case(
          number: number, constructor: definition.constructors[number].name,
          types: fields.map(SwiftDialect.name))
      }
      for each in cases {
        source.add("case c\(each.number)\(each.types.isEmpty ? "" : "(\(each.types.list))")")
      }
      source.block("var tag: Int {", "}") { source in
        source.block("switch self {", "}") { source in
          for each in cases { source.add("case .c\(each.number): \(each.number)") }
        }
      }
      for each in cases {
        for (field, type) in each.types.enumerated() {
          let pattern = each.types.indices.map { $0 == field ? "let field" : "_" }.list
          source.block("var field\(each.number)_\(field): \(type) {", "}") { source in
            source.add(
              cases.count == 1
                ? "switch self { case .c0(\(pattern)): return field }"
                : "guard case .c\(each.number)(\(pattern)) = self else { preconditionFailure() }")
            if cases.count > 1 { source.add("return field") }
          }
        }
      }
      writeEqual(cases, to: &source)
      writeReading(definition, cases, to: &source)
      writeWriting(definition, cases, to: &source)
    }
    return "\n" + source.text
  }

  private struct Case {
    let number: Int
    let constructor: String
    let types: [String]

    /// The pattern that names its fields.
    func pattern(_ letter: String) -> String {
      ".c\(number)" + (types.isEmpty ? "" : "(\(types.indices.map { "let \(letter)\($0)" }.list))")
    }
  }

  private static func writeEqual(_ cases: [Case], to source: inout SourceText) {
    source.block(
      "static func equal(_ x: Self, _ y: Self, _ run: inout Run) throws(Failure) -> Bool {", "}"
    ) { source in
      source.block("switch (x, y) {", "}") { source in
        for each in cases {
          source.add("case (\(each.pattern("x")), \(each.pattern("y"))):")
          source.level += 1
          if !each.types.isEmpty { source.add("try run.charge(\(each.types.count))") }
          for (field, type) in each.types.enumerated() {
            source.add("if try !\(type).equal(x\(field), y\(field), &run) { return false }")
          }
          source.add("return true")
          source.level -= 1
        }
        if cases.count > 1 { source.add("default: return false") }
      }
    }
  }

  private static func writeReading(
    _ definition: TypeDefinition, _ cases: [Case], to source: inout SourceText
  ) {
    source.block("init(reading input: inout Input) throws(Failure) {", "}") { source in
      source.add("try input.expect(\"{\")")
      if let labels = definition.labels {
        for (field, type) in cases[0].types.enumerated() { source.add("var f\(field): \(type)?") }
        source.block("repeat {", "} while input.accept(\",\")") { source in
          for (field, label) in labels.enumerated() {
            let word =
              "\(field == 0 ? "" : "} else ")if f\(field) == nil, input.accept(#\"\"\(label)\"\"#) {"
            source.add(word)
            source.level += 1
            source.add("try input.expect(\":\")")
            source.add("f\(field) = try \(cases[0].types[field])(reading: &input)")
            source.level -= 1
          }
          source.add("} else {")
          source.add("  throw .badInput")
          source.add("}")
        }
        let all = labels.indices.map { "let f\($0)" }.list
        source.add("guard \(all) else { throw .badInput }")
        source.add("self = .c0(\(labels.indices.map { "f\($0)" }.list))")
      } else {
        for each in cases {
          source.add(
            "\(each.number == 0 ? "" : "} else ")if input.accept(#\"\"\(each.constructor)\"\"#) {")
          source.level += 1
          source.add("try input.expect(\":\")")
          source.add("try input.expect(\"[\")")
          for (field, type) in each.types.enumerated() {
            if field > 0 { source.add("try input.expect(\",\")") }
            source.add("let f\(field) = try \(type)(reading: &input)")
          }
          source.add("try input.expect(\"]\")")
          let fields = each.types.indices.map { "f\($0)" }.list
          source.add("self = .c\(each.number)\(fields.isEmpty ? "" : "(\(fields))")")
          source.level -= 1
        }
        source.add("} else {")
        source.add("  throw .badInput")
        source.add("}")
      }
      source.add("try input.expect(\"}\")")
    }
  }

  private static func writeWriting(
    _ definition: TypeDefinition, _ cases: [Case], to source: inout SourceText
  ) {
    source.block("func write(to output: inout String) {", "}") { source in
      source.block("switch self {", "}") { source in
        for each in cases {
          source.add("case \(each.pattern("x")):")
          source.level += 1
          let labels = definition.labels
          let open = labels == nil ? "{\"\(each.constructor)\":[" : "{"
          source.add("output += #\"\(open)\"#")
          for field in each.types.indices {
            let label = labels.map { "\"\($0[field])\":" } ?? ""
            let before = (field == 0 ? "" : ",") + label
            if !before.isEmpty { source.add("output += #\"\(before)\"#") }
            source.add("x\(field).write(to: &output)")
          }
          source.add("output += \"\(labels == nil ? "]}" : "}")\"")
          source.level -= 1
        }
      }
    }
    source.block("func nest(_ depth: Int) throws(Failure) {", "}") { source in
      source.add("if depth >= nestingLimit { throw .nesting }")
      source.block("switch self {", "}") { source in
        for each in cases {
          source.add("case \(each.pattern("x")):")
          if each.types.isEmpty { source.add("  break") }
          for field in each.types.indices { source.add("  try x\(field).nest(depth + 1)") }
        }
      }
    }
  }
}

extension [String] {
  fileprivate var list: String { joined(separator: ", ") }
}
