import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

/// The SUBLEQ interpreter of docs/skill-language.md.
@Suite struct SubleqTests {
  private let image: Image

  init() throws {
    let guide = try String(contentsOfFile: SkillLanguageGuideTests.path, encoding: .utf8)
    var workshop = Workshop()
    for block in guide.matches(of: /```reef (subleq\w*)\n((?:[^`]|`(?!``))*)```/) {
      try workshop.define(String(block.1), String(block.2))
    }
    image = try Image(try #require(workshop.digest("subleq"))) { workshop.codes[$0] }
  }

  /// The same machine, written in Swift; nil where a number or an address is out of range.
  private func interpret(_ memory: [Int], _ limit: Int) -> (memory: [Int], next: Int, left: Int)? {
    var (memory, next, left) = (memory, 0, limit)
    while true {
      // Even to find that no instruction follows, the skill adds 2.
      if next > .max - 2 { return nil }
      guard next >= 0, next + 2 < memory.count, left > 0 else { return (memory, next, left) }
      let (a, b) = (memory[next], memory[next + 1])
      guard memory.indices.contains(a), memory.indices.contains(b) else { return nil }
      let target = memory[next + 2]
      let (difference, overflows) = memory[b].subtractingReportingOverflow(memory[a])
      if overflows { return nil }
      memory[b] = difference
      next = difference <= 0 ? target : next + 3
      left -= 1
    }
  }

  @Test("It is exact on random programs", arguments: UInt64(0)..<10)
  func randomPrograms(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let machine = Machine()
    var (ended, failed, long) = (0, 0, 0)
    for _ in 0..<100 {
      let count = 3 * (1 + random.below(8)) + random.below(6)
      let memory = (0..<count).map { index in
        switch random.below(12) {
        case 0: -1
        case 1: random.below(2000) - 1000
        case 2: random.pick([.max, .min, .min + 1])
        default: index % 3 == 2 ? 3 * random.below(count / 3) : random.below(count)
        }
      }
      let expected = interpret(memory, 500)
      let found = try? machine.run(image, [.ints(memory), .int(500)]).value
      #expect(
        found
          == expected.map { .pair(.ints($0.memory), .pair(.int($0.next), .int($0.left))) },
        "\(memory)")
      if let expected { ended += expected.left > 0 ? 1 : 0 } else { failed += 1 }
      if let expected, expected.left < 490 { long += 1 }
    }
    // The programs are of all kinds.
    #expect(ended > 0 && failed > 0 && long > 0)
  }

  @Test("Its memory is updated in place")
  func inPlace() throws {
    // Counts cell 4 down from 5,000, then stops, in a memory of 10,000 cells.
    var memory = [Int](repeating: 0, count: 10_000)
    memory.replaceSubrange(0..<9, with: [6, 7, -1, 8, 8, 0, 1, 5_000, 0])
    let machine = Machine()
    let run = try machine.run(image, [.ints(memory), .int(100_000)])
    let (next, left) = try #require(run.value.pair?.1.pair)
    #expect(next == .int(-1))
    #expect(left == .int(100_000 - 9_999))
    #expect(machine.heap.copiedElements == 0)
  }
}
