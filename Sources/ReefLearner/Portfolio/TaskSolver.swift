import Foundation
import ReefMachine
import ReefTasks

/// Works on one task with a frozen library: the portfolio of learners.
///
/// The learners take turns in rounds that grow by four and share the budget: the last round takes
/// three quarters of it. What a budget leaves unused in one round the later ones have. Confined to
/// one thread.
final class TaskSolver {
  enum Result {
    case solved(Solution)
    case failed(reason: String)
  }

  enum Found {
    case candidate(Candidate, learner: String)
    /// Examples of the task itself on which candidates were wrong.
    case counterexamples([Example])
    case nothing
  }

  struct Cancelled: Error {}

  private static let roundGrowth = 4
  /// In search steps: a round has at least so many for a learner.
  private static let smallestSlice = 50_000
  /// Fuel for one skill on one row.
  static let rowFuel = 3_000

  let reference: TaskReference
  let library: FrozenLibrary
  let guide: Guide
  private let learners: Set<Learner>
  let verifier: Verifier
  let manner: Manner
  private let oracle: Oracle?
  private let isCancelled: () -> Bool
  let seed: Int
  /// Why a learner cannot solve the task, which is so whatever the budget.
  var refusals: [Learner: String] = [:]
  /// What the last mixture came to prefer.
  var prior: MixturePrior?
  /// Code that the verifier has turned down for its cost.
  var rejected: Set<Digest> = []
  /// What the verifier has accepted, by its code.
  var accepted: [Digest: Solution] = [:]
  /// One task has few signatures, its own and those of bodies, and many searches for each.
  var vocabularies: [VocabularyKey: Vocabulary] = [:]

  /// What a vocabulary depends on beside the task's text.
  struct VocabularyKey: Hashable {
    let types: [Type]
    let breadth: Guide.Breadth
    let allowsRecursion: Bool
    let allowsBranches: Bool
  }
  /// Whether the task's rows have no room for another.
  var isFull = false
  /// What the last enumerations would like to know more of.
  var lets: [Let] = []

  var stepsSpent = 0
  var candidates = 0
  /// Called now and then, for a live line.
  var onProgress: () -> Void = {}

  /// - Parameter standard: Which of the task's standards is to be met, from 0.
  init(
    _ reference: TaskReference, standard: Int, guide: Guide, learners: Set<Learner>, seed: Int,
    isCancelled: @escaping () -> Bool
  ) throws {
    self.reference = reference
    self.guide = guide
    self.library = guide.library
    self.learners = learners
    self.isCancelled = isCancelled
    self.seed = seed
    verifier = try Verifier(reference, standard: standard, seed: seed)
    manner = verifier.isFixed ? .fixed : .generated
    oracle =
      verifier.hasOracle
      ? { try reference.plugin.expected(task: reference.task.name, inputs: $0) } : nil
  }

  func isOver() -> Bool { isCancelled() || verifier.hasFailedHeldOut }

  /// Searches until a solution is accepted or `stepBudget` is spent; a check that has begun comes to
  /// its end.
  ///
  /// - Parameter stepLimit: What the search may go on to, beyond its budget, when it has found
  ///   something doubtful.
  func solve(stepBudget: Int, stepLimit: Int? = nil) throws -> Result {
    var problem = Problem(
      reference, rows: Array(verifier.examples.prefix(manner.initialRows)), oracle: oracle)
    guard !problem.rows.isEmpty else { return .failed(reason: "the task gives no examples") }
    guard !learners.isEmpty else {
      return .failed(reason: "the learner '\(Curriculum.plannedLearner)' does not exist yet")
    }
    var doubted: Solution?
    do {
      for rounds in (1...rounds(of: stepBudget, for: problem)).reversed() {
        let before = stepsSpent
        // A quarter for the round before, a quarter of that for the one before it, …
        let parts = (0..<rounds).reduce(0) { parts, _ in parts * TaskSolver.roundGrowth + 1 }
        let steps = (stepBudget - stepsSpent) / parts
        if let solution = try round(&problem, steps: steps, isShared: manner.isShared) {
          guard stepsSpent <= TaskSolver.quickSteps else { return .solved(solution) }
          var more = solution.length >= manner.doubtful ? steps * TaskSolver.roundGrowth : 0
          if isUnexpected(solution, for: problem) { more = max(more, 2 * TaskSolver.quickSteps) }
          guard more > 0 else { return .solved(solution) }
          doubted = solution
          more = min(more, max(stepBudget, stepLimit ?? 0) - stepsSpent)
          let second = try round(&problem, steps: more, isShared: false)
          return .solved(second.map { $0.isCheaper(than: solution) ? $0 : solution } ?? solution)
        }
        if isOver() { throw Cancelled() }
        guard stepsSpent > before else {
          return .failed(reason: reason("no learner has anything to try"))
        }
      }
    } catch is Cancelled {
      if let doubted { return .solved(doubted) }
      return .failed(
        reason: verifier.hasFailedHeldOut
          ? "the first choice is wrong on the held-out examples" : "cancelled")
    }
    return .failed(reason: reason("nothing fits within \(stepsSpent) search steps"))
  }

  /// How many rounds of at least the smallest slices the budget is enough for, one at least.
  private func rounds(of stepBudget: Int, for problem: Problem) -> Int {
    let turns = max(1, turns(for: problem).reduce(0) { $0 + $1.weight })
    var rounds = 1
    var last = Double(stepBudget) * 3 / 4 / turns
    while last >= Double(TaskSolver.smallestSlice * TaskSolver.roundGrowth) {
      last /= Double(TaskSolver.roundGrowth)
      rounds += 1
    }
    return rounds
  }

