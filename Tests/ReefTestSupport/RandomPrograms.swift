import ReefMachine

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every platform.
package struct SplitMix64 {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}

/// Writes well-typed skills that call each other.
package struct RandomPrograms {
  package var random: SplitMix64
  package private(set) var codes: [Digest: SkillCode] = [:]
  /// In the order of their making.
  private var library: [(digest: Digest, parameters: [Type], result: Type)] = []
  /// The slots of the skill being written that nothing reads yet.
  private var unused: [Int] = []

  /// Often int lists, and lists and pairs that hold them: what is updated in place.
  package static let types: [Type] = [
    .int, .int, .int, .bool, .real, .list(.int), .list(.int), .list(.int), .list(.int),
    .list(.list(.int)), .list(.list(.int)), .pair(.int, .list(.int)), .pair(.list(.int), .int),
    .pair(.list(.int), .list(.list(.int))), .list(.pair(.int, .list(.int))), .list(.bool),
    .list(.real), .pair(.list(.int), .list(.int)), .list(.pair(.int, .int)),
  ]

  /// Sums and records of several kinds: without fields, with one constructor, recursive directly,
  /// through lists and pairs, and through another definition.
  package static let definitions: [TypeDefinition] = try! TypeDefinition.parsing([
    "type color = red | green | blue",
    "type tree(a) = leaf | node(a, tree(a), tree(a))",
    "type rose(a) = rose(a, [rose(a)])",
    "type point = {x: int, y: real, name: [int]}",
    "type term = number(int) | sum([(term, int)]) | nest([[term]]) | both((term, term))",
    "type option(a) = none | some(a)",
    "type chain(a) = {value: a, rest: option(chain(a))}",
  ])

  package static let declaredTypes: [Type] =
    types
    + [
      "color", "tree(int)", "tree(int)", "tree(int)", "tree([int])", "rose(int)", "rose([int])",
      "point", "[point]", "term", "term", "option([int])", "option(tree(int))", "chain(int)",
      "[tree(int)]", "(tree(int), int)", "tree(real)",
    ].map { try! Type(parsing: $0, types: definitions) }

  /// Whether some of the skills are memoised.
  private let memoises: Bool
  /// The types that slots may have.
  private let types: [Type]
  /// The atoms that steps may name.
  private let atoms: [Atom]
  private let definitions: [TypeDefinition]
  /// How many skills are being written for operands of others.
  private var nesting = 0

  /// - Parameter declares: Whether the skills have declared types.
  package init(seed: UInt64, memoises: Bool = false, declares: Bool = false) {
    random = SplitMix64(seed: seed)
    self.memoises = memoises
    definitions = declares ? RandomPrograms.definitions : []
    types = declares ? RandomPrograms.declaredTypes : RandomPrograms.types
    atoms = Atoms.all + definitions.flatMap(\.atoms)
  }

  package mutating func type() -> Type { random.pick(types) }

  package mutating func value(_ type: Type) -> Value { value(type, room: 3) }

  /// - Parameter room: How deep values of declared types may still nest.
  private mutating func value(_ type: Type, room: Int) -> Value {
    switch type {
    case .int: return .int(random.below(8) == 0 ? random.below(1_000) - 500 : random.below(6) - 1)
    case .bool: return .bool(random.below(2) == 0)
    case .real: return .real(Double(random.below(9) - 4) / 2)
    case .list(let element):
      return .list((0..<random.below(5)).map { _ in value(element, room: room) })
    case .pair(let first, let second):
      return .pair(value(first, room: room), value(second, room: room))
    case .named(let definition, let arguments):
      // The first constructor of each ends a value.
      let count = definition.constructors.count
      let constructor = room > 0 ? random.below(count) : 0
      let fields = definition.fields(of: constructor, arguments)
      return .made(
        definition, constructor: constructor,
        fields.map { room > 0 || !$0.isList ? value($0, room: room - 1) : .list([]) })
    case .variable, .function: fatalError("no value")
    }
  }

  /// A skill with a few helpers before it, all in `codes`.
  package mutating func program(helpers: Int, steps: Int) -> SkillCode {
    for _ in 0..<helpers { add(skill(steps: 1 + random.below(steps))) }
    return skill(steps: steps)
  }

  @discardableResult
  private mutating func add(_ code: SkillCode) -> SkillCode.Callee {
    let digest = code.digest
    codes[digest] = code
    library.append((digest, code.signature.parameterTypes, code.signature.result))
    return .skill(digest)
  }

  private mutating func skill(steps: Int) -> SkillCode {
    let parameters = (0...random.below(3)).map { _ in type() }
    // Only a result that is fixed from the start allows self-calls.
    let result: Type? = random.below(6) == 0 ? random.pick(parameters) : nil
    return skill(steps, parameters, result)
  }

  private mutating func skill(
    _ steps: Int, _ parameters: [Type], _ result: Type?
  ) -> SkillCode {
    let outer = unused
    defer { unused = outer }
    var slots = parameters
    unused = Array(slots.indices)
    var code: [SkillCode.Step] = []
    let limit = nesting == 0 ? 60 : steps + 3
    while code.count < steps || (result != nil && slots.last != result && code.count < limit) {
      guard let (step, type) = step(slots, parameters, result) else { continue }
      code.append(step)
      unused.append(slots.count)
      slots.append(type)
    }
    let last: SkillCode.Operand =
      result == nil || slots.last == result ? .slot(slots.count - 1) : .constant(value(result!))
    var skill = SkillCode(
      definitions: definitions,
      signature: Signature(
        parameters: parameters.enumerated().map { .init("x\($0)", $1) },
        result: result ?? slots.last!),
      steps: code, result: last, isMemoised: memoises && random.below(3) == 0)
    skill.definitions = skill.neededDefinitions
    return skill
  }

  private mutating func operand(_ type: Type, _ slots: [Type]) -> SkillCode.Operand {
    let fitting = slots.indices.filter { slots[$0] == type }
    // What nothing reads yet comes first, so that code hangs together.
    let fresh = unused.filter { slots[$0] == type }
    if let slot = random.below(4) > 0 ? fresh.last : fitting.isEmpty ? nil : random.pick(fitting) {
      unused.removeAll { $0 == slot }
      return .slot(slot)
    }
    if !fitting.isEmpty, random.below(8) > 0 { return .slot(random.pick(fitting)) }
    return .constant(value(type))
  }

  private mutating func step(
    _ slots: [Type], _ parameters: [Type], _ result: Type?
  ) -> (SkillCode.Step, Type)? {
    let callee: SkillCode.Callee
    let type: Type
    switch random.below(10) {
    case 0 where !library.isEmpty:
      let entry = random.pick(library)
      callee = .skill(entry.digest)
      type = .function(entry.parameters, entry.result)
    case 1 where result != nil:
      callee = .recursion
      type = .function(parameters, result!)
    case 2, 3:
      let atom = random.pick(
        atoms.filter {
          $0.controlForm != nil || $0.derivedForm == .match || $0.derivedForm == .fold
        })
      callee = .skill(atom.digest)
      type = instance(atom.type)
    default:
      let atom = random.pick(atoms)
      callee = .skill(atom.digest)
      type = instance(atom.type)
    }
    guard case .function(let needed, let output) = type, types.contains(output)
    else { return nil }
    var operands: [SkillCode.Operand] = []
    for type in needed {
      guard case .function(let own, let ownResult) = type else {
        operands.append(operand(type, slots))
        continue
      }
      guard let function = function(own, ownResult, slots) else { return nil }
      operands.append(function)
    }
    return (SkillCode.Step(callee, operands), output)
  }

  /// The type with its variables replaced by random types.
  private mutating func instance(_ type: Type) -> Type {
    var bindings: [String: Type] = [:]
    for name in type.variables { bindings[name] = self.type() }
    return type.replacing(bindings)
  }

  /// A skill that begins with the given parameters; the others are captured.
  private mutating func function(
    _ parameters: [Type], _ result: Type, _ slots: [Type]
  ) -> SkillCode.Operand? {
    var candidates: [(SkillCode.Callee, [Type])] = library.filter {
      $0.result == result && $0.parameters.starts(with: parameters)
    }.map { (.skill($0.digest), $0.parameters) }
    for atom in atoms
    where (atom.controlForm == nil || atom.controlForm == .branch)
      && atom.derivedForm != .match && atom.derivedForm != .fold
    {
      // Most atoms fit in no instance.
      guard case .function(let most, let fixed) = atom.type, most.count >= parameters.count,
        !fixed.isConcrete || fixed == result
      else { continue }
      for _ in 0..<3 {
        guard case .function(let needed, let output) = instance(atom.type), output == result,
          needed.starts(with: parameters)
        else { continue }
        candidates.append((.skill(atom.digest), needed))
        break
      }
    }
    // Few skills take the fields of a constructor.
    if !definitions.isEmpty, nesting < 2, candidates.isEmpty || random.below(6) == 0 {
      nesting += 1
      defer { nesting -= 1 }
      let bound = random.below(3) == 0 ? [type()] : []
      let code = skill(1 + random.below(3), parameters + bound, result)
      candidates = [(add(code), parameters + bound)]
    }
    guard !candidates.isEmpty else { return nil }
    let (callee, needed) = random.pick(candidates)
    return .function(
      callee, captures: needed.dropFirst(parameters.count).map { operand($0, slots) })
  }
}

extension Type {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
