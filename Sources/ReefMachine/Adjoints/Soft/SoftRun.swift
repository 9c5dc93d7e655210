/// One soft run: an interpreter of skill code on soft values. Steps are evaluated on demand, so that an
/// arm without weight is not run.
final class SoftRun {
  let tape = AdjointTape()
  private(set) var steps = 0
  private(set) var hitsLimit = false
  private let softness: Softness
  private let library: (Digest) throws -> SkillCode?
  private let arithmetic: SoftArithmetic
  private let atoms: SoftAtoms
  private var depth = 0

  init(_ softness: Softness, library: @escaping (Digest) throws -> SkillCode?) {
    self.softness = softness
    self.library = library
    arithmetic = SoftArithmetic(tape: tape)
    atoms = SoftAtoms(arithmetic: arithmetic, softness: softness)
  }

  func run(_ code: SkillCode, _ arguments: [SoftValue]) throws -> SoftValue {
    guard depth < softness.maximumDepth else {
      throw MachineError.depth(limit: softness.maximumDepth)
    }
    depth += 1
    defer { depth -= 1 }
    let frame = Frame(code: code, slots: arguments)
    return try value(of: code.result, in: frame)
  }

  private final class Frame {
    let code: SkillCode
    /// Those that were needed so far.
    var slots: [SoftValue?]

    init(code: SkillCode, slots: [SoftValue]) {
      self.code = code
      self.slots = slots + Array(repeating: nil, count: code.steps.count)
    }
  }

  private func value(of operand: SkillCode.Operand, in frame: Frame) throws -> SoftValue {
    switch operand {
    case .constant(let value): return SoftValue(value)
    case .weight(let weight): return SoftValue(weight.value)
    case .function: preconditionFailure("the type checker lets no function stand for a value")
    case .slot(let slot):
      if let known = frame.slots[slot] { return known }
      let step = frame.code.steps[slot - frame.code.signature.parameters.count]
      let result = try execute(step, in: frame)
      frame.slots[slot] = result
      return result
    }
  }

  private func execute(_ step: SkillCode.Step, in frame: Frame) throws -> SoftValue {
    let atom: Atom? =
      if case .skill(let digest) = step.callee { frame.code.atom(digest) } else { nil }
    if let atom, atom.derivedForm == .match || atom.derivedForm == .fold {
      guard
        case .made(let definition, let constructor, let fields, _) = try value(
          of: step.operands.last!, in: frame)
      else { preconditionFailure("the type checker found a \(atom.name) here") }
      if atom.derivedForm == .match {
        return try arm(step.operands[constructor], fields, in: frame)
      }
      try prepare(step.operands, in: frame)
      return try fold(definition, constructor, fields, step.operands, in: frame)
    }
    guard let form = atom?.controlForm else {
      return try apply(step.callee, step.operands.map { try value(of: $0, in: frame) }, in: frame)
    }
    func operand(_ index: Int) throws -> SoftValue {
      try value(of: step.operands[index], in: frame)
    }
    func list(_ index: Int) throws -> [SoftValue] { try operand(index).elements }
    func round(_ function: Int, _ values: SoftValue...) throws -> SoftValue {
      guard case .function(let callee, let captures) = step.operands[function] else {
        preconditionFailure("the type checker found a function here")
      }
      let captured = try captures.map { try value(of: $0, in: frame) }
      return try apply(callee, values + captured, in: frame)
    }
    if form != .branch { try prepare(step.operands, in: frame) }
    switch form {
    case .branch:
      return try branch(try operand(0).truth) {
        try operand(1)
      } otherwise: {
        try operand(2)
      }
    case .map: return .list(try list(1).map { try round(0, $0) })
    case .map2: return .list(try zip(list(1), list(2)).map { try round(0, $0, $1) })
    case .filter:
      return .list(try list(1).filter { tape.value(of: try round(0, $0).truth) >= 0.5 })
    case .fold: return try list(2).reduce(try operand(1)) { try round(0, $0, $1) }
    case .scan:
      var state = try operand(1)
      var outputs: [SoftValue] = []
      for element in try list(2) {
        guard case .pair(let next, let output) = try round(0, state, element) else {
          preconditionFailure("the type checker found a pair here")
        }
        state = next
        outputs.append(output)
      }
      return .pair(state, .list(outputs))
    case .iterate:
      guard case .int(let count, _) = try operand(1) else { preconditionFailure("no int") }
      var state = try operand(2)
      for _ in 0..<max(0, count) { state = try round(0, state) }
      return state
    case .loop:
      return try loop(try operand(2)) {
        try round(0, $0)
      } step: {
        try round(1, $0)
      }
    }
  }

  /// Evaluates what a loop needs, which may fail even where there is no round: its operands, and what is
  /// bound to its skills.
  private func prepare(_ operands: [SkillCode.Operand], in frame: Frame) throws {
    for operand in operands {
      if case .function(_, let captures) = operand {
        try prepare(captures, in: frame)
      } else {
        _ = try value(of: operand, in: frame)
      }
    }
  }

  /// An operand for a constructor: a skill on its fields, or a value.
  private func arm(
    _ operand: SkillCode.Operand, _ fields: [SoftValue], in frame: Frame
  ) throws -> SoftValue {
    guard case .function(let callee, let captures) = operand else {
      return try value(of: operand, in: frame)
    }
    return try apply(
      callee, fields + captures.map { try value(of: $0, in: frame) }, in: frame)
  }

