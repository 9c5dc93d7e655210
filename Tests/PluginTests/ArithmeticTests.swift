import Arithmetic
import ReefMachine
import ReefTasks
import Testing

/// The value of a short digit list, by Horner's rule on Int.
private func number(_ digits: [Int]) -> Int { digits.reversed().reduce(0) { 10 * $0 + $1 } }

/// The canonical digits of n, from its decimal text.
private func digits(_ n: Int) -> [Int] { String(n).reversed().map { $0.wholeNumberValue! } }

/// The value of a digit list of any length, modulo p.
private func residue(_ digits: [Int], _ p: Int) -> Int {
  digits.reversed().reduce(0) { (10 * $0 + $1) % p }
}

private func isCanonical(_ digits: [Int]) -> Bool {
  digits == [0] || (!digits.isEmpty && digits.last != 0 && digits.allSatisfy { (0...9) ~= $0 })
}

private let primes = [1_000_003, 998_244_353, 2_147_483_647]

@Suite("Arithmetic's oracles against other formulations") struct ArithmeticOracleTests {
  @Test("Short numbers: the same as on Int", arguments: 0..<8)
  func shortNumbers(seed: Int) throws {
    for (input, output) in try examples(arithmetic, "add", seed: seed) {
      #expect(output.ints == digits(number(input[0].ints) + number(input[1].ints)))
    }
    for (input, output) in try examples(arithmetic, "subtract", seed: seed) {
      #expect(output.ints == digits(number(input[0].ints) - number(input[1].ints)))
    }
    for (input, output) in try examples(arithmetic, "compare", seed: seed) {
      #expect(output.int == (number(input[0].ints) - number(input[1].ints)).signum())
    }
    for (input, output) in try examples(arithmetic, "multiply", seed: seed) {
      #expect(output.ints == digits(number(input[0].ints) * number(input[1].ints)))
    }
    for (input, output) in try examples(arithmetic, "divide", seed: seed) {
      let (a, b) = (number(input[0].ints), number(input[1].ints))
      #expect(output.listPair.first == digits(a / b))
      #expect(output.listPair.second == digits(a % b))
    }
  }

