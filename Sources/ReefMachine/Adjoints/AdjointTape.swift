/// What a run of Jacobian code records: every real that depends on an input, with how fast it changes
/// with the reals that it was computed from (reverse-mode differentiation on a Wengert list;
/// Griewank and Walther 2008).
///
/// In such a run a real that depends on an input is not a number but the place of its entry here,
/// marked in a way that no number is. All else, code and control flow included, is as in any run.
final class AdjointTape {
  struct Entry {
    let value: Double
    /// The entries that it was computed from, -1 where there is none.
    let left, right: Int32
    /// ∂ value / ∂ left, and the same for right.
    let leftSlope, rightSlope: Double
  }

  private(set) var entries: [Entry] = []

  /// The upper bits of a place: a NaN that neither arithmetic nor `Double.nan` gives.
  private static let mark = 0x7FFD
  private static let placeBits = 48

  /// The entry that a real stands for; nil where it is a number.
  @inline(__always)
  func place(of real: Word) -> Int32? {
    guard real >> AdjointTape.placeBits == AdjointTape.mark else { return nil }
    return Int32(truncatingIfNeeded: real)
  }

  /// The number that a real is or stands for.
  @inline(__always)
  func value(of real: Word) -> Double {
    place(of: real).map { entries[Int($0)].value } ?? real.asReal
  }

  /// A real for each input, on which others will depend.
  func input(_ value: Double) -> Word {
    append(Entry(value: value, left: -1, right: -1, leftSlope: 0, rightSlope: 0))
  }

  /// A real that was computed from two others, one of which stands for an entry.
  func result(
    _ value: Double, of left: Word, _ right: Word, slopes: (left: Double, right: Double)
  ) -> Word {
    append(
      Entry(
        value: value, left: place(of: left) ?? -1, right: place(of: right) ?? -1,
        leftSlope: slopes.left, rightSlope: slopes.right))
  }

  /// The bytes that the entries take.
  var bytes: Int { entries.capacity * MemoryLayout<Entry>.stride }

  /// For each of the first `count` entries, ∂ (Σ weight · entry) / ∂ entry. O(entries).
  func gradient(of weights: [(place: Int32, weight: Double)], count: Int) -> [Double] {
    guard let last = weights.map(\.place).max() else { return Array(repeating: 0, count: count) }
    var adjoints = [Double](repeating: 0, count: max(count, Int(last) + 1))
    for (place, weight) in weights { adjoints[Int(place)] += weight }
    for place in stride(from: Int(last), through: count, by: -1) where adjoints[place] != 0 {
      let entry = entries[place]
      let adjoint = adjoints[place]
      if entry.left >= 0 { adjoints[Int(entry.left)] += adjoint * entry.leftSlope }
      if entry.right >= 0 { adjoints[Int(entry.right)] += adjoint * entry.rightSlope }
    }
    return Array(adjoints[..<count])
  }

  private func append(_ entry: Entry) -> Word {
    entries.append(entry)
    return AdjointTape.mark << AdjointTape.placeBits | (entries.count - 1)
  }
}
