import ReefMachine
import ReefTasks

/// Formulas from numeric samples alone: enumeration over given skills on reals and nothing else, met
/// half-way by their inverses.
package struct FormulaSearch: Sendable {
  /// What formulas are made of.
  package let skills: [SkillCode]
  /// Of 0 and 1, those that formulas may hold.
  package let constants: [Double]

  /// - Precondition: The skills take reals to a real, and call nothing but atoms.
  package init(skills: [SkillCode], constants: [Double]) {
    self.skills = skills
    self.constants = constants
  }

  package struct Outcome: Sendable {
    /// The first formula with the wanted values.
    package let formula: SkillCode?
    package let candidates: Int
    /// The formulas of every size up to here have been tried.
    package let size: Int
  }

  /// The first samples of this many are those on which formulas are told apart.
  private static let rowCount = 16
  /// How far from its sample a formula may be, absolute or relative.
  private static let tolerance = 1e-9

  /// Searches for a formula whose tree has at most `maximumSize` nodes, smaller ones first, but for
  /// those that are met half-way.
  ///
  /// - Parameters:
  ///   - inputs: The points, all with as many coordinates.
  ///   - wanted: The value at each point.
  package func run(
    inputs: [[Double]], wanted: [Double], maximumSize: Int, isCancelled: @escaping () -> Bool
  ) throws -> Outcome {
    let samples = zip(inputs, wanted).map { point, value in
      Example(input: point.map { .real($0) }, output: .real(value))
    }
    let library = FrozenLibrary([]).adding(skills)
    let parameters = (inputs.first ?? []).indices.map { Signature.Parameter("x\($0)", .real) }
    let problem = Problem(
      name: "formula", summary: "", signature: Signature(parameters: parameters, result: .real),
      rows: Array(samples.prefix(FormulaSearch.rowCount)), oracle: nil,
      tolerance: FormulaSearch.tolerance,
      means: .init(skills: [], constants: constants.map { .real($0) }))
    let vocabulary = try Vocabulary(
      signature: problem.signature,
      callables: skills.map {
        .init(digest: $0.digest, type: $0.signature.type, cost: 1, atom: nil)
      },
      library: library, allowsRecursion: false, allowsBranches: false, costOfForm: { _ in 0 })
    let bank = Bank(problem: problem, vocabulary: vocabulary, rowFuel: 1_000)
    var options = Enumeration.Options()
    options.stepBudget = .max
    options.maximumCost = maximumSize
    options.maximumEntries = .max
    options.maximumGoals = 20_000
    options.maximumGoalCost = 8
    options.smallestGoalWork = .max
    options.usesBranches = false
    let machine = Machine()
    let enumeration = try Enumeration(
      bank: bank, options: options,
      check: { code in
        guard code.treeSize <= maximumSize,
          let image = try? Image(linking: code, library: { library.code($0) })
        else {
          return (.rejected, 0)
        }
        let fits = samples.allSatisfy { sample in
          (try? machine.run(image, sample.input).value)?
            .matches(sample.output!, tolerance: FormulaSearch.tolerance) ?? false
        }
        return (fits ? .accepted : .rejected, 0)
      }, isCancelled: isCancelled)
    var formula: SkillCode?
    if case .solved(let code) = try enumeration.run() { formula = code }
    return Outcome(formula: formula, candidates: bank.candidates, size: enumeration.level)
  }
}

extension SkillCode {
  /// How many nodes the code has as a tree, inputs and constants included.
  package var treeSize: Int {
    let inputs = signature.parameters.count
    var sizes: [Int] = []
    func size(_ operand: Operand) -> Int {
      guard case .slot(let slot) = operand, slot >= inputs else { return 1 }
      return sizes[slot - inputs]
    }
    for step in steps { sizes.append(step.operands.reduce(1) { $0 + size($1) }) }
    return size(result)
  }
}
