extension Heap {
  /// Structural equality; reals compare as numbers, so a NaN is unequal to itself. Both are
  /// borrowed; each pair of parts that is compared is charged.
  @inline(__always)
  func equal(_ left: Word, _ right: Word, _ kind: Kind) throws(MachineError) -> Bool {
    switch kind {
    case .word: return left == right
    case .real: return left.asReal == right.asReal
    case .reference:
      var budget = fuel
      let isEqual = Heap.equal(left, right, budget: &budget)
      fuel = budget
      if budget < 0 { throw .fuel(limit: fuelLimit) }
      return isEqual
    }
  }

  private static func equal(_ left: Word, _ right: Word, budget: inout Int) -> Bool {
    if left.header.pointee.isPair {
      let (left, right) = (left.pair, right.pair)
      budget &-= 2
      return equal(
        left.pointee.first, right.pointee.first, left.pointee.header.firstKind, budget: &budget)
        && equal(
          left.pointee.second, right.pointee.second, left.pointee.header.secondKind,
          budget: &budget)
    }
    let (left, right) = (left.list, right.list)
    let count = left.pointee.count
    guard count == right.pointee.count else { return false }
    let (leftElements, rightElements) = (left.pointee.elements, right.pointee.elements)
    let kind = left.pointee.header.firstKind
    for index in 0..<count {
      budget &-= 1
      guard budget >= 0,
        equal(leftElements[index], rightElements[index], kind, budget: &budget)
      else { return false }
    }
    return true
  }

  @inline(__always)
  private static func equal(
    _ left: Word, _ right: Word, _ kind: Kind, budget: inout Int
  ) -> Bool {
    switch kind {
    case .word: left == right
    case .real: left.asReal == right.asReal
    case .reference: equal(left, right, budget: &budget)
    }
  }

  /// A hash of the structure, the same in every process; equal ints, bools and structures of them
  /// hash alike. Reals hash by bits, all NaNs alike. O(size).
  public static func hash(_ word: Word, _ kind: Kind, seed: UInt64 = 0) -> UInt64 {
    switch kind {
    case .word: return mix(seed, UInt64(bitPattern: Int64(word)))
    case .real:
      let value = word.asReal
      return mix(seed, (value.isNaN ? Double.nan : value).bitPattern)
    case .reference:
      if word.header.pointee.isPair {
        let pair = word.pair.pointee
        let first = hash(pair.first, pair.header.firstKind, seed: mix(seed, 0x5041_4952))
        return hash(pair.second, pair.header.secondKind, seed: first)
      }
      let list = word.list
      let kind = list.pointee.header.firstKind
      var state = mix(seed, 0x4C49_5354 &+ UInt64(list.pointee.count) << 32)
      for index in 0..<list.pointee.count {
        state = hash(list.pointee.elements[index], kind, seed: state)
      }
      return state
    }
  }

  /// One round of a multiply-and-fold hash.
  @inline(__always)
  static func mix(_ state: UInt64, _ value: UInt64) -> UInt64 {
    let product = (state ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: value ^ 0xD1B5_4A32_D192_ED03)
    let folded = product.high ^ product.low
    return (folded ^ folded >> 29 ^ value &* 0xBF58_476D_1CE4_E5B9 ^ state) &* 0x94D0_49BB_1331_11EB
  }
}
