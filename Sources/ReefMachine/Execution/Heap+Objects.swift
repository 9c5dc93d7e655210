/// What every heap object begins with.
struct ObjectHeader {
  enum Shape: UInt8 { case list, pair, made }

  /// In an object without owners that waits to be freed, the next of these.
  var references: Int
  var shape: Shape
  /// A list's elements; a pair's first part.
  var firstKind: Kind
  /// A pair's second part.
  var secondKind: Kind
  /// The size class of the object's own block.
  var blockClass: UInt8
  /// The size class of a list's separate elements, or `Heap.inlineClass`.
  var bufferClass: UInt8
  /// The constructor of a value of a declared type.
  var tag: UInt8 = 0
  /// How many fields that has.
  var fieldCount: UInt8 = 0

  var isPair: Bool { shape == .pair }
}

/// A list. Its elements are `elements[0..<count]`, either inside its own storage,
///
///     base |--gap--|e0 e1 … |---gap---| base + capacity
///                   ^ elements
///
/// or, for a *view* (`owner` is not 0), inside the storage of the list `owner`, which the view
/// keeps alive and which is no view itself. A view does not own its elements' references.
struct ListObject {
  var header: ObjectHeader
  var count: Int
  var elements: UnsafeMutablePointer<Word>
  var base: UnsafeMutablePointer<Word>
  /// In words.
  var capacity: Int
  var owner: Word
}

struct PairObject {
  var header: ObjectHeader
  var first: Word
  var second: Word
}

/// What a constructor made. Its fields lie behind it.
struct MadeObject {
  var header: ObjectHeader
  /// Two bits for the kind of each field, the first the lowest.
  var kinds: UInt64

  func kind(_ field: Int) -> Kind {
    Kind(rawValue: UInt8(truncatingIfNeeded: kinds >> UInt64(2 * field)) & 3).unsafelyUnwrapped
  }

  /// The kinds of some fields as bits.
  static func bits(_ kinds: some Collection<Kind>) -> UInt64 {
    kinds.reversed().reduce(0) { $0 << 2 | UInt64($1.rawValue) }
  }
}

typealias ListPointer = UnsafeMutablePointer<ListObject>
typealias PairPointer = UnsafeMutablePointer<PairObject>
typealias MadePointer = UnsafeMutablePointer<MadeObject>

extension Word {
  @inline(__always)
  var header: UnsafeMutablePointer<ObjectHeader> {
    UnsafeMutablePointer(bitPattern: self).unsafelyUnwrapped
  }
  @inline(__always)
  var list: ListPointer { UnsafeMutablePointer(bitPattern: self).unsafelyUnwrapped }
  @inline(__always)
  var pair: PairPointer { UnsafeMutablePointer(bitPattern: self).unsafelyUnwrapped }
  @inline(__always)
  var made: MadePointer { UnsafeMutablePointer(bitPattern: self).unsafelyUnwrapped }
  /// The fields of the value of a declared type at this address.
  @inline(__always)
  var fields: UnsafeMutablePointer<Word> {
    UnsafeMutablePointer(bitPattern: self + MemoryLayout<MadeObject>.size).unsafelyUnwrapped
  }
}

// MARK: - Counts

extension Heap {
  /// Adds an owner to the object at `word`.
  @inline(__always)
  public func retain(_ word: Word) {
    let header = word.header
    let references = header.pointee.references
    if references < Heap.immortal { header.pointee.references = references &+ 1 }
  }

  @inline(__always)
  func retain(_ word: Word, _ kind: Kind) {
    if kind == .reference { retain(word) }
  }

  /// Takes an owner away; without owners an object is freed and its parts are released, however deep
  /// they nest.
  @inline(__always)
  public func release(_ word: Word) {
    let header = word.header
    let references = header.pointee.references
    if references >= Heap.immortal { return }
    if references > 1 {
      header.pointee.references = references &- 1
    } else {
      destroy(word)
    }
  }

  /// Gives a word back, which does nothing for one that is no reference.
  @inline(__always)
  public func release(_ word: Word, _ kind: Kind) {
    if kind == .reference { release(word) }
  }

