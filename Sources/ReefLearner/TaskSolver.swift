import Foundation
import ReefMachine
import ReefTasks

/// Works on one task with a frozen library: the portfolio of learners.
///
/// The learners take turns in rounds whose slices grow by four, so that what it does with a budget
/// is the beginning of what it does with a larger one. Confined to one thread.
final class TaskSolver {
  /// A solution with the bodies that deduction found for it, callees first.
  struct Candidate {
    let code: SkillCode
    let bodies: [SkillCode]
    /// What the mixture learner decided it from.
    var mixture: SkillCode?
  }

  struct Solution {
    let candidate: Candidate
    let learner: String
    let certificate: Certificate
    let tests: [TestCase]
  }

  enum Result {
    case solved(Solution)
    case failed(reason: String)
  }

  private enum Found {
    case candidate(Candidate, learner: String)
    /// Examples of the task itself on which candidates were wrong.
    case counterexamples([Example])
    case nothing
  }

  private struct Cancelled: Error {}

  private static let firstSlice = 100_000
  private static let sliceGrowth = 4
  /// A machine step of the verifier is this much cheaper than a search step.
  private static let runStepsPerSearchStep = 32
  /// On so many rows tree search measures what it tries; those that prove it wrong join them.
  private static let treeRows = 6
  /// Fuel for one skill on one row.
  private static let rowFuel = 3_000
  /// Deductions inside deductions.
  private static let maximumDepth = 2

  let reference: TaskReference
  let library: FrozenLibrary
  private let guide: Guide
  private let learners: Set<Learner>
  let verifier: Verifier
  private let manner: Manner
  private let oracle: Oracle?
  private let isCancelled: () -> Bool
  let seed: Int
  /// Why a learner cannot solve the task, which is so whatever the budget.
  private var refusals: [Learner: String] = [:]
  /// What the last mixture came to prefer.
  private var prior: MixturePrior?
  /// Code that the verifier has turned down for its cost.
  private var rejected: Set<Digest> = []
  /// What the verifier has accepted, by its code.
  private var accepted: [Digest: Solution] = [:]
  /// One task has few signatures, its own and those of bodies, and many searches for each.
  private var vocabularies: [VocabularyKey: Vocabulary] = [:]

  /// What a vocabulary depends on beside the task's text.
  private struct VocabularyKey: Hashable {
    let types: [Type]
    let breadth: Guide.Breadth
    let allowsRecursion: Bool
    let allowsBranches: Bool
  }
  /// Whether the task's rows have no room for another.
  private var isFull = false
  /// What the last enumerations would like to know more of.
  private var lets: [Let] = []

  private(set) var stepsSpent = 0
  private(set) var candidates = 0
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

  /// Searches until a solution is accepted or `stepBudget` is spent.
  func solve(stepBudget: Int) throws -> Result {
    var problem = Problem(
      reference, rows: Array(verifier.examples.prefix(manner.initialRows)), oracle: oracle)
    guard !problem.rows.isEmpty else { return .failed(reason: "the task gives no examples") }
    var slice = TaskSolver.firstSlice
    var doubted: Solution?
    do {
      while stepsSpent < stepBudget {
        let before = stepsSpent
        slice = min(slice, stepBudget - stepsSpent)
        if let solution = try round(&problem, slice: slice, isShared: manner.isShared) {
          guard isDoubtful(solution) else { return .solved(solution) }
          doubted = solution
          slice *= TaskSolver.sliceGrowth
          let second = try round(&problem, slice: slice, isShared: false)
          return .solved(second.map { $0.isCheaper(than: solution) ? $0 : solution } ?? solution)
        }
        if isOver() { throw Cancelled() }
        guard stepsSpent > before else {
          return .failed(reason: reason("no learner has anything to try"))
        }
        slice *= TaskSolver.sliceGrowth
      }
    } catch is Cancelled {
      if let doubted { return .solved(doubted) }
      return .failed(
        reason: verifier.hasFailedHeldOut
          ? "the first choice is wrong on the held-out examples" : "cancelled")
    }
    return .failed(reason: reason("nothing fits within \(stepsSpent) search steps"))
  }

