import ReefMachine
import ReefTasks

/// Learns skills with weights of their own: takes a skill of the library as the structure, leaves
/// those of its parameters open that the task does not give, and fits them to the task's examples by
/// the derivatives of its Jacobian code. Skills that it calls stay as they are. Confined to one thread.
struct WeightFitter: Fitter {
  /// The most examples that weights are fitted to.
  static let exampleCount = 64

  /// How often a fit begins anew with other weights.
  private static let starts = 12
  /// Lengths of hidden layers that are tried besides the lengths in the examples.
  private static let hiddenLengths = 1...4
  private static let limits = Limits(fuel: 1_000_000, bytes: 1 << 28, depth: 10_000)

  private let problem: Problem
  private let library: FrozenLibrary
  private let budget: StepBudget
  private let isCancelled: () -> Bool
  private var generator: SplitMix64

  /// - Parameter problem: Its rows are what the weights are fitted to.
  init(
    _ problem: Problem, library: FrozenLibrary, stepBudget: Int, seed: Int,
    isCancelled: @escaping () -> Bool
  ) {
    self.problem = problem
    self.library = library
    self.isCancelled = isCancelled
    budget = StepBudget(stepBudget)
    generator = SplitMix64(seed: seed)
  }

  /// Machine steps of the model, each on one example: search steps like any other.
  var stepsSpent: Int { budget.spent }

  /// Fits structure after structure until one passes the check: those with fewer open parameters and
  /// fewer weights first.
  mutating func run(check: Check<TaskSolver.Candidate>) throws -> FitOutcome {
    if let flaw = problem.rows.flaw { return .failed(reason: flaw) }
    let structures = Structure.all(for: problem.signature, from: library.visible)
    guard !structures.isEmpty else {
      return .failed(reason: "no skill of the library takes these inputs and weights besides")
    }
    let lengths = problem.rows.lengths
    let hidden = WeightFitter.hiddenLengths.filter { !lengths.contains($0) }
    var undefinedStep: Int?
    for extra in [nil] + hidden.map(Optional.some) {
      for structure in structures {
        let model = try WeightedModel(
          structure, problem, budget: budget, limits: WeightFitter.limits
        ) { library.code($0) }
        let shapes = WeightShapes.all(
          for: structure.openTypes, lengths: lengths + [extra].compactMap { $0 }
        ).filter { shapes in
          extra.map { length in shapes.lengths.contains { $0.contains(length) } } ?? true
        }
        let viable = shapes.filter { model.isViable($0, &generator) }
        for shapes in viable.sorted(by: { $0.count < $1.count }) {
          if isCancelled() { return .cancelled }
          let weights = model.fit(shapes, starts: WeightFitter.starts, &generator)
          undefinedStep = undefinedStep ?? model.undefinedStep
          if budget.isSpent { return .outOfSteps }
          guard let weights else { continue }
          let code = structure.closed(with: shapes.weights(structure.openNames, weights))
          let candidate = TaskSolver.Candidate(code: code, bodies: [])
          let (outcome, steps) = check(candidate)
          budget.spend(steps)
          if case .accepted = outcome { return .fitted(candidate) }
        }
      }
    }
    let reason = "no weights fit the examples in any of \(structures.count) structures"
    guard let undefinedStep else { return .failed(reason: reason) }
    return .failed(
      reason: reason + "; at step \(undefinedStep) of one fit the result was not finite, so that "
        + "the step was taken back")
  }
}

/// Search steps that several parts of a search share.
final class StepBudget {
  private let limit: Int
  private(set) var spent = 0

  init(_ limit: Int) { self.limit = limit }

  var isSpent: Bool { spent >= limit }
  var left: Int { max(0, limit - spent) }
  func spend(_ steps: Int) { spent += steps }
}

extension [Example] {
  /// Why nothing can be fitted to them; nil where it can.
  var flaw: String? { flaw(ofAnswers: true) }

  /// - Parameter areReal: Whether the answers have to hold reals.
  func flaw(ofAnswers areReal: Bool) -> String? {
    guard let first else { return "the task gives no examples" }
    for (index, example) in enumerated() {
      for value in example.input + [example.output!] where !value.reals.allSatisfy(\.isFinite) {
        return "example \(index + 1) holds a number that is not finite: \(value)"
      }
    }
    if areReal, first.output!.reals.isEmpty {
      return "the results hold no reals, so that nothing can be fitted to them"
    }
    if count > 1, allSatisfy({ $0.output == first.output }) {
      return "every example has the same answer, so that no weights can be told from it"
    }
    return nil
  }

  /// The lengths of the lists in them, ascending.
  fileprivate var lengths: [Int] {
    var found: Set<Int> = []
    func visit(_ value: Value) {
      guard let list = value.list else { return }
      found.insert(list.count)
      list.forEach(visit)
    }
    for example in self { (example.input + [example.output!]).forEach(visit) }
    return found.sorted()
  }
}