  @Test("Long numbers: the same modulo primes, and canonical", arguments: 0..<4)
  func longNumbers(seed: Int) throws {
    for task in ["add", "subtract", "multiply", "divide"] {
      for (input, output) in try examples(arithmetic, task, sizes: [40], count: 20, seed: seed) {
        for p in primes {
          let a = residue(input[0].ints, p)
          let b = residue(input[1].ints, p)
          switch task {
          case "add": #expect(residue(output.ints, p) == (a + b) % p)
          case "subtract": #expect(residue(output.ints, p) == (a - b + p) % p)
          case "divide":
            let (quotient, remainder) = (output.listPair.first, output.listPair.second)
            #expect((residue(quotient, p) * b + residue(remainder, p)) % p == a)
            #expect(isCanonical(quotient) && isCanonical(remainder))
            #expect(isLess(remainder, input[1].ints))
          default: #expect(residue(output.ints, p) == a * b % p)
          }
        }
        if task != "divide" { #expect(isCanonical(output.ints)) }
      }
    }
  }

  @Test(
    "Comparison of long numbers: length first, then the reversed lists in order", arguments: 0..<4)
  func longComparison(seed: Int) throws {
    for (input, output) in try examples(arithmetic, "compare", sizes: [50], seed: seed) {
      let (a, b) = (input[0].ints, input[1].ints)
      #expect(output.int == (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0))
    }
  }

  @Test("Columns and carries", arguments: 0..<8)
  func columns(seed: Int) throws {
    for (input, output) in try examples(arithmetic, "carryStep", seed: seed) {
      let (carry, digit) = (output.intPair.first, output.intPair.second)
      #expect(10 * carry + digit == input[0].int! + input[1].int!)
      #expect((0...9).contains(digit))
    }
    for (input, output) in try examples(arithmetic, "carryColumns", seed: seed) {
      let (carry, digits) = output.pair!
      let value = (digits.ints + [carry.int!]).reversed().reduce(0) { 10 * $0 + $1 }
      #expect(value == input[0].ints.reversed().reduce(0) { 10 * $0 + $1 })
      #expect(digits.ints.count == input[0].ints.count && digits.ints.allSatisfy { 0...9 ~= $0 })
    }
    for (input, output) in try examples(arithmetic, "trim", seed: seed) {
      var list = input[0].ints
      while list.count > 1, list.last == 0 { list.removeLast() }
      #expect(output.ints == (list.isEmpty ? [0] : list))
    }
    for (input, output) in try examples(arithmetic, "propagate", seed: seed) {
      #expect(output.ints == digits(number(input[0].ints)))
    }
    for (input, output) in try examples(arithmetic, "leadingSign", seed: seed) {
      let nonzero = input[0].ints.filter { $0 != 0 }
      #expect(output.int == (nonzero.last.map { $0 < 0 ? -1 : 1 } ?? 0))
    }
    for (task, sign) in [("columnSums", 1), ("columnDifferences", -1)] {
      for (input, output) in try examples(arithmetic, task, seed: seed) {
        let (a, b) = (input[0].ints, input[1].ints)
        let padded = a + Array(repeating: 0, count: max(0, b.count - a.count))
        let expected = padded.enumerated().map { index, value in
          index < b.count ? value + sign * b[index] : value
        }
        #expect(output.ints == expected)
      }
    }
  }

  @Test("The step of division", arguments: 0..<8)
  func divisionStep(seed: Int) throws {
    for (input, output) in try examples(arithmetic, "divideDigit", seed: seed) {
      let (a, b) = (number(input[0].ints), number(input[1].ints))
      let (quotient, remainder) = output.pair!
      #expect(quotient.int == a / b && remainder.ints == digits(a % b))
      #expect(a / b <= 9)
    }
  }

  @Test("Whole numbers", arguments: 0..<8)
  func wholeNumbers(seed: Int) throws {
    for (input, output) in try examples(arithmetic, "gcd", sizes: [1, 2, 3], seed: seed) {
      let (a, b) = (input[0].int!, input[1].int!)
      let common = (1...max(1, a, b)).last { a % $0 == 0 && b % $0 == 0 }
      #expect(output.int == (max(a, b) == 0 ? 0 : common))
    }
    for (input, output) in try examples(arithmetic, "power", sizes: [3, 20, 62], seed: seed) {
      let factors = Array(repeating: input[0].int!, count: input[1].int!)
      #expect(output.int == factors.reduce(1, *))
    }
    for (input, output) in try examples(arithmetic, "divides", seed: seed) {
      let (d, n) = (input[0].int!, input[1].int!)
      #expect(output.bool == stride(from: 0, through: abs(n), by: d).contains(abs(n)))
    }
    for (input, output) in try examples(arithmetic, "hasDivisorFrom", seed: seed) {
      let (d, n) = (input[0].int!, input[1].int!)
      #expect(output.bool == (0...max(1, n)).contains { $0 >= d && $0 * $0 <= n && n % $0 == 0 })
    }
    for (input, output) in try examples(arithmetic, "polynomial", seed: seed) {
      let terms = input[0].ints.reversed().enumerated().map { power, coefficient in
        (0..<power).reduce(coefficient) { value, _ in value * input[1].int! }
      }
      #expect(output.int == terms.reduce(0, +))
    }
    #expect(
      try arithmetic.expected(task: "factorial", inputs: [[.int(20)], [.int(5)], [.int(0)]])
        == [.int(2_432_902_008_176_640_000), .int(120), .int(1)])
  }

