/// A set of numbers below a bound: a bit for each.
struct NumberSet: Sendable {
  private var words: [UInt64]
  private(set) var count = 0
  /// All words that are not 0 are in this range.
  private var low: Int
  private var high = -1

  /// - Parameter bound: More than any number that it will have.
  init(bound: Int) {
    words = [UInt64](repeating: 0, count: (bound + 63) / 64)
    low = words.count
  }

  /// Whether the number is new.
  @inline(__always)
  mutating func insert(_ number: Int) -> Bool {
    let (word, bit) = (number >> 6, UInt64(1) << UInt64(number & 63))
    guard words[word] & bit == 0 else { return false }
    words[word] |= bit
    count += 1
    low = min(low, word)
    high = max(high, word)
    return true
  }

  /// Whether the number was there.
  @inline(__always)
  mutating func remove(_ number: Int) -> Bool {
    let (word, bit) = (number >> 6, UInt64(1) << UInt64(number & 63))
    guard words.indices.contains(word), words[word] & bit != 0 else { return false }
    words[word] &= ~bit
    count -= 1
    return true
  }

  /// The lowest of `first` and above.
  func lowest(from first: Int) -> Int? {
    guard count > 0 else { return nil }
    var mask = ~UInt64(0) << UInt64(first & 63)
    var word = first >> 6
    if word < low { (word, mask) = (low, ~0) }
    while word <= high {
      let bits = words[word] & mask
      if bits != 0 { return word << 6 | bits.trailingZeroBitCount }
      (word, mask) = (word + 1, ~0)
    }
    return nil
  }

  /// The highest of `last` and below.
  func highest(through last: Int) -> Int? {
    guard count > 0 else { return nil }
    var mask = ~UInt64(0) >> UInt64(63 - last & 63)
    var word = last >> 6
    if word > high { (word, mask) = (high, ~0) }
    while word >= low {
      let bits = words[word] & mask
      if bits != 0 { return word << 6 | (63 - bits.leadingZeroBitCount) }
      (word, mask) = (word - 1, ~0)
    }
    return nil
  }

  /// Hands every number to `visit`, the lowest first, and is empty then.
  mutating func drain(_ visit: (Int) -> Void) {
    var word = low
    while word <= high {
      while words[word] != 0 {
        visit(word << 6 | words[word].trailingZeroBitCount)
        words[word] &= words[word] - 1
      }
      word += 1
    }
    (count, low, high) = (0, words.count, -1)
  }
}
