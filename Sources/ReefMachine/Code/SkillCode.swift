/// The code of a composite skill: steps in single-assignment form.
///
/// Slots number the inputs first, then the results of the steps in order. A step is evaluated when
/// its result is first needed: the arms of `control.if` that are not chosen are never run. Each
/// step reads only earlier slots, so code is a directed acyclic graph whose only cycle is the
/// self-call.
public struct SkillCode: Hashable, Sendable {
  /// The types of the inputs and of the result; digests cover no labels.
  public var signature: Signature
  /// In an order in which each reads only inputs and earlier results.
  public var steps: [Step]
  /// What the skill gives: mostly the slot of the last step.
  public var result: Operand
  /// Whether a run remembers the results of its calls, and looks up what it has computed before.
  public var isMemoised: Bool

  public init(signature: Signature, steps: [Step], result: Operand, isMemoised: Bool = false) {
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
    return SkillCode(
      signature: signature, steps: ordered, result: result, isMemoised: isMemoised)
  }
}
