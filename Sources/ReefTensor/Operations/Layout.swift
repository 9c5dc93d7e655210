import CKernels

extension Tensor {
  /// The same elements in another shape of the same count; nothing is copied.
  package func reshaped(_ shape: Shape) -> Tensor {
    precondition(
      shape.count == self.shape.count, "\(self.shape) has no \(shape.count) elements for \(shape)")
    _ = node
    return tape.appendView(of: self, shape)
  }

  /// The tensor with another one after it along the last axis.
  package func concatenated(with other: Tensor) -> Tensor {
    precondition(
      shape.rank == other.shape.rank && shape.with(columns: 1) == other.shape.with(columns: 1),
      "the shapes \(shape) and \(other.shape) do not join along the last axis")
    let (left, right) = (shape.columns, other.shape.columns)
    let result = tape.append(
      .concatenate(index, other.index), shape.with(columns: left + right),
      needsGradient: needsGradient || other.needsGradient)
    for row in 0..<shape.rows {
      let target = result.node.value + row * (left + right)
      target.update(from: node.value + row * left, count: left)
      (target + left).update(from: other.node.value + row * right, count: right)
    }
    return result
  }

  /// A range of the last axis.
  package func columns(_ range: Range<Int>) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape.columns,
      "a tensor of shape \(shape) has no columns \(range)")
    let result = tape.append(
      .slice(index, from: range.lowerBound), shape.with(columns: range.count),
      needsGradient: needsGradient)
    for row in 0..<shape.rows {
      (result.node.value + row * range.count).update(
        from: node.value + row * shape.columns + range.lowerBound, count: range.count)
    }
    return result
  }

  /// The rows of this table [rows, columns] with the given numbers, as an embedding looks them up.
  package func gather(_ rows: some Collection<Int>) -> Tensor {
    precondition(shape.rank == 2, "rows are gathered from a table, not from \(shape)")
    let columns = shape[1]
    let places = tape.copy(rows)
    let result = tape.append(
      .gather(index, rows: places.baseAddress!), Shape(places.count, columns),
      needsGradient: needsGradient)
    let (table, target) = (node.value, result.node.value)
    for (i, row) in zip(places.indices, places) {
      precondition(row >= 0 && row < shape[0], "a table of \(shape[0]) rows has no row \(row)")
      (target + i * columns).update(from: table + row * columns, count: columns)
    }
    return result
  }
}

extension Tape {
  func concatenateAdjoint(_ x: Int, _ y: Int, _ node: Node) {
    let (left, right) = (nodes[x].shape.columns, nodes[y].shape.columns)
    func add(to index: Int, from start: Int, count: Int) {
      guard let (target, accumulate) = gradientToUpdate(of: index) else { return }
      for row in 0..<node.shape.rows {
        reef_add_scaled(
          count, node.gradient! + row * (left + right) + start, 1, target + row * count, accumulate)
      }
    }
    add(to: x, from: 0, count: left)
    add(to: y, from: left, count: right)
  }

  func sliceAdjoint(_ x: Int, from start: Int, _ node: Node) {
    guard let target = gradientToAdd(to: x) else { return }
    let (count, columns) = (node.shape.columns, nodes[x].shape.columns)
    for row in 0..<node.shape.rows {
      reef_add_scaled(
        count, node.gradient! + row * count, 1, target + row * columns + start, 1)
    }
  }

  func gatherAdjoint(_ table: Int, rows: UnsafeMutablePointer<Int>, _ node: Node) {
    guard let target = gradientToAdd(to: table) else { return }
    let columns = node.shape[1]
    for i in 0..<node.shape[0] {
      reef_add_scaled(
        columns, node.gradient! + i * columns, 1, target + rows[i] * columns, 1)
    }
  }
}
