import ReefMachine

extension [Weight] {
  /// `b [2], w [2 x 3]: 8 numbers, 64 bytes`.
  var text: String {
    let shapes = map { weight in
      let lengths = weight.shape.map(String.init).joined(separator: " x ")
      return "\(weight.name) [\(lengths)]"
    }
    let numbers = counted(reduce(0) { $0 + $1.count }, "number")
    let bytes = counted(reduce(0) { $0 + $1.bytes.count }, "byte")
    return "\(shapes.joined(separator: ", ")): \(numbers), \(bytes)"
  }

  /// Everything but the numbers.
  var json: JSON { .array(map(\.json)) }
}

extension Weight {
  fileprivate var json: JSON {
    [
      "name": .string(name), "scalar": .string(scalar.rawValue),
      "shape": .array(shape.map { .int($0) }), "digest": .string(digest.hex),
    ]
  }
}
