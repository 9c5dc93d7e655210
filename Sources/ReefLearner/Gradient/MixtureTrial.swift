import Foundation
import ReefMachine
import ReefTasks

/// How far the mixture gets on compositions of a known length, beside an exhaustive search: for
/// benchmarks.
package struct MixtureTrial: Sendable {
  package let skills: [Digest]
  package let codes: [Digest: SkillCode]
  /// Of the targets, of their examples and of the training.
  package let seed: Int

  private static let rowCount = 32
  private static let tolerance = 1e-9

  package init(skills: [Digest], codes: [Digest: SkillCode], seed: Int) {
    self.skills = skills
    self.codes = codes
    self.seed = seed
  }

  /// The signature of every target.
  package let signature = Signature(
    parameters: [.init("x", .real), .init("y", .real)], result: .real)

  /// Examples of up to `count` functions, all different, that take `steps` steps and not fewer.
  package func targets(count: Int, steps: Int) -> [[Example]] {
    var generator = SplitMix64(seed: seed)
    let inputs = (0..<MixtureTrial.rowCount).map { _ in
      [4 * generator.real() - 2, 4 * generator.real() - 2]
    }
    var simpler: Set<[Double]> = []
    for fewer in 0..<steps {
      forEachComposition(inputs, steps: fewer) { _, result in
        simpler.insert(MixtureTrial.behaviour(result))
        return true
      }
    }
    var targets: [[Example]] = []
    let programs = programs()
    for _ in 0..<100_000 where targets.count < count {
      var columns = (0..<2).map { index in inputs.map { $0[index] } }
      for _ in 0..<steps {
        let program = programs[generator.int(in: 0...programs.count - 1)]
        let operands = (0..<program.inputCount).map { _ in
          columns[generator.int(in: 0...columns.count - 1)]
        }
        columns.append(inputs.indices.map { row in program(operands.map { $0[row] }) })
      }
      let result = columns[columns.count - 1]
      // Within reach of floats, not constant, and new.
      guard result.allSatisfy({ abs($0) < 1e3 }), result.contains(where: { $0 != result[0] }),
        simpler.insert(MixtureTrial.behaviour(result)).inserted
      else { continue }
      targets.append(
        zip(inputs, result).map { Example(input: $0.map { .real($0) }, output: .real($1)) })
    }
    return targets
  }

  /// What gradients find for one target, or repairs alone.
  package func learn(
    _ target: [Example], steps: Int, trains: Bool = true
  ) throws -> MixtureLearner.Finding? {
    try MixtureLearner(skills, library: { codes[$0] }, seed: seed)
      .learn(signature, target, steps: steps, tolerance: MixtureTrial.tolerance, trains: trains)
  }

  /// How many compositions of so many steps an exhaustive search goes through up to the first right
  /// one; nil where there is none.
  package func search(_ target: [Example], steps: Int) -> Int? {
    let inputs = target.map { $0.input.map { $0.real! } }
    let wanted = target.map { $0.output! }
    var tried = 0
    var isFound = false
    forEachComposition(inputs, steps: steps) { _, result in
      tried += 1
      isFound = zip(result, wanted).allSatisfy {
        Value.real($0).matches($1, tolerance: MixtureTrial.tolerance)
      }
      return !isFound
    }
    return isFound ? tried : nil
  }

  /// How many moves tree search tries up to a right composition, with a mixture's α and W_in as
  /// the prior or with none; nil where it finds none.
  package func treeSearch(_ target: [Example], steps: Int, usesMixture: Bool) throws -> Int? {
    let problem = Problem(
      name: "", summary: "", signature: signature, rows: target, oracle: nil,
      tolerance: MixtureTrial.tolerance)
    let callables = skills.map { digest in
      Vocabulary.Callable(
        digest: digest, type: Atoms.with(digest)?.type ?? codes[digest]!.signature.type, cost: 1,
        atom: Atoms.with(digest))
    }
    let vocabulary = try Vocabulary(
      signature: problem.signature, callables: callables,
      library: FrozenLibrary([]).adding(Array(codes.values)), allowsRecursion: false,
      allowsBranches: false, costOfForm: { _ in 1 })
    let bank = Bank(problem: problem, vocabulary: vocabulary, rowFuel: 1_000)
    var options = TreeSearch.Options()
    options.stepBudget = 50_000_000
    options.maximumDepth = steps
    let learner = MixtureLearner(skills, library: { codes[$0] }, seed: seed)
    if usesMixture,
      let attempt = learner.attempt(signature, target, steps: steps, tolerance: 0)
    {
      try attempt.mixture.train()
      options.prior = attempt.mixture.prior
    }
    let search = TreeSearch(
      bank: bank, options: options, verify: { _, _ in false }, check: { _ in (.accepted, 0) },
      isCancelled: { false })
    guard case .solved = try search.run() else { return nil }
    return search.expansions
  }

  private func programs() -> [RealProgram] {
    skills.compactMap { RealProgram($0, library: { codes[$0] }) }
  }

  /// Equal for results that differ by rounding only.
  private static func behaviour(_ result: [Double]) -> [Double] {
    result.map { ($0 * 1e7).rounded() + 0 }
  }

  /// Calls `body` with every composition and its result in each row, until it says false; with no
  /// steps the results are the inputs.
  private func forEachComposition(
    _ inputs: [[Double]], steps: Int, _ body: ([Mixture.Choice], [Double]) -> Bool
  ) {
    let programs = programs()
    var columns = inputs[0].indices.map { index in inputs.map { $0[index] } }
    var chosen: [Mixture.Choice] = []
    func visit() -> Bool {
      if chosen.count == steps {
        return steps > 0
          ? body(chosen, columns[columns.count - 1]) : columns.allSatisfy { body([], $0) }
      }
      for choice in Mixture.Choice.all(of: programs, valueCount: columns.count) {
        let operands = choice.operands.map { columns[$0] }
        chosen.append(choice)
        columns.append(
          inputs.indices.map { row in programs[choice.skill](operands.map { $0[row] }) })
        defer {
          chosen.removeLast()
          columns.removeLast()
        }
        guard visit() else { return false }
      }
      return true
    }
    _ = visit()
  }
}
