import ReefMachine

/// A task written in Swift: its specification with the functions behind it.
public struct TaskDefinition: Sendable {
  /// What is wanted.
  public let task: SkillTask
  /// Makes input number `index` at `size`. Low indices give the adversarial families of the
  /// domain, the rest random inputs.
  let makeInput: @Sendable (_ size: Int, _ index: Int, inout SplitMix64) -> [Value]
  /// The right output; nil outside the domain.
  let expected: (@Sendable ([Value]) -> Value?)?
  let verify: (@Sendable ([Value], Value) -> Verdict)?
  let smallDomain: (@Sendable () -> SmallDomain)?

  /// A task with an oracle: an output is right when it matches the oracle's.
  public init(
    _ task: SkillTask,
    input: @escaping @Sendable (_ size: Int, _ index: Int, inout SplitMix64) -> [Value],
    expected: @escaping @Sendable ([Value]) -> Value?,
    smallDomain: (@Sendable () -> SmallDomain)? = nil
  ) {
    self.task = task
    self.makeInput = input
    self.expected = expected
    self.verify = nil
    self.smallDomain = smallDomain
  }

  /// A task with only a verifier.
  public init(
    _ task: SkillTask,
    input: @escaping @Sendable (_ size: Int, _ index: Int, inout SplitMix64) -> [Value],
    verify: @escaping @Sendable ([Value], Value) -> Verdict
  ) {
    self.task = task
    self.makeInput = input
    self.expected = nil
    self.verify = verify
    self.smallDomain = nil
  }
}

/// A plugin that is compiled into `reef`.
public struct BuiltInPlugin: TaskPlugin {
  public let name: String
  public let version: String
  private let definitions: [TaskDefinition]
  private let byName: [String: TaskDefinition]

  /// - Precondition: No two tasks have one name.
  public init(name: String, version: String, tasks: [TaskDefinition]) {
    self.name = name
    self.version = version
    self.definitions = tasks
    self.byName = Dictionary(uniqueKeysWithValues: tasks.map { ($0.task.name, $0) })
  }

  public var tasks: [SkillTask] { definitions.map(\.task) }

  private func definition(_ task: String) throws -> TaskDefinition {
    guard let definition = byName[task] else { throw TaskError.unknownTask(task) }
    return definition
  }

  public func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    let definition = try definition(task)
    let root = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) ^ "\(task):\(size)".stableHash)
    return (0..<count).map { index in
      var generator = root.child(index)
      return definition.makeInput(size, index, &generator)
    }
  }

  public func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    guard let expected = try definition(task).expected else { throw TaskError.noOracle(task: task) }
    return inputs.map(expected)
  }

  public func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    let definition = try definition(task)
    if let verify = definition.verify { return verify(input, output) }
    guard let right = definition.expected?(input) else {
      return .wrong(reason: "the input is outside the task's domain")
    }
    return output.matches(right, tolerance: definition.task.tolerance)
      ? .right : .wrong(reason: "expected \(right)")
  }

  public func smallDomain(task: String) -> SmallDomain? { byName[task]?.smallDomain?() }
}
