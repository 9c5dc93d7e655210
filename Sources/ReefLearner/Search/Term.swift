import ReefMachine
import ReefTasks

/// An expression over the classes of a bank: what a search proposes.
indirect enum Term {
  case entry(Int32)
  /// An atom applied to terms: how a goal that was split by an inverse is put together again.
  case apply(Digest, [Term])
  case branch(condition: Term, then: Term, otherwise: Term)

  static let branchAtom = Atoms.named("control.if")!

  /// The class, where the term is nothing else.
  var entry: Int32? { if case .entry(let id) = self { id } else { nil } }

  var isBranch: Bool { if case .branch = self { true } else { false } }

  /// The classes that its branches end in.
  var arms: [Int32] {
    switch self {
    case .entry(let id): [id]
    case .apply: []
    case .branch(_, let then, let otherwise): then.arms + otherwise.arms
    }
  }
}

extension Bank {
  /// The code of a term: classes that occur twice become one step.
  func code(_ term: Term) -> SkillCode {
    let inputs = problem.signature.parameters.count
    var steps: [SkillCode.Step] = []
    var known: [Int32: SkillCode.Operand] = [:]
    func add(_ step: SkillCode.Step) -> SkillCode.Operand {
      steps.append(step)
      return .slot(inputs + steps.count - 1)
    }
    func operand(_ id: Int32) -> SkillCode.Operand {
      if let operand = known[id] { return operand }
      let entry = entries[Int(id)]
      let result: SkillCode.Operand
      switch entry.origin {
      case .input(let index): result = .slot(index)
      case .constant(let index): result = .constant(constants[index].value)
      case .operation(let index):
        let operation = vocabulary.operations[index]
        let operands = (0..<operation.arity).map { operand(entry.operands[$0]) }
        result = add(operation.step(operands, inputs: inputs))
      }
      known[id] = result
      return result
    }
    func build(_ term: Term) -> SkillCode.Operand {
      switch term {
      case .entry(let id): return operand(id)
      case .apply(let atom, let terms): return add(.init(.skill(atom), terms.map(build)))
      case .branch(let condition, let then, let otherwise):
        let operands = [build(condition), build(then), build(otherwise)]
        return add(.init(.skill(Term.branchAtom.digest), operands))
      }
    }
    let result = build(term)
    return SkillCode(signature: problem.signature, steps: steps, result: result).normalized()
  }

  /// The arguments and the answer of a self-call that the term makes on a row, or on the rows that
  /// its self-calls from there lead to, if they are no row yet.
  func selfCallExample(in term: Term, row: Int) -> Example? {
    var rows = [row]
    var next = 0
    while next < rows.count {
      for call in selfCalls(in: term, row: rows[next]) {
        if let known = problem.rows.firstIndex(where: { $0.input == call.input }) {
          if !rows.contains(known) { rows.append(known) }
        } else if call.input.scalarCount <= Verifier.learnableScalars {
          return call
        }
      }
      next += 1
    }
    return nil
  }

  /// The arguments and the answers of the self-calls in a term on a row, outermost first.
  private func selfCalls(in term: Term, row: Int) -> [Example] {
    var seen: Set<Int32> = []
    var calls: [Example] = []
    func visit(_ id: Int32) {
      let entry = entries[Int(id)]
      guard isRecursive(id), seen.insert(id).inserted, masks[Int(id)] & (1 << UInt64(row)) != 0,
        case .operation(let index) = entry.origin
      else { return }
      let operation = vocabulary.operations[index]
      if let varying = operation.varying, let answer = try? value(of: id, row: row) {
        var arguments = problem.rows[row].input
        for (position, index) in varying.enumerated() {
          guard let value = try? value(of: entry.operands[position], row: row) else { return }
          arguments[index] = value
        }
        calls.append(Example(input: arguments, output: answer))
      }
      for position in 0..<operation.arity { visit(entry.operands[position]) }
    }
    func visit(_ term: Term) {
      switch term {
      case .entry(let id): visit(id)
      case .apply(_, let terms): terms.forEach(visit)
      case .branch(let condition, let then, let otherwise):
        [condition, then, otherwise].forEach(visit)
      }
    }
    visit(term)
    return calls
  }

  /// Whether evaluating the term always calls the skill itself: then no run of it ends.
  func diverges(_ term: Term) -> Bool {
    switch term {
    case .entry(let id): isRecursive(id)
    case .apply(_, let terms): terms.contains(where: diverges)
    case .branch(let condition, let then, let otherwise):
      diverges(condition) || diverges(then) && diverges(otherwise)
    }
  }
}
