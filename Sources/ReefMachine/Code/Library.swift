/// A registered composite as the machine and the learner see it. Atoms are not in a library: they
/// belong to the machine.
public struct Skill: Hashable, Sendable {
  public let digest: Digest
  /// Such as `arithmetic.add`: a label beside the digest.
  public let name: String
  /// 1 for the first entry of that name.
  public let version: Int
  public let summary: String
  public let code: SkillCode
  public let certificate: Certificate
  public let provenance: Provenance

  public init(
    digest: Digest, name: String, version: Int, summary: String, code: SkillCode,
    certificate: Certificate, provenance: Provenance
  ) {
    self.digest = digest
    self.name = name
    self.version = version
    self.summary = summary
    self.code = code
    self.certificate = certificate
    self.provenance = provenance
  }

  public var signature: Signature { code.signature }
}

/// What verification showed.
public struct Certificate: Hashable, Sendable {
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// Every input up to the size.
    case exhaustive
    /// Seeded fresh inputs.
    case sampled
    /// Examples that the learner had not seen.
    case heldOut
    /// A body: shown right through the task that it was found for.
    case viaTask
  }

  public struct Check: Hashable, Sendable {
    public let size: Int
    /// How many inputs were tried.
    public let count: Int
    /// The machine steps of the costliest of them.
    public let steps: Int
    /// On how many of them the result was wrong; 0 where the task wants all right.
    public let wrong: Int

    public init(size: Int, count: Int, steps: Int, wrong: Int = 0) {
      self.size = size
      self.count = count
      self.steps = steps
      self.wrong = wrong
    }
  }

  public let method: Method
  public let seed: Int
  public let checks: [Check]
  public let tolerance: Double

  public init(method: Method, seed: Int, checks: [Check], tolerance: Double) {
    self.method = method
    self.seed = seed
    self.checks = checks
    self.tolerance = tolerance
  }
}

/// Where a skill came from.
public struct Provenance: Hashable, Sendable {
  /// The task, `arithmetic.add`; for a body the task that it serves.
  public let task: String
  public let curriculum: String
  public let generation: Int
  public let learner: String
  public let seed: Int
  /// Search steps spent on the task, this skill's share included.
  public let searchSteps: Int
  /// Search steps that the task was allowed, where a search found the skill.
  public let budget: Int?
  /// Candidates that the search evaluated.
  public let candidates: Int
  /// The content hash of a child process's files, or "" for a built-in plugin.
  public let pluginHash: String

  public init(
    task: String, curriculum: String, generation: Int, learner: String, seed: Int,
    searchSteps: Int, budget: Int? = nil, candidates: Int, pluginHash: String
  ) {
    self.task = task
    self.curriculum = curriculum
    self.generation = generation
    self.learner = learner
    self.seed = seed
    self.searchSteps = searchSteps
    self.budget = budget
    self.candidates = candidates
    self.pluginHash = pluginHash
  }
}

/// One stored test: arguments and the result that was verified.
public struct TestCase: Hashable, Sendable {
  public let input: [Value]
  public let output: Value

  public init(input: [Value], output: Value) {
    self.input = input
    self.output = output
  }
}

/// What a learner hands over for registration: a skill without digest or version.
public struct NewSkill: Sendable {
  public let name: String
  public let summary: String
  public let code: SkillCode
  public let tests: [TestCase]
  public let certificate: Certificate
  public let provenance: Provenance

  public init(
    name: String, summary: String, code: SkillCode, tests: [TestCase], certificate: Certificate,
    provenance: Provenance
  ) {
    self.name = name
    self.summary = summary
    self.code = code
    self.tests = tests
    self.certificate = certificate
    self.provenance = provenance
  }

  /// The digest that its entry will have.
  public var digest: Digest { code.digest }
}

/// Where learners look skills up. The registry implements it; learners never see SQLite.
public protocol Library: Sendable {
  /// The entry with that digest, or nil.
  func skill(_ digest: Digest) throws -> Skill?

  /// Every version of every name, ordered by name, then version.
  func skills() throws -> [Skill]

  /// The skills whose names and summaries fit `text` best, best first, ties broken by digest.
  func search(_ text: String, limit: Int) throws -> [Skill]
}

/// Where what was learned is kept.
public protocol SkillStore: Library {
  /// Adds the skills in one transaction, in order, so that a task's bodies and the task's own
  /// skill are kept together or not at all. A skill whose digest the store has under the same
  /// name is left as it is.
  func register(_ skills: [NewSkill]) throws -> [Skill]
}
