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
      let input = code.signature.parameterTypes.map { programs.value($0) }
      for action in try ActionTests.replay(code, input, programs.codes) ?? [] {
        kinds.insert(action.kind)
      }
    }
    #expect(kinds.count > 12)
  }

  @Test("So it does where types are declared", arguments: RandomProgramTests.seeds(12))
  func replaysDeclared(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: true)
    var ended = 0
    for number in 0..<16 {
      let code = programs.program(helpers: 2, steps: 1 + number / 2)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      if try ActionTests.replay(code, input, programs.codes) != nil { ended += 1 }
    }
    #expect(ended > 4)
  }

  /// Traces the run and executes its actions as they come, by two that know nothing of each other.
  ///
  /// - Returns: The actions; nil where the run ended in an error, which is then that of the action.
  @discardableResult
  static func replay(
    _ code: SkillCode, _ input: [Value], _ codes: [Digest: SkillCode],
    limits: Limits = Limits(fuel: 3_000, bytes: 2 << 20, depth: 100)
  ) throws -> [Action]? {
    let image = try Image(linking: code, isTraced: true) { codes[$0] }
    let codeOf = { (digest: Digest) in codes[digest] }
    var recorder = ActionRecorder(code, codeOf: codeOf) { value throws(MachineError) in
      try value.value()
    }
    var replay = ActionReplay(code, input, codes)
    var state = ActionState(
      code.signature, input,
      vocabulary: ActionVocabulary(
        skills: codes.mapValues(\.signature),
        types: code.definitions + codes.values.flatMap(\.definitions)))
    let stateMachine = Machine()
    var problem: String?
    var actions: [Action] = []
    func check(_ executed: ActionRecorder<Value>.Executed) {
      actions.append(executed.action)
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
    let machine = Machine(limits: limits)
    let copied = machine.heap.copiedElements
    let found = Result {
      try machine.trace(image, input) { event throws(MachineError) in
        for executed in try recorder.actions(after: event) where problem == nil {
          check(executed)
        }
        return problem == nil
      }
    }
    #expect(problem == nil, "\(code.text { code.atom($0)?.name }) on \(input)")
    guard problem == nil else { return nil }
    guard case .success(let run) = found else {
      guard let action = recorder.unfinished, case .failure(let error as MachineError) = found
      else { return nil }
      switch error {
      case .overflow, .divisionByZero, .index, .emptyList, .tool:
        #expect(throws: error) { try state.apply(action, on: stateMachine) }
      case .fuel, .memory, .depth, .nesting: break
      }
      return nil
    }
    check(ActionRecorder<Value>.halt)
    #expect(replay.hasHalted && state.hasHalted)
    #expect(replay.result == run.value, "\(input)")
    let steps = run.steps - (machine.heap.copiedElements - copied)
    #expect(state.steps == steps, "\(code.text { code.atom($0)?.name }) on \(input)")
    return actions
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
