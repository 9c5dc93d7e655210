import Testing

@testable import ReefMachine

@Suite struct HeapTests {
  static let types: [Type] = [.int, .bool, .real, .list(.int)].flatMap {
    [$0, .list($0), .pair(.int, $0), .list(.pair($0, .list($0)))]
  }

  @Test("Values survive the heap", arguments: types)
  func roundTrip(type: Type) throws {
    let heap = Heap()
    for value in AtomTests.values(type) {
      let word = try heap.word(of: value, as: type)
      #expect(try heap.value(of: word, as: type) == value)
      heap.release(word, Kind(of: type))
    }
    #expect(heap.liveBytes == 0)
  }

  @Test("Equal values hash alike and others do not", arguments: types)
  func hashing(type: Type) throws {
    let heap = Heap()
    heap.fuel = 1_000_000
    let values = AtomTests.values(type)
    let kind = Kind(of: type)
    for left in values {
      for right in values {
        let a = try heap.word(of: left, as: type)
        let b = try heap.immortalWord(of: right, as: type)
        #expect((Heap.hash(a, kind) == Heap.hash(b, kind)) == (left == right))
        #expect(try heap.equal(a, b, kind) == Oracle.isEqual(left, right))
      }
    }
  }

  @Test("A hash is the same in every process")
  func hashesArePinned() throws {
    let heap = Heap()
    let word = try heap.word(of: .list([.ints([1, 2]), .ints([])]), as: .list(.list(.int)))
    #expect(String(Heap.hash(word, .reference), radix: 16) == "ad726d16858b5ce1")
  }

  @Test("Small lists have different hashes")
  func collisions() throws {
    let heap = Heap()
    var lists: Set<[[Int]]> = []
    var hashes: Set<UInt64> = []
    for a in -12..<12 {
      for b in -12..<12 {
        for list in [
          [[a, b]], [[a], [b]], [[], [a, b]], [[a, b], []], [[b, 0, a]], [[a, a], [b]],
        ] {
          let value = Value.list(list.map { .ints($0) })
          let word = try heap.word(of: value, as: .list(.list(.int)))
          lists.insert(list)
          hashes.insert(Heap.hash(word, .reference))
        }
      }
    }
    #expect(hashes.count == lists.count)
  }

  @Test func immortalCopiesOutliveTheirSource() throws {
    let bank = Heap()
    let value = Value.list([.pair(.ints([1, 2]), .real(0.5)), .pair(.ints([]), .real(-1))])
    let type = Type.list(.pair(.list(.int), .real))
    let source = Heap()
    let copy = try bank.copyImmortal(try source.word(of: value, as: type), .reference)
    source.reset()
    _ = try source.word(of: .ints(0..<100), as: .list(.int))
    for _ in 0..<10 { bank.release(copy) }
    bank.retain(copy)
    #expect(try bank.value(of: copy, as: type) == value)
  }

  @Test func resettingGivesMemoryBack() throws {
    let heap = Heap(byteLimit: 64 << 20)
    let fresh = heap.reservedBytes
    for _ in 0..<20 {
      _ = try heap.word(of: .list((0..<5_000).map { .ints(0..<($0 % 50)) }), as: .list(.list(.int)))
      _ = try heap.word(of: .ints(0..<500_000), as: .list(.int))
      heap.reset()
      #expect(heap.reservedBytes == fresh)
      #expect(heap.liveBytes == 0)
    }
  }

  @Test func theLimitHolds() throws {
    let heap = Heap(byteLimit: 1 << 20)
    #expect(throws: MachineError.memory(limit: 1 << 20)) {
      try heap.word(of: .ints(0..<200_000), as: .list(.int))
    }
    #expect(throws: MachineError.memory(limit: 1 << 20)) {
      for _ in 0..<100_000 { _ = try heap.word(of: .ints([1]), as: .list(.int)) }
    }
  }
}
