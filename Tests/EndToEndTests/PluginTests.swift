import Foundation
import ReefMachine
import Testing

private let hasPython =
  (try? Sandbox().shell("python3 -c pass").exitCode) == 0

@Suite("Plugins, from the command line")
struct PluginTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test("plugin list names the built-in plugins and their tasks")
  func list() throws {
    let outcome = try sandbox.reef("plugin", "list")
    #expect(outcome.exitCode == 0)
    for task in ["arithmetic.add", "sorting.sort", "linear.layer", "graph.bfsDistances"] {
      #expect(outcome.output.contains("\n\(task) "))
    }
  }

  @Test("The built-in plugins keep their promises", arguments: ["sorting", "linear"])
  func builtIn(name: String) throws {
    let outcome = try sandbox.reef("plugin", "check", name)
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(outcome.error.hasPrefix("Plugin '\(name)' keeps its promises, "))
  }

  @Test("A file of examples is a plugin")
  func examples() throws {
    try sandbox.write(
      """
      [{"name": "double", "signature": "(x: int) -> int", "summary": "Twice x.", "holdOut": 1,
        "examples": [{"input": [1], "output": 2}, {"input": [4], "output": 8},
          {"input": [5], "output": 10}]}]
      """, to: "mine.json")
    let sound = try sandbox.reef("plugin", "check", "--examples", "mine.json")
    #expect(sound.exitCode == 0, "\(sound)")
    #expect(sound.lines[0] == "mine.double")
    try sandbox.write(
      """
      [{"name": "double", "signature": "(x: int) -> int", "summary": "Twice x.",
        "examples": [{"input": [1], "output": 2}, {"input": [1], "output": 3}]}]
      """, to: "odd.json")
    let unsound = try sandbox.reef("plugin", "check", "--examples", "odd.json")
    #expect(unsound.exitCode == 1)
    #expect(unsound.output.contains("problem"))
    #expect(unsound.error == "reef: Plugin 'odd' has problems in 1 of 1 task.\n")
  }

  @Test("The example plugin in Python keeps its promises", .enabled(if: hasPython))
  func python() throws {
    let script = Sandbox.repository.appendingPathComponent("docs/examples/textbook.py").path
    let outcome = try sandbox.reef("plugin", "check", "--command", "python3 '\(script)'")
    #expect(outcome.exitCode == 0, "\(outcome)")
  }

  @Test("plugin inputs prints arguments that the task's skills take")
  func inputs() throws {
    let first = try sandbox.reef("plugin", "inputs", "arithmetic.add")
    #expect(first.exitCode == 0)
    #expect(first.lines.count == 10)
    #expect(try sandbox.reef("plugin", "inputs", "arithmetic.add").output == first.output)
    let other = try sandbox.reef("plugin", "inputs", "arithmetic.add", "--seed", "2")
    #expect(other.output != first.output)
    let large = try sandbox.reef(
      "plugin", "inputs", "arithmetic.add", "--size", "100", "--count", "3")
    for line in large.lines {
      let numbers = try #require(try JSON(parsing: line).array)
      #expect(numbers.count == 2)
      #expect(numbers.contains { $0.array?.count == 100 }, "\(line)")
      for number in numbers {
        #expect(try #require(number.array).allSatisfy { (0...9).contains($0.int ?? -1) })
      }
    }
  }

  @Test("plugin inputs prints one array under --json, of the same inputs, however many")
  func inputsAsJSON() throws {
    func inputs(_ count: Int, _ option: String = "") throws -> Sandbox.Outcome {
      try sandbox.shell("reef plugin inputs sorting.sort --size 8 --count \(count) \(option)")
    }
    let plain = try inputs(250).lines.map { try JSON(parsing: $0) }
    #expect(plain.count == 250)
    #expect(try JSON(parsing: inputs(250, "--json").output) == .array(plain))
    #expect(try inputs(130).lines.map { try JSON(parsing: $0) } == Array(plain.prefix(130)))
    // Every second input is random from the start, also after the first hundred.
    #expect(!plain[..<100].contains(plain[101]))
  }

  @Test("plugin inputs says which task is not there")
  func inputsOfNoTask() throws {
    let unknown = try sandbox.reef("plugin", "inputs", "sorting.srot")
    #expect(unknown.exitCode == 3)
    #expect(
      unknown.error
        == "reef: Plugin 'sorting' has no task 'sorting.srot'. Did you mean 'sorting.sort'?\n")
    let plugin = try sandbox.reef("plugin", "inputs", "sortign.sort")
    #expect(plugin.error.hasPrefix("reef: No built-in plugin is named 'sortign'."))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let words: String
    let code: Int32
    let message: String
    var testDescription: String { "reef plugin check \(words)" }
  }

  @Test(
    "A plugin that is not there is one sentence",
    arguments: [
      Refusal(
        words: "sortign", code: 3,
        message: "No built-in plugin is named 'sortign'. Did you mean 'sorting'? "
          + "'reef plugin list' shows all."),
      Refusal(
        words: "--examples none.json", code: 3,
        message: "none.json: the file cannot be read (No such file or directory)."),
      Refusal(
        words: "--examples control.json", code: 3,
        message: "control.json: task 't'.summary: the text has the control character \\u{1B}."),
      Refusal(
        words: "--examples empty.json", code: 1,
        message: "Plugin 'empty' has no task, so that nothing can be learned."),
      Refusal(
        words: "sorting --examples x.json", code: 2,
        message: "Name one plugin: NAME, --command or --examples. "
          + "'reef plugin check --help' shows how."),
      Refusal(
        words: "--command \"python3 'x\"", code: 3,
        message: "The command \"python3 'x\" has a ' that is not closed."),
    ])
  func refusals(refusal: Refusal) throws {
    try sandbox.write("[]", to: "empty.json")
    try sandbox.write(
      #"""
      [{"name": "t", "signature": "(x: int) -> int", "summary": "\u001b[2J",
        "examples": [{"input": [1], "output": 2}]}]
      """#, to: "control.json")
    let outcome = try sandbox.shell("reef plugin check \(refusal.words)")
    #expect(outcome.exitCode == refusal.code)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "reef: \(refusal.message)\n")
  }

  @Test(
    "A command that is no plugin fails with its name",
    arguments: ["true", "cat", "no-such-command"])
  func noPlugin(command: String) throws {
    let outcome = try sandbox.reef("plugin", "check", "--command", command)
    #expect(outcome.exitCode == 3, "\(outcome)")
    #expect(outcome.error.contains("'\(command)'"))
  }
}

@Suite("Bad curricula")
struct CurriculumTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { message }
  }

  @Test(
    "What is wrong with a curriculum is told with the place, and no registry is made",
    arguments: [
      Refusal(text: "{\"name\": }", message: "bad.json: line 1, column 10: the file is no JSON: "),
      Refusal(
        text: "{\"name\": \"x\", \"plugins\": [\"sortin\"], \"phases\": [{\"tasks\": [\"*\"]}]}",
        message: "bad.json: plugins[0]: no built-in plugin is named 'sortin'. "
          + "Did you mean 'sorting'?"),
      Refusal(
        text: """
          {"name": "x", "plugins": ["sorting"], "phases": [{"tasks": ["sorting.srot"]}]}
          """,
        message: "bad.json: phases[0].tasks[0]: no task matches 'sorting.srot'. "
          + "Did you mean 'sorting.sort'?"),
      Refusal(text: "{\"name\": \"x\"}", message: "bad.json: "),
    ])
  func refusals(refusal: Refusal) throws {
    try sandbox.write(refusal.text, to: "bad.json")
    let outcome = try sandbox.reef("grow", "bad.json")
    #expect(outcome.exitCode == 3)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("reef: " + refusal.message), "\(outcome)")
    #expect(outcome.error.split(separator: "\n").count == 1)
    #expect(!sandbox.exists(".reef"))
  }

  @Test("A curriculum that is not there is one sentence")
  func missing() throws {
    let outcome = try sandbox.reef("grow", "none.json")
    #expect(outcome.exitCode == 3)
    #expect(
      outcome.error == "reef: none.json: the file cannot be read (No such file or directory).\n")
  }
}
