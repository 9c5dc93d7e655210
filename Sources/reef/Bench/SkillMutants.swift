import ReefMachine

/// The well-typed programs that differ from a skill's code in one place of one step: another callee
/// of the same type, two operands exchanged, another slot, a neighbouring constant; or in another
/// slot as the result.
struct SkillMutants {
  private let code: SkillCode
  private let typeOf: (Digest) -> Type?
  /// Callees to try, atoms and skills.
  private let callees: [Digest]
  private var found: [SkillCode] = []
  private var seen: Set<Digest>

  /// - Parameters:
  ///   - callees: What a callee may be changed into.
  ///   - typeOf: The function types of those and of the code's own callees.
  static func all(
    of code: SkillCode, callees: [Digest], typeOf: @escaping (Digest) -> Type?
  ) -> [SkillCode] {
    var mutants = SkillMutants(code: code, callees: callees, typeOf: typeOf)
    mutants.collect()
    return mutants.found
  }

  /// A program that differs in one step of its own or of a body that it calls.
  struct Mutant {
    let code: SkillCode
    /// Bodies that the library does not have, by digest.
    var bodies: [Digest: SkillCode] = [:]
    /// The code that the change is in.
    let changed: SkillCode
  }

  /// The mutants of `code` and of those of its callees that were found for it. A callee may become
  /// any atom, or any other skill that is called at that place's level.
  static func withBodies(
    of code: SkillCode, bodies: Set<Digest>, library: [Digest: SkillCode]
  ) -> [Mutant] {
    let skills = code.callees.filter { library[$0] != nil }
    var mutants = all(of: code, callees: Atoms.all.map(\.digest) + skills) { digest in
      Atoms.with(digest)?.type ?? library[digest]?.signature.type
    }.map { Mutant(code: $0, changed: $0) }
    for digest in skills where bodies.contains(digest) {
      guard let body = library[digest] else { continue }
      for inner in withBodies(of: body, bodies: bodies, library: library) {
        var mutant = Mutant(
          code: code.replacing(digest, by: inner.code.digest), bodies: inner.bodies,
          changed: inner.changed)
        mutant.bodies[inner.code.digest] = inner.code
        mutants.append(mutant)
      }
    }
    return mutants
  }

  private init(code: SkillCode, callees: [Digest], typeOf: @escaping (Digest) -> Type?) {
    self.code = code
    self.callees = callees
    self.typeOf = typeOf
    seen = [code.normalized().digest]
  }

  private mutating func collect() {
    for (index, step) in code.steps.enumerated() {
      for callee in callees { change(to: SkillCode.Step(.skill(callee), step.operands), at: index) }
      for first in step.operands.indices {
        for second in step.operands.indices where second > first {
          var operands = step.operands
          operands.swapAt(first, second)
          change(to: SkillCode.Step(step.callee, operands), at: index)
        }
        for operand in alternatives(to: step.operands[first], atStep: index) {
          var operands = step.operands
          operands[first] = operand
          change(to: SkillCode.Step(step.callee, operands), at: index)
        }
      }
    }
    for operand in alternatives(to: code.result, atStep: code.steps.count) {
      var mutant = code
      mutant.result = operand
      keep(mutant)
    }
  }

  private func alternatives(
    to operand: SkillCode.Operand, atStep step: Int
  ) -> [SkillCode.Operand] {
    let slots = (0..<code.signature.parameters.count + step).map { SkillCode.Operand.slot($0) }
    switch operand {
    case .slot: return slots
    case .constant(.int(let value)):
      return slots + [.constant(.int(value &- 1)), .constant(.int(value &+ 1))]
    case .constant(.bool(let value)): return slots + [.constant(.bool(!value))]
    case .constant(.real(let real)): return slots + [.constant(.real(real.value + 1))]
    case .constant, .weight: return slots
    case .function(let callee, let captures):
      let others = callees.map { SkillCode.Operand.function(.skill($0), captures: captures) }
      let changedCaptures = captures.indices.flatMap { index in
        alternatives(to: captures[index], atStep: step).map { capture in
          var captures = captures
          captures[index] = capture
          return SkillCode.Operand.function(callee, captures: captures)
        }
      }
      return others + changedCaptures
    }
  }

  private mutating func change(to step: SkillCode.Step, at index: Int) {
    var mutant = code
    mutant.steps[index] = step
    keep(mutant)
  }

  private mutating func keep(_ mutant: SkillCode) {
    guard (try? CheckedCode.check(mutant, typeOf: typeOf)) != nil else { return }
    let normal = mutant.normalized()
    if seen.insert(normal.digest).inserted { found.append(normal) }
  }
}

extension SkillCode {
  /// The code with another skill called in the place of one.
  fileprivate func replacing(_ old: Digest, by new: Digest) -> SkillCode {
    func callee(_ callee: Callee) -> Callee { callee == .skill(old) ? .skill(new) : callee }
    func operand(_ value: Operand) -> Operand {
      guard case .function(let function, let captures) = value else { return value }
      return .function(callee(function), captures: captures.map(operand))
    }
    return SkillCode(
      signature: signature,
      steps: steps.map { Step(callee($0.callee), $0.operands.map(operand)) },
      result: operand(result))
  }
}
