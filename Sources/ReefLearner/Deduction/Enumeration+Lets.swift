import ReefMachine
import ReefTasks

extension Enumeration {
  /// The most values of each kind that are given.
  private static let maximumLets = 3

  /// The most lists that a filter may thin.
  private static let maximumThinned = 2

  /// Values that the enumeration has met and that a solution may begin with.
  ///
  /// Both parts of a pair often hang on one intermediate value, and the cost of a term counts it
  /// twice; so do the condition of a branch and its arm. And where the wanted list is a map or a
  /// filter over a list that has to be made first, the examples of the body follow only when that
  /// list is at hand.
  func lets() -> [Let] {
    (sharedByParts() + nearest() + aligned()).compactMap { value($0, for: .shared) }
      + thinned().compactMap { value($0, for: .filtered) }
  }

  private func value(_ id: Int32, for use: Let.Use) -> Let? {
    let values = (0..<bank.rowCount).compactMap { try? bank.value(of: id, row: $0) }
    guard values.count == bank.rowCount else { return nil }
    let code = bank.code(.entry(id))
    let signature = Signature(
      parameters: code.signature.parameters, result: bank.types[Int(bank.entries[Int(id)].type)])
    return Let(
      use: use, code: SkillCode(signature: signature, steps: code.steps, result: code.result),
      values: values)
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

  /// The lists of which a filter may keep the wanted one, those first of which it drops the least:
  /// they say the most about its condition, and which they are does not hang on the order of the
  /// atoms.
  private func thinned() -> [Int32] {
    let problem = bank.problem
    let wanted = problem.rows.compactMap { $0.output?.list }
    guard wanted.count == bank.rowCount else { return [] }
    let kept = wanted.map(Set.init)
    func surplus(of id: Int32) -> Int {
      wanted.indices.reduce(0) { $0 + bank.listCount(of: Int(id), row: $1) - wanted[$1].count }
    }
    let found = lists { id in
      problem.signature.result == bank.types[Int(bank.entries[id].type)]
        && wanted.indices.allSatisfy { bank.listCount(of: id, row: $0) >= wanted[$0].count }
        && surplus(of: Int32(id)) > 0
        && wanted.indices.allSatisfy { row in
          let list = try? bank.value(of: Int32(id), row: row).list
          return list?.filter(kept[row].contains) == wanted[row]
        }
    }
    let ranked = found.map { (surplus(of: $0), $0) }.sorted(by: <)
    return ranked.prefix(Enumeration.maximumThinned).map { $0.1 }
  }

  /// The first lists that a skill makes and that are as long as the wanted one on every row.
  private func aligned() -> [Int32] {
    let counts = bank.problem.rows.map { $0.output?.list?.count ?? 0 }
    guard case .list = bank.problem.signature.result, counts.contains(where: { $0 > 1 }) else {
      return []
    }
    let found = lists { id in
      guard case .operation(let index) = bank.entries[id].origin else { return false }
      let operation = bank.vocabulary.operations[index]
      return operation.isLikely && operation.functions.isEmpty
        && counts.indices.allSatisfy { bank.listCount(of: id, row: $0) == counts[$0] }
    }
    return Array(found.prefix(Enumeration.maximumLets))
  }

  /// The lists that an operation makes on every row and that are wanted.
  private func lists(where isWanted: (Int) -> Bool) -> [Int32] {
    bank.entries.elements.indices.prefix(Enumeration.alignedEntries).filter { id in
      guard case .operation = bank.entries[id].origin,
        case .list = bank.types[Int(bank.entries[id].type)]
      else { return false }
      return bank.masks[id] == bank.allRows && isWanted(id)
    }.map(Int32.init)
  }

  /// Lists that come later are not looked at.
  private static let alignedEntries = 4_000
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
