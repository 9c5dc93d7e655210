import ReefMachine
import Testing

@testable import ReefTasks

/// Built-in plugins with tasks of these names, for patterns.
private func plugin(_ name: String, _ tasks: [String]) -> BuiltInPlugin {
  BuiltInPlugin(
    name: name, version: "1",
    tasks: tasks.map { task in
      TaskDefinition(
        SkillTask(
          name: task, signature: Signature(parameters: [.init("x", .int)], result: .int),
          summary: "", trainSizes: [1], standards: [.init(checkSizes: [2])]),
        input: { _, index, _ in [.int(index)] }, expected: { $0[0] })
    })
}

private let builtIns: [any TaskPlugin] = [
  plugin("arithmetic", ["add", "digitSum", "digitCount"]), plugin("sorting", ["sort", "insert"]),
]

private func curriculum(
  plugins: String = #"["arithmetic", "sorting"]"#, phases: String = #"[{"tasks": ["*"]}]"#,
  more: String = ""
) -> String {
  #"{"name": "c", "plugins": \#(plugins), "phases": \#(phases)\#(more)}"#
}

private func load(_ text: String, logFolder: String? = nil) throws -> LoadedCurriculum {
  try CurriculumLoader(builtIns: builtIns, logFolder: logFolder)
    .load(Curriculum(text: text, path: "c.json"), path: "c.json")
}

