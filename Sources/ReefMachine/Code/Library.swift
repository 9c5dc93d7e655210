/// A registered composite as the machine and the learner see it. Atoms are not in a library: they
/// belong to the machine.
public struct Skill: Hashable, Sendable {
  /// Of its code with its weights: what names the entry for good.
  public let digest: Digest
  /// Such as `arithmetic.add`: a label beside the digest.
  public let name: String
  /// 1 for the first entry of that name.
  public let version: Int
  /// One paragraph: what it does, mostly its task's own words.
  public let summary: String
  /// What runs.
  public let code: SkillCode
  /// What its verification showed, under this name.
  public let certificate: Certificate
  /// Where it came from, under this name.
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

  /// The labelled types of its inputs, and the type of its result.
  public var signature: Signature { code.signature }
}

/// What verification showed.
public struct Certificate: Hashable, Sendable {
  /// How inputs were chosen.
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

  /// What was seen at one size.
  public struct Check: Hashable, Sendable {
    /// Of the inputs, as the task counts it.
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

  /// How the inputs of `checks` were chosen.
  public let method: Method
  /// Of the inputs that were sampled.
  public let seed: Int
  /// The sizes that were checked, small ones first.
  public let checks: [Check]
  /// How far a real was allowed to be off, absolute or relative; 0 for exact results.
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
  /// The name of the curriculum that asked for the task.
  public let curriculum: String
  /// The pass that found it, counted from 1.
  public let generation: Int
  /// The name of the learner that found it.
  public let learner: String
  /// The growth's.
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
  /// One argument for each parameter.
  public let input: [Value]
  /// The right result, within the certificate's tolerance.
  public let output: Value

  public init(input: [Value], output: Value) {
    self.input = input
    self.output = output
  }
}

/// What a learner hands over for registration: a skill without digest or version.
public struct NewSkill: Sendable {
  /// What it is to be called: a registry gives it the next version of that name.
  public let name: String
  /// One paragraph: what it does.
  public let summary: String
  /// Its callees have to be atoms, registered, or registered before it in the same transaction.
  public let code: SkillCode
  /// What is kept to be run again, by `reef verify` for one.
  public let tests: [TestCase]
  /// What its verification showed.
  public let certificate: Certificate
  /// Where it comes from.
  public let provenance: Provenance
  /// What its search took, where that is known: a fact of this machine, and no part of an entry.
  public var searchSeconds: Double?

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