  /// Whether something so long was found so soon that another round may well find something shorter,
  /// of operations that the learner which found it has not.
  private func isDoubtful(_ solution: Solution) -> Bool {
    solution.codeSteps >= manner.doubtful && stepsSpent <= TaskSolver.quickSteps
  }

  /// In search steps: a few seconds.
  private static let quickSteps = 20_000_000

  /// The reason, and why nothing could be learned by gradient where that was tried.
  private func reason(_ reason: String) -> String {
    if learners.count == 1, let only = refusals.values.first { return only }
    let weights = refusals[.gradient].map { "; weights: \($0)" } ?? ""
    return reason + weights + (refusals[.mixture].map { "; mixture: \($0)" } ?? "")
  }

  /// One turn of each learner; the cheapest solution wins.
  ///
  /// - Parameter isShared: Whether, when one has found a solution, the others may only spend twice
  ///   what it has.
  private func round(_ problem: inout Problem, slice: Int, isShared: Bool) throws -> Solution? {
    var solutions: [Solution] = []
    var allowance = Int.max
    func take(
      _ share: Int, _ learn: (Problem, Int, @escaping Check<Candidate>) throws -> Found
    ) throws {
      let before = stepsSpent
      if let solution = try run(&problem, slice: min(share, allowance), learn) {
        solutions.append(solution)
        if isShared { allowance = min(allowance, 2 * (stepsSpent - before)) }
      }
    }
    let hasOutputs = problem.rows.allSatisfy { $0.output != nil }
    lets = []
    if learners.contains(.enumeration), hasOutputs {
      let breadths = guide.breadths(for: problem)
      for breadth in breadths {
        try take(slice / breadths.count) {
          try self.enumerate($0, breadth: breadth, slice: $1, check: $2)
        }
      }
    }
    if learners.contains(.deduction), hasOutputs {
      try take(slice) { try self.deduce($0, slice: $1, depth: 0, check: $2) }
    }
    // Before tree search, whose prior it gives.
    if learners.contains(.mixture), hasOutputs, refusals[.mixture] == nil {
      try take(slice) { try self.mix($0, slice: $1, check: $2) }
    }
    if learners.contains(.treeSearch) {
      // Where there are outputs to aim at, the others are much the better.
      let isAlone = !hasOutputs || learners.isDisjoint(with: [.enumeration, .deduction])
      try take(isAlone ? slice : slice / 4) { try self.searchTree($0, slice: $1, check: $2) }
    }
    if learners.contains(.gradient), hasOutputs, refusals[.gradient] == nil {
      try take(slice) { try self.fit($0, slice: $1, check: $2) }
    }
    return solutions.min { $0.isCheaper(than: $1) }
  }

