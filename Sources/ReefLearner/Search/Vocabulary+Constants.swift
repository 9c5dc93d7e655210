import ReefMachine
import ReefTasks

extension Vocabulary {
  /// One global set, and the ints that most of the examples' results contain; of them those that a
  /// solution may read.
  func constants(for problem: Problem) -> [Constant] {
    let all = allConstants(for: problem)
    guard let means = problem.means else { return all }
    return all.filter { means.constants.contains($0.value) }
  }

  private func allConstants(for problem: Problem) -> [Constant] {
    var constants: [Constant] = [
      .init(value: .int(0), type: .int, cost: 1), .init(value: .int(1), type: .int, cost: 1),
      .init(value: .int(2), type: .int, cost: 2), .init(value: .int(-1), type: .int, cost: 2),
      .init(value: .int(10), type: .int, cost: 2),
    ]
    constants += (3...9).map { .init(value: .int($0), type: .int, cost: 3) }
    for value in problem.commonInts where !(-1...10).contains(value) {
      constants.append(.init(value: .int(value), type: .int, cost: 3))
    }
    constants += [true, false].map { .init(value: .bool($0), type: .bool, cost: 1) }
    if hasReals {
      constants += [0.0, 1.0].map { .init(value: .real($0), type: .real, cost: 1) }
    }
    constants += listTypes.map { .init(value: .list([]), type: $0, cost: 1) }
    for type in declaredTypes {
      guard case .named(let definition, _) = type else { continue }
      for (index, constructor) in definition.constructors.enumerated()
      where constructor.fields.isEmpty {
        let value = Value.made(definition, constructor: index, [])
        constants.append(.init(value: value, type: type, cost: 1))
      }
    }
    return constants
  }
}

extension Problem {
  /// Ints that occur in at least half of the results.
  var commonInts: [Int] {
    var counts: [Int: Int] = [:]
    func visit(_ value: Value, _ found: inout Set<Int>) {
      switch value {
      case .int(let int): found.insert(int)
      case .list(let values): for value in values { visit(value, &found) }
      case .pair(let first, let second):
        visit(first, &found)
        visit(second, &found)
      case .made(_, _, let fields): for value in fields { visit(value, &found) }
      default: break
      }
    }
    for row in rows {
      var found: Set<Int> = []
      if let output = row.output { visit(output, &found) }
      for int in found { counts[int, default: 0] += 1 }
    }
    return counts.filter { $0.value * 2 >= rows.count }.keys.sorted()
  }
}
