import ReefMachine
import Synchronization

extension FrozenLibrary {
  /// The inverses of an atom, or of a skill on reals that is nothing but a chain of invertible steps
  /// above one of its parameters: eml(x, y) = exp(x) - ln(y) gives x = ln(output + ln(y)) and
  /// y = exp(exp(x) - output).
  ///
  /// Skills on ints have none: the goals of the atoms serve there, and more of them are in the way.
  func inverses(of digest: Digest) -> [Inverse] {
    if let atom = Atoms.with(digest) { return atom.inverses.filter { $0.unknowns.count == 1 } }
    guard let code = code(digest), !code.isRecursive, code.signature.result == .real,
      code.signature.parameterTypes.allSatisfy({ $0 == .real }),
      code.steps.allSatisfy({ !$0.operands.contains(where: \.isFunction) })
    else { return [] }
    return code.signature.parameters.indices.compactMap { inverse(of: code, unknown: $0) }
  }

  private func inverse(of code: SkillCode, unknown: Int) -> Inverse? {
    let inputs = code.signature.parameters.count
    // Upwards from the parameter: it and what is made of it are read in one place each.
    var links: [InverseChain.Link] = []
    var slot = unknown
    while code.result != .slot(slot) {
      let uses = code.steps.enumerated().flatMap { step, content in
        content.operands.indices.filter { content.operands[$0] == .slot(slot) }.map { (step, $0) }
      }
      guard uses.count == 1, let (position, place) = uses.first else { return nil }
      let step = code.steps[position]
      guard case .skill(let callee) = step.callee,
        let inverse = inverses(of: callee).first(where: { $0.unknowns == [place] })
      else { return nil }
      var known: [Image?] = []
      for (index, operand) in step.operands.enumerated() {
        guard index != place else {
          known.append(nil)
          continue
        }
        // The operand as a skill of its own. It takes the unknown parameter too, and ignores it.
        let side = SkillCode(signature: code.signature, steps: code.steps, result: operand)
        guard let image = try? Image(linking: side.normalized(), library: { self.code($0) }) else {
          return nil
        }
        known.append(image)
      }
      links.append(.init(inverse: inverse, known: known))
      slot = inputs + position
    }
    guard !links.isEmpty else { return nil }
    let chain = InverseChain(links: links.reversed())
    return Inverse(unknown) { output, known in chain.solve(output, known) }
  }
}

extension SkillCode.Operand {
  fileprivate var isFunction: Bool { if case .function = self { true } else { false } }
}

/// A skill run backwards, from its result down to one parameter.
private final class InverseChain: Sendable {
  struct Link: Sendable {
    let inverse: Inverse
    /// What computes the step's other operands from the parameters; nil for the unknown one.
    let known: [Image?]
  }

  private let links: [Link]
  private let machine = Mutex(Machine(limits: Limits(fuel: 10_000, bytes: 1 << 22, depth: 100)))

  init(links: [Link]) { self.links = links }

  func solve(_ output: Value, _ known: [Value?]) -> [Value]? {
    let arguments = known.map { $0 ?? .real(0) }
    return machine.withLock { machine in
      var value = output
      for link in links {
        var operands: [Value?] = []
        for image in link.known {
          guard let image else {
            operands.append(nil)
            continue
          }
          guard let run = try? machine.run(image, arguments) else { return nil }
          operands.append(run.value)
        }
        guard let solved = link.inverse.solve(value, operands) else { return nil }
        value = solved[0]
      }
      return [value]
    }
  }
}
