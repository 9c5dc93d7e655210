import ReefMachine

/// Values of declared types: a tag, and a union of the fields that each constructor makes.
extension CRuntime {
  private func definition(_ type: Type) -> (TypeDefinition, [Type]) {
    guard case .named(let definition, let arguments) = type else {
      preconditionFailure("\(type) is not declared")
    }
    return (definition, arguments)
  }

  mutating func structure(_ type: Type) -> String {
    let (definition, arguments) = definition(type)
    var members: [String] = []
    for number in definition.constructors.indices {
      let fields = definition.fields(of: number, arguments)
      if fields.isEmpty { continue }
      var parts: [String] = []
      for (field, type) in fields.enumerated() {
        parts.append(declaration("f\(field)", type) + ";")
      }
      members.append(
        "    /* \(definition.constructors[number].name) */\n    struct { \(parts.joined(separator: " ")) } c\(number);\n"
      )
    }
    let union = members.isEmpty ? "" : "  union {\n\(members.joined())  } fields;\n"
    return """
      /* \(definition), here \(type). */
      struct \(word(type)) {
        made made;
        int64_t tag;
      \(union)};

      """
  }

  func retainMade(_ type: Type, _ head: String) -> String {
    """
    \(head)(\(word(type)) *value) {
      value->made.references += 1;
      return value;
    }

    """
  }

  func releaseMade(_ type: Type, _ head: String) -> String {
    """
    \(head)(\(word(type)) *value) {
      value->made.references -= 1;
      if (value->made.references == 0) made_free(&value->made);
    }

    """
  }

  /// The function that makes a value with a constructor; it takes the fields over.
  mutating func make(_ type: Type, _ constructor: Int) -> String {
    define("\(word(type))_make_\(constructor)") { runtime in
      let (definition, arguments) = runtime.definition(type)
      let fields = definition.fields(of: constructor, arguments)
      var parameters: [String] = []
      for (field, type) in fields.enumerated() {
        parameters.append(runtime.declaration("f\(field)", type))
      }
      let puts = fields.indices.map { "  value->fields.c\(constructor).f\($0) = f\($0);\n" }
      let word = runtime.word(type)
      return """
        static inline \(runtime.declaration("\(word)_make_\(constructor)", type))(\(parameters.isEmpty ? "void" : parameters.joined(separator: ", "))) {
          \(runtime.declaration("value", type)) = new_object(sizeof *value, 0, 1);
          value->made.references = 1;
          value->made.clear = \(runtime.clear(type));
          value->tag = \(constructor);
        \(puts.joined())  return value;
        }

        """
    }
  }

  /// The function that frees a value, and takes an owner from each of its fields.
  private mutating func clear(_ type: Type) -> String {
    let word = word(type)
    return defineLater("\(word)_clear", "static void \(word)_clear(made *value)") { runtime in
      let cases = runtime.cases(type) { runtime, number, field, type in
        runtime.released("own->fields.c\(number).f\(field)", type)
      }
      return """
        \(word) *own = (\(word) *)value;
        \(cases)free_object(&value->object, sizeof *own);
        """
    }
  }

  /// A switch over the constructors, with a statement for each field that has one.
  private mutating func cases(
    _ type: Type, _ value: String = "own",
    _ statement: (inout CRuntime, Int, Int, Type) -> String?
  ) -> String {
    let (definition, arguments) = definition(type)
    var cases = ""
    for number in definition.constructors.indices {
      var lines = ""
      for (field, type) in definition.fields(of: number, arguments).enumerated() {
        if let line = statement(&self, number, field, type) { lines += "    \(line)\n" }
      }
      if !lines.isEmpty { cases += "  case \(number):\n\(lines)    break;\n" }
    }
    return cases.isEmpty ? "" : "switch (\(value)->tag) {\n\(cases)}\n"
  }

  // MARK: What goes through a value

  /// The function that compares two values; pays for each field.
  mutating func equalMade(_ type: Type) -> String {
    let word = word(type)
    let head = "static bool \(word)_equal(\(declaration("x", type)), \(declaration("y", type)))"
    return defineLater("\(word)_equal", head) { runtime in
      let (definition, _) = runtime.definition(type)
      let cases = runtime.cases(type, "x") { runtime, number, field, type in
        let place = "fields.c\(number).f\(field)"
        let pays = "charge(\(definition.constructors[number].fields.count));\n    "
        return (field == 0 ? pays : "")
          + "if (!\(runtime.equal(type))(x->\(place), y->\(place))) return false;"
      }
      return """
        need_stack();
        if (x->tag != y->tag) return false;
        \(cases)return true;
        """
    }
  }

