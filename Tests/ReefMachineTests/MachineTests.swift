import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct MachineTests {
  static let countDown = """
    skill (n: int) -> int
      s0 = equal n 0
      s1 = int.subtract n 1
      s2 = self s1
      s3 = int.add s2 1
      s4 = control.if s0 0 s3
      return s4
    """

  @Test func arithmeticRuns() throws {
    let result = try Workshop().run(
      """
      skill (x: int, y: int) -> int
        s0 = int.add x y
        s1 = int.multiply s0 3
        s2 = int.subtract 100 s1
        return s2
      """, .int(4), .int(5))
    #expect(result.value == .int(73))
    #expect(result.steps == 3)
  }

  @Test func onlyTheChosenArmIsEvaluated() throws {
    let text = """
      skill (x: int) -> int
        s0 = equal x 0
        s1 = int.divide 100 x
        s2 = control.if s0 -1 s1
        return s2
      """
    #expect(try Workshop().run(text, .int(0)).value == .int(-1))
    #expect(try Workshop().run(text, .int(7)).value == .int(14))
  }

  @Test("What both arms need is computed once")
  func sharedWorkOfArms() throws {
    let result = try Workshop().run(
      """
      skill (x: int, b: bool) -> int
        s0 = int.multiply x x
        s1 = int.add s0 1
        s2 = int.subtract s0 1
        s3 = control.if b s1 s2
        return s3
      """, .int(5), .bool(false))
    #expect(result.value == .int(24))
    #expect(result.steps == 3)
  }

  @Test func loopsTakeCaptures() throws {
    var shop = Workshop()
    try shop.define(
      "affine",
      """
      skill (x: int, a: int, b: int) -> int
        s0 = int.multiply x a
        s1 = int.add s0 b
        return s1
      """)
    let result = try shop.run(
      """
      skill (xs: [int], a: int) -> (int, [int])
        s0 = list.map affine{a, 1} xs
        s1 = list.filter int.less{5} s0
        s2 = list.fold int.add 0 s0
        s3 = pair.make s2 s1
        return s3
      """, .ints([1, 2, 3]), .int(2))
    #expect(result.value == .pair(.int(15), .ints([3])))
  }

  @Test func scanCarries() throws {
    var shop = Workshop()
    try shop.define(
      "digit",
      """
      skill (carry: int, x: int) -> (int, int)
        s0 = int.multiply x 7
        s1 = int.add s0 carry
        s2 = int.divide s1 10
        s3 = int.modulo s1 10
        s4 = pair.make s2 s3
        return s4
      """)
    let result = try shop.run(
      """
      skill (xs: [int]) -> (int, [int])
        s0 = list.scan digit 0 xs
        return s0
      """, .ints([5, 2, 9]))
    // 925 · 7 = 6475
    #expect(result.value == .pair(.int(6), .ints([5, 7, 4])))
  }

  @Test func polymorphicSkillsRunAtEachType() throws {
    var shop = Workshop()
    try shop.define(
      "swap",
      """
      skill (p: (a, b)) -> (b, a)
        s0 = pair.second p
        s1 = pair.first p
        s2 = pair.make s0 s1
        return s2
      """)
    let result = try shop.run(
      """
      skill (x: int, y: [real]) -> (int, ([real], int))
        s0 = pair.make x y
        s1 = swap s0
        s2 = swap s1
        s3 = pair.make s2 s1
        s4 = swap s3
        s5 = pair.first s4
        s6 = pair.make x s5
        return s6
      """, .int(3), .reals([0.5]))
    #expect(result.value == .pair(.int(3), .pair(.reals([0.5]), .int(3))))
  }

  @Test func recursionIsDeep() throws {
    #expect(try Workshop().run(MachineTests.countDown, .int(500_000)).value == .int(500_000))
  }

  @Test("The machine can be used again after a deep run, with the same result and steps")
  func machineIsReusable() throws {
    let image = try Workshop().link(MachineTests.countDown)
    let machine = Machine()
    let first = try machine.run(image, [.int(10)])
    _ = try machine.run(image, [.int(100_000)])
    let again = try machine.run(image, [.int(10)])
    #expect(first.value == again.value)
    #expect(first.steps == again.steps)
  }

  @Test func argumentsAreChecked() throws {
    let image = try Workshop().link(MachineTests.countDown)
    let few = #expect(throws: ArgumentError.self) { try Machine().run(image, []) }
    #expect(few?.description == "The skill takes 1 argument, not 0.")
    let wrong = #expect(throws: ArgumentError.self) { try Machine().run(image, [.bool(true)]) }
    #expect(wrong?.description == "Argument 1 is no value of the type int.")
  }
}

