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
    /// The arm of a match for a value with fields, which are these. `CONTINUE` names the skill that is
    /// applied to them, which makes it a loop.
    case match(fields: [Slot])
    /// A loop: ends with `BREAK`.
    case loop(ActionLoop)
  }

  /// What actions may name.
  public let vocabulary: ActionVocabulary
  /// The declared types whose atoms an action may apply: those of the vocabulary and of the run's signature.
  public let definitions: [TypeDefinition]
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
    definitions = TypeDefinition.closure(of: vocabulary.definitions + signature.definitions)
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

  /// The atom with that digest, the machine's own or one of a declared type.
  func atom(_ digest: Digest) -> Atom? {
    Atoms.with(digest) ?? definitions.lazy.compactMap { $0.atom(digest) }.first
  }

  /// Those that an action may apply.
  var atoms: [Atom] { vocabulary.atoms + definitions.flatMap(\.atoms) }
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
  /// The declared types that code may name besides those in the signatures of the run and of what is
  /// here, so that actions may apply their atoms: each skill's own, as it declares them.
  public var types: [TypeDefinition]

  public init(
    atoms: [Atom] = Atoms.all, skills: [Digest: Signature] = [:], tools: [Tool] = [],
    constants: [(value: Value, type: Type)] = [], types: [TypeDefinition] = []
  ) {
    self.atoms = atoms
    self.skills = skills
    self.tools = tools
    self.constants = constants.map { .init(value: $0.value, type: $0.type) }
    self.types = types
  }

  /// All declared types that it names.
  var definitions: [TypeDefinition] {
    types + skills.values.flatMap(\.definitions) + tools.flatMap(\.type.definitions)
      + constants.flatMap(\.type.definitions)
  }

  /// The function type of what has the digest, atoms of declared types apart.
  func type(of digest: Digest) -> Type? {
    Atoms.with(digest)?.type ?? skills[digest]?.type ?? tools.first { $0.digest == digest }?.type
  }
}
