/// Tells a traced run as actions, with the values that they read and wrote. It keeps the skills that
/// are open, whatever the run's length.
package struct ActionRecorder<Shown> {
  /// An action as it was executed.
  package struct Executed {
    package let action: Action
    package let read: [Shown]
    /// Nil where nothing was written yet.
    package let written: Shown?
  }

  /// An application that has begun.
  private struct Open {
    /// The code whose steps are executed in it: its own, or for control forms the code around it.
    let code: SkillCode
    /// The digest of that code.
    let skill: Digest?
    /// What its end is told as.
    let end: End
  }

  private enum End {
    case atom(Action, read: [Shown])
    case skill
    /// Of what chooses, the slot, and the operand of the chosen arm where that is a value.
    case arm(SkillCode.Operand, slot: Int)
    /// Of a loop, the step, and whether it is a match: its round says what is applied.
    case loop(Int, isMatch: Bool = false)
  }

  private let codeOf: (Digest) throws -> SkillCode?
  private let tools: Set<Digest>
  private let show: (TraceValue) throws(MachineError) -> Shown
  private let root: SkillCode
  private var open: [Open] = []

  /// - Parameters:
  ///   - code: What was linked.
  ///   - codeOf: The code of an entry.
  ///   - tools: Those that the image was linked with.
  ///   - show: Keeps what is to be said of a value.
  package init(
    _ code: SkillCode, codeOf: @escaping (Digest) throws -> SkillCode?, tools: [Tool] = [],
    show: @escaping (TraceValue) throws(MachineError) -> Shown
  ) {
    root = code
    self.codeOf = codeOf
    self.tools = Set(tools.map(\.digest))
    self.show = show
  }

  /// The actions that the event completes.
  package mutating func actions(after event: TraceEvent) throws(MachineError) -> [Executed] {
    switch event.moment {
    case .begins(let operands): return try begin(event, operands)
    case .ends(let value): return end(try show(value))
    }
  }

  private mutating func begin(
    _ event: TraceEvent, _ operands: [TraceEvent.Operand]
  ) throws(MachineError) -> [Executed] {
    let (code, skill) = (open.last?.code ?? root, open.last?.skill)
    var read: [Shown] = []
    for case .value(let value) in operands { read.append(try show(value)) }
    var told: [Executed] = []
    func tell(_ action: Action, read: [Shown] = []) {
      told.append(Executed(action: action, read: read, written: nil))
    }
    let (callee, arguments, bound, slot) = applied(event, in: code)
    if case .round(let operand) = event.place, case .loop(let step, let isMatch)? = open.last?.end {
      tell(Action(.continue, isMatch ? [code.steps[step].operands[operand]] : []))
    }
    if let digest = event.callee, tools.contains(digest) {
      let action = Action(.callTool, arguments, callee: digest, result: slot)
      open.append(Open(code: code, skill: skill, end: .atom(action, read: read)))
      return told
    }
    guard let digest = event.callee, let atom = event.atom else {
      tell(
        Action(
          callee == .recursion ? .recurse : .call, arguments, callee: event.callee, result: slot),
        read: read)
      open.append(Open(code: entry(event.callee), skill: event.callee, end: .skill))
      return told
    }
    guard atom.isBlock, case .step(let step) = event.place else {
      // As the body of a loop a branch has values for arms.
      let kind = atom.isBlock ? .call : ActionKind(atom, arguments + bound)
      let action = Action(kind, arguments, callee: digest, result: slot)
      open.append(Open(code: code, skill: skill, end: .atom(action, read: read)))
      return told
    }
    if atom.controlForm == .branch {
      var isTrue = false
      if case .value(let condition)? = operands.first { isTrue = condition.word != 0 }
      tell(Action(isTrue ? .if : .else, [arguments[0]], callee: digest), read: read)
      let arm = arguments[isTrue ? 1 : 2]
      open.append(
        Open(code: code, skill: skill, end: .arm(arm, slot: slot!)))
    } else if atom.derivedForm == .match, case .value(let subject)? = operands.last {
      // As of a branch only what it chooses by: what an arm reads may be still to come.
      let action = Action(.for, [arguments[arguments.count - 1]], callee: digest)
      tell(action, read: [read[read.count - 1]])
      let arm = arguments[subject.constructor]
      let isSkill = if case .function = arm { true } else { false }
      open.append(
        Open(
          code: code, skill: skill,
          end: isSkill ? .loop(step, isMatch: true) : .arm(arm, slot: slot!)))
    } else {
      tell(Action(ActionKind(atom, arguments), arguments, callee: digest), read: read)
      open.append(Open(code: code, skill: skill, end: .loop(step)))
    }
    return told
  }

  /// What is applied at the place: callee, arguments, what a loop binds to its skill, and the slot of
  /// the result.
  private func applied(
    _ event: TraceEvent, in code: SkillCode
  ) -> (
    callee: SkillCode.Callee?, arguments: [SkillCode.Operand], bound: [SkillCode.Operand],
    slot: Int?
  ) {
    let place = event.place
    if case .step(let number) = place {
      let step = code.steps[number]
      return (step.callee, step.operands, [], code.signature.parameters.count + number)
    }
    guard case .loop(let step, _)? = open.last?.end else { return (nil, [], [], nil) }
    let number = if case .round(let operand) = place { operand } else { 0 }
    guard case .function(let callee, let captures) = code.steps[step].operands[number] else {
      return (nil, [], [], nil)
    }
    return (callee, [], captures, nil)
  }

  private func entry(_ digest: Digest?) -> SkillCode {
    guard let digest, let code = try? codeOf(digest) else { return root }
    return code
  }

  private mutating func end(_ value: Shown) -> [Executed] {
    let ended = open.removeLast()
    func told(_ action: Action, read: [Shown] = []) -> Executed {
      Executed(action: action, read: read, written: value)
    }
    switch ended.end {
    case .atom(let action, let read): return [told(action, read: read)]
    case .skill: return [told(Action(.emitOutput, [ended.code.result]))]
    case .arm(let operand, let slot): return [told(Action(.store, [operand], result: slot))]
    case .loop(let step, _):
      let slot = ended.code.signature.parameters.count + step
      return [told(Action(.break, result: slot))]
    }
  }

  /// The application of an atom that has begun: what a run ended in that ended in an error there.
  var unfinished: Action? {
    if case .atom(let action, _)? = open.last?.end { action } else { nil }
  }

  /// What follows the last event of a run that ended well.
  package static var halt: Executed {
    Executed(action: Action(.halt), read: [], written: nil)
  }
}
