import ReefMachine
import ReefTasks

/// What each learner does with a problem and its part of a round.
extension TaskSolver {
  /// On so many rows tree search measures what it tries; those that prove it wrong join them.
  private static let treeRows = 6
  /// Deductions inside deductions.
  private static let maximumDepth = 2

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

  func enumerate(
    _ problem: Problem, breadth: Guide.Breadth, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var options = manner.enumeration
    options.stepBudget = slice
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

  func searchTree(
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
      // Where it is wrong, the other breadths do without it.
      if breadth == .wide { options.prior = prior }
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

  func fit(
    _ problem: Problem, slice: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    var fitter = try fitter(problem, stepBudget: slice)
    return try run(&fitter, .gradient, named: "gradient", check: check)
  }

  func mix(
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

  func deduce(
    _ problem: Problem, slice: Int, depth: Int, check: @escaping Check<Candidate>
  ) throws -> Found {
    guard depth < TaskSolver.maximumDepth else { return .nothing }
    // The searches for bodies have their own.
    let given = lets
    defer { lets = given }
    let deducer = Deducer(problem: problem)
    let presumed = manner.presumesQuantifiers && depth == 0 ? deducer.quantified() : []
    let forced = presumed + deducer.deductions()
    let shared = given.flatMap {
      $0.deductions(for: problem, library: library, fuel: TaskSolver.rowFuel)
    }
    let deductions = manner.forcedFirst ? forced + shared : shared + forced
    // The other half is for the bodies of bodies.
    var left = depth + 1 < TaskSolver.maximumDepth ? slice / 2 : slice
    var refuted: Found?
    for (position, deduction) in deductions.enumerated() {
      if isOver() { throw Cancelled() }
      let count = deductions.count - position
      let share = left / min(count, manner.deductionsAtATime)
      left -= share
      let end = stepsSpent + share
      let part = share / (1 + deduction.others.count)
      guard let others = try anyFitting(deduction.others, slice: part) else { continue }
      func outer(_ body: Candidate) -> Candidate {
        let whole = deduction.compose(body.code, others)
        return Candidate(
          code: whole.code, bodies: body.bodies + whole.bodies,
          presumedSteps: deduction.presumedSteps)
      }
      let checkBody: Check<Candidate> = { body in
        let (outcome, steps) = check(outer(body))
        // With no room for another row of the task, or where none would say more of the body, the
        // search for the body goes on.
        if case .wrong = outcome, self.isFull || !deduction.saysAll { return (.rejected, steps) }
        return (outcome, steps)
      }
      var found = try enumerate(deduction.body, slice: part, check: checkBody)
      if case .nothing = found {
        found = try deduce(deduction.body, slice: part, depth: depth + 1, check: checkBody)
      }
      switch found {
      case .candidate(let body, _): return .candidate(outer(body), learner: "deduction")
      case .counterexamples:
        // What was wrong soon may be right with another example. What was wrong late would be so
        // again and again, and the others would never have their turn.
        guard end - stepsSpent < share / 2 else { return found }
        refuted = refuted ?? found
      case .nothing: continue
      }
    }
    return refuted ?? .nothing
  }

  /// The first code for each problem that fits its rows; nil where one of them has none.
  private func anyFitting(_ problems: [Problem], slice: Int) throws -> [SkillCode]? {
    var codes: [SkillCode] = []
    for problem in problems {
      let found = try enumerate(problem, slice: slice) { _ in (.accepted, 0) }
      guard case .candidate(let candidate, _) = found else { return nil }
      codes.append(candidate.code)
    }
    return codes
  }
}
