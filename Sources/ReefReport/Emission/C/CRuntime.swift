import ReefMachine

/// The part of a C program that its skills stand on: types, and functions on them, each written
/// once for every type that it is needed at, and only where it is needed.
struct CRuntime {
  private(set) var types: [String] = []
  private(set) var functions: [String] = []
  /// What refers to itself: it is declared where it is first needed, and written at the end.
  private var laterTypes: [(inout CRuntime) -> String] = []
  private var laterFunctions: [(inout CRuntime) -> String] = []
  private var defined: Set<String> = []
  private var constantCount = 0

  /// Writes what is named, unless it is there, behind everything that the text needs.
  mutating func define(
    _ name: String, isType: Bool = false, _ text: (inout CRuntime) -> String
  ) -> String {
    guard defined.insert(name).inserted else { return name }
    let text = text(&self)
    if isType { types.append(text) } else { functions.append(text) }
    return name
  }

  /// A function of a declared type: a prototype now, its text when all else is there.
  mutating func defineLater(
    _ name: String, _ prototype: String, _ text: @escaping (inout CRuntime) -> String
  ) -> String {
    guard defined.insert(name).inserted else { return name }
    functions.append(prototype + ";\n")
    laterFunctions.append { "\(prototype) {\n\(text(&$0).indented)\n}\n" }
    return name
  }

  /// Writes what was put off.
  mutating func finish() {
    while !laterTypes.isEmpty || !laterFunctions.isEmpty {
      if !laterTypes.isEmpty {
        let text = laterTypes.removeFirst()(&self)
        types.append(text)
      } else {
        let text = laterFunctions.removeFirst()(&self)
        functions.append(text)
      }
    }
  }

  // MARK: Types

