import ReefMachine

extension CRuntime {
  /// The atom applied to arguments, as an expression.
  ///
  /// - Parameter types: Of the arguments.
  mutating func apply(
    _ atom: Atom, _ arguments: [String], _ types: [Type], _ result: Type
  ) -> String {
    let a = arguments
    switch atom.name {
    case "int.add", "int.subtract", "int.multiply":
      return "\(checked(atom.name))(\(a[0]), \(a[1]))"
    case "int.divide": return "\(intDivide)(\(a[0]), \(a[1]))"
    case "int.modulo": return "\(intModulo)(\(a[0]), \(a[1]))"
    case "int.min": return "\(simple("int_min", .int, .int, "x < y ? x : y"))(\(a[0]), \(a[1]))"
    case "int.max": return "\(simple("int_max", .int, .int, "x > y ? x : y"))(\(a[0]), \(a[1]))"
    case "int.less", "real.less":
      return "\(simple("\(word(types[0]))_less", types[0], .bool, "x < y"))(\(a[0]), \(a[1]))"
    case "int.lessOrEqual", "real.lessOrEqual":
      let name = "\(word(types[0]))_lessOrEqual"
      return "\(simple(name, types[0], .bool, "x <= y"))(\(a[0]), \(a[1]))"
    case "equal": return "\(equal(types[0]))(\(a[0]), \(a[1]))"
    case "bool.and": return "\(a[0]) && \(a[1])"
    case "bool.or": return "\(a[0]) || \(a[1])"
    case "bool.not": return "!\(a[0])"
    case "real.add": return "\(a[0]) + \(a[1])"
    case "real.subtract": return "\(a[0]) - \(a[1])"
    case "real.multiply": return "\(a[0]) * \(a[1])"
    case "real.divide": return "\(a[0]) / \(a[1])"
    case "real.min": return "\(realMin)(\(a[0]), \(a[1]))"
    case "real.max": return "-\(realMin)(-(\(a[0])), -(\(a[1])))"
    case "real.exp": return "exp(\(a[0]))"
    case "real.log": return "\(realLog)(\(a[0]))"
    case "real.fromInt": return "(double)\(a[0])"
    case "pair.make": return "(\(name(result))){\(a[0]), \(a[1])}"
    case "pair.first": return "\(a[0]).first"
    case "pair.second": return "\(a[0]).second"
    case "control.if":
      return "\(a[0]) ? \(retained(a[1], result)) : \(retained(a[2], result))"
    case "list.length": return "\(a[0])->count"
    case "list.isEmpty": return "\(a[0])->count == 0"
    default: return "\(list(atom, types, result))(\(a.joined(separator: ", ")))"
    }
  }

  private mutating func checked(_ atom: String) -> String {
    let operation = String(atom.dropFirst(4))
    let builtin = ["add": "add", "subtract": "sub", "multiply": "mul"][operation]!
    return define("int_\(operation)") { _ in
      """
      static inline int64_t int_\(operation)(int64_t x, int64_t y) {
        int64_t result;
        if (__builtin_\(builtin)_overflow(x, y, &result)) fail("overflow");
        return result;
      }

      """
    }
  }

  /// A function because compilers warn where they see a variable compared with itself.
  private mutating func simple(
    _ name: String, _ type: Type, _ result: Type, _ expression: String
  ) -> String {
    define(name) { runtime in
      let parameters = ["x", "y"].map { runtime.declaration($0, type) }.joined(separator: ", ")
      return """
        static inline \(runtime.declaration(name, result))(\(parameters)) {
          return \(expression);
        }

        """
    }
  }

  private var intDivide: String {
    mutating get {
      define("int_divide") { _ in
        """
        /* Rounded down. */
        static inline int64_t int_divide(int64_t x, int64_t y) {
          if (y == 0) fail("divisionByZero");
          if (x == INT64_MIN && y == -1) fail("overflow");
          return x / y - (x % y != 0 && (x < 0) != (y < 0));
        }

        """
      }
    }
  }

  private var intModulo: String {
    mutating get {
      define("int_modulo") { _ in
        """
        /* With the sign of the divisor. */
        static inline int64_t int_modulo(int64_t x, int64_t y) {
          if (y == 0) fail("divisionByZero");
          if (y == -1) return 0;
          int64_t remainder = x % y;
          return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
        }

        """
      }
    }
  }

  private var realLog: String {
    mutating get {
      define("real_log") { _ in
        """
        static inline double real_log(double x) { return x < 0 ? (double)NAN : log(x); }

        """
      }
    }
  }

  private var realMin: String {
    mutating get {
      define("real_min") { _ in
        """
        /* NaN where one is; -0.0 is below 0.0. */
        static inline double real_min(double x, double y) {
          if (isnan(x) || isnan(y)) return (double)NAN;
          return x < y || (x == y && signbit(x)) ? x : y;
        }

        """
      }
    }
  }

  /// Equality of values of any type; pays for each pair of parts.
  mutating func equal(_ type: Type) -> String {
    if Kind(of: type) != .reference {
      return simple("\(word(type))_equal", type, .bool, "x == y")
    }
    if case .named = type { return equalMade(type) }
    return define("\(word(type))_equal") { runtime in
      let head =
        "static inline bool \(runtime.word(type))_equal"
        + "(\(runtime.declaration("x", type)), \(runtime.declaration("y", type)))"
      switch type {
      case .list(let element):
        return """
          \(head) {
            if (x->count != y->count) return false;
            for (int64_t i = 0; i < x->count; i++) {
              charge(1);
              if (!\(runtime.equal(element))(x->items[i], y->items[i])) return false;
            }
            return true;
          }

          """
      case .pair(let first, let second):
        return """
          \(head) {
            charge(2);
            return \(runtime.equal(first))(x.first, y.first)
              && \(runtime.equal(second))(x.second, y.second);
          }

          """
      default: preconditionFailure("a scalar compares by ==")
      }
    }
  }
}
