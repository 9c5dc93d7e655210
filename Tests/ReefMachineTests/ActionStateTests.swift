import ReefTestSupport
import Testing

@testable import ReefMachine

/// What a policy may do, without any code.
@Suite struct ActionStateTests {
  private static func atoms(_ names: String...) -> [Atom] { names.map { Atoms.named($0)! } }

  private static func state(
    _ signature: String, _ arguments: [Value], _ vocabulary: ActionVocabulary
  ) throws -> ActionState {
    ActionState(try Signature(parsing: signature), arguments, vocabulary: vocabulary)
  }

  @Test("The legal actions are all that fit, and no others")
  func small() throws {
    let state = try ActionStateTests.state(
      "(xs: [int], b: bool) -> int", [.ints([4]), .bool(false)],
      ActionVocabulary(
        atoms: ActionStateTests.atoms(
          "list.get", "list.first", "control.if", "list.map", "int.modulo"),
        constants: [(.int(10), .int)]))
    #expect(
      state.legalActions().map(\.text) == [
        "READ(0, '10') -> 2", "LOAD(0) -> 2", "ELSE(1)", "FOR(f'10', 0)",
        "DIGIT_EXTRACT('10', '10') -> 2", "RECURSE(0, 1) -> 2", "STORE(0) -> 2", "STORE(1) -> 2",
        "STORE('10') -> 2", "FREE(0)", "FREE(1)", "EMIT_OUTPUT('10')", "HALT()",
      ])
  }

  @Test("A policy adds the digits of a list, and what it did is its history")
  func episode() throws {
    let add = Atoms.named("int.add")!
    let fold = Atoms.named("list.fold")!
    let machine = Machine()
    var state = try ActionStateTests.state(
      "(xs: [int]) -> int", [.ints([4, 5])], ActionVocabulary(constants: [(.int(0), .int)]))
    let begin = Action(
      .for, [.function(.skill(add.digest), captures: []), .constant(.int(0)), .slot(0)],
      callee: fold.digest)
    #expect(state.legalActions().contains(begin))
    try state.apply(begin, on: machine)
    let snapshot = state
    var told: [String] = []
    while let action = state.legalActions().first, state.loop != nil {
      #expect(state.legalActions().count == 1)
      try state.apply(action, on: machine)
      told.append(action.text)
    }
    #expect(told == ["CONTINUE()", "ADD()", "CONTINUE()", "ADD()", "BREAK() -> 1"])
    #expect(state.frame.slots[1]?.value == .int(9))
    #expect(state.steps == 5 && state.history.count == 6)
    // A snapshot is not touched by what follows.
    #expect(snapshot.frame.slots.count == 1 && snapshot.history == [begin])
    try state.apply(Action(.emitOutput, [.slot(1)]), on: machine)
    #expect(state.legalActions() == [Action(.halt)])
    try state.apply(Action(.halt), on: machine)
    #expect(state.output == .int(9) && state.legalActions().isEmpty)
  }

  @Test("Every legal action can be executed, or ends as a run would", arguments: UInt64(700)..<720)
  func rollOuts(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed)
    for _ in 0..<4 { _ = programs.program(helpers: 1, steps: 3) }
    let count = programs.random.below(3)
    let names = Set((0..<6).map { _ in programs.random.pick(Atoms.all).name })
    let vocabulary = ActionVocabulary(
      atoms: Atoms.all.filter { names.contains($0.name) },
      skills: programs.codes.mapValues(\.signature),
      constants: [(.int(2), .int), (.ints([]), .list(.int)), (.real(0.5), .real)])
    let machine = Machine(limits: Limits(fuel: 2_000, bytes: 1 << 20))
    let parameters = (0...count).map { _ in programs.type() }
    var state = ActionState(
      Signature(
        parameters: parameters.map { .init("x", $0) }, result: programs.type()),
      parameters.map { programs.value($0) }, vocabulary: vocabulary)
    for _ in 0..<60 {
      let actions = state.legalActions()
      #expect(Set(actions).count == actions.count)
      guard !actions.isEmpty else { break }
      let before = state
      for action in (0..<8).map({ _ in programs.random.pick(actions) }) {
        var copy = state
        do {
          try copy.apply(action, on: machine)
          if action.kind != .halt { state = copy }
          break
        } catch is MachineError {
          #expect(copy.frames.count == before.frames.count && copy.steps == before.steps)
        }
      }
      // A few deep calls would use up the roll-out.
      if state.frames.count > 6 { break }
    }
  }

  @Test("What does not fit is refused, with the reason")
  func refusals() throws {
    let add = Atoms.named("int.add")!
    let branch = Atoms.named("control.if")!
    let state = try ActionStateTests.state(
      "(x: int, b: bool) -> int", [.int(1), .bool(true)], ActionVocabulary())
    let refused: [(Action, String)] = [
      (
        Action(.add, [.slot(0), .slot(1)], callee: add.digest, result: 2),
        "operand 2 of int.add is bool, where int is needed"
      ),
      (Action(.add, [.slot(0), .slot(7)], callee: add.digest, result: 2), "slot 7 holds nothing"),
      (Action(.add, [.slot(0), .slot(0)], callee: add.digest, result: 1), "slot 1 is in use"),
      (
        Action(.max, [.slot(0), .slot(0)], callee: add.digest, result: 2),
        "int.add has another action"
      ),
      (Action(.else, [.slot(1)], callee: branch.digest), "the condition says otherwise"),
      (Action(.emitOutput, [.slot(1)]), "the result is no int"),
      (Action(.break, result: 2), "there is no loop"),
      (Action(.free, [.slot(3)]), "there is no such slot"),
    ]
    for (action, reason) in refused {
      var copy = state
      #expect(throws: IllegalAction(description: reason)) { try copy.apply(action, on: Machine()) }
    }
    var open = state
    try open.apply(Action(.if, [.slot(1)], callee: branch.digest), on: Machine())
    #expect(throws: IllegalAction(description: "a block is open")) {
      try open.apply(Action(.emitOutput, [.slot(0)]), on: Machine())
    }
    try open.apply(Action(.store, [.slot(0)], result: 2), on: Machine())
    try open.apply(Action(.free, [.slot(0)]), on: Machine())
    #expect(open.frame.slots.keys.sorted() == [1, 2])
  }
}