  private func fold(
    _ definition: TypeDefinition, _ constructor: Int, _ fields: [SoftValue],
    _ arms: [SkillCode.Operand], in frame: Frame
  ) throws -> SoftValue {
    guard depth < softness.maximumDepth else {
      throw MachineError.depth(limit: softness.maximumDepth)
    }
    depth += 1
    defer { depth -= 1 }
    func folded(_ value: SoftValue, _ type: Type) throws -> SoftValue {
      switch (type, value) {
      case (.variable(TypeDefinition.own), .made(_, let constructor, let fields, _)):
        return try fold(definition, constructor, fields, arms, in: frame)
      case (.list(let element), .list(let values)):
        return .list(try values.map { try folded($0, element) })
      case (.pair(let first, let second), .pair(let x, let y)):
        return .pair(try folded(x, first), try folded(y, second))
      default: return value
      }
    }
    let types = definition.constructors[constructor].fields
    return try arm(arms[constructor], zip(fields, types).map { try folded($0, $1) }, in: frame)
  }

  private func branch(
    _ weight: Word, _ then: () throws -> SoftValue, otherwise: () throws -> SoftValue
  ) throws -> SoftValue {
    let chance = tape.value(of: weight)
    if chance >= 1 - Softness.leastWeight { return try then() }
    if chance <= Softness.leastWeight { return try otherwise() }
    let heavier =
      try arm(chance >= 0.5, then, isHeavier: true)
      ?? arm(chance < 0.5, otherwise, isHeavier: true)
    let lighter =
      try arm(chance < 0.5, then, isHeavier: false)
      ?? arm(chance >= 0.5, otherwise, isHeavier: false)
    guard let heavier else { preconditionFailure("one of two arms is the heavier") }
    guard let lighter else { return heavier }
    return chance >= 0.5
      ? arithmetic.mixture(weight, heavier, lighter) : arithmetic.mixture(weight, lighter, heavier)
  }

  /// Nil where the arm is not meant, or fails and is the lighter one.
  private func arm(
    _ isMeant: Bool, _ body: () throws -> SoftValue, isHeavier: Bool
  ) throws -> SoftValue? {
    guard isMeant else { return nil }
    do {
      return try body()
    } catch let error as MachineError where !isHeavier {
      switch error {
      case .tool, .fuel, .memory, .nesting: throw error
      case .depth: hitsLimit = true
      case .overflow, .divisionByZero, .index, .emptyList: break
      }
      return nil
    }
  }

  /// Unrolled: each round counts as much as all tests so far have been true.
  private func loop(
    _ start: SoftValue, test: (SoftValue) throws -> SoftValue,
    step: (SoftValue) throws -> SoftValue
  ) throws -> SoftValue {
    var state = start
    var weight = Word(real: 1)
    for _ in 0..<softness.maximumRounds {
      weight = arithmetic.product(weight, try test(state).truth)
      let chance = tape.value(of: weight)
      if chance <= Softness.leastWeight { return state }
      let next = try step(state)
      state =
        chance >= 1 - Softness.leastWeight ? next : arithmetic.mixture(weight, next, state)
    }
    hitsLimit =
      try hitsLimit
      || tape.value(of: arithmetic.product(weight, test(state).truth)) > Softness.leastWeight
    return state
  }

  private func apply(
    _ callee: SkillCode.Callee, _ operands: [SoftValue], in frame: Frame
  ) throws -> SoftValue {
    steps += 1
    guard steps <= softness.fuel else { throw MachineError.fuel(limit: softness.fuel) }
    switch callee {
    case .recursion: return try run(frame.code, operands)
    case .skill(let digest):
      guard let atom = frame.code.atom(digest) else {
        guard let code = try library(digest) else {
          preconditionFailure("the linker found every skill")
        }
        return try run(code, operands)
      }
      // As the function of a loop, a branch has values for arms.
      if atom.controlForm == .branch {
        return try branch(operands[0].truth) {
          operands[1]
        } otherwise: {
          operands[2]
        }
      }
      switch (atom.derivedForm, operands.first) {
      case (.make(let constructor), _):
        guard case .function(_, .named(let definition, _)) = atom.type else {
          preconditionFailure("\(atom.name) makes nothing")
        }
        let made = SoftValue.made(definition, constructor, operands)
        guard made.nesting <= Value.maximumDepth else {
          throw MachineError.nesting(limit: Value.maximumDepth)
        }
        return made
      case (.field(let field), .made(_, _, let fields, _)): return fields[field]
      default: return try atoms.apply(atom, operands)
      }
    }
  }
}

extension SoftValue {
  var elements: [SoftValue] {
    guard case .list(let elements) = self else { preconditionFailure("no list") }
    return elements
  }

  var truth: Word {
    guard case .truth(let truth) = self else { preconditionFailure("no truth value") }
    return truth
  }

  /// Of an int.
  var number: Word {
    guard case .int(_, let number) = self else { preconditionFailure("no int") }
    return number
  }

  var real: Word {
    guard case .real(let real) = self else { preconditionFailure("no real") }
    return real
  }
}
