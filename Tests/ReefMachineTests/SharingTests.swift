import ReefTestSupport
import Testing

@testable import ReefMachine

/// What may be shared between threads, or moved to another, and is what it was on one. The thread
/// sanitizer looks for what these tests cannot see.
@Suite struct SharingTests {
  private static let threads = 4
  private static let limits = Limits(fuel: 20_000, bytes: 4 << 20, depth: 1_000)

  @Test("Every thread gets from an image what one alone gets", arguments: UInt64(800)..<806)
  func images(seed: UInt64) async throws {
    var programs = RandomPrograms(seed: seed, memoises: true, declares: seed % 2 == 1)
    for _ in 0..<20 {
      let code = programs.program(helpers: 2, steps: 6)
      let image = try Image(linking: code) { programs.codes[$0] }
      let traced = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let inputs = (0..<5).map { _ in code.signature.parameterTypes.map { programs.value($0) } }
      let expected = SharingTests.outcomes(image, inputs)
      // A traced run remembers no calls.
      let expectedTraced = SharingTests.outcomes(traced, inputs)
      try await SharingTests.onEveryThread {
        #expect(SharingTests.outcomes(image, inputs) == expected)
        #expect(SharingTests.outcomes(traced, inputs) == expectedTraced)
      }
    }
  }

  @Test("Every thread links the same image")
  func linking() async throws {
    var programs = RandomPrograms(seed: 810)
    let code = programs.program(helpers: 6, steps: 10)
    let codes = programs.codes
    let text = code.text { Atoms.with($0)?.name }
    let count = try Image(linking: code) { codes[$0] }.instructionCount
    try await SharingTests.onEveryThread {
      let parsed = try SkillCode(parsing: text)
      #expect(parsed == code)
      let image = try Image(linking: parsed) { codes[$0] }
      #expect(image.instructionCount == count)
    }
  }

  @Test("A machine moves to another thread with all that lies in its heap")
  func machines() async throws {
    let workshop = Workshop()
    let grow = try workshop.link(
      "skill (xs: [[int]], n: int) -> [[int]]\n  s0 = list.replicate n 7\n"
        + "  s1 = list.append xs s0\n  return s1")
    let machine = Machine()
    var words: [Word] = [try machine.heap.word(of: .list([]), as: .list(.list(.int))), 0]
    for count in 0..<50 {
      words[1] = count
      let moved = Parcel(machine: machine, words: words)
      words[0] = try await Task.detached {
        var fuel = 10_000
        return try moved.machine.run(grow, moved.words, fuel: &fuel)
      }.value
    }
    let expected = (0..<50).map { Value.ints(Array(repeating: 7, count: $0)) }
    #expect(try machine.heap.value(of: words[0], as: .list(.list(.int))) == .list(expected))
    machine.heap.release(words[0], .reference)
    #expect(machine.heap.liveBytes == 0)
  }

  @Test("Immortal values are read by every thread")
  func immortalValues() async throws {
    let bank = Heap()
    let type = Type.list(.list(.int))
    let value = Value.list((0..<50).map { .ints(0..<$0) })
    let shared = Parcel(
      machine: Machine(), words: [try bank.immortalWord(of: value, as: type)])
    let image = try Workshop().link(
      "skill (xs: [[int]]) -> [[int]]\n  s0 = list.append xs [1]\n  s1 = list.set s0 3 [4]\n"
        + "  return s1")
    var changed = value.list! + [.ints([1])]
    changed[3] = .ints([4])
    try await SharingTests.onEveryThread { [changed] in
      let machine = Machine()
      for _ in 0..<20 {
        var fuel = 10_000
        let result = try machine.run(image, shared.words, fuel: &fuel)
        #expect(try machine.heap.value(of: result, as: type) == .list(changed))
        machine.heap.release(result, .reference)
      }
    }
    #expect(try bank.value(of: shared.words[0], as: type) == value)
  }

  @Test("Every thread goes on from the same state of actions, and leaves it as it was")
  func actionStates() async throws {
    let vocabulary = ActionVocabulary(constants: [(.int(0), .int)])
    var state = ActionState(
      try Signature(parsing: "(xs: [int]) -> int"), [.ints([4, 5, 6])], vocabulary: vocabulary)
    let begin = Action(
      .for,
      [
        .function(.skill(Atoms.named("int.add")!.digest), captures: []), .constant(.int(0)),
        .slot(0),
      ],
      callee: Atoms.named("list.fold")!.digest)
    try state.apply(begin, on: Machine())
    let snapshot = state
    try await SharingTests.onEveryThread {
      let machine = Machine()
      var state = snapshot
      while state.loop != nil {
        try state.apply(try #require(state.legalActions().first), on: machine)
      }
      #expect(state.frame.slots[1]?.value == .int(15))
      #expect(snapshot.history == [begin] && snapshot.frame.slots.count == 1)
    }
  }

  @Test("Every thread reads the same gradient from one derivative")
  func derivatives() async throws {
    let image = try Image(
      linking: Workshop().code(
        "skill (xs: [real]) -> [real]\n  s0 = list.map2 real.multiply xs xs\n  return s0"),
      mode: .jacobian)
    let derivative = try Machine().differentiate(image, [.list([.real(1), .real(2), .real(4)])])
    try await SharingTests.onEveryThread {
      #expect(derivative.matrix == [[2, 0, 0], [0, 4, 0], [0, 0, 8]])
    }
  }

  /// What only one thread at a time holds: the test waits for the other before it goes on.
  private struct Parcel: @unchecked Sendable {
    let machine: Machine
    let words: [Word]
  }

  /// What a machine makes of each input, errors included.
  private static func outcomes(_ image: Image, _ inputs: [[Value]]) -> [String] {
    let machine = Machine(limits: limits)
    return inputs.map { input in
      do {
        let run = try machine.run(image, input)
        return "\(run.value) in \(run.steps) steps"
      } catch {
        return "\(error)"
      }
    }
  }

  private static func onEveryThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<threads { group.addTask { try body() } }
      try await group.waitForAll()
    }
  }
}
