import ReefMachine

/// A task with the plugin that it belongs to.
public struct TaskReference: Sendable {
  /// Whom to ask about the task.
  public let plugin: any TaskPlugin
  /// One of the plugin's, or one made from it with other bars to clear.
  public let task: SkillTask

  public init(plugin: any TaskPlugin, task: SkillTask) {
    self.plugin = plugin
    self.task = task
  }

  /// `arithmetic.add`: what the task's skill will be called.
  public var fullName: String { "\(plugin.name).\(task.name)" }

  /// Why nothing that is learned can be kept under the name, as a clause; nil where it can.
  static func problem(ofName name: String) -> String? {
    SkillName.problem(of: name).map { "no skill can be named '\(name)': \($0)" }
  }
}

extension TaskPlugin {
  /// The plugin's tasks, in its order.
  public var references: [TaskReference] { tasks.map { TaskReference(plugin: self, task: $0) } }
}
