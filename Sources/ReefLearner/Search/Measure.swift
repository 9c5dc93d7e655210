import ReefMachine

extension Operation.Recursion.Measure {
  /// Whether it is smaller for the arguments of the self-call than for the skill's own.
  func shrinks(from own: [Value], to arguments: [Value]) -> Bool {
    func size(_ value: Value) -> Int {
      switch value {
      case .int(let int): int.magnitude > UInt(Int.max) ? Int.max : abs(int)
      case .list(let values): values.count
      case .pair(let first, let second): size(first) &+ size(second)
      case .bool, .real: 0
      }
    }
    func sum(_ value: Value) -> Int {
      (value.list ?? []).reduce(0) { $0 &+ ($1.int ?? 0) }
    }
    func distance(_ values: [Value], _ first: Int, _ second: Int) -> Int {
      guard let low = values[first].int, let high = values[second].int, low <= high else {
        return .max
      }
      return high &- low
    }
    return switch self {
    case .size(let index): size(arguments[index]) < size(own[index])
    case .sum(let index): sum(arguments[index]) < sum(own[index])
    case .distance(let first, let second):
      distance(arguments, first, second) < distance(own, first, second)
    }
  }
}
