import ReefMachine
import ReefTasks

extension Enumeration {
  /// The most shared values that are tried.
  private static let maximumLets = 4

  /// Problems in which a value that solved one part of the wanted pair or list is given for nothing.
  ///
  /// Both parts often hang on one intermediate value, and the cost of a term counts it twice. With
  /// the value as one more input the other part comes within reach.
  func lets() -> [Deduction] {
    var shared: [Int32] = []
    for split in splits {
      for part in split.parts {
        guard let solved = part.matches.plain.cheapest(covering: bank.allRows)?.term.entry else {
          continue
        }
        for id in bank.subterms(of: solved) where !shared.contains(id) {
          if bank.entries[Int(id)].cost > 2, bank.masks[Int(id)] == bank.allRows,
            bank.hash(of: id) != target.hash
          {
            shared.append(id)
          }
        }
      }
    }
    let largest = shared.sorted {
      let (left, right) = (bank.entries[Int($0)].cost, bank.entries[Int($1)].cost)
      return left != right ? left > right : $0 < $1
    }
    return largest.prefix(Enumeration.maximumLets).compactMap(deduction(sharing:))
  }

  private func deduction(sharing id: Int32) -> Deduction? {
    let problem = bank.problem
    let signature = problem.signature
    let type = bank.types[Int(bank.entries[Int(id)].type)]
    var rows: [Example] = []
    for (row, example) in problem.rows.enumerated() {
      guard let value = try? bank.value(of: id, row: row) else { return nil }
      rows.append(Example(input: example.input + [value], output: example.output))
    }
    var label = "shared"
    while signature.parameters.contains(where: { $0.name == label }) { label += "_" }
    let body = Problem(
      name: problem.name, text: problem.text,
      signature: Signature(
        parameters: signature.parameters + [.init(label, type)], result: signature.result),
      rows: rows, oracle: nil, tolerance: problem.tolerance)
    let value = bank.code(.entry(id))
    let inputs = signature.parameters.count
    return Deduction(form: "let", body: body) { code in
      // The body's slots follow those of the shared value, and its last input is that value.
      func moved(_ operand: SkillCode.Operand) -> SkillCode.Operand {
        switch operand {
        case .constant: operand
        case .function(let callee, let captures): .function(callee, captures: captures.map(moved))
        case .slot(let slot):
          slot < inputs
            ? operand
            : slot == inputs ? value.result : .slot(slot - 1 + value.steps.count)
        }
      }
      let steps = code.steps.map { SkillCode.Step($0.callee, $0.operands.map(moved)) }
      let whole = SkillCode(
        signature: signature, steps: value.steps + steps, result: moved(code.result))
      return .init(code: whole.normalized(), body: nil)
    }
  }
}

extension Bank {
  /// The entries below an entry that are results of operations, without itself.
  func subterms(of id: Int32) -> [Int32] {
    var found: [Int32] = []
    func visit(_ id: Int32) {
      let entry = entries[Int(id)]
      guard case .operation(let index) = entry.origin else { return }
      for position in 0..<vocabulary.operations[index].arity {
        let operand = entry.operands[position]
        guard case .operation = entries[Int(operand)].origin, !found.contains(operand) else {
          continue
        }
        found.append(operand)
        visit(operand)
      }
    }
    visit(id)
    return found
  }
}
