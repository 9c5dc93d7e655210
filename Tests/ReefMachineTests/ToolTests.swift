import ReefTestSupport
import Testing

@testable import ReefMachine

/// CALL_TOOL: what a host links in, and what must not reach it.
@Suite struct ToolTests {
  struct Broken: Error {}

  private static let lookUp = Tool("lookUp", "(int, [int]) -> [int]") { values in
    .ints(values[1].list!.compactMap(\.int).filter { $0 > values[0].int! })
  }
  private static let caller = SkillCode(
    signature: try! Signature(parsing: "(n: int, xs: [int]) -> [int]"),
    steps: [.init(.skill(lookUp.digest), [.slot(0), .slot(1)])], result: .slot(2))

  @Test("A tool is called with values, and its parts are paid for")
  func calls() throws {
    let image = try Image(linking: ToolTests.caller, tools: [ToolTests.lookUp])
    #expect(image.tools == ["lookUp"])
    let run = try Machine().run(image, [.int(2), .ints([1, 3, 5])])
    #expect(run.value == .ints([3, 5]))
    #expect(run.steps == 1 + 3 + 2)
    #expect(throws: MachineError.fuel(limit: 5)) {
      try Machine().run(image, [.int(2), .ints([1, 3, 5])], fuel: 5)
    }
  }

  @Test("Without the host's leave there are no tools")
  func closed() throws {
    #expect(throws: LinkError.missing(ToolTests.lookUp.digest, in: nil)) {
      try Image(linking: ToolTests.caller)
    }
    #expect(try Image(linking: Workshop().code(MachineTests.countDown)).tools == [])
  }

  @Test("What fails, or gives no value of its type, is an error of the run")
  func failures() throws {
    let tools = [
      Tool("lookUp", "(int, [int]) -> [int]") { _ in throw Broken() },
      Tool("lookUp", "(int, [int]) -> [int]") { _ in .bool(true) },
    ]
    for tool in tools {
      let image = try Image(linking: ToolTests.caller, tools: [tool])
      #expect(throws: MachineError.tool("lookUp")) {
        try Machine().run(image, [.int(2), .ints([])])
      }
    }
  }

  @Test("Memoised skills and Jacobian code reach no tool")
  func purity() throws {
    let caller = ToolTests.caller
    let memo = SkillCode(
      signature: caller.signature,
      steps: [.init(.skill(caller.digest), [.slot(0), .slot(1)])], result: .slot(2),
      isMemoised: true)
    #expect(throws: LinkError.impure("lookUp", in: nil)) {
      try Image(linking: memo, tools: [ToolTests.lookUp]) { $0 == caller.digest ? caller : nil }
    }
    #expect(throws: LinkError.impure("lookUp", in: nil)) {
      try Image(linking: caller, mode: .jacobian, tools: [ToolTests.lookUp])
    }
    // One that is called beside a memoised skill is no harm.
    let square = try Workshop().code(
      "skill memo (x: int) -> int\n  s0 = int.multiply x x\n  return s0")
    let both = SkillCode(
      signature: caller.signature,
      steps: [
        .init(.skill(square.digest), [.slot(0)]),
        .init(.skill(ToolTests.lookUp.digest), [.slot(2), .slot(1)]),
      ], result: .slot(3))
    let image = try Image(linking: both, tools: [ToolTests.lookUp]) {
      $0 == square.digest ? square : nil
    }
    #expect(try Machine().run(image, [.int(2), .ints([4, 5])]).value == .ints([5]))
  }

  @Test("A trace tells a tool as CALL_TOOL, in a step and in a loop")
  func traces() throws {
    let double = Tool("double", "(int) -> int") { .int(2 * $0[0].int!) }
    let map = try #require(Atoms.named("list.map")).digest
    let code = SkillCode(
      signature: try Signature(parsing: "(xs: [int], n: int) -> [int]"),
      steps: [
        .init(.skill(double.digest), [.slot(1)]),
        .init(.skill(map), [.function(.skill(double.digest), captures: []), .slot(0)]),
        .init(.skill(Atoms.named("list.append")!.digest), [.slot(3), .slot(2)]),
      ], result: .slot(4))
    let image = try Image(linking: code, isTraced: true, tools: [double])
    let input = [Value.ints([4, 5]), .int(1)]
    let codeOf = { (_: Digest) -> SkillCode? in nil }
    var recorder = ActionRecorder(code, codeOf: codeOf, tools: [double]) {
      value throws(MachineError) in try value.value()
    }
    var state = ActionState(
      code.signature, input, vocabulary: ActionVocabulary(tools: [double]))
    var told: [Value] = []
    let run = try Machine().trace(image, input) { event throws(MachineError) in
      for executed in try recorder.actions(after: event) {
        let written = try? state.apply(executed.action, on: Machine())
        #expect(written == executed.written)
        if executed.action.kind == .callTool { told.append(executed.written!) }
      }
      return true
    }
    #expect(run.value == .ints([8, 10, 2]))
    #expect(told.sorted { $0.int! < $1.int! } == [.int(2), .int(8), .int(10)])
    #expect(state.frame.slots[4]?.value == run.value)
    #expect(state.steps == run.steps)
  }
}
