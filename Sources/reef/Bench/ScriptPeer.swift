import Foundation
import ReefMachine

/// A scripting language that a workload is compared with.
struct ScriptPeer: Sendable {
  /// The command, such as `lua5.4`.
  let name: String
  /// What runs `work` eleven times after a warm-up and prints the median in seconds, then the
  /// answer as JSON.
  let harness: String

  static let all = [
    ScriptPeer(
      name: "python3",
      harness: """
        import json, time
        work()
        times = []
        for _ in range(11):
            start = time.perf_counter()
            answer = work()
            times.append(time.perf_counter() - start)
        print(sorted(times)[5])
        print(json.dumps(answer))
        """),
    ScriptPeer(
      name: "lua5.4",
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
        """),
  ]

  /// Those that this system has.
  static var installed: [ScriptPeer] {
    all.filter { (try? run($0.name, "")) != nil }
  }

  /// The script's own median time of `work()`; throws where its answer is not the workload's.
  func seconds(_ script: String, workload: MachineWorkload) throws -> Double {
    let output = try ScriptPeer.run(name, script + "\n" + harness)
    let lines = output.split(separator: "\n", maxSplits: 1)
    let answer = try lines.last.map { try JSON(parsing: String($0)) }
    guard lines.count == 2, let seconds = Double(lines[0]),
      answer?.text == workload.answer.json.text
    else {
      throw WrongAnswer(
        workload: "\(workload.name) in \(name)", found: output, expected: "\(workload.answer)")
    }
    return seconds
  }

  /// What a program prints that reads its script from standard input.
  static func run(_ name: String, _ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name, "-"]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try? input.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw WrongAnswer(
        workload: name, found: "exit code \(process.terminationStatus)", expected: "0")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
