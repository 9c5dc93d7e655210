import Foundation

/// A scripting language that a workload is compared with.
struct ScriptPeer: Sendable {
  let name: String
  /// The command that runs a script from standard input.
  let words: [String]
  let script: @Sendable (MachineWorkload) -> String
  /// What runs `work` some times after a warm-up and prints the least time in seconds, then the answer
  /// as JSON.
  let harness: String

  static let all = [
    ScriptPeer(
      name: "python3", words: ["python3", "-"], script: \.python,
      harness: """
        import json, time
        work()
        times = []
        for _ in range(\(Contestant.runs)):
            start = time.process_time()
            answer = work()
            times.append(time.process_time() - start)
        print(min(times))
        print(json.dumps(answer))
        """),
    lua("lua5.4", ["lua5.4", "-"]),
    lua("luajit -joff", ["luajit", "-joff", "-"]),
    lua("luajit", ["luajit", "-"]),
  ]

  private static func lua(_ name: String, _ words: [String]) -> ScriptPeer {
    ScriptPeer(
      name: name, words: words, script: \.lua,
      harness: """
        work()
        local least, answer = math.huge, nil
        for _ = 1, \(Contestant.runs) do
          local start = os.clock()
          answer = work()
          least = math.min(least, os.clock() - start)
        end
        print(string.format("%.9f", least))
        if type(answer) == "table" then
          print("[" .. table.concat(answer, ",") .. "]")
        else
          print(answer)
        end
        """)
  }

  /// Whether this system has it.
  var isInstalled: Bool { (try? ScriptPeer.run(words, "")) != nil }

  func contestant(_ workload: MachineWorkload) -> Contestant {
    Contestant(name, workload, words, input: script(workload) + "\n" + harness)
  }

  /// What a program prints that reads its script from standard input.
  static func run(_ name: String, _ script: String) throws -> String {
    try run([name, "-"], script)
  }

  /// What a command prints on an input; throws where its exit code is not 0.
  static func run(_ words: [String], _ text: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    // A file, because a program that answers before it has read all would wait for us, and we for it.
    let input = FileManager.default.temporaryDirectory
      .appendingPathComponent("reef-bench-\(UUID().uuidString)")
    try Data(text.utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw WrongAnswer(
        workload: words[0], found: "exit code \(process.terminationStatus)", expected: "0")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
