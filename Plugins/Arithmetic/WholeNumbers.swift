import ReefTasks

/// Whole numbers that fit a machine word.
let wholeNumberTasks: [TaskDefinition] = [
  TaskDefinition(
    "gcd", "(a: int, b: int) -> int",
    summary: """
      The greatest common divisor of two natural numbers: the largest number that divides both. \
      The greatest common divisor of zero and n is n.
      """,
    train: [1, 2], standards: [.init(checkSizes: [4, 9, 18])],
    inputs: divisorPairs,
    expected: { (a: Int, b: Int) in a < 0 || b < 0 ? nil : gcd(a, b) }),

  TaskDefinition(
    "power", "(base: int, exponent: int) -> int",
    summary: """
      A whole number raised to a natural exponent: the product of so many factors, each of them \
      the base. A product of no factors is 1.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 20, 62])],
    inputs: Inputs(
      families: [
        { _, rng in (rng.int(in: -9...9), 0) },
        { size, _ in (2, min(size, 62)) },
        { _, rng in (rng.int(in: -9...9), 1) },
        { size, _ in (-1, size) },
        { size, _ in (0, size) },
        { size, _ in (-2, min(size, 62)) },
        { size, _ in (10, min(size, 18)) },
        { size, _ in (1, size) },
        { _, _ in (0, 0) },
      ],
      random: { size, rng in
        let exponent = rng.int(in: 0...size)
        let widest = min(20, largestBase(exponent: exponent))
        return (rng.int(in: -widest...widest), exponent)
      }),
    expected: { (base: Int, exponent: Int) in power(base, exponent) }),

  TaskDefinition(
    "factorial", "(n: int) -> int",
    summary: """
      The factorial of a natural number: the product of the numbers from 1 to n. The factorial of \
      zero is 1.
      """,
    train: [2, 4, 6, 8], standards: [.init(checkSizes: [8, 20])],
    inputs: Inputs(
      families: [{ _, _ in 0 }, { _, _ in 1 }, { size, _ in min(size, 20) }],
      random: { size, rng in rng.int(in: 0...min(size, 20)) }),
    all: (20, { Array(0...20) }),
    expected: { (n: Int) in (0...20).contains(n) ? (0..<n).reduce(1) { $0 * ($1 + 1) } : nil }),

  TaskDefinition(
    "divides", "(d: int, n: int) -> bool",
    summary: """
      Whether a positive number d divides a whole number n without remainder. Every such d divides \
      zero.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000_000])],
    inputs: Inputs(
      families: [
        // To subtract d again and again would take too long.
        { size, rng in (rng.int(in: 1...9), rng.int(in: 0...size * size)) },
        { size, rng in (rng.int(in: 1...size + 4), 0) },
        { size, rng in (1, rng.int(in: -20...20)) },
        { size, rng in
          let d = rng.int(in: 2...size + 4)
          return (d, d * rng.int(in: -9...9))
        },
        { size, rng in
          let d = rng.int(in: 2...size + 4)
          return (d, d * rng.int(in: 1...9) + d - 1)
        },
        { size, rng in  // The other way round it would divide.
          let d = rng.int(in: 1...size + 4)
          return (d * rng.int(in: 2...5), d)
        },
      ],
      random: { size, rng in
        let d = rng.int(in: 1...size + 4)
        return (d, rng.coin() ? d * rng.int(in: 0...9) : rng.int(in: -20 * size...20 * size))
      }),
    expected: { (d: Int, n: Int) in d < 1 ? nil : n % d == 0 }),

  TaskDefinition(
    "hasDivisorFrom", "(d: int, n: int) -> bool",
    summary: """
      Whether some number that is not smaller than d, and whose square is not greater than n, \
      divides n without remainder. The search for divisors begins at 2 or later.
      """,
    train: [8, 15, 30, 60], standards: [.init(checkSizes: [1_000, 1_000_000, 1_000_000_000])],
    inputs: primeCandidates.map { n, rng in
      (rng.coin() ? 2 : rng.int(in: 2...max(2, min(squareRoot(n) + 2, 40_000))), n)
    },
    expected: { (d: Int, n: Int) -> Bool? in
      guard d >= 2, n >= 0, n <= largestTried else { return nil }
      return d <= squareRoot(n) && (d...squareRoot(n)).contains { n % $0 == 0 }
    }),

  TaskDefinition(
    "isPrime", "(n: int) -> bool",
    summary: """
      Whether a number is prime: greater than 1, and divided without remainder by no positive \
      number but 1 and itself.
      """,
    train: [8, 15, 30, 60], standards: [.init(checkSizes: [1_000, 1_000_000, 1_000_000_000])],
    inputs: primeCandidates,
    all: (100_000, { Array(0...100_000) }),
    expected: { (n: Int) in n > largestTried ? nil : isPrime(n) }),

  TaskDefinition(
    "polynomial", "(c: [int], x: int) -> int",
    summary: """
      The value of a polynomial at x. Its coefficients are listed from the highest power of x down \
      to the constant; without coefficients the value is 0.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 24, 1_000])],
    inputs: Inputs(
      families: [
        { size, rng in (rng.ints(size, in: -9...9), 0) },
        { size, rng in (rng.ints(size, in: -9...9), 1) },
        { size, rng in (rng.ints(size, in: -9...9), -1) },
        { _, rng in ([], rng.int(in: -9...9)) },
        { size, rng in ([1] + Array(repeating: 0, count: size - 1), largestArgument(size)) },
        { size, rng in (Array(repeating: 0, count: size), rng.int(in: -9...9)) },
        { size, rng in (Array(repeating: 0, count: size - 1) + [7], rng.int(in: -9...9)) },
      ],
      random: { size, rng in
        let widest = largestArgument(size)
        return (rng.ints(size, in: -9...9), rng.int(in: -widest...widest))
      }),
    expected: { (c: [Int], x: Int) -> Int? in
      var value = 0
      for coefficient in c {
        let (product, tooLarge) = value.multipliedReportingOverflow(by: x)
        let (sum, overflow) = product.addingReportingOverflow(coefficient)
        guard !tooLarge, !overflow else { return nil }
        value = sum
      }
      return value
    }),
]

// MARK: - Oracles

private func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

/// By repeated squaring, so that 1 to a huge exponent is quick; nil for a negative exponent or on
/// overflow.
private func power(_ base: Int, _ exponent: Int) -> Int? {
  guard exponent >= 0 else { return nil }
  if exponent == 0 { return 1 }
  guard let root = power(base, exponent / 2) else { return nil }
  let (square, tooLarge) = root.multipliedReportingOverflow(by: root)
  let (result, overflow) = square.multipliedReportingOverflow(by: exponent % 2 == 1 ? base : 1)
  return tooLarge || overflow ? nil : result
}

/// Above this, trial division would take too long.
private let largestTried = 1_000_000_000_000

/// By trial division with odd numbers.
private func isPrime(_ n: Int) -> Bool {
  guard n > 2, n % 2 == 1 else { return n == 2 }
  var divisor = 3
  while divisor * divisor <= n {
    if n % divisor == 0 { return false }
    divisor += 2
  }
  return true
}

/// The integer part of √n for n ≥ 0. A Double is off by at most one, which is put right.
private func squareRoot(_ n: Int) -> Int {
  var root = Int(Double(n).squareRoot())
  while root.multipliedReportingOverflow(by: root).overflow || root * root > n { root -= 1 }
  while true {
    let (square, overflow) = (root + 1).multipliedReportingOverflow(by: root + 1)
    if overflow || square > n { return root }
    root += 1
  }
}

// MARK: - Inputs

/// The largest base whose power with `exponent` ≥ 0 fits an int; 20 at most.
private func largestBase(exponent: Int) -> Int {
  (1...20).last { power($0, exponent) != nil } ?? 1
}

/// The largest x, 9 at most, at which no polynomial of `count` coefficients of one digit overflows,
/// nor any sum of its terms.
private func largestArgument(_ count: Int) -> Int {
  (1...9).last { x in power(x, count).map { $0 < Int.max / 100 } ?? false } ?? 1
}

/// Two natural numbers of at most `size` digits.
private let divisorPairs = Inputs<(Int, Int)>(
  families: [
    { size, rng in (rng.int(in: 1...limit(size)), 0) },
    { size, rng in (0, rng.int(in: 1...limit(size))) },
    { size, _ in fibonacciNeighbours(below: limit(size)) },
    { size, rng in
      let a = rng.int(in: 1...limit(size))
      return (a, a)
    },
    { size, rng in  // One divides the other.
      let a = rng.int(in: 1...limit(size) / 10)
      return rng.coin() ? (a, a * rng.int(in: 2...9)) : (a * rng.int(in: 2...9), a)
    },
    { size, rng in (1, rng.int(in: 1...limit(size))) },
    { _, _ in (0, 0) },
  ],
  random: { size, rng in
    let common = rng.int(in: 1...limit((size + 1) / 2))
    let rest = limit(size) / common
    return (common * rng.int(in: 0...rest), common * rng.int(in: 1...rest))
  })

/// 20 for one digit, so that a learner sees answers of more than one kind; else 10^digits.
private func limit(_ digits: Int) -> Int {
  digits <= 1 ? 20 : power(10, min(digits, 18)) ?? 1
}

/// Successive Fibonacci numbers: the hardest case of Euclid's algorithm.
private func fibonacciNeighbours(below limit: Int) -> (Int, Int) {
  var (a, b) = (1, 2)
  while a + b <= limit { (a, b) = (b, a + b) }
  return (b, a)
}

/// Numbers up to `size`, primes about as often as others.
private let primeCandidates = Inputs<Int>(
  families: [
    { size, rng in  // The square of a prime: it has only one divisor to find.
      let root = squareRoot(size)
      return (2...max(2, root - rng.int(in: 0...max(0, root / 2 - 1)))).last(where: isPrime)
        .map { $0 * $0 } ?? 4
    },
    { size, rng in prime(below: size) },
    { _, rng in rng.int(in: 0...2) },
    { size, rng in  // A product of neighbouring primes.
      let low = prime(below: max(3, squareRoot(size) - rng.int(in: 0...squareRoot(size) / 2)))
      return low * prime(below: low)
    },
    { size, rng in 3 * rng.int(in: 1...max(1, size / 3)) },
    { size, rng in [4, 9, 25, 49, 121, 561, 1105, 1729, 2465].last { $0 <= size } ?? 4 },
    { size, rng in prime(below: rng.int(in: 2...max(2, size))) },
  ],
  random: { size, rng in
    rng.coin() ? rng.int(in: 0...size) : prime(below: rng.int(in: 2...max(2, size)))
  })

/// The largest prime not above n, at least 2.
private func prime(below n: Int) -> Int {
  var candidate = n
  while candidate > 2, !isPrime(candidate) { candidate -= 1 }
  return max(2, candidate)
}
