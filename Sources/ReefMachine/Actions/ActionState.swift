/// What a policy sees and acts on: the slots of the calls that are open, and the blocks that they are in,
/// without any code. Executing the actions of a traced run one after another gives the values of that run.
///
/// It is a value: a copy is a snapshot, for next to nothing, and a search may go on from any of them.
public struct ActionState: Sendable {
  /// A named place of a call; written once, until it is freed.
  public struct Slot: Hashable, Sendable {
    /// Of the type `type`.
    public let value: Value
    /// Concrete.
    public let type: Type
  }

  /// An open call.
  public struct Frame: Sendable {
    /// The skill; nil for the run itself.
    public let skill: Digest?
    /// Concrete.
    public let parameterTypes: [Type]
    /// Concrete.
    public let resultType: Type
    /// By number, the arguments first.
    public internal(set) var slots: [Int: Slot] = [:]
    /// Those that are open, outermost first.
    public internal(set) var blocks: [Block] = []
    /// Where the result goes in the call around it; nil where a loop there waits for it.
    let result: Int?
  }

  /// A block of which the end is still to come.
  public enum Block: Sendable {
    /// An arm of a branch: ends with a value.
    case arm
    /// A loop: ends with `BREAK`.
    case loop(ActionLoop)
  }

  /// What actions may name.
  public let vocabulary: ActionVocabulary
  /// The open calls, outermost first; the last one is running.
  public internal(set) var frames: [Frame]
  /// Machine steps so far, those apart that copies of shared lists cost.
  public internal(set) var steps = 0
  /// The last actions, `historyLength` of them at most.
  public internal(set) var history: [Action] = []
  /// What the run itself has emitted.
  public internal(set) var output: Value?
  /// Whether `HALT` was executed; no action is legal afterwards.
  public internal(set) var hasHalted = false

  /// In actions.
  public static let historyLength = 64

  /// The beginning of a run.
  ///
  /// - Precondition: The arguments conform to the signature, which has no type variables.
  public init(_ signature: Signature, _ arguments: [Value], vocabulary: ActionVocabulary) {
    self.vocabulary = vocabulary
    var frame = Frame(
      skill: nil, parameterTypes: signature.parameterTypes, resultType: signature.result,
      result: nil)
    precondition(arguments.count == frame.parameterTypes.count, "an argument for each parameter")
    for (slot, (value, type)) in zip(arguments, frame.parameterTypes).enumerated() {
      precondition(value.conforms(to: type), "argument \(slot + 1) is no value of the type \(type)")
      frame.slots[slot] = Slot(value: value, type: type)
    }
    frames = [frame]
  }

  /// The call that is running.
  public internal(set) var frame: Frame {
    get { frames[frames.count - 1] }
    set { frames[frames.count - 1] = newValue }
  }

  /// The loop that decides what comes next, or nil.
  var loop: ActionLoop? {
    if case .loop(let loop)? = frame.blocks.last { loop } else { nil }
  }

  /// The next slot that was never written here.
  var freeSlot: Int { (frame.slots.keys.max() ?? -1) + 1 }
}

/// What the actions of a run may name.
public struct ActionVocabulary: Sendable {
  /// Those that an action may apply.
  public var atoms: [Atom]
  /// Those that a `CALL` may open.
  public var skills: [Digest: Signature]
  /// Those that a `CALL_TOOL` may reach.
  public var tools: [Tool]
  /// What may stand where no slot does.
  public var constants: [ActionState.Slot]

  public init(
    atoms: [Atom] = Atoms.all, skills: [Digest: Signature] = [:], tools: [Tool] = [],
    constants: [(value: Value, type: Type)] = []
  ) {
    self.atoms = atoms
    self.skills = skills
    self.tools = tools
    self.constants = constants.map { .init(value: $0.value, type: $0.type) }
  }

  /// The function type of what has the digest.
  func type(of digest: Digest) -> Type? {
    Atoms.with(digest)?.type ?? skills[digest]?.type ?? tools.first { $0.digest == digest }?.type
  }
}

/// A loop that a run is in.
public struct ActionLoop: Sendable {
  /// A skill that it applies, with what is bound to its last parameters.
  struct Function: Sendable {
    let callee: SkillCode.Callee
    let captures: [SkillCode.Operand]
    let bound: [ActionState.Slot]
    /// With all parameters; concrete.
    let type: Type
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

  /// The atom of control flow that it is.
  public let form: ControlForm
  let functions: [Function]
  /// The lists that it goes through.
  let lists: [[Value]]
  /// The rounds that a count leaves; nil where lists or a test decide.
  var remaining: Int?
  /// What it carries from round to round; nil where its form carries nothing.
  public internal(set) var state: Value?
  /// What it has put into its list so far.
  public internal(set) var outputs: [Value] = []
  /// How many rounds it had.
  public internal(set) var round = 0
  /// What it waits for now.
  public internal(set) var phase: Phase
  let resultType: Type
  /// What the last test said.
  private var mayGoOn = true

  init(
    _ form: ControlForm, _ functions: [Function], _ values: [Value], resultType: Type
  ) {
    self.form = form
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

  /// Whether there is a further round.
  public var hasRound: Bool {
    if let remaining { return remaining > 0 }
    return form == .loop ? mayGoOn : lists.allSatisfy { round < $0.count }
  }

  /// What is applied next, on what.
  var application: (function: Function, values: [Value]) {
    let function = phase == .test ? functions[0] : functions[functions.count - 1]
    let values = (state.map { [$0] } ?? []) + lists.map { $0[round] }
    return (function, values + function.bound.map(\.value))
  }

  /// What its application gave.
  mutating func take(_ value: Value) {
    guard phase == .round else {
      mayGoOn = value.bool!
      phase = .choice
      return
    }
    switch form {
    case .map, .map2: outputs.append(value)
    case .filter: if value.bool! { outputs.append(lists[0][round]) }
    case .scan:
      state = value.pair!.0
      outputs.append(value.pair!.1)
    default: state = value
    }
    round += 1
    if let remaining { self.remaining = remaining - 1 }
    phase = form == .loop ? .test : .choice
  }

  var result: Value {
    switch form {
    case .map, .map2, .filter: .list(outputs)
    case .scan: .pair(state!, .list(outputs))
    default: state!
    }
  }
}
