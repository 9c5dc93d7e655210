/// The operations on lists. A parameter named `list` is taken over (*consumed*) unless its comment
/// says borrowed; results belong to the caller. Where the caller's reference is the only one, the
/// operation works in place.
extension Heap {
  @inline(__always)
  func checkIndex(_ index: Int, _ list: ListPointer) throws(MachineError) {
    // One unsigned comparison covers both ends.
    if UInt(bitPattern: index) >= UInt(bitPattern: list.pointee.count) {
      throw .index(index, count: list.pointee.count)
    }
  }

  /// Borrows the list. O(1).
  @inline(__always)
  func get(_ list: Word, _ index: Int) throws(MachineError) -> Word {
    try checkIndex(index, list.list)
    let element = list.list.pointee.elements[index]
    retain(element, list.list.pointee.header.firstKind)
    return element
  }

  /// Consumes list and value. O(1) in place, else O(n).
  func set(_ list: Word, _ index: Int, _ value: Word) throws(MachineError) -> Word {
    try checkIndex(index, list.list)
    let target = isUnique(list.list) ? list.list : try writable(list.list, front: 0, back: 0)
    release(target.pointee.elements[index], target.pointee.header.firstKind)
    target.pointee.elements[index] = value
    return Word(bitPattern: target)
  }

  /// Consumes list and value. Amortised O(1) in place, else O(n).
  @inline(__always)
  func append(_ list: Word, _ value: Word) throws(MachineError) -> Word {
    let target = try writable(list.list, front: 0, back: 1)
    target.pointee.elements[target.pointee.count] = value
    target.pointee.count &+= 1
    return Word(bitPattern: target)
  }

  /// Consumes both. Amortised O(1) in place, else O(n).
  @inline(__always)
  func prepend(_ value: Word, _ list: Word) throws(MachineError) -> Word {
    let target = try writable(list.list, front: 1, back: 0)
    target.pointee.elements -= 1
    target.pointee.elements.pointee = value
    target.pointee.count &+= 1
    return Word(bitPattern: target)
  }

  /// Consumes `left`, borrows `right`. O(|right|) in place, else O(|left| + |right|).
  func concat(_ left: Word, _ right: Word) throws(MachineError) -> Word {
    let count = right.list.pointee.count
    if count == 0 { return left }
    try charge(count)
    let target = try writable(left.list, front: 0, back: count)
    let end = target.pointee.elements + target.pointee.count
    end.update(from: right.list.pointee.elements, count: count)
    if right.list.pointee.header.firstKind == .reference {
      for index in 0..<count { retain(end[index]) }
    }
    target.pointee.count &+= count
    return Word(bitPattern: target)
  }

  /// The elements `start..<end`, which must be inside the list. Consumes it. O(1), apart from the
  /// release of elements that are dropped from a unique list.
  @inline(__always)
  func slice(_ list: Word, from start: Int, to end: Int) throws(MachineError) -> Word {
    let source = list.list
    let count = source.pointee.count
    if start == 0, end == count { return list }
    guard source.pointee.header.references == 1 else {
      let result = try view(source, from: start, count: end &- start)
      release(list)
      return Word(bitPattern: result)
    }
    if source.pointee.owner == 0, source.pointee.header.firstKind == .reference {
      for index in 0..<start { release(source.pointee.elements[index]) }
      for index in end..<count { release(source.pointee.elements[index]) }
    }
    source.pointee.elements += start
    source.pointee.count = end &- start
    return list
  }

  /// Consumes the list. O(1).
  @inline(__always)
  func rest(_ list: Word) throws(MachineError) -> Word {
    let count = list.list.pointee.count
    guard count > 0 else { throw .emptyList }
    return try slice(list, from: 1, to: count)
  }

  /// Consumes the list. Clamped at both ends. O(1).
  func take(_ list: Word, _ count: Int) throws(MachineError) -> Word {
    try slice(list, from: 0, to: max(0, min(count, list.list.pointee.count)))
  }

  /// Consumes the list. Clamped at both ends. O(1).
  func drop(_ list: Word, _ count: Int) throws(MachineError) -> Word {
    let all = list.list.pointee.count
    return try slice(list, from: max(0, min(count, all)), to: all)
  }

  /// Consumes the list. O(n).
  func reverse(_ list: Word) throws(MachineError) -> Word {
    try charge(list.list.pointee.count)
    let target = try writable(list.list, front: 0, back: 0)
    var low = target.pointee.elements
    var high = low + (target.pointee.count - 1)
    while low < high {
      (low.pointee, high.pointee) = (high.pointee, low.pointee)
      low += 1
      high -= 1
    }
    return Word(bitPattern: target)
  }

  /// Pays for `low..<high` and gives its count, which fits into memory. O(1).
  func chargeRange(_ low: Int, _ high: Int) throws(MachineError) -> Int {
    if high <= low { return 0 }
    let (count, overflow) = high.subtractingReportingOverflow(low)
    if overflow { throw .memory(limit: byteLimit) }
    try charge(count)
    try checkCapacity(count)
    return count
  }

  /// `low..<high`. O(n).
  func range(_ low: Int, _ high: Int) throws(MachineError) -> Word {
    let count = try chargeRange(low, high)
    let result = try emptyList(.word, capacity: count)
    for index in 0..<count { result.pointee.elements[index] = low &+ index }
    result.pointee.count = count
    return Word(bitPattern: result)
  }

  /// Borrows the value; a negative count gives the empty list. O(n).
  func replicate(_ count: Int, _ value: Word, _ kind: Kind) throws(MachineError) -> Word {
    let count = max(0, count)
    try charge(count)
    let result = try emptyList(kind, capacity: count)
    result.pointee.elements.update(repeating: value, count: count)
    result.pointee.count = count
    if kind == .reference {
      for _ in 0..<count { retain(value) }
    }
    return Word(bitPattern: result)
  }

  /// Borrows both. O(n).
  func zip(_ left: Word, _ right: Word) throws(MachineError) -> Word {
    let (left, right) = (left.list, right.list)
    let count = min(left.pointee.count, right.pointee.count)
    let (leftKind, rightKind) = (left.pointee.header.firstKind, right.pointee.header.firstKind)
    try charge(count)
    let result = try emptyList(.reference, capacity: count)
    for index in 0..<count {
      let (first, second) = (left.pointee.elements[index], right.pointee.elements[index])
      result.pointee.elements[index] = try pair(first, leftKind, second, rightKind)
      retain(first, leftKind)
      retain(second, rightKind)
    }
    result.pointee.count = count
    return Word(bitPattern: result)
  }

  /// The first position of an equal element, or -1. Borrows both. O(n) comparisons.
  func indexOf(_ list: Word, _ value: Word) throws(MachineError) -> Int {
    let list = list.list
    let kind = list.pointee.header.firstKind
    for index in 0..<list.pointee.count {
      try charge(1)
      if try equal(list.pointee.elements[index], value, kind) { return index }
    }
    return -1
  }
}

extension Heap {
  /// Borrows the list. O(1).
  @inline(__always)
  func first(_ list: Word) throws(MachineError) -> Word {
    guard list.list.pointee.count > 0 else { throw .emptyList }
    return try get(list, 0)
  }

  /// Borrows the list. O(1).
  func last(_ list: Word) throws(MachineError) -> Word {
    guard list.list.pointee.count > 0 else { throw .emptyList }
    return try get(list, list.list.pointee.count - 1)
  }
}
