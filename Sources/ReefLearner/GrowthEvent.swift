import ReefMachine

/// What a growth reports while it runs, in an order that depends on nothing but its inputs.
public enum GrowthEvent: Sendable {
  case generation(number: Int, unsolved: Int)
  /// For a live line only: which task a worker is at, and what it has spent.
  case progress(task: String, searchSteps: Int, candidates: Int)
  /// The registry already holds a skill for every standard of the task.
  case known(task: String)
  case solved(SolvedTask)
  /// Reported at the end, once for each task that stayed unsolved.
  case failed(task: String, reason: String)
}

/// A task that was solved, with the skill as it was registered.
public struct SolvedTask: Sendable {
  public let task: String
  public let skill: Skill
  /// Skills that nobody declared, found on the way by deduction.
  public let bodies: [Skill]
  public let generation: Int
  public let learner: String
  public let seconds: Double
  public let candidates: Int
  public let searchSteps: Int
  /// The largest size that the certificate covers.
  public let checkedSize: Int
}

/// How a growth ended.
public struct GrowthSummary: Sendable {
  public let solved: Int
  public let known: Int
  public let failed: Int
  public let seconds: Double
  public let wasCancelled: Bool
}

public struct GrowthOptions: Sendable {
  /// Tasks that are searched at the same time; the result does not depend on it.
  public var jobs: Int
  /// Overrides the curriculum's seed.
  public var seed: Int?
  /// In the order in which searches meet them: among equally cheap candidates the first one wins.
  public var atoms = Atoms.all

  public init(jobs: Int = 1, seed: Int? = nil) {
    self.jobs = jobs
    self.seed = seed
  }
}
