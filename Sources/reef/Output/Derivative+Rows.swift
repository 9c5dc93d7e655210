import ReefMachine

/// How one real of a result changes with each argument.
struct DerivativeRow {
  /// Where the real is in the result, a list of positions.
  let place: [Int]
  /// For each parameter its derivatives, shaped like the argument; null stands for what is no real.
  let slopes: [(parameter: String, slopes: JSON)]

  /// `∂ result[0] / ∂ x = [1.0,2.0]`, a line for each parameter with reals.
  func lines(width: Int) -> [String] {
    let output = "result" + place.map { "[\($0)]" }.joined()
    return slopes.map { "∂ \(output) / ∂ \($0.parameter) = \($0.slopes.text.cut(to: width))" }
  }

  var json: JSON {
    [
      "place": .array(place.map { .int($0) }),
      "by": .object(slopes.map { .init($0.parameter, $0.slopes) }),
    ]
  }
}

extension Derivative {
  /// A row for each real of the result.
  func rows(_ parameters: [Signature.Parameter], _ arguments: [Value]) -> [DerivativeRow] {
    value.placesOfReals.enumerated().map { output, place in
      var slopes = row(output)[...]
      return DerivativeRow(
        place: place,
        slopes: zip(parameters, arguments).compactMap { parameter, argument in
          let count = slopes.count
          let shaped = argument.shaping(&slopes)
          return slopes.count == count ? nil : (parameter.name, shaped)
        })
    }
  }
}

extension Value {
  /// Where its reals are, depth first.
  fileprivate var placesOfReals: [[Int]] {
    func inside(_ values: [Value]) -> [[Int]] {
      values.enumerated().flatMap { index, value in value.placesOfReals.map { [index] + $0 } }
    }
    return switch self {
    case .real: [[]]
    case .int, .bool: []
    case .list(let values): inside(values)
    case .pair(let first, let second): inside([first, second])
    case .made(_, _, let fields): inside(fields)
    }
  }

  /// The same structure with the next numbers in place of the reals.
  fileprivate func shaping(_ numbers: inout ArraySlice<Double>) -> JSON {
    switch self {
    case .real: return .real(numbers.removeFirst())
    case .int, .bool: return .null
    case .list(let values): return .array(values.map { $0.shaping(&numbers) })
    case .pair(let first, let second):
      return .array([first.shaping(&numbers), second.shaping(&numbers)])
    case .made(let definition, let constructor, let fields):
      return definition.json(made: constructor, of: fields.map { $0.shaping(&numbers) })
    }
  }
}
