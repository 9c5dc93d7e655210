import Foundation
import ReefMachine
import Testing

@Suite("Growing")
struct GrowTests {
  let sandbox: Sandbox

  /// Two tasks that are found at once, the second by way of the first or not, and one that nothing
  /// solves: its outputs follow no rule.
  private static let examples = """
    [{"name": "double", "signature": "(x: int) -> int", "summary": "Twice x.",
      "examples": [{"input": [1], "output": 2}, {"input": [4], "output": 8},
        {"input": [-5], "output": -10}, {"input": [7], "output": 14}]},
     {"name": "square", "signature": "(x: int) -> int", "summary": "x times x.",
      "examples": [{"input": [1], "output": 1}, {"input": [4], "output": 16},
        {"input": [-5], "output": 25}, {"input": [7], "output": 49}]},
     {"name": "noise", "signature": "(x: int) -> int", "summary": "No rule.",
      "examples": [{"input": [1], "output": 90417}, {"input": [2], "output": -38}, {"input": [3],
        "output": 7761}, {"input": [4], "output": 5}, {"input": [5], "output": -99120}, {"input":
        [6], "output": 31}, {"input": [7], "output": 4099}, {"input": [8], "output": -7}]}]
    """

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(GrowTests.examples, to: "mine.json")
    try writeCurriculum("easy", tasks: ["mine.double", "mine.square"], steps: 1_000_000)
    try writeCurriculum("hard", tasks: ["mine.*"], steps: 100_000)
    // As long as nobody interrupts it.
    try writeCurriculum("endless", tasks: ["mine.*"], steps: 1_000_000_000_000)
  }

  private func writeCurriculum(_ name: String, tasks: [String], steps: Int) throws {
    let curriculum: JSON = [
      "name": "mine", "plugins": [["examples": "mine.json"]],
      "phases": [["tasks": .array(tasks.map { .string($0) })]],
      "stepsPerTask": .int(steps), "secondsPerTask": 600, "seed": 1,
    ]
    try sandbox.write(curriculum.text, to: "\(name).json")
  }

  @Test("A growth prints a line for each skill and a summary; the next finds everything known")
  func easy() throws {
    let first = try sandbox.reef("grow", "easy.json")
    #expect(first.exitCode == 0, "\(first)")
    #expect(first.lines[0].hasPrefix("mine.double@1 "))
    #expect(first.lines[1].hasPrefix("mine.square@1 "))
    #expect(first.lines[1].hasSuffix("int.multiply(x, x)"))
    #expect(first.lines[2].hasPrefix("2 solved, 0 failed; "))
    #expect(try sandbox.reef("run", "mine.square", "12").output == "144\n")
    let again = try sandbox.reef("grow", "easy.json")
    #expect(again.exitCode == 0)
    #expect(again.output.hasPrefix("nothing to learn: 2 tasks known; "))
    let quiet = try sandbox.reef("grow", "easy.json", "--quiet", "--registry", "new.sqlite")
    #expect(quiet.lines.count == 1)
    #expect(quiet.error.isEmpty)
  }

  @Test("Under --json every event is an object on a line, and --jobs changes none of them")
  func events() throws {
    func events(_ jobs: String) throws -> [JSON] {
      let outcome = try sandbox.reef(
        "grow", "hard.json", "--json", "--jobs", jobs, "--registry", "r\(jobs).sqlite")
      #expect(outcome.exitCode == 0)
      #expect(outcome.error.isEmpty)
      return try outcome.lines.map { try JSON(parsing: $0) }
    }
    let one = try events("1")
    #expect(one.first?["event"] == "generation")
    #expect(one.first?["unsolved"] == 3)
    let solved = one.filter { $0["event"] == "solved" }
    #expect(solved.compactMap { $0["skill"]?.string } == ["mine.double@1", "mine.square@1"])
    #expect(solved.allSatisfy { $0["digest"]?.string?.count == 64 && $0["steps"]?.int == 1 })
    let failed = one.filter { $0["event"] == "failed" }
    #expect(failed.compactMap { $0["task"]?.string } == ["mine.noise"])
    #expect(one.last?["event"] == "done")
    #expect(one.last?["solved"] == 2)
    #expect(one.last?["failed"] == 1)
    func withoutTimes(_ events: [JSON]) -> [[JSON.Member]] {
      events.map { ($0.members ?? []).filter { $0.name != "seconds" } }
    }
    #expect(withoutTimes(try events("2")) == withoutTimes(one))

    // What a search took is told, and no part of what the two registries hold alike.
    let why = "reef query why mine.square --registry r1.sqlite"
    #expect(try sandbox.shell(why).output.contains("\ntook      a search of "))
    let json = try JSON(parsing: sandbox.shell("\(why) --json").output)
    let took = json["registered"]?["searchSeconds"]?.double
    #expect(try #require(took) > 0)
    let dumps = try ["r1", "r2"].map {
      try sandbox.reef("registry", "dump", "--registry", "\($0).sqlite").output
    }
    #expect(dumps[0] == dumps[1] && !dumps[0].isEmpty)
  }

  @Test("A learner that is planned, and does not exist yet, is told as the reason")
  func plannedLearner() throws {
    try sandbox.write(
      """
      {"name": "mine", "plugins": [{"examples": "mine.json"}], "phases": [{"tasks": ["mine.*"]}],
       "learners": ["policy"]}
      """, to: "policy.json")
    let growth = try sandbox.reef("grow", "policy.json", "--require-all")
    #expect(growth.exitCode == 1)
    #expect(growth.output.contains("failed  mine.double  the learner 'policy' does not exist yet"))
  }

  @Test("An unsolved task is exit code 1 only where all are required")
  func requireAll() throws {
    let outcome = try sandbox.reef("grow", "hard.json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("\n  failed  mine.noise  "))
    let strict = try sandbox.reef("grow", "hard.json", "--require-all")
    #expect(strict.exitCode == 1)
    #expect(
      strict.error.hasSuffix("reef: 1 task stayed unsolved, and '--require-all' was given.\n"))
  }

  @Test("A plugin that does not start is told, and counts only where a phase wants its tasks")
  func missingPlugin() throws {
    func grow(_ tasks: [String], _ options: String) throws -> Sandbox.Outcome {
      let curriculum: JSON = [
        "name": "mine", "plugins": [["examples": "mine.json"], ["command": ["/nowhere/x"]]],
        "phases": [["tasks": .array(tasks.map { .string($0) })]], "stepsPerTask": 1_000_000,
        "secondsPerTask": 600, "seed": 1,
      ]
      try sandbox.write(curriculum.text, to: "missing.json")
      return try sandbox.shell("reef grow missing.json \(options)")
    }
    let reason =
      "Plugin '/nowhere/x' could not be started: No such file or directory. Check the command."
    let unwanted = try grow(["mine.double"], "--require-all")
    #expect(unwanted.exitCode == 0)
    #expect(unwanted.output.contains("\n1 solved, 0 failed; "))
    #expect(unwanted.lines.last == "  missing  /nowhere/x  \(reason)")

    let wanted = try grow(["mine.double", "demo.*"], "--require-all --json")
    #expect(wanted.exitCode == 1)
    let events = try wanted.lines.map { try JSON(parsing: $0) }
    #expect(events.map { $0["event"]?.string } == ["missing", "done"])
    #expect(
      events.first == ["event": "missing", "plugin": "/nowhere/x", "reason": .string(reason)])
    #expect(events.last?["failed"] == 0)
    #expect(
      try JSON(parsing: wanted.error)["error"]?["message"]
        == "1 plugin did not start, and '--require-all' was given.")

    let named = try grow(["mine.double", "demo.triple"], "--json")
    #expect(named.exitCode == 0)
    let failed = try named.lines.map { try JSON(parsing: $0) }.filter { $0["event"] == "failed" }
    #expect(failed == [["event": "failed", "task": "demo.triple", "reason": .string(reason)]])
    #expect(named.lines.last?.contains("\"failed\":1,") == true)
  }

  @Test("The attempts at a task keep to its steps together, and the last one is the largest")
  func attempts() throws {
    for steps in [100_000, 1_000_000, 3_000_000] {
      try writeCurriculum("noise", tasks: ["mine.noise"], steps: steps)
      let growth = try sandbox.reef("grow", "noise.json", "--json")
      let failure = try growth.lines.map { try JSON(parsing: $0) }.first { $0["event"] == "failed" }
      let reason = try #require(failure?["reason"]?.string)
      let spent = try #require(reason.split(separator: " ").compactMap { Int($0) }.first)
      #expect(spent <= steps + steps / 50 + 10_000, "\(reason)")
      // Where there is nothing to deduce the deduction leaves its part.
      #expect(spent >= steps / 4, "\(reason)")
    }
  }

  @Test("An interruption keeps what was learned, and the next run goes on")
  func interruption() throws {
    let growth = try sandbox.start("grow", "endless.json")
    try growth.waitForOutput("mine.square@1")
    growth.process.interrupt()
    let outcome = try growth.finish()
    #expect(outcome.exitCode == 130, "\(outcome)")
    #expect(outcome.error.contains("reef: Interrupted: 2 new skills are kept in .reef/"))
    let next = try sandbox.reef("grow", "easy.json")
    #expect(next.output.hasPrefix("nothing to learn: 2 tasks known; "))
  }

  @Test("A growth that is killed loses nothing that it had found")
  func kill() throws {
    let growth = try sandbox.start("grow", "endless.json")
    try growth.waitForOutput("mine.square@1")
    Glibc.kill(growth.process.processIdentifier, SIGKILL)
    _ = try growth.finish()
    #expect(try sandbox.reef("registry", "check").exitCode == 0)
    #expect(try sandbox.reef("list").lines.count == 2)
    let next = try sandbox.reef("grow", "easy.json")
    #expect(next.output.hasPrefix("nothing to learn: 2 tasks known; "))
  }

  @Test("Who was wrong on the held-out examples gets no second choice, whatever else is learned")
  func oneChoice() throws {
    // With `plus` in the library `again` would call it, and be right.
    try sandbox.write(
      """
      [{"name": "plus", "signature": "(x: int) -> int", "summary": "x times x, and one.",
        "examples": [{"input": [0], "output": 1}, {"input": [1], "output": 2},
          {"input": [2], "output": 5}, {"input": [5], "output": 26}, {"input": [-3], "output": 10}]},
       {"name": "again", "signature": "(x: int) -> int", "summary": "x times x, and one.",
        "holdOut": 1, "examples": [{"input": [0], "output": 1}, {"input": [1], "output": 2},
          {"input": [5], "output": 26}]}]
      """, to: "mine.json")
    try writeCurriculum("choice", tasks: ["mine.*"], steps: 1_000_000)
    let growth = try sandbox.reef("grow", "choice.json")
    #expect(growth.output.contains("\n1 solved, 1 failed; "), "\(growth)")
    #expect(
      growth.output.contains("mine.again  the first choice is wrong on the held-out examples"))
  }

  @Test(
    "A task that has changed is learned anew, beside the version that did what it asked before",
    arguments: [
      #""(x: int) -> int", "summary": "Other.", "examples": [{"input": [3], "output": 9}, {"input": [-4], "output": 16}, {"input": [5], "output": 25}]"#,
      #""(x: [int]) -> int", "summary": "Other.", "examples": [{"input": [[3, 1]], "output": 9}, {"input": [[-4]], "output": 16}, {"input": [[5, 0, 8]], "output": 25}]"#,
    ])
  func changedTask(examples: String) throws {
    try writeCurriculum("double", tasks: ["mine.double"], steps: 1_000_000)
    #expect(try sandbox.reef("grow", "double.json", "--require-all").exitCode == 0)
    // The file is another, the task is not.
    try sandbox.write(GrowTests.examples + " ", to: "mine.json")
    #expect(try sandbox.reef("grow", "double.json").output.hasPrefix("nothing to learn: "))

    try sandbox.write(#"[{"name": "double", "signature": \#(examples)}]"#, to: "mine.json")
    let growth = try sandbox.reef("grow", "double.json", "--require-all")
    #expect(growth.exitCode == 0, "\(growth)")
    #expect(growth.lines[0].hasPrefix("mine.double@2 "))
    let input = examples.contains("[int]") ? "[6, 7]" : "6"
    #expect(try sandbox.reef("run", "mine.double", input).output == "36\n")
    #expect(try sandbox.reef("run", "mine.double@1", "6").output == "12\n")
    #expect(try sandbox.reef("grow", "double.json").output.hasPrefix("nothing to learn: "))
  }

  @Test("A growth ends when nobody reads its results any more")
  func closedPipe() throws {
    let outcome = try sandbox.shell("reef grow endless.json --json | head -1")
    #expect(outcome.lines.count == 1)
    #expect(outcome.error.isEmpty)
  }

  @Test(
    "No entry changes from generation to generation, and a growth in pieces ends like a whole one")
  func generations() throws {
    func grow(generations: Int, _ registry: String) throws -> Set<String> {
      let curriculum: JSON = [
        "name": "ladder", "plugins": ["linear"],
        "phases": [["tasks": ["linear.sum", "linear.products", "linear.dot", "linear.image"]]],
        "generations": .int(generations), "stepsPerTask": 500_000, "secondsPerTask": 600,
        "learners": ["enumeration"], "seed": 1,
      ]
      try sandbox.write(curriculum.text, to: "ladder.json")
      let growth = try sandbox.reef("grow", "ladder.json", "--quiet", "--registry", registry)
      #expect(growth.exitCode == 0, "\(growth)")
      let list = try sandbox.reef("list", "--json", "--registry", registry)
      let skills = try JSON(parsing: list.output).array ?? []
      return Set(
        skills.map {
          "\($0["name"]?.string ?? "")@\($0["version"]?.int ?? 0) \($0["digest"]?.string ?? "")"
        })
    }
    var before: Set<String> = []
    for generations in 1...2 {
      let now = try grow(generations: generations, "pieces.sqlite")
      #expect(before.isSubset(of: now), "after generation \(generations)")
      #expect(before.count < now.count, "generation \(generations) learned something")
      before = now
    }
    #expect(before == (try grow(generations: 2, "whole.sqlite")))
    #expect(try sandbox.reef("verify", "--registry", "pieces.sqlite").exitCode == 0)
  }

  @Test("A phase that is new sees what the phases before it grew")
  func phases() throws {
    func grow(phases: [JSON], _ registry: String) throws -> [String] {
      let curriculum: JSON = [
        "name": "ladder", "plugins": ["linear"], "phases": .array(phases), "generations": 3,
        "stepsPerTask": 500_000, "secondsPerTask": 600, "learners": ["enumeration"], "seed": 1,
      ]
      try sandbox.write(curriculum.text, to: "ladder.json")
      let growth = try sandbox.reef("grow", "ladder.json", "--json", "--registry", registry)
      #expect(growth.exitCode == 0, "\(growth)")
      return try growth.lines.map { try JSON(parsing: $0) }
        .filter { $0["event"]?.string == "solved" }
        .map { "\($0["generation"]?.int ?? 0) \($0["digest"]?.string ?? "")" }
    }
    let first: JSON = ["tasks": ["linear.sum", "linear.products"]]
    let second: JSON = ["tasks": ["linear.dot"]]
    let whole = try grow(phases: [first, second], "whole.sqlite")
    let pieces =
      try grow(phases: [first], "pieces.sqlite") + grow(phases: [first, second], "pieces.sqlite")
    #expect(pieces.count == 3)
    #expect(pieces == whole)
  }
}
