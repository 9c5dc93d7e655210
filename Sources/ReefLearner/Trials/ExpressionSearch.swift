import ReefMachine
import ReefTasks

/// Enumeration of integer expressions by itself: a few atoms over columns of ints, no skills, no
/// inverses, no branches. It shows the rate at which candidates are evaluated and told apart.
package struct ExpressionSearch: Sendable {
  package let atoms: [Atom]
  /// One row of arguments for each example; all rows have as many.
  package let rows: [[Int]]

  /// - Precondition: The atoms take ints to an int; 1 to 64 rows, all of one length.
  package init(atoms: [Atom], rows: [[Int]]) {
    self.atoms = atoms
    self.rows = rows
  }

  package struct Outcome: Sendable {
    package let candidates: Int
    /// How many behaviours were first met at each cost, from cost 0.
    package let newBehaviours: [Int]
    /// The first expression with the wanted values.
    package let solution: SkillCode?
  }

  /// The constants of expressions, each with its cost; every parameter and every atom costs 1.
  package func constants() throws -> [(value: Int, cost: Int)] {
    let problem = problem(wanted: rows.map { _ in 0 })
    return try vocabulary(for: problem).constants(for: problem).compactMap { constant in
      constant.value.int.map { ($0, constant.cost) }
    }
  }

  /// Enumerates all expressions up to a cost, or until one has the wanted values.
  package func run(wanted: [Int], maximumCost: Int) throws -> Outcome {
    let problem = problem(wanted: wanted)
    let bank = try Bank(
      problem: problem, vocabulary: vocabulary(for: problem), rowFuel: 1_000)
    var options = Enumeration.Options()
    options.stepBudget = .max
    options.maximumCost = maximumCost
    options.maximumEntries = .max
    options.usesInverses = false
    options.usesBranches = false
    let enumeration = try Enumeration(
      bank: bank, options: options, check: { _ in (.accepted, 0) }, isCancelled: { false })
    let outcome = try enumeration.run()
    var solution: SkillCode?
    if case .solved(let code) = outcome { solution = code }
    return Outcome(
      candidates: bank.candidates,
      newBehaviours: enumeration.levels[0].prefix(maximumCost + 1).map(\.count),
      solution: solution)
  }

  private func problem(wanted: [Int]) -> Problem {
    let parameters = (rows.first ?? []).indices.map { Signature.Parameter("x\($0)", .int) }
    return Problem(
      name: "expression", summary: "", signature: Signature(parameters: parameters, result: .int),
      rows: zip(rows, wanted).map { row, output in
        Example(input: row.map { .int($0) }, output: .int(output))
      },
      oracle: nil, tolerance: 0)
  }

  private func vocabulary(for problem: Problem) throws -> Vocabulary {
    try Vocabulary(
      signature: problem.signature,
      callables: atoms.map { .init(digest: $0.digest, type: $0.type, cost: 1, atom: $0) },
      library: FrozenLibrary([]), allowsRecursion: false, allowsBranches: false,
      costOfForm: { _ in 0 })
  }
}
