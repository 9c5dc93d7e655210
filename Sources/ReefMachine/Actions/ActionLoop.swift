/// A loop that a run is in.
public struct ActionLoop: Sendable {
  /// What goes round.
  public enum Form: Hashable, Sendable {
    /// An atom of control flow, but no branch.
    case control(ControlForm)
    /// What a match applies to the fields of a value: one round.
    case match
    /// The fold of a declared type: a round for each value inside that has fields, the inner ones first.
    case fold
  }

  /// A skill that it applies, with what is bound to its last parameters.
  struct Function: Sendable {
    let callee: SkillCode.Callee
    let captures: [SkillCode.Operand]
    let bound: [ActionState.Slot]
    /// With all parameters; concrete.
    let type: Type
  }

  /// An operand.
  enum Operand: Sendable {
    case value(Value)
    case function(Function)
  }

  /// What the loop waits for.
  public enum Phase: Sendable {
    /// The application of its test.
    case test
    /// `CONTINUE`, or `BREAK` where there is no further round.
    case choice
    /// The application of its body.
    case round
  }

  public let form: Form
  private let functions: [Function]
  /// The lists that it goes through.
  private let lists: [[Value]]
  /// The rounds that a count leaves; nil where lists or a test decide.
  private var remaining: Int?
  /// What it carries from round to round; nil where its form carries nothing.
  public private(set) var state: Value?
  /// What it has put into its list so far.
  public private(set) var outputs: [Value] = []
  /// How a match or a fold goes through a value.
  private var walk: ActionWalk?
  /// How many rounds it had.
  public private(set) var round = 0
  /// What it waits for now.
  public private(set) var phase: Phase
  let resultType: Type
  /// What the last test said.
  private var mayGoOn = true

  /// - Parameter operands: Those of the atom.
  init(_ form: ControlForm, _ operands: [Operand], resultType: Type) {
    var functions: [Function] = []
    var values: [Value] = []
    for operand in operands {
      switch operand {
      case .value(let value): values.append(value)
      case .function(let function): functions.append(function)
      }
    }
    self.form = .control(form)
    self.functions = functions
    self.resultType = resultType
    phase = form == .loop ? .test : .choice
    switch form {
    case .fold, .scan: (state, lists) = (values[0], [values[1].list!])
    case .iterate: (remaining, state, lists) = (values[0].int!, values[1], [])
    case .loop: (state, lists) = (values[0], [])
    case .map, .map2, .filter, .branch: lists = values.map { $0.list! }
    }
  }

  /// A fold of a declared type.
  ///
  /// - Parameter operands: One for each constructor, and the value.
  init(foldingBy operands: [Operand], resultType: Type) {
    guard case .value(let value)? = operands.last else { preconditionFailure("a value is folded") }
    self.init(.fold, ActionWalk(through: value, operands.dropLast()), resultType: resultType)
  }

  /// The round of a match.
  init(matching fields: [Value], by function: Function, resultType: Type) {
    self.init(.match, ActionWalk(applying: function, to: fields), resultType: resultType)
    phase = .round
  }

  private init(_ form: Form, _ walk: ActionWalk, resultType: Type) {
    (self.form, self.walk, self.resultType) = (form, walk, resultType)
    (functions, lists, phase) = ([], [], .choice)
  }

  /// Whether there is a further round.
  public var hasRound: Bool {
    if let walk { return walk.application != nil }
    if let remaining { return remaining > 0 }
    return form == .control(.loop) ? mayGoOn : lists.allSatisfy { round < $0.count }
  }

  /// What is applied next, on what.
  var application: (function: Function, values: [Value]) {
    if let application = walk?.application {
      return (application.function, application.fields + application.function.bound.map(\.value))
    }
    let function = phase == .test ? functions[0] : functions[functions.count - 1]
    let values = (state.map { [$0] } ?? []) + lists.map { $0[round] }
    return (function, values + function.bound.map(\.value))
  }

  /// Begins a round; gives what it costs, with what it takes to come to it.
  mutating func begin() -> Int {
    phase = .round
    guard walk != nil else { return 2 }
    return 1 + walk!.pay()
  }

  /// What ending it costs.
  mutating func end() -> Int { walk?.pay() ?? 0 }

  /// Comes to the next round, so that it is known whether there is one.
  ///
  /// - Parameter fuel: The steps that are left.
  mutating func goOn(_ fuel: Int, _ limits: Limits) throws(MachineError) {
    guard phase == .choice else { return }
    try walk?.goOn(fuel, limits)
  }

