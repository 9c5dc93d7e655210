import CKernels

extension Tensor {
  package func exp() -> Tensor { unary(ReefExponential) }
  /// The natural logarithm: NaN below 0, -infinity at 0.
  package func log() -> Tensor { unary(ReefLogarithm) }
  package func tanh() -> Tensor { unary(ReefTangent) }
  /// 1 / (1 + e^-x).
  package func sigmoid() -> Tensor { unary(ReefLogistic) }
  /// The larger of each element and 0.
  package func relu() -> Tensor { unary(ReefRectifier) }
  /// The Gaussian error linear unit, with the usual tanh (Hendrycks and Gimpel 2016).
  package func gelu() -> Tensor { unary(ReefGelu) }
  package func squared() -> Tensor { unary(ReefSquare) }
  package func squareRoot() -> Tensor { unary(ReefSquareRoot) }
  /// The absolute value of each element; its derivative at 0 counts as 0.
  package func magnitude() -> Tensor { unary(ReefMagnitude) }

  /// Each element times `scale`, plus `offset`.
  package func affine(scale: Float, offset: Float) -> Tensor {
    let result = tape.append(
      .affine(index, scale: scale), shape, needsGradient: needsGradient)
    reef_affine(shape.count, node.value, scale, offset, result.node.value)
    return result
  }

  private func unary(_ operation: ReefUnary) -> Tensor {
    let result = tape.append(.unary(operation, index), shape, needsGradient: needsGradient)
    reef_unary(operation, shape.count, node.value, result.node.value)
    return result
  }

  package static prefix func - (x: Tensor) -> Tensor { x.affine(scale: -1, offset: 0) }
  package static func * (x: Tensor, scale: Float) -> Tensor { x.affine(scale: scale, offset: 0) }
  package static func * (scale: Float, x: Tensor) -> Tensor { x.affine(scale: scale, offset: 0) }
  package static func / (x: Tensor, divisor: Float) -> Tensor {
    x.affine(scale: 1 / divisor, offset: 0)
  }
  package static func + (x: Tensor, offset: Float) -> Tensor { x.affine(scale: 1, offset: offset) }
  package static func - (x: Tensor, offset: Float) -> Tensor { x.affine(scale: 1, offset: -offset) }
  package static func - (offset: Float, x: Tensor) -> Tensor { x.affine(scale: -1, offset: offset) }

  // Operands of different shapes are broadcast: axes are aligned at the last one, and an axis of
  // length 1, or a missing one, is repeated.
  package static func + (x: Tensor, y: Tensor) -> Tensor { x.binary(ReefAdd, y) }
  package static func - (x: Tensor, y: Tensor) -> Tensor { x.binary(ReefSubtract, y) }
  package static func * (x: Tensor, y: Tensor) -> Tensor { x.binary(ReefMultiply, y) }
  package static func / (x: Tensor, y: Tensor) -> Tensor { x.binary(ReefDivide, y) }
  /// The larger of two elements each; the gradient goes to the first where they are equal.
  package func maximum(_ other: Tensor) -> Tensor { binary(ReefMaximum, other) }
  package func minimum(_ other: Tensor) -> Tensor { binary(ReefMinimum, other) }

  private func binary(_ operation: ReefBinary, _ other: Tensor) -> Tensor {
    precondition(tape === other.tape, "two operands of different tapes")
    guard let shape = shape.broadcast(with: other.shape) else {
      preconditionFailure("the shapes \(self.shape) and \(other.shape) do not broadcast")
    }
    let result = tape.append(
      .binary(operation, index, other.index), shape,
      needsGradient: needsGradient || other.needsGradient)
    let (x, y, z) = (node.value, other.node.value, result.node.value)
    forEachRun(self.shape, other.shape, of: shape) { count, xAt, xStep, yAt, yStep, zAt in
      reef_binary(operation, count, x + xAt, xStep, y + yAt, yStep, z + zAt)
    }
    return result
  }
}

extension Tape {
  func unaryAdjoint(_ operation: ReefUnary, _ x: Int, _ node: Node) {
    guard let (target, accumulate) = gradientToUpdate(of: x) else { return }
    reef_unary_adjoint(
      operation, node.shape.count, nodes[x].value, node.value, node.gradient, target, accumulate)
  }

  func affineAdjoint(_ x: Int, scale: Float, _ node: Node) {
    guard let (target, accumulate) = gradientToUpdate(of: x) else { return }
    reef_add_scaled(node.shape.count, node.gradient, scale, target, accumulate)
  }

  func binaryAdjoint(_ operation: ReefBinary, _ left: Int, _ right: Int, _ node: Node) {
    let (x, y) = (nodes[left], nodes[right])
    func add(to index: Int, isLeft: Bool) {
      guard let target = gradientToAdd(to: index) else { return }
      forEachRun(x.shape, y.shape, of: node.shape) { count, xAt, xStep, yAt, yStep, zAt in
        reef_binary_adjoint(
          operation, isLeft ? 1 : 0, count, x.value + xAt, xStep, y.value + yAt, yStep,
          node.gradient! + zAt, target + (isLeft ? xAt : yAt))
      }
    }
    add(to: left, isLeft: true)
    add(to: right, isLeft: false)
  }
}

/// Calls `body` for runs of the last axes along which both operands either go on or stay.
private func forEachRun(
  _ x: Shape, _ y: Shape, of shape: Shape,
  _ body: (_ count: Int, _ xAt: Int, _ xStep: Int, _ yAt: Int, _ yStep: Int, _ zAt: Int) -> Void
) {
  if x.lengths == y.lengths { return body(shape.count, 0, 1, 0, 1, 0) }
  let (xSteps, ySteps) = (x.broadcastSteps, y.broadcastSteps)
  // The run takes in axes from the last one on, until an operand changes its mind.
  var first = 4
  var count = 1
  var (xStep, yStep): (Int?, Int?)
  while first > 0 {
    let length = shape.lengths[first - 1]
    if length != 1 {
      let (xGoes, yGoes) = (xSteps[first - 1] == 0 ? 0 : 1, ySteps[first - 1] == 0 ? 0 : 1)
      if xGoes != xStep ?? xGoes || yGoes != yStep ?? yGoes { break }
      (xStep, yStep) = (xGoes, yGoes)
    }
    first -= 1
    count *= length
  }
  guard count > 0 else { return }
  let outer = shape.lengths.replacing(with: 1, where: SIMD4<Int>(0, 1, 2, 3) .>= first)
  var zAt = 0
  for i in 0..<outer[0] {
    for j in 0..<outer[1] {
      for k in 0..<outer[2] {
        let place = SIMD4<Int>(i, j, k, 0)
        body(
          count, (place &* xSteps).wrappedSum(), xStep ?? 1, (place &* ySteps).wrappedSum(),
          yStep ?? 1, zAt)
        zAt += count
      }
    }
  }
}
