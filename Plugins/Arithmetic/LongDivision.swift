import ReefTasks

/// Written division.
let longDivisionTasks: [TaskDefinition] = [
  TaskDefinition(
    "divideDigit", "(a: [int], b: [int]) -> (int, [int])",
    summary: """
      How often one natural number goes into another, and what is left over, where it goes at most \
      a few times: the quotient a / b as an int and the remainder as digits. Numbers are lists of \
      base-10 digits, least significant first, and b is not zero.
      """,
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 64, 200])],
    inputs: smallQuotients,
    expected: { (a: [Int], b: [Int]) -> Pair<Int, [Int]>? in
      guard Digits.areDigits(a), Digits.areDigits(b), Digits.trimmed(b) != [0],
        // Above the cap the quotient is no "few times", and counting would take for ever.
        let cap = Digits.multiply(b, [1, 2]), Digits.compare(a, cap) < 0,
        let (quotient, remainder) = Digits.divide(a, by: b)
      else { return nil }
      return Pair(quotient.reversed().reduce(0) { 10 * $0 + $1 }, remainder)
    }),

  TaskDefinition(
    "divide", "(a: [int], b: [int]) -> ([int], [int])",
    summary: """
      The quotient and the remainder of two natural numbers where b is not zero: how often b goes \
      into a as a whole, and what is left over. A number is the list of its base-10 digits, least \
      significant first, without leading zeros, except that zero is [0].
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 40, 200])],
    inputs: dividends,
    expected: { (a: [Int], b: [Int]) -> Pair<[Int], [Int]>? in
      guard Digits.areDigits(a), Digits.areDigits(b),
        let (quotient, remainder) = Digits.divide(a, by: b)
      else { return nil }
      return Pair(quotient, remainder)
    }),
]

/// The quotient a / b is at most 9.
private let smallQuotients = Inputs<([Int], [Int])>(
  families: [
    { size, rng in
      let b = rng.positiveNumber(upToDigits: size)
      return (b, b)
    },
    { size, rng in  // One less than a multiple.
      let b = rng.positiveNumber(upToDigits: size)
      let multiple = Digits.multiply(b, [rng.int(in: 1...9)]) ?? b
      return (Digits.subtract(multiple, [1]) ?? multiple, b)
    },
    { size, rng in
      let b = rng.positiveNumber(upToDigits: size)
      return (Digits.multiply(b, [rng.int(in: 1...9)]) ?? b, b)
    },
    { size, rng in ([0], rng.positiveNumber(upToDigits: size)) },
    { size, rng in (nines(size), powerOfTen(size - 1)) },
    { _, rng in ([rng.int(in: 0...9)], [1]) },
    { size, rng in (rng.number(digits: size), powerOfTen(size)) },
  ],
  random: { size, rng in
    let b = rng.positiveNumber(upToDigits: size)
    let multiple = Digits.multiply(b, [rng.int(in: 0...9)]) ?? b
    let rest = rng.remainder(below: b)
    return (Digits.sums(multiple, rest).flatMap(Digits.propagated) ?? multiple, b)
  })

/// a has `size` digits; b has about half as many, or any number of them.
private let dividends = Inputs<([Int], [Int])>(
  families: [
    { size, rng in (rng.number(digits: size), [rng.int(in: 1...9)]) },
    { size, rng in (rng.number(upToDigits: size - 1), rng.number(digits: size + 1)) },
    { size, rng in
      let b = rng.positiveNumber(upToDigits: size)
      return (b, b)
    },
    { size, rng in (rng.number(digits: size), [1]) },
    { size, rng in  // No remainder, and zeros inside the quotient.
      let b = rng.positiveNumber(upToDigits: max(1, size / 2))
      return (Digits.multiply(b, rng.sparseNumber(digits: size - b.count + 1)) ?? b, b)
    },
    { size, rng in  // One less than a multiple.
      let b = rng.positiveNumber(upToDigits: max(1, size / 2))
      let multiple = Digits.multiply(b, rng.positiveNumber(upToDigits: size - b.count + 1)) ?? b
      return (Digits.subtract(multiple, [1]) ?? multiple, b)
    },
    { size, rng in ([0], rng.positiveNumber(upToDigits: size)) },
    { size, rng in (nines(size), nines((size + 1) / 2)) },
    { size, rng in (powerOfTen(size), powerOfTen(size / 2)) },
  ],
  random: { size, rng in
    let b = rng.coin() ? max(1, size / 2) : rng.int(in: 1...size)
    let divisor = rng.number(digits: b)
    return (rng.number(digits: size), divisor == [0] ? [7] : divisor)
  })

extension SplitMix64 {
  /// A canonical number less than b, which is positive.
  fileprivate mutating func remainder(below b: [Int]) -> [Int] {
    let digits = number(digits: b.count)
    guard Digits.compare(digits, b) >= 0 else { return digits }
    return Digits.trimmed(digits.dropLast())
  }
}
