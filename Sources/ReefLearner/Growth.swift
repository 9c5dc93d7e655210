import Dispatch
import Foundation
import ReefMachine
import ReefTasks

/// The generational loop: phase after phase, generation after generation, until all tasks are
/// solved or a generation with the full budget solves none.
///
/// Within a generation the library is frozen. Its tasks are tried with a small budget first, and
/// with eight times as much as long as none is solved; what is solved is committed at once and
/// becomes visible to other tasks when the generation ends. Tasks are independent of each other
/// within a generation, so the result is the same whatever the number of jobs.
public struct Growth: Sendable {
  private let curriculum: LoadedCurriculum
  private let store: any SkillStore
  private let options: GrowthOptions
  private var seed: Int { options.seed ?? curriculum.seed }

  /// Budgets grow by this factor, until what is left of the task's own is the last.
  private static let budgetGrowth = 8
  private static let smallestBudget = 750_000
  /// From here on a round takes its goals a few at a time.
  private static let largeBudget = 30_000_000
  private static let goalsAtATime = 4

  /// What solves what is unsolved of the curriculum's tasks and keeps it in the store.
  public init(curriculum: LoadedCurriculum, store: any SkillStore, options: GrowthOptions) {
    self.curriculum = curriculum
    self.store = store
    self.options = options
  }

  /// A version of a task's skill that is still to be found.
  private struct Goal {
    let reference: TaskReference
    /// Which of the task's standards, from 0.
    let standard: Int
  }

