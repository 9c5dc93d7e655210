/// The code of a composite skill: steps in single-assignment form.
///
/// Slots number the inputs first, then the results of the steps in order. A step is evaluated when
/// its result is first needed: the arms of `control.if` that are not chosen are never run. Each
/// step reads only earlier slots, so code is a directed acyclic graph whose only cycle is the
/// self-call.
public struct SkillCode: Hashable, Sendable {
  /// The declared types whose atoms the steps may name; each after those that it names. The text has
  /// ``neededDefinitions``.
  public var definitions: [TypeDefinition]
  /// The types of the inputs and of the result; digests cover no labels.
  public var signature: Signature
  /// In an order in which each reads only inputs and earlier results.
  public var steps: [Step]
  /// What the skill gives: mostly the slot of the last step.
  public var result: Operand
  /// Whether a run remembers the results of its calls, and looks up what it has computed before.
  public var isMemoised: Bool

  /// - Parameter definitions: Those that the signature names where nil.
  public init(
    definitions: [TypeDefinition]? = nil, signature: Signature, steps: [Step], result: Operand,
    isMemoised: Bool = false
  ) {
    self.definitions = definitions ?? signature.definitions
    self.signature = signature
    self.steps = steps
    self.result = result
    self.isMemoised = isMemoised
  }

  /// One application of a skill; its result is the slot `inputs + position`.
  public struct Step: Hashable, Sendable {
    /// What is applied.
    public var callee: Callee
    /// One for each parameter of the callee.
    public var operands: [Operand]

    public init(_ callee: Callee, _ operands: [Operand]) {
      self.callee = callee
      self.operands = operands
    }
  }

  /// What a step applies or passes on.
  public enum Callee: Hashable, Sendable {
    /// An atom or an entry, by digest.
    case skill(Digest)
    /// The skill that this code defines: the self-call.
    case recursion
  }

  /// What a step reads.
  public indirect enum Operand: Hashable, Sendable {
    /// An input, or the result of an earlier step.
    case slot(Int)
    /// An empty list has whatever type of list is wanted where it stands.
    case constant(Value)
    /// Numbers that training found, and that the skill owns.
    case weight(Weight)
    /// A skill passed to a control form; the captured operands bind its trailing parameters.
    case function(Callee, captures: [Operand])
  }

  /// Every skill that the code names, parents first met first, without repetition.
  public var callees: [Digest] {
    var found: [Digest] = []
    func add(_ callee: Callee) {
      if case .skill(let digest) = callee, !found.contains(digest) { found.append(digest) }
    }
    func visit(_ operand: Operand) {
      if case .function(let callee, let captures) = operand {
        add(callee)
        captures.forEach(visit)
      }
    }
    for step in steps {
      add(step.callee)
      step.operands.forEach(visit)
    }
    visit(result)
    return found
  }

  /// Whether it calls itself.
  public var isRecursive: Bool {
    func isSelf(_ operand: Operand) -> Bool {
      if case .function(let callee, let captures) = operand {
        return callee == .recursion || captures.contains(where: isSelf)
      }
      return false
    }
    return steps.contains { $0.callee == .recursion || $0.operands.contains(where: isSelf) }
  }

  /// The same computation with unused steps dropped, equal steps merged, and the steps in the
  /// order in which the result needs them: two compositions that differ only in that have one
  /// digest.
  public func normalized() -> SkillCode {
    let inputs = signature.parameters.count
    var placed: [Int: Int] = [:]
    var known: [Step: Int] = [:]
    var ordered: [Step] = []
    func place(_ operand: Operand) -> Operand {
      switch operand {
      case .constant, .weight: return operand
      case .function(let callee, let captures):
        return .function(callee, captures: captures.map(place))
      case .slot(let slot):
        if slot < inputs { return operand }
        if let position = placed[slot] { return .slot(position) }
        let step = steps[slot - inputs]
        let moved = Step(step.callee, step.operands.map(place))
        let position = known[moved] ?? inputs + ordered.count
        if known[moved] == nil {
          known[moved] = position
          ordered.append(moved)
        }
        placed[slot] = position
        return .slot(position)
      }
    }
    let result = place(self.result)
    var normal = SkillCode(
      definitions: definitions, signature: signature, steps: ordered, result: result,
      isMemoised: isMemoised)
    normal.definitions = normal.neededDefinitions
    return normal
  }
}

// MARK: - Declared types

extension SkillCode {
  /// The declared types are not compared: types carry theirs, and the digests of atoms cover them.
  public static func == (left: SkillCode, right: SkillCode) -> Bool {
    left.signature == right.signature && left.steps == right.steps && left.result == right.result
      && left.isMemoised == right.isMemoised
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(signature)
    hasher.combine(steps)
    hasher.combine(result)
    hasher.combine(isMemoised)
  }

  /// The atom with that digest, the machine's own or one of a type that the code declares.
  public func atom(_ digest: Digest) -> Atom? { Atoms.with(digest) ?? derivedAtom(digest) }

  /// The atom of a declared type with that digest.
  func derivedAtom(_ digest: Digest) -> Atom? { definition(ofAtom: digest)?.atom(digest) }

  /// The declared type that has an atom with that digest.
  func definition(ofAtom digest: Digest) -> TypeDefinition? {
    definitions.first { $0.form(digest) != nil }
  }

  /// Whether there is an atom with that digest: ``atom(_:)`` without making it.
  func hasAtom(_ digest: Digest) -> Bool {
    Atoms.with(digest) != nil || definition(ofAtom: digest) != nil
  }

  /// The declared types that its text names, in the signature, by an atom or in a constant, and
  /// those that these name: the lines that the text begins with. Each comes after those that it
  /// names, else they stand in the order of their names.
  public var neededDefinitions: [TypeDefinition] {
    var roots: Set<TypeDefinition> = []
    func visit(_ value: Value) {
      switch value {
      case .int, .bool, .real: break
      case .list(let values): values.forEach(visit)
      case .pair(let first, let second):
        visit(first)
        visit(second)
      case .made(let definition, _, let fields):
        roots.insert(definition)
        fields.forEach(visit)
      }
    }
    func visit(_ callee: Callee) {
      guard case .skill(let digest) = callee else { return }
      if let definition = definition(ofAtom: digest) { roots.insert(definition) }
    }
    func visit(_ operand: Operand) {
      switch operand {
      case .slot, .weight: break
      case .constant(let value): visit(value)
      case .function(let callee, let captures):
        visit(callee)
        captures.forEach(visit)
      }
    }
    signature.type.forEachDefinition { roots.insert($0) }
    for step in steps {
      visit(step.callee)
      step.operands.forEach(visit)
    }
    visit(result)
    return TypeDefinition.closure(of: roots)
  }
}
