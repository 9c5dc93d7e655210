import ReefMachine

/// What may shrink from call to self-call. A recursion in which one measure shrinks at every call
/// ends, because none falls for ever.
enum Measure: Hashable {
  /// The number of elements of a list, the magnitude of an int, the constructors and sizes in a value of
  /// a declared type, of the argument at that index.
  case size(Int)
  /// The sizes of all arguments together.
  case total
  /// The list of ints at that index as a number whose last element counts most: it is shorter, or
  /// smaller, and not negative, at the last place where the two differ.
  case order(Int)
  /// The elements of the list of ints at that index: none is larger, and some that were not negative
  /// are smaller.
  case descent(Int)
  /// How far apart the ints at two indices are, the second being the larger.
  case distance(Int, Int)

  /// Those that the types of a skill allow.
  static func all(for types: [Type]) -> [Measure] {
    var measures: [Measure] = []
    for (index, type) in types.enumerated() {
      switch type {
      case .list(.int): measures += [.order(index), .descent(index)]
      case .int, .list, .pair, .named: measures.append(.size(index))
      default: break
      }
    }
    let ints = types.indices.filter { types[$0] == .int }
    for first in ints {
      for second in ints where first != second { measures.append(.distance(first, second)) }
    }
    return types.count > 1 ? measures + [.total] : measures
  }

  /// Whether it is smaller for the arguments of the self-call than for the skill's own.
  func shrinks(from own: [Value], to arguments: [Value]) -> Bool {
    switch self {
    case .size(let index): arguments[index].measuredSize < own[index].measuredSize
    case .total: Measure.total(arguments) < Measure.total(own)
    case .order(let index): Measure.isBefore(arguments[index], own[index])
    case .descent(let index): Measure.descends(from: own[index], to: arguments[index])
    case .distance(let first, let second):
      Measure.distance(arguments, first, second) < Measure.distance(own, first, second)
    }
  }

  private static func total(_ values: [Value]) -> Int {
    values.reduce(0) { $0.addingReportingOverflow($1.measuredSize).partialValue }
  }

  private static func isBefore(_ left: Value, _ right: Value) -> Bool {
    let (left, right) = (left.list ?? [], right.list ?? [])
    guard left.count == right.count else { return left.count < right.count }
    guard let place = left.indices.last(where: { left[$0] != right[$0] }) else { return false }
    let (smaller, larger) = (left[place].int ?? 0, right[place].int ?? 0)
    return smaller >= 0 && smaller < larger
  }

  private static func descends(from own: Value, to argument: Value) -> Bool {
    let left = (argument.list ?? []).map { $0.int ?? 0 }
    let right = (own.list ?? []).map { $0.int ?? 0 }
    return left.count == right.count && zip(left, right).allSatisfy { $0 <= $1 }
      && zip(left, right).contains { $0 < $1 && $1 >= 0 }
  }

  private static func distance(_ values: [Value], _ first: Int, _ second: Int) -> Int {
    guard let low = values[first].int, let high = values[second].int, low <= high else {
      return .max
    }
    return high &- low
  }
}

extension Value {
  fileprivate var measuredSize: Int {
    switch self {
    case .int(let int): int == .min ? .max : abs(int)
    case .list(let values): values.count
    case .pair(let first, let second): first.measuredSize &+ second.measuredSize
    case .made(_, _, let fields): fields.reduce(1) { $0 &+ $1.measuredSize }
    case .bool, .real: 0
    }
  }
}
