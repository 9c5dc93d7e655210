import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("What a search is given to choose from") struct GuideTests {
  private func skill(
    _ name: String, _ parameters: [Type], _ result: Type, _ steps: [SkillCode.Step],
    summary: String = ""
  ) -> Skill {
    let code = SkillCode(
      signature: Signature(
        parameters: zip(["x", "y"], parameters).map { .init($0, $1) }, result: result),
      steps: steps, result: .slot(parameters.count + steps.count - 1))
    return Skill(
      digest: code.digest, name: name, version: 1, summary: summary, code: code,
      certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
      provenance: Provenance(
        task: name, curriculum: "", generation: 1, learner: "", seed: 1, searchSteps: 0,
        candidates: 0, pluginHash: ""))
  }

  private var library: [Skill] {
    let ints = Type.list(.int)
    return [
      skill("t.next", [.int], .int, [.init(.atom("int.add"), [.slot(0), .constant(.int(1))])]),
      skill("t.twice", [.int], .int, [.init(.atom("int.add"), [.slot(0), .slot(0)])]),
      skill("t.scaled", [.int, .int], .int, [.init(.atom("int.multiply"), [.slot(0), .slot(1)])]),
      skill(
        "t.doubled", [ints], ints, [.init(.atom("list.concat"), [.slot(0), .slot(0)])],
        summary: "A list and the same again."),
      skill("t.mirror", [ints], ints, [.init(.atom("list.reverse"), [.slot(0)])]),
    ]
  }

  private func problem(_ name: String = "other.unknown", summary: String) -> Problem {
    Problem(
      name: name, summary: summary,
      signature: Signature(parameters: [.init("x", .list(.int))], result: .list(.int)), rows: [],
      oracle: nil, tolerance: 0)
  }

  @Test("A task without a summary gets every atom, and skills on its own lists first")
  func untold() {
    let library = library
    let guide = Guide(library: FrozenLibrary(library))
    let untold = problem(summary: "")
    #expect(guide.breadths(for: untold) == [.fitting, .atoms, .wide])
    let callables = guide.callables(for: untold, .atoms)
    let atoms = Set(callables.compactMap(\.atom?.name))
    for atom in Atoms.all { #expect(atoms.contains(atom.name)) }
    // What belongs to a special field is dearer where nothing speaks of it.
    func cost(_ name: String, _ summary: String) -> Int? {
      guide.callables(for: problem(summary: summary), .atoms).first { $0.atom?.name == name }?.cost
    }
    #expect(cost("real.exp", "") == 3)
    #expect(cost("real.exp", "Its exponential.") == 1)
    #expect(cost("real.log", "Its exponential.") == 3)
    let names = callables.filter { $0.atom == nil }.compactMap { callable in
      library.first { $0.digest == callable.digest }?.name
    }
    #expect(Set(names.prefix(2)) == ["t.doubled", "t.mirror"])
    #expect(names.count == 4)
  }

  @Test(
    "Of atoms that are used as often the first ones come in, of others those that are used most")
  func commonAtoms() {
    func chosen(_ atoms: [Atom], giving result: Type) -> Set<String> {
      let guide = Guide(library: FrozenLibrary(library), atoms: atoms)
      let callables = guide.callables(for: problem(summary: "The same list."), .closest)
      return Set(
        callables.compactMap(\.atom).filter {
          guard case .function(_, result) = $0.type else { return false }
          return $0.controlForm == nil
        }.map(\.name))
    }
    #expect(chosen(Atoms.all, giving: .int) == ["int.add", "int.multiply"])
    #expect(chosen(Atoms.all.reversed(), giving: .int) == ["int.add", "int.multiply"])
    let conditions = Atoms.all.filter {
      guard case .function(_, .bool) = $0.type else { return false }
      return $0.controlForm == nil
    }.map(\.name)
    #expect(chosen(Atoms.all, giving: .bool) == Set(conditions.prefix(2)))
    #expect(chosen(Atoms.all.reversed(), giving: .bool) == Set(conditions.suffix(2)))
  }

  @Test("Without a summary come in turn the skills with few arguments and those that take all")
  func untoldTypes() {
    let library =
      library + [
        skill(
          "t.cut", [.list(.int), .int], .list(.int),
          [.init(.atom("list.take"), [.slot(0), .slot(1)])])
      ]
    let guide = Guide(library: FrozenLibrary(library))
    let untold = Problem(
      name: "other.unknown", summary: "",
      signature: Signature(
        parameters: [.init("n", .int), .init("x", .list(.int))], result: .list(.int)), rows: [],
      oracle: nil, tolerance: 0)
    let names = guide.callables(for: untold, .fitting).filter { $0.atom == nil }.map { callable in
      library.first { $0.digest == callable.digest }?.name
    }
    #expect(["t.doubled", "t.mirror"].contains(names[0]))
    #expect(names[1] == "t.cut")
    #expect(Set(names).count == library.count)
  }

  @Test("Without a summary come also the skills of the same plugin that nothing builds on yet")
  func untoldKin() throws {
    let next = try #require(library.first { $0.name == "t.next" })
    let used = skill("t.third", [.int], .int, [.init(.skill(next.digest), [.slot(0)])])
    let stranger = skill(
      "other.negated", [.int], .int, [.init(.atom("int.subtract"), [.constant(.int(0)), .slot(0)])])
    let library = library + [used, stranger]
    let guide = Guide(library: FrozenLibrary(library))
    let untold = problem("t.unknown", summary: "")
    #expect(guide.breadths(for: untold) == [.fitting, .atoms, .wide, .unused, .unusedNarrow])
    for breadth in [Guide.Breadth.unused, .unusedNarrow] {
      let names = guide.callables(for: untold, breadth).filter { $0.atom == nil }.map { callable in
        library.first { $0.digest == callable.digest }?.name
      }
      #expect(Set(names) == ["t.twice", "t.scaled", "t.doubled", "t.mirror", "t.third"])
    }
    // Few atoms, or all of them.
    let few = guide.callables(for: untold, .unused).compactMap(\.atom)
    let all = guide.callables(for: untold, .unusedNarrow).compactMap(\.atom)
    #expect(few.count < all.count && all.count == Atoms.all.count)
  }

  @Test("A summary says which skills come first")
  func told() {
    let library = library
    let guide = Guide(library: FrozenLibrary(library))
    let told = problem(summary: "The same list, twice.")
    #expect(guide.breadths(for: told).count == 5)
    let first = guide.callables(for: told, .closest).first { $0.atom == nil }
    #expect(["t.doubled", "t.twice"].contains(library.first { $0.digest == first?.digest }?.name))
  }

  /// The sum of squares of two ints lies at a level where a skill that loops 500 times would take
  /// more than the budget, if its applications did not wait.
  @Test("A skill that takes long does not hold up the others")
  func slowSkillsWait() throws {
    let slow = (1...4).map { index in
      skill(
        "t.slow\(index)", [.int, .int], .int,
        [
          .init(
            .atom("control.iterate"),
            [
              .function(.atom("int.add"), captures: [.constant(.int(index))]),
              .constant(.int(500)), .slot(0),
            ]),
          .init(.atom("int.multiply"), [.slot(2), .slot(1)]),
        ])
    }
    let rows = (0..<8).map { row in (row * 7 % 5 + 2, row * 3 % 7 - 2) }
    let problem = Problem(
      name: "", summary: "",
      signature: Signature(parameters: [.init("a", .int), .init("b", .int)], result: .int),
      rows: rows.map {
        Example(input: [.int($0), .int($1)], output: .int($0 * $0 + $1 * $1))
      },
      oracle: nil, tolerance: 0)
    let library = FrozenLibrary(slow)
    let atoms = try ["int.add", "int.subtract", "int.multiply"].map {
      try #require(Atoms.named($0))
    }
    let vocabulary = try Vocabulary(
      signature: problem.signature,
      callables: atoms.map { .init(digest: $0.digest, type: $0.type, cost: 1, atom: $0) }
        + slow.map {
          .init(digest: $0.digest, type: $0.signature.type, cost: 1, atom: nil)
        },
      library: library, allowsRecursion: false, allowsBranches: false, costOfForm: { _ in 0 })
    var options = Enumeration.Options()
    options.stepBudget = 5_000_000
    options.usesInverses = false
    let enumeration = try Enumeration(
      bank: Bank(problem: problem, vocabulary: vocabulary, rowFuel: 3_000), options: options,
      check: { _ in (.accepted, 0) }, isCancelled: { false })
    guard case .solved = try enumeration.run() else {
      Issue.record("not found within \(options.stepBudget) steps")
      return
    }
  }

  @Test("A skill with more parameters than a term may have operands is no operation")
  func manyParameters() throws {
    let signature = Signature(
      parameters: ["a", "b", "c", "d", "e"].map { .init($0, .int) }, result: .int)
    let code = SkillCode(
      signature: signature, steps: [.init(.atom("int.add"), [.slot(0), .slot(4)])],
      result: .slot(5))
    let add = try #require(Atoms.named("int.add"))
    let vocabulary = try Vocabulary(
      signature: signature,
      callables: [
        .init(digest: add.digest, type: add.type, cost: 1, atom: add),
        .init(digest: code.digest, type: signature.type, cost: 1, atom: nil),
      ],
      library: FrozenLibrary(library).adding([code]), allowsRecursion: false,
      allowsBranches: false, costOfForm: { _ in 0 })
    #expect(vocabulary.operations.map(\.callee) == [.skill(add.digest)])
  }
}
