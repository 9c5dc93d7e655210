/// What the calls of one memoised function gave so far in a run: an open-addressing table from
/// arguments to result, which holds a reference to each. Its storage counts as the heap's.
///
/// A place is taken when a call begins and has a result when that call has ended. A call that is made
/// with the arguments of one that is still open is executed again: it would never end anyway.
struct Memo {
  struct Kinds {
    let arguments: [Kind]
    let result: Kind
  }

  private enum Entry {
    /// The call is open.
    static let open = 0
    static let known = 1
  }

  private let kinds: Kinds
  /// Of each entry: its hash, whether it is known, the result, then the arguments.
  private var words: [Word] = []
  /// Positions of entries in `words`, plus 1; 0 is free. A power of two, at most half full.
  private var slots: [Int32] = []
  private var count = 0
  /// What is charged to the heap.
  private var bytes = 0

  /// Probes that a good hash has no need of; those beyond are charged, lest chosen arguments take time
  /// that no limit sees.
  private static let freeProbes = 16

  init(_ kinds: Kinds) { self.kinds = kinds }

  private var entrySize: Int { 3 + kinds.arguments.count }

  /// Looks the arguments up, for a step for each part of a list or pair in them.
  ///
  /// - Returns: The result, with an owner more, or else the place for it: -1 where such a call is open.
  mutating func recall(
    _ arguments: UnsafeMutablePointer<Word>, _ heap: Heap
  ) throws(MachineError) -> (result: Word?, place: Int) {
    var hash: UInt64 = 0
    for (index, kind) in kinds.arguments.enumerated() {
      try heap.chargeParts(of: arguments[index], kind)
      hash = Heap.hash(arguments[index], kind, seed: hash)
    }
    if slots.count <= 2 * count { try grow(heap) }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    var probes = 0
    while slots[slot] != 0 {
      let entry = Int(slots[slot] - 1) * entrySize
      if words[entry] == Word(bitPattern: UInt(hash)), holds(entry, arguments) {
        guard words[entry + 1] == Entry.known else { return (nil, -1) }
        let result = words[entry + 2]
        heap.retain(result, kinds.result)
        return (result, entry)
      }
      slot = (slot + 1) & mask
      probes += 1
      if probes > Memo.freeProbes { try heap.charge(1) }
    }
    guard count < Int32.max - 1 else { throw .memory(limit: heap.byteLimit) }
    try reserve(entrySize, heap)
    slots[slot] = Int32(count + 1)
    count += 1
    let entry = words.count
    words += [Word(bitPattern: UInt(hash)), Entry.open, 0]
    for (index, kind) in kinds.arguments.enumerated() {
      heap.retain(arguments[index], kind)
      words.append(arguments[index])
    }
    return (nil, entry)
  }

  /// The result of the call that got the place from `recall`.
  mutating func remember(_ result: Word, at place: Int, _ heap: Heap) {
    guard place >= 0 else { return }
    heap.retain(result, kinds.result)
    words[place + 1] = Entry.known
    words[place + 2] = result
  }

  /// Gives every reference back, and the storage.
  mutating func releaseAll(_ heap: Heap) {
    for entry in stride(from: 0, to: words.count, by: entrySize) {
      if words[entry + 1] == Entry.known { heap.release(words[entry + 2], kinds.result) }
      for (index, kind) in kinds.arguments.enumerated() {
        heap.release(words[entry + 3 + index], kind)
      }
    }
    giveBack(heap)
  }

  /// Gives the storage back; what it referred to goes with the heap.
  mutating func giveBack(_ heap: Heap) {
    heap.unreserve(bytes)
    self = Memo(kinds)
  }

  private func holds(_ entry: Int, _ arguments: UnsafeMutablePointer<Word>) -> Bool {
    for (index, kind) in kinds.arguments.enumerated()
    where !Heap.identical(words[entry + 3 + index], arguments[index], kind) { return false }
    return true
  }

