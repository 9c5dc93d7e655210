import ReefMachine

extension Value {
  /// A value of the same type that differs in one place by more than `tolerance`: an element
  /// changed, one left out, or one too many, or another constructor. A type with one value has none.
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
    case (.made(let definition, let constructor, var fields), .named(_, let arguments)):
      let others = definition.constructors.indices.filter { $0 != constructor }
      guard fields.isEmpty || (!others.isEmpty && generator.int(in: 0...2) == 0) else {
        let index = generator.int(in: 0...fields.count - 1)
        fields[index] = fields[index].mutated(
          as: definition.fields(of: constructor, arguments)[index], tolerance: tolerance,
          using: &generator)
        return .made(definition, constructor: constructor, fields)
      }
      guard !others.isEmpty else { return self }
      let other = others[generator.int(in: 0...others.count - 1)]
      return .made(
        definition, constructor: other,
        definition.fields(of: other, arguments).map { .zero(of: $0) })
    default: preconditionFailure("\(self) is no \(type)")
    }
  }

  /// The simplest value of the concrete `type`: 0, false, [], of a declared type one that nests
  /// least.
  static func zero(of type: Type) -> Value {
    // Every type has a finite value.
    for room in 0... { if let value = zero(of: type, room: room) { return value } }
    preconditionFailure("\(type) has no value")
  }

  /// Nil where values of declared types have to nest more than `room` deep.
  private static func zero(of type: Type, room: Int) -> Value? {
    switch type {
    case .int: return .int(0)
    case .bool: return .bool(false)
    case .real: return .real(0)
    case .list: return .list([])
    case .pair(let first, let second):
      guard let first = zero(of: first, room: room), let second = zero(of: second, room: room)
      else {
        return nil
      }
      return .pair(first, second)
    case .named(let definition, let arguments):
      guard room > 0 else { return nil }
      for constructor in definition.constructors.indices {
        let types = definition.fields(of: constructor, arguments)
        let fields = types.compactMap { zero(of: $0, room: room - 1) }
        if fields.count == types.count {
          return .made(definition, constructor: constructor, fields)
        }
      }
      return nil
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }
}
