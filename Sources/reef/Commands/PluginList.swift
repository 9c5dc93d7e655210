import ReefMachine
import ReefTasks

extension Command {
  static let pluginList = Command(
    path: ["plugin", "list"],
    summary: "list the built-in plugins and their tasks",
    examples: ["reef plugin list"],
    run: runPluginList)
}

private func runPluginList(_ invocation: Invocation) throws {
  let console = invocation.console
  if console.isJSON {
    let plugins = builtInPlugins.map { plugin -> JSON in
      [
        "name": .string(plugin.name), "version": .string(plugin.version),
        "tasks": .array(plugin.references.map(\.json)),
      ]
    }
    return try console.print(.array(plugins))
  }
  var blocks: [String] = []
  for plugin in builtInPlugins {
    let rows = plugin.references.map { [$0.fullName, $0.task.signature.description] }
    blocks.append(
      console.styled("\(plugin.name) \(plugin.version)", .strong) + "\n" + columns(rows))
  }
  try console.print(blocks.joined(separator: "\n"))
}

extension TaskReference {
  fileprivate var json: JSON {
    [
      "name": .string(fullName), "signature": .string(task.signature.description),
      "summary": .string(task.summary),
    ]
  }
}
