/// A goal that is put together from what is right on some rows: one term has the wanted value on
/// some, another on the others, and an operation of two values keeps the right one, as min, max and
/// `or` do, or a skill that was learned for that.
struct Join {
  let goal: Int
  let wanted: Bank.Column
  var arms = Arms(alternatives: 1)
  /// Which terms were tried together.
  var tried: Set<Pairing> = []

  struct Pairing: Hashable {
    let first: Int32
    let second: Int32
  }
}

extension Enumeration {
  /// In search steps, at one level in any case.
  private static let smallestJoinWork = 20_000

  /// Lets the terms for a goal be joined that is one step from the wanted value; there are many
  /// others.
  func addJoin(_ goal: Int, _ wanted: Bank.Column) {
    guard joins.count < options.maximumJoins, goals.goals[goal].step?.parent == 0 else { return }
    var join = Join(goal: goal, wanted: wanted)
    for (cost, ids) in levels[wanted.typeID].enumerated() {
      for id in ids.elements where !bank.isRecursive(id) {
        bank.spend(1)
        join.arms.add(rows: bank.agreement(of: id, with: wanted), cost: cost, term: .entry(id))
      }
    }
    joins.append(join)
  }

  /// Notes on which rows a new class equals a goal.
  @inline(__always)
  func noteJoins(_ id: Int32, _ behaviour: Bank.Behaviour, cost: Int) {
    guard !joins.isEmpty else { return }
    for index in joins.indices where joins[index].wanted.typeID == behaviour.typeID {
      let rows = bank.matching(joins[index].wanted, behaviour.mask)
      guard rows != 0, !bank.isRecursive(id) else { continue }
      joins[index].arms.add(rows: rows, cost: cost, term: .entry(id))
    }
  }

  /// Joins each two terms that cover all rows of a goal; an eighth of what the search has spent may go
  /// into it at each level. For the wanted value itself it is not done: too much is right by chance
  /// there, and in longer ways than the enumeration would find.
  func tryJoins() throws {
    var left = max(Enumeration.smallestJoinWork, bank.stepsSpent / 8)
    for index in joins.indices where left > 0 { try tryJoin(index, &left) }
    proposeMet()
  }

  private func tryJoin(_ index: Int, _ left: inout Int) throws {
    let wanted = joins[index].wanted
    let type = wanted.typeID
    let operations = bank.vocabulary.operations.indices.filter {
      bank.parameterTypeIDs[$0] == [type, type] && bank.resultTypeIDs[$0] == type
    }
    guard !operations.isEmpty, joins[index].arms.union == bank.allRows else { return }
    let arms = joins[index].arms.arms
    for (position, second) in arms.enumerated() {
      for first in arms[..<position] where first.rows | second.rows == bank.allRows {
        guard let a = first.term.entry, let b = second.term.entry,
          joins[index].tried.insert(.init(first: a, second: b)).inserted
        else { continue }
        let before = bank.stepsSpent
        for operation in operations {
          let isCommutative = bank.vocabulary.operations[operation].isCommutative
          for (x, y) in isCommutative ? [(a, b)] : [(a, b), (b, a)] {
            let cost = first.cost + second.cost + bank.vocabulary.operations[operation].cost
            try join(operation, SIMD4(x, y, 0, 0), cost, wanted)
          }
        }
        left -= bank.stepsSpent - before
        if left <= 0 { return }
      }
    }
  }

  private func join(
    _ operation: Int, _ operands: SIMD4<Int32>, _ cost: Int, _ wanted: Bank.Column
  ) throws {
    defer { bank.discard() }
    guard let behaviour = try bank.evaluate(operation, operands), behaviour.hash == wanted.hash,
      bank.find(behaviour.hash) == nil
    else { return }
    let id = try bank.keep(behaviour, .operation(operation), operands, cost: cost)
    noteGoal(id, cost: cost, hash: behaviour.hash)
  }
}
