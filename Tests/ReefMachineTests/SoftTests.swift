import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite("Soft runs")
struct SoftTests {
  private let workshop: Workshop

  init() throws {
    var workshop = Workshop()
    for (name, text) in SoftTests.skills { try workshop.define(name, text) }
    self.workshop = workshop
  }

  private static let skills: [(name: String, text: String)] = [
    (
      "clamp",
      """
      skill (x: real, limit: real) -> real
        s0 = real.less x limit
        s1 = real.multiply x x
        s2 = real.add limit 1.0
        s3 = control.if s0 s1 s2
        return s3
      """
    ),
    (
      "larger",
      """
      skill (x: real, y: real) -> real
        s0 = real.max x y
        return s0
      """
    ),
    (
      "isBelow",
      """
      skill (x: real, limit: real) -> bool
        s0 = real.lessOrEqual x limit
        return s0
      """
    ),
    (
      "grow",
      """
      skill (x: real) -> real
        s0 = real.multiply x 1.5
        return s0
      """
    ),
    (
      "until",
      """
      skill (x: real, limit: real) -> real
        s0 = control.while isBelow{limit} grow x
        return s0
      """
    ),
    (
      "between",
      """
      skill (x: real, y: real, z: real) -> (bool, real)
        s0 = real.less x y
        s1 = real.less y z
        s2 = bool.and s0 s1
        s3 = bool.not s2
        s4 = bool.or s3 s0
        s5 = control.if s2 y x
        s6 = pair.make s4 s5
        return s6
      """
    ),
    (
      "spin",
      """
      skill (x: real) -> real
        s0 = real.less x 0.0
        s1 = real.add x 1.0
        s2 = self s1
        s3 = control.if s0 s2 x
        return s3
      """
    ),
    (
      "halves",
      """
      skill (xs: [real], k: int) -> [real]
        s0 = list.get xs k
        s1 = real.less 1.0 s0
        s2 = list.reverse xs
        s3 = list.drop xs 1
        s4 = control.if s1 s2 s3
        return s4
      """
    ),
  ]

