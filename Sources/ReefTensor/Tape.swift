import CKernels

/// Records operations as they are carried out, and runs them backwards to find gradients
/// (reverse-mode differentiation; Griewank and Walther 2008).
///
/// A training step is: `reset()`, operations on `constant` inputs and on parameters, `backward` on
/// the loss, an optimizer's `step`. All memory is kept from step to step, so that steps of the same
/// shapes allocate nothing after the first. Confined to one thread.
package final class Tape {
  package let parameters: Parameters
  var nodes: [Node] = []
  private var arena = Arena()
  /// Counts resets: a tensor of an earlier round is no longer valid.
  private(set) var round = 0
  /// Whether results keep what the way back needs.
  private let recordsGradients: Bool
  /// What matrix products and attention work in.
  private(set) var scratch: UnsafeMutablePointer<Float>
  private var scratchCount = ReefMatmulScratch

  /// - Parameter recordsGradients: False for a tape that only computes.
  package init(_ parameters: Parameters = Parameters(), recordsGradients: Bool = true) {
    self.parameters = parameters
    self.recordsGradients = recordsGradients
    parameters.seal()
    scratch = .allocate(capacity: scratchCount)
    for entry in parameters.entries {
      nodes.append(
        Node(
          shape: entry.shape, value: parameters.values.baseAddress! + entry.offset,
          gradient: recordsGradients ? parameters.gradients.baseAddress! + entry.offset : nil,
          operation: .leaf, owner: nodes.count))
    }
  }

  deinit {
    arena.deallocate()
    scratch.deallocate()
  }

  /// The bytes held for results and gradients.
  package var capacity: Int { arena.capacity }

  /// Forgets all operations; the parameters stay.
  package func reset() {
    nodes.removeLast(nodes.count - parameters.entries.count)
    arena.reset()
    round += 1
  }

  /// The tensor of a parameter.
  package subscript(id: Parameters.ID) -> Tensor { Tensor(tape: self, index: id.index) }

  /// An input: values without a gradient.
  package func constant(_ shape: Shape, _ values: some Collection<Float>) -> Tensor {
    constant(shape) { target in
      precondition(values.count == shape.count, "\(values.count) values for the shape \(shape)")
      _ = target.update(fromContentsOf: values)
    }
  }

  /// An input that `fill` writes in place.
  package func constant(_ shape: Shape, fill: (UnsafeMutableBufferPointer<Float>) -> Void) -> Tensor
  {
    let result = append(.leaf, shape, needsGradient: false)
    fill(UnsafeMutableBufferPointer(start: nodes[result.index].value, count: shape.count))
    return result
  }

  /// An input whose gradient `backward` finds.
  package func variable(_ shape: Shape, _ values: some Collection<Float>) -> Tensor {
    precondition(values.count == shape.count, "\(values.count) values for the shape \(shape)")
    let result = append(.leaf, shape, needsGradient: true)
    _ = UnsafeMutableBufferPointer(start: nodes[result.index].value, count: shape.count)
      .update(fromContentsOf: values)
    return result
  }

  /// Finds the gradients of a scalar by everything that it was computed from.
  ///
  /// Afterwards `gradient` is right for parameters and variables; those of results in between may
  /// have been used as working memory.
  ///
  /// - Parameter accumulates: Adds to the parameters' gradients instead of replacing them.
  package func backward(from loss: Tensor, accumulates: Bool = false) {
    precondition(loss.shape.count == 1, "a loss is a scalar, not of shape \(loss.shape)")
    precondition(recordsGradients, "this tape does not record gradients")
    let parameterCount = parameters.entries.count
    for index in nodes.indices {
      nodes[index].isGradientSet = accumulates && index < parameterCount
    }
    if let start = gradientToReplace(of: loss.index) {
      start[0] = 1
      for index in stride(from: loss.index, through: parameterCount, by: -1)
      where nodes[index].isGradientSet || nodes[index].owner != index {
        runAdjoint(of: nodes[index])
      }
    }
    for index in 0..<parameterCount { _ = gradientToAdd(to: index) }
  }
}

// What operations are made of.
extension Tape {
  /// Adds a node with room for its result.
  func append(_ operation: Operation, _ shape: Shape, needsGradient: Bool) -> Tensor {
    let needsGradient = needsGradient && recordsGradients
    nodes.append(
      Node(
        shape: shape, value: arena.allocate(Float.self, shape.count),
        gradient: needsGradient ? arena.allocate(Float.self, shape.count) : nil,
        operation: operation, owner: nodes.count))
    return Tensor(tape: self, index: nodes.count - 1)
  }

  /// Adds a node that shares the memory of another of the same count.
  func appendView(of tensor: Tensor, _ shape: Shape) -> Tensor {
    var node = nodes[tensor.index]
    node.shape = shape
    node.operation = .leaf
    nodes.append(node)
    return Tensor(tape: self, index: nodes.count - 1)
  }

  /// Memory that lasts until `reset`.
  func allocate<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    arena.allocate(type, count)
  }

  /// Numbers of rows in memory that lasts until `reset`, in one piece: to step through a collection whose
  /// type is not known takes a hundred times as long.
  func copy(_ numbers: some Collection<Int>) -> UnsafeMutableBufferPointer<Int> {
    let count = numbers.count
    let copy = UnsafeMutableBufferPointer(start: arena.allocate(Int.self, count), count: count)
    _ = copy.initialize(from: numbers)
    return copy
  }

  /// Makes room in `scratch` for so many floats beyond what a matrix product needs.
  func reserveScratch(_ count: Int) {
    let needed = ReefMatmulScratch + count
    guard needed > scratchCount else { return }
    scratch.deallocate()
    scratch = .allocate(capacity: needed)
    scratchCount = needed
  }

  /// Where an adjoint adds to the gradient of a node, zeros at first; nil where none is wanted.
  func gradientToAdd(to index: Int) -> UnsafeMutablePointer<Float>? {
    let owner = nodes[index].owner
    guard let gradient = nodes[owner].gradient else { return nil }
    if !nodes[owner].isGradientSet {
      gradient.update(repeating: 0, count: nodes[owner].shape.count)
      nodes[owner].isGradientSet = true
    }
    return gradient
  }

  /// Where an adjoint writes the gradient of a node, or adds where something is there already.
  func gradientToUpdate(of index: Int) -> (UnsafeMutablePointer<Float>, accumulate: Int32)? {
    let owner = nodes[index].owner
    guard let gradient = nodes[owner].gradient else { return nil }
    defer { nodes[owner].isGradientSet = true }
    return (gradient, nodes[owner].isGradientSet ? 1 : 0)
  }

  private func gradientToReplace(of index: Int) -> UnsafeMutablePointer<Float>? {
    gradientToUpdate(of: index)?.0
  }
}

/// One recorded operation with its result.
struct Node {
  var shape: Shape
  let value: UnsafeMutablePointer<Float>
  /// Nil where no gradient is wanted.
  let gradient: UnsafeMutablePointer<Float>?
  /// Whether the gradient holds anything yet in this backward pass; the owner's counts.
  var isGradientSet = false
  var operation: Operation
  /// The node whose memory this is: itself, but for a view.
  let owner: Int

  init(
    shape: Shape, value: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>?,
    operation: Operation, owner: Int
  ) {
    self.shape = shape
    self.value = value
    self.gradient = gradient
    self.operation = operation
    self.owner = owner
  }
}
