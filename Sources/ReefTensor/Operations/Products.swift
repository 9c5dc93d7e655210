import CKernels

/// A stack of matrix products, [m, k] times [k, n]; the right one may be one matrix for all.
struct ProductShape {
  let stack, m, n, k: Int
  let isRightShared: Bool
  /// Whether the right matrices are stored as [n, k].
  let transposesRight: Bool
}

/// What a layer applies to each element of its result.
package enum Activation: Sendable, CaseIterable {
  case identity, relu, tanh, sigmoid, gelu

  var kernel: ReefActivation {
    switch self {
    case .identity: ReefIdentity
    case .relu: ReefReluActivation
    case .tanh: ReefTanhActivation
    case .sigmoid: ReefSigmoidActivation
    case .gelu: ReefGeluActivation
    }
  }
}

extension Tensor {
  /// The matrix product of the last two axes; a right operand of two axes serves all matrices of
  /// the left one.
  ///
  /// - Parameter transposingRight: Whether the right matrices are given as [n, k].
  package func matmul(_ other: Tensor, transposingRight: Bool = false) -> Tensor {
    precondition(tape === other.tape, "two operands of different tapes")
    let (left, right) = (shape, other.shape)
    let (k, n) = transposingRight ? (right[-1], right[-2]) : (right[-2], right[-1])
    let isShared = right.rank == 2
    precondition(
      left.rank >= 2 && left[-1] == k
        && (isShared
          || (left.rank == right.rank && left.rows * right[-2] == right.rows * left[-2])),
      "the shapes \(left) and \(right) do not multiply")
    // With one right matrix, the left ones are a single tall one.
    let m = isShared ? left.rows : left[-2]
    let product = ProductShape(
      stack: isShared ? 1 : left.rows / max(1, m), m: m, n: n, k: k, isRightShared: isShared,
      transposesRight: transposingRight)
    let result = tape.append(
      .product(index, other.index, product), left.with(columns: n),
      needsGradient: needsGradient || other.needsGradient)
    let (x, y, z) = (node.value, other.node.value, result.node.value)
    let (step, column) = transposingRight ? (1, k) : (n, 1)
    for i in 0..<product.stack {
      reef_matmul(
        m, n, k, x + i * m * k, k, 1, y + i * k * n, step, column, z + i * m * n, n, 0, tape.scratch
      )
    }
    return result
  }

  /// `activation(x · weight + bias)` along the last axis, in two passes over the result.
  ///
  /// - Parameters:
  ///   - weight: Of shape [inputs, outputs].
  ///   - bias: Of shape [outputs].
  package func linear(_ weight: Tensor, _ bias: Tensor, _ activation: Activation = .identity)
    -> Tensor
  {
    precondition(
      weight.shape.rank == 2 && weight.shape[0] == shape[-1] && bias.shape == [weight.shape[1]],
      "an input of shape \(shape) does not fit weights \(weight.shape) and bias \(bias.shape)")
    let (m, n, k) = (shape.rows, weight.shape[1], shape[-1])
    let before = activation == .gelu ? tape.allocate(Float.self, m * n) : nil
    let needsGradient = needsGradient || weight.needsGradient || bias.needsGradient
    let result = tape.append(.leaf, shape.with(columns: n), needsGradient: needsGradient)
    let target = result.node.value
    tape.nodes[result.index].operation = .linear(
      index, weight.index, bias.index, activation.kernel, before: before ?? target)
    reef_matmul(
      m, n, k, node.value, k, 1, weight.node.value, n, 1, before ?? target, n, 0, tape.scratch)
    reef_activate(activation.kernel, m, n, before ?? target, bias.node.value, target)
    return result
  }

  /// The last two axes exchanged.
  package func transposed() -> Tensor {
    precondition(shape.rank >= 2, "a tensor of shape \(shape) has no two axes to exchange")
    var lengths = shape.lengths
    (lengths[2], lengths[3]) = (lengths[3], lengths[2])
    let result = tape.append(
      .transpose(index), Shape(lengths: lengths, rank: shape.rank), needsGradient: needsGradient)
    forEachTransposedElement(of: shape) { from, to in
      result.node.value[to] = node.value[from]
    }
    return result
  }
}

extension Tape {
  func productAdjoint(_ left: Int, _ right: Int, _ shape: ProductShape, _ node: Node) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    let (x, y, dz) = (nodes[left].value, nodes[right].value, node.gradient!)
    if let (dx, accumulate) = gradientToUpdate(of: left) {
      let (step, column) = shape.transposesRight ? (k, 1) : (1, n)
      for i in 0..<shape.stack {
        reef_matmul(
          m, k, n, dz + i * m * n, n, 1, y + i * k * n, step, column, dx + i * m * k, k, accumulate,
          scratch)
      }
    }
    if let (dy, accumulate) = gradientToUpdate(of: right) {
      for i in 0..<shape.stack {
        let (a, b, target) = (x + i * m * k, dz + i * m * n, dy + i * k * n)
        if shape.transposesRight {
          reef_matmul(n, k, m, b, 1, n, a, k, 1, target, k, accumulate, scratch)
        } else {
          reef_matmul(k, n, m, a, 1, k, b, n, 1, target, n, accumulate, scratch)
        }
      }
    }
  }

  func linearAdjoint(
    _ x: Int, _ weight: Int, _ bias: Int, _ activation: ReefActivation,
    before: UnsafeMutablePointer<Float>, _ node: Node
  ) {
    let (m, n, k) = (node.shape.rows, node.shape.columns, nodes[weight].shape[0])
    let dz = node.gradient!
    reserveScratch(n)
    let spare = scratch + ReefMatmulScratch
    reef_activate_adjoint(
      activation, m, n, before, node.value, dz, gradientToAdd(to: bias) ?? spare)
    if let (target, accumulate) = gradientToUpdate(of: weight) {
      reef_matmul(k, n, m, nodes[x].value, 1, k, dz, n, 1, target, n, accumulate, scratch)
    }
    if let (target, accumulate) = gradientToUpdate(of: x) {
      reef_matmul(m, k, n, dz, n, 1, nodes[weight].value, 1, n, target, k, accumulate, scratch)
    }
  }

  func transposeAdjoint(_ x: Int, _ node: Node) {
    guard let target = gradientToAdd(to: x) else { return }
    forEachTransposedElement(of: nodes[x].shape) { from, to in
      target[from] += node.gradient![to]
    }
  }
}

/// Where each element of a tensor stands, and where once the last two axes are exchanged.
private func forEachTransposedElement(of shape: Shape, _ body: (_ from: Int, _ to: Int) -> Void) {
  let (rows, columns) = (shape.lengths[2], shape.lengths[3])
  for matrix in 0..<shape.lengths[0] * shape.lengths[1] {
    let start = matrix * rows * columns
    for i in 0..<rows {
      for j in 0..<columns { body(start + i * columns + j, start + j * rows + i) }
    }
  }
}
