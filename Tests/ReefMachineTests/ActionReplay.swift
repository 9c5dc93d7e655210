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
    /// Of a fold of a declared type what it is made by, and the value; of a match the value.
    var declared: (operands: [SkillCode.Operand], value: Value)?
    var state: Value?
    var outputs: [Value] = []
    var index = 0
    var isInRound = false
    var isMatch = false
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
    case .for, .while:
      let loop = loop(action)
      // The arm for a value without fields ends with a value, as the arm of a branch.
      if loop.isMatch, case .made(_, _, [])? = loop.declared?.value { return nil }
      frames[last].loops.append(loop)
    case .continue:
      frames[last].loops[frames[last].loops.count - 1].isInRound = true
      if let skill = action.arguments.first {
        frames[last].loops[frames[last].loops.count - 1].declared!.operands = [skill]
      }
    case .break:
      let loop = frames[last].loops.removeLast()
      return write(try result(of: loop), to: action.result)
    case .emitOutput:
      let output = value(action.arguments[0])
      let frame = frames.removeLast()
      return write(output, to: frame.result)
    default:
      let arguments = try arguments(of: action)
      if action.kind != .recurse, let callee = action.callee,
        let (definition, name) = frames[last].code.declared(.skill(callee))
      {
        if let number = definition.constructors.firstIndex(where: { $0.name == name }) {
          return write(.made(definition, constructor: number, arguments), to: action.result)
        }
        guard case .made(_, _, let fields) = arguments[0] else { throw Mismatch() }
        return write(fields[definition.labels!.firstIndex(of: name)!], to: action.result)
      }
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
    if loop.declared != nil {
      guard let (skill, fields) = try next(loop).application,
        case .function(_, let captures) = skill
      else { throw Mismatch() }
      return fields + captures.map(value)
    }
    let function = loop.isInRound ? loop.functions.last : loop.functions.first
    guard case .function(_, let captures)? = function else { throw Mismatch() }
    let element = loop.inputs.compactMap(\.list).map { $0[loop.index] }
    return (loop.state.map { [$0] } ?? []) + element + captures.map(value)
  }

  private func loop(_ action: Action) -> Loop {
    guard let form = Atoms.with(action.callee!)?.controlForm else {
      let name = frames[frames.count - 1].code.declared(.skill(action.callee!))!.name
      return Loop(
        form: .fold, functions: [], inputs: [],
        declared: (action.arguments.dropLast(), value(action.arguments.last!)),
        isMatch: name == "match")
    }
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

  private func result(of loop: Loop) throws -> Value {
    if loop.declared != nil {
      let ended = try next(loop)
      guard ended.application == nil, let result = ended.result else { throw Mismatch() }
      return result
    }
    return switch loop.form {
    case .map, .map2, .filter: .list(loop.outputs)
    case .scan: .pair(loop.state!, .list(loop.outputs))
    default: loop.state!
    }
  }
}

// MARK: Declared types

extension ActionReplay {
  fileprivate struct Application: Error {
    let skill: SkillCode.Operand
    let fields: [Value]
  }

  /// What a match or a fold applies after the rounds that it had, or its result: all is done again with
  /// what these gave, up to the first round that is still to come.
  private func next(
    _ loop: Loop
  ) throws -> (application: (SkillCode.Operand, [Value])?, result: Value?) {
    let (operands, value) = loop.declared!
    var known = loop.outputs[...]
    func apply(_ skill: SkillCode.Operand, _ fields: [Value]) throws -> Value {
      guard let result = known.popFirst() else { throw Application(skill: skill, fields: fields) }
      return result
    }
    func replace(_ value: Value, _ type: Type) throws -> Value {
      switch (type, value) {
      case (.variable("self"), _): try fold(value)
      case (.list(let element), .list(let values)):
        .list(try values.map { try replace($0, element) })
      case (.pair(let first, let second), .pair(let x, let y)):
        .pair(try replace(x, first), try replace(y, second))
      default: value
      }
    }
    func fold(_ value: Value) throws -> Value {
      guard case .made(let definition, let constructor, let fields) = value else {
        throw Mismatch()
      }
      if fields.isEmpty { return self.value(operands[constructor]) }
      let types = definition.constructors[constructor].fields
      return try apply(operands[constructor], try zip(fields, types).map(replace))
    }
    do {
      guard loop.isMatch else { return (nil, try fold(value)) }
      guard case .made(_, _, let fields) = value, let skill = operands.first else {
        throw Mismatch()
      }
      return (nil, try apply(skill, fields))
    } catch let next as Application {
      return ((next.skill, next.fields), nil)
    }
  }
}

extension ActionReplay.Loop {
  /// What the body or the test gave.
  fileprivate mutating func take(_ value: Value) {
    guard isInRound else { return }
    isInRound = false
    if declared != nil {
      outputs.append(value)
      return
    }
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