  /// Repeats one learner while counterexamples join the rows.
  private func run(
    _ problem: inout Problem, slice: Int,
    _ learn: (Problem, Int, @escaping Check<Candidate>) throws -> Found
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
        let new = examples.filter { !problem.rows.contains($0) }
        let room = Problem.maximumRows - problem.rows.count
        guard !new.isEmpty, room > 0 else { return nil }
        problem.rows += new.prefix(room)
      case .nothing: return nil
      }
    }
    return nil
  }

  // MARK: Learners

  private func enumerate(
    _ problem: Problem, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    lets = []
    return try widen(problem, slice: slice) {
      try enumerate(problem, breadth: $0, slice: $1, check: check)
    }
  }

  /// Searches with few operations first, which takes it to longer terms, then with more and more.
  private func widen(
    _ problem: Problem, slice: Int, _ search: (Guide.Breadth, _ share: Int) throws -> Found
  ) throws -> Found {
    let end = stepsSpent + slice
    let breadths = guide.breadths(for: problem)
    for (position, breadth) in breadths.enumerated() {
      let found = try search(breadth, (end - stepsSpent) / (breadths.count - position))
      guard case .nothing = found else { return found }
    }
    return .nothing
  }

  private func enumerate(
    _ problem: Problem, breadth: Guide.Breadth, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var options = Enumeration.Options()
    options.stepBudget = slice
    options.branchSlack = manner.branchSlack
    options.goalSlack = manner.goalSlack
    let bank = try bank(for: problem, breadth: breadth, allowsBranches: false)
    let enumeration = try Enumeration(
      bank: bank, options: options, check: { check(Candidate(code: $0, bodies: [])) },
      isCancelled: isOver)
    let outcome = try enumeration.run()
    if case .exhausted = outcome {
      for new in enumeration.lets() where !lets.contains(where: new.isSame(as:)) {
        lets.append(new)
      }
    }
    return try found(outcome, in: bank, by: "enumeration")
  }

  private func searchTree(
    _ problem: Problem, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    try widen(problem, slice: slice) {
      try searchTree(problem, breadth: $0, slice: $1, check: check)
    }
  }

  private func searchTree(
    _ problem: Problem, breadth: Guide.Breadth, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var problem = problem
    let others = problem.rows.dropFirst(TaskSolver.treeRows)
    problem.rows = Array(problem.rows.prefix(TaskSolver.treeRows))
    let end = stepsSpent + slice
    while true {
      let bank = try bank(for: problem, breadth: breadth, allowsBranches: true)
      guard !bank.vocabulary.operations.isEmpty else { return .nothing }
      var options = TreeSearch.Options()
      options.stepBudget = end - stepsSpent
      options.prior = prior
      let search = TreeSearch(
        bank: bank, options: options, verify: verifier.isRight(input:output:),
        check: { check(Candidate(code: $0, bodies: [])) }, isCancelled: isOver)
      let found = try found(try search.run(), in: bank, by: "mcts")
      guard case .counterexamples(let examples) = found,
        others.contains(examples[0]), stepsSpent < end
      else { return found }
      problem.rows += examples
    }
  }

  private func fit(
    _ problem: Problem, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var fitter = try fitter(problem, stepBudget: slice)
    return try run(&fitter, .gradient, named: "gradient", check: check)
  }

  private func mix(
    _ problem: Problem, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var problem = problem
    // More than a search needs, from the beginning: a mixture is not trained again for each.
    let examples = verifier.examples.filter { $0.output != nil }
    problem.rows = Array(examples.prefix(MixtureFitter.exampleCount))
    var fitter = MixtureFitter(
      problem, skills: guide.callables(for: problem, .wide).map(\.digest), library: library,
      stepBudget: slice, seed: seed, isCancelled: isOver)
    defer { prior = fitter.prior ?? prior }
    return try run(&fitter, .mixture, named: "mixture", check: check)
  }

  private func run<Kind: Fitter>(
    _ fitter: inout Kind, _ learner: Learner, named name: String,
    check: @escaping Check<Candidate>
  ) throws -> Found {
    let outcome = try fitter.run {
      candidates += 1
      return check($0)
    }
    stepsSpent += fitter.stepsSpent
    onProgress()
    switch outcome {
    case .fitted(let candidate): return .candidate(candidate, learner: name)
    case .failed(let reason):
      refusals[learner] = reason
      return .nothing
    case .outOfSteps: return .nothing
    case .cancelled: throw Cancelled()
    }
  }

  private func bank(
    for problem: Problem, breadth: Guide.Breadth, allowsBranches: Bool
  ) throws -> Bank {
    let key = VocabularyKey(
      types: problem.signature.parameterTypes + [problem.signature.result], breadth: breadth,
      allowsRecursion: problem.oracle != nil && problem.means == nil, allowsBranches: allowsBranches
    )
    let vocabulary =
      try vocabularies[key]
      ?? Vocabulary(
        signature: problem.signature, callables: guide.callables(for: problem, breadth),
        library: library, allowsRecursion: key.allowsRecursion, allowsBranches: allowsBranches,
        costOfForm: Guide.cost(ofForm:))
    vocabularies[key] = vocabulary
    return Bank(problem: problem, vocabulary: vocabulary, rowFuel: TaskSolver.rowFuel)
  }

  private func found(
    _ outcome: Enumeration.Outcome, in bank: Bank, by learner: String
  ) throws -> Found {
    stepsSpent += bank.stepsSpent
    candidates += bank.candidates
    onProgress()
    switch outcome {
    case .solved(let code): return .candidate(Candidate(code: code, bodies: []), learner: learner)
    case .counterexamples(let examples): return .counterexamples(examples)
    case .exhausted: return .nothing
    case .cancelled: throw Cancelled()
    }
  }

  private func deduce(
    _ problem: Problem, slice: Int, depth: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    guard depth < TaskSolver.maximumDepth else { return .nothing }
    // The searches for bodies have their own.
    let given = lets
    defer { lets = given }
    let forced = Deducer(problem: problem).deductions()
    let shared = given.flatMap {
      $0.deductions(for: problem, library: library, fuel: TaskSolver.rowFuel)
    }
    let deductions = manner.forcedFirst ? forced + shared : shared + forced
    var left = slice
    for (position, deduction) in deductions.enumerated() {
      if isOver() { throw Cancelled() }
      let count = deductions.count - position
      let share = left / min(count, manner.deductionsAtATime)
      left -= share
      func outer(_ body: Candidate) -> Candidate {
        let whole = deduction.compose(body.code)
        return Candidate(
          code: whole.code, bodies: body.bodies + [whole.body].compactMap { $0 })
      }
      let checkBody: Check<Candidate> = { body in
        let (outcome, steps) = check(outer(body))
        // With no room for another row of the task the search for the body goes on.
        if case .wrong = outcome, self.isFull { return (.rejected, steps) }
        return (outcome, steps)
      }
      var found = try enumerate(deduction.body, slice: share, check: checkBody)
      if case .nothing = found {
        found = try deduce(deduction.body, slice: share, depth: depth + 1, check: checkBody)
      }
      switch found {
      case .candidate(let body, _): return .candidate(outer(body), learner: "deduction")
      case .counterexamples: return found
      case .nothing: continue
      }
    }
    return .nothing
  }

  // MARK: Checking

  /// Whether the candidate is made of nothing but what the task allows.
  private func isWithinMeans(_ candidate: Candidate) -> Bool {
    guard let means = reference.task.means else { return true }
    return candidate.bodies.isEmpty
      && candidate.code.callees.allSatisfy { digest in
        if let atom = Atoms.with(digest) { return means.skills.contains(atom.name) }
        return library.visible.contains {
          $0.digest == digest && means.skills.contains($0.name)
        }
      }
  }

  /// Links the candidate with its bodies and verifies it; what passes is kept in `accepted`.
  private func check(_ candidate: Candidate) -> (outcome: CheckOutcome, steps: Int) {
    let digest = candidate.code.digest
    guard !rejected.contains(digest), isWithinMeans(candidate) else { return (.rejected, 0) }
    guard accepted[digest] == nil else { return (.accepted, 0) }
    let extended = library.adding(candidate.bodies)
    guard let image = try? Image(linking: candidate.code, library: { extended.code($0) }) else {
      return (.rejected, 0)
    }
    let before = verifier.stepsSpent
    guard let outcome = try? verifier.verify(image) else { return (.rejected, 0) }
    let steps = (verifier.stepsSpent - before) / TaskSolver.runStepsPerSearchStep
    switch outcome {
    case .right(let certificate, let tests):
      accepted[digest] = Solution(
        candidate: candidate, learner: "", certificate: certificate, tests: tests)
      return (.accepted, steps)
    case .wrong(let example): return (.wrong(example), steps)
    case .rejected:
      rejected.insert(digest)
      return (.rejected, steps)
    }
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

extension TaskSolver.Solution {
  /// Of its code and of the bodies that were found for it.
  fileprivate var codeSteps: Int {
    candidate.bodies.reduce(candidate.code.steps.count) { $0 + $1.steps.count }
  }

  /// Fewest code steps, bodies included, then fewest run steps, then digest.
  func isCheaper(than other: TaskSolver.Solution) -> Bool {
    func runSteps(_ solution: TaskSolver.Solution) -> Int {
      solution.certificate.checks.reduce(0) { $0 + $1.steps }
    }
    if codeSteps != other.codeSteps { return codeSteps < other.codeSteps }
    if runSteps(self) != runSteps(other) { return runSteps(self) < runSteps(other) }
    return candidate.code.digest < other.candidate.code.digest
  }
}
