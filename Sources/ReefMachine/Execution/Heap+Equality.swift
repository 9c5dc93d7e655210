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
    switch left.header.pointee.shape {
    case .made:
      return agree(left, right, budget: &budget) { $0.asReal == $1.asReal }
    case .list: break
    case .pair:
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

  /// Whether two objects agree in all parts, as deep as they nest, which only the types of lists and
  /// pairs bound. A pair costs 2, what a constructor made its fields, a list each element.
  static func agree(
    _ left: Word, _ right: Word, budget: inout Int, reals: (Word, Word) -> Bool
  ) -> Bool {
    var open = [(left: left, right: right, part: 0)]
    while let (left, right, part) = open.last {
      let shape = left.header.pointee.shape
      let count = partCount(left)
      if part == 0 {
        guard count == partCount(right), left.header.pointee.tag == right.header.pointee.tag else {
          return false
        }
        if shape != .list { budget &-= count }
      }
      guard part < count else {
        open.removeLast()
        continue
      }
      open[open.count - 1].part = part + 1
      if shape == .list { budget &-= 1 }
      guard budget >= 0 else { return false }
      let (x, kind) = self.part(left, part)
      let (y, _) = self.part(right, part)
      switch kind {
      case .word: if x != y { return false }
      case .real: if !reals(x, y) { return false }
      case .reference: open.append((x, y, 0))
      }
    }
    return true
  }

  /// How many elements, parts or fields an object has.
  static func partCount(_ word: Word) -> Int {
    switch word.header.pointee.shape {
    case .list: word.list.pointee.count
    case .pair: 2
    case .made: Int(word.header.pointee.fieldCount)
    }
  }

  /// One of them, with its kind.
  static func part(_ word: Word, _ index: Int) -> (Word, Kind) {
    switch word.header.pointee.shape {
    case .list: (word.list.pointee.elements[index], word.list.pointee.header.firstKind)
    case .pair:
      index == 0
        ? (word.pair.pointee.first, word.pair.pointee.header.firstKind)
        : (word.pair.pointee.second, word.pair.pointee.header.secondKind)
    case .made: (word.fields[index], word.made.pointee.kind(index))
    }
  }

  /// Calls `body` with an object and everything inside it, an object before its parts, until it gives
  /// false.
  static func walk(_ word: Word, _ body: (Word, Kind) -> Bool) {
    guard body(word, .reference) else { return }
    var open = [(word: word, part: 0)]
    while let (word, part) = open.last {
      guard part < partCount(word) else {
        open.removeLast()
        continue
      }
      open[open.count - 1].part = part + 1
      let (inner, kind) = self.part(word, part)
      guard body(inner, kind) else { return }
      if kind == .reference { open.append((inner, 0)) }
    }
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
      switch word.header.pointee.shape {
      case .pair:
        let pair = word.pair.pointee
        let first = hash(pair.first, pair.header.firstKind, seed: mix(seed, 0x5041_4952))
        return hash(pair.second, pair.header.secondKind, seed: first)
      case .list:
        let list = word.list
        let kind = list.pointee.header.firstKind
        var state = mix(seed, listSeed(list.pointee.count))
        for index in 0..<list.pointee.count {
          state = hash(list.pointee.elements[index], kind, seed: state)
        }
        return state
      case .made:
        var state = seed
        walk(word) { part, kind in
          guard kind == .reference else {
            state = hash(part, kind, seed: state)
            return true
          }
          switch part.header.pointee.shape {
          case .pair: state = mix(state, 0x5041_4952)
          case .list: state = mix(state, listSeed(part.list.pointee.count))
          case .made: state = mix(state, 0x4D41_4445 &+ UInt64(part.header.pointee.tag) << 32)
          }
          return true
        }
        return state
      }
    }
  }

  private static func listSeed(_ count: Int) -> UInt64 { 0x4C49_5354 &+ UInt64(count) << 32 }

  /// One round of a multiply-and-fold hash.
  @inline(__always)
  static func mix(_ state: UInt64, _ value: UInt64) -> UInt64 {
    let product = (state ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: value ^ 0xD1B5_4A32_D192_ED03)
    let folded = product.high ^ product.low
    return (folded ^ folded >> 29 ^ value &* 0xBF58_476D_1CE4_E5B9 ^ state) &* 0x94D0_49BB_1331_11EB
  }
}
