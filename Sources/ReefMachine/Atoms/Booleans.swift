extension Atoms {
  /// Boolean logic, and equality on every type.
  static let booleans: [Atom] = [
    Atom(
      "equal", "(a, a) -> bool",
      "Whether two values are equal; reals compare as numbers, so a NaN equals nothing.",
      opcode: .equalWords, isCommutative: true, readsParts: true,
      .native(
        { left, right, _, heap, kinds throws(MachineError) in
          try heap.equal(left, right, kinds.first) ? 1 : 0
        }, consumes: 0)),
    Atom(
      "bool.and", "(bool, bool) -> bool", "Whether both are true.", opcode: .and,
      isCommutative: true,
      .native({ left, right, _, _, _ throws(MachineError) in left & right }, consumes: 0)),
    Atom(
      "bool.or", "(bool, bool) -> bool", "Whether at least one is true.", opcode: .or,
      isCommutative: true,
      .native({ left, right, _, _, _ throws(MachineError) in left | right }, consumes: 0)),
    Atom(
      "bool.not", "(bool) -> bool", "The opposite.", opcode: .not,
      inverses: [Inverse(0) { output, _ in output.bool.map { [.bool(!$0)] } }],
      .native({ value, _, _, _, _ throws(MachineError) in value ^ 1 }, consumes: 0)),
  ]
}
