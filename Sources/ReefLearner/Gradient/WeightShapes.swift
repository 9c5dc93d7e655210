import ReefMachine

/// The lengths of the lists that a structure's open parameters are made of, outermost first.
struct WeightShapes: Hashable {
  /// For each parameter.
  let lengths: [[Int]]

  /// The number of reals.
  var count: Int { lengths.reduce(0) { $0 + $1.reduce(1, *) } }

  /// Every choice of lengths for the types.
  static func all(for types: [Type], lengths: [Int]) -> [WeightShapes] {
    var choices: [[[Int]]] = [[]]
    for type in types {
      var shapes: [[Int]] = [[]]
      for _ in 0..<type.listDepth { shapes = shapes.flatMap { s in lengths.map { s + [$0] } } }
      choices = choices.flatMap { choice in shapes.map { choice + [$0] } }
    }
    return choices.map(WeightShapes.init)
  }

  /// The parameters' weights, with the reals in order.
  func weights(_ names: [String], _ reals: [Double]) -> [Weight] {
    var rest = reals[...]
    return zip(names, lengths).map { name, shape in
      let count = shape.reduce(1, *)
      defer { rest = rest.dropFirst(count) }
      return Weight(name: name, shape: shape, Array(rest.prefix(count)))
    }
  }

  /// The values of the parameters, with the reals in order.
  func values(_ reals: [Double]) -> [Value] {
    weights(lengths.map { _ in "" }, reals).map(\.value)
  }
}
