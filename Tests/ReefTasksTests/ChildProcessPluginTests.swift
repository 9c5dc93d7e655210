import Foundation
import ReefMachine
import Testing

@testable import ReefTasks

private let double = "'generate' (task 'double')"

/// What a sound plugin may count on.
@Suite struct ChildProcessPluginTests {
  @Test("Unknown fields are ignored, missing ones have defaults, sizes are put in order")
  func introduction() throws {
    try ShellPlugin.run(ShellPlugin.introduction() + "read line") { plugin throws in
      #expect(plugin.name == "demo")
      #expect(plugin.tasks.map(\.name) == ["double", "half"])
      #expect(plugin.tasks[0].trainSizes == [1, 4])
      #expect(plugin.tasks[1].tolerance == 0)
    }
  }

  @Test("Requests are JSON-RPC 2.0, one a line, as the protocol says")
  func requests() throws {
    try withTemporaryFolder { folder throws in
      let path = "\(folder)/requests"
      let script = """
        while read line; do
          echo "$line" >> '\(path)'
          case "$line" in
          *initialize*) echo '{"id":1,"result":{"protocol":1,"plugin":"demo","version":"1","tasks":\
        \(ShellPlugin.tasks)}}' ;;
          *generate*) echo '{"id":2,"result":{"inputs":[[3],[-4]]}}' ;;
          *expected*) echo '{"id":3,"result":{"outputs":[6,null]}}' ;;
          *verify*) echo '{"id":4,"result":{"ok":false,"reason":"odd"}}' ;;
          *shutdown*) echo '{"id":5,"result":{}}'; exit ;;
          esac
        done
        """
      try ShellPlugin.run(script) { plugin throws in
        #expect(
          try plugin.generate(task: "double", size: 4, count: 2, seed: 9)
            == [[.int(3)], [.int(-4)]])
        #expect(
          try plugin.expected(task: "double", inputs: [[.int(3)], [.int(-4)]]) == [.int(6), nil])
        #expect(
          try plugin.verify(task: "half", input: [.int(3)], output: .int(1))
            == .wrong(reason: "odd"))
      }
      #expect(
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") == [
          #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocol":1,"reef":"\#(reefVersion)"}}"#,
          #"{"jsonrpc":"2.0","id":2,"method":"generate","params":{"task":"double","size":4,"count":2,"seed":9}}"#,
          #"{"jsonrpc":"2.0","id":3,"method":"expected","params":{"task":"double","inputs":[[3],[-4]]}}"#,
          #"{"jsonrpc":"2.0","id":4,"method":"verify","params":{"task":"half","input":[3],"output":1}}"#,
          #"{"jsonrpc":"2.0","id":5,"method":"shutdown","params":{}}"#,
        ])
    }
  }

  @Test("A plugin may declare the types of its tasks")
  func types() throws {
    let tasks =
      #"[{"name":"sum","signature":"(t: tree(int)) -> int","summary":"s","trainSizes":[1],"checkSizes":[8]}]"#
    let script =
      ShellPlugin.answer(
        1,
        #"{"protocol":1,"plugin":"demo","version":"1","types":["type tree(a) = leaf | node(a, tree(a), tree(a))"],"tasks":\#(tasks)}"#
      ) + ShellPlugin.answer(2, #"{"inputs":[[{"node":[1,{"leaf":[]},{"leaf":[]}]}]]}"#)
      + ShellPlugin.answer(3, #"{"inputs":[[{"node":[1,{"leaf":[]}]}]]}"#)
    try ShellPlugin.run(script) { plugin throws in
      let inputs = try plugin.generate(task: "sum", size: 1, count: 1, seed: 1)
      #expect(inputs.description == #"[[{"node":[1,{"leaf":[]},{"leaf":[]}]}]]"#)
      #expect(
        sentence { try plugin.generate(task: "sum", size: 1, count: 1, seed: 1) }
          .contains("'node' wants an array of 3 fields"))
    }
  }

  @Test("Standard error goes to the log, and errors name it")
  func log() throws {
    try withTemporaryFolder { folder throws in
      let path = "\(folder)/logs/deep/demo.log"
      let script = ShellPlugin.introduction() + "read line; echo 'out of ideas' >&2; exit 3"
      try ShellPlugin.run(script, logPath: path) { plugin throws in
        #expect(
          sentence { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
            == "Plugin 'demo' ended with status 3 during \(double). Its log is \(path).")
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "out of ideas\n")
    }
  }

  @Test("The content hash covers the files on the command line")
  func contentHash() throws {
    try withTemporaryFolder { folder throws in
      let path = "\(folder)/plugin.sh"
      let script = ShellPlugin.introduction() + "read line"
      try write(script, to: path)
      let hash = { (command: [String]) in
        let plugin = try ChildProcessPlugin(command: command)
        defer { plugin.shutdown() }
        return plugin.contentHash
      }
      #expect(try hash(["sh", path]) == SHA256.hash(Array(script.utf8)).hex)
      #expect(try hash(["sh", path, path]) == SHA256.hash(Array((script + script).utf8)).hex)
      #expect(try hash(["sh", "-c", script]) == "")
    }
  }

  @Test("A log is named after the plugin's file")
  func logName() {
    #expect(
      ChildProcessPlugin.logName(for: ["sh", #filePath]).hasPrefix(
        "ChildProcessPluginTests.swift-"))
    let name = ChildProcessPlugin.logName(for: ["/bin/no such", "-x"])
    let hash = SHA256.hash(Array("/bin/no such\0-x".utf8)).short
    #expect(name == "no_such-\(hash).log")
    #expect(ChildProcessPlugin.logName(for: ["/bin/no such", "-y"]) != name)
    #expect(ChildProcessPlugin.logName(for: ["/usr/bin/no such", "-x"]) != name)
  }

  @Test("A task without an oracle says so, and other errors are the plugin's own words")
  func reportedErrors() throws {
    let script =
      ShellPlugin.introduction() + """
        read line; echo '{"id":2,"error":{"code":-32601,"message":"no such method"}}'
        read line; echo '{"id":3,"error":{"code":-32603,"message":"division by zero"}}'
        read line; echo '{"id":4,"result":{"outputs":[2]},"error":null}'
        read line
        """
    try ShellPlugin.run(script) { plugin throws in
      #expect(throws: TaskError.noOracle(task: "half")) {
        try plugin.expected(task: "half", inputs: [[.int(1)]])
      }
      #expect(
        sentence { try plugin.expected(task: "double", inputs: [[.int(1)]]) }
          == "Plugin 'demo' answered 'expected' (task 'double') with error -32603: division by zero."
      )
      #expect(try plugin.expected(task: "double", inputs: [[.int(1)]]) == [.int(2)])
      #expect(plugin.failure == nil)
    }
  }

  @Test("What a plugin says stands on one line, with its control characters written out")
  func controlCharacters() throws {
    let answers = [
      #"{"id":2,"error":{"code":1,"message":"no\u001b[31m way\nat\u202eall!"}}"#,
      #"{"id":3,"result":{"ok":false,"reason":"\u001b]0;odd\u0007\r"}}"#,
      #"{"id":4,"result":{"inputs":[["\u007f\u009b2J"]]}}"#,
      "what\u{1B}[2J",
    ]
    let script =
      ShellPlugin.introduction()
      + answers.map { "read line; printf '%s\\n' '\($0)'\n" }.joined() + "read line"
    try ShellPlugin.run(script) { plugin throws in
      let ask = { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
      let begin = "Plugin 'demo' answered \(double) "
      #expect(sentence(ask) == begin + #"with error 1: no\u{1B}[31m way\nat\u{202E}all!"#)
      #expect(
        try plugin.verify(task: "half", input: [.int(3)], output: .int(1))
          == .wrong(reason: #"\u{1B}]0;odd\u{07}\r"#))
      #expect(
        sentence(ask) == begin
          + #"wrongly: result.inputs[0][0]: expected int, found "\u{7F}\u{009B}2J"."#)
      #expect(
        sentence(ask) == begin
          + #"with a line that is no JSON (column 1: unexpected 'w'): "what\u001b[2J"."#)
    }
  }

  @Test("A plugin's endless words are cut")
  func longWords() throws {
    let words = String(repeating: "no ", count: 5_000)
    let script =
      ShellPlugin.introduction() + "read line; echo '"
      + #"{"id":2,"error":{"code":1,"message":"\#(words)"}}"# + "'\nread line"
    try ShellPlugin.run(script) { plugin throws in
      let said = sentence { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
      #expect(said.hasSuffix(" no no..."))
      #expect(said.count < 600)
    }
  }

  @Test("A task that the plugin does not have is not asked for")
  func unknownTask() throws {
    try ShellPlugin.run(ShellPlugin.introduction() + "read line") { plugin throws in
      #expect(throws: TaskError.unknownTask("treble")) {
        try plugin.generate(task: "treble", size: 1, count: 1, seed: 1)
      }
    }
  }

  @Test("Large messages pass in both directions at the same time")
  func fullPipes() throws {
    // The plugin writes more than a pipe holds before it reads the request.
    let script =
      ShellPlugin.introduction() + """
        head -c 300000 /dev/zero | tr '\\0' ' '
        read line; echo '{"id":2,"result":{"outputs":[1]}}'
        read line
        """
    let tasks =
      #"[{"name":"sum","signature":"(xs: [int]) -> int","summary":"","trainSizes":[1],"checkSizes":[8]}]"#
    let wide = script.replacingOccurrences(of: ShellPlugin.tasks, with: tasks)
    try ShellPlugin.run(wide) { plugin throws in
      #expect(
        try plugin.expected(task: "sum", inputs: [[.ints(Array(repeating: 1, count: 200_000))]])
          == [.int(1)])
    }
  }

  @Test("Calls from several threads wait for each other", .enabled(if: python3 != nil))
  func threads() async throws {
    let plugin = try ChildProcessPlugin(
      command: [python3!, "\(repository)/docs/examples/textbook.py"])
    defer { plugin.shutdown() }
    try await withThrowingTaskGroup(of: (Int, [Value?]).self) { group in
      for x in 0..<50 {
        group.addTask { (x, try plugin.expected(task: "square", inputs: [[.int(x)]])) }
      }
      for try await (x, outputs) in group { #expect(outputs == [.int(x * x)]) }
    }
  }
}

/// What a plugin that breaks its word meets.
@Suite struct WrongAnswerTests {
  static let introductions: [(String, String)] = [
    (
      #"{"protocol":2,"plugin":"demo","version":"1","tasks":[]}"#,
      "result.protocol: it speaks protocol 2; this Reef speaks 1."
    ),
    (#"{"protocol":1,"version":"1","tasks":[]}"#, "result: the field 'plugin' is missing."),
    (
      #"{"protocol":1,"plugin":"a","version":1,"tasks":[]}"#,
      "result.version: expected a string, found 1."
    ),
    (
      #"{"protocol":1,"plugin":"a.b","version":"1","tasks":[]}"#,
      "result.plugin: 'a.b' is no name; a name has letters, digits, '-' and '_', "
        + "and begins with none of the marks."
    ),
    (
      task(#""signature":"(x: int -> int""#),
      "result.tasks[0].signature: '(x: int -> int' is no signature (column 9: expected ')', found '-')."
    ),
    (
      task(#""signature":"(x: a) -> a""#),
      "result.tasks[0].signature: '(x: a) -> a' has the type 'a'; a task's types are concrete."
    ),
    (
      task(#""signature":"() -> int""#),
      "result.tasks[0].signature: '() -> int' has no parameter; a task needs an input."
    ),
    (
      task(#""signature":"(x: int) -> int","trainSizes":[0]"#),
      "result.tasks[0].trainSizes[0]: expected an integer of at least 1, found 0."
    ),
    (
      task(#""signature":"(x: int) -> int","trainSizes":[1],"checkSizes":[]"#),
      "result.tasks[0].checkSizes: expected at least one element, found []."
    ),
    (
      task(#""signature":"(x: int) -> int","trainSizes":[1],"checkSizes":[2],"tolerance":-1"#),
      "result.tasks[0].tolerance: expected a number of at least 0, found -1."
    ),
    (
      #"{"protocol":1,"plugin":"a","version":"1","tasks":[{"name":".."}]}"#,
      "result.tasks[0].name: '..' is no name; a name has letters, digits, '-', '_' and '.', "
        + "and begins with none of the marks."
    ),
    (
      #"{"protocol":1,"plugin":"List","version":"1","tasks":[{"name":"map"}]}"#,
      "result.tasks[0].name: no skill can be named 'List.map': an atom is named list.map."
    ),
    (
      #"{"protocol":1,"plugin":"a","version":"1","tasks":\#(ShellPlugin.tasks.replacingOccurrences(of: "half", with: "double"))}"#,
      "result.tasks[1]: a second task is named 'double'."
    ),
    (
      #"{"protocol":1,"plugin":"a","version":"1\u007f","tasks":[]}"#,
      #"result.version: the text has the control character \u{7F}."#
    ),
    (
      task(#""signature":"(x: int) -> int","howTo":"x\u202ey","trainSizes":[1],"checkSizes":[2]"#),
      #"result.tasks[0].howTo: the text has the control character \u{202E}."#
    ),
  ]

  static func task(_ fields: String) -> String {
    #"{"protocol":1,"plugin":"a","version":"1","tasks":[{"name":"t","summary":"",\#(fields)}]}"#
  }

  @Test("An introduction that cannot be true is refused, with its place", arguments: introductions)
  func introductionIsChecked(introduction: String, reason: String) throws {
    let script = ShellPlugin.answer(1, introduction) + "read line"
    let command = script.replacing("\n", with: "\\n")
    #expect(
      sentence { try ShellPlugin.run(script) { _ in } }
        == "Plugin '/bin/sh -c \(command)' answered 'initialize' wrongly: \(reason)")
  }

  static let inputs: [(String, String)] = [
    (#"{"inputs":[[1]]}"#, "result.inputs: asked for 2 inputs, got 1."),
    (
      #"{"inputs":[[1],[1,2]]}"#,
      "result.inputs[1]: expected 1 argument for (x: int) -> int, found 2."
    ),
    (#"{"inputs":[[1],[1.0]]}"#, "result.inputs[1][0]: expected int, found 1.0."),
    (#"{"input":[[1],[1]]}"#, "result: the field 'inputs' is missing."),
    (#"[]"#, "result: expected an object, found []."),
  ]

  @Test("Inputs that do not fit are refused, and the next request is answered", arguments: inputs)
  func inputsAreChecked(result: String, reason: String) throws {
    let script =
      ShellPlugin.introduction() + ShellPlugin.answer(2, result)
      + ShellPlugin.answer(3, #"{"inputs":[[1],[2]]}"#) + "read line"
    try ShellPlugin.run(script) { plugin throws in
      let ask = { try plugin.generate(task: "double", size: 1, count: 2, seed: 1) }
      #expect(sentence(ask) == "Plugin 'demo' answered \(double) wrongly: \(reason)")
      #expect(try ask() == [[.int(1)], [.int(2)]])
    }
  }

  @Test("Outputs and verdicts that do not fit are refused")
  func outputsAreChecked() throws {
    let script =
      ShellPlugin.introduction() + ShellPlugin.answer(2, #"{"outputs":["six"]}"#)
      + ShellPlugin.answer(3, #"{"outputs":[6,7]}"#) + ShellPlugin.answer(4, #"{"ok":"yes"}"#)
      + "read line"
    try ShellPlugin.run(script) { plugin throws in
      let begin = "Plugin 'demo' answered 'expected' (task 'double') wrongly: "
      let ask = { try plugin.expected(task: "double", inputs: [[.int(3)]]) }
      #expect(sentence(ask) == begin + #"result.outputs[0]: expected int, found "six"."#)
      #expect(sentence(ask) == begin + "result.outputs: sent 1 inputs, got 2 outputs.")
      #expect(
        sentence { try plugin.verify(task: "double", input: [.int(3)], output: .int(6)) }
          == "Plugin 'demo' answered 'verify' (task 'double') wrongly: "
          + #"result.ok: expected true or false, found "yes"."#)
    }
  }

  static let garbage: [(String, String)] = [
    (
      "echo hello",
      #"answered \#(double) with a line that is no JSON (column 1: unexpected 'h'): "hello"."#
    ),
    (
      #"printf '\377\n'"#,
      "answered \(double) with a line that is no JSON (it is no valid UTF-8): \"\u{FFFD}\"."
    ),
    (
      #"echo '{"id":7,"result":{}}'"#,
      "answered \(double) wrongly: the id is 7; it should be 2."
    ),
    (#"echo '{"result":{}}'"#, "answered \(double) wrongly: the id is missing; it should be 2."),
    (#"echo '[2]'"#, #"answered \#(double) wrongly: "[2]" is no object."#),
    (
      #"echo '{"id":2}'"#, "answered \(double) wrongly: there is neither a result nor an error."
    ),
    (
      #"echo '{"id":2,"error":"bad"}'"#,
      #"answered \#(double) wrongly: the error "\"bad\"" has no code and message."#
    ),
    (
      "head -c 3000000 /dev/zero | tr '\\0' x; sleep 60",
      "answered \(double) with more than 1048576 bytes on one line."
    ),
    ("exit 0", "ended with status 0 during \(double)."),
    ("exit 3", "ended with status 3 during \(double)."),
    ("kill -9 $$", "ended by signal 9 during \(double)."),
    ("exec >&-; sleep 60", "closed its input or output during \(double)."),
    // The process is gone, but one that it started keeps its output open.
    ("sleep 60 & exit 4", "ended with status 4 during \(double)."),
  ]

  @Test("After garbage or death every call throws the same sentence at once", arguments: garbage)
  func garbageIsFinal(action: String, reason: String) throws {
    try ShellPlugin.run(ShellPlugin.introduction() + "read line\n" + action) { plugin throws in
      let process = try #require(plugin.processID)
      let ask = { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
      #expect(sentence(ask) == "Plugin 'demo' \(reason)")
      #expect(sentence(ask) == "Plugin 'demo' \(reason)")
      #expect(
        sentence { try plugin.verify(task: "half", input: [.int(1)], output: .int(0)) }
          == "Plugin 'demo' \(reason)")
      #expect(processState(process) == nil, "not even a zombie is left")
    }
  }

  @Test("A request to a process that is gone, longer than a pipe, is an error and no signal")
  func brokenPipe() throws {
    let script = ShellPlugin.introduction() + "exec <&-; sleep 0.2; exit 5"
    try ShellPlugin.run(script) { plugin throws in
      let inputs = Array(repeating: [Value.int(1_000_000)], count: 50_000)
      #expect(
        sentence { try plugin.expected(task: "double", inputs: inputs) }
          == "Plugin 'demo' ended with status 5 during 'expected' (task 'double').")
    }
  }
}

/// What a plugin that hangs meets.
@Suite struct HangingPluginTests {
  /// How a hanging plugin may spend its time.
  static let hangs = [
    "sleep 600", "while :; do :; done", "while :; do printf ' '; sleep 0.02; done",
    "sleep 600 & sleep 600",
  ]

  @Test("A plugin that hangs is ended after its time, with all that it started", arguments: hangs)
  func hangIsCaught(action: String) throws {
    let script = ShellPlugin.introduction() + "read line\n" + action
    try ShellPlugin.run(script, timeoutSeconds: 0.5) { plugin throws in
      let process = try #require(plugin.processID)
      let ask = { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
      let expected =
        "Plugin 'demo' gave no answer to \(double) within 0.5 s and was ended. "
        + "'timeoutSeconds' beside its command allows more."
      #expect(sentence(ask) == expected)
      #expect(sentence(ask) == expected)
      #expect(processState(process) == nil)
    }
  }

  @Test("A plugin that does not even introduce itself is ended")
  func silentFromTheStart() {
    #expect(
      sentence { try ShellPlugin.run("sleep 600", timeoutSeconds: 0.2) { _ in } }
        == "Plugin '/bin/sh -c sleep 600' gave no answer to 'initialize' within 0.2 s and was "
        + "ended. 'timeoutSeconds' beside its command allows more.")
  }

  @Test("A group that ignores SIGTERM is killed")
  func stubbornGroup() throws {
    try withTemporaryFolder { folder throws in
      let script =
        "trap '' TERM\n" + ShellPlugin.introduction()
        + "sleep 600 & echo $! > '\(folder)/child'; read line; while :; do sleep 1; done"
      try ShellPlugin.run(script, timeoutSeconds: 0.5) { plugin throws in
        let process = try #require(plugin.processID)
        _ = try? plugin.generate(task: "double", size: 1, count: 1, seed: 1)
        #expect(processState(process) == nil)
        let child = try String(contentsOfFile: "\(folder)/child", encoding: .utf8)
        let childID = try #require(Int32(child.dropLast()))
        #expect(ends(childID))
      }
    }
  }

  @Test("A request that is never read runs into the time limit, however long it is")
  func unreadRequest() throws {
    let script = ShellPlugin.introduction() + "sleep 600"
    try ShellPlugin.run(script, timeoutSeconds: 0.5) { plugin throws in
      let inputs = Array(repeating: [Value.int(1_000_000)], count: 50_000)
      #expect(
        sentence { try plugin.expected(task: "double", inputs: inputs) }.contains("within 0.5 s"))
    }
  }

  @Test("After shutdown nothing is left, and a later request says why it is refused")
  func shutdownEndsIt() throws {
    try ShellPlugin.run(ShellPlugin.introduction() + "read line") { plugin throws in
      let process = try #require(plugin.processID)
      #expect(isRunning(process))
      plugin.shutdown()
      #expect(processState(process) == nil)
      plugin.shutdown()
      #expect(
        sentence { try plugin.generate(task: "double", size: 1, count: 1, seed: 1) }
          == "Plugin 'demo' was asked \(double) after it was shut down.")
    }
  }

  @Test("A plugin that nobody holds any more is ended")
  func releaseEndsIt() throws {
    var plugin: ChildProcessPlugin? = try ChildProcessPlugin(
      command: ["/bin/sh", "-c", ShellPlugin.introduction() + "sleep 600"])
    let process = try #require(plugin?.processID)
    #expect(isRunning(process))
    plugin = nil
    #expect(processState(process) == nil)
  }

  @Test("A command that does not exist says so")
  func noSuchCommand() {
    #expect(
      sentence { try ChildProcessPlugin(command: ["/nowhere/plugin", "--fast"]) }
        == "Plugin '/nowhere/plugin --fast' could not be started: No such file or directory. "
        + "Check the command.")
  }
}
