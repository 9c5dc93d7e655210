/// A set of small ints with a fixed bound.
struct BitSet {
  private var words: [UInt64]

  init(capacity: Int) { words = [UInt64](repeating: 0, count: (capacity + 63) / 64) }

  func contains(_ member: Int) -> Bool { words[member / 64] >> (member % 64) & 1 == 1 }
  mutating func insert(_ member: Int) { words[member / 64] |= 1 << (member % 64) }
  mutating func remove(_ member: Int) { words[member / 64] &= ~(1 << (member % 64)) }

  mutating func formUnion(_ other: BitSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  mutating func formIntersection(_ other: BitSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  mutating func subtract(_ other: BitSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  func intersects(_ other: BitSet) -> Bool {
    words.indices.contains { words[$0] & other.words[$0] != 0 }
  }

  /// Ascending.
  var members: [Int] {
    var members: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        members.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }
}
