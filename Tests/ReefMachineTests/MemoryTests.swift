import ReefTestSupport
import Testing

@testable import ReefMachine

/// Where code and data lie makes no difference, and a run leaves alone what is not its own.
@Suite struct MemoryTests {
  private static let limits = Limits(fuel: 200_000, bytes: 16 << 20, depth: 10_000)

  private func outcome(
    _ machine: Machine, _ image: Image, _ words: [Word]
  ) -> (result: Result<Value, MachineError>, steps: Int) {
    var fuel = MemoryTests.limits.fuel
    let result = Result { () throws(MachineError) in
      let word = try machine.run(image, words, fuel: &fuel)
      defer { machine.heap.release(word, Kind(of: image.resultType)) }
      return try machine.heap.value(of: word, as: image.resultType)
    }
    return (result, MemoryTests.limits.fuel - fuel)
  }

  private func words(_ input: [Value], for image: Image, in heap: Heap) throws -> [Word] {
    try zip(input, image.parameterTypes).map { try heap.word(of: $0, as: $1) }
  }

  @Test("Code and data moved elsewhere give the same result", arguments: UInt64(400)..<412)
  func elsewhere(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let image = try Image(linking: code) { programs.codes[$0] }
      let moved = try Image(linking: code) { programs.codes[$0] }
      #expect(image.instructions != moved.instructions)
      let machine = Machine(limits: MemoryTests.limits)
      let found = outcome(machine, image, try words(input, for: image, in: machine.heap))

      let other = Machine(limits: MemoryTests.limits)
      // A chunk that is full, blocks that are free, and data between.
      for size in [40_000, 3, 700] {
        let ballast = try other.heap.word(of: .ints(0..<size), as: .list(.int))
        if size == 3 { other.heap.release(ballast) }
      }
      let arguments = try words(input, for: moved, in: other.heap)
      let again = outcome(other, moved, arguments)
      guard !isLimit(found.result), !isLimit(again.result) else { continue }
      #expect(again.result == found.result, "program \(number)")
      if case .success = found.result { #expect(again.steps == found.steps, "program \(number)") }
    }
  }

  private func isLimit(_ result: Result<Value, MachineError>) -> Bool {
    switch result {
    case .failure(.fuel), .failure(.memory), .failure(.depth): true
    default: false
    }
  }

  /// The states of a run, as many as the limit says, and how it ended.
  private func states(
    _ machine: Machine, _ image: Image, _ input: [Value], limit: Int
  ) -> (states: [MachineState], result: Value?) {
    var states: [MachineState] = []
    let run = try? machine.trace(image, input) { event throws(MachineError) in
      states.append(event.state())
      return states.count < limit
    }
    return (states, run?.value)
  }

