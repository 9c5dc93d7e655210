import ReefMachine
import Testing

@testable import ReefTasks

private func file(_ fields: String) -> String { #"[{"name": "t", \#(fields)}]"# }

private let pairs = #""signature": "(x: int) -> [int]""#

@Suite struct ExamplesPluginTests {
  @Test("The last examples are held out, and stay hidden from questions")
  func heldOut() throws {
    let plugin = try ExamplesPlugin(
      text: file(
        pairs + #"""
          , "summary": "s", "holdOut": 1, "tolerance": 0.5, "howTo": "h", "source": "a book",
          "examples": [{"input": [1], "output": [1]}, {"input": [2], "output": [2, 2]},
          {"input": [3], "output": [3, 3, 3]}]
          """#), path: "tasks.json", name: "mine")
    #expect(plugin.name == "mine")
    let task = try #require(plugin.tasks.first)
    #expect(task.summary == "s")
    #expect(task.tolerance == 0.5)
    #expect(task.howTo == "h")
    let fixed = try #require(plugin.fixedExamples(task: "t"))
    #expect(fixed.train.map(\.input) == [[.int(1)], [.int(2)]])
    #expect(fixed.heldOut == [TestCase(input: [.int(3)], output: .ints([3, 3, 3]))])
    #expect(
      try plugin.expected(task: "t", inputs: [[.int(2)], [.int(3)], [.int(4)]])
        == [.ints([2, 2]), nil, nil])
    #expect(try plugin.verify(task: "t", input: [.int(3)], output: .ints([3, 3, 3])) == .right)
    #expect(
      try plugin.verify(task: "t", input: [.int(3)], output: .ints([]))
        == .wrong(reason: "expected [3,3,3]"))
    #expect(
      try plugin.verify(task: "t", input: [.int(9)], output: .ints([]))
        == .wrong(reason: "the input is not among the examples"))
    #expect(throws: TaskError.noGenerator(task: "t")) {
      try plugin.generate(task: "t", size: 1, count: 1, seed: 1)
    }
    #expect(throws: TaskError.unknownTask("u")) {
      try plugin.generate(task: "u", size: 1, count: 1, seed: 1)
    }
    #expect(plugin.contentHash.count == 64)
  }

  @Test("Tasks may declare types")
  func types() throws {
    let types =
      #""types": ["type tree = leaf | node(tree, int, tree)"], "signature": "(t: tree) -> int""#
    let plugin = try ExamplesPlugin(
      text: file(
        types + #"""
          , "examples": [{"input": [{"leaf": []}], "output": 0},
          {"input": [{"node": [{"leaf": []}, 7, {"leaf": []}]}], "output": 7}]
          """#), path: "tasks.json")
    #expect(plugin.tasks[0].signature.description == "(t: tree) -> int")
    let train = try #require(plugin.fixedExamples(task: "t")).train
    #expect(
      train.map(\.input.description) == [
        #"[{"leaf":[]}]"#, #"[{"node":[{"leaf":[]},7,{"leaf":[]}]}]"#,
      ])
    for (fields, reason) in [
      (
        #""types": ["type tree = node(tree)"], "signature": "(t: int) -> int", "examples": []"#,
        "is finite"
      ),
      (#""types": [7], "signature": "(t: int) -> int", "examples": []"#, "types[0]"),
      (#""signature": "(t: tree) -> int", "examples": []"#, "unknown type 'tree'"),
      (
        types + #", "examples": [{"input": [{"leaf": [1]}], "output": 0}]"#,
        "'leaf' wants an array of 0 fields"
      ),
    ] {
      let error = #expect(throws: InputFileError.self) {
        try ExamplesPlugin(text: file(fields), path: "tasks.json")
      }
      #expect("\(String(describing: error))".contains(reason), "\(String(describing: error))")
    }
  }

  @Test("Without a name the plugin is called after its file, and nothing is held out")
  func defaults() throws {
    let text = file(pairs + #", "examples": [{"input": [1], "output": []}]"#)
    let plugin = try ExamplesPlugin(text: text, path: "data/my-lists.v1.json")
    #expect(plugin.name == "my-lists")
    #expect(plugin.fixedExamples(task: "t")?.heldOut == [])
    #expect(plugin.tasks[0].summary == "")
  }

  @Test("Training examples are those that are not held out")
  func training() throws {
    let plugin = try ExamplesPlugin(
      text: file(
        pairs + #"""
          , "holdOut": 1, "examples": [{"input": [1], "output": [1]},
          {"input": [2], "output": []}, {"input": [3], "output": []}]
          """#), path: "t.json")
    let reference = plugin.references[0]
    #expect(
      try reference.trainingExamples(count: 10, seed: 1) == [
        Example(input: [.int(1)], output: .ints([1])), Example(input: [.int(2)], output: .ints([])),
      ])
    #expect(try reference.trainingExamples(count: 1, seed: 1).count == 1)
  }

  static let mistakes: [(String, String)] = [
    ("{", "t.json: line 1, column 2: the file is no JSON: the text ends too early."),
    ("{}", "t.json: expected an array, found {}."),
    ("[{}]", "t.json: [0]: the field 'name' is missing."),
    (
      #"[{"name": "a b"}]"#,
      "t.json: [0].name: 'a b' is no name; a name has letters, digits, '-', '_' and '.', "
        + "and begins with none of the marks."
    ),
    (
      file(pairs + #", "examples": [{"input": [1], "output": []}], "holdout": 1"#),
      "t.json: task 't': unknown field 'holdout'; did you mean 'holdOut'?"
    ),
    (
      file(#""signature": "(x: integer) -> int", "examples": []"#),
      "t.json: task 't'.signature: '(x: integer) -> int' is no signature (column 5: unknown type "
        + "'integer'; the types are int, bool, real, [T] and (T, U))."
    ),
    (
      file(pairs + #", "examples": [{"input": [1], "output": []}], "holdOut": 1"#),
      "t.json: task 't': there are 1 examples, and 1 are to be held out; a learner needs one."
    ),
    (
      file(
        pairs
          + #", "examples": [{"input": [1], "output": []}, {"input": [1], "output": [1, true]}]"#),
      "t.json: task 't': example 2.output[1]: expected int, found true."
    ),
    (
      file(pairs + #", "examples": [{"input": [[1]], "output": []}]"#),
      "t.json: task 't': example 1.input[0]: expected int, found [1]."
    ),
    (
      file(pairs + #", "examples": [{"input": 1, "output": []}]"#),
      "t.json: task 't': example 1.input: expected an array, found 1."
    ),
    (
      file(pairs + #", "examples": [{"input": [1, 2], "output": []}]"#),
      "t.json: task 't': example 1.input: expected 1 argument for (x: int) -> [int], found 2."
    ),
    (
      file(pairs + #", "examples": [{"input": [1]}]"#),
      "t.json: task 't': example 1: the field 'output' is missing."
    ),
    (
      #"[{"name": "t", "signature": "(x: int) -> int", "examples": [{"input": [1], "output": 1}]}, {"name": "t"}]"#,
      "t.json: [1]: a second task is named 't'."
    ),
  ]

  @Test("A mistake is one sentence with task, example and place", arguments: mistakes)
  func mistakeHasPlace(text: String, expected: String) {
    #expect(sentence { try ExamplesPlugin(text: text, path: "t.json") } == expected)
  }

  @Test("A task whose skill would have the name of an atom is refused")
  func atomName() {
    #expect(
      sentence { try ExamplesPlugin(text: #"[{"name": "add"}]"#, path: "int.json") }
        == "int.json: [0].name: no skill can be named 'int.add': an atom is named int.add.")
  }

  @Test("A task whose skill would have too long a name is refused")
  func longName() {
    let long = String(repeating: "a", count: 197)
    let text = "[{\"name\": \"\(long)\"}]"
    #expect(
      sentence { try ExamplesPlugin(text: text, path: "t.json", name: "demo") }
        == "t.json: [0].name: no skill can be named 'demo.\(long)': a name has at most 200 "
        + "letters, digits, '-', '_' and '.', and begins with a letter or a digit.")
  }

  @Test("A file name that is no plugin name asks for one")
  func nameNeeded() {
    #expect(
      sentence { try ExamplesPlugin(text: "[]", path: "my tasks.json") }
        == "my tasks.json: name: 'my tasks' is no name; a name has letters, digits, '-' and '_', "
        + "and begins with none of the marks.")
  }
}
