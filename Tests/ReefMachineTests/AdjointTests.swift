import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite("Adjoints")
struct AdjointTests {
  /// A workshop with skills on reals of every form of control flow, as a learner would find them.
  private static func workshop() throws -> Workshop {
    var workshop = Workshop()
    for (name, text) in skills { try workshop.define(name, text) }
    return workshop
  }

  private static let skills: [(name: String, text: String)] = [
    (
      "dot",
      """
      skill (x: [real], y: [real]) -> real
        s0 = list.map2 real.multiply x y
        s1 = list.fold real.add 0.0 s0
        return s1
      """
    ),
    (
      "layer",
      """
      skill (w: [[real]], x: [real], b: [real]) -> [real]
        s0 = list.map dot{x} w
        s1 = list.map2 real.add s0 b
        return s1
      """
    ),
    (
      "network",
      """
      skill (v: [[real]], w: [[real]], x: [real], b: [real]) -> [real]
        s0 = layer w x b
        s1 = list.map real.max{0.0} s0
        s2 = list.map dot{s1} v
        return s2
      """
    ),
    (
      "hornerStep",
      """
      skill (sum: real, c: real, x: real) -> real
        s0 = real.multiply sum x
        s1 = real.add s0 c
        return s1
      """
    ),
    (
      "polynomial",
      """
      skill (cs: [real], x: real) -> real
        s0 = list.fold hornerStep{x} 0.0 cs
        return s0
      """
    ),
    (
      "newtonStep",
      """
      skill (guess: real, x: real) -> real
        s0 = real.divide x guess
        s1 = real.add guess s0
        s2 = real.divide s1 2.0
        return s2
      """
    ),
    (
      "root",
      """
      skill (x: real) -> real
        s0 = control.iterate newtonStep{x} 6 x
        return s0
      """
    ),
    (
      "clamp",
      """
      skill (x: real) -> real
        s0 = real.less x 0.0
        s1 = real.subtract 0.0 x
        s2 = real.multiply x x
        s3 = control.if s0 s1 s2
        return s3
      """
    ),
    (
      "isLong",
      """
      skill (x: real) -> bool
        s0 = real.lessOrEqual x 10.0
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
      "untilLarge",
      """
      skill (x: real) -> real
        s0 = control.while isLong grow x
        return s0
      """
    ),
    (
      "accumulate",
      """
      skill (sum: real, x: real) -> (real, real)
        s0 = real.add sum x
        s1 = pair.make s0 s0
        return s1
      """
    ),
    (
      "runningProducts",
      """
      skill (xs: [real]) -> (real, [real])
        s0 = list.scan accumulate 1.0 xs
        return s0
      """
    ),
    (
      "sumBySelf",
      """
      skill (xs: [real]) -> real
        s0 = list.isEmpty xs
        s1 = list.first xs
        s2 = list.rest xs
        s3 = self s2
        s4 = real.multiply s1 s1
        s5 = real.add s4 s3
        s6 = control.if s0 0.0 s5
        return s6
      """
    ),
    (
      "positives",
      """
      skill (xs: [real]) -> [real]
        s0 = list.filter real.less{3.0} xs
        s1 = list.map real.divide{4.0} s0
        s2 = list.reverse s1
        return s2
      """
    ),
    (
      "placeOfFirst",
      """
      skill (xs: [real], x: real) -> real
        s0 = list.indexOf xs x
        s1 = equal xs xs
        s2 = real.fromInt s0
        s3 = real.multiply s2 x
        s4 = control.if s1 s3 x
        return s4
      """
    ),
  ]

  private static let cases: [(name: String, arguments: [Value])] = [
    ("dot", [.reals([1, 2, -3]), .reals([0.5, 4, 2])]),
    ("layer", [.list([.reals([1, 2]), .reals([3, -4])]), .reals([0.5, 2]), .reals([1, 7])]),
    (
      "network",
      [
        .list([.reals([1, -2])]), .list([.reals([1, 2]), .reals([3, -4])]), .reals([0.5, 2]),
        .reals([1, 7]),
      ]
    ),
    ("polynomial", [.reals([2, -1, 0.5, 3]), .real(1.5)]),
    ("root", [.real(7)]),
    ("clamp", [.real(-2)]),
    ("clamp", [.real(2)]),
    ("untilLarge", [.real(1)]),
    ("runningProducts", [.reals([1, 2, 3])]),
    ("sumBySelf", [.reals([1, 2, 3])]),
    ("positives", [.reals([1, 5, 2, -3])]),
    ("placeOfFirst", [.reals([4, 5, 6]), .real(6)]),
  ]

  @Test("Jacobian code gives the derivatives of central differences", arguments: cases.indices)
  func centralDifferences(index: Int) throws {
    let (name, arguments) = AdjointTests.cases[index]
    let workshop = try AdjointTests.workshop()
    let code = workshop.codes[workshop.digest(name)!]!
    let image = try Image(linking: code, mode: .jacobian) { workshop.codes[$0] }
    let machine = Machine()
    let found = try machine.differentiate(image, arguments)
    let plain = try Image(linking: code) { workshop.codes[$0] }
    let expected = try machine.run(plain, arguments)
    #expect(found.value == expected.value && found.steps == expected.steps)
    #expect(found.inputCount == arguments.reduce(0) { $0 + $1.reals.count })
    #expect(found.outputCount == expected.value.reals.count)
    // A place in a list of equals has no neighbours: what equals it does not change.
    if name == "placeOfFirst" { return #expect(found.matrix == [[0, 0, 0, 2]]) }
    try expectDifferences(found.matrix, plain, arguments)
  }

  private func expectDifferences(
    _ matrix: [[Double]], _ image: Image, _ arguments: [Value]
  ) throws {
    let step = 1e-6
    func results(_ input: Int, _ change: Double) throws -> [Double] {
      var place = -1
      let moved = arguments.map { argument in
        argument.mapReals {
          place += 1
          return place == input ? $0 + change : $0
        }
      }
      return try Machine().run(image, moved).value.reals
    }
    for input in 0..<(matrix.first?.count ?? 0) {
      let (above, below) = (try results(input, step), try results(input, -step))
      for (output, row) in matrix.enumerated() {
        let slope = (above[output] - below[output]) / (2 * step)
        #expect(abs(row[input] - slope) < 1e-5 * max(1, abs(slope)))
      }
    }
  }

  @Test("Every atom from reals to a real states its adjoint; it agrees with central differences")
  func atoms() throws {
    let atoms = Atoms.all.filter {
      $0.resultType == .real && $0.parameterTypes.allSatisfy { $0 == .real }
    }
    #expect(atoms.count >= 8)
    for atom in atoms {
      let count = atom.parameterTypes.count
      let code = SkillCode(
        signature: Signature(
          parameters: ["x", "y"].prefix(count).map { .init($0, .real) }, result: .real),
        steps: [.init(.skill(atom.digest), (0..<count).map { .slot($0) })], result: .slot(count))
      let arguments: [Value] = Array([.real(1.7), .real(-0.6)].prefix(count))
      let found = try Machine().differentiate(
        try Image(linking: code, mode: .jacobian), arguments)
      try expectDifferences(found.matrix, try Image(linking: code), arguments)
    }
  }

  @Test("The layer's Jacobian is the closed form")
  func closedForm() throws {
    let workshop = try AdjointTests.workshop()
    let image = try Image(linking: workshop.codes[workshop.digest("layer")!]!, mode: .jacobian) {
      workshop.codes[$0]
    }
    let (w, x) = ([[1.0, 2], [3, -4], [0.25, 9]], [0.5, -2.0])
    let derivative = try Machine().differentiate(
      image, [.list(w.map { .reals($0) }), .reals(x), .reals([1, 2, 3])])
    // ∂ y_i / ∂ w_jk = x_k where i = j, ∂ y_i / ∂ x_k = w_ik, ∂ y_i / ∂ b_j = 1 where i = j.
    for i in 0..<3 {
      let byWeights: [Double] = (0..<3).flatMap { j in i == j ? x : [0, 0] }
      let byBias: [Double] = (0..<3).map { i == $0 ? 1 : 0 }
      #expect(derivative.row(i) == byWeights + w[i] + byBias)
    }
    let byWeights: [Double] = [0.5, -2, -0.5, 2, 1, -4]
    let byInputs: [Double] = [1 - 3 + 0.5, 2 + 4 + 18]
    #expect(derivative.gradient([1, -1, 2]) == byWeights + byInputs + [1, -1, 2])
  }

  @Test(
    "Jacobian code computes what output code does, at the same cost", arguments: UInt64(400)..<412)
  func sameResults(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<40 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let limits = Limits(fuel: 200_000, bytes: 64 << 20, depth: 10_000)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      func result(_ run: () throws -> (Value, Int)) throws -> (Value, Int)? {
        do { return try run() } catch is MachineError { return nil }
      }
      let expected = try result {
        try Machine(limits: limits).run(Image(linking: code) { programs.codes[$0] }, input)
      }
      let found = try result {
        let image = try Image(linking: code, mode: .jacobian) { programs.codes[$0] }
        let derivative = try Machine(limits: limits).differentiate(image, input)
        return (derivative.value, derivative.steps)
      }
      #expect(found?.0 == expected?.0 && found?.1 == expected?.1, "program \(number) on \(input)")
    }
  }

  @Test("Limits and NaN are those of any run")
  func limits() throws {
    let workshop = try AdjointTests.workshop()
    let code = workshop.codes[workshop.digest("untilLarge")!]!
    let image = try Image(linking: code, mode: .jacobian) { workshop.codes[$0] }
    #expect(throws: MachineError.fuel(limit: 1000)) {
      try Machine(limits: Limits(fuel: 1000)).differentiate(image, [.real(-1)])
    }
    #expect(throws: MachineError.memory(limit: 1 << 20)) {
      try Machine(limits: Limits(bytes: 1 << 20)).differentiate(image, [.real(-1)])
    }
    #expect(throws: ArgumentError.count(0, expected: 1)) {
      try Machine().differentiate(image, [])
    }
    let bad = try Machine().differentiate(image, [.real(.nan)])
    #expect(bad.value == .real(.nan) && bad.matrix == [[1]])
  }
}

extension Value {
  /// The reals inside, depth first.
  fileprivate var reals: [Double] {
    switch self {
    case .real(let real): [real.value]
    case .int, .bool: []
    case .list(let values): values.flatMap(\.reals)
    case .pair(let first, let second): first.reals + second.reals
    case .made(_, _, let fields): fields.flatMap(\.reals)
    }
  }

  fileprivate func mapReals(_ transform: (Double) -> Double) -> Value {
    switch self {
    case .real(let real): .real(transform(real.value))
    case .int, .bool: self
    case .list(let values): .list(values.map { $0.mapReals(transform) })
    case .pair(let first, let second): .pair(first.mapReals(transform), second.mapReals(transform))
    case .made(let definition, let constructor, let fields):
      .made(definition, constructor: constructor, fields.map { $0.mapReals(transform) })
    }
  }
}