  /// The function that sees that a value is not too deep to be told.
  mutating func nest(_ type: Type) -> String {
    let name = "\(word(type))_nest"
    let head = "static void \(name)(\(declaration("value", type)), int64_t depth)"
    switch type {
    case .named:
      return defineLater(name, head) { runtime in
        let cases = runtime.cases(type, "value") { runtime, number, field, type in
          "\(runtime.nest(type))(value->fields.c\(number).f\(field), depth + 1);"
        }
        return (cases.isEmpty ? "(void)value;\n" : "") + "need_depth(depth);\n" + cases
      }
    case .list(let element):
      return defineLater(name, head) { runtime in
        """
        need_depth(depth);
        for (int64_t i = 0; i < value->count; i++) \(runtime.nest(element))(value->items[i], depth + 1);
        """
      }
    case .pair(let first, let second):
      return defineLater(name, head) { runtime in
        """
        need_depth(depth);
        \(runtime.nest(first))(value.first, depth + 1);
        \(runtime.nest(second))(value.second, depth + 1);
        """
      }
    default: return defineLater(name, head) { _ in "(void)value;\nneed_depth(depth);" }
    }
  }

  // MARK: JSON

  mutating func writeMade(_ type: Type) -> String {
    let name = "\(word(type))_write"
    let head = "static void \(name)(\(declaration("value", type)))"
    return defineLater(name, head) { runtime in
      let (definition, arguments) = runtime.definition(type)
      var cases = ""
      for (number, constructor) in definition.constructors.enumerated() {
        let fields = definition.fields(of: number, arguments)
        let open = definition.isRecord ? "{" : "{\\\"\(constructor.name)\\\":["
        var lines = "    fputs(\"\(open)\", stdout);\n"
        for (field, type) in fields.enumerated() {
          let label = definition.labels.map { "\\\"\($0[field])\\\":" } ?? ""
          let before = (field == 0 ? "" : ",") + label
          if !before.isEmpty { lines += "    fputs(\"\(before)\", stdout);\n" }
          lines += "    \(runtime.write(type))(value->fields.c\(number).f\(field));\n"
        }
        lines += "    fputs(\"\(definition.isRecord ? "}" : "]}")\", stdout);\n"
        cases += "  case \(number):\n\(lines)    break;\n"
      }
      return "switch (value->tag) {\n\(cases)}"
    }
  }

  mutating func readMade(_ type: Type) -> String {
    let name = "\(word(type))_read"
    return defineLater(name, "static \(declaration(name, type))(void)") { runtime in
      let (definition, arguments) = runtime.definition(type)
      var body = "need_stack();\n\(runtime.declaration("value", type));\nexpect('{');\n"
      if let labels = definition.labels {
        body += runtime.readFields(labels, definition.fields(of: 0, arguments))
        let fields = labels.indices.map { "f\($0)" }.joined(separator: ", ")
        body += "value = \(runtime.make(type, 0))(\(fields));\n"
      } else {
        for (number, constructor) in definition.constructors.enumerated() {
          body +=
            "\(number == 0 ? "" : "} else ")if (\(runtime.acceptWord)(\"\\\"\(constructor.name)\\\"\")) {\n"
          body += "  expect(':');\n  expect('[');\n"
          let types = definition.fields(of: number, arguments)
          for (field, type) in types.enumerated() {
            if field > 0 { body += "  expect(',');\n" }
            body += "  \(runtime.declaration("f\(field)", type)) = \(runtime.read(type))();\n"
          }
          let fields = types.indices.map { "f\($0)" }.joined(separator: ", ")
          body += "  expect(']');\n  value = \(runtime.make(type, number))(\(fields));\n"
        }
        body += "} else {\n  fail(\"badInput\");\n}\n"
      }
      return body + "expect('}');\nreturn value;"
    }
  }

  /// The fields of a record in any order, each once.
  private mutating func readFields(_ labels: [String], _ types: [Type]) -> String {
    var text = "bool has[\(labels.count)] = {false};\n"
    for (field, type) in types.enumerated() {
      text += "\(declaration("f\(field)", type)) = \(CRuntime.nothing(type));\n"
    }
    text += "do {\n"
    for (field, label) in labels.enumerated() {
      text +=
        "  \(field == 0 ? "" : "} else ")if (!has[\(field)] && \(acceptWord)(\"\\\"\(label)\\\"\")) {\n"
      text +=
        "    expect(':');\n    f\(field) = \(read(types[field]))();\n    has[\(field)] = true;\n"
    }
    text += "  } else {\n    fail(\"badInput\");\n  }\n} while (accept(','));\n"
    return text + "for (int i = 0; i < \(labels.count); i++) if (!has[i]) fail(\"badInput\");\n"
  }

  /// What a variable may hold before it has a value.
  private static func nothing(_ type: Type) -> String {
    switch type {
    case .list, .named: "NULL"
    case .pair(let first, let second): "{\(nothing(first)), \(nothing(second))}"
    case .bool: "false"
    default: "0"
    }
  }
}
