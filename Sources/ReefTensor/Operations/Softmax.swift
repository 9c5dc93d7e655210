import CKernels

extension Tensor {
  /// The softmax along the last axis. An element of -infinity gets 0; a row of nothing else, zeros.
  package func softmax() -> Tensor {
    let result = tape.append(.softmax(index), shape, needsGradient: needsGradient)
    reef_softmax(shape.rows, shape.columns, node.value, result.node.value)
    return result
  }

  /// The mean over the rows of -log softmax(row)[label], a scalar. A row with a negative label does
  /// not count.
  package func crossEntropy(_ labels: some Collection<Int>) -> Tensor {
    precondition(
      labels.count == shape.rows, "\(labels.count) labels for the rows of a tensor \(shape)")
    let places = tape.copy(labels)
    for label in places {
      precondition(label < shape.columns, "\(shape.columns) classes have no label \(label)")
    }
    let count = max(1, places.count { $0 >= 0 })
    let probabilities = tape.allocate(Float.self, shape.count)
    let result = tape.append(
      .crossEntropy(index, labels: places.baseAddress!, probabilities: probabilities, count: count),
      Shape(),
      needsGradient: needsGradient)
    result.node.value[0] =
      reef_cross_entropy(shape.rows, shape.columns, node.value, places.baseAddress!, probabilities)
      / Float(count)
    return result
  }

  /// Each row along the last axis, shifted and scaled to mean 0 and variance 1, then times `gain`
  /// plus `bias` (Ba, Kiros and Hinton 2016, arXiv:1607.06450).
  package func layerNorm(_ gain: Tensor, _ bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
    precondition(
      gain.shape == [shape.columns] && bias.shape == gain.shape,
      "a gain \(gain.shape) and a bias \(bias.shape) for rows of \(shape)")
    let normal = tape.allocate(Float.self, shape.count)
    let scales = tape.allocate(Float.self, shape.rows)
    let result = tape.append(
      .layerNorm(index, gain: gain.index, bias: bias.index, normal: normal, scales: scales), shape,
      needsGradient: needsGradient || gain.needsGradient || bias.needsGradient)
    reef_layer_norm(
      shape.rows, shape.columns, node.value, gain.node.value, bias.node.value, epsilon,
      result.node.value, normal, scales)
    return result
  }

  /// Scaled dot-product attention with several heads (Vaswani et al. 2017, arXiv:1706.03762).
  ///
  /// - Parameters:
  ///   - heads: A divisor of the width.
  ///   - isCausal: Whether a position sees only itself and those before it.
  ///   - mask: Of shape [sequences, length]: 0 at the positions that nobody sees; it gets no
  ///     gradient.
  /// - Precondition: This is [sequences, length, 3 * width]: queries, keys and values side by side.
  /// - Returns: A tensor [sequences, length, width].
  package func attention(heads: Int, isCausal: Bool = false, mask: Tensor? = nil) -> Tensor {
    precondition(
      shape.rank == 3 && heads > 0 && shape[2] % (3 * heads) == 0,
      "a tensor \(shape) has no queries, keys and values for \(heads) heads")
    let (sequences, length, width) = (shape[0], shape[1], shape[2] / 3)
    precondition(
      mask.map { $0.shape == [sequences, length] } ?? true, "a mask for sequences \(shape)")
    tape.reserveScratch(2 * length * length)
    let probabilities = tape.allocate(Float.self, sequences * heads * length * length)
    let result = tape.append(
      .attention(index, heads: heads, probabilities: probabilities),
      Shape(sequences, length, width), needsGradient: needsGradient)
    reef_attention(
      sequences, length, heads, width / heads, isCausal ? 1 : 0, mask?.node.value, node.value,
      probabilities, result.node.value, tape.scratch)
    return result
  }
}

extension Tape {
  func softmaxAdjoint(_ x: Int, _ node: Node) {
    guard let (target, accumulate) = gradientToUpdate(of: x) else { return }
    reef_softmax_adjoint(
      node.shape.rows, node.shape.columns, node.value, node.gradient, target, accumulate)
  }

  func crossEntropyAdjoint(
    _ x: Int, labels: UnsafeMutablePointer<Int>, probabilities: UnsafeMutablePointer<Float>,
    count: Int, _ node: Node
  ) {
    guard let (target, accumulate) = gradientToUpdate(of: x) else { return }
    let shape = nodes[x].shape
    reef_cross_entropy_adjoint(
      shape.rows, shape.columns, probabilities, labels, node.gradient![0] / Float(count), target,
      accumulate)
  }

  func layerNormAdjoint(
    _ x: Int, gain: Int, bias: Int, normal: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Float>, _ node: Node
  ) {
    let (gains, biases) = (gradientToAdd(to: gain), gradientToAdd(to: bias))
    let target = gradientToUpdate(of: x)
    reef_layer_norm_adjoint(
      node.shape.rows, node.shape.columns, normal, scales, nodes[gain].value, node.gradient,
      target?.0, gains, biases, target?.accumulate ?? 0)
  }

  func attentionAdjoint(
    _ x: Int, heads: Int, probabilities: UnsafeMutablePointer<Float>, _ node: Node
  ) {
    guard let (target, accumulate) = gradientToUpdate(of: x) else { return }
    reef_attention_adjoint(
      node.shape[0], node.shape[1], heads, node.shape[2] / heads, nodes[x].value, probabilities,
      node.gradient, target, accumulate, scratch)
  }
}
