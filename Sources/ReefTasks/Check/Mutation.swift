import ReefMachine

extension Value {
  /// A value of the same type that differs in one place by more than `tolerance`: an element
  /// changed, one left out, or one too many.
  ///
  /// - Precondition: The value conforms to `type`.
  func mutated(as type: Type, tolerance: Double, using generator: inout SplitMix64) -> Value {
    switch (self, type) {
    case (.bool(let value), _): return .bool(!value)
    case (.int(let value), _): return .int(generator.int(in: 0...1) == 0 ? value &+ 1 : value &- 1)
    case (.real(let real), _):
      let value = real.value
      return .real(value.isFinite ? value + (1 + abs(value)) * (0.5 + 4 * tolerance) : 0)
    case (.list(var values), .list(let element)):
      guard let last = values.last else { return .list([.zero(of: element)]) }
      switch generator.int(in: 0...3) {
      case 0: values.removeLast()
      case 1: values.append(last)
      default:
        let index = generator.int(in: 0...values.count - 1)
        values[index] = values[index].mutated(
          as: element, tolerance: tolerance, using: &generator)
      }
      return .list(values)
    case (.pair(let first, let second), .pair(let firstType, let secondType)):
      return generator.int(in: 0...1) == 0
        ? .pair(first.mutated(as: firstType, tolerance: tolerance, using: &generator), second)
        : .pair(first, second.mutated(as: secondType, tolerance: tolerance, using: &generator))
    default: preconditionFailure("\(self) is no \(type)")
    }
  }

  /// The simplest value of the concrete `type`: 0, false, [].
  static func zero(of type: Type) -> Value {
    switch type {
    case .int: .int(0)
    case .bool: .bool(false)
    case .real: .real(0)
    case .list: .list([])
    case .pair(let first, let second): .pair(zero(of: first), zero(of: second))
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }
}
