extension Atoms {
  static let pairs: [Atom] = [
    Atom(
      "pair.make", "(a, b) -> (a, b)", "The pair of two values.", opcode: .pairMake,
      inverses: [Inverse(0, 1) { output, _ in output.pair.map { [$0.0, $0.1] } }],
      .native(
        { first, second, _, heap, kinds throws(MachineError) in
          try heap.pair(first, kinds.first, second, kinds.second)
        }, consumes: 0b11)),
    Atom(
      "pair.first", "((a, b)) -> a", "The first part of a pair.", opcode: .pairFirst,
      .native(
        { pair, _, _, heap, _ throws(MachineError) in
          heap.retain(pair.pair.pointee.first, pair.header.pointee.firstKind)
          return pair.pair.pointee.first
        }, consumes: 0)),
    Atom(
      "pair.second", "((a, b)) -> b", "The second part of a pair.", opcode: .pairSecond,
      .native(
        { pair, _, _, heap, _ throws(MachineError) in
          heap.retain(pair.pair.pointee.second, pair.header.pointee.secondKind)
          return pair.pair.pointee.second
        }, consumes: 0)),
  ]
}
