import ReefTestSupport
import Testing

@testable import ReefMachine

/// What the linker writes out in place of calls and pairs.
@Suite struct RegionTests {
  static let boundaries = [-32_769, -32_768, -1, 0, 1, 7, 32_767, 32_768, 1 << 40, .min, .max]

  private func opcodes(_ image: Image) -> [Opcode] {
    (0..<image.instructionCount).map { image.instructions[$0].opcode }
  }

  @Test("A pair that a loop carries is kept as its parts")
  func loopOnAPair() throws {
    var shop = Workshop()
    try shop.define(
      "next",
      """
      skill (state: (int, int)) -> (int, int)
        s0 = pair.first state
        s1 = pair.second state
        s2 = int.add s0 s1
        s3 = pair.make s1 s2
        return s3
      """)
    // Both parts change places, so that neither may be overwritten before it was read.
    let text = """
      skill (n: int) -> int
        s0 = control.iterate next n (0, 1)
        s1 = pair.first s0
        return s1
      """
    #expect(try shop.run(text, .int(80)).value == .int(23_416_728_348_467_685))
    let made = opcodes(try shop.link(text)).dropFirst()
    #expect(!made.contains(.pairMake) && !made.contains(.pairFirst) && !made.contains(.call))
  }

  @Test(
    "A pair in arms, in a test and in a scan is kept as its parts, lists in it updated in place")
  func pairsEverywhere() throws {
    var shop = Workshop()
    try shop.define(
      "note",
      """
      skill (state: ([int], [int]), x: int) -> ([int], [int])
        s0 = pair.first state
        s1 = pair.second state
        s2 = list.get s0 x
        s3 = int.less s2 0
        s4 = list.set s0 x 1
        s5 = list.append s1 x
        s6 = pair.make s4 s5
        s7 = control.if s3 s6 state
        return s7
      """)
    let text = """
      skill (n: int, xs: [int]) -> ([int], [int])
        s0 = list.replicate n -1
        s1 = pair.make s0 []
        s2 = list.fold note s1 xs
        return s2
      """
    let image = try shop.link(text)
    #expect(opcodes(image).filter { $0 == .pairMake }.count == 1)
    let machine = Machine()
    let xs = Value.ints([3, 1, 3, 0, 1, 1])
    let run = try machine.run(image, [.int(5), xs])
    #expect(run.value == .pair(.ints([1, 1, -1, 1, -1]), .ints([3, 1, 0])))
    #expect(machine.heap.copiedElements == 0)
  }

