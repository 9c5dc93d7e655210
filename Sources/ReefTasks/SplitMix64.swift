/// A small seeded generator (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195) whose draws
/// are defined here and not by the standard library, so that stored results never change.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Every seed gives another sequence.
  public init(seed: UInt64) { state = seed }

  /// The sequence of the seed's bits.
  public init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SplitMix64.mix(state)
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// An independent generator for item `index`.
  public func child(_ index: Int) -> SplitMix64 {
    SplitMix64(
      seed: SplitMix64.mix(
        state ^ SplitMix64.mix(UInt64(bitPattern: Int64(index)) &+ 0xD1B5_4A32_D192_ED03)))
  }

  /// Uniform in `range`: Lemire's multiply-shift; the bias is below 2^-32 for the ranges of tasks.
  public mutating func int(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)) &+ 1
    guard width != 0 else { return Int(truncatingIfNeeded: next()) }
    return range.lowerBound &+ Int(truncatingIfNeeded: next().multipliedFullWidth(by: width).high)
  }

  /// Uniform in 0..<1, 53 bits.
  public mutating func real() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Fisher and Yates.
  public mutating func shuffle<T>(_ values: inout [T]) {
    for index in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(index, int(in: 0...index))
    }
  }
}

extension String {
  /// FNV-1a: a hash of text that is the same in every process, for seeds.
  var stableHash: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
