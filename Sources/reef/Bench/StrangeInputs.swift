import ReefMachine
import ReefTasks

/// Random values of a task's types that it has an answer for: inputs that its generator, which looks
/// for what tells solutions apart, might never make.
struct StrangeInputs {
  /// Drawn for each task; few that are drawn have an answer.
  private static let drawn = 200_000
  private static let kept = 5_000

  let examples: [Example]

  /// - Throws: What the plugin throws.
  init(for task: TaskReference, seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let types = task.task.signature.parameterTypes
    var examples: [Example] = []
    var seen: Set<[Value]> = []
    for _ in 0..<10 where examples.count < StrangeInputs.kept {
      let inputs = (0..<StrangeInputs.drawn / 10).map { _ in
        let width = random.int(in: 1...6)
        return types.map { StrangeInputs.value(of: $0, width: width, &random) }
      }.filter { seen.insert($0).inserted }
      let outputs = try task.plugin.expected(task: task.task.name, inputs: inputs)
      examples += zip(inputs, outputs).compactMap { input, output in
        output.map { Example(input: input, output: $0) }
      }
    }
    self.examples = Array(examples.prefix(StrangeInputs.kept))
  }

  /// - Parameter width: About how long lists are; most ints are smaller, so that they can be places.
  private static func value(of type: Type, width: Int, _ random: inout SplitMix64) -> Value {
    switch type {
    case .int: .int(int(width: width, &random))
    case .bool: .bool(random.int(in: 0...1) == 1)
    case .real: .real(Double(random.int(in: -40...40)) / 8)
    case .list(let element):
      // Half of all lists are as long as one another.
      .list(
        (0..<(random.int(in: 0...1) == 0 ? width : random.int(in: 0...width))).map { _ in
          value(of: element, width: width, &random)
        })
    case .pair(let first, let second):
      .pair(value(of: first, width: width, &random), value(of: second, width: width, &random))
    default: .int(0)
    }
  }

  private static func int(width: Int, _ random: inout SplitMix64) -> Int {
    switch random.int(in: 0...9) {
    case 0...5: random.int(in: 0...max(0, width - 1))
    case 6...7: random.int(in: 0...9)
    case 8: random.int(in: -3...3)
    default: random.int(in: -100...100)
    }
  }
}
