import ReefMachine
import ReefTasks

extension Command {
  static let pluginInputs = Command(
    path: ["plugin", "inputs"],
    summary: "print inputs of a task, a JSON array of arguments a line",
    discussion: """
      They are what 'reef run SKILL --lines', and a written-out skill, read.
      """,
    parameters: [.init(name: "TASK", help: "plugin.task, as 'reef plugin list' tells them")],
    options: [
      .init(name: "size", value: "N", help: "how large (the first size of the task's checks)"),
      .init(name: "count", value: "N", help: "how many (10)"),
    ] + pluginOptions,
    examples: [
      "reef plugin inputs arithmetic.add --size 3",
      "reef plugin inputs textbook.double --command \"python3 docs/examples/textbook.py\"",
    ],
    run: runPluginInputs)
}

private func runPluginInputs(_ invocation: Invocation) throws {
  let wanted = invocation.words[0]
  let isBuiltIn = !invocation.has("command") && !invocation.has("examples")
  let name = wanted.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init)
  let plugin = try invocation.plugin(named: isBuiltIn ? name : nil)
  defer { plugin.shutdown() }
  guard let reference = plugin.references.first(where: { $0.fullName == wanted }) else {
    let near = closest(to: wanted, in: plugin.references.map(\.fullName))
    let meant = near.map { " Did you mean '\($0)'?" } ?? ""
    throw Failure.badInput(
      "taskNotFound", "Plugin '\(plugin.name)' has no task '\(wanted)'.\(meant)",
      hint: "reef plugin list")
  }
  let size = try invocation.int("size", in: 1...Int.max)
  let inputs = try plugin.generate(
    task: reference.task.name, size: size ?? reference.task.standards[0].checkSizes[0],
    count: try invocation.int("count", in: 1...Int.max) ?? 10, seed: try invocation.seed() ?? 1)
  for input in inputs { try invocation.console.print(.array(input.map(\.json))) }
}
