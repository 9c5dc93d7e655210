import ReefTasks

/// What order is, and how to keep it.
let orderTasks: [TaskDefinition] = [
  TaskDefinition(
    "isSorted", "(xs: [int]) -> bool",
    summary: """
      Whether a list is in ascending order: no element is greater than the one that follows it. \
      Equal neighbours are in order; the empty list is sorted.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: Inputs(
      families: lists.families,
      random: { size, rng in
        let values = rng.ints(size, in: range(at: size))
        return rng.coin() ? values.sorted() : values
      }),
    expected: { (xs: [Int]) in isAscending(xs) }),

  TaskDefinition(
    "insert", "(xs: [int], x: int) -> [int]",
    summary: """
      A list in ascending order and a number: the list with the number added at its place, so \
      that the result is in ascending order again.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: ascendingLists.map { xs, rng in
      let outside = range(at: xs.count)
      return switch rng.int(in: 0...4) {
      case 0: (xs, (xs.first ?? 0) - 1)
      case 1: (xs, (xs.last ?? 0) + 1)
      case 2: (xs, xs.isEmpty ? 0 : rng.pick(xs))
      default: (xs, rng.int(in: outside))
      }
    },
    expected: { (xs: [Int], x: Int) in isAscending(xs) ? (xs + [x]).sorted() : nil }),

  TaskDefinition(
    "merge", "(a: [int], b: [int]) -> [int]",
    summary: """
      Two lists in ascending order, merged: all elements of both, in ascending order. An element \
      that occurs several times is kept as often as it occurs in the two together.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 50_000])],
    inputs: sortedPairs,
    expected: { (a: [Int], b: [Int]) in
      isAscending(a) && isAscending(b) ? (a + b).sorted() : nil
    }),
]

/// Two lists in ascending order, of together about twice the size.
private let sortedPairs = Inputs<([Int], [Int])>(
  families: [
    { size, rng in
      let values = rng.ints(2 * size, in: range(at: size)).sorted()
      return (Array(values[size...]), Array(values[..<size]))
    },
    { size, rng in ([], rng.ints(size, in: range(at: size)).sorted()) },
    { size, rng in (rng.ints(size, in: 0...1).sorted(), rng.ints(size, in: 0...1).sorted()) },
    { size, rng in
      let values = rng.ints(2 * size, in: range(at: size)).sorted()
      return (Array(values[..<size]), Array(values[size...]))
    },
    { size, rng in (rng.ints(size, in: range(at: size)).sorted(), []) },
    { size, rng in
      let values = rng.ints(size, in: range(at: size)).sorted()
      return (values, values)
    },
    { size, rng in ((0..<size).map { 2 * $0 }, (0..<size).map { 2 * $0 + 1 }) },
    { size, rng in
      ([rng.int(in: range(at: size))], rng.ints(size, in: range(at: size)).sorted())
    },
    { size, rng in
      let value = rng.int(in: range(at: size))
      return (Array(repeating: value, count: size), Array(repeating: value, count: size))
    },
    { _, _ in ([], []) },
  ],
  random: { size, rng in
    let a = rng.ints(size, in: range(at: size)).sorted()
    let b = rng.ints(rng.int(in: 0...size), in: range(at: size)).sorted()
    return rng.coin() ? (a, b) : (b, a)
  })