  /// Frees an object and those parts that only it held. Those that wait are linked by the counts
  /// that they need no more.
  @inline(never)
  private func destroy(_ word: Word) {
    var waiting = word
    word.header.pointee.references = 0
    func drop(_ part: Word) {
      let header = part.header
      let references = header.pointee.references
      if references >= Heap.immortal { return }
      header.pointee.references = references &- 1
      if references == 1 {
        header.pointee.references = waiting
        waiting = part
      }
    }
    while waiting != 0 {
      let word = waiting
      waiting = word.header.pointee.references
      switch word.header.pointee.shape {
      case .pair:
        let pair = word.pair
        if pair.pointee.header.firstKind == .reference { drop(pair.pointee.first) }
        if pair.pointee.header.secondKind == .reference { drop(pair.pointee.second) }
      case .made:
        let made = word.made.pointee
        for field in 0..<Int(made.header.fieldCount) where made.kind(field) == .reference {
          drop(word.fields[field])
        }
      case .list:
        let list = word.list
        if list.pointee.owner != 0 {
          drop(list.pointee.owner)
        } else if list.pointee.header.firstKind == .reference {
          for index in 0..<list.pointee.count { drop(list.pointee.elements[index]) }
        }
      }
      freeObject(word)
    }
  }

  /// Frees the block of an object whose parts are taken care of.
  @inline(__always)
  func freeObject(_ word: Word) {
    let header = word.header
    if header.pointee.bufferClass != Heap.inlineClass {
      free(UnsafeMutableRawPointer(word.list.pointee.base), header.pointee.bufferClass)
    }
    free(UnsafeMutableRawPointer(header), header.pointee.blockClass)
  }
}

// MARK: - Making objects

extension Heap {
  /// A new pair that takes over both parts.
  @inline(__always)
  public func pair(
    _ first: Word, _ firstKind: Kind, _ second: Word, _ secondKind: Kind
  ) throws(MachineError) -> Word {
    let block = try allocate(0)
    let pair = block.assumingMemoryBound(to: PairObject.self)
    pair.pointee = PairObject(
      header: ObjectHeader(
        references: 1, shape: .pair, firstKind: firstKind, secondKind: secondKind, blockClass: 0,
        bufferClass: Heap.inlineClass),
      first: first, second: second)
    return Word(bitPattern: block)
  }

  /// A new value of a declared type, whose fields are still to be put.
  @inline(__always)
  func made(
    _ tag: UInt8, fieldCount: Int, kinds: UInt64
  ) throws(MachineError) -> Word {
    // No constructor has so many fields that its value is no block of a class.
    let blockClass = Heap.sizeClass(MemoryLayout<MadeObject>.size &+ fieldCount << 3)
    let block = try allocate(blockClass)
    block.assumingMemoryBound(to: MadeObject.self).pointee = MadeObject(
      header: ObjectHeader(
        references: 1, shape: .made, firstKind: .word, secondKind: .word, blockClass: blockClass,
        bufferClass: Heap.inlineClass, tag: tag, fieldCount: UInt8(truncatingIfNeeded: fieldCount)),
      kinds: kinds)
    return Word(bitPattern: block)
  }

  /// A field of a value of a declared type, with an owner more. Borrows the value.
  @inline(__always)
  func field(_ word: Word, _ field: Int) -> Word {
    let value = word.fields[field]
    retain(value, word.made.pointee.kind(field))
    return value
  }

  /// Refuses what no list can hold, before a number of bytes could overflow.
  @inline(__always)
  func checkCapacity(_ capacity: Int) throws(MachineError) {
    guard capacity <= byteLimit >> 3 else { throw .memory(limit: byteLimit) }
  }

  /// A new list without elements and with room for `capacity` of them at its end.
  @inline(__always)
  func emptyList(_ kind: Kind, capacity: Int) throws(MachineError) -> ListPointer {
    try checkCapacity(capacity)
    let headerBytes = MemoryLayout<ListObject>.size
    let bytes = headerBytes &+ capacity << 3
    let blockClass = Heap.sizeClass(bytes)
    let block: UnsafeMutableRawPointer
    let room: Int
    if blockClass == Heap.largeClass {
      block = try allocateLarge(bytes)
      room = capacity
    } else {
      block = try allocate(blockClass)
      room = (Heap.blockBytes(blockClass) &- headerBytes) >> 3
    }
    let storage = (block + headerBytes).assumingMemoryBound(to: Word.self)
    let list = block.assumingMemoryBound(to: ListObject.self)
    list.pointee = ListObject(
      header: ObjectHeader(
        references: 1, shape: .list, firstKind: kind, secondKind: .word, blockClass: blockClass,
        bufferClass: Heap.inlineClass),
      count: 0, elements: storage, base: storage, capacity: room, owner: 0)
    return list
  }

