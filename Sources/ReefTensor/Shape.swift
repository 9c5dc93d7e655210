/// The lengths of a tensor's axes, up to four; `[]` is a scalar's. Row-major: the last axis varies
/// fastest.
package struct Shape: Hashable, Sendable {
  /// Aligned to the right and filled with ones, as broadcasting compares them.
  let lengths: SIMD4<Int>
  package let rank: Int

  init(lengths: SIMD4<Int>, rank: Int) {
    precondition(lengths.min() >= 0, "an axis has no length below 0")
    self.lengths = lengths
    self.rank = rank
  }

  package init() { self.init(lengths: .one, rank: 0) }

  package init(_ a: Int) { self.init(lengths: [1, 1, 1, a], rank: 1) }

  package init(_ a: Int, _ b: Int) { self.init(lengths: [1, 1, a, b], rank: 2) }

  package init(_ a: Int, _ b: Int, _ c: Int) { self.init(lengths: [1, a, b, c], rank: 3) }

  package init(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    self.init(lengths: [a, b, c, d], rank: 4)
  }

  /// The number of elements.
  package var count: Int { lengths[0] * lengths[1] * lengths[2] * lengths[3] }

  /// The length of an axis; -1 is the last one.
  package subscript(axis: Int) -> Int {
    precondition(axis >= -rank && axis < rank, "\(self) has no axis \(axis)")
    return lengths[axis < 0 ? 4 + axis : 4 - rank + axis]
  }

  /// The length of the last axis, 1 for a scalar.
  var columns: Int { lengths[3] }

  /// The number of rows along the last axis.
  var rows: Int { lengths[0] * lengths[1] * lengths[2] }

  /// The shape with the last axis replaced.
  func with(columns: Int) -> Shape {
    var changed = lengths
    changed[3] = columns
    return Shape(lengths: changed, rank: max(1, rank))
  }

  /// The shape of a result of both, or nil where an axis differs and neither length is 1.
  func broadcast(with other: Shape) -> Shape? {
    for axis in 0..<4 where lengths[axis] != other.lengths[axis] {
      if lengths[axis] != 1 && other.lengths[axis] != 1 { return nil }
    }
    // Where one length is 1, the other counts, even if it is 0.
    let lengths = self.lengths.replacing(with: other.lengths, where: self.lengths .== 1)
    return Shape(lengths: lengths, rank: max(rank, other.rank))
  }

  /// How far apart neighbours along each axis are in `other`'s broadcast of this, 0 where repeated.
  var broadcastSteps: SIMD4<Int> {
    let steps: SIMD4<Int> = [
      lengths[1] * lengths[2] * lengths[3], lengths[2] * lengths[3], lengths[3], 1,
    ]
    return steps.replacing(with: 0, where: lengths .== 1)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  package init(arrayLiteral axes: Int...) { self.init(axes) }

  package init(_ axes: [Int]) {
    precondition(axes.count <= 4, "a tensor has up to four axes, not \(axes.count)")
    var lengths = SIMD4<Int>.one
    for (index, length) in axes.enumerated() { lengths[4 - axes.count + index] = length }
    self.init(lengths: lengths, rank: axes.count)
  }

  package var axes: [Int] { (4 - rank..<4).map { lengths[$0] } }
}

extension Shape: CustomStringConvertible {
  package var description: String { "\(axes)" }
}
