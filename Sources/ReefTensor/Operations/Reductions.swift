import CKernels

/// A tensor as [outer, length, inner] around the axis that is reduced.
struct AxisShape {
  let outer, length, inner: Int

  init(_ shape: Shape, axis: Int) {
    let place = axis < 0 ? axis + 4 : axis + 4 - shape.rank
    length = shape[axis]
    outer = (0..<place).reduce(1) { $0 * shape.lengths[$1] }
    inner = (place + 1..<4).reduce(1) { $0 * shape.lengths[$1] }
  }

  /// All elements as one axis.
  init(all shape: Shape) {
    (outer, length, inner) = (1, shape.count, 1)
  }
}

extension Tensor {
  /// The sum of all elements, a scalar.
  package func sum() -> Tensor { sum(AxisShape(all: shape), Shape(), scale: 1) }

  /// The mean of all elements, a scalar.
  package func mean() -> Tensor {
    sum(AxisShape(all: shape), Shape(), scale: 1 / Float(max(1, shape.count)))
  }

  /// The sums along an axis, which is left with length 1; -1 is the last axis.
  package func sum(axis: Int) -> Tensor {
    sum(AxisShape(shape, axis: axis), reduced(axis), scale: 1)
  }

  /// The means along an axis, which is left with length 1.
  package func mean(axis: Int) -> Tensor {
    sum(AxisShape(shape, axis: axis), reduced(axis), scale: 1 / Float(max(1, shape[axis])))
  }

  /// The largest elements along an axis, which is left with length 1; the gradient goes to the first
  /// of equals.
  package func maximum(axis: Int) -> Tensor {
    let axes = AxisShape(shape, axis: axis)
    precondition(axes.length > 0, "no element is the largest of none")
    let places = tape.allocate(Int.self, axes.outer * axes.inner)
    let result = tape.append(
      .maximum(index, axes, places: places), reduced(axis), needsGradient: needsGradient)
    let (x, target) = (node.value, result.node.value)
    for outer in 0..<axes.outer {
      for inner in 0..<axes.inner {
        let first = x + outer * axes.length * axes.inner + inner
        var place = 0
        for i in 1..<max(1, axes.length)
        where !(first[i * axes.inner] <= first[place * axes.inner]) {
          place = i
          if first[i * axes.inner].isNaN { break }
        }
        places[outer * axes.inner + inner] = place
        target[outer * axes.inner + inner] = first[place * axes.inner]
      }
    }
    return result
  }

  /// The mean of the squared differences from `target`.
  package func meanSquaredError(_ target: Tensor) -> Tensor {
    precondition(shape == target.shape, "a result \(shape) against a target \(target.shape)")
    return (self - target).squared().mean()
  }

  private func reduced(_ axis: Int) -> Shape {
    var lengths = shape.lengths
    lengths[axis < 0 ? axis + 4 : axis + 4 - shape.rank] = 1
    return Shape(lengths: lengths, rank: shape.rank)
  }

  private func sum(_ axes: AxisShape, _ shape: Shape, scale: Float) -> Tensor {
    let result = tape.append(.sum(index, axes, scale: scale), shape, needsGradient: needsGradient)
    let (x, target) = (node.value, result.node.value)
    for outer in 0..<axes.outer {
      if axes.inner == 1 {
        target[outer] = reef_sum(axes.length, x + outer * axes.length) * scale
        continue
      }
      let sums = target + outer * axes.inner
      sums.update(repeating: 0, count: axes.inner)
      for i in 0..<axes.length {
        reef_add_scaled(axes.inner, x + (outer * axes.length + i) * axes.inner, scale, sums, 1)
      }
    }
    return result
  }
}

extension Tape {
  func sumAdjoint(_ x: Int, _ axes: AxisShape, scale: Float, _ node: Node) {
    guard let target = gradientToAdd(to: x) else { return }
    for outer in 0..<axes.outer {
      let sums = node.gradient! + outer * axes.inner
      if axes.inner == 1 {
        reef_add_number(axes.length, sums[0] * scale, target + outer * axes.length)
        continue
      }
      for i in 0..<axes.length {
        reef_add_scaled(axes.inner, sums, scale, target + (outer * axes.length + i) * axes.inner, 1)
      }
    }
  }

  func maximumAdjoint(
    _ x: Int, _ axes: AxisShape, places: UnsafeMutablePointer<Int>, _ node: Node
  ) {
    guard let target = gradientToAdd(to: x) else { return }
    for outer in 0..<axes.outer {
      for inner in 0..<axes.inner {
        let at = outer * axes.inner + inner
        target[(outer * axes.length + places[at]) * axes.inner + inner] += node.gradient![at]
      }
    }
  }
}
