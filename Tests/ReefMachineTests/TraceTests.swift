import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct TraceTests {
  private static let limits = Limits(fuel: 200_000, bytes: 16 << 20, depth: 10_000)

  @Test("A traced run has the machine's result, errors and steps", arguments: UInt64(400)..<412)
  func agreesWithMachine(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let plain = try Image(linking: code) { programs.codes[$0] }
      let traced = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let expected = outcome { try Machine(limits: TraceTests.limits).run(plain, input) }
      let found = outcome {
        try Machine(limits: TraceTests.limits).trace(traced, input) { _ throws(MachineError) in true
        }
      }
      #expect(found == expected, "program \(number) on \(input)")
    }
  }

  private func outcome(_ run: () throws -> (value: Value, steps: Int)) -> String {
    Result { try run() }.map { "\($0.value) in \($0.steps) steps" }.description
  }

  @Test("A traced run makes every pair, so that a list in one may be copied")
  func copies() throws {
    var workshop = Workshop()
    try workshop.define(
      "touched",
      """
      skill (p: ([int], int)) -> int
        s0 = pair.first p
        s1 = list.set s0 0 7
        s2 = list.get s1 0
        return s2
      """)
    try workshop.define("size", "skill (p: ([int], int)) -> int\n  s0 = pair.second p\n  return s0")
    let codes = workshop.codes
    let code = try workshop.code(
      """
      skill (n: int) -> int
        s0 = list.replicate n 0
        s1 = pair.make s0 n
        s2 = touched s1
        s3 = size s1
        s4 = int.add s2 s3
        return s4
      """)
    let run = try Machine().run(try Image(linking: code) { codes[$0] }, [.int(100)])
    let image = try Image(linking: code, isTraced: true) { codes[$0] }
    let traced = try Machine().trace(image, [.int(100)]) { _ in true }
    #expect(run.value == .int(107) && traced.value == .int(107))
    #expect(traced.steps == run.steps + 100)
  }

  @Test("What is told of each atom is true", arguments: UInt64(500)..<512)
  func agreesWithOracle(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    var told = 0
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let image = try Image(linking: code, isTraced: true) { programs.codes[$0] }
      let input = code.signature.parameterTypes.map { programs.value($0) }
      var open: [(callee: Digest?, operands: [Value]?)] = []
      let limits = Limits(fuel: 2_000, bytes: 1 << 20, depth: 100)
      _ = try? Machine(limits: limits).trace(image, input) {
        event throws(MachineError) in
        switch event.moment {
        case .begins(let operands):
          open.append((event.callee, try TraceTests.values(operands)))
        case .ends(let result):
          let (callee, operands) = open.removeLast()
          #expect(callee == event.callee)
          guard let atom = callee.flatMap(Atoms.with), atom.controlForm == nil else { break }
          let value = try result.value()
          #expect(value.conforms(to: result.type))
          let expected = Result { try Oracle.apply(atom.name, operands ?? []) }
          if case .success(let expected) = expected {
            #expect(value == expected, "\(atom.name) \(operands ?? [])")
            told += 1
          }
        }
        return true
      }
    }
    // Atoms of declared types are told in other tests.
    #expect(told > (seed % 2 == 1 ? 5 : 20))
  }

  /// Nil where a skill is among the operands.
  private static func values(_ operands: [TraceEvent.Operand]) throws(MachineError) -> [Value]? {
    var values: [Value] = []
    for operand in operands {
      guard case .value(let value) = operand else { return nil }
      values.append(try value.value())
    }
    return values
  }

  // MARK: Transcripts

  private var workshop = Workshop()

  init() throws {
    try workshop.define(
      "column",
      """
      skill (carry: int, digits: (int, int)) -> (int, int)
        s0 = pair.first digits
        s1 = pair.second digits
        s2 = int.add s0 s1
        s3 = int.add s2 carry
        s4 = int.divide s3 10
        s5 = int.modulo s3 10
        s6 = pair.make s4 s5
        return s6
      """)
    try workshop.define(
      "columns",
      """
      skill (a: [int], b: [int]) -> (int, [int])
        s0 = list.zip a b
        s1 = list.scan column 0 s0
        return s1
      """)
    try workshop.define(
      "under", "skill (x: int, y: int) -> bool\n  s0 = int.less x y\n  return s0")
    try workshop.define(
      "forms",
      """
      skill (n: int, xs: [int]) -> [int]
        s0 = control.while under{n} int.add{n} 1
        s1 = int.less s0 n
        s2 = list.map int.add{s0} xs
        s3 = control.if s1 xs s2
        return s3
      """)
    try workshop.define(
      "countdown",
      """
      skill (n: int) -> int
        s0 = int.lessOrEqual n 0
        s1 = int.subtract n 1
        s2 = self s1
        s3 = int.add s2 1
        s4 = control.if s0 0 s3
        return s4
      """)
    try workshop.define(
      "fault",
      """
      skill (x: int) -> int
        s0 = int.subtract x 3
        s1 = int.divide x s0
        return s1
      """)
    try workshop.define("count", "skill (xs: [[int]]) -> int\n  s0 = list.length xs\n  return s0")
  }

  /// The lines of a run of a defined skill, and how it ended.
  private func transcript(
    of name: String, _ arguments: Value..., onlyCalls: Bool = false, width: Int = 30,
    limit: Int = .max, limits: Limits = TraceTests.limits
  ) throws -> (lines: [String], result: Result<Value, any Error>) {
    let code = try #require(workshop.codes.values.first { workshop.name($0.digest) == name })
    let call = SkillCode.Step(.skill(code.digest), arguments.indices.map { .slot($0) })
    let caller = SkillCode(
      signature: code.signature, steps: [call], result: .slot(arguments.count))
    let image = try Image(linking: caller, isTraced: true) { workshop.codes[$0] }
    var transcript = Transcript(onlyCalls: onlyCalls) { value throws(MachineError) in
      value.text(width: width)
    }
    var lines: [String] = []
    let machine = Machine(limits: limits)
    let result = Result {
      try machine.trace(image, arguments) { event throws(MachineError) in
        lines += try transcript.lines(after: event).map { $0.text(names: workshop.name) }
        return lines.count < limit
      }.value
    }
    lines += transcript.takePending().map { $0.text(names: workshop.name) }
    return (lines, result)
  }

  @Test("Steps, rounds and carries are told in order, indented under what they belong to")
  func golden() throws {
    let (lines, result) = try transcript(of: "columns", .ints([7, 2]), .ints([5, 4]))
    #expect(
      lines.joined(separator: "\n") == """
        columns [7,2] [5,4]
          s0 = list.zip [7,2] [5,4] → [[7,5],[2,4]]
          s1 = list.scan column 0 [[7,5],[2,4]]
            round 1: column 0 [7,5]
              s0 = pair.first [7,5] → 7
              s1 = pair.second [7,5] → 5
              s2 = int.add 7 5 → 12
              s3 = int.add 12 0 → 12
              s4 = int.divide 12 10 → 1
              s5 = int.modulo 12 10 → 2
              s6 = pair.make 1 2 → [1,2]
              → [1,2]
            round 2: column 1 [2,4]
              s0 = pair.first [2,4] → 2
              s1 = pair.second [2,4] → 4
              s2 = int.add 2 4 → 6
              s3 = int.add 6 1 → 7
              s4 = int.divide 7 10 → 0
              s5 = int.modulo 7 10 → 7
              s6 = pair.make 0 7 → [0,7]
              → [0,7]
            → [0,[2,7]]
          → [0,[2,7]]
        """)
    #expect(try result.get() == .pair(.int(0), .ints([2, 7])))
  }

  @Test("A while tells its tests, a map what is bound to its skill, a branch its condition")
  func controlForms() throws {
    let (lines, _) = try transcript(of: "forms", .int(2), .ints([5]))
    #expect(
      lines.joined(separator: "\n") == """
        forms 2 [5]
          s0 = control.while under{2} int.add{2} 1
            test 1: under 1 2
              s0 = int.less 1 2 → true
              → true
            round 1: int.add 1 2 → 3
            test 2: under 3 2
              s0 = int.less 3 2 → false
              → false
            → 3
          s1 = int.less 3 2 → false
          s3 = control.if false
            s2 = list.map int.add{3} [5]
              round 1: int.add 5 3 → 8
              → [8]
            → [8]
          → [8]
        """)
  }

  @Test("Only calls of skills are told where that is asked for")
  func onlyCalls() throws {
    let (lines, _) = try transcript(
      of: "columns", .ints([7, 2]), .ints([5, 4]), onlyCalls: true)
    #expect(
      lines.joined(separator: "\n") == """
        columns [7,2] [5,4]
          column 0 [7,5] → [1,2]
          column 1 [2,4] → [0,7]
          → [0,[2,7]]
        """)
  }

  @Test("When nobody listens any more the run goes on to its result")
  func cut() throws {
    let (lines, result) = try transcript(of: "countdown", .int(5_000), limit: 3)
    #expect(
      lines.prefix(3) == [
        "countdown 5000", "  s0 = int.lessOrEqual 5000 0 → false", "  s4 = control.if false",
      ])
    #expect(lines.count < 6)
    #expect(try result.get() == .int(5_000))
  }

  @Test("A run that fails leaves the step at fault on the last line")
  func failure() throws {
    let (lines, result) = try transcript(of: "fault", .int(3))
    #expect(lines == ["fault 3", "  s0 = int.subtract 3 3 → 0", "  s1 = int.divide 3 0"])
    #expect(throws: MachineError.divisionByZero) { try result.get() }
  }

  @Test("A recursion without end is an error, and its lines stay readable")
  func endlessRecursion() throws {
    let limits = Limits(fuel: 1_000_000, bytes: 16 << 20, depth: 2_000)
    let (lines, result) = try transcript(of: "countdown", .int(.max), limits: limits)
    #expect(throws: MachineError.depth(limit: 2_000)) { try result.get() }
    #expect(lines.allSatisfy { $0.count < 150 })
    #expect(lines.last?.contains(") s2 = countdown 922") == true)
  }

  @Test("A long value is cut, and what is left out is counted")
  func widths() throws {
    let rows = Value.list((0..<3).map { .ints(($0 * 10)..<($0 * 10 + 10)) })
    #expect(
      try transcript(of: "count", rows, width: 12).lines[0]
        == "count [[0,1,2,3,4,… 5 more],… 2 more]")
    #expect(try transcript(of: "count", rows, width: 1_000).lines[0] == "count \(rows)")
  }
}

extension Result {
  fileprivate var description: String {
    switch self {
    case .success(let value): "\(value)"
    case .failure(let error): "\(error)"
    }
  }
}
