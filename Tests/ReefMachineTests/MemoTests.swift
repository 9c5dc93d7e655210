import ReefTestSupport
import Testing

@testable import ReefMachine

/// Skills that ask for it remember their calls: the same values, in fewer steps.
@Suite struct MemoTests {
  private static func fibonacci(_ word: String) -> String {
    """
    \(word) (n: int) -> int
      s0 = int.less n 2
      s1 = int.subtract n 1
      s2 = self s1
      s3 = int.subtract n 2
      s4 = self s3
      s5 = int.add s2 s4
      s6 = control.if s0 n s5
      return s6
    """
  }

  private static func editDistance(_ word: String) -> String {
    """
    \(word) (a: [int], b: [int]) -> int
      s0 = list.isEmpty a
      s1 = list.length b
      s2 = list.isEmpty b
      s3 = list.length a
      s4 = list.first a
      s5 = list.first b
      s6 = list.rest a
      s7 = list.rest b
      s8 = equal s4 s5
      s9 = self s6 s7
      s10 = self s6 b
      s11 = self a s7
      s12 = int.min s10 s11
      s13 = int.min s9 s12
      s14 = int.add s13 1
      s15 = control.if s8 s9 s14
      s16 = control.if s2 s3 s15
      s17 = control.if s0 s1 s16
      return s17
    """
  }

  /// By the table that everybody knows.
  private static func distance(_ a: [Int], _ b: [Int]) -> Int {
    var row = Array(0...b.count)
    for x in a {
      var next = [row[0] + 1]
      for (j, y) in b.enumerated() {
        next.append(x == y ? row[j] : 1 + min(row[j], row[j + 1], next[j]))
      }
      row = next
    }
    return row[b.count]
  }

  @Test("Fibonacci numbers take steps in proportion to n")
  func fibonacci() throws {
    let image = try Workshop().link(MemoTests.fibonacci("skill memo"))
    let machine = Machine()
    let steps = try [30, 50, 70, 90].map { try machine.run(image, [.int($0)]).steps }
    #expect(steps[1] - steps[0] == steps[2] - steps[1])
    #expect(steps[2] - steps[1] == steps[3] - steps[2])
    #expect(steps[3] < 1_000)
    #expect(try machine.run(image, [.int(90)]).value == .int(2_880_067_194_370_816_120))
    let plain = try Workshop().run(MemoTests.fibonacci("skill"), .int(20))
    #expect(try machine.run(image, [.int(20)]).value == plain.value)
    #expect(plain.steps > 50_000)
  }

  @Test("The edit distance by recursion takes steps in proportion to a power of the length")
  func editDistance() throws {
    let shop = Workshop()
    let image = try shop.link(MemoTests.editDistance("skill memo"))
    let plain = try shop.link(MemoTests.editDistance("skill"))
    let machine = Machine()
    var random = SplitMix64(seed: 5)
    for _ in 0..<30 {
      let lists = (0..<2).map { _ in (0..<random.below(6)).map { _ in random.below(3) } }
      let wanted = Value.int(MemoTests.distance(lists[0], lists[1]))
      #expect(try machine.run(image, lists.map { .ints($0) }).value == wanted)
      #expect(try machine.run(plain, lists.map { .ints($0) }).value == wanted)
    }
    // Nothing in common: every pair of ends is compared. A look-up goes through both lists, so that n²
    // of them take n³ steps.
    let steps = try [16, 32, 64].map { n in
      let lists = [Array(0..<n), Array(n..<2 * n)]
      let run = try machine.run(image, lists.map { .ints($0) })
      #expect(run.value == .int(n))
      return run.steps
    }
    #expect(steps == [16_291, 113_995, 848_554])
    #expect(machine.heap.liveBytes == 0)
  }