  @Test("Code and data moved elsewhere go through the same states", arguments: UInt64(600)..<612)
  func sameStates(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let image = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let moved = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let machine = Machine(limits: MemoryTests.limits)
      let found = states(machine, image, input, limit: 200)
      let again = states(Machine(limits: MemoryTests.limits), moved, input, limit: 200)
      #expect(found.states == again.states, "program \(number)")
      #expect(found.result == again.result, "program \(number)")
    }
  }

  @Test(
    "A state holds what is read, and nothing is held by fewer than point to it",
    arguments: UInt64(700)..<712)
  func statesAreTrue(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let image = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let machine = Machine(limits: MemoryTests.limits)
      var count = 0
      _ = try? machine.trace(image, input) { event throws(MachineError) in
        count += 1
        let state = event.state()
        check(state, event, image, "program \(number), moment \(count)")
        if case .begins(let operands) = event.moment {
          let held = Set(state.stack.last!.registers.map { state.value($0.content) })
          for (value, isConstant) in try values(operands) where !isConstant {
            #expect(held.contains(value), "program \(number), moment \(count)")
          }
        } else if case .ends(let value) = event.moment {
          let value = Erased(try value.value())
          #expect(state.stack.last!.registers.contains { state.value($0.content) == value })
        }
        return count < 200
      }
      #expect(count > 0 || code.normalized().steps.isEmpty)
    }
  }

  private func check(
    _ state: MachineState, _ event: TraceEvent, _ image: Image, _ what: Comment
  ) {
    var pointers = [Int](repeating: 0, count: state.memory.count)
    for content in state.stack.flatMap({ $0.registers.map(\.content) })
      + state.memory.flatMap(\.contents)
    {
      if case .pointer(let number) = content { pointers[number] += 1 }
    }
    for (cell, count) in zip(state.memory, pointers) {
      if let owners = cell.owners { #expect(owners >= count && count > 0, what) }
    }
    for frame in state.stack {
      #expect(
        image.blocks.contains { $0.lines.contains(frame.line) && $0.skill == frame.skill }, what)
    }
    #expect(state.stack.last?.line == state.line, what)
  }

  private func values(
    _ operands: [TraceEvent.Operand]
  ) throws(MachineError) -> [(value: Erased, isConstant: Bool)] {
    var values: [(Erased, Bool)] = []
    for operand in operands {
      switch operand {
      // A constant is in no register; its list is immortal.
      case .value(let value):
        let isReference = Kind(of: value.type) == .reference
        values.append(
          (
            Erased(try value.value()),
            !isReference || value.word.header.pointee.references >= Heap.immortal
          ))
      case .skill(_, let captures): values += try self.values(captures)
      }
    }
    return values
  }

  @Test("A run writes to nothing that others hold", arguments: UInt64(500)..<512)
  func others(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let image = try Image(linking: code) { programs.codes[$0] }
      let machine = Machine(limits: MemoryTests.limits)
      let heap = machine.heap
      // Bystanders before, between and behind the arguments, some of the same types.
      let types = image.parameterTypes + [.list(.list(.int)), .pair(.int, .list(.bool))]
      var bystanders: [(word: Word, type: Type)] = []
      var arguments: [Word] = []
      for type in types {
        bystanders.append((try heap.word(of: programs.value(type), as: type), type))
        if arguments.count < image.parameterTypes.count {
          arguments.append(try heap.word(of: programs.value(type), as: type))
        }
      }
      // Somebody else holds every other argument too.
      var held: [(word: Word, type: Type, value: Value)] = []
      for (index, (word, type)) in zip(arguments, image.parameterTypes).enumerated()
      where index % 2 == 0 && Kind(of: type) == .reference {
        heap.retain(word)
        held.append((word, type, try heap.value(of: word, as: type)))
      }
      let before = bystanders.map { bytes($0.word, Kind(of: $0.type)) }
      let codeBefore = Array(
        UnsafeRawBufferPointer(
          start: image.instructions,
          count: image.instructionCount * MemoryLayout<Instruction>.stride))
      _ = outcome(machine, image, arguments)
      #expect(bystanders.map { bytes($0.word, Kind(of: $0.type)) } == before, "program \(number)")
      for (word, type, value) in held {
        #expect(try heap.value(of: word, as: type) == value, "program \(number)")
      }
      let codeAfter = Array(
        UnsafeRawBufferPointer(
          start: image.instructions,
          count: image.instructionCount * MemoryLayout<Instruction>.stride))
      #expect(codeAfter == codeBefore)
    }
  }

  /// All that lies in memory for a value, its counts included.
  private func bytes(_ word: Word, _ kind: Kind) -> [UInt8] {
    func raw<T>(_ start: UnsafePointer<T>, _ count: Int) -> [UInt8] {
      Array(UnsafeRawBufferPointer(start: start, count: count * MemoryLayout<T>.size))
    }
    guard kind == .reference else { return [] }
    if word.header.pointee.isPair {
      let pair = word.pair.pointee
      return raw(UnsafePointer(word.pair), 1) + bytes(pair.first, pair.header.firstKind)
        + bytes(pair.second, pair.header.secondKind)
    }
    if word.header.pointee.shape == .made {
      let count = Int(word.header.pointee.fieldCount)
      return (0..<count).reduce(raw(UnsafePointer(word.made), 1) + raw(word.fields, count)) {
        $0 + bytes(word.fields[$1], word.made.pointee.kind($1))
      }
    }
    let list = word.list.pointee
    var all = raw(UnsafePointer(word.list), 1) + raw(UnsafePointer(list.elements), list.count)
    for index in 0..<list.count { all += bytes(list.elements[index], list.header.firstKind) }
    return all
  }
}

/// A value without its types: a word is a word.
private indirect enum Erased: Hashable {
  case word(Int)
  case real(Value.Real)
  case list([Erased])
  case pair(Erased, Erased)
  case made(String, [Erased])

  init(_ value: Value) {
    self =
      switch value {
      case .int(let int): .word(int)
      case .bool(let bool): .word(bool ? 1 : 0)
      case .real(let real): .real(real)
      case .list(let values): .list(values.map { Erased($0) })
      case .pair(let first, let second): .pair(Erased(first), Erased(second))
      case .made(let definition, let constructor, let fields):
        .made(definition.constructors[constructor].name, fields.map { Erased($0) })
      }
  }
}

extension MachineState {
  fileprivate func value(_ content: Content) -> Erased {
    switch content {
    case .int(let int): return .word(int)
    case .bool(let bool): return .word(bool ? 1 : 0)
    case .real(let real): return .real(real)
    case .pointer(let number):
      let contents = memory[number].contents.map { value($0) }
      return switch memory[number].shape {
      case .list: .list(contents)
      case .pair: .pair(contents[0], contents[1])
      case .made(let name): .made(name, contents)
      }
    }
  }
}
