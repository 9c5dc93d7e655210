import ReefTensor

/// Draws for tests (Marsaglia 2003, xorshift64*).
struct Draws: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// Uniform in a range.
  mutating func real(_ range: ClosedRange<Float> = -1...1) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * (Float(next() >> 40) * 0x1p-24)
  }

  mutating func reals(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in real(range) }
  }

  /// Whole numbers from -8 to 8, whose sums of products are exact in floats.
  mutating func wholes(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int(next() % 17) - 8) }
  }
}