  /// What its application gave.
  mutating func take(_ value: Value) {
    guard phase == .round else {
      mayGoOn = value.bool!
      phase = .choice
      return
    }
    switch form {
    case .match, .fold: walk!.take(value)
    case .control(.map), .control(.map2): outputs.append(value)
    case .control(.filter): if value.bool! { outputs.append(lists[0][round]) }
    case .control(.scan):
      state = value.pair!.0
      outputs.append(value.pair!.1)
    case .control: state = value
    }
    round += 1
    if let remaining { self.remaining = remaining - 1 }
    phase = form == .control(.loop) ? .test : .choice
  }

  var result: Value {
    switch form {
    case .match, .fold: walk!.result
    case .control(.map), .control(.map2), .control(.filter): .list(outputs)
    case .control(.scan): .pair(state!, .list(outputs))
    case .control: state!
    }
  }
}

/// The way of a fold through a value, from the inside out, as far as it has come: from one skill that
/// is applied to the next. It keeps what is still to be done on a stack of its own, so it is no deeper than
/// a step of it, and goes no further than it has to.
private struct ActionWalk {
  private enum Task {
    /// To replace what of the type is inside the value, which has the declared type of a field.
    case replace(Value, Type)
    /// To make a list or a pair of the last results, or to apply the operand to them.
    case list(Int)
    case pair
    case apply(ActionLoop.Function, Int)
  }

  /// By constructor.
  private let operands: [ActionLoop.Operand]
  /// The next one last.
  private var tasks: [Task]
  private var results: [Value] = []
  /// How many values of the type it is in.
  private var depth = 0
  /// The steps of the way so far that nothing has paid for.
  private var due = 0
  /// What is to be applied before it goes on.
  private(set) var application: (function: ActionLoop.Function, fields: [Value])?

  init(through value: Value, _ operands: some Sequence<ActionLoop.Operand>) {
    self.operands = Array(operands)
    tasks = [.replace(value, .variable(TypeDefinition.own))]
  }

  init(applying function: ActionLoop.Function, to fields: [Value]) {
    operands = []
    tasks = []
    application = (function, fields)
  }

  /// - Precondition: Nothing is to be applied, and ``goOn(_:_:)`` has come to the end.
  var result: Value { results[0] }

  mutating func pay() -> Int {
    defer { due = 0 }
    return due
  }

  mutating func take(_ value: Value) {
    application = nil
    results.append(value)
  }

  mutating func goOn(_ fuel: Int, _ limits: Limits) throws(MachineError) {
    while application == nil, let task = tasks.popLast() {
      switch task {
      case .replace(let value, let type): try replace(value, type, limits)
      case .list(let count): results.append(.list(last(count)))
      case .pair:
        let parts = last(2)
        results.append(.pair(parts[0], parts[1]))
      case .apply(let function, let count):
        depth -= 1
        application = (function, last(count))
      }
      if due > fuel { throw .fuel(limit: limits.fuel) }
    }
  }

  private mutating func last(_ count: Int) -> [Value] {
    defer { results.removeLast(count) }
    return Array(results.suffix(count))
  }

  /// A step for each value of the type, and two for each element of a list on the way.
  private mutating func replace(
    _ value: Value, _ type: Type, _ limits: Limits
  ) throws(MachineError) {
    guard type.mentions(TypeDefinition.own) else { return results.append(value) }
    switch (type, value) {
    case (.list(let element), .list(let values)):
      due += 2 * values.count
      tasks.append(.list(values.count))
      for value in values.reversed() { tasks.append(.replace(value, element)) }
    case (.pair(let first, let second), .pair(let x, let y)):
      tasks += [.pair, .replace(y, second), .replace(x, first)]
    case (_, .made(let definition, let constructor, let fields)):
      due += 1
      guard depth < limits.depth else { throw .depth(limit: limits.depth) }
      switch operands[constructor] {
      case .value(let value): results.append(value)
      case .function(let function):
        depth += 1
        tasks.append(.apply(function, fields.count))
        let types = definition.constructors[constructor].fields
        for (field, type) in zip(fields, types).reversed() { tasks.append(.replace(field, type)) }
      }
    default: preconditionFailure("\(value) is no value inside of a field of the type \(type)")
    }
  }
}
