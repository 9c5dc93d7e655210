extension Heap {
  /// The word of a value of the concrete `type`; lists and pairs are new objects with one owner.
  ///
  /// - Precondition: `value.conforms(to: type)`.
  /// - Throws: ``MachineError/memory(limit:)``.
  public func word(of value: Value, as type: Type) throws(MachineError) -> Word {
    try word(of: value, as: type, references: 1)
  }

  /// As ``word(of:as:)``, with immortal objects.
  public func immortalWord(of value: Value, as type: Type) throws(MachineError) -> Word {
    try word(of: value, as: type, references: Heap.immortal)
  }

  private func word(
    of value: Value, as type: Type, references: Int
  ) throws(MachineError) -> Word {
    switch (value, type) {
    case (.int(let value), .int): return value
    case (.bool(let value), .bool): return value ? 1 : 0
    case (.real(let real), .real): return Word(real: real.value)
    case (.list(let values), .list(let element)):
      let list = try emptyList(Kind(of: element), capacity: values.count)
      for (index, value) in values.enumerated() {
        list.pointee.elements[index] = try word(of: value, as: element, references: references)
      }
      list.pointee.count = values.count
      list.pointee.header.references = references
      return Word(bitPattern: list)
    case (.pair(let first, let second), .pair(let firstType, let secondType)):
      let pair = try pair(
        try word(of: first, as: firstType, references: references), Kind(of: firstType),
        try word(of: second, as: secondType, references: references), Kind(of: secondType))
      pair.header.pointee.references = references
      return pair
    default: preconditionFailure("\(value) is no value of the type \(type)")
    }
  }

  /// The value that a word of the concrete `type` stands for; the word is borrowed.
  ///
  /// Inside a heap a list may occur many times at the price of one; as a value it is written out
  /// each time.
  ///
  /// - Throws: ``MachineError/memory(limit:)`` where the written-out value would pass the limit.
  public func value(of word: Word, as type: Type) throws(MachineError) -> Value {
    var room = byteLimit >> 4
    return try value(of: word, as: type, room: &room)
  }

  private func value(
    of word: Word, as type: Type, room: inout Int
  ) throws(MachineError) -> Value {
    switch type {
    case .int: return .int(word)
    case .bool: return .bool(word != 0)
    case .real: return .real(number(word))
    case .list(let element):
      let list = word.list
      room -= 1 + list.pointee.count
      guard room >= 0 else { throw .memory(limit: byteLimit) }
      var values: [Value] = []
      values.reserveCapacity(list.pointee.count)
      for index in 0..<list.pointee.count {
        values.append(try value(of: list.pointee.elements[index], as: element, room: &room))
      }
      return .list(values)
    case .pair(let first, let second):
      room -= 2
      guard room >= 0 else { throw .memory(limit: byteLimit) }
      let pair = word.pair.pointee
      return .pair(
        try value(of: pair.first, as: first, room: &room),
        try value(of: pair.second, as: second, room: &room))
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }

  /// A deep copy of `word`, which may live in another heap, with immortal counts in this one: the
  /// copy is free to be read from any thread. O(size written out).
  ///
  /// - Throws: ``MachineError/memory(limit:)``.
  public func copyImmortal(_ word: Word, _ kind: Kind) throws(MachineError) -> Word {
    guard kind == .reference else { return word }
    if word.header.pointee.isPair {
      let source = word.pair.pointee
      let copy = try pair(
        try copyImmortal(source.first, source.header.firstKind), source.header.firstKind,
        try copyImmortal(source.second, source.header.secondKind), source.header.secondKind)
      copy.header.pointee.references = Heap.immortal
      return copy
    }
    let source = word.list
    let count = source.pointee.count
    let kind = source.pointee.header.firstKind
    let copy = try emptyList(kind, capacity: count)
    if kind == .reference {
      for index in 0..<count {
        copy.pointee.elements[index] = try copyImmortal(source.pointee.elements[index], kind)
      }
    } else {
      copy.pointee.elements.update(from: source.pointee.elements, count: count)
    }
    copy.pointee.count = count
    copy.pointee.header.references = Heap.immortal
    return Word(bitPattern: copy)
  }

  /// The number of elements of the list at `word`.
  @inline(__always)
  public static func count(ofList word: Word) -> Int { word.list.pointee.count }
}
