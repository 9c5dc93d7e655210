import ReefMachine
import ReefTasks

/// An expression over the classes of a bank: what a search proposes.
indirect enum Term {
  case entry(Int32)
  /// An atom applied to terms: how a goal that was split by an inverse is put together again.
  case apply(Digest, [Term])
  case branch(condition: Term, then: Term, otherwise: Term)

  static let branch = SkillCode.Callee.atom(.controlIf)

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
        return add(.init(Term.branch, operands))
      }
    }
    let result = build(term)
    return SkillCode(signature: problem.signature, steps: steps, result: result).normalized()
  }

  /// The arguments and the answers of the self-calls that a run of the term on a row leads to,
  /// those from which they come first, as far as they are no rows.
  func selfCallExamples(in term: Term, row: Int) throws -> [Example] {
    var calls = selfCalls(in: term, row: row)
    var next = 0
    while next < min(calls.count, Bank.longestChain) {
      if let (bank, same) = try replaying(term, on: calls[next]) {
        for call in bank.selfCalls(in: same, row: 0) where !calls.contains(call) {
          calls.append(call)
        }
      }
      next += 1
    }
    return calls.filter {
      !problem.rows.contains($0) && $0.input.scalarCount <= Verifier.learnableScalars
    }
  }

  /// How many self-calls are followed.
  private static let longestChain = 12

  /// A bank with this one row, and the term in it; nil where a part of the term has no value.
  private func replaying(_ term: Term, on row: Example) throws -> (Bank, Term)? {
    var problem = problem
    problem.rows = [row]
    let bank = Bank(problem: problem, vocabulary: vocabulary, rowFuel: rowFuel)
    var known: [Int32: Int32] = [:]
    func replay(_ id: Int32) throws -> Int32? {
      if let known = known[id] { return known }
      let entry = entries[Int(id)]
      var operands = SIMD4<Int32>(repeating: 0)
      let behaviour: Behaviour?
      switch entry.origin {
      case .input(let index):
        behaviour = try bank.evaluate([row.input[index]], type: types[Int(entry.type)])
      case .constant(let index):
        behaviour = try bank.evaluate([constants[index].value], type: types[Int(entry.type)])
      case .operation(let index):
        for position in 0..<vocabulary.operations[index].arity {
          guard let operand = try replay(entry.operands[position]) else { return nil }
          operands[position] = operand
        }
        behaviour = try bank.evaluate(index, operands)
      }
      guard let behaviour else { return nil }
      let new = try bank.keep(behaviour, entry.origin, operands, cost: Int(entry.cost))
      bank.discard()
      known[id] = new
      return new
    }
    func replay(_ term: Term) throws -> Term? {
      switch term {
      case .entry(let id): return try replay(id).map { .entry($0) }
      case .apply(let atom, let terms):
        return .apply(atom, try terms.compactMap(replay))
      case .branch(let condition, let then, let otherwise):
        // Only the arm that is taken has to have a value.
        guard let condition = try replay(condition) else { return nil }
        let arms = try [then, otherwise].compactMap(replay)
        return arms.first.map {
          .branch(condition: condition, then: $0, otherwise: arms.last ?? $0)
        }
      }
    }
    return try replay(term).map { (bank, $0) }
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
