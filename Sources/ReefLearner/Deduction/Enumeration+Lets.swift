import ReefMachine
import ReefTasks

extension Enumeration {
  /// The most values of each kind that are given.
  private static let maximumLets = 3

  /// Problems in which a value that the enumeration has met is given for nothing.
  ///
  /// Both parts of a pair often hang on one intermediate value, and the cost of a term counts it
  /// twice; so do the condition of a branch and its arm. And where the wanted list is a map over a
  /// list that a skill makes, the examples of the map's body follow only when that list is at hand.
  func lets() -> [Deduction] {
    (sharedByParts() + nearest() + aligned()).compactMap(deduction(sharing:))
  }

  /// The term that is right on most rows, if that is at least half of them: a branch may ask it
  /// whether it is right.
  private func nearest() -> [Int32] {
    let nearest = matches.plain.arms.max {
      ($0.rows.nonzeroBitCount, $1.cost) < ($1.rows.nonzeroBitCount, $0.cost)
    }
    guard let nearest, 2 * nearest.rows.nonzeroBitCount >= bank.rowCount,
      let id = nearest.term.entry, bank.entries[Int(id)].cost > 2,
      bank.masks[Int(id)] == bank.allRows
    else { return [] }
    return [id]
  }

  /// The largest values below a term that solved one part of the wanted pair.
  private func sharedByParts() -> [Int32] {
    guard case .pair = bank.problem.signature.result else { return [] }
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
    return Array(largest.prefix(Enumeration.maximumLets))
  }

  /// The first lists that a skill makes and that are as long as the wanted one on every row.
  private func aligned() -> [Int32] {
    let counts = bank.problem.rows.map { $0.output?.list?.count ?? 0 }
    guard case .list = bank.problem.signature.result, counts.contains(where: { $0 > 1 }) else {
      return []
    }
    var found: [Int32] = []
    for id in bank.entries.elements.indices.prefix(Enumeration.alignedEntries) {
      let entry = bank.entries[id]
      guard found.count < Enumeration.maximumLets,
        case .operation(let index) = entry.origin, bank.vocabulary.operations[index].isLikely,
        bank.vocabulary.operations[index].functions.isEmpty,
        case .list = bank.types[Int(entry.type)], bank.masks[id] == bank.allRows,
        counts.indices.allSatisfy({ bank.listCount(of: id, row: $0) == counts[$0] })
      else { continue }
      found.append(Int32(id))
    }
    return found
  }

  /// Lists that come later are not looked at.
  private static let alignedEntries = 4_000

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
      name: problem.name, summary: problem.summary,
      signature: Signature(
        parameters: signature.parameters + [.init(label, type)], result: signature.result),
      rows: rows, oracle: nil, tolerance: problem.tolerance,
      means: problem.means)
    let value = bank.code(.entry(id))
    let inputs = signature.parameters.count
    return Deduction(form: "let", body: body) { code in
      // The body's slots follow those of the shared value, and its last input is that value.
      func moved(_ operand: SkillCode.Operand) -> SkillCode.Operand {
        switch operand {
        case .constant, .weight: operand
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