  private mutating func grow(_ heap: Heap) throws(MachineError) {
    let capacity = max(64, 2 * slots.count)
    try charge(4 * (capacity - slots.count), heap)
    slots = [Int32](repeating: 0, count: capacity)
    for number in 0..<count {
      var slot = words[number * entrySize] & (capacity - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = Int32(number + 1)
    }
  }

  /// Makes room for some words more, twice as many as there are.
  private mutating func reserve(_ more: Int, _ heap: Heap) throws(MachineError) {
    guard words.count + more > words.capacity else { return }
    let capacity = max(64, 2 * (words.count + more))
    try charge(8 * (capacity - words.capacity), heap)
    words.reserveCapacity(capacity)
  }

  private mutating func charge(_ bytes: Int, _ heap: Heap) throws(MachineError) {
    try heap.reserve(bytes)
    self.bytes += bytes
  }
}

extension Heap {
  /// Charges a step for each part of a list or pair, written out; nothing for any other value.
  func chargeParts(of word: Word, _ kind: Kind) throws(MachineError) {
    guard kind == .reference else { return }
    var budget = fuel
    Heap.countParts(of: word, budget: &budget)
    fuel = budget
    if budget < 0 { throw .fuel(limit: fuelLimit) }
  }

  private static func countParts(of word: Word, budget: inout Int) {
    switch word.header.pointee.shape {
    case .pair:
      let pair = word.pair.pointee
      budget &-= 2
      if pair.header.firstKind == .reference { countParts(of: pair.first, budget: &budget) }
      if pair.header.secondKind == .reference { countParts(of: pair.second, budget: &budget) }
    case .list:
      let list = word.list
      budget &-= list.pointee.count
      guard list.pointee.header.firstKind == .reference else { return }
      for index in 0..<list.pointee.count where budget >= 0 {
        countParts(of: list.pointee.elements[index], budget: &budget)
      }
    case .made:
      walk(word) { part, kind in
        if kind == .reference { budget &-= partCount(part) }
        return budget >= 0
      }
    }
  }

  /// Whether nothing can tell the two apart: reals are compared by bits, and any NaN is one.
  static func identical(_ left: Word, _ right: Word, _ kind: Kind) -> Bool {
    switch kind {
    case .word: return left == right
    case .real: return left == right || (left.asReal.isNaN && right.asReal.isNaN)
    case .reference:
      if left == right { return true }
      switch left.header.pointee.shape {
      case .made:
        var budget = Int.max
        return agree(left, right, budget: &budget) { identical($0, $1, .real) }
      case .list: break
      case .pair:
        let (left, right) = (left.pair.pointee, right.pair.pointee)
        return identical(left.first, right.first, left.header.firstKind)
          && identical(left.second, right.second, left.header.secondKind)
      }
      let (left, right) = (left.list, right.list)
      guard left.pointee.count == right.pointee.count else { return false }
      let kind = left.pointee.header.firstKind
      return (0..<left.pointee.count).allSatisfy {
        identical(left.pointee.elements[$0], right.pointee.elements[$0], kind)
      }
    }
  }
}

extension Machine {
  /// Empties the memos after a run that ended well, or in an error.
  func forget(afterError: Bool) {
    for index in memos.indices {
      if afterError { memos[index].giveBack(heap) } else { memos[index].releaseAll(heap) }
    }
    memos = []
  }

  /// What `recall` does but for going back to the caller.
  @inline(never)
  func recall(
    _ line: UnsafePointer<Instruction>, _ registers: UnsafeMutablePointer<Word>, of image: Image
  ) throws(MachineError) -> Word? {
    let number = Int(line.pointee.x)
    let (result, place) = try memos[number].recall(registers, heap)
    guard let result else {
      registers[Int(line.pointee.a)] = place
      try heap.charge(Int(line.pointee.y))
      return nil
    }
    for (index, kind) in image.memos[number].arguments.enumerated() {
      heap.release(registers[index], kind)
    }
    return result
  }
}
