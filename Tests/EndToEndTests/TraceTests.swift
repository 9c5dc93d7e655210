import ReefMachine
import Testing

@Suite("Traces")
struct TraceTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.plant()
  }

  private func trace(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("reef trace --registry registry.sqlite \(words)")
  }

  @Test("The mode 'jacobian' adds the derivatives, in the shape of the arguments")
  func jacobian() throws {
    let outcome = try trace("real.divide 1 4 --mode jacobian")
    #expect(
      outcome.output == """
        real.divide 1.0 4.0 → 0.25
        ∂ result / ∂ x = 0.25
        ∂ result / ∂ y = -0.0625

        """)
    #expect(
      try trace("list.get '[[2.5,3],[4,5]]' 1 --mode jacobian --json").lines.last
        == #"{"result":[4.0,5.0],"cut":false,"jacobian":["#
        + #"{"place":[0],"by":{"x":[[0.0,0.0],[1.0,0.0]]}},"#
        + #"{"place":[1],"by":{"x":[[0.0,0.0],[0.0,1.0]]}}]}"#)
    #expect(try trace("real.divide 1 4 --mode backward").exitCode == 2)
  }

  @Test("Every step is a line, under the skill that it belongs to")
  func scratchpad() throws {
    let outcome = try trace("demo.quadrupleAll '[1,2]'")
    #expect(outcome.exitCode == 0)
    #expect(outcome.error.isEmpty)
    #expect(
      outcome.output == """
        demo.quadrupleAll [1,2]
          s0 = list.map demo.quadruple [1,2]
            round 1: demo.quadruple 1
              s0 = demo.double 1
                s0 = int.add 1 1 → 2
                → 2
              s1 = demo.double 2
                s0 = int.add 2 2 → 4
                → 4
              → 4
            round 2: demo.quadruple 2
              s0 = demo.double 2
                s0 = int.add 2 2 → 4
                → 4
              s1 = demo.double 4
                s0 = int.add 4 4 → 8
                → 8
              → 8
            → [4,8]
          → [4,8]

        """)
    #expect(try trace("int.add 2 3").output == "int.add 2 3 → 5\n")
  }

  @Test("--calls leaves out what atoms do; --limit and --width cut, and say so")
  func cuts() throws {
    #expect(
      try trace("demo.quadruple 3 --calls").output == """
        demo.quadruple 3
          demo.double 3 → 6
          demo.double 6 → 12
          → 12

        """)
    let numbers = "'[" + (0..<500).map(String.init).joined(separator: ",") + "]'"
    let lines = try trace("demo.quadrupleAll \(numbers) --limit 2 --width 6").lines
    #expect(lines.count == 4)
    #expect(lines[0] == "demo.quadrupleAll [0,1,2,… 497 more]")
    #expect(lines[2] == "… (cut after 2 lines; '--limit' shows more)")
    #expect(
      lines[3] == "→ "
        + (try sandbox.reef(
          "run", "--registry", "registry.sqlite",
          "demo.quadrupleAll", String(numbers.dropFirst().dropLast()))).output.dropLast())
    #expect(try trace("demo.quadrupleAll \(numbers)").lines.count == 1002)
    #expect(try trace("demo.double 1 --limit 3").lines.last == "  → 2")
  }

  @Test("Under --json every line is an object, with whole values and digests")
  func json() throws {
    let lines = try trace("demo.quadruple 3 --json").lines.map { try JSON(parsing: $0) }
    #expect(lines.count == 9)
    #expect(lines[0]["skill"] == "demo.quadruple")
    #expect(lines[0]["operands"] == [3])
    #expect(lines[0]["result"] == nil)
    #expect(lines[2]["step"] == 0)
    #expect(lines[2]["depth"] == 2)
    #expect(lines[2]["result"] == 6)
    #expect(lines[2]["digest"]?.string == Atoms.named("int.add")?.digest.hex)
    #expect(lines[7]["operands"] == nil)
    #expect(lines[8] == ["result": 12, "cut": false])
  }

  @Test("A run that fails ends the transcript at the step, and the command with exit code 4")
  func failure() throws {
    let outcome = try trace("demo.quadruple 4000000000000000000")
    #expect(outcome.exitCode == 4)
    #expect(outcome.lines.last == "    s0 = int.add 8000000000000000000 8000000000000000000")
    #expect(
      outcome.error == "reef: 'demo.quadruple' failed: the result of an integer operation does "
        + "not fit into 64 bits, in step s0 of demo.double.\n")
    #expect(try trace("demo.quadrupel 1").exitCode == 3)
    #expect(try trace("demo.double true").exitCode == 3)
    #expect(try trace("demo.double 1 --limit 0").exitCode == 2)
  }
}
