import ReefMachine

/// A curriculum whose plugins run and whose patterns have become tasks.
public struct LoadedCurriculum: Sendable {
  /// For people, and for the provenance of skills.
  public let name: String
  /// For people; "" where the file has none.
  public let summary: String
  /// The plugins that run, in the curriculum's order.
  public let plugins: [any TaskPlugin]
  /// As the curriculum has them; one may be without tasks where a plugin did not start.
  public let phases: [Phase]
  /// How many passes over the unsolved tasks there are at most.
  public let generations: Int
  /// The portfolio, in order, of `Curriculum.learnerNames`.
  public let learners: [String]
  /// In 0..<2^53.
  public let seed: Int
  /// The plugins whose process did not start as it should, in the curriculum's order.
  public let missing: [MissingPlugin]
  /// Tasks that a phase asks for by name and that only a missing plugin can have: to be reported as
  /// failed, while all other tasks go on.
  public let unavailable: [Unavailable]

  /// Tasks to be learned together.
  public struct Phase: Sendable {
    /// Each task once, in the order of the phase's patterns, then of the plugins, then of a
    /// plugin's own tasks. An earlier phase may hold the same task, with another budget.
    public let tasks: [TaskReference]
    /// For each of them, in each generation.
    public let budget: Curriculum.Budget
  }

  /// A plugin of which nobody knows the tasks, nor even the name.
  public struct MissingPlugin: Hashable, Sendable {
    /// As the curriculum has it.
    public let command: String
    /// A sentence.
    public let reason: String
    /// Whether a phase may ask for its tasks: by a pattern that nothing else explains, or by one
    /// that fits plugins of any name.
    public let isWanted: Bool
  }

  /// A task that no plugin is there for.
  public struct Unavailable: Hashable, Sendable {
    /// With the plugin.
    public let task: String
    /// A sentence.
    public let reason: String
  }

  /// Every task of every phase once, in order of first mention.
  public var tasks: [TaskReference] { phases.flatMap(\.tasks).uniqueByName() }

  /// Ends the plugins' processes.
  public func shutdown() {
    for plugin in plugins { plugin.shutdown() }
  }
}

/// Turns curricula into running plugins and tasks.
public struct CurriculumLoader: Sendable {
  private let builtIns: [any TaskPlugin]
  private let logFolder: String?

  /// - Parameter logFolder: Where the standard error of plugins' processes is kept, one file each;
  ///   created when needed. Without it, it is dropped.
  public init(builtIns: [any TaskPlugin], logFolder: String?) {
    self.builtIns = builtIns
    self.logFolder = logFolder
  }

  /// Reads the curriculum at `path`, starts its plugins and finds its tasks.
  ///
  /// A process that does not start, or does not speak the protocol, is not an error here: see
  /// `LoadedCurriculum.missing`.
  public func load(path: String) throws(InputFileError) -> LoadedCurriculum {
    try load(Curriculum(path: path), path: path)
  }

  /// As `load(path:)` for a curriculum that was read already; `path` is where it came from.
  public func load(_ curriculum: Curriculum, path: String) throws(InputFileError)
    -> LoadedCurriculum
  {
    var started = Started()
    do {
      for (index, source) in curriculum.plugins.enumerated() {
        try start(source, place: "plugins[\(index)]", curriculum: path, into: &started)
      }
      var phases: [LoadedCurriculum.Phase] = []
      for (index, phase) in curriculum.phases.enumerated() {
        let tasks = try resolve(
          phase.tasks, place: "phases[\(index)].tasks", curriculum: path, among: &started)
        phases.append(.init(tasks: tasks, budget: phase.budget))
      }
      return LoadedCurriculum(
        name: curriculum.name, summary: curriculum.summary, plugins: started.plugins,
        phases: phases, generations: curriculum.generations, learners: curriculum.learners,
        seed: curriculum.seed,
        missing: started.missing(asked: curriculum.phases.flatMap(\.tasks)),
        unavailable: started.unavailable)
    } catch {
      for plugin in started.plugins { plugin.shutdown() }
      throw error
    }
  }

