import ReefMachine
import Testing

@testable import ReefTasks

/// The repository's root, two folders above this file's.
let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

@Suite(.enabled(if: python3 != nil, "needs python3")) struct TextbookTests {
  func textbook() throws -> ChildProcessPlugin {
    try ChildProcessPlugin(command: [python3!, "\(repository)/docs/examples/textbook.py"])
  }

  @Test("The example plugin introduces itself")
  func introducesItself() throws {
    let plugin = try textbook()
    defer { plugin.shutdown() }
    #expect(plugin.name == "textbook")
    #expect(plugin.version == "1.0.0")
    #expect(
      plugin.tasks.map(\.name)
        == ["double", "square", "sumOfSquares", "differences", "squaredDistance"])
    #expect(plugin.tasks[3].signature.description == "(a: [int], b: [int]) -> [int]")
    #expect(plugin.tasks[3].trainSizes == [1, 2, 3, 5])
    #expect(plugin.tasks[3].standards == [.init(checkSizes: [8, 200])])
    #expect(plugin.contentHash.count == 64)
  }

  @Test("The example plugin generates, answers and verifies")
  func answers() throws {
    let plugin = try textbook()
    defer { plugin.shutdown() }
    let inputs = try plugin.generate(task: "squaredDistance", size: 3, count: 5, seed: 7)
    #expect(inputs.count == 5)
    for input in inputs { #expect(input.map { $0.list?.count } == [3, 3]) }
    let outputs = try plugin.expected(
      task: "squaredDistance",
      inputs: [[.ints([1, 2]), .ints([4, -2])], [.ints([1]), .ints([])]])
    #expect(outputs == [.int(25), nil])
    #expect(try plugin.verify(task: "square", input: [.int(-3)], output: .int(9)) == .right)
    #expect(
      try plugin.verify(task: "square", input: [.int(-3)], output: .int(8))
        == .wrong(reason: "expected 9"))
  }
}
