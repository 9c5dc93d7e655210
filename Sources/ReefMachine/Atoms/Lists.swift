extension Atoms {
  /// Building lists and reading them. An operation on a list that nobody else sees works in place.
  static let lists: [Atom] = [
    Atom(
      "list.prepend", "(a, [a]) -> [a]", "The list with a value put before it.", opcode: .prepend,
      inverses: [
        Inverse(0, 1) { output, _ in
          guard let list = output.list, let first = list.first else { return nil }
          return [first, .list(Array(list.dropFirst()))]
        }
      ],
      .native(
        { value, list, _, heap, _ throws(MachineError) in try heap.prepend(value, list) },
        consumes: 0b11)),
    Atom(
      "list.append", "([a], a) -> [a]", "The list with a value put after it.", opcode: .append,
      inverses: [
        Inverse(0, 1) { output, _ in
          guard let list = output.list, let last = list.last else { return nil }
          return [.list(list.dropLast()), last]
        }
      ],
      .native(
        { list, value, _, heap, _ throws(MachineError) in try heap.append(list, value) },
        consumes: 0b11)),
    Atom(
      "list.concat", "([a], [a]) -> [a]", "The first list, then the second.",
      inverses: [
        Inverse(0) { output, known in
          guard let all = output.list, let right = known[1]?.list, right.count <= all.count,
            all.suffix(right.count).elementsEqual(right)
          else { return nil }
          return [.list(all.dropLast(right.count))]
        },
        Inverse(1) { output, known in
          guard let all = output.list, let left = known[0]?.list, all.starts(with: left)
          else { return nil }
          return [.list(Array(all.dropFirst(left.count)))]
        },
      ],
      .native(
        { left, right, _, heap, _ throws(MachineError) in try heap.concat(left, right) },
        consumes: 0b01)),
    Atom(
      "list.length", "([a]) -> int", "The number of elements.", opcode: .length,
      .native({ list, _, _, _, _ throws(MachineError) in list.list.pointee.count }, consumes: 0)),
    Atom(
      "list.isEmpty", "([a]) -> bool", "Whether there are no elements.", opcode: .isEmpty,
      .native(
        { list, _, _, _, _ throws(MachineError) in list.list.pointee.count == 0 ? 1 : 0 },
        consumes: 0)),
    Atom(
      "list.get", "([a], int) -> a", "The element at a position, counted from 0.", opcode: .get,
      .native(
        { list, index, _, heap, _ throws(MachineError) in try heap.get(list, index) },
        consumes: 0)),
    Atom(
      "list.set", "([a], int, a) -> [a]", "The list with the element at a position replaced.",
      opcode: .set,
      inverses: [
        Inverse(2) { output, known in
          guard let list = output.list, let index = known[1]?.int, list.indices.contains(index),
            let before = known[0]?.list, before.count == list.count,
            list.indices.allSatisfy({ $0 == index || list[$0] == before[$0] })
          else { return nil }
          return [list[index]]
        }
      ],
      .native(
        { list, index, value, heap, _ throws(MachineError) in try heap.set(list, index, value) },
        consumes: 0b101)),
    Atom(
      "list.first", "([a]) -> a", "The first element.", opcode: .first,
      .native(
        { list, _, _, heap, _ throws(MachineError) in try heap.first(list) }, consumes: 0)),
    Atom(
      "list.rest", "([a]) -> [a]", "The list without its first element.", opcode: .rest,
      .native(
        { list, _, _, heap, _ throws(MachineError) in try heap.rest(list) }, consumes: 0b1)),
    Atom(
      "list.last", "([a]) -> a", "The last element.",
      .native(
        { list, _, _, heap, _ throws(MachineError) in try heap.last(list) }, consumes: 0)),
    Atom(
      "list.take", "([a], int) -> [a]",
      "The first elements, as many as there are up to a number.",
      .native(
        { list, count, _, heap, _ throws(MachineError) in try heap.take(list, count) },
        consumes: 0b1)),
    Atom(
      "list.drop", "([a], int) -> [a]", "The list without a number of its first elements.",
      .native(
        { list, count, _, heap, _ throws(MachineError) in try heap.drop(list, count) },
        consumes: 0b1)),
    Atom(
      "list.reverse", "([a]) -> [a]", "The elements in opposite order.",
      inverses: [Inverse(0) { output, _ in output.list.map { [.list($0.reversed())] } }],
      .native(
        { list, _, _, heap, _ throws(MachineError) in try heap.reverse(list) }, consumes: 0b1)),
    Atom(
      "list.range", "(int, int) -> [int]",
      "The ints from the first up to, but without, the second.", opcode: .range,
      .native(
        { low, high, _, heap, _ throws(MachineError) in try heap.range(low, high) },
        consumes: 0)),
    Atom(
      "list.replicate", "(int, a) -> [a]",
      "A list that holds one value a number of times; empty below 1.",
      .native(
        { count, value, _, heap, kinds throws(MachineError) in
          try heap.replicate(count, value, kinds.second)
        }, consumes: 0)),
    Atom(
      "list.zip", "([a], [b]) -> [(a, b)]",
      "The pairs of elements at equal positions, as many as the shorter list has.",
      inverses: [
        Inverse(0, 1) { output, _ in
          guard let pairs = output.list?.map(\.pair) else { return nil }
          return [.list(pairs.compactMap { $0?.0 }), .list(pairs.compactMap { $0?.1 })]
        }
      ],
      .native(
        { left, right, _, heap, _ throws(MachineError) in try heap.zip(left, right) },
        consumes: 0)),
    Atom(
      "list.indexOf", "([a], a) -> int",
      "The first position of a value, counted from 0, or -1 where it is absent.",
      readsParts: true,
      .native(
        { list, value, _, heap, _ throws(MachineError) in try heap.indexOf(list, value) },
        consumes: 0)),
  ]
}
