import ReefTasks

/// Dense algebra for the oracles: a matrix is the list of its rows. nil where shapes do not fit.
enum Matrices {
  static func dot(_ x: [Double], _ y: [Double]) -> Double? {
    guard x.count == y.count else { return nil }
    return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func add(_ x: [Double], _ y: [Double]) -> [Double]? {
    x.count == y.count ? zip(x, y).map { $0 + $1 } : nil
  }

  static func apply(_ w: [[Double]], _ x: [Double]) -> [Double]? {
    var result: [Double] = []
    for row in w {
      guard let value = dot(row, x) else { return nil }
      result.append(value)
    }
    return result
  }

  /// wx + b.
  static func layer(_ w: [[Double]], _ x: [Double], _ b: [Double]) -> [Double]? {
    apply(w, x).flatMap { add($0, b) }
  }

  static func relu(_ x: [Double]) -> [Double] { x.map { $0 > 0 ? $0 : 0 } }

  /// Whether all rows have one length.
  static func isRectangular(_ m: [[Double]]) -> Bool { m.allSatisfy { $0.count == m[0].count } }

  static func transpose(_ m: [[Double]]) -> [[Double]]? {
    guard isRectangular(m) else { return nil }
    return (m.first ?? []).indices.map { j in m.map { $0[j] } }
  }

  static func multiply(_ a: [[Double]], _ b: [[Double]]) -> [[Double]]? {
    guard let columns = transpose(b), a.allSatisfy({ $0.count == b.count }) else { return nil }
    return a.map { row in columns.map { column in dot(row, column) ?? 0 } }
  }
}

/// Quarters: sums and products of them are exact in any order, so that no right skill fails for
/// its rounding.
extension SplitMix64 {
  /// A multiple of ¼ from -5 to 5; half of them are whole.
  mutating func quarter() -> Double {
    coin() ? Double(int(in: -5...5)) : Double(int(in: -20...20)) / 4
  }

  mutating func vector(_ count: Int) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(quarter()) }
    return values
  }

  mutating func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
    var matrix: [[Double]] = []
    for _ in 0..<rows { matrix.append(vector(columns)) }
    return matrix
  }

  /// From 1 to `size`.
  mutating func dimension(_ size: Int) -> Int { int(in: 1...size) }
}

func identity(_ count: Int) -> [[Double]] {
  (0..<count).map { row in (0..<count).map { $0 == row ? 1 : 0 } }
}

func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }
