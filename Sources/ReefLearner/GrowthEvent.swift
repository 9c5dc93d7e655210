import ReefMachine

/// What a growth reports while it runs, in an order that depends on nothing but its inputs.
public enum GrowthEvent: Sendable {
  /// A pass begins, counted from 1, over so many tasks that are unsolved.
  case generation(number: Int, unsolved: Int)
  /// For a live line only: which task a worker is at, and what it has spent.
  case progress(task: String, searchSteps: Int, candidates: Int)
  /// The registry already holds a skill for every standard of the task.
  case known(task: String)
  /// The skill is in the store by now.
  case solved(SolvedTask)
  /// Reported at the end, once for each task that stayed unsolved.
  case failed(task: String, reason: String)
}

/// A task that was solved, with the skill as it was registered.
public struct SolvedTask: Sendable {
  /// With the plugin: `sorting.sort`.
  public let task: String
  /// As the store has it, with its version.
  public let skill: Skill
  /// Skills that nobody declared, found on the way by deduction.
  public let bodies: [Skill]
  /// The pass that solved it, from 1.
  public let generation: Int
  /// What found it, as its provenance says.
  public let learner: String
  /// Of the task's search in that generation, verification included.
  public let seconds: Double
  /// Those that the search evaluated.
  public let candidates: Int
  /// One for each atom applied to one example.
  public let searchSteps: Int
  /// The largest size that the certificate covers.
  public let checkedSize: Int
}

/// How a growth ended.
public struct GrowthSummary: Sendable {
  /// Tasks, counted once for each standard that was met in this growth.
  public let solved: Int
  /// Tasks that the store held skills for from the beginning.
  public let known: Int
  /// Tasks that are still unsolved, those of plugins that did not start included.
  public let failed: Int
  /// From the first pass to the end of the last.
  public let seconds: Double
  /// Whether it was ended from outside; what had been solved is in the store.
  public let wasCancelled: Bool
}

/// How a growth is run, apart from what its curriculum says.
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
