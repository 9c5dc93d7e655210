import ReefMachine

/// What is wanted of a skill: the specification that a plugin publishes. (Not `Task`, which is
/// Swift's own word.)
public struct SkillTask: Hashable, Sendable {
  /// Without the plugin, such as `add`.
  public let name: String
  /// Of concrete types, with at least one parameter.
  public let signature: Signature
  /// One paragraph of plain words: what the result is, not how to compute it.
  public let summary: String
  /// Sizes of the inputs that a learner sees, small first.
  public let trainSizes: [Int]
  /// What each successive version of the skill has to meet; there is at least one.
  public let standards: [Standard]
  /// How far a real in a result may be off, absolute or relative.
  public let tolerance: Double
  /// How a textbook would do it, for guides; nil for most tasks.
  public let howTo: String?
  /// What a solution may be made of; nil for most tasks, which may use everything.
  public let means: Means?

  /// What the solution of a task is confined to, as a construction with ruler and compasses is.
  public struct Means: Hashable, Sendable {
    /// Full names of skills and atoms; those that are not in the library are no hindrance.
    public let skills: [String]
    /// Of the constants that searches know.
    public let constants: [Value]

    public init(skills: [String], constants: [Value] = []) {
      self.skills = skills
      self.constants = constants
    }
  }

  /// One bar to clear. A task with two of them is learned twice: the search for the second
  /// version may use neither the first version nor anything that calls it.
  public struct Standard: Hashable, Sendable {
    /// Sizes at which a candidate must be right on fresh data, small first.
    public let checkSizes: [Int]
    /// The largest d for which machine steps may grow like size^d between the last two check
    /// sizes; nil where any growth will do.
    public let growth: Double?
    /// The share of inputs on which a candidate has to be right, above 0; less than 1 for what no
    /// program can do without mistakes, such as reading.
    public let accuracy: Double

    /// - Precondition: There is a size, and `accuracy` is above 0 and at most 1.
    public init(checkSizes: [Int], growth: Double? = nil, accuracy: Double = 1) {
      precondition(!checkSizes.isEmpty, "a standard needs a size to check at")
      precondition(accuracy > 0 && accuracy <= 1, "an accuracy of \(accuracy)")
      self.checkSizes = checkSizes
      self.growth = growth
      self.accuracy = accuracy
    }
  }

  /// - Precondition: There is a standard.
  public init(
    name: String, signature: Signature, summary: String, trainSizes: [Int], standards: [Standard],
    tolerance: Double = 0, howTo: String? = nil, means: Means? = nil
  ) {
    precondition(!standards.isEmpty, "task \(name) has no standard")
    self.name = name
    self.signature = signature
    self.summary = summary
    self.trainSizes = trainSizes
    self.standards = standards
    self.tolerance = tolerance
    self.howTo = howTo
    self.means = means
  }
}

/// A verifier's answer about one output.
public enum Verdict: Hashable, Sendable {
  /// The output is one that the task accepts.
  case right
  /// With a clause for people: what would have been right, or what is wrong.
  case wrong(reason: String)
}

/// A named set of tasks. Strangers implement it: in Swift, or through a child process.
///
/// Every function is deterministic: the same arguments give the same answer.
public protocol TaskPlugin: Sendable {
  /// Such as `arithmetic`: the first part of its skills' names.
  var name: String { get }
  /// Any text; it goes into no digest.
  var version: String { get }
  /// A hash of the files of a child process, for provenance; "" for a built-in plugin.
  var contentHash: String { get }
  /// In the order in which they are listed and learned; the names are unique.
  var tasks: [SkillTask] { get }

  /// `count` inputs of about `size` for the task; a longer list begins with the shorter one.
  func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]]

  /// The right outputs, nil for an input outside the task's domain.
  ///
  /// Throws `TaskError.noOracle` where the task has only a verifier.
  func expected(task: String, inputs: [[Value]]) throws -> [Value?]

  /// Whether the output is right for the input, which may be any of the task's types.
  func verify(task: String, input: [Value], output: Value) throws -> Verdict

  /// What is checked whole, besides the sampled inputs; nil where nothing is.
  func smallDomain(task: String) -> SmallDomain?

  /// Fixed examples instead of a generator (a file of examples): nil for a generated task.
  func fixedExamples(task: String) -> FixedExamples?

  /// Ends what the plugin has started.
  func shutdown()
}

/// All inputs of a task up to some size, where they are few.
public struct SmallDomain: Hashable, Sendable {
  /// The size up to which these are all.
  public let size: Int
  /// Each once.
  public let inputs: [[Value]]

  public init(size: Int, inputs: [[Value]]) {
    self.size = size
    self.inputs = inputs
  }
}

/// The examples of a task that has no program: those to learn from, and those kept back.
public struct FixedExamples: Hashable, Sendable {
  /// What a learner sees, in the file's order.
  public let train: [TestCase]
  /// What only the first choice of the learners meets.
  public let heldOut: [TestCase]

  public init(train: [TestCase], heldOut: [TestCase]) {
    self.train = train
    self.heldOut = heldOut
  }
}

extension TaskPlugin {
  /// "": nothing outside of `reef`.
  public var contentHash: String { "" }
  /// Nil: no domain is small.
  public func smallDomain(task: String) -> SmallDomain? { nil }
  /// Nil: every task has a generator.
  public func fixedExamples(task: String) -> FixedExamples? { nil }
  /// Does nothing.
  public func shutdown() {}
}

/// What a plugin cannot answer.
public enum TaskError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name is none of the plugin's.
  case unknownTask(String)
  /// The task has only a verifier.
  case noOracle(task: String)
  /// The task is only its examples.
  case noGenerator(task: String)

  public var description: String {
    switch self {
    case .unknownTask(let name): "The plugin has no task '\(name)'."
    case .noOracle(let task): "Task '\(task)' has only a verifier."
    case .noGenerator(let task): "Task '\(task)' has only its file of examples."
    }
  }
}