  private func soft(
    _ name: String, _ arguments: [Value], _ softness: Softness
  ) throws -> Softness.Result {
    let code = try #require(workshop.codes[workshop.digest(name)!])
    return try softness.differentiate(code, arguments) { workshop.codes[$0] }
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  @Test("A comparison is a sigmoid, a branch the weighted sum of its arms, a maximum a softmax")
  func forms() throws {
    let p = sigmoid(4 * (2 - 1.75))
    let clamp = try soft("clamp", [.real(1.75), .real(2)], Softness(sharpness: 4))
    let expected = p * 1.75 * 1.75 + (1 - p) * 3
    #expect(clamp.derivative.value.matches(.real(expected), tolerance: 1e-12))
    // d p / d limit = 4 p (1 - p), and the limit is in the second arm.
    let byLimit = 4 * p * (1 - p) * (1.75 * 1.75 - 3) + (1 - p)
    #expect(abs(clamp.derivative.matrix[0][1] - byLimit) < 1e-12)
    let q = sigmoid(4 * (1 - 1.5))
    let larger = try soft("larger", [.real(1), .real(1.5)], Softness(sharpness: 4))
    #expect(larger.derivative.value.matches(.real(q * 1 + (1 - q) * 1.5), tolerance: 1e-12))
  }

  private static let cases: [(name: String, arguments: [Value])] = [
    ("clamp", [.real(1.8), .real(2)]), ("clamp", [.real(2.3), .real(2)]),
    ("larger", [.real(-1), .real(-1.2)]), ("until", [.real(1), .real(10)]),
    ("between", [.real(1), .real(1.3), .real(1.9)]), ("halves", [.reals([1.5, 2]), .int(0)]),
  ]

  @Test("The derivatives are those of central differences", arguments: cases.indices, [0.5, 3, 20])
  func centralDifferences(index: Int, sharpness: Double) throws {
    let (name, arguments) = SoftTests.cases[index]
    let softness = Softness(sharpness: sharpness)
    let found = try soft(name, arguments, softness).derivative
    let step = 1e-6
    for input in 0..<found.inputCount {
      func results(_ change: Double) throws -> [Double] {
        var place = -1
        let moved = arguments.map { argument in
          argument.mapping {
            place += 1
            return place == input ? $0 + change : $0
          }
        }
        return try soft(name, moved, softness).derivative.value.numbers
      }
      let (above, below) = (try results(step), try results(-step))
      for (output, row) in found.matrix.enumerated() {
        let slope = (above[output] - below[output]) / (2 * step)
        #expect(abs(row[input] - slope) < 1e-5 * max(1, abs(slope)), "\(name)")
      }
    }
  }

  @Test(
    "As the sharpness grows, results and derivatives become the exact ones",
    arguments: cases.indices)
  func limits(index: Int) throws {
    let (name, arguments) = SoftTests.cases[index]
    let code = try #require(workshop.codes[workshop.digest(name)!])
    let image = try Image(linking: code, mode: .jacobian) { workshop.codes[$0] }
    let exact = try Machine().differentiate(image, arguments)
    let found = try soft(name, arguments, Softness(sharpness: 1e4)).derivative
    #expect(found.value.matches(exact.value, tolerance: 1e-9))
    for (row, expected) in zip(found.matrix.joined(), exact.matrix.joined()) {
      #expect(abs(row - expected) < 1e-9)
    }
  }

  @Test(
    "At infinite sharpness a soft run is the exact run, errors included",
    arguments: UInt64(700)..<716, [false, true])
  func hard(seed: UInt64, straightThrough: Bool) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    var compared = 0
    for number in 0..<40 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let limits = Limits(fuel: 20_000, bytes: 16 << 20, depth: 50)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let image = try Image(linking: code) { programs.codes[$0] }
      let expected = Result { try Machine(limits: limits).run(image, input).value }
      // Limits are counted in another way.
      switch expected {
      case .failure(MachineError.fuel), .failure(MachineError.depth), .failure(MachineError.memory):
        continue
      default: break
      }
      let softness = Softness(
        sharpness: .infinity, maximumRounds: 20_000, straightThroughInts: straightThrough)
      let found = Result {
        try softness.differentiate(code, input) { programs.codes[$0] }.derivative.value
      }
      compared += 1
      switch (found, expected) {
      case (.success(let found), .success(let expected)):
        #expect(found == expected, "program \(number) on \(input)")
      case (.failure, .failure): break
      default: Issue.record("program \(number) on \(input): \(found), \(expected)")
      }
    }
    #expect(compared > 20)
  }

  @Test(
    "What is bound to the skill of a loop fails even where there is no round",
    arguments: [
      ("[int]", "list.map int.add{s0} []"), ("[int]", "list.map2 sum{s0} [] [1]"),
      ("[int]", "list.filter int.less{s0} []"), ("int", "list.fold sum{s0} 1 []"),
      ("int", "control.iterate int.add{s0} 0 1"), ("int", "chain.fold 1 sum{s0} chain.end()"),
    ])
  func boundOperandsFail(result: String, loop: String) throws {
    var workshop = Workshop()
    try workshop.define(
      "sum",
      """
      skill (x: int, y: int, z: int) -> int
        s0 = int.add x y
        s1 = int.add s0 z
        return s1
      """)
    let code = try workshop.code(
      """
      \(loop.hasPrefix("chain") ? "type chain = end | link(int, chain)\n" : "")\
      skill (x: int) -> \(result)
        s0 = int.divide 1 x
        s1 = \(loop)
        return s1
      """)
    let library = workshop.codes
    func soft(_ x: Int) throws -> Value {
      try Softness(sharpness: 3).differentiate(code, [.int(x)]) { library[$0] }.derivative.value
    }
    let image = try Image(linking: code) { library[$0] }
    #expect(try soft(1) == Machine().run(image, [.int(1)]).value)
    #expect(throws: MachineError.divisionByZero) { try soft(0) }
    #expect(throws: MachineError.divisionByZero) { try Machine().run(image, [.int(0)]) }
  }

  private static let rounded: [(steps: String, value: Int, slopes: [Double])] = [
    // 7 · 38 + 5 = 271: its last digit changes as fast as 7 x + 5 does.
    ("s0 = int.multiply x y\n  s1 = int.add s0 5\n  s2 = int.modulo s1 10", 1, [7, 38]),
    // The quotient changes as that of reals, 35 / 7, with x itself behind it.
    (
      "s0 = int.subtract x 3\n  s1 = int.divide s0 y\n  s2 = int.add s1 x", 43,
      [8.0 / 7, -35.0 / 49]
    ),
    // A remainder is what is left of five times y.
    ("s0 = int.modulo x y\n  s1 = int.subtract 0 s0\n  s2 = int.add s1 0", -3, [-1, 5]),
  ]

  @Test("Derivatives go straight through ints, which stay what they are", arguments: 0..<3)
  func straightThrough(index: Int) throws {
    let (steps, value, slopes) = SoftTests.rounded[index]
    let code = try workshop.code(
      "skill (x: int, y: int) -> int\n  \(steps)\n  return s2\n")
    let softness = Softness(sharpness: 3, straightThroughInts: true)
    let found = try softness.differentiate(code, [.int(38), .int(7)]) { _ in nil }.derivative
    #expect(found.value == .int(value))
    #expect(found.inputCount == 2)
    for (row, slope) in zip(found.matrix[0], slopes) { #expect(abs(row - slope) < 1e-12) }
    // Without it there is nothing to be derived.
    let plain = try Softness(sharpness: 3).differentiate(code, [.int(38), .int(7)]) { _ in nil }
    #expect(plain.derivative.inputCount == 0 && plain.derivative.outputCount == 0)
  }

  @Test("A pointer moves along the line through the elements beside it")
  func movedPointers() throws {
    let code = try workshop.code(
      """
      skill (xs: [real], k: int) -> (real, [real])
        s0 = list.get xs k
        s1 = list.drop xs k
        s2 = pair.make s0 s1
        return s2
      """)
    let softness = Softness(sharpness: 1, straightThroughInts: true)
    let found = try softness.differentiate(code, [.reals([1, 4, 9, 16]), .int(1)]) { _ in nil }
      .derivative
    #expect(found.value == .pair(.real(4), .reals([4, 9, 16])))
    // Inputs are the four reals and k; at the end of the list there is one neighbour only.
    #expect(found.matrix.map(\.last) == [4, 4, 6, 7])
    #expect(found.matrix[0].prefix(4) == [0, 1, 0, 0])
  }

  @Test(
    "Ints are compared between one and the next, and a branch weighs them", arguments: [0.5, 4])
  func comparedInts(sharpness k: Double) throws {
    let code = try workshop.code(
      """
      skill (x: int, y: int) -> int
        s0 = int.less x y
        s1 = control.if s0 y x
        return s1
      """)
    let softness = Softness(sharpness: k, straightThroughInts: true)
    for (x, y) in [(3, 3), (3, 4), (4, 3), (-2, 5)] {
      let found = try softness.differentiate(code, [.int(x), .int(y)]) { _ in nil }.derivative
      #expect(found.value == .int(max(x, y)))
      func mixture(_ x: Double, _ y: Double) -> Double {
        let p = sigmoid(k * (y - x - 0.5))
        return p * y + (1 - p) * x
      }
      let (a, b, step) = (Double(x), Double(y), 1e-6)
      let byX = (mixture(a + step, b) - mixture(a - step, b)) / (2 * step)
      let byY = (mixture(a, b + step) - mixture(a, b - step)) / (2 * step)
      #expect(abs(found.matrix[0][0] - byX) < 1e-6 && abs(found.matrix[0][1] - byY) < 1e-6)
    }
    // Beyond the ints that a Double tells apart, the exact decision stands.
    let large = (1 << 60) + 1
    let far = try softness.differentiate(code, [.int(1 << 60), .int(large)]) { _ in nil }
    #expect(far.derivative.value == .int(large))
  }

  @Test("A loop is unrolled to its limit, and says so; so are calls")
  func cutOff() throws {
    var softness = Softness(sharpness: 5)
    #expect(try !soft("until", [.real(1), .real(10)], softness).hitsLimit)
    softness.maximumRounds = 3
    let cut = try soft("until", [.real(1), .real(10)], softness)
    #expect(cut.hitsLimit && cut.derivative.value.matches(.real(1.5 * 1.5 * 1.5), tolerance: 1e-6))
    // Close to the test's edge the call itself has weight, too, as deep as the limit lets it.
    softness.maximumDepth = 4
    softness.sharpness = 1
    let spun = try soft("spin", [.real(0.5)], softness)
    #expect(spun.hitsLimit)
    softness.maximumDepth = 200
    #expect(try !soft("spin", [.real(0.5)], softness).hitsLimit)
    softness.fuel = 10
    #expect(throws: MachineError.fuel(limit: 10)) {
      try soft("spin", [.real(0.5)], softness)
    }
  }

  @Test("An arm that fails counts only where it is the heavier")
  func failingArms() throws {
    let text = """
      skill (x: real, ys: [real]) -> real
        s0 = real.less x 1.0
        s1 = list.first ys
        s2 = control.if s0 s1 x
        return s2
      """
    let code = try workshop.code(text)
    func run(_ x: Double) throws -> Value {
      try Softness(sharpness: 2).differentiate(code, [.real(x), .list([])]) { _ in nil }
        .derivative.value
    }
    #expect(try run(1.5) == .real(1.5))
    #expect(throws: MachineError.emptyList) { try run(0.5) }
    #expect(throws: ArgumentError.count(0, expected: 2)) {
      try Softness(sharpness: 2).differentiate(code, []) { _ in nil }
    }
  }
}

extension Value {
  fileprivate var numbers: [Double] {
    switch self {
    case .real(let real): [real.value]
    case .int, .bool: []
    case .list(let values): values.flatMap(\.numbers)
    case .pair(let first, let second): first.numbers + second.numbers
    case .made(_, _, let fields): fields.flatMap(\.numbers)
    }
  }

  fileprivate func mapping(_ transform: (Double) -> Double) -> Value {
    switch self {
    case .real(let real): .real(transform(real.value))
    case .int, .bool: self
    case .list(let values): .list(values.map { $0.mapping(transform) })
    case .pair(let first, let second): .pair(first.mapping(transform), second.mapping(transform))
    case .made(let definition, let constructor, let fields):
      .made(definition, constructor: constructor, fields.map { $0.mapping(transform) })
    }
  }
}
