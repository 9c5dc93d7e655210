import ReefTasks

/// Written addition, subtraction, comparison and multiplication.
let longArithmeticTasks: [TaskDefinition] = [
  TaskDefinition(
    "add", "(a: [int], b: [int]) -> [int]",
    summary: """
      The sum of two natural numbers. A number is the list of its base-10 digits, least \
      significant first, without leading zeros, except that zero is [0].
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: addends,
    expected: { (a: [Int], b: [Int]) -> [Int]? in
      guard Digits.areDigits(a), Digits.areDigits(b) else { return nil }
      return Digits.sums(a, b).flatMap(Digits.propagated)
    }),

  TaskDefinition(
    "subtract", "(a: [int], b: [int]) -> [int]",
    summary: """
      The difference a - b of two natural numbers where a is at least b. A number is the list of \
      its base-10 digits, least significant first, without leading zeros, except that zero is [0].
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: differences,
    expected: { (a: [Int], b: [Int]) -> [Int]? in
      guard Digits.areDigits(a), Digits.areDigits(b) else { return nil }
      return Digits.subtract(a, b)
    }),

  TaskDefinition(
    "compare", "(a: [int], b: [int]) -> int",
    summary: """
      How two natural numbers compare: -1 where the first is less, 0 where they are equal, 1 where \
      it is greater. A number is the list of its base-10 digits, least significant first.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: comparisons,
    expected: { (a: [Int], b: [Int]) -> Int? in
      guard Digits.areDigits(a), Digits.areDigits(b) else { return nil }
      return Digits.compare(a, b)
    }),

  TaskDefinition(
    "multiply", "(a: [int], b: [int]) -> [int]",
    summary: """
      The product of two natural numbers. A number is the list of its base-10 digits, least \
      significant first, without leading zeros, except that zero is [0].
      """,
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: factors,
    expected: { (a: [Int], b: [Int]) -> [Int]? in
      guard Digits.areDigits(a), Digits.areDigits(b) else { return nil }
      return Digits.multiply(a, b)
    }),
]

private let addends = Inputs<([Int], [Int])>(
  families: [
    { size, _ in (nines(size), [1]) },
    { size, rng in (rng.number(digits: size), rng.number(digits: 1)) },
    { size, _ in (nines(size), nines(size)) },
    { size, rng in  // Together a power of ten: every column carries.
      let a = rng.number(digits: size)
      return (a, Digits.subtract(powerOfTen(size), a) ?? [0])
    },
    { size, rng in (rng.sparseNumber(digits: size), rng.sparseNumber(digits: size)) },
    { size, rng in ([0], rng.number(digits: size)) },
    { size, _ in (powerOfTen(size), nines(size)) },
    { _, _ in ([0], [0]) },
    { size, rng in  // No column carries.
      (rng.ints(size, in: 1...4), rng.ints(size, in: 1...5))
    },
    { size, rng in ([5], nines(size)) },
  ],
  random: { size, rng in
    let (a, b) = (rng.number(digits: size), rng.number(upToDigits: size))
    return rng.coin() ? (a, b) : (b, a)
  })

/// a ≥ b.
private let differences = Inputs<([Int], [Int])>(
  families: [
    { size, _ in (powerOfTen(size), [1]) },
    { size, rng in
      let a = rng.number(digits: size)
      return (a, a)
    },
    { size, rng in  // A short difference of long numbers.
      let a = rng.number(digits: size)
      return (Digits.sums(a, [1]).flatMap(Digits.propagated) ?? a, a)
    },
    { size, rng in (rng.sparseNumber(digits: size + 1), rng.number(digits: size)) },
    { size, rng in (rng.number(digits: size), [0]) },
    { size, rng in (nines(size), rng.number(digits: size)) },
    { size, rng in  // Alike but for the lower half.
      let top = rng.positiveNumber(upToDigits: size)
      return (nines(size) + top, rng.ints(size, in: 0...9) + top)
    },
    { _, _ in ([0], [0]) },
    { size, rng in (powerOfTen(size), rng.number(digits: size)) },
  ],
  random: { size, rng in (rng.number(digits: size), rng.number(upToDigits: size)) }
).map { pair, _ in Digits.compare(pair.0, pair.1) < 0 ? (pair.1, pair.0) : pair }

private let comparisons = Inputs<([Int], [Int])>(
  families: [
    { size, rng in
      let a = rng.number(digits: size)
      return (a, a)
    },
    { size, rng in  // Only the lowest digit differs.
      let top = rng.positiveNumber(upToDigits: size)
      return ([rng.int(in: 0...8)] + top, [9] + top)
    },
    { size, _ in (nines(size), powerOfTen(size)) },
    { size, rng in  // The lower digits say the opposite of the highest.
      let top = rng.int(in: 1...8)
      return (nines(size) + [top], Array(repeating: 0, count: size) + [top + 1])
    },
    { size, rng in
      let top = rng.int(in: 1...8)
      return (Array(repeating: 0, count: size) + [top + 1], nines(size) + [top])
    },
    { _, _ in ([0], [0]) },
    { size, rng in (rng.number(digits: size), [0]) },
    { size, _ in (powerOfTen(size), nines(size)) },
    { size, rng in
      let a = rng.sparseNumber(digits: size)
      return (a, a)
    },
  ],
  random: { size, rng in
    let a = rng.number(digits: size)
    let b = rng.int(in: 0...2) == 0 ? rng.number(upToDigits: size) : rng.number(digits: size)
    return rng.coin() ? (a, b) : (b, a)
  })

private let factors = Inputs<([Int], [Int])>(
  families: [
    { size, _ in (nines(size), nines(size)) },
    { size, rng in ([0], rng.number(digits: size)) },
    { size, rng in (rng.sparseNumber(digits: size), rng.sparseNumber(digits: size)) },
    { size, rng in (rng.number(digits: size), [1]) },
    { size, rng in (rng.number(digits: size), rng.number(digits: 1)) },
    { size, rng in (rng.number(digits: size), powerOfTen(size - 1)) },
    { size, rng in (rng.number(digits: size), [0]) },
    { size, rng in (rng.number(digits: 1), rng.number(digits: size)) },
    { size, rng in
      let a = rng.number(digits: size)
      return (a, a)
    },
  ],
  random: { size, rng in
    let (a, b) = (rng.number(digits: size), rng.number(upToDigits: size))
    return rng.coin() ? (a, b) : (b, a)
  })
