import Foundation

@testable import ReefTasks

/// A plugin written as a shell script, for what a sound language would make hard to do wrong.
///
/// The host numbers its requests from 1, so that a script can answer without reading JSON.
enum ShellPlugin {
  /// Two tasks with ints.
  static let tasks = #"""
    [{"name":"double","signature":"(x: int) -> int","summary":"twice x","trainSizes":[4,1],"checkSizes":[8],"tolerance":0,"colour":"red"},
    {"name":"half","signature":"(x: int) -> int","summary":"half of x","trainSizes":[1],"checkSizes":[8]}]
    """#.filter { !$0.isNewline }

  /// Shell lines that answer request `id` with `result`.
  static func answer(_ id: Int, _ result: String) -> String {
    """
    read line
    echo '{"jsonrpc":"2.0","id":\(id),"result":\(result)}'

    """
  }

  /// Shell lines that answer `initialize`, as plugin `demo`.
  static func introduction(tasks: String = tasks) -> String {
    answer(1, #"{"protocol":1,"plugin":"demo","version":"1.0.0","mood":"good","tasks":\#(tasks)}"#)
  }

  /// Starts a shell on `script`, and calls `body` with the plugin.
  static func run(
    _ script: String, timeoutSeconds: Double? = 20, logPath: String? = nil,
    answerLimit: Int = 1 << 20, _ body: (ChildProcessPlugin) throws -> Void
  ) throws {
    let plugin = try ChildProcessPlugin(
      command: ["/bin/sh", "-c", script], timeoutSeconds: timeoutSeconds, logPath: logPath,
      answerLimit: answerLimit)
    defer { plugin.shutdown() }
    try body(plugin)
  }
}

/// What the system knows of a process: nil when there is none, `Z` for a zombie.
func processState(_ id: Int32) -> Character? {
  guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
    let end = line.lastIndex(of: ")")
  else { return nil }
  return line[end...].dropFirst(2).first
}

/// Whether a process still runs; one that nobody has buried yet does not.
func isRunning(_ id: Int32) -> Bool {
  guard let state = processState(id) else { return false }
  return state != "Z" && state != "X"
}

/// Whether a process ends. To kill it is to ask the kernel, which on a busy machine takes its time.
func ends(_ id: Int32) -> Bool {
  for _ in 0..<3_000 where isRunning(id) { usleep(10_000) }
  return !isRunning(id)
}
