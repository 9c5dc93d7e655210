import ReefMachine
import ReefTasks

/// A plugin whose tasks have exchanged their names and lost their summaries: what is left for a
/// learner to go by is the signatures and the examples.
struct DisguisedPlugin: TaskPlugin {
  private let plugin: any TaskPlugin
  let tasks: [SkillTask]
  /// The plugin's own names of its tasks, by the names that they have here.
  private let names: [String: String]

  init(_ plugin: any TaskPlugin, seed: Int) {
    self.plugin = plugin
    var generator = SplitMix64(seed: seed)
    var disguises = plugin.tasks.map(\.name)
    generator.shuffle(&disguises)
    tasks = zip(plugin.tasks, disguises).map { task, name in
      SkillTask(
        name: name, signature: task.signature, summary: "", trainSizes: task.trainSizes,
        standards: task.standards, tolerance: task.tolerance)
    }
    names = Dictionary(uniqueKeysWithValues: zip(disguises, plugin.tasks.map(\.name)))
  }

  var name: String { plugin.name }
  var version: String { plugin.version }
  var contentHash: String { plugin.contentHash }

  /// The plugin's own name of a task.
  func ownName(of task: String) -> String { names[task] ?? task }

  /// The task of the plugin that goes by another name here.
  func reference(to task: SkillTask) -> TaskReference? {
    tasks.first { ownName(of: $0.name) == task.name }.map { TaskReference(plugin: self, task: $0) }
  }

  func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    try plugin.generate(task: ownName(of: task), size: size, count: count, seed: seed)
  }

  func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    try plugin.expected(task: ownName(of: task), inputs: inputs)
  }

  func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    try plugin.verify(task: ownName(of: task), input: input, output: output)
  }

  func smallDomain(task: String) -> SmallDomain? {
    plugin.smallDomain(task: ownName(of: task))
  }

  func fixedExamples(task: String) -> FixedExamples? {
    plugin.fixedExamples(task: ownName(of: task))
  }
}
