import ReefTasks

/// Values are small while a learner looks on, and wide in checks.
func range(at size: Int) -> ClosedRange<Int> {
  size <= 8 ? -20...20 : -1_000_000...1_000_000
}

func isAscending(_ values: [Int]) -> Bool {
  zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
}

/// Lists in any order.
let lists = Inputs<[Int]>(
  families: [
    { size, rng in rng.ints(size, in: range(at: size)).sorted(by: >) },
    { size, rng in rng.ints(size, in: 0...1) },
    { size, rng in rng.ints(size, in: range(at: size)).sorted() },
    { size, rng in
      var values = rng.ints(size, in: range(at: size)).sorted()
      if size > 1 { values.swapAt(0, size - 1) }
      return values
    },
    { _, _ in [] },
    { size, rng in Array(repeating: rng.int(in: range(at: size)), count: size) },
    { size, rng in [rng.int(in: range(at: size))] },
    { size, rng in  // Up and down again.
      let half = rng.ints((size + 1) / 2, in: range(at: size)).sorted()
      return half + half.reversed().prefix(size / 2)
    },
    { size, rng in  // Sorted but for one late exchange of neighbours.
      var values = rng.ints(size, in: range(at: size)).sorted()
      if size > 1 { values.swapAt(size - 2, size - 1) }
      return values
    },
    { size, rng in  // A sorted list, turned.
      let values = rng.ints(size, in: range(at: size)).sorted()
      let cut = rng.int(in: 0...size)
      return Array(values[cut...] + values[..<cut])
    },
  ],
  random: { size, rng in rng.ints(size, in: range(at: size)) })

/// Lists in ascending order.
let ascendingLists = lists.map { values, _ in values.sorted() }