@Suite struct InPlaceTests {
  /// Runs and gives the steps and the heap bytes that the run reserved.
  private func cost(_ shop: Workshop, _ text: String, _ argument: Int) throws -> (Int, Int) {
    let image = try shop.link(text)
    let machine = Machine()
    var fuel = machine.limits.fuel
    _ = try machine.run(image, [argument], fuel: &fuel)
    return (machine.limits.fuel - fuel, machine.heap.reservedBytes)
  }

  @Test("A fold that sets every element takes linear steps and one list")
  func foldOfSets() throws {
    var shop = Workshop()
    try shop.define(
      "put",
      """
      skill (xs: [int], i: int) -> [int]
        s0 = list.get xs i
        s1 = int.add s0 i
        s2 = list.set xs i s1
        return s2
      """)
    let (steps, bytes) = try cost(
      shop,
      """
      skill (n: int) -> [int]
        s0 = list.replicate n 0
        s1 = list.range 0 n
        s2 = list.fold put s0 s1
        return s2
      """, 100_000)
    #expect(steps < 10 * 100_000)
    #expect(bytes < 4 << 20)
  }

  @Test("Reads that come later in the code do not make an update copy")
  func readsComeFirst() throws {
    var shop = Workshop()
    try shop.define(
      "next",
      """
      skill (s: ([int], int), i: int) -> ([int], int)
        s0 = pair.first s
        s1 = list.append s0 i
        s2 = list.length s0
        s3 = pair.second s
        s4 = int.add s2 s3
        s5 = pair.make s1 s4
        return s5
      """)
    let (steps, _) = try cost(
      shop,
      """
      skill (n: int) -> ([int], int)
        s0 = list.range 0 n
        s1 = pair.make [] 0
        s2 = list.fold next s1 s0
        return s2
      """, 20_000)
    #expect(steps < 20 * 20_000)
  }

  @Test("A state pair does not keep its list from being updated in an arm")
  func arms() throws {
    var shop = Workshop()
    try shop.define(
      "toggle",
      """
      skill (s: ([int], int), i: int) -> ([int], int)
        s0 = pair.first s
        s1 = list.get s0 i
        s2 = equal s1 0
        s3 = list.set s0 i 1
        s4 = pair.second s
        s5 = int.add s4 1
        s6 = pair.make s3 s5
        s7 = control.if s2 s6 s
        return s7
      """)
    let (steps, _) = try cost(
      shop,
      """
      skill (n: int) -> ([int], int)
        s0 = list.replicate n 0
        s1 = pair.make s0 0
        s2 = list.range 0 n
        s3 = list.fold toggle s1 s2
        return s3
      """, 20_000)
    #expect(steps < 20 * 20_000)
  }

  @Test(
    "A queue, appended to at one end and consumed at the other, is linear", arguments: [1, 100])
  func queue(length: Int) throws {
    var shop = Workshop()
    try shop.define(
      "turn",
      """
      skill (xs: [int]) -> [int]
        s0 = list.first xs
        s1 = list.rest xs
        s2 = list.append s1 s0
        return s2
      """)
    try shop.define(
      "back",
      """
      skill (xs: [int]) -> [int]
        s0 = list.last xs
        s1 = list.length xs
        s2 = int.subtract s1 1
        s3 = list.take xs s2
        s4 = list.prepend s0 s3
        return s4
      """)
    for turn in ["turn", "back"] {
      let (steps, bytes) = try cost(
        shop,
        """
        skill (n: int) -> [int]
          s0 = list.range 0 \(length)
          s1 = control.iterate \(turn) n s0
          return s1
        """, 50_000)
      #expect(steps < 12 * 50_000)
      #expect(bytes < 1 << 20)
    }
  }

  @Test("A recursion over the rest of a list is linear")
  func recursionOverRest() throws {
    let (steps, _) = try cost(
      Workshop(),
      """
      skill (n: int) -> int
        s0 = list.range 0 n
        s1 = list.take s0 n
        s2 = list.fold int.add 0 s1
        return s2
      """, 10_000)
    #expect(steps < 10 * 10_000)
    let image = try Workshop().link(
      """
      skill (xs: [int]) -> int
        s0 = list.isEmpty xs
        s1 = list.first xs
        s2 = list.rest xs
        s3 = self s2
        s4 = int.add s1 s3
        s5 = control.if s0 0 s4
        return s5
      """)
    let result = try Machine().run(image, [.ints(0..<50_000)])
    #expect(result.value == .int(49_999 * 25_000))
    #expect(result.steps < 10 * 50_000)
  }
}

