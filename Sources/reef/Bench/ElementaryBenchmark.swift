import Elementary
import Foundation
import ReefLearner
import ReefMachine
import ReefTasks

/// Formulas over a single operator, eml(x, y) = exp(x) - ln(y), and the constant 1, found from numeric
/// samples alone (Odrzywolek, "All elementary functions from a single operator").
///
/// What is found has to give the formula's values at points that the search has not seen; the values
/// come from Swift's own `exp` and `log`.
struct ElementaryBenchmark: Benchmark {
  let name = "elementary"
  let summary = "find formulas over exp(x) - ln(y) and 1 from samples, by the size of their trees"

  private static let sizes = [3, 5, 7, 9, 11, 13]
  private static let formulasOfSize = 100
  private static let points = 40
  /// How far a value may be off, absolute or relative.
  private static let tolerance = 1e-9

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    options.note("finding eml itself from exp, log and subtraction")
    let task = elementary.references.first { $0.task.name == "eml" }!
    let trial = LearningTrial(
      task, learners: [.enumeration], stepBudget: 10_000_000, seconds: options.seconds ?? 60,
      seed: options.seed)
    let outcome = try trial.run(with: TrialLibrary([]))
    guard let eml = outcome.solution?.code else {
      throw WrongAnswer(workload: task.fullName, found: outcome.reason, expected: "a skill")
    }
    let finder = Finder(eml: eml, seconds: options.seconds ?? 60)
    return [BenchRow(name: "eml itself, from the atoms", value: outcome.seconds, unit: "s")]
      + (try randomFormulas(finder, options)) + (try publishedFormulas(finder, options))
  }

  // MARK: Random formulas

  /// Random trees of each size, all different, with real values all the way down at every point.
  private func randomFormulas(_ finder: Finder, _ options: BenchOptions) throws -> [BenchRow] {
    var generator = SplitMix64(seed: options.seed)
    return try ElementaryBenchmark.sizes.flatMap { size -> [BenchRow] in
      options.note("formulas of size \(size)")
      let inputs = ElementaryBenchmark.points(2, &generator)
      let unseen = ElementaryBenchmark.points(2, &generator)
      var formulas: [Formula] = []
      for _ in 0..<100 * ElementaryBenchmark.formulasOfSize
      where formulas.count < options.limit ?? ElementaryBenchmark.formulasOfSize {
        let formula = Formula.random(size: size, &generator)
        if !formulas.contains(formula),
          (inputs + unseen).allSatisfy({ !formula.value(at: $0).isNaN })
        {
          formulas.append(formula)
        }
      }
      let found = try formulas.map {
        try finder.find($0.value(at:), size: size, inputs: inputs, unseen: unseen)
      }
      let missing = zip(formulas, found).filter { !$0.1.isRight }.map(\.0.description)
      let times = found.map(\.seconds).sorted()
      return [
        BenchRow(
          name: "size \(size): right at unseen points",
          value: Double(formulas.count - missing.count), unit: "of \(formulas.count) formulas",
          names: missing),
        BenchRow(
          name: "size \(size): median time", value: times[times.count / 2] * 1000, unit: "ms"),
        BenchRow(name: "size \(size): longest time", value: times.last! * 1000, unit: "ms"),
      ]
    }
  }

  private static func points(_ coordinates: Int, _ generator: inout SplitMix64) -> [[Double]] {
    (0..<points).map { _ in
      (0..<coordinates).map { _ in Double(generator.int(in: 32...384)) / 128 }
    }
  }

  // MARK: Published formulas

  private static let published: [Published] = [
    .init(name: "exp(x)", size: 3, arity: 1) { exp($0[0]) },
    .init(name: "ln(x)", size: 7, arity: 1) { log($0[0]) },
    .init(name: "x - y", size: 11, arity: 2) { $0[0] - $0[1] },
    .init(name: "-x", size: 17, arity: 1) { -$0[0] },
    .init(name: "1 / x", size: 19, arity: 1) { 1 / $0[0] },
    .init(name: "x · y", size: 17, arity: 2) { $0[0] * $0[1] },
    .init(name: "x + y", size: 19, arity: 2) { $0[0] + $0[1] },
  ]

  private struct Published {
    let name: String
    /// Of the smallest tree that the paper gives; where that goes through infinities, the largest that
    /// is wanted.
    let size: Int
    let arity: Int
    let value: @Sendable ([Double]) -> Double
  }

  private func publishedFormulas(_ finder: Finder, _ options: BenchOptions) throws -> [BenchRow] {
    var generator = SplitMix64(seed: options.seed).child(1)
    return try ElementaryBenchmark.published.map { formula in
      options.note(formula.name)
      let found = try finder.find(
        formula.value, size: formula.size,
        inputs: ElementaryBenchmark.points(formula.arity, &generator),
        unseen: ElementaryBenchmark.points(formula.arity, &generator))
      guard found.isRight, let code = found.formula else {
        return BenchRow(
          name: "\(formula.name), size \(formula.size) (not found)", value: found.seconds, unit: "s"
        )
      }
      return BenchRow(
        name: "\(formula.name), found in size \(code.treeSize)", value: found.seconds, unit: "s",
        names: [code.oneLine(names: { _ in "eml" })])
    }
  }

  // MARK: Finding

  private struct Finder {
    let eml: SkillCode
    let seconds: Double

    struct Found {
      let formula: SkillCode?
      let seconds: Double
      /// Whether it has the formula's values at the unseen points.
      let isRight: Bool
    }

    func find(
      _ value: ([Double]) -> Double, size: Int, inputs: [[Double]], unseen: [[Double]]
    ) throws -> Found {
      let search = FormulaSearch(skills: [eml], constants: [1])
      let clock = ContinuousClock()
      let start = clock.now
      let outcome = try search.run(
        inputs: inputs, wanted: inputs.map(value), maximumSize: size,
        isCancelled: { clock.now > start + .seconds(seconds) })
      let time = (clock.now - start) / .seconds(1)
      guard let code = outcome.formula else {
        return Found(formula: nil, seconds: time, isRight: false)
      }
      let image = try Image(linking: code, library: { $0 == eml.digest ? eml : nil })
      let machine = Machine()
      let isRight = try unseen.allSatisfy { point in
        try machine.run(image, point.map { .real($0) }).value
          .matches(.real(value(point)), tolerance: ElementaryBenchmark.tolerance)
      }
      return Found(formula: code, seconds: time, isRight: isRight)
    }
  }
}

/// A tree over eml whose leaves are x, y and 1.
private indirect enum Formula: Hashable, CustomStringConvertible {
  case coordinate(Int)
  case one
  case eml(Formula, Formula)

  static func random(size: Int, _ generator: inout SplitMix64) -> Formula {
    guard size > 1 else {
      let leaf = generator.int(in: 0...2)
      return leaf == 2 ? .one : .coordinate(leaf)
    }
    let left = 1 + 2 * generator.int(in: 0...(size - 3) / 2)
    return .eml(
      random(size: left, &generator), random(size: size - 1 - left, &generator))
  }

  /// NaN where a part of the formula has no finite value.
  func value(at point: [Double]) -> Double {
    switch self {
    case .coordinate(let index): return point[index]
    case .one: return 1
    case .eml(let x, let y):
      let value = exp(x.value(at: point)) - log(y.value(at: point))
      return value.isFinite ? value : .nan
    }
  }

  var description: String {
    switch self {
    case .coordinate(let index): ["x", "y"][index]
    case .one: "1"
    case .eml(let x, let y): "eml(\(x), \(y))"
    }
  }
}
