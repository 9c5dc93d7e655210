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

  /// Applies the operation to one column of ints with each of some others, one result after the
  /// other, and sums `multipliers` times the results of each.
  ///
  /// - Returns: Which of the others have a result on all rows.
  @inline(__always)
  func evaluate(
    _ left: UnsafePointer<Word>, _ others: UnsafeBufferPointer<UnsafePointer<Word>>,
    into results: UnsafeMutablePointer<Word>, count: Int, multipliers: UnsafePointer<UInt64>,
    hashes: UnsafeMutablePointer<UInt64>
  ) -> UInt64 {
    var whole: UInt64 = 0
    @inline(__always)
    func apply(_ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)) {
      for (index, right) in others.enumerated() {
        let result = results + index * count
        var hash: UInt64 = 0
        var failed = false
        for row in 0..<count {
          let (value, overflow) = operation(left[row], right[row])
          failed = failed || overflow
          result[row] = value
          hash &+= UInt64(bitPattern: Int64(value)) &* multipliers[row]
        }
        hashes[index] = hash
        if !failed { whole |= 1 << UInt64(index) }
      }
    }
    switch self {
    case .add: apply { $0.addingReportingOverflow($1) }
    case .subtract: apply { $0.subtractingReportingOverflow($1) }
    case .multiply: apply { $0.multipliedReportingOverflow(by: $1) }
    case .minimum: apply { (min($0, $1), false) }
    case .maximum: apply { (max($0, $1), false) }
    case .less: apply { ($0 < $1 ? 1 : 0, false) }
    case .lessOrEqual: apply { ($0 <= $1 ? 1 : 0, false) }
    case .divide, .modulo: apply { self($0, $1).map { ($0, false) } ?? (0, true) }
    }
    return whole
  }
}
