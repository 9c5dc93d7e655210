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
    case (.made(_, let constructor, let values), .named(let definition, let arguments)):
      let types = definition.fields(of: constructor, arguments)
      let made = try made(
        UInt8(constructor), fieldCount: types.count,
        kinds: MadeObject.bits(types.map { Kind(of: $0) }))
      for (index, (value, type)) in Swift.zip(values, types).enumerated() {
        made.fields[index] = try word(of: value, as: type, references: references)
      }
      made.header.pointee.references = references
      return made
    default: preconditionFailure("\(value) is no value of the type \(type)")
    }
  }

  /// The value that a word of the concrete `type` stands for; the word is borrowed.
  ///
  /// Inside a heap a list may occur many times at the price of one; as a value it is written out
  /// each time.
  ///
  /// - Throws: ``MachineError/memory(limit:)`` where the written-out value would pass the limit,
  ///   ``MachineError/nesting(limit:)`` where it nests deeper than values may.
  public func value(of word: Word, as type: Type) throws(MachineError) -> Value {
    var room = byteLimit >> 4
    return try value(of: word, as: type, room: &room, depth: 0)
  }

  private func value(
    of word: Word, as type: Type, room: inout Int, depth: Int
  ) throws(MachineError) -> Value {
    guard depth < Value.maximumDepth else { throw .nesting(limit: Value.maximumDepth) }
    let depth = depth + 1
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
        values.append(
          try value(of: list.pointee.elements[index], as: element, room: &room, depth: depth))
      }
      return .list(values)
    case .pair(let first, let second):
      room -= 2
      guard room >= 0 else { throw .memory(limit: byteLimit) }
      let pair = word.pair.pointee
      return .pair(
        try value(of: pair.first, as: first, room: &room, depth: depth),
        try value(of: pair.second, as: second, room: &room, depth: depth))
    case .named(let definition, let arguments):
      let constructor = Int(word.header.pointee.tag)
      let types = definition.fields(of: constructor, arguments)
      room -= 1 + types.count
      guard room >= 0 else { throw .memory(limit: byteLimit) }
      var values: [Value] = []
      values.reserveCapacity(types.count)
      for (index, type) in types.enumerated() {
        values.append(try value(of: word.fields[index], as: type, room: &room, depth: depth))
      }
      return .made(definition, constructor: constructor, values)
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }

  /// A deep copy of `word`, which may live in another heap, with immortal counts in this one: the
  /// copy is free to be read from any thread. O(size written out).
  ///
  /// - Throws: ``MachineError/memory(limit:)``.
  public func copyImmortal(_ word: Word, _ kind: Kind) throws(MachineError) -> Word {
    guard kind == .reference else { return word }
    var root = word
    try withUnsafeMutablePointer(to: &root) { slot throws(MachineError) in
      // Places that still hold what is to be copied.
      var pending = [slot]
      while let slot = pending.popLast() {
        let copy = try shallowCopy(slot.pointee)
        copy.header.pointee.references = Heap.immortal
        slot.pointee = copy
        let parts = parts(ofCopy: copy)
        for index in 0..<Heap.partCount(copy) where Heap.part(copy, index).1 == .reference {
          pending.append(parts + index)
        }
      }
    }
    return root
  }

  /// A new object with the same parts, of which it counts none.
  private func shallowCopy(_ word: Word) throws(MachineError) -> Word {
    switch word.header.pointee.shape {
    case .pair:
      let source = word.pair.pointee
      return try pair(
        source.first, source.header.firstKind, source.second, source.header.secondKind)
    case .list:
      let source = word.list
      let copy = try emptyList(
        source.pointee.header.firstKind, capacity: source.pointee.count)
      copy.pointee.elements.update(from: source.pointee.elements, count: source.pointee.count)
      copy.pointee.count = source.pointee.count
      return Word(bitPattern: copy)
    case .made:
      let source = word.made.pointee
      let count = Int(source.header.fieldCount)
      let copy = try made(source.header.tag, fieldCount: count, kinds: source.kinds)
      copy.fields.update(from: word.fields, count: count)
      return copy
    }
  }

  /// Where the parts of an object lie that was made with nothing before them.
  private func parts(ofCopy word: Word) -> UnsafeMutablePointer<Word> {
    switch word.header.pointee.shape {
    case .list: word.list.pointee.elements
    case .pair:
      UnsafeMutablePointer(
        bitPattern: word + MemoryLayout<PairObject>.offset(of: \.first)!
      ).unsafelyUnwrapped
    case .made: word.fields
    }
  }

  /// The number of elements of the list at `word`.
  @inline(__always)
  public static func count(ofList word: Word) -> Int { word.list.pointee.count }
}
