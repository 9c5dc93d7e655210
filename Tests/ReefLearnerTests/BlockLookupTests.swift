import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct BlockLookupTests {
  /// Values near the limits of an int overflow, and zeros cannot be divided by.
  private static let interesting = [0, 1, -1, 2, 7, -3, 10, Int.max, Int.min, Int.max / 2]

  private func bank(seed: Int, rows: Int) throws -> Bank {
    var random = SplitMix64(seed: seed)
    let inputs = (0..<rows).map { _ in
      (0..<3).map { _ in Value.int(random.pick(BlockLookupTests.interesting)) }
    }
    let problem = Problem(
      name: "test", summary: "",
      signature: Signature(
        parameters: [.init("a", .int), .init("b", .int), .init("c", .int)], result: .int),
      rows: inputs.map { Example(input: $0, output: .int(123_456_789)) }, oracle: nil, tolerance: 0)
    let names = [
      "int.add", "int.subtract", "int.multiply", "int.divide", "int.modulo", "int.min", "int.max",
      "int.less", "int.lessOrEqual",
    ]
    return try Bank(problem, atoms: names)
  }

  @Test(
    "What a block passes over is what one by one behaves like an entry",
    arguments: 0..<12)
  func blocksAgreeWithSingles(seed: Int) throws {
    let bank = try bank(seed: seed, rows: [1, 3, 16, 64][seed % 4])
    var options = Enumeration.Options()
    options.maximumCost = 4
    options.usesInverses = false
    options.usesBranches = false
    let enumeration = try Enumeration(
      bank: bank, options: options, check: { _ in (.rejected, 0) }, isCancelled: { false })
    _ = try enumeration.run()
    let ints = (0..<Int32(bank.entries.count)).filter {
      bank.types[Int(bank.entries[Int($0)].type)] == .int
    }
    let others = Array(ints.prefix(Bank.blockCount))
    let target = bank.hash(of: others[others.count / 2])
    var passed = 0
    for (index, evaluation) in bank.vocabulary.evaluations.enumerated() {
      guard case .integer(let integer) = evaluation else { continue }
      for first in ints.prefix(40) {
        let (whole, known) = others.withUnsafeBufferPointer {
          bank.evaluateBlock(integer, index, first, $0, but: target)
        }
        for (position, other) in others.enumerated() {
          let behaviour = try bank.evaluate(index, SIMD4(first, other, 0, 0))
          bank.discard()
          let bit: UInt64 = 1 << UInt64(position)
          guard bank.masks[Int(first)] == bank.allRows else {
            #expect(whole == 0 && known == 0)
            continue
          }
          #expect((whole & bit != 0) == (behaviour?.mask == bank.allRows))
          if whole & bit != 0 {
            #expect(bank.candidate(position, of: index).hash == behaviour?.hash)
          }
          guard known & bit != 0 else { continue }
          let hash = try #require(behaviour?.hash)
          #expect(bank.find(hash) != nil && hash != target)
          passed += 1
        }
      }
    }
    #expect(passed > 0)
  }

  @Test("A buffer that grows keeps what was appended", arguments: [1, 3, 64])
  func buffersKeep(step: Int) {
    let buffer = GrowingBuffer<Int>()
    #expect(buffer.count == 0)
    for start in stride(from: 0, to: 1_000 * step, by: step) {
      let room = buffer.appendUninitialized(step)
      for offset in 0..<step { room[offset] = start + offset }
    }
    buffer.append(-1)
    #expect(Array(buffer.elements) == Array(0..<1_000 * step) + [-1])
  }
}
