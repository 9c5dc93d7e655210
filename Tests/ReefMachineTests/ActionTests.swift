import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct ActionTests {
  @Test("A replay of the actions reproduces every value", arguments: UInt64(600)..<612)
  func replays(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed)
    var kinds: Set<ActionKind> = []
    for number in 0..<30 {
      let code = programs.program(helpers: 2, steps: 1 + number / 2)
      let codes = programs.codes
      let image = try Image(linking: code, isTraced: true) { codes[$0] }
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let codeOf = { (digest: Digest) in codes[digest] }
      var recorder = ActionRecorder(code, codeOf: codeOf) { value throws(MachineError) in
        try value.value()
      }
      var replay = ActionReplay(code, input, codes)
      var state = ActionState(
        code.signature, input,
        vocabulary: ActionVocabulary(skills: codes.mapValues(\.signature)))
      let stateMachine = Machine()
      var problem: String?
      func check(_ executed: ActionRecorder<Value>.Executed) {
        kinds.insert(executed.action.kind)
        guard let action = Action(json: executed.action.json), action == executed.action else {
          problem = "the token \(executed.action.json.text) does not read back"
          return
        }
        do {
          let written = try replay.apply(action)
          let other = try state.apply(action, on: stateMachine)
          if written != executed.written || other != executed.written {
            problem = "\(action.json.text) wrote \(written as Any) and \(other as Any)"
          }
        } catch ReferenceInterpreter.Failure.limit {
          problem = nil
        } catch {
          problem = "\(action.json.text): \(error)"
        }
      }
      let machine = Machine(limits: Limits(fuel: 3_000, bytes: 2 << 20, depth: 100))
      let copied = machine.heap.copiedElements
      let found = Result {
        try machine.trace(image, input) { event throws(MachineError) in
          for executed in try recorder.actions(after: event) where problem == nil {
            check(executed)
          }
          return problem == nil
        }
      }
      #expect(problem == nil, "program \(number) on \(input)")
      guard problem == nil, let run = try? found.get() else { continue }
      check(ActionRecorder<Value>.halt)
      #expect(replay.hasHalted && state.hasHalted)
      #expect(replay.result == run.value, "program \(number) on \(input)")
      let steps = run.steps - (machine.heap.copiedElements - copied)
      #expect(state.steps == steps, "program \(number) on \(input)")
    }
    #expect(kinds.count > 15)
  }

  @Test("Tokens that are none are refused")
  func badTokens() throws {
    for text in [
      "{}", "[]", #"{"action":"ADD"}"#, #"{"action":"JUMP","arguments":[]}"#,
      #"{"action":"ADD","arguments":[{"slot":"x"}]}"#,
      #"{"action":"ADD","arguments":[{"constant":"[1"}]}"#,
      #"{"action":"CALL","arguments":[],"skill":"12"}"#,
      #"{"action":"CALL","arguments":[{"skill":"other","captures":[]}]}"#,
      #"{"action":"STORE","arguments":[],"result":1.5}"#,
    ] {
      #expect(Action(json: try JSON(parsing: text)) == nil, "\(text)")
    }
  }

  @Test("The guide's table holds every action as the machine declares it")
  func table() throws {
    let path = URL(fileURLWithPath: SkillLanguageGuideTests.path).deletingLastPathComponent()
      .appendingPathComponent("actions.md").path
    let guide = try String(contentsOfFile: path, encoding: .utf8)
    let begin = try #require(
      guide.range(of: #"<!-- actions: begin[^>]*-->\n"#, options: .regularExpression))
    let end = try #require(guide.range(of: "<!-- actions: end -->"))
    let rows = ActionKind.allCases.map { kind in
      let row = kind.declaration
      let gradient = row.isDifferentiable ? "of reals" : ""
      return "| `\(kind.rawValue)` | \(row.operands) | \(row.meaning) | \(row.cost) | "
        + "\(row.failures) | \(gradient) |\n"
    }
    let table =
      "\n| action | operands | meaning | steps | errors | derivative |\n"
      + "| --- | --- | --- | --- | --- | --- |\n" + rows.joined() + "\n"
    let current = guide.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: table)
    guard current != guide else { return }
    try current.write(toFile: path + ".new", atomically: true, encoding: .utf8)
    Issue.record("The actions have changed. Read both; to accept: mv \(path).new \(path)")
  }
}
