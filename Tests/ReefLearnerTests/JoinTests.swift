import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("What is right on some rows, joined") struct JoinTests {
  /// Enumerates terms up to a cost; the term that was found, if one was.
  private func found(
    maximumCost: Int, joins: Int, seed: Int, _ wanted: ([Int], Int, Int) -> Value
  ) throws -> SkillCode? {
    var random = SplitMix64(seed: seed)
    let rows = (0..<24).map { _ in
      let xs = (0..<random.int(in: 1...5)).map { _ in random.int(in: -30...30) }
      let (i, y) = (random.int(in: 0...xs.count - 1), random.int(in: -6...6))
      return Example(
        input: [.list(xs.map { .int($0) }), .int(i), .int(y)], output: wanted(xs, i, y))
    }
    let signature = Signature(
      parameters: [.init("xs", .list(.int)), .init("i", .int), .init("y", .int)],
      result: .list(.int))
    let problem = Problem(
      name: "test", summary: "", signature: signature, rows: rows, oracle: nil, tolerance: 0)
    let atoms = ["list.get", "list.set", "int.add", "int.multiply", "int.max", "int.min"]
    return try Bank(problem, atoms: atoms)
      .solution(.init(maximumCost: maximumCost, maximumJoins: joins))
  }

  @Test("Two terms that cover all rows of a goal make the value of an update", arguments: 0..<4)
  func update(seed: Int) throws {
    func wanted(_ xs: [Int], _ i: Int, _ y: Int) -> Value {
      var changed = xs
      changed[i] = min(xs[i], y * y + y)
      return .list(changed.map { .int($0) })
    }
    let found = try #require(
      try found(maximumCost: 5, joins: 8, seed: seed, wanted))
    #expect(found.steps.count == 5)
    #expect(try self.found(maximumCost: 5, joins: 0, seed: seed, wanted) == nil)
  }
}