  @Test("What is remembered counts for the limit of bytes, and goes with the run")
  func bytes() throws {
    var shop = Workshop()
    try shop.define(
      "square", "skill memo (x: int) -> int\n  s0 = int.multiply x x\n  return s0")
    let image = try shop.link(
      """
      skill (n: int) -> [int]
        s0 = list.range 0 n
        s1 = list.map square s0
        return s1
      """)
    let machine = Machine(limits: Limits(bytes: 8 << 20))
    #expect(throws: MachineError.memory(limit: 8 << 20)) { try machine.run(image, [.int(200_000)]) }
    #expect(machine.heap.reservedBytes <= 8 << 20)
    for _ in 0..<3 {
      let run = try machine.run(image, [.int(50_000)])
      #expect(run.value == .ints((0..<50_000).map { $0 * $0 }))
    }
    #expect(machine.heap.reservedBytes == Heap.firstChunkBytes)
  }

  @Test("A call that is made again inside itself ends by the limits, as without a memo")
  func circle() throws {
    let shop = Workshop()
    let text = "(x: int) -> int\n  s0 = self x\n  s1 = int.add s0 1\n  return s1"
    for word in ["skill ", "skill memo "] {
      #expect(throws: MachineError.depth(limit: 100)) {
        try shop.run(word + text, .int(1), limits: Limits(depth: 100))
      }
    }
  }

  @Test("Arguments that hash alike in a table's low bits are paid for")
  func crowded() throws {
    var shop = Workshop()
    try shop.define("same", "skill memo (x: int) -> int\n  s0 = int.add x 0\n  return s0")
    let image = try shop.link("skill (xs: [int]) -> [int]\n  s0 = list.map same xs\n  return s0")
    // 12 bits alike: all fall on one place of any table that they fill.
    let crowded = (0...).lazy.filter { Heap.hash($0, .word) & 4_095 == 0 }.prefix(1_000)
    let xs = Array(crowded)
    let run = try Machine().run(image, [.ints(xs)])
    let free = try Machine().run(image, [.ints(0..<1_000)])
    #expect(run.value == .ints(xs))
    #expect(run.steps > 100 * free.steps)
  }

  @Test("The word is part of the text and of the digest")
  func text() throws {
    let code = try Workshop().code(MemoTests.fibonacci("skill memo"))
    let plain = try Workshop().code(MemoTests.fibonacci("skill"))
    #expect(code.isMemoised && !plain.isMemoised && code.digest != plain.digest)
    #expect(code.canonicalText.hasPrefix("skill memo (int) -> int\n"))
    #expect(try SkillCode(parsing: code.text { _ in nil }) == code)
    #expect(
      try SkillCode(canonical: code.canonicalText, signature: code.signature, weights: []) == code)
    #expect(code.normalized().isMemoised && code.openingWeights.isMemoised)
  }

  @Test("A trace tells every call, and Jacobian code records every one")
  func traces() throws {
    let code = try Workshop().code(MemoTests.fibonacci("skill memo"))
    var calls = 0
    let traced = try Machine().trace(try Image(linking: code, isTraced: true), [.int(10)]) {
      event in
      if case .begins = event.moment, event.callee == nil { calls += 1 }
      return true
    }
    #expect(traced.value == .int(55) && calls == 176)
    // What is charged is what a skill without the word is charged, traced or not.
    let plain = try Workshop().run(MemoTests.fibonacci("skill"), .int(10))
    let remembering = try Workshop().run(MemoTests.fibonacci("skill memo"), .int(10))
    #expect(traced.steps == plain.steps && plain.steps > remembering.steps)
    let power = try Workshop().code(
      """
      skill memo (n: int, x: real) -> real
        s0 = equal n 0
        s1 = int.divide n 2
        s2 = int.subtract n s1
        s3 = self s1 x
        s4 = int.subtract s2 1
        s5 = self s4 x
        s6 = real.multiply s3 s5
        s7 = real.multiply s6 x
        s8 = control.if s0 1.0 s7
        return s8
      """)
    let image = try Image(linking: power, mode: .jacobian)
    let derivative = try Machine().differentiate(image, [.int(5), .real(2)])
    #expect(derivative.value == .real(32))
  }
}