  /// Grows until done or cancelled.
  ///
  /// - Parameters:
  ///   - report: Called from several threads, one call at a time; the order of all events but
  ///     `progress` depends on nothing but the inputs.
  ///   - isCancelled: Polled often, from several threads.
  public func run(
    report: @escaping @Sendable (GrowthEvent) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> GrowthSummary {
    let clock = ContinuousClock()
    let start = clock.now
    var solved = 0
    var failures = Failures()
    var generation = 0
    let attainments = Attainments()

    let own = try store.skills()
    let known = curriculum.tasks.filter {
      attainments.count(of: $0, in: own) >= $0.task.standards.count
    }
    for reference in known { report(.known(task: reference.fullName)) }

    for phase in curriculum.phases {
      var generationsLeft = curriculum.generations
      while generationsLeft > 0, !isCancelled() {
        let all = try store.skills()
        let unsolved = phase.tasks.filter {
          !failures.final.contains($0.fullName)
            && attainments.count(of: $0, in: all) < $0.task.standards.count
        }
        guard !unsolved.isEmpty else { break }
        generation += 1
        let current = Generation(
          number: generation, curriculum: curriculum.name, tasks: phase.tasks, skills: all)
        // Of a generation that came to its end before, nothing is left to be done.
        if current.isOver { continue }
        generationsLeft -= 1
        report(.generation(number: generation, unsolved: unsolved.count))
        let goals = phase.tasks.filter { !failures.final.contains($0.fullName) }.map {
          Goal(reference: $0, standard: attainments.count(of: $0, in: current.visible))
        }.filter { $0.standard < $0.reference.task.standards.count }
        let (solvedNow, hasProgress) = try run(
          current, goals: goals, budget: phase.budget, failures: &failures, report: report,
          isCancelled: isCancelled)
        solved += solvedNow
        if !hasProgress { break }
      }
    }

    let now = try store.skills()
    var failed = 0
    for reference in curriculum.tasks
    where attainments.count(of: reference, in: now) < reference.task.standards.count {
      failed += 1
      let reason =
        failures.reasons[reference.fullName] ?? (isCancelled() ? "cancelled" : "not tried")
      report(.failed(task: reference.fullName, reason: reason))
    }
    for task in curriculum.unavailable {
      failed += 1
      report(.failed(task: task.task, reason: task.reason))
    }
    return GrowthSummary(
      solved: solved, known: known.count, failed: failed,
      seconds: (clock.now - start) / .seconds(1), wasCancelled: isCancelled())
  }

  /// A generation as it begins, or begins again after an interruption: skills of this and later
  /// generations of the same curriculum are not seen before their time.
  private struct Generation {
    let number: Int
    let visible: [Skill]
    /// What an interrupted run solved in this generation, by task.
    let solvedBefore: [String: Skill]
    /// Whether later generations have begun, or this one was another phase's.
    let isOver: Bool

    init(number: Int, curriculum: String, tasks: [TaskReference], skills: [Skill]) {
      self.number = number
      let own = skills.filter { $0.provenance.curriculum == curriculum }
      visible = skills.filter {
        $0.provenance.curriculum != curriculum || $0.provenance.generation < number
      }
      let solved = own.filter {
        $0.provenance.generation == number && $0.name == $0.provenance.task
      }
      solvedBefore = Dictionary(solved.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
      let names = Set(tasks.map(\.fullName))
      isOver =
        own.contains { $0.provenance.generation > number }
        || !solved.isEmpty && names.isDisjoint(with: solved.map(\.name))
    }
  }

  /// Tries the goals with growing budgets until some are solved. Where the budget is large they are
  /// taken a few at a time, because a new skill is worth more than the rest of a long round.
  ///
  /// - Returns: How many were solved now, and whether any was, now or before an interruption.
  private func run(
    _ generation: Generation, goals: [Goal], budget limit: Curriculum.Budget,
    failures: inout Failures, report: @escaping @Sendable (GrowthEvent) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> (solvedNow: Int, hasProgress: Bool) {
    let guide = Guide(library: FrozenLibrary(generation.visible), atoms: options.atoms)
    var solvedNow = 0
    var hasProgress = false
    var budget = Growth.smallestBudget
    var stepsLeft = limit.steps
    while true {
      // An attempt with less than the one before would only repeat its beginning.
      if stepsLeft < 2 * budget { budget = stepsLeft }
      let size = budget < Growth.largeBudget ? goals.count : Growth.goalsAtATime
      for start in stride(from: 0, to: goals.count, by: max(1, size)) {
        let some = goals[start..<min(start + size, goals.count)]
        let open = some.filter {
          generation.solvedBefore[$0.reference.fullName] == nil
            && !failures.final.contains($0.reference.fullName)
        }
        hasProgress =
          hasProgress
          || some.contains {
            generation.solvedBefore[$0.reference.fullName]
              .map { $0.provenance.budget ?? 0 <= budget } ?? false
          }
        let results = try attempt(
          open, guide: guide, generation: generation.number, budget: budget, stepsLeft: stepsLeft,
          secondsPerTask: limit.seconds, report: report, isCancelled: isCancelled)
        for (goal, result) in zip(open, results) {
          switch result {
          case .solved: solvedNow += 1
          case .failed(let reason, let isFinal):
            failures.reasons[goal.reference.fullName] = reason
            if isFinal { failures.final.insert(goal.reference.fullName) }
          case .skipped: break
          }
        }
        hasProgress = hasProgress || solvedNow > 0
        if size < goals.count, hasProgress { break }
      }
      stepsLeft -= budget
      if hasProgress || stepsLeft == 0 || isCancelled() { return (solvedNow, hasProgress) }
      budget *= Growth.budgetGrowth
    }
  }

  /// Why tasks are not solved.
  private struct Failures {
    var reasons: [String: String] = [:]
    /// The tasks that had one choice, and it was wrong.
    var final: Set<String> = []
  }

  private enum AttemptResult {
    /// Not begun before the growth was cancelled.
    case skipped
    case solved
    case failed(reason: String, isFinal: Bool)
  }

  /// Tries every goal once, `jobs` at a time; results and events are in goal order.
  private func attempt(
    _ goals: [Goal], guide: Guide, generation: Int, budget: Int, stepsLeft: Int,
    secondsPerTask: Double,
    report: @escaping @Sendable (GrowthEvent) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [AttemptResult] {
    let board = Board(count: goals.count, report: report)
    let jobs = max(1, min(options.jobs, goals.count))
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while let index = board.take(), !isCancelled() {
        do {
          let (result, event) = try work(
            goals[index], guide: guide, generation: generation, budget: budget,
            stepsLeft: stepsLeft, secondsPerTask: secondsPerTask, board: board,
            isCancelled: isCancelled)
          board.finish(index, result, event)
        } catch {
          board.finish(index, .failed(reason: "\(error)", isFinal: false), nil)
        }
      }
    }
    return board.results
  }

  private func work(
    _ goal: Goal, guide: Guide, generation: Int, budget: Int, stepsLeft: Int,
    secondsPerTask: Double, board: Board,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> (AttemptResult, GrowthEvent?) {
    let name = goal.reference.fullName
    let clock = ContinuousClock()
    let start = clock.now
    let deadline = start + .seconds(secondsPerTask)
    var guide = guide
    if goal.standard > 0 {
      let old = guide.library.visible.filter { $0.name == name }.map(\.digest)
      guide = Guide(library: guide.library.excluding(Set(old)), atoms: options.atoms)
    }
    let solver = try TaskSolver(
      goal.reference, standard: goal.standard, guide: guide,
      learners: Learner.named(curriculum.learners),
      seed: seed, isCancelled: { isCancelled() || clock.now > deadline })
    solver.onProgress = { [unowned solver] in
      board.progress(
        .progress(task: name, searchSteps: solver.stepsSpent, candidates: solver.candidates))
    }
    solver.onProgress()
    switch try solver.solve(stepBudget: budget, stepLimit: stepsLeft) {
    case .failed(let reason):
      let isLate = !isCancelled() && clock.now > deadline
      return (
        .failed(reason: isLate ? "time" : reason, isFinal: solver.verifier.hasFailedHeldOut), nil
      )
    case .solved(let solution):
      let provenance = Provenance(
        task: name, curriculum: curriculum.name, generation: generation, learner: solution.learner,
        seed: seed, searchSteps: solver.stepsSpent, budget: budget, candidates: solver.candidates,
        pluginHash: goal.reference.plugin.contentHash)
      let seconds = (clock.now - start) / .seconds(1)
      var new = newSkills(goal, solution, provenance: provenance, library: guide.library)
      for index in new.indices { new[index].searchSeconds = seconds }
      let registered = try store.register(new)
      guard let skill = registered.last else {
        return (.failed(reason: "nothing was kept", isFinal: false), nil)
      }
      return (
        .solved,
        .solved(
          SolvedTask(
            task: name, skill: skill, bodies: Array(registered.dropLast()), generation: generation,
            learner: solution.learner, seconds: seconds,
            candidates: solver.candidates, searchSteps: solver.stepsSpent,
            checkedSize: solution.certificate.checks.map(\.size).max() ?? 0))
      )
    }
  }

  /// The bodies that the library lacks, callees first, a mixture, then the task's skill.
  private func newSkills(
    _ goal: Goal, _ solution: TaskSolver.Solution, provenance: Provenance, library: FrozenLibrary
  ) -> [NewSkill] {
    let name = goal.reference.fullName
    let bodies = solution.candidate.bodies.filter { library.code($0.digest) == nil }.map { body in
      NewSkill(
        name: "\(name).body-\(body.digest.short)",
        summary: solution.learner == "gradient"
          ? "A part of \(name), the same whatever the weights."
          : "The body of a loop in \(name), found by deduction.", code: body, tests: [],
        certificate: Certificate(
          method: .viaTask, seed: solution.certificate.seed, checks: solution.certificate.checks,
          tolerance: solution.certificate.tolerance),
        provenance: provenance)
    }
    let mixture = solution.candidate.mixture.map { code in
      NewSkill(
        name: MixtureWeights.name(task: name, skill: solution.candidate.code.digest),
        summary: "What \(name) was decided from: a sum of skills, weighted by gradient.",
        code: code,
        tests: [],
        certificate: Certificate(
          method: .viaTask, seed: solution.certificate.seed, checks: [],
          tolerance: solution.certificate.tolerance),
        provenance: provenance)
    }
    return bodies + [mixture].compactMap { $0 } + [
      NewSkill(
        name: name, summary: goal.reference.task.summary, code: solution.candidate.code,
        tests: solution.tests, certificate: solution.certificate, provenance: provenance)
    ]
  }

  /// Hands out goals to workers and puts what they report back into goal order.
  private final class Board: @unchecked Sendable {
    // `lock` guards every mutable property, and calls of `report` are made while it is held.
    private let lock = NSLock()
    private let report: @Sendable (GrowthEvent) -> Void
    private var next = 0
    private var reported = 0
    private var finished: [Bool]
    private var events: [GrowthEvent?]
    private(set) var results: [AttemptResult]

    init(count: Int, report: @escaping @Sendable (GrowthEvent) -> Void) {
      self.report = report
      finished = Array(repeating: false, count: count)
      events = Array(repeating: nil, count: count)
      results = Array(repeating: .skipped, count: count)
    }

    func take() -> Int? {
      lock.withLock {
        guard next < results.count else { return nil }
        next += 1
        return next - 1
      }
    }

    func progress(_ event: GrowthEvent) { lock.withLock { report(event) } }

    func finish(_ index: Int, _ result: AttemptResult, _ event: GrowthEvent?) {
      lock.withLock {
        finished[index] = true
        results[index] = result
        events[index] = event
        while reported < finished.count, finished[reported] {
          if let event = events[reported] { report(event) }
          reported += 1
        }
      }
    }
  }
}