  @Test("A pair that a body hands on as a whole stays one")
  func wholePairs() throws {
    var shop = Workshop()
    try shop.define(
      "keep",
      """
      skill (state: (int, [(int, int)]), x: int) -> (int, [(int, int)])
        s0 = pair.first state
        s1 = pair.second state
        s2 = pair.make s0 x
        s3 = list.append s1 s2
        s4 = int.add s0 x
        s5 = pair.make s4 s3
        return s5
      """)
    let text = """
      skill (xs: [int]) -> (int, [(int, int)])
        s0 = list.fold keep (0, []) xs
        return s0
      """
    let pairs = [(0, 5), (5, 2), (7, 4)].map { Value.pair(.int($0), .int($1)) }
    #expect(
      try shop.run(text, .ints([5, 2, 4])).value == .pair(.int(11), .list(pairs)))
  }

  @Test("A small skill is written out where it is called, one that calls itself is not")
  func calls() throws {
    var shop = Workshop()
    try shop.define("half", "skill (x: int) -> int\n  s0 = int.divide x 2\n  return s0")
    let halves = "skill (xs: [int]) -> [int]\n  s0 = list.map half xs\n  return s0"
    // The first instruction of an image is the call of the run itself.
    #expect(!opcodes(try shop.link(halves)).dropFirst().contains(.call))
    #expect(try shop.run(halves, .ints([7, -7])).value == .ints([3, -4]))
    try shop.define("down", MachineTests.countDown)
    let downs = "skill (xs: [int]) -> [int]\n  s0 = list.map down xs\n  return s0"
    #expect(opcodes(try shop.link(downs)).dropFirst().contains(.call))
    #expect(try shop.run(downs, .ints([7, 0])).value == .ints([7, 0]))
  }

  @Test("An error inside a skill that was written out tells of that skill's step")
  func places() throws {
    var shop = Workshop()
    let digest = try shop.define(
      "share",
      "skill (x: int, n: int) -> int\n  s0 = int.add n 0\n  s1 = int.divide x s0\n  return s1")
    let image = try shop.link(
      "skill (xs: [int]) -> [int]\n  s0 = list.map share{0} xs\n  return s0")
    #expect(!opcodes(image).dropFirst().contains(.call))
    let machine = Machine()
    #expect(throws: MachineError.divisionByZero) { try machine.run(image, [.ints([1])]) }
    #expect(machine.failure == Place(skill: digest, step: 1))
  }

  @Test("Two instructions in one tell of an error at its own step")
  func pairs() throws {
    let shop = Workshop()
    let swap = """
      skill (xs: [int], i: int) -> [int]
        s0 = int.add i 1
        s1 = list.get xs s0
        s2 = list.get xs i
        s3 = int.less s1 s2
        s4 = list.set xs i s1
        s5 = list.set s4 s0 s2
        s6 = control.if s3 s5 xs
        return s6
      """
    let image = try shop.link(swap)
    let made = opcodes(image)
    #expect(made.contains(.addImmediateGetWord) && made.contains(.getWordBranchGreater))
    #expect(try shop.run(swap, .ints([5, 3, 4]), .int(0)).value == .ints([3, 5, 4]))
    #expect(try shop.run(swap, .ints([5, 3, 4]), .int(1)).value == .ints([5, 3, 4]))
    let machine = Machine()
    for (i, error, step) in [
      (2, MachineError.index(3, count: 3), 1), (-2, .index(-1, count: 3), 1),
      (-1, .index(-1, count: 3), 2), (.max, .overflow, 0),
    ] {
      #expect(throws: error) { try machine.run(image, [.ints([5, 3, 4]), .int(i)]) }
      #expect(machine.failure == Place(skill: nil, step: step))
    }
    let twice = """
      skill (xs: [int], i: int, j: int) -> [int]
        s0 = list.set xs i 7
        s1 = list.set s0 j 8
        return s1
      """
    let setting = try shop.link(twice)
    for (i, j, step) in [(3, 0, 0), (0, 3, 1)] {
      #expect(throws: MachineError.index(3, count: 3)) {
        try machine.run(setting, [.ints([1, 2, 3]), .int(i), .int(j)])
      }
      #expect(machine.failure == Place(skill: nil, step: step))
    }
  }

  @Test(
    "A loop over a range counts, and no list is made, for the result and the steps of one over a list",
    arguments: [
      (0, 0), (0, 5), (-3, 2), (4, -4), (.min, .min + 3), (.max - 3, .max), (.max, .min), (7, 8),
    ])
  func loopsOverRanges(low: Int, high: Int) throws {
    let numbers = low < high ? Array(low..<high) : []
    var shop = Workshop()
    // None of them needs its element to the end.
    try shop.define(
      "mix",
      "skill (n: int, x: int) -> int\n  s0 = int.modulo x 7\n  s1 = int.subtract s0 n\n  return s1")
    try shop.define(
      "both",
      """
      skill (n: int, x: int) -> (int, int)
        s0 = int.modulo x 10
        s1 = int.add n s0
        s2 = pair.make s1 s0
        return s2
      """)
    try shop.define(
      "isOdd", "skill (x: int) -> bool\n  s0 = int.modulo x 2\n  s1 = equal s0 1\n  return s1")
    let digits = numbers.map { ($0 % 10 + 10) % 10 }
    let loops: [(loop: String, type: String, expected: Value)] = [
      ("list.map int.modulo{10}", "[int]", .ints(digits)),
      ("list.filter isOdd", "[int]", .ints(numbers.filter { $0 % 2 != 0 })),
      (
        "list.fold mix 3", "int", .int(numbers.reduce(3) { ($1 % 7 + 7) % 7 - $0 })
      ),
      (
        "list.scan both 5", "(int, [int])",
        .pair(.int(digits.reduce(5, +)), .ints(digits))
      ),
    ]
    for (loop, type, expected) in loops {
      let text = """
        skill (low: int, high: int) -> \(type)
          s0 = list.range low high
          s1 = \(loop) s0
          return s1
        """
      let overList = "skill (xs: [int]) -> \(type)\n  s0 = \(loop) xs\n  return s0"
      let made = opcodes(try shop.link(text))
      #expect(made.contains(.rangeNext) && !made.contains(.range))
      let counted = try shop.run(text, .int(low), .int(high))
      #expect(counted.value == expected)
      let empty = try shop.run(text, .int(0), .int(0)).steps
      let listed = try shop.run(overList, .ints(numbers)).steps
      let emptyList = try shop.run(overList, .ints([])).steps
      #expect(counted.steps - empty == listed - emptyList + numbers.count)
    }
  }

  @Test("A range is charged and refused where it stands, also where it is not made")
  func rangesThatAreNotMade() throws {
    let shop = Workshop()
    let sum = """
      skill (low: int, high: int) -> int
        s0 = list.range low high
        s1 = list.fold int.add 0 s0
        return s1
      """
    #expect(throws: MachineError.memory(limit: Limits().bytes)) {
      try shop.run(sum, .int(.min), .int(.max))
    }
    #expect(throws: MachineError.fuel(limit: 1_000)) {
      try shop.run(sum, .int(0), .int(1_000), limits: Limits(fuel: 1_000))
    }
    let small = Limits(bytes: 1 << 20)
    #expect(throws: MachineError.memory(limit: small.bytes)) {
      try shop.run(sum, .int(0), .int(1 << 18), limits: small)
    }
    // Whoever reads the list gets it.
    let both = """
      skill (n: int) -> (int, [int])
        s0 = list.range 0 n
        s1 = list.fold int.add 0 s0
        s2 = pair.make s1 s0
        return s2
      """
    #expect(try shop.run(both, .int(4)).value == .pair(.int(6), .ints([0, 1, 2, 3])))
  }

  @Test(
    "Comparisons choose the right arm, also where one of the arms does nothing",
    arguments: ["int.less", "int.lessOrEqual", "equal"], [0, 1, 2])
  func comparisons(atom: String, form: Int) throws {
    func holds(_ x: Int, _ y: Int) -> Bool {
      switch atom {
      case "int.less": x < y
      case "int.lessOrEqual": x <= y
      default: x == y
      }
    }
    /// Folding from n, the arms are the state itself or the element.
    func folds(_ then: String, _ otherwise: String, _ y: String) -> String {
      let parameters = y == "y" ? ", y: int" : ""
      return """
        skill (n: int, x: int\(parameters)) -> int
          s0 = \(atom) x \(y)
          s1 = control.if s0 \(then) \(otherwise)
          return s1
        """
    }
    let arms = [("n", "x"), ("x", "n"), ("1", "2")][form]
    for y in RegionTests.boundaries {
      for isConstant in [false, true] {
        var shop = Workshop()
        try shop.define("body", folds(arms.0, arms.1, isConstant ? "\(y)" : "y"))
        let image = try shop.link(
          """
          skill (xs: [int], y: int) -> int
            s0 = list.fold body\(isConstant ? "" : "{y}") 99 xs
            return s0
          """)
        for x in RegionTests.boundaries {
          let names = ["n": 99, "x": x, "1": 1, "2": 2]
          let wanted = names[holds(x, y) ? arms.0 : arms.1]!
          let run = try Machine().run(image, [.ints([x]), .int(y)])
          #expect(run.value == .int(wanted), "\(atom) \(x) \(y)")
          #expect(run.steps == 5, "\(atom) \(x) \(y)")
        }
      }
    }
  }

  @Test("control.while tests by a comparison", arguments: ["int.less", "int.lessOrEqual", "equal"])
  func tests(atom: String) throws {
    for (limit, isConstant) in [(9, false), (9, true), (100_000, true)] {
      let image = try Workshop().link(
        """
        skill (n: int, limit: int) -> int
          s0 = control.while \(atom){\(isConstant ? "\(limit)" : "limit")} int.add{1} n
          return s0
        """)
      let wanted =
        switch atom {
        case "int.less": limit
        default: limit + 1
        }
      let run = try Machine().run(
        image, [.int(atom == "equal" ? limit : limit - 3), .int(limit)])
      #expect(run.value == .int(wanted))
    }
  }
}