  /// A word for the type: `int`, `list_int`, `pair_int_bool`.
  func word(_ type: Type) -> String {
    switch type {
    case .int: "int"
    case .bool: "bool"
    case .real: "real"
    case .list(let element): "list_\(word(element))"
    case .pair(let first, let second): "pair_\(word(first))_\(word(second))"
    case .named(let definition, let arguments):
      (["own", definition.name.replacing("_", with: "__")] + arguments.map(word))
        .joined(separator: "_")
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }

  /// `int64_t x`, `list_int *x`.
  mutating func declaration(_ name: String, _ type: Type) -> String {
    switch type {
    case .int: return "int64_t \(name)"
    case .bool: return "bool \(name)"
    case .real: return "double \(name)"
    case .list(let element):
      _ = define(word(type), isType: true) { runtime in
        """
        /* A list of \(element): its elements are items[0] to items[count - 1], somewhere inside it or,
           where there is an owner, inside that. What is read most stands next to them. */
        typedef struct \(runtime.word(type)) {
          object object;
          struct \(runtime.word(type)) *owner;
          int64_t capacity;
          int64_t references;
          int64_t count;
          \(runtime.declaration("*items", element));
          \(runtime.declaration("inside[]", element));
        } \(runtime.word(type));

        """
      }
      return "\(word(type)) *\(name)"
    case .pair(let first, let second):
      _ = define(word(type), isType: true) { runtime in
        """
        typedef struct \(runtime.word(type)) {
          \(runtime.declaration("first", first));
          \(runtime.declaration("second", second));
        } \(runtime.word(type));

        """
      }
      return "\(word(type)) \(name)"
    case .named:
      let word = word(type)
      if defined.insert(word).inserted {
        types.append("typedef struct \(word) \(word);\n")
        laterTypes.append { $0.structure(type) }
      }
      return "\(word) *\(name)"
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }

  /// The type alone, as in a cast: `int64_t`, `list_int *`.
  mutating func name(_ type: Type) -> String {
    let text = declaration("", type)
    return text.hasSuffix(" ") ? String(text.dropLast()) : text
  }

  // MARK: Counts

  /// The value with one owner more.
  mutating func retained(_ value: String, _ type: Type) -> String {
    guard type.isCounted else { return value }
    let name = define("\(word(type))_retain") { runtime in
      let head = "static inline \(runtime.declaration("\(runtime.word(type))_retain", type))"
      if case .named = type { return runtime.retainMade(type, head) }
      guard case .pair(let first, let second) = type else {
        return """
          \(head)(\(runtime.declaration("list", type))) {
            list->references += 1;
            return list;
          }

          """
      }
      let parts = [("pair.first", first), ("pair.second", second)]
        .filter { $0.1.isCounted }
        .map { "  \(runtime.retained($0.0, $0.1));" }
      return """
        \(head)(\(runtime.declaration("pair", type))) {
        \(parts.joined(separator: "\n"))
          return pair;
        }

        """
    }
    return "\(name)(\(value))"
  }

  /// The statement that takes an owner away; nil where there is nothing to count.
  mutating func released(_ value: String, _ type: Type) -> String? {
    guard type.isCounted else { return nil }
    let name = define("\(word(type))_release") { runtime in
      let head = "static inline void \(runtime.word(type))_release"
      if case .named = type { return runtime.releaseMade(type, head) }
      guard case .pair(let first, let second) = type else {
        let free = runtime.free(type)
        return """
          \(head)(\(runtime.declaration("list", type))) {
            list->references -= 1;
            if (list->references == 0) \(free)(list);
          }

          """
      }
      let parts = [("pair.first", first), ("pair.second", second)]
        .compactMap { runtime.released($0.0, $0.1) }.map { "  " + $0 }
      return """
        \(head)(\(runtime.declaration("pair", type))) {
        \(parts.joined(separator: "\n"))
        }

        """
    }
    return "\(name)(\(value));"
  }

  private mutating func free(_ list: Type) -> String {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return define("\(word(list))_free") { runtime in
      let word = runtime.word(list)
      var elements = ""
      if let release = runtime.released("list->items[i]", element) {
        elements = " else {\n    for (int64_t i = 0; i < list->count; i++) \(release)\n  }"
      }
      return """
        static APART void \(word)_free(\(runtime.declaration("list", list))) {
          if (list->owner != NULL) {
            list->owner->references -= 1;
            if (list->owner->references == 0) \(word)_free(list->owner);
          }\(elements)
          free_object(
            &list->object,
            (int64_t)sizeof *list + list->capacity * (int64_t)sizeof *list->items);
        }

        """
    }
  }

  /// The function that makes an empty list with room for a number of elements.
  mutating func new(_ list: Type) -> String {
    define("\(word(list))_new") { runtime in
      """
      static \(runtime.declaration("\(runtime.word(list))_new", list))(int64_t room) {
        \(runtime.declaration("list", list)) = new_object(
          sizeof *list, room, sizeof *list->items);
        list->owner = NULL;
        list->capacity = room;
        list->references = 1;
        list->count = 0;
        list->items = list->inside;
        return list;
      }

      """
    }
  }

  /// The function that makes a list of a number of elements, all of which are still to be put.
  mutating func filled(_ list: Type) -> String {
    define("\(word(list))_filled") { runtime in
      """
      /* With some more room: what a loop made is often appended to. */
      static \(runtime.declaration("\(runtime.word(list))_filled", list))(int64_t count) {
        \(runtime.declaration("list", list)) = \(runtime.new(list))(count + count / 64);
        list->count = count;
        return list;
      }

      """
    }
  }

  // MARK: Constants

  /// - Parameter isNested: Whether it stands inside the initializer of another constant.
  mutating func constant(_ value: Value, _ type: Type, isNested: Bool = false) -> String {
    switch (value, type) {
    case (.list(let values), .list(let element)):
      let elements = values.map { constant($0, element, isNested: true) }
      let name = "constant_\(constantCount)"
      constantCount += 1
      let items =
        elements.isEmpty
        ? "static \(declaration("\(name)_items[1]", element));"
        : "static \(declaration("\(name)_items[]", element)) = {"
          + elements.joined(separator: ", ") + "};"
      functions.append(
        """
        \(items)
        static \(self.name(type).replacing(" *", with: "")) \(name) = {
          .references = INT64_C(1) << 40, .count = \(values.count), .items = \(name)_items};

        """)
      return "&\(name)"
    case (.pair(let first, let second), .pair(let firstType, let secondType)):
      let first = constant(first, firstType, isNested: true)
      let second = constant(second, secondType, isNested: true)
      return (isNested ? "" : "(\(name(type)))") + "{\(first), \(second)}"
    case (.made(let definition, let constructor, let values), .named(_, let arguments)):
      let types = definition.fields(of: constructor, arguments)
      let fields = zip(values, types).map { constant($0, $1, isNested: true) }
      let name = "constant_\(constantCount)"
      constantCount += 1
      let initial =
        fields.isEmpty
        ? "" : ", .fields.c\(constructor) = {\(fields.joined(separator: ", "))}"
      functions.append(
        """
        static \(declaration("", type).replacing(" *", with: "")) \(name) = {
          .made.references = INT64_C(1) << 40, .tag = \(constructor)\(initial)};

        """)
      return "&\(name)"
    default: return CRuntime.scalar(value)
    }
  }

  private static func scalar(_ value: Value) -> String {
    switch value {
    case .bool(let value): return value ? "true" : "false"
    case .int(.min): return "INT64_MIN"
    case .int(let value):
      return Int32(exactly: value) == nil ? "INT64_C(\(value))" : "\(value)"
    case .real(let real):
      let value = real.value
      if value.isNaN { return "(double)NAN" }
      if value.isInfinite { return value < 0 ? "(double)-INFINITY" : "(double)INFINITY" }
      return "\(value)"
    case .list, .pair, .made: preconditionFailure("no scalar")
    }
  }
}

extension String {
  /// The text with every `part` replaced.
  func replacing(_ part: String, with other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}
