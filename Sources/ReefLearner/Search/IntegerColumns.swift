import ReefMachine

extension IntegerOperation {
  /// Applies the operation to two columns of ints, row by row. A row outside the mask, and one
  /// whose result is an error, gets 0.
  ///
  /// - Returns: The rows that have a result.
  @inline(__always)
  func evaluate(
    _ left: UnsafePointer<Word>, _ right: UnsafePointer<Word>,
    into result: UnsafeMutablePointer<Word>, count: Int, mask: UInt64
  ) -> UInt64 {
    var failed: UInt64 = 0
    @inline(__always)
    func checked(_ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)) {
      for row in 0..<count {
        let (value, overflow) = operation(left[row], right[row])
        result[row] = value
        failed |= (overflow ? 1 : 0) << UInt64(row)
      }
    }
    switch self {
    case .add: checked { $0.addingReportingOverflow($1) }
    case .subtract: checked { $0.subtractingReportingOverflow($1) }
    case .multiply: checked { $0.multipliedReportingOverflow(by: $1) }
    case .minimum: for row in 0..<count { result[row] = min(left[row], right[row]) }
    case .maximum: for row in 0..<count { result[row] = max(left[row], right[row]) }
    case .less: for row in 0..<count { result[row] = left[row] < right[row] ? 1 : 0 }
    case .lessOrEqual: for row in 0..<count { result[row] = left[row] <= right[row] ? 1 : 0 }
    case .divide, .modulo:
      for row in 0..<count {
        if let value = self(left[row], right[row]) {
          result[row] = value
        } else {
          failed |= 1 << UInt64(row)
        }
      }
    }
    let defined = mask & ~failed
    if defined != (count == 64 ? .max : (1 << UInt64(count)) - 1) {
      for row in 0..<count where defined & (1 << UInt64(row)) == 0 { result[row] = 0 }
    }
    return defined
  }

  /// The sums of `multipliers` times the operation's results, for one column of ints with each of
  /// some others; nil where a row has no result.
  @inline(__always)
  func hashes(
    _ left: UnsafePointer<Word>, _ others: UnsafeBufferPointer<UnsafePointer<Word>>,
    count: Int, multipliers: UnsafeMutablePointer<UInt64>, each: (Int, UInt64?) -> Void
  ) {
    @inline(__always)
    func sums(_ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)) {
      for (index, right) in others.enumerated() {
        var hash: UInt64 = 0
        var failed = false
        for row in 0..<count {
          let (value, overflow) = operation(left[row], right[row])
          failed = failed || overflow
          hash &+= UInt64(bitPattern: Int64(value)) &* multipliers[row]
        }
        each(index, failed ? nil : hash)
      }
    }
    switch self {
    case .add: sums { $0.addingReportingOverflow($1) }
    case .subtract: sums { $0.subtractingReportingOverflow($1) }
    case .multiply: sums { $0.multipliedReportingOverflow(by: $1) }
    case .minimum: sums { (min($0, $1), false) }
    case .maximum: sums { (max($0, $1), false) }
    case .less: sums { ($0 < $1 ? 1 : 0, false) }
    case .lessOrEqual: sums { ($0 <= $1 ? 1 : 0, false) }
    case .divide, .modulo: sums { self($0, $1).map { ($0, false) } ?? (0, true) }
    }
  }
}
