import ReefMachine
import ReefTasks

extension TaskSolver {
  /// A machine step of the verifier is this much cheaper than a search step.
  private static let runStepsPerSearchStep = 32

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
  func check(_ candidate: Candidate) -> (outcome: CheckOutcome, steps: Int) {
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
