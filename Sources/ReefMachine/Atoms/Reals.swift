#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Atoms {
  /// IEEE 754 double arithmetic, and two functions of the platform's own; nothing here is an error.
  static let reals: [Atom] = [
    arithmetic(
      "real.add", .realAdd, "The sum of two reals.", isCommutative: true,
      adjoint: { _, _ in (1, 1) },
      inverses: [inverse(0) { $0 - $1 }, inverse(1) { $0 - $1 }], { $0 + $1 }),
    arithmetic(
      "real.subtract", .realSubtract, "The first real minus the second.",
      adjoint: { _, _ in (1, -1) },
      inverses: [inverse(0) { $0 + $1 }, inverse(1) { $1 - $0 }], { $0 - $1 }),
    arithmetic(
      "real.multiply", .realMultiply, "The product of two reals.", isCommutative: true,
      adjoint: { x, y in (y, x) },
      inverses: [inverse(0) { $0 / $1 }, inverse(1) { $0 / $1 }], { $0 * $1 }),
    arithmetic(
      "real.divide", .realDivide, "The quotient of two reals.",
      adjoint: { x, y in (1 / y, -x / (y * y)) },
      inverses: [inverse(0) { $0 * $1 }, inverse(1) { $1 / $0 }], { $0 / $1 }),
    // Of equals, the first is the smaller and the larger.
    arithmetic(
      "real.min", nil, "The smaller of two reals; NaN where one is.", isCommutative: true,
      adjoint: { x, y in y < x ? (0, 1) : (1, 0) }, { smaller($0, $1) }),
    arithmetic(
      "real.max", nil, "The larger of two reals; NaN where one is.", isCommutative: true,
      adjoint: { x, y in y > x ? (0, 1) : (1, 0) }, { -smaller(-$0, -$1) }),
    function(
      "real.exp", keyword: "exponential", "The exponential function: e to the power of a real.",
      adjoint: { exp($0) }, inverse: { log($0) }, { exp($0) }),
    function(
      "real.log", keyword: "logarithm", "The natural logarithm; NaN of what is below 0.",
      adjoint: { 1 / $0 }, inverse: { exp($0) }, { $0 < 0 ? .nan : log($0) }),
    comparison("real.less", .realLess, "Whether the first real is less than the second.") {
      $0 < $1
    },
    comparison("real.lessOrEqual", nil, "Whether the first real is at most the second.") {
      $0 <= $1
    },
    Atom(
      "real.fromInt", "(int) -> real", "The real nearest to an int.",
      .native({ value, _, _, _, _ throws(MachineError) in Word(real: Double(value)) }, consumes: 0)),
  ]

  /// The minimum of IEEE 754-2019: a NaN wins, and -0.0 is below 0.0.
  private static func smaller(_ x: Double, _ y: Double) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    return x < y || (x == y && x.sign == .minus) ? x : y
  }

  private static func arithmetic(
    _ name: String, _ opcode: Opcode?, _ summary: String, isCommutative: Bool = false,
    adjoint: @escaping Adjoint, inverses: [Inverse] = [],
    _ operation: @escaping @Sendable (Double, Double) -> Double
  ) -> Atom {
    Atom(
      name, "(real, real) -> real", summary, opcode: opcode, isCommutative: isCommutative,
      inverses: inverses, adjoint: adjoint,
      .native(
        { left, right, _, _, _ throws(MachineError) in
          Word(real: operation(left.asReal, right.asReal))
        }, consumes: 0))
  }

  private static func function(
    _ name: String, keyword: String, _ summary: String,
    adjoint: @escaping @Sendable (Double) -> Double,
    inverse: @escaping @Sendable (Double) -> Double,
    _ operation: @escaping @Sendable (Double) -> Double
  ) -> Atom {
    Atom(
      name, "(real) -> real", summary, inverses: [solving(0) { output, _ in inverse(output) }],
      adjoint: { x, _ in (adjoint(x), 0) }, keyword: keyword,
      .native(
        { operand, _, _, _, _ throws(MachineError) in Word(real: operation(operand.asReal)) },
        consumes: 0))
  }

  /// The inverse for one of two operands, from the output and the other operand.
  private static func inverse(
    _ unknown: Int, _ solve: @escaping @Sendable (_ output: Double, _ known: Double) -> Double
  ) -> Inverse {
    solving(unknown) { output, known in known[1 - unknown].map { solve(output, $0) } }
  }

  /// Up to rounding; nil where the operand is not finite, because then others would do as well.
  private static func solving(
    _ unknown: Int, _ solve: @escaping @Sendable (_ output: Double, _ known: [Double?]) -> Double?
  ) -> Inverse {
    Inverse(unknown) { output, known in
      guard let output = output.real, let operand = solve(output, known.map { $0?.real }),
        operand.isFinite
      else { return nil }
      return [.real(operand)]
    }
  }

  private static func comparison(
    _ name: String, _ opcode: Opcode?, _ summary: String,
    _ operation: @escaping @Sendable (Double, Double) -> Bool
  ) -> Atom {
    Atom(
      name, "(real, real) -> bool", summary, opcode: opcode,
      .native(
        { left, right, _, _, _ throws(MachineError) in
          operation(left.asReal, right.asReal) ? 1 : 0
        }, consumes: 0))
  }
}