  /// A view of `count` elements of `list` from `start` on; keeps the owner of the elements alive.
  @inline(__always)
  func view(_ list: ListPointer, from start: Int, count: Int) throws(MachineError) -> ListPointer {
    let view = try emptyList(list.pointee.header.firstKind, capacity: 0)
    let owner = list.pointee.owner == 0 ? Word(bitPattern: list) : list.pointee.owner
    retain(owner)
    view.pointee.owner = owner
    view.pointee.elements = list.pointee.elements + start
    view.pointee.count = count
    return view
  }
}

// MARK: - Lists that may be written

extension Heap {
  /// Whether nobody else sees the list and it owns its elements.
  @inline(__always)
  func isUnique(_ list: ListPointer) -> Bool {
    list.pointee.header.references == 1 && list.pointee.owner == 0
  }

  /// Takes over one reference to `list` and gives an equal list that is unique and has room for
  /// `front` and `back` more elements. Amortised O(1) for a list that is already unique, otherwise
  /// it copies, which is charged.
  @inline(__always)
  func writable(
    _ list: ListPointer, front: Int, back: Int
  ) throws(MachineError) -> ListPointer {
    if isUnique(list) {
      let gap = list.pointee.elements - list.pointee.base
      if gap >= front, list.pointee.capacity &- gap &- list.pointee.count >= back { return list }
      try makeRoom(list, front: front, back: back)
      return list
    }
    return try copy(list, front: front, back: back)
  }

  @inline(never)
  private func copy(
    _ list: ListPointer, front: Int, back: Int
  ) throws(MachineError) -> ListPointer {
    let count = list.pointee.count
    try charge(count)
    copiedElements += count
    let slack = front + back == 0 ? 0 : count / 2
    let result = try emptyList(
      list.pointee.header.firstKind, capacity: count + front + back + slack)
    if front > 0 {
      result.pointee.elements += result.pointee.capacity - count - back
    }
    result.pointee.elements.update(from: list.pointee.elements, count: count)
    result.pointee.count = count
    if list.pointee.header.firstKind == .reference {
      for index in 0..<count { retain(result.pointee.elements[index]) }
    }
    release(Word(bitPattern: list))
    return result
  }

  /// Moves the elements of a unique list so that both gaps suffice: inside the storage where at
  /// least half of it is free, so that the next move is far away, else into one twice as large.
  @inline(never)
  private func makeRoom(_ list: ListPointer, front: Int, back: Int) throws(MachineError) {
    let count = list.pointee.count
    let capacity = list.pointee.capacity
    let needed = count + front + back
    if needed <= capacity, count <= capacity / 2 {
      // A list used at both ends settles with the free room on both sides.
      let start = list.pointee.base + (front > 0 ? front + (capacity - needed) / 2 : 0)
      start.update(from: list.pointee.elements, count: count)
      list.pointee.elements = start
      return
    }
    let wanted = max(2 * needed, 16)
    try checkCapacity(wanted)
    let bufferClass = Heap.sizeClass(wanted << 3)
    let block: UnsafeMutableRawPointer
    let room: Int
    if bufferClass == Heap.largeClass {
      block = try allocateLarge(wanted << 3)
      room = wanted
    } else {
      block = try allocate(bufferClass)
      room = Heap.blockBytes(bufferClass) >> 3
    }
    let base = block.assumingMemoryBound(to: Word.self)
    let start = front > 0 ? base + (room - count - back) : base
    start.update(from: list.pointee.elements, count: count)
    if list.pointee.header.bufferClass != Heap.inlineClass {
      free(UnsafeMutableRawPointer(list.pointee.base), list.pointee.header.bufferClass)
    }
    list.pointee.header.bufferClass = bufferClass
    list.pointee.base = base
    list.pointee.capacity = room
    list.pointee.elements = start
  }
}