@Suite struct LimitTests {
  @Test func fuelEndsALoop() throws {
    var shop = Workshop()
    try shop.define("always", "skill (x: int) -> bool\n  s0 = equal x x\n  return s0")
    let text = """
      skill (x: int) -> int
        s0 = control.while always int.max{0} x
        return s0
      """
    #expect(throws: MachineError.fuel(limit: 1_000)) {
      try shop.run(text, .int(1), limits: Limits(fuel: 1_000))
    }
  }

  @Test func depthEndsARecursion() throws {
    #expect(throws: MachineError.depth(limit: 1_000)) {
      try Workshop().run(MachineTests.countDown, .int(-1), limits: Limits(depth: 1_000))
    }
  }

  @Test func theStackCountsAsMemory() throws {
    #expect(throws: MachineError.memory(limit: 1 << 20)) {
      try Workshop().run(
        MachineTests.countDown, .int(-1), limits: Limits(bytes: 1 << 20, depth: .max))
    }
  }

  @Test("A list that doubles passes the memory limit")
  func memoryEndsAGrowth() throws {
    var shop = Workshop()
    try shop.define(
      "twice",
      """
      skill (xs: [int]) -> [int]
        s0 = list.concat xs xs
        return s0
      """)
    #expect(throws: MachineError.memory(limit: 64 << 20)) {
      try shop.run(
        """
        skill (n: int) -> [int]
          s0 = control.iterate twice n [1, 2, 3]
          return s0
        """, .int(100), limits: Limits(bytes: 64 << 20))
    }
  }

  @Test("Sizes that no memory could hold are errors", arguments: [Int.max, 1 << 62, 1 << 40])
  func hugeSizes(count: Int) throws {
    for text in [
      "skill (n: int) -> [int]\n  s0 = list.range -9000000000000000000 n\n  return s0",
      "skill (n: int) -> [int]\n  s0 = list.replicate n 7\n  return s0",
      "skill (n: int) -> [[int]]\n  s0 = list.replicate n []\n  return s0",
    ] {
      #expect(throws: MachineError.self) { try Workshop().run(text, .int(count)) }
    }
  }

  @Test("A value that is shared exponentially often is not written out")
  func sharedValues() throws {
    let text = """
      skill (n: int) -> [[[[int]]]]
        s0 = list.replicate n n
        s1 = list.replicate n s0
        s2 = list.replicate n s1
        s3 = list.replicate n s2
        return s3
      """
    #expect(throws: MachineError.memory(limit: 1 << 24)) {
      try Workshop().run(text, .int(1_000), limits: Limits(bytes: 1 << 24))
    }
    let equal = """
      skill (n: int) -> bool
        s0 = list.replicate n n
        s1 = list.replicate n s0
        s2 = list.replicate n s1
        s3 = list.replicate n s2
        s4 = equal s3 s3
        return s4
      """
    #expect(throws: MachineError.fuel(limit: 1_000_000)) {
      try Workshop().run(equal, .int(1_000), limits: Limits(fuel: 1_000_000))
    }
  }

  @Test("A run with exactly the steps that it takes ends well")
  func exactFuel() throws {
    let image = try Workshop().link(MachineTests.countDown)
    let steps = try Machine().run(image, [.int(10)]).steps
    #expect(try Machine(limits: Limits(fuel: steps)).run(image, [.int(10)]).value == .int(10))
    #expect(throws: MachineError.fuel(limit: steps - 1)) {
      try Machine(limits: Limits(fuel: steps - 1)).run(image, [.int(10)])
    }
  }

  @Test func aFailureNamesItsPlace() throws {
    var shop = Workshop()
    let digest = try shop.define(
      "inverse",
      """
      skill (x: int) -> int
        s0 = int.add x 1
        s1 = int.divide 10 s0
        return s1
      """)
    let image = try shop.link(
      """
      skill (xs: [int]) -> [int]
        s0 = list.map inverse xs
        return s0
      """)
    let machine = Machine()
    #expect(throws: MachineError.divisionByZero) { try machine.run(image, [.ints([3, -1])]) }
    #expect(machine.failure == Place(skill: digest, step: 1))
    let deep = Machine(limits: Limits(depth: 100))
    let endless = try Workshop().link(MachineTests.countDown)
    #expect(throws: MachineError.depth(limit: 100)) { try deep.run(endless, [.int(-1)]) }
    #expect(deep.failure == Place(skill: nil, step: 2))
  }

  @Test func errorsAreSentences() {
    #expect(
      MachineError.index(3, count: 1).description
        == "The index 3 is outside a list of 1 element.")
    #expect(
      MachineError.fuel(limit: 5).description == "The run used up its limit of 5 steps.")
  }
}
