import ReefMachine
import ReefTasks

extension Command {
  static let pluginInputs = Command(
    path: ["plugin", "inputs"],
    summary: "print inputs of a task, a JSON array of arguments a line",
    discussion: """
      They are what 'reef run SKILL --lines', and a written-out skill, read. With --json they are one
      JSON array.
      """,
    parameters: [.init(name: "TASK", help: "plugin.task, as 'reef plugin list' tells them")],
    options: [
      .init(
        name: "size", value: "N",
        help: "how large, up to the largest size of the task's checks (the first of them)"),
      .init(name: "count", value: "N", help: "how many, up to 1000000 (10)"),
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
  let sizes = reference.task.standards.flatMap(\.checkSizes)
  let size = try invocation.int("size", in: 1...(sizes.max() ?? 1)) ?? sizes[0]
  let count = try invocation.int("count", in: 1...1_000_000) ?? 10
  let seed = try invocation.seed() ?? 1
  let console = invocation.console
  // In pieces: many large inputs at once may take more memory than there is.
  let piece = 100
  for start in stride(from: 0, to: count, by: piece) {
    var seeds = SplitMix64(seed: seed).child(start)
    let inputs = try plugin.generate(
      task: reference.task.name, size: size, count: min(piece, count - start),
      seed: start == 0 ? seed : Int(seeds.next() >> 11))
    for (index, input) in inputs.enumerated() {
      let line = JSON.array(input.map(\.json)).text
      try console.print(console.isJSON ? (start + index == 0 ? "[" : ",") + line : line)
    }
  }
  if console.isJSON { try console.print("]") }
}
