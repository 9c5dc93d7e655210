import Testing

@testable import ReefMachine

/// Runs the actions of a trace again, from nothing but the actions and the arguments of the run. It
/// shares no code with the machine.
struct ActionReplay {
  struct Mismatch: Error {}

  private struct Frame {
    let code: SkillCode
    /// The slot of the frame below that waits for the result; nil where a loop does.
    let result: Int?
    var slots: [Int: Value]
    var loops: [Loop] = []
  }

  fileprivate struct Loop {
    let form: ControlForm
    let functions: [SkillCode.Operand]
    /// The lists, or the count.
    let inputs: [Value]
    var state: Value?
    var outputs: [Value] = []
    var index = 0
    var isInRound = false
  }

  private let codes: [Digest: SkillCode]
  private var frames: [Frame]
  private(set) var hasHalted = false

  init(_ code: SkillCode, _ arguments: [Value], _ codes: [Digest: SkillCode]) {
    self.codes = codes
    let slots = Dictionary(uniqueKeysWithValues: arguments.enumerated().map { ($0, $1) })
    frames = [Frame(code: code, result: nil, slots: slots)]
  }

  /// The result of the code that the run began with.
  var result: Value { value(frames[0].code.result) }

  /// Executes the action; gives what it writes.
  mutating func apply(_ action: Action) throws -> Value? {
    let last = frames.count - 1
    switch action.kind {
    case .halt: hasHalted = true
    case .if, .else:
      if value(action.arguments[0]).bool! != (action.kind == .if) { throw Mismatch() }
    case .store where action.callee == nil:
      return write(value(action.arguments[0]), to: action.result)
    case .for, .while: frames[last].loops.append(loop(action))
    case .continue: frames[last].loops[frames[last].loops.count - 1].isInRound = true
    case .break:
      let loop = frames[last].loops.removeLast()
      return write(ActionReplay.result(of: loop), to: action.result)
    case .emitOutput:
      let output = value(action.arguments[0])
      let frame = frames.removeLast()
      return write(output, to: frame.result)
    default:
      let arguments = try arguments(of: action)
      guard let digest = action.callee, let atom = Atoms.with(digest), action.kind != .recurse
      else {
        let code = action.kind == .recurse ? frames[last].code : codes[action.callee!]!
        let slots = Dictionary(uniqueKeysWithValues: arguments.enumerated().map { ($0, $1) })
        frames.append(Frame(code: code, result: action.result, slots: slots))
        return nil
      }
      let output =
        atom.name == "control.if"
        ? arguments[arguments[0].bool! ? 1 : 2] : try Oracle.apply(atom.name, arguments)
      return write(output, to: action.result)
    }
    return nil
  }

  private func value(_ operand: SkillCode.Operand) -> Value {
    switch operand {
    case .slot(let slot): frames[frames.count - 1].slots[slot]!
    case .constant(let value): value
    case .weight(let weight): weight.value
    case .function: fatalError("a function is no value")
    }
  }

  /// To a slot, or where there is none to the loop whose round or test this was.
  private mutating func write(_ value: Value, to slot: Int?) -> Value {
    let last = frames.count - 1
    if let slot {
      frames[last].slots[slot] = value
    } else if let loop = frames[last].loops.indices.last {
      frames[last].loops[loop].take(value)
    }
    return value
  }

  private func arguments(of action: Action) throws -> [Value] {
    if action.result != nil { return action.arguments.map(value) }
    guard let loop = frames[frames.count - 1].loops.last else { throw Mismatch() }
    let function = loop.isInRound ? loop.functions.last : loop.functions.first
    guard case .function(_, let captures)? = function else { throw Mismatch() }
    let element = loop.inputs.compactMap(\.list).map { $0[loop.index] }
    return (loop.state.map { [$0] } ?? []) + element + captures.map(value)
  }

  private func loop(_ action: Action) -> Loop {
    let form = Atoms.with(action.callee!)!.controlForm!
    var functions: [SkillCode.Operand] = []
    var values: [Value] = []
    for argument in action.arguments {
      if case .function = argument {
        functions.append(argument)
      } else {
        values.append(value(argument))
      }
    }
    switch form {
    case .fold, .scan:
      return Loop(form: form, functions: functions, inputs: [values[1]], state: values[0])
    case .iterate: return Loop(form: form, functions: functions, inputs: [], state: values[1])
    case .loop: return Loop(form: form, functions: functions, inputs: [], state: values[0])
    default: return Loop(form: form, functions: functions, inputs: values)
    }
  }

  private static func result(of loop: Loop) -> Value {
    switch loop.form {
    case .map, .map2, .filter: .list(loop.outputs)
    case .scan: .pair(loop.state!, .list(loop.outputs))
    default: loop.state!
    }
  }
}

extension ActionReplay.Loop {
  /// What the body or the test gave.
  fileprivate mutating func take(_ value: Value) {
    guard isInRound else { return }
    isInRound = false
    switch form {
    case .map, .map2: outputs.append(value)
    case .filter: if value.bool! { outputs.append(inputs[0].list![index]) }
    case .scan:
      state = value.pair!.0
      outputs.append(value.pair!.1)
    default: state = value
    }
    index += 1
  }
}