@Suite struct CurriculumTests {
  @Test("Phases hold the matching tasks, each once, in the order of patterns and plugins")
  func patternsResolveInOrder() throws {
    let loaded = try load(
      curriculum(
        phases: #"""
          [{"tasks": ["sorting.insert", "arithmetic.digit*", "*.insert"], "secondsPerTask": 10},
           {"tasks": ["*"], "stepsPerTask": 7}]
          """#, more: #", "secondsPerTask": 2.5, "stepsPerTask": 100"#))
    #expect(
      loaded.phases.map { $0.tasks.map(\.fullName) } == [
        ["sorting.insert", "arithmetic.digitSum", "arithmetic.digitCount"],
        [
          "arithmetic.add", "arithmetic.digitSum", "arithmetic.digitCount", "sorting.sort",
          "sorting.insert",
        ],
      ])
    #expect(
      loaded.phases.map(\.budget) == [
        .init(steps: 100, seconds: 10), .init(steps: 7, seconds: 2.5),
      ])
    #expect(
      loaded.tasks.map(\.fullName) == [
        "sorting.insert", "arithmetic.digitSum", "arithmetic.digitCount", "arithmetic.add",
        "sorting.sort",
      ])
    #expect(loaded.unavailable.isEmpty)
  }

  @Test("What a curriculum leaves out has a value")
  func defaults() throws {
    let loaded = try load(curriculum())
    #expect(loaded.summary == "")
    #expect(loaded.generations == 8)
    #expect(loaded.learners == ["enumeration", "mcts"])
    #expect(loaded.seed == 1)
    #expect(loaded.phases[0].budget == .init(steps: 2_000_000_000, seconds: 30))
  }

  @Test("The design's own curriculum parses")
  func designExample() throws {
    let curriculum = try Curriculum(
      text: #"""
        {
          "name": "foundations",
          "summary": "From atoms to long arithmetic, sorting, a linear layer and graph search.",
          "plugins": ["arithmetic", "sorting", {"command": ["python3", "my_plugin.py"]},
            {"examples": "tasks.json", "name": "mine"}],
          "phases": [{"tasks": ["arithmetic.digit*"], "secondsPerTask": 10},
            {"tasks": ["arithmetic.*", "sorting.*"]}],
          "generations": 8,
          "stepsPerTask": 2000000000,
          "secondsPerTask": 30,
          "learners": ["enumeration", "mcts", "gradient"],
          "seed": 1
        }
        """#, path: "c.json")
    #expect(
      curriculum.plugins == [
        .builtIn(name: "arithmetic"), .builtIn(name: "sorting"),
        .command(["python3", "my_plugin.py"], timeoutSeconds: nil),
        .examples(path: "tasks.json", name: "mine"),
      ])
    #expect(curriculum.learners == ["enumeration", "mcts", "gradient"])
  }

  static let mistakes: [(String, String)] = [
    (
      "{\"name\": \"c\",\n \"seed\" 1}",
      "c.json: line 2, column 9: the file is no JSON: unexpected '1'."
    ),
    ("[1]", "c.json: expected an object, found [1]."),
    ("{}", "c.json: the field 'name' is missing."),
    (
      curriculum(more: #", "generation": 2"#),
      "c.json: unknown field 'generation'; did you mean 'generations'?"
    ),
    (
      curriculum(phases: #"[{"tasks": ["*"], "xyz": 1}]"#),
      "c.json: phases[0]: unknown field 'xyz'; the fields are tasks, stepsPerTask, secondsPerTask."
    ),
    (
      curriculum(more: #", "generations": 0"#),
      "c.json: generations: expected an integer of at least 1, found 0."
    ),
    (
      curriculum(more: #", "seed": 9007199254740992"#),
      "c.json: seed: expected an integer from 0 to 9007199254740991, found 9007199254740992."
    ),
    (
      curriculum(more: #", "secondsPerTask": "long""#),
      "c.json: secondsPerTask: expected a number above 0, found \"long\"."
    ),
    (
      curriculum(more: #", "learners": ["enumeration", "mtcs"]"#),
      "c.json: learners[1]: no learner is named 'mtcs'. Did you mean 'mcts'? The learners are "
        + "enumeration, deduction, mcts, gradient, mixture, policy."
    ),
    (
      curriculum(phases: #"[{"tasks": "*"}]"#),
      "c.json: phases[0].tasks: expected an array, found \"*\"."
    ),
    (
      curriculum(phases: "[]"),
      "c.json: phases: expected at least one element, found []."
    ),
    (
      curriculum(plugins: #"["arithmetics"]"#),
      "c.json: plugins[0]: no built-in plugin is named 'arithmetics'. Did you mean 'arithmetic'? "
        + "'reef plugin list' shows all."
    ),
    (
      curriculum(plugins: #"["sorting", "sorting"]"#),
      "c.json: plugins[1]: a second plugin is named 'sorting'."
    ),
    (
      curriculum(plugins: #"[{"commands": ["x"]}]"#),
      "c.json: plugins[0]: a plugin is a name, {\"command\": [...]} or {\"examples\": \"FILE\"}."
    ),
    (
      curriculum(plugins: #"[{"command": ["x"], "timeout": 3}]"#),
      "c.json: plugins[0]: unknown field 'timeout'; the fields are command, timeoutSeconds."
    ),
    (
      curriculum(plugins: #"[{"command": [""]}]"#),
      "c.json: plugins[0].command: the command is empty."
    ),
    (
      curriculum(phases: #"[{"tasks": ["*", "sorting.srot"]}]"#),
      "c.json: phases[0].tasks[1]: no task matches 'sorting.srot'. Did you mean 'sorting.sort'? "
        + "'reef plugin list' shows the built-in tasks."
    ),
    (
      curriculum(plugins: #"[{"examples": "/nowhere/x.json"}]"#),
      "/nowhere/x.json: the file cannot be read (No such file or directory)."
    ),
  ]

  @Test("A mistake is one sentence with its place", arguments: mistakes)
  func mistakeHasPlace(text: String, expected: String) {
    #expect(sentence { try load(text) } == expected)
  }

  @Test("A curriculum that cannot be read says why")
  func unreadable() throws {
    try withTemporaryFolder { folder throws in
      #expect(
        sentence { try Curriculum(path: "\(folder)/none.json") }
          == "\(folder)/none.json: the file cannot be read (No such file or directory).")
      #expect(
        sentence { try Curriculum(path: folder) }
          == "\(folder): the file cannot be read (Is a directory).")
    }
  }

  @Test("A file of examples is found beside the curriculum")
  func examplesAreRelative() throws {
    try withTemporaryFolder { folder throws in
      try write(
        #"[{"name": "id", "signature": "(x: int) -> int", "examples": [{"input": [1], "output": 1}]}]"#,
        to: "\(folder)/mine.json")
      try write(
        curriculum(plugins: #"[{"examples": "mine.json"}]"#, phases: #"[{"tasks": ["mine.id"]}]"#),
        to: "\(folder)/c.json")
      let loaded = try CurriculumLoader(builtIns: [], logFolder: nil).load(path: "\(folder)/c.json")
      #expect(loaded.tasks.map(\.fullName) == ["mine.id"])
    }
  }

  @Test("A process that does not start fails its own tasks and leaves the others")
  func brokenPluginIsIsolated() throws {
    let loaded = try load(
      curriculum(
        plugins: #"["sorting", {"command": ["/nowhere/plugin"]}]"#,
        phases: #"[{"tasks": ["sorting.*", "demo.*"]}]"#))
    #expect(loaded.tasks.map(\.fullName) == ["sorting.sort", "sorting.insert"])
    #expect(
      loaded.missing == [
        .init(
          command: "/nowhere/plugin",
          reason: "Plugin '/nowhere/plugin' could not be started: No such file or directory. "
            + "Check the command.", isWanted: true)
      ])
    // Nobody knows which tasks a pattern stands for.
    #expect(loaded.unavailable.isEmpty)
  }

  @Test("A task that is asked for by name fails with the reason of the plugin that did not start")
  func namedTaskOfBrokenPlugin() throws {
    let loaded = try load(
      curriculum(
        plugins: #"["sorting", {"command": ["/nowhere/plugin"]}]"#,
        phases: #"[{"tasks": ["demo.double", "sorting.sort"]}, {"tasks": ["demo.double"]}]"#))
    #expect(
      loaded.unavailable == [.init(task: "demo.double", reason: loaded.missing[0].reason)])
  }

  @Test(
    "A process that did not start is wanted where a phase may mean its tasks",
    arguments: [
      (#""sorting.sort""#, false), (#""sorting.*""#, false), (#""sorting.*", "demo.x""#, true),
      (#""*""#, true), (#""*.sort""#, true), (#""s*.sort""#, true),
    ])
  func wanted(tasks: String, isWanted: Bool) throws {
    let loaded = try load(
      curriculum(
        plugins: #"["sorting", {"command": ["/nowhere/plugin"]}]"#,
        phases: #"[{"tasks": [\#(tasks)]}]"#))
    #expect(loaded.missing.map(\.isWanted) == [isWanted])
  }

  @Test("Processes with the same program have logs of their own")
  func logsDiffer() throws {
    try withTemporaryFolder { folder throws in
      let script = { (name: String) in
        ShellPlugin.answer(
          1, #"{"protocol":1,"plugin":"\#(name)","version":"1","tasks":\#(ShellPlugin.tasks)}"#)
          + "echo \(name) >&2; read line"
      }
      let source = { (name: String) in
        JSON.object([.init("command", ["sh", "-c", .string(script(name))])]).text
      }
      let loaded = try load(
        curriculum(plugins: "[\(source("one")), \(source("two"))]"),
        logFolder: "\(folder)/logs")
      loaded.shutdown()
      #expect(loaded.plugins.map(\.name) == ["one", "two"])
      for name in ["one", "two"] {
        let log = ChildProcessPlugin.logName(for: ["sh", "-c", script(name)])
        #expect(try readBytes("\(folder)/logs/\(log)") == Array("\(name)\n".utf8))
      }
    }
  }

  @Test("A second process of the same name is left out, with the reason")
  func sameName() throws {
    let script =
      ShellPlugin.answer(1, #"{"protocol":1,"plugin":"one","version":"1","tasks":[]}"#)
      + "read line"
    let source = JSON.object([.init("command", ["sh", "-c", .string(script)])]).text
    let loaded = try load(
      curriculum(
        plugins: #"["sorting", \#(source), \#(source)]"#, phases: #"[{"tasks": ["sorting.*"]}]"#))
    loaded.shutdown()
    #expect(loaded.plugins.map(\.name) == ["sorting", "one"])
    #expect(
      loaded.missing.map(\.reason) == ["The process calls itself 'one', as another plugin does."])
  }

  @Test(
    "A star stands for any text",
    arguments: [
      ("*", "a.b", true), ("a.*", "a.b", true), ("a.*", "a.", true), ("a.*", "ab", false),
      ("*.b", "a.b", true), ("a*c*e", "abcde", true), ("a*c*e", "abcd", false), ("**", "", true),
      ("", "", true), ("", "a", false), ("a.b", "a.b", true), ("a.b", "a.bc", false),
      ("*b*b", "abab", true), ("a.b", "axb", false),
    ])
  func star(pattern: String, name: String, matches: Bool) {
    #expect(TaskPattern(pattern).matches(name) == matches)
  }
}
