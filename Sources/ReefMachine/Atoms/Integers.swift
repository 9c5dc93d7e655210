extension Atoms {
  /// Arithmetic on 64-bit ints; an overflow is an error, division and modulo floor.
  static let integers: [Atom] = [
    integer(
      "int.add", .add, .add, "The sum of two ints.", isCommutative: true,
      inverses: [
        inverse(0) { output, right in output.subtracting(right) },
        inverse(1) { output, left in output.subtracting(left) },
      ]),
    integer(
      "int.subtract", .subtract, .subtract, "The first int minus the second.",
      inverses: [
        inverse(0) { output, right in output.adding(right) },
        inverse(1) { output, left in left.subtracting(output) },
      ]),
    integer(
      "int.multiply", .multiply, .multiply, "The product of two ints.", isCommutative: true,
      inverses: [
        inverse(0) { output, right in output.dividingExactly(by: right) },
        inverse(1) { output, left in output.dividingExactly(by: left) },
      ]),
    integer(
      "int.divide", .divide, .divide, "The quotient of two ints, rounded down."),
    integer(
      "int.modulo", .modulo, .modulo,
      "The remainder of the division rounded down; it has the sign of the divisor."),
    integer("int.min", .minimum, .minimum, "The smaller of two ints.", isCommutative: true),
    integer("int.max", .maximum, .maximum, "The larger of two ints.", isCommutative: true),
    integer(
      "int.less", .less, .less, "Whether the first int is less than the second.", result: "bool"),
    integer(
      "int.lessOrEqual", .lessOrEqual, .lessOrEqual,
      "Whether the first int is at most the second.", result: "bool"),
  ]

  private static func integer(
    _ name: String, _ operation: IntegerOperation, _ opcode: Opcode, _ summary: String,
    result: String = "int", isCommutative: Bool = false, inverses: [Inverse] = []
  ) -> Atom {
    Atom(
      name, "(int, int) -> \(result)", summary, opcode: opcode, integerOperation: operation,
      isCommutative: isCommutative, inverses: inverses,
      .native(
        { left, right, _, _, _ throws(MachineError) in
          guard let result = operation(left, right) else {
            // Division fails at zero, and otherwise only where the quotient overflows.
            let divides = operation == .divide || operation == .modulo
            throw divides && right == 0 ? .divisionByZero : .overflow
          }
          return result
        }, consumes: 0))
  }

  private static func inverse(
    _ unknown: Int, _ solve: @escaping @Sendable (_ output: Int, _ known: Int) -> Int?
  ) -> Inverse {
    Inverse(unknown) { output, known in
      guard let output = output.int, let other = known[1 - unknown]?.int else { return nil }
      return solve(output, other).map { [.int($0)] }
    }
  }
}

extension Int {
  fileprivate func adding(_ other: Int) -> Int? { IntegerOperation.add(self, other) }
  fileprivate func subtracting(_ other: Int) -> Int? { IntegerOperation.subtract(self, other) }

  /// Nil where there is no quotient or no single one.
  fileprivate func dividingExactly(by other: Int) -> Int? {
    guard let quotient = IntegerOperation.divide(self, other), quotient * other == self else {
      return nil
    }
    return quotient
  }
}
