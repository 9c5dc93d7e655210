/// A dense array of floats on a tape: an input, a parameter or the result of an operation. Valid
/// until the tape's next `reset`.
package struct Tensor {
  package let tape: Tape
  let index: Int
  private let round: Int

  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
    round = tape.round
  }

  /// Its node, after a check that the tape still holds it.
  var node: Node {
    precondition(
      round == tape.round || index < tape.parameters.entries.count,
      "the tape was reset after this tensor was made")
    return tape.nodes[index]
  }

  package var shape: Shape { node.shape }

  /// The elements, row-major.
  package var values: [Float] { withValues(Array.init) }

  /// The gradient that the last `backward` found, row-major; nil where none was wanted.
  package var gradient: [Float]? {
    node.gradient.map { Array(UnsafeBufferPointer(start: $0, count: shape.count)) }
  }

  /// The only element.
  package var item: Float {
    precondition(shape.count == 1, "a tensor of shape \(shape) has no single value")
    return node.value[0]
  }

  package func withValues<T>(_ body: (UnsafeBufferPointer<Float>) throws -> T) rethrows -> T {
    try body(UnsafeBufferPointer(start: node.value, count: shape.count))
  }

  var needsGradient: Bool { node.gradient != nil }

  /// Finds the gradients of this scalar; see `Tape.backward`.
  package func backward(accumulates: Bool = false) {
    tape.backward(from: self, accumulates: accumulates)
  }
}