  /// Whether it is more than an atom and says nothing of the elements, where a quantifier is
  /// presumed.
  private func isUnexpected(_ solution: Solution, for problem: Problem) -> Bool {
    manner.presumesQuantifiers && solution.candidate.presumedSteps == 0 && solution.length > 1
      && !Deducer(problem: problem).quantified().isEmpty
  }

  /// In search steps, a few seconds: something long that was found so soon gets the learners another
  /// round, because another of them may well find something shorter.
  private static let quickSteps = 20_000_000

  /// The reason, and why nothing could be learned by gradient where that was tried.
  private func reason(_ reason: String) -> String {
    if learners.count == 1, let only = refusals.values.first { return only }
    let weights = refusals[.gradient].map { "; weights: \($0)" } ?? ""
    return reason + weights + (refusals[.mixture].map { "; mixture: \($0)" } ?? "")
  }

  typealias Learn = (Problem, _ slice: Int, @escaping Check<Candidate>) throws -> Found

  /// One learner's part of a round.
  private struct Turn {
    /// Its part of the round's steps, beside those of the others.
    let weight: Double
    /// Whether it may be wrong on rows that it was given.
    var hasChoice = false
    let learn: Learn
  }

  /// Those of the learners that have something to try, in their order.
  private func turns(for problem: Problem) -> [Turn] {
    let hasOutputs = problem.rows.allSatisfy { $0.output != nil }
    func hasTurn(_ learner: Learner) -> Bool {
      learners.contains(learner) && refusals[learner] == nil
        && (hasOutputs || learner == .treeSearch)
    }
    var turns: [Turn] = []
    if hasTurn(.enumeration) {
      let breadths = guide.breadths(for: problem)
      turns += breadths.map { breadth in
        Turn(weight: 1 / Double(breadths.count)) {
          try self.enumerate($0, breadth: breadth, slice: $1, check: $2)
        }
      }
    }
    if hasTurn(.deduction) {
      // As much again for the bodies of bodies.
      turns.append(
        Turn(weight: 2, hasChoice: true) {
          try self.deduce($0, slice: $1, depth: 0, check: $2)
        })
    }
    // Before tree search, whose prior it gives.
    if hasTurn(.mixture) { turns.append(Turn(weight: 1, learn: mix)) }
    if hasTurn(.treeSearch) {
      // Where there are outputs to aim at, the others are much the better.
      let isAlone = !hasOutputs || learners.isDisjoint(with: [.enumeration, .deduction])
      turns.append(Turn(weight: isAlone ? 1 : 0.25, learn: searchTree))
    }
    if hasTurn(.gradient) { turns.append(Turn(weight: 1, learn: fit)) }
    return turns
  }

  /// One turn of each learner; the cheapest solution wins.
  ///
  /// - Parameters:
  ///   - steps: For all of them together.
  ///   - isShared: Whether, when one has found a solution, the others may only spend twice what it
  ///     has.
  private func round(_ problem: inout Problem, steps: Int, isShared: Bool) throws -> Solution? {
    var solutions: [Solution] = []
    var allowance = Int.max
    lets = []
    let turns = turns(for: problem)
    let slice = Double(steps) / turns.reduce(0) { $0 + $1.weight }
    for turn in turns {
      let before = stepsSpent
      let share = min(Int(slice * turn.weight), allowance)
      if let solution = try run(
        &problem, slice: share, hasChoice: turn.hasChoice, turn.learn)
      {
        solutions.append(solution)
        if isShared { allowance = min(allowance, 2 * (stepsSpent - before)) }
      }
    }
    return solutions.min { $0.isCheaper(than: $1) }
  }

  /// Repeats one learner while counterexamples join the rows.
  ///
  /// - Parameter hasChoice: Whether the learner may be wrong on rows that it was given.
  private func run(
    _ problem: inout Problem, slice: Int, hasChoice: Bool, _ learn: Learn
  ) throws -> Solution? {
    let end = stepsSpent + slice
    while stepsSpent < end {
      isFull = problem.rows.count >= Problem.maximumRows
      switch try learn(problem, end - stepsSpent, { self.check($0) }) {
      case .candidate(let candidate, let learner):
        guard let accepted = accepted[candidate.code.digest] else { return nil }
        var kept = accepted.candidate
        kept.mixture = candidate.mixture
        return Solution(
          candidate: kept, learner: learner, certificate: accepted.certificate,
          tests: accepted.tests)
      case .counterexamples(let examples):
        var new = examples.filter { !problem.rows.contains($0) }
        // A body sees a choice of what the rows say; what refuted it all the same is said again.
        if new.isEmpty, hasChoice { new = examples }
        let room = Problem.maximumRows - problem.rows.count
        guard !new.isEmpty, room > 0 else { return nil }
        problem.rows += new.prefix(room)
        problem.wasRefuted = true
      case .nothing: return nil
      }
    }
    return nil
  }
}

extension Problem {
  /// The task as a search sees it.
  init(_ reference: TaskReference, rows: [Example], oracle: Oracle?) {
    let task = reference.task
    self.init(
      name: reference.fullName,
      summary: [task.summary, task.howTo].compactMap { $0 }.joined(separator: " "),
      signature: task.signature, rows: rows, oracle: oracle, tolerance: task.tolerance,
      means: task.means)
  }
}
