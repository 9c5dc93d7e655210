import Foundation

/// A scripting language that a workload is compared with.
struct ScriptPeer: Sendable {
  let name: String
  /// The command that runs a script from standard input.
  let words: [String]
  let script: @Sendable (MachineWorkload) -> String
  /// What runs `work` eleven times after a warm-up and prints the median in seconds, then the
  /// answer as JSON.
  let harness: String

  static let all = [
    ScriptPeer(
      name: "python3", words: ["python3", "-"], script: \.python,
      harness: """
        import json, time
        work()
        times = []
        for _ in range(11):
            start = time.process_time()
            answer = work()
            times.append(time.process_time() - start)
        print(sorted(times)[5])
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
        local times, answer = {}, nil
        for i = 1, 11 do
          local start = os.clock()
          answer = work()
          times[i] = os.clock() - start
        end
        table.sort(times)
        print(string.format("%.9f", times[6]))
        if type(answer) == "table" then
          print("[" .. table.concat(answer, ",") .. "]")
        else
          print(answer)
        end
        """)
  }

  /// Whether this system has it.
  var isInstalled: Bool { (try? ScriptPeer.run(words, "")) != nil }

  /// The script's own median time of `work()`; throws where its answer is not the workload's.
  func seconds(_ workload: MachineWorkload) throws -> Double {
    let output = try ScriptPeer.run(words, script(workload) + "\n" + harness)
    return try TimedAnswer(output, of: workload, in: name).seconds
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
