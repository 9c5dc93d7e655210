import ReefMachine
import ReefTasks

extension Command {
  static let pluginCheck = Command(
    path: ["plugin", "check"],
    summary: "find out whether a plugin's tasks keep their promises",
    discussion: """
      Looks at each task's generator (deterministic, of the right types), its expected outputs
      (accepted by its own verifier) and its verifier (rejects changed outputs).
      """,
    parameters: [.init(name: "NAME", help: "a built-in plugin", count: .optional)],
    options: pluginOptions,
    examples: [
      "reef plugin check sorting",
      "reef plugin check --command \"python3 docs/examples/textbook.py\"",
    ],
    run: runPluginCheck)
}

extension Command {
  /// The plugins that are not built in.
  static let pluginOptions: [Option] = [
    .init(
      name: "command", value: "COMMAND", help: "a plugin in any language, such as 'python3 my.py'"),
    .init(name: "examples", value: "FILE", help: "a file of examples"),
  ]
}

private func runPluginCheck(_ invocation: Invocation) throws {
  let check = PluginCheck(seed: try invocation.seed() ?? 1)
  let plugin = try invocation.plugin(named: invocation.words.first)
  defer { plugin.shutdown() }
  let reports = check.check(plugin)
  let console = invocation.console
  if console.isJSON {
    try console.print([
      "plugin": .string(plugin.name), "version": .string(plugin.version),
      "tasks": .array(reports.map(\.json)),
    ])
  } else {
    for report in reports {
      try console.print(console.styled(report.task, .strong))
      for finding in report.findings {
        let mark = console.styled(
          finding.isProblem ? "problem" : "ok".padded(to: 7), finding.isProblem ? .bad : .good)
        try console.print("  \(mark)  \(finding.text)")
      }
    }
  }
  let unsound = reports.filter { $0.problem != nil }
  if reports.isEmpty {
    throw Failure(
      .failed, code: "pluginUnsound",
      "Plugin '\(plugin.name)' has no task, so that nothing can be learned.")
  } else if unsound.isEmpty {
    console.note("Plugin '\(plugin.name)' keeps its promises, \(counted(reports.count, "task")).")
  } else {
    throw Failure(
      .failed, code: "pluginUnsound",
      "Plugin '\(plugin.name)' has problems in \(unsound.count) of "
        + "\(counted(reports.count, "task")).")
  }
}

extension Invocation {
  /// The built-in plugin of that name, or without one the plugin that an option names.
  func plugin(named name: String?) throws -> any TaskPlugin {
    switch (name, value("command"), value("examples")) {
    case (let name?, nil, nil):
      if let plugin = builtInPlugins.first(where: { $0.name == name }) { return plugin }
      let near = closest(to: name, in: builtInPlugins.map(\.name))
      let meant = near.map { " Did you mean '\($0)'?" } ?? ""
      throw Failure.badInput(
        "pluginNotFound",
        "No built-in plugin is named '\(name)'.\(meant) 'reef plugin list' shows all.",
        hint: "reef plugin list")
    case (nil, let command?, nil):
      let words = try commandWords(command)
      guard !words.isEmpty else { throw Failure.usage("--command is empty.", self.command) }
      let logPath = "\(logFolder)/\(ChildProcessPlugin.logName(for: words))"
      return try ChildProcessPlugin(command: words, logPath: logPath)
    case (nil, nil, let path?): return try ExamplesPlugin(path: path)
    default:
      throw Failure.usage("Name one plugin: NAME, --command or --examples.", command)
    }
  }
}

extension PluginCheck.TaskReport {
  fileprivate var json: JSON {
    [
      "task": .string(task), "ok": .bool(problem == nil),
      "findings": .array(
        findings.map { ["ok": .bool(!$0.isProblem), "text": .string($0.text)] }),
    ]
  }
}
