import ReefMachine
import ReefTasks

/// What becomes of a term that fits all rows.
extension Enumeration {
  /// Checks a term that fits all rows.
  ///
  /// - Returns: Whether it was new: neither checked before nor without an end.
  @discardableResult
  func propose(_ term: Term) -> Bool {
    guard outcome == nil, !bank.diverges(term) else { return false }
    let code = bank.code(term)
    guard checked.insert(code.digest).inserted else { return false }
    let (found, steps) = check(code)
    bank.spend(steps)
    switch found {
    case .accepted: accept(term, code)
    case .wrong where accepted != nil: break
    case .wrong(let example):
      // With no room for another row the search goes on and leaves it to the check.
      guard bank.rowCount < Problem.maximumRows else { return true }
      if let row = bank.problem.rows.firstIndex(of: example) {
        // Right on the row with the oracle's answers: a self-call went wrong, and the arguments of
        // those that it leads to are the examples to learn from.
        let examples = (try? bank.selfCallExamples(in: term, row: row)) ?? []
        if examples.isEmpty { blame(term) } else { learn(from: examples, by: term) }
      } else {
        learn(from: [example], by: term)
      }
    case .rejected: blame(term)
    }
    return true
  }

  /// Ends the search with the examples, but for a branch: it is a guess, and more guesses make one
  /// new beginning worth more.
  private func learn(from examples: [Example], by term: Term) {
    counterexamples += examples.filter { !counterexamples.contains($0) }
    if !term.isBranch { outcome = .counterexamples(counterexamples) }
  }

  /// Right but too slow: takes the arm that most rows go through from among the arms, and lets
  /// other terms that behave like it take its place.
  private func blame(_ term: Term) {
    let arms = term.arms.map { id in (id: id, rows: bank.agreement(of: id, with: target)) }
    guard let slowest = arms.max(by: { $0.rows.nonzeroBitCount < $1.rows.nonzeroBitCount }) else {
      return
    }
    matches.remove(slowest.id)
    reopened.insert(bank.hash(of: slowest.id))
    blamed.insert(Application(bank.entries[Int(slowest.id)]))
  }

  /// Ends the search, but for a branch: its cost is far above the level at which it is met, so that
  /// the enumeration may be about to meet something shorter.
  private func accept(_ term: Term, _ code: SkillCode) {
    let isShorter = accepted.map { code.steps.count < $0.code.steps.count } ?? true
    guard isShorter else { return }
    if term.isBranch {
      accepted = (code, accepted?.deadline ?? Enumeration.patience * bank.stepsSpent)
    } else {
      outcome = .solved(code)
    }
  }
}
