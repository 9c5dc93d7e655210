import Foundation
import ReefMachine
import Testing

@Suite("The mixture on the command line")
struct MixtureTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    let examples = (1...12).map { index in
      let (x, y) = (Double(index) / 4 - 1, 2 - Double(index * index % 7) / 8)
      return #"{"input":[\#(x),\#(y)],"output":\#((x + y) * y)}"#
    }
    try sandbox.write(
      """
      [{"name":"mine","signature":"(x: real, y: real) -> real","tolerance":1e-9,
        "examples":[\(examples.joined(separator: ","))]},
       {"name":"flat","signature":"(x: real) -> real",
        "examples":[{"input":[1],"output":2},{"input":[3],"output":2}]},
       {"name":"broken","signature":"(x: real) -> real",
        "examples":[{"input":[1],"output":2},{"input":["nan"],"output":3}]},
       {"name":"ints","signature":"(x: [int]) -> [int]",
        "examples":[{"input":[[1]],"output":[90417]},{"input":[[2]],"output":[-38]}]}]
      """, to: "own.json")
    try writeCurriculum("good", tasks: ["own.mine"], learners: ["mixture"])
    try writeCurriculum(
      "bad", tasks: ["own.flat", "own.broken", "own.ints"], learners: ["gradient", "mixture"])
  }

  private func writeCurriculum(_ name: String, tasks: [String], learners: [String]) throws {
    let curriculum: JSON = [
      "name": .string(name), "plugins": [["examples": "own.json"]],
      "phases": [["tasks": .array(tasks.map { .string($0) })]],
      "learners": .array(learners.map { .string($0) }), "secondsPerTask": 600, "seed": 1,
    ]
    try sandbox.write(curriculum.text, to: "\(name).json")
  }

  @Test("What it was decided from is kept beside the skill, and shown")
  func show() throws {
    let grown = try sandbox.reef("grow", "good.json")
    #expect(grown.exitCode == 0 && grown.lines[0].contains("  mixture  "), "\(grown)")
    let shown = try sandbox.reef("show", "own.mine", "--mixture").lines
    let first = try #require(shown.first?.wholeMatch(of: /own.mine@1 was decided from (.*)@1/))
    let name = String(first.output.1)
    #expect(name.hasPrefix("own.mine.mixture-"))
    #expect(shown[1].split(separator: " ") == ["step", "α", "skill", "W_in"])
    #expect(shown.contains { $0.hasPrefix("s0 ") } && shown.contains { $0.hasPrefix("s1 ") })
    let json = try JSON(parsing: try sandbox.reef("show", "own.mine", "--mixture", "--json").output)
    #expect(json["mixture"]?.string == "\(name)@1")
    #expect(json["values"]?.text == #"["x","y","s0","s1"]"#)
    let steps = try #require(json["steps"]?.array)
    #expect(steps.count == 2)
    for (index, step) in steps.enumerated() {
      let choices = try #require(step.array)
      #expect(choices.contains { $0["skill"]?.string == "real.multiply" })
      let total = choices.reduce(0) { $0 + ($1["alpha"]?.double ?? .nan) }
      #expect(abs(total - 1) < 1e-5)
      for row in choices.flatMap({ $0["inputs"]?.array ?? [] }) {
        let row = try #require(row.array)
        #expect(row.count == 2 + index)
        #expect(abs(row.reduce(0) { $0 + ($1.double ?? .nan) } - 1) < 1e-5)
      }
    }
    // It is a skill like any other, but nothing that others are made of.
    #expect(try sandbox.reef("run", name, "0.5", "0.25").exitCode == 0)
    #expect(try sandbox.reef("query", "users", name).output.isEmpty)
    let verified = try sandbox.reef("verify")
    #expect(verified.exitCode == 0)
    #expect(verified.lines.contains { $0.hasPrefix("open   \(name)@1") }, "\(verified)")
    let none = try sandbox.reef("show", name, "--mixture")
    #expect(none.exitCode == 3 && none.error.contains("was not decided from a mixture"))
    #expect(try sandbox.reef("show", "real.add", "--mixture").exitCode == 3)
  }

  @Test("Data from which nothing can be learned fail with a sentence, and nothing is registered")
  func refused() throws {
    let grown = try sandbox.reef("grow", "bad.json", "--json")
    let reasons = try grown.lines.map { try JSON(parsing: $0) }.filter {
      $0["event"]?.string == "failed"
    }.map { "\($0["task"]?.string ?? ""): \($0["reason"]?.string ?? "")" }
    try #require(reasons.count == 3)
    #expect(reasons[0].hasPrefix("own.flat: "))
    #expect(
      reasons[0].contains("every example has the same answer, so that no weights can be told"))
    #expect(reasons[1].contains("example 2 holds a number that is not finite"))
    #expect(reasons[2].contains("the results hold no reals"))
    #expect(
      reasons[2].hasSuffix("mixture: it makes a real of reals, and the task is (x: [int]) -> [int]")
    )
    #expect(try sandbox.reef("list").output.isEmpty)
  }
}