  /// The plugins so far, and those that would not start.
  private struct Started {
    var plugins: [any TaskPlugin] = []
    var failures: [(command: String, reason: String)] = []
    /// Patterns that only a failed plugin can explain.
    var orphans: [String] = []

    /// - Parameter patterns: What the phases ask for.
    func missing(asked patterns: [String]) -> [LoadedCurriculum.MissingPlugin] {
      let isWanted =
        !orphans.isEmpty || patterns.contains { $0.prefix { $0 != "." }.contains("*") }
      return failures.map { .init(command: $0.command, reason: $0.reason, isWanted: isWanted) }
    }

    var unavailable: [LoadedCurriculum.Unavailable] {
      let reason = failures.map(\.reason).joined(separator: " ")
      return orphans.filter { !$0.contains("*") }.map { .init(task: $0, reason: reason) }
    }
  }

  private func start(
    _ source: Curriculum.PluginSource, place: String, curriculum: String,
    into started: inout Started
  ) throws(InputFileError) {
    let plugin: any TaskPlugin
    switch source {
    case .builtIn(let name):
      plugin = try builtIn(name, place: place, curriculum: curriculum)
    case .examples(let path, let name):
      plugin = try ExamplesPlugin(path: path.relative(toFolderOf: curriculum), name: name)
    case .command(let command, let timeoutSeconds):
      do {
        plugin = try ChildProcessPlugin(
          command: command, timeoutSeconds: timeoutSeconds,
          logPath: logFolder.map { "\($0)/\(ChildProcessPlugin.logName(for: command))" })
      } catch {
        started.failures.append((command.joined(separator: " "), error.description))
        return
      }
    }
    guard !started.plugins.contains(where: { $0.name == plugin.name }) else {
      plugin.shutdown()
      if case .command(let command, _) = source {
        started.failures.append(
          (
            command.joined(separator: " "),
            "The process calls itself '\(plugin.name)', as another plugin does."
          ))
        return
      }
      throw InputFileError(
        path: curriculum, place: place, message: "a second plugin is named '\(plugin.name)'.")
    }
    started.plugins.append(plugin)
  }

  private func builtIn(
    _ name: String, place: String, curriculum: String
  ) throws(InputFileError) -> any TaskPlugin {
    if let plugin = builtIns.first(where: { $0.name == name }) { return plugin }
    let names = builtIns.map(\.name)
    let advice = closest(to: name, in: names).map { " Did you mean '\($0)'?" } ?? ""
    throw InputFileError(
      path: curriculum, place: place,
      message: "no built-in plugin is named '\(name)'.\(advice) 'reef plugin list' shows all.")
  }

  private func resolve(
    _ patterns: [String], place: String, curriculum: String, among started: inout Started
  ) throws(InputFileError) -> [TaskReference] {
    let all = started.plugins.flatMap(\.references)
    var tasks: [TaskReference] = []
    for (index, text) in patterns.enumerated() {
      let pattern = TaskPattern(text)
      let matching = all.filter { pattern.matches($0.fullName) }
      tasks += matching
      guard matching.isEmpty else { continue }
      guard started.failures.isEmpty else {
        if !started.orphans.contains(text) { started.orphans.append(text) }
        continue
      }
      let advice =
        closest(to: text, in: all.map(\.fullName)).map { " Did you mean '\($0)'?" } ?? ""
      throw InputFileError(
        path: curriculum, place: "\(place)[\(index)]",
        message: "no task matches '\(text)'.\(advice) 'reef plugin list' shows the built-in tasks.")
    }
    return tasks.uniqueByName()
  }
}

extension [TaskReference] {
  fileprivate func uniqueByName() -> [TaskReference] {
    var seen: Set<String> = []
    return filter { seen.insert($0.fullName).inserted }
  }
}

extension String {
  /// The path as seen from the current directory, when it is written in the file `path`.
  fileprivate func relative(toFolderOf path: String) -> String {
    guard !hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return self }
    return path[...slash] + self
  }
}
