import Arithmetic
import Foundation
import LinearLayer
import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("Tree search") struct TreeSearchTests {
  @Test("The best edge is the first of the largest scores", arguments: 0..<20)
  func bestEdge(seed: Int) {
    var random = SplitMix64(seed: seed)
    var edges = TreeSearch.Edges()
    #expect(edges.best(exploration: 2) == nil)
    // Few different priors and values, so that many scores are equal.
    var known: [(mean: Double, share: Double, visits: Double)] = []
    for count in 1...40 {
      let prior = Double(random.int(in: 1...2)) / 4
      #expect(edges.append(prior: prior, child: 100 + count) == count - 1)
      #expect(edges.child(count - 1) == 100 + count)
      known.append((0, prior, 0))
      let (edge, value) = (random.int(in: 0...count - 1), Double(random.int(in: 0...1)))
      edges.visit(edge, value: value)
      known[edge].share *= (1 + known[edge].visits) / (2 + known[edge].visits)
      known[edge].visits += 1
      known[edge].mean += (value - known[edge].mean) / known[edge].visits
      if random.int(in: 0...3) == 0 {
        edges.punish(edge)
        known[edge].mean -= 1 / known[edge].visits
      }
      let exploration = Double(random.int(in: 0...2))
      let scores = known.map { $0.mean + exploration * $0.share }
      let best = edges.best(exploration: exploration)
      #expect(best?.score == scores.max())
      #expect(best?.edge == scores.firstIndex(of: scores.max()!))
    }
  }

  private func vocabulary(_ names: [String], _ signature: Signature) throws -> Vocabulary {
    let atoms = try names.map { try #require(Atoms.named($0)) }
    return try Vocabulary(
      signature: signature,
      callables: atoms.enumerated().map { index, atom in
        .init(digest: atom.digest, type: atom.type, cost: 1 + index % 3, atom: atom)
      },
      library: FrozenLibrary([]), allowsRecursion: false, allowsBranches: true,
      costOfForm: { _ in 0 })
  }

  private struct Choice: Hashable {
    let operation: Int32
    let operands: SIMD4<Int32>
  }

  /// Every operation with every choice of operands, in no particular order.
  private func everyMove(
    _ vocabulary: Vocabulary, _ slots: MoveSlots
  ) -> [Choice: Double] {
    var found: [Choice: Double] = [:]
    for (index, operation) in vocabulary.operations.enumerated() {
      func choose(_ operands: [Int32], _ surprisal: Double) {
        guard operands.count < operation.arity else {
          if operation.isCommutative, operands[1] < operands[0] { return }
          var packed = SIMD4<Int32>(repeating: 0)
          for (position, id) in operands.enumerated() { packed[position] = id }
          found[Choice(operation: Int32(index), operands: packed)] = surprisal
          return
        }
        for slot in slots[Int32(vocabulary.parameterTypeIDs[index][operands.count])] {
          choose(operands + [slot.id], surprisal + slot.penalty)
        }
      }
      choose([], Double(operation.cost))
    }
    return found
  }

  @Test(
    "The moves of a state come by falling prior, each once, as an exhaustive list has them",
    arguments: 0..<20)
  func movesAgreeWithBruteForce(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let signature = Signature(
      parameters: [.init("xs", .list(.int)), .init("x", .int)], result: .list(.int))
    let vocabulary = try vocabulary(
      [
        "int.add", "int.subtract", "int.less", "list.get", "list.set", "list.prepend", "list.map",
        "list.fold", "pair.make", "control.if",
      ], signature)
    var next: Int32 = 0
    let offered = vocabulary.types.indices.flatMap { type in
      (0..<random.int(in: 0...4)).map { _ in
        next += 1
        // Some are equal, as in a search.
        return MoveSlots.Slot(
          id: next, type: Int32(type), penalty: Double(random.int(in: 0...5)) / 4)
      }
    }
    let slots = MoveSlots(offered, typeCount: vocabulary.types.count)
    let space = MoveSpace(vocabulary)
    let expected = everyMove(vocabulary, slots)
    let total = space.weight(of: slots)
    var queue = MoveQueue(space, slots: slots)
    var seen: Set<Choice> = []
    var last = Double.infinity
    while let move = queue.first {
      let choice = Choice(operation: move.operation, operands: move.operands)
      #expect(seen.insert(choice).inserted)
      #expect(move.prior <= last * (1 + 1e-12))
      let surprisal = try #require(expected[choice])
      #expect(abs(move.prior - exp(-surprisal) / total) <= 1e-12)
      last = move.prior
      queue.removeFirst(in: space)
    }
    #expect(seen.count == expected.count)
  }

  @Test(
    "What a mixture prefers comes with its own prior among the others, and each move once",
    arguments: 0..<20)
  func blendedMoves(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let signature = Signature(parameters: [.init("x", .int), .init("y", .int)], result: .int)
    let vocabulary = try vocabulary(["int.add", "int.subtract", "int.min"], signature)
    let slots = MoveSlots(
      (0..<3).map { .init(id: Int32($0), type: 0, penalty: Double($0) / 4) },
      typeCount: vocabulary.types.count)
    let space = MoveSpace(vocabulary)
    let guided = everyMove(vocabulary, slots).mapValues { exp(-$0) / space.weight(of: slots) }
    // The first and the third are one move, because int.add has no order.
    let preferences = [(0, 0, 2), (1, 0, 2), (0, 2, 0), (1, 1, 1)].map {
      MixtureMoves.Preference(
        operation: Int32($0.0), operands: SIMD4(Int32($0.1), Int32($0.2), 0, 0),
        probability: random.real(), even: 0.25)
    }
    let ratios = preferences.map { $0.probability / 0.25 }
    var expected = guided.mapValues { $0 * 0.03 }
    for (index, ratio) in [0: (ratios[0] + ratios[2]) / 2, 1: ratios[1], 3: ratios[3]] {
      let choice = Choice(
        operation: preferences[index].operation, operands: preferences[index].operands)
      expected[choice] = try #require(guided[choice]) * ratio
    }
    // To the guide both orders are something.
    let others = 1 - guided.values.reduce(0, +)
    let total = expected.values.reduce(0, +) + 0.03 * others
    var moves = BlendedMoves(
      MoveQueue(space, slots: slots), preferences: preferences, in: space)
    var found: [Choice: Double] = [:]
    var last = Double.infinity
    while let move = moves.first {
      let choice = Choice(operation: move.operation, operands: move.operands)
      #expect(found.updateValue(move.prior, forKey: choice) == nil)
      #expect(move.prior <= last)
      #expect(abs(move.prior - (expected[choice] ?? 0) / total) < 1e-12)
      last = move.prior
      moves.removeFirst(in: space)
    }
    #expect(found.count == expected.count)
  }

  @Test(
    "A mixture's values are entries of the bank, and it has no say where it could not have been")
  func mixtureMoves() throws {
    let signature = Signature(
      parameters: [.init("x", .real), .init("y", .real)], result: .real)
    let rows: [[Value]] = [[.real(2), .real(-5)], [.real(-1), .real(3)]]
    let problem = Problem(
      name: "test", summary: "", signature: signature,
      rows: rows.map { Example(input: $0, output: .real(0)) }, oracle: nil, tolerance: 0)
    let bank = try Bank(
      problem: problem, vocabulary: vocabulary(["real.subtract", "real.max"], signature),
      rowFuel: 1_000)
    func keep(_ behaviour: Bank.Behaviour?, _ origin: Origin, _ operands: [Int32]) throws -> Int32 {
      defer { bank.discard() }
      let packed = SIMD4(operands[0], operands[1], 0, 0)
      let behaviour = try #require(behaviour)
      let id = try bank.keepIfNew(behaviour, origin, packed, cost: 1)
      return try #require(id)
    }
    // A constant comes first, so that the numbers of values and of entries differ.
    let one = try keep(
      bank.evaluate(rows.map { _ in .real(1) }, type: .real), .constant(0), [0, 0])
    let inputs = try (0..<2).map { index in
      try keep(bank.evaluate(rows.map { $0[index] }, type: .real), .input(index), [0, 0])
    }
    func taking(_ operation: Int, _ operands: [Int32]) throws -> Int32 {
      let behaviour = try bank.evaluate(operation, SIMD4(operands[0], operands[1], 0, 0))
      return try keep(behaviour, .operation(operation), operands)
    }
    let atoms = try ["real.max", "real.subtract"].map { try #require(Atoms.named($0)) }
    let operations = try atoms.map { atom in
      try #require(bank.vocabulary.operations.firstIndex { $0.callee == .skill(atom.digest) })
    }
    // The first step is x - y, the second takes the larger of x and that.
    let prior = MixturePrior(
      skills: atoms.map(\.digest), inputCount: 2,
      restarts: [
        .init(
          weight: 1,
          preferences: .init(
            skills: [[0, 1], [1, 0]],
            operands: [
              Array(repeating: [[1, 0], [0, 1]], count: 2),
              Array(repeating: [[1, 0, 0], [0, 0, 1]], count: 2),
            ]))
      ])
    let moves = MixtureMoves(prior, bank: bank)
    func likeliest(after taken: [Int32]) throws -> (operation: Int, operands: [Int32])? {
      let preferences = try #require(moves.preferences(after: taken))
      return preferences.max { $0.probability < $1.probability }
        .map { (Int($0.operation), [$0.operands[0], $0.operands[1]]) }
    }
    let root = try likeliest(after: [])
    let first = try #require(root)
    #expect(first == (operations[1], inputs))
    let difference = try taking(first.operation, first.operands)
    let behind = try likeliest(after: [difference])
    let second = try #require(behind)
    #expect(second == (operations[0], [inputs[0], difference]))
    let larger = try taking(second.operation, second.operands)
    #expect(moves.preferences(after: [difference, larger]) == nil, "it has ended")
    let stranger = try taking(operations[1], [inputs[0], one])
    #expect(try likeliest(after: [stranger]) == nil, "it has no constants")
  }

  @Test("It finds short compositions by itself", arguments: ["products", "relu", "sum"])
  func findsShortCompositions(task: String) throws {
    let reference = try #require(linearLayer.references.first { $0.task.name == task })
    let trial = LearningTrial(
      reference, learners: [.treeSearch], stepBudget: 20_000_000, seconds: 300, seed: 1)
    let outcome = try trial.run(with: TrialLibrary([]))
    #expect(outcome.isSolved, "\(outcome.reason)")
    #expect(outcome.solution?.learner == "mcts")
  }

  @Test("Examples beyond those that it begins with prove candidates wrong")
  func laterExamplesCount() throws {
    let shared = (1...8).map { [$0, $0] }
    let apart = [[2, 7], [5, -3], [-4, 6]]
    let plugin = BuiltInPlugin(
      name: "t", version: "1",
      tasks: [
        TaskDefinition(
          SkillTask(
            name: "product",
            signature: Signature(parameters: [.init("x", .int), .init("y", .int)], result: .int),
            summary: "", trainSizes: [4], standards: [.init(checkSizes: [8])]),
          input: { _, index, _ in
            (shared + apart)[index % (shared.count + apart.count)].map { .int($0) }
          },
          expected: { input in .int(input[0].int! * input[1].int!) })
      ])
    let trial = LearningTrial(
      try #require(plugin.references.first), learners: [.treeSearch], stepBudget: 3_000_000,
      seconds: 300, seed: 1)
    let outcome = try trial.run(with: TrialLibrary([]))
    #expect(outcome.solution?.code.steps.count == 1, "\(outcome.reason)")
  }
}
