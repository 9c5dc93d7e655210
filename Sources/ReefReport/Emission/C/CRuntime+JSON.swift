import ReefMachine

/// Reading and writing values as JSON.
extension CRuntime {
  var acceptWord: String {
    mutating get {
      define("accept_word") { _ in
        """
        /* Goes over white space, then over the word if it is next. */
        static bool accept_word(const char *word) {
          input += strspn(input, " \\t\\r\\n");
          if (strncmp(input, word, strlen(word)) != 0) return false;
          input += strlen(word);
          return true;
        }

        """
      }
    }
  }

  private var countItems: String {
    mutating get {
      define("count_items") { _ in
        """
        /* How many items a list has whose first one is next. */
        static int64_t count_items(void) {
          int64_t count = 1, open = 0;
          for (const char *next = input; *next != '\\0' && open >= 0; next++) {
            if (*next == '[' || *next == '{') open += 1;
            if (*next == ']' || *next == '}') open -= 1;
            if (*next == ',' && open == 0) count += 1;
          }
          return count;
        }

        """
      }
    }
  }

  /// The function that reads a value of the type.
  mutating func read(_ type: Type) -> String {
    if case .named = type { return readMade(type) }
    return define("\(word(type))_read") { runtime in
      let head = "static \(runtime.declaration("\(runtime.word(type))_read", type))(void)"
      switch type {
      case .int:
        return """
          \(head) {
            char *end;
            errno = 0;
            int64_t value = strtoll(input, &end, 10);
            bool is_whole = *end != '.' && *end != 'e' && *end != 'E';
            if (end == input || errno != 0 || !is_whole) fail("badInput");
            input = end;
            return value;
          }

          """
      case .bool:
        return """
          \(head) {
            if (\(runtime.acceptWord)("true")) return true;
            if (!accept_word("false")) fail("badInput");
            return false;
          }

          """
      case .real:
        return """
          \(head) {
            if (\(runtime.acceptWord)("\\"nan\\"")) return (double)NAN;
            if (accept_word("\\"inf\\"")) return (double)INFINITY;
            if (accept_word("\\"-inf\\"")) return -(double)INFINITY;
            char *end;
            double value = strtod(input, &end);
            if (end == input || !isfinite(value)) fail("badInput");
            input = end;
            return value;
          }

          """
      case .list(let element):
        return """
          \(head) {
            expect('[');
            \(runtime.declaration("list", type)) = \(runtime.new(type))(\(runtime.countItems)());
            if (accept(']')) return list;
            do {
              \(runtime.declaration("item", element)) = \(runtime.read(element))();
              list = \(runtime.list(KnownAtom.listAppend.atom, [type, element], type))(list, item);
            } while (accept(','));
            expect(']');
            return list;
          }

          """
      case .pair(let first, let second):
        return """
          \(head) {
            \(runtime.declaration("pair", type));
            expect('[');
            pair.first = \(runtime.read(first))();
            expect(',');
            pair.second = \(runtime.read(second))();
            expect(']');
            return pair;
          }

          """
      case .named, .variable, .function: preconditionFailure("\(type) has no values of this kind")
      }
    }
  }

  /// The function that writes a value of the type.
  mutating func write(_ type: Type) -> String {
    if case .named = type { return writeMade(type) }
    return define("\(word(type))_write") { runtime in
      let name = "\(runtime.word(type))_write"
      func function(_ parameter: String, _ body: String) -> String {
        "static void \(name)(\(runtime.declaration(parameter, type))) {\n\(body.indented)\n}\n"
      }
      switch type {
      case .int: return function("value", "printf(\"%\" PRId64, value);")
      case .bool: return function("value", "fputs(value ? \"true\" : \"false\", stdout);")
      case .real:
        return function(
          "value",
          """
          if (isnan(value)) fputs("\\"nan\\"", stdout);
          else if (isinf(value)) fputs(value < 0 ? "\\"-inf\\"" : "\\"inf\\"", stdout);
          else printf("%.17g", value);
          """)
      case .list(let element):
        return function(
          "list",
          """
          putchar('[');
          for (int64_t i = 0; i < list->count; i++) {
            if (i > 0) putchar(',');
            \(runtime.write(element))(list->items[i]);
          }
          putchar(']');
          """)
      case .pair(let first, let second):
        return function(
          "pair",
          """
          putchar('[');
          \(runtime.write(first))(pair.first);
          putchar(',');
          \(runtime.write(second))(pair.second);
          putchar(']');
          """)
      case .named, .variable, .function: preconditionFailure("\(type) has no values of this kind")
      }
    }
  }
}
