import ReefTasks

/// Base-10 arithmetic for the oracles, on lists of digits with the least significant first.
///
/// A number has many such lists, because zeros at the high end do not change it; results are
/// canonical, without them except for zero itself, which is `[0]`. The empty list is zero too.
enum Digits {
  static func areDigits(_ list: [Int]) -> Bool { list.allSatisfy { (0...9).contains($0) } }

  /// Without zeros at the high end; at least one element stays.
  static func trimmed(_ list: [Int]) -> [Int] {
    guard let top = list.lastIndex(where: { $0 != 0 }) else { return [0] }
    return Array(list[...top])
  }

  /// The canonical digits of the sum of `columns[i]` · 10^i; nil where that is negative or a carry
  /// overflows.
  static func propagated(_ columns: [Int]) -> [Int]? {
    guard var (carry, digits) = carried(columns), carry >= 0 else { return nil }
    while carry > 0 {
      digits.append(carry % 10)
      carry /= 10
    }
    return trimmed(digits)
  }

  /// One digit for each column, and the carry out of the last; nil where a carry overflows.
  static func carried(_ columns: [Int]) -> (carry: Int, digits: [Int])? {
    var digits: [Int] = []
    digits.reserveCapacity(columns.count + 1)
    var carry = 0
    for column in columns {
      let (total, overflow) = column.addingReportingOverflow(carry)
      guard !overflow else { return nil }
      let digit = (total % 10 + 10) % 10
      // Floor: a negative total borrows from the next column.
      carry = total / 10 - (total % 10 < 0 ? 1 : 0)
      digits.append(digit)
    }
    return (carry, digits)
  }

  /// Column by column, the shorter list padded with zeros; nil on overflow.
  static func columns(
    _ a: [Int], _ b: [Int], _ combine: (Int) -> (Int) -> (Int, overflow: Bool)
  ) -> [Int]? {
    var result: [Int] = []
    for index in 0..<max(a.count, b.count) {
      let (left, right) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
      let (value, overflow) = combine(left)(right)
      guard !overflow else { return nil }
      result.append(value)
    }
    return result
  }

  static func sums(_ a: [Int], _ b: [Int]) -> [Int]? {
    columns(a, b) { left in { left.addingReportingOverflow($0) } }
  }

  static func differences(_ a: [Int], _ b: [Int]) -> [Int]? {
    columns(a, b) { left in { left.subtractingReportingOverflow($0) } }
  }

  /// -1, 0 or 1 as a < b, a = b, a > b.
  static func compare(_ a: [Int], _ b: [Int]) -> Int {
    let (a, b) = (trimmed(a), trimmed(b))
    guard a.count == b.count else { return a.count < b.count ? -1 : 1 }
    for (left, right) in zip(a, b).reversed() where left != right { return left < right ? -1 : 1 }
    return 0
  }

  /// a − b for a ≥ b.
  static func subtract(_ a: [Int], _ b: [Int]) -> [Int]? {
    differences(a, b).flatMap(propagated)
  }

  static func multiply(_ a: [Int], _ b: [Int]) -> [Int]? {
    var columns = Array(repeating: 0, count: a.count + b.count)
    for (i, left) in a.enumerated() where left != 0 {
      for (j, right) in b.enumerated() { columns[i + j] += left * right }
    }
    return propagated(columns)
  }

  /// Quotient and remainder for b > 0, by counted subtraction at each digit.
  static func divide(_ a: [Int], by b: [Int]) -> (quotient: [Int], remainder: [Int])? {
    guard trimmed(b) != [0] else { return nil }
    var quotient: [Int] = []
    var remainder = [0]
    for digit in a.reversed() {
      remainder = trimmed([digit] + remainder)
      var count = 0
      while compare(remainder, b) >= 0, let rest = subtract(remainder, b) {
        remainder = rest
        count += 1
      }
      quotient.append(count)
    }
    return (trimmed(quotient.reversed()), remainder)
  }
}

/// Canonical numbers to draw inputs from.
extension SplitMix64 {
  /// A number of exactly `count` digits, at least one.
  mutating func number(digits count: Int) -> [Int] {
    guard count > 1 else { return [int(in: 0...9)] }
    return ints(count - 1, in: 0...9) + [int(in: 1...9)]
  }

  /// A number of at most `count` digits, at least one.
  mutating func number(upToDigits count: Int) -> [Int] {
    number(digits: int(in: 1...max(1, count)))
  }

  /// The same, but not zero.
  mutating func positiveNumber(upToDigits count: Int) -> [Int] {
    let digits = number(upToDigits: count)
    return digits == [0] ? [int(in: 1...9)] : digits
  }

  /// A number of exactly `count` digits most of which are zero.
  mutating func sparseNumber(digits count: Int) -> [Int] {
    let digits = number(digits: count)
    return digits.indices.map { $0 == count - 1 || int(in: 0...4) == 0 ? digits[$0] : 0 }
  }
}

/// 10^count − 1 for count ≥ 1.
func nines(_ count: Int) -> [Int] { Array(repeating: 9, count: count) }

/// 10^exponent.
func powerOfTen(_ exponent: Int) -> [Int] { Array(repeating: 0, count: exponent) + [1] }
