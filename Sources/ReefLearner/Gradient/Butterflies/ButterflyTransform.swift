/// A linear map of 2^L complex numbers as a product of butterfly factors and permutations, after Dao,
/// Gu, Eichhorn, Rudra and Ré, "Learning Fast Algorithms for Linear Transforms Using Butterfly
/// Factorizations" (2019): O(n log n) instead of O(n²).
struct ButterflyTransform {
  /// A permutation, then factors one after another.
  struct Stage {
    /// For each place the element that comes there.
    var order: [Int]
    /// For each factor its rows: what each element of the result takes of two neighbours.
    var factors: [[ComplexPair]]
  }

  /// All factors have one wiring: elements k and k + n/2 of the result are made of elements 2k and
  /// 2k + 1. In the binary digits of a place, the last one is used up and its successor comes first,
  /// so that after L factors every digit is where it was.
  var stages: [Stage]
}

extension Int {
  /// Its lowest `width` binary digits turned round `count` times, the last digit coming first.
  func rotatedRight(_ count: Int, width: Int) -> Int {
    let shift = count % width
    return (self >> shift) | ((self & ((1 << shift) - 1)) << (width - shift))
  }

  /// Its lowest `width` binary digits in opposite order.
  func bitsReversed(width: Int) -> Int {
    (0..<width).reduce(0) { $0 | ((self >> $1) & 1) << (width - 1 - $1) }
  }
}