  @Test("Primes: the same as Eratosthenes' sieve, exhaustively to 100,000")
  func primesToHundredThousand() throws {
    let inputs = try #require(arithmetic.smallDomain(task: "isPrime")).inputs
    var sieve = Array(repeating: true, count: inputs.count)
    sieve[0] = false
    sieve[1] = false
    for n in 2..<sieve.count where sieve[n] {
      for multiple in stride(from: 2 * n, to: sieve.count, by: n) { sieve[multiple] = false }
    }
    #expect(inputs == (0...100_000).map { [.int($0)] })
    #expect(try arithmetic.expected(task: "isPrime", inputs: inputs) == sieve.map(Value.bool))
    #expect(
      try arithmetic.expected(task: "isPrime", inputs: [[.int(-7)], [.int(999_999_937)]])
        == [.bool(false), .bool(true)])
  }

  @Test(
    "Digit inputs are canonical", arguments: ["add", "subtract", "compare", "multiply", "divide"])
  func inputsAreCanonical(task: String) throws {
    for (input, _) in try examples(arithmetic, task, sizes: [1, 2, 3, 5, 8, 20], seed: 2) {
      #expect(isCanonical(input[0].ints) && isCanonical(input[1].ints), "\(input)")
    }
  }

  private func isLess(_ a: [Int], _ b: [Int]) -> Bool {
    a.count != b.count ? a.count < b.count : a.reversed().lexicographicallyPrecedes(b.reversed())
  }
}

@Suite("Arithmetic's adversarial inputs") struct ArithmeticFamilyTests {
  @Test("Sums have carry chains, zeros inside and different lengths", arguments: [8, 64, 10_000])
  func sums(size: Int) throws {
    let inputs = try arithmetic.generate(task: "add", size: size, count: 20, seed: 1)
      .map { ($0[0].ints, $0[1].ints) }
    #expect(inputs.contains { $0.allSatisfy { $0 == 9 } && $1 == [1] })
    #expect(inputs.contains { $0 == [0] && $1.count == size })
    #expect(inputs.contains { $0.count == size && $1.count == 1 })
    #expect(inputs.contains { a, _ in a.filter { $0 == 0 }.count > size / 2 })
    #expect(inputs.contains { zip($0, $1).allSatisfy { $0 + $1 >= 9 } && $0.count == $1.count })
    #expect(inputs.contains { $0.count == size && $1.count == size })
  }

  @Test("Differences borrow through zeros and vanish", arguments: [8, 64, 10_000])
  func differences(size: Int) throws {
    let inputs = try arithmetic.generate(task: "subtract", size: size, count: 20, seed: 1)
      .map { ($0[0].ints, $0[1].ints) }
    #expect(inputs.contains { $0.dropLast().allSatisfy { $0 == 0 } && $1 == [1] })
    #expect(inputs.contains { $0 == $1 })
    #expect(inputs.contains { $1 == [0] && $0.count == size })
  }

  @Test("Divisions leave nothing, almost b, or all of a", arguments: [8, 40, 200])
  func divisions(size: Int) throws {
    let cases = try examples(arithmetic, "divide", sizes: [size], seed: 1)
    #expect(cases.contains { $0.output.listPair.second == [0] && $0.input[1].ints.count > 1 })
    #expect(cases.contains { $0.output.listPair.first == [0] && $0.output.listPair.second != [0] })
    #expect(cases.contains { $0.input[0].ints == [0] })
    let quotients = cases.map(\.output.listPair.first)
    #expect(quotients.contains { $0.contains(0) && $0.count > 2 })
    #expect(cases.contains { $0.input.map(\.ints.count) == [size, size / 2] })
  }

  @Test(
    "Primes and squares of primes both come, to 10^9", arguments: [60, 1_000_000, 1_000_000_000])
  func primeCandidates(size: Int) throws {
    let cases = try examples(arithmetic, "isPrime", sizes: [size], count: 30, seed: 1)
      .map { ($0.input[0].int!, $0.output.bool!) }
    #expect(cases.filter(\.1).count >= 6 && cases.filter { !$0.1 }.count >= 6)
    #expect(cases.contains { n, isPrime in !isPrime && n > 4 && n.isSquare })
    #expect(cases.allSatisfy { $0.0 <= size })
  }
}

extension Int {
  fileprivate var isSquare: Bool {
    let root = Int(Double(self).squareRoot().rounded())
    return root * root == self
  }
}
