import ReefMachine

/// A curriculum as its file states it: nothing is started or looked up yet.
public struct Curriculum: Hashable, Sendable {
  /// For people, and for the provenance of skills.
  public let name: String
  /// For people; "" where the file has none.
  public let summary: String
  /// Where the tasks come from, in the file's order.
  public let plugins: [PluginSource]
  /// At least one; each begins when nothing more of the one before can be learned.
  public let phases: [Phase]
  /// How many passes over the unsolved tasks there are at most.
  public let generations: Int
  /// The learners of the portfolio, in order; each is one of `learnerNames`.
  public let learners: [String]
  /// In 0..<2^53.
  public let seed: Int

  /// Where a plugin comes from.
  public enum PluginSource: Hashable, Sendable {
    case builtIn(name: String)
    /// A command with its arguments, looked up and run in the current directory.
    case command([String], timeoutSeconds: Double?)
    /// A file of examples; its path is relative to the curriculum's folder.
    case examples(path: String, name: String?)
  }

  /// Tasks to be learned together.
  public struct Phase: Hashable, Sendable {
    /// Patterns over `plugin.task`.
    public let tasks: [String]
    /// For each of them, in each generation.
    public let budget: Budget
  }

  /// What one task may cost in one generation.
  public struct Budget: Hashable, Sendable {
    /// Search steps: one atom applied to one example row.
    public let steps: Int
    /// A safety stop that carries no promise; at most a year.
    public let seconds: Double

    /// Cuts `seconds` to a year.
    public init(steps: Int, seconds: Double) {
      self.steps = steps
      self.seconds = min(seconds, 366 * 86_400)
    }
  }

  /// What `learners` may name.
  public static let learnerNames = [
    "enumeration", "deduction", "mcts", "gradient", "mixture", plannedLearner,
  ]
  /// May be named, and does not exist yet.
  public static let plannedLearner = "policy"
}

extension Curriculum {
  /// Reads the curriculum file at `path`.
  public init(path: String) throws(InputFileError) {
    try self.init(readJSON(path), path: path)
  }

  /// Reads the text of a curriculum; errors call it `path`.
  init(text: String, path: String) throws(InputFileError) {
    try self.init(Field(parsing: Array(text.utf8), path: path), path: path)
  }

  private init(_ root: Field, path: String) throws(InputFileError) {
    do {
      try self.init(root)
    } catch {
      throw InputFileError(path: path, error)
    }
  }

  private init(_ root: Field) throws(FieldError) {
    try root.allowOnly([
      "name", "summary", "plugins", "phases", "generations", "stepsPerTask", "secondsPerTask",
      "learners", "seed",
    ])
    name = try root.required("name").plainText()
    summary = try root.optional("summary")?.plainText() ?? ""
    plugins = try root.required("plugins").nonEmptyArray().map { field throws(FieldError) in
      try PluginSource(field)
    }
    let budget = try Budget(root, otherwise: Budget(steps: 2_000_000_000, seconds: 30))
    phases = try root.required("phases").nonEmptyArray().map { field throws(FieldError) in
      try Phase(field, otherwise: budget)
    }
    generations = try root.optional("generations")?.int(in: 1...Int.max) ?? 8
    learners =
      try root.optional("learners")?.nonEmptyArray().map { field throws(FieldError) in
        try Curriculum.learner(field)
      } ?? ["enumeration", "mcts"]
    seed = try root.optional("seed")?.int(in: 0...(1 << 53) - 1) ?? 1
  }

  private static func learner(_ field: Field) throws(FieldError) -> String {
    let name = try field.string()
    guard learnerNames.contains(name) else {
      let advice = closest(to: name, in: learnerNames).map { " Did you mean '\($0)'?" } ?? ""
      throw field.error(
        "no learner is named '\(name)'.\(advice) The learners are "
          + learnerNames.joined(separator: ", ") + ".")
    }
    return name
  }
}

extension Curriculum.PluginSource {
  fileprivate init(_ field: Field) throws(FieldError) {
    if let name = field.json.string {
      self = .builtIn(name: name)
    } else if let command = try field.optional("command") {
      try field.allowOnly(["command", "timeoutSeconds"])
      let words = try command.nonEmptyArray().map { word throws(FieldError) in try word.string() }
      guard !words[0].isEmpty else { throw command.error("the command is empty.") }
      if words.contains(where: { $0.utf8.contains(0) }) {
        throw command.error("a word of a command cannot hold the character U+0000.")
      }
      self = .command(words, timeoutSeconds: try field.optional("timeoutSeconds")?.number(above: 0))
    } else if let examples = try field.optional("examples") {
      try field.allowOnly(["examples", "name"])
      self = .examples(
        path: try examples.string(), name: try field.optional("name")?.pluginName())
    } else {
      throw field.error("a plugin is a name, {\"command\": [...]} or {\"examples\": \"FILE\"}.")
    }
  }
}

extension Curriculum.Phase {
  fileprivate init(_ field: Field, otherwise budget: Curriculum.Budget) throws(FieldError) {
    try field.allowOnly(["tasks", "stepsPerTask", "secondsPerTask"])
    tasks = try field.required("tasks").nonEmptyArray().map { pattern throws(FieldError) in
      try pattern.string()
    }
    self.budget = try Curriculum.Budget(field, otherwise: budget)
  }
}

extension Curriculum.Budget {
  fileprivate init(_ field: Field, otherwise: Self) throws(FieldError) {
    self.init(
      steps: try field.optional("stepsPerTask")?.int(in: 1...Int.max) ?? otherwise.steps,
      seconds: try field.optional("secondsPerTask")?.number(above: 0) ?? otherwise.seconds)
  }
}
