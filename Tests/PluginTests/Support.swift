import Arithmetic
import Elementary
import FittedLayers
import GraphTraversal
import LinearLayer
import Perception
import ReefMachine
import ReefTasks
import Sorting
import Testing
import Transforms
import Trees

let allPlugins = [
  arithmetic, sorting, linearLayer, fittedLayers, elementary, transforms, perception,
  graphTraversal, treePlugin,
]

/// One task of one plugin, as an argument of a test.
struct PluginTask: Sendable, CustomTestStringConvertible {
  let plugin: BuiltInPlugin
  let task: SkillTask

  var testDescription: String { "\(plugin.name).\(task.name)" }
  var checkSizes: [Int] { task.standards.flatMap(\.checkSizes) }

  func inputs(size: Int, count: Int, seed: Int) throws -> [[Value]] {
    try plugin.generate(task: task.name, size: size, count: count, seed: seed)
  }

  func answers(_ inputs: [[Value]]) throws -> [Value?] {
    try plugin.expected(task: task.name, inputs: inputs)
  }
}

let allTasks = allPlugins.flatMap { plugin in
  plugin.tasks.map { PluginTask(plugin: plugin, task: $0) }
}

/// Generated inputs with the oracle's answers; sizes are the training sizes and 8.
func examples(
  _ plugin: BuiltInPlugin, _ task: String, sizes: [Int]? = nil, count: Int = 40, seed: Int
) throws -> [(input: [Value], output: Value)] {
  let specification = try #require(plugin.tasks.first { $0.name == task })
  var examples: [(input: [Value], output: Value)] = []
  for size in sizes ?? specification.trainSizes + [8] {
    let inputs = try plugin.generate(task: task, size: size, count: count, seed: seed)
    for (input, output) in zip(inputs, try plugin.expected(task: task, inputs: inputs)) {
      examples.append((input, try #require(output, "\(input) is outside the domain")))
    }
  }
  return examples
}

extension Value {
  /// For values that are known to be lists of ints.
  var ints: [Int] { [Int](value: self)! }
  var reals: [Double] { [Double](value: self)! }
  var matrix: [[Double]] { [[Double]](value: self)! }
  var graph: [[Int]] { [[Int]](value: self)! }
  var weightedGraph: [[Pair<Int, Int>]] { [[Pair<Int, Int>]](value: self)! }
  var intPair: Pair<Int, Int> { Pair(value: self)! }
  var listPair: Pair<[Int], [Int]> { Pair(value: self)! }
}
