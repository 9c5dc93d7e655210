@preconcurrency import Glibc
import ReefMachine
import Synchronization

/// The JSON-RPC 2.0 half of a plugin's process: one request at a time, one message a line.
///
/// The first failure that leaves the process unusable ends it; every later request throws that
/// same failure at once.
final class PluginConnection: Sendable {
  let logPath: String?
  let answerLimit: Int
  private let state: Mutex<State>

  private struct State: Sendable {
    /// The name in errors: the command, until the plugin has given its own.
    var name: String
    var phase: Phase
    var lastID = 0
  }

  private enum Phase: Sendable {
    case running(ChildProcess)
    case broken(PluginError)
    case shutDown
  }

  /// Starts the process, its standard error going to `logPath`, of which the folders are made.
  init(command: [String], logPath: String?, answerLimit: Int) throws(PluginError) {
    let name = command.joined(separator: " ")
    let log = logPath.map(openLog) ?? -1
    self.logPath = log >= 0 ? logPath : nil
    self.answerLimit = answerLimit
    let errorOutput = log >= 0 ? log : open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(errorOutput) }
    do {
      let process = try ChildProcess(command: command, errorOutput: errorOutput)
      state = Mutex(State(name: name, phase: .running(process)))
    } catch {
      throw PluginError(
        plugin: name, request: "'start'", problem: .init(error, seconds: 0, limit: 0), logPath: nil)
    }
  }

  deinit {
    state.withLock { state in
      if case .running(let process) = state.phase { process.end(patience: .zero) }
    }
  }

  /// From now on errors call the plugin `name`.
  func rename(_ name: String) { state.withLock { $0.name = name } }

  /// Sends one request and returns its `result`.
  ///
  /// - Parameter task: The task that errors name, if it is about one.
  func request(
    _ method: String, task: String? = nil, _ parameters: [JSON.Member], seconds: Double
  ) throws(PluginError) -> Field {
    try state.withLock { state throws(PluginError) in
      let label = PluginConnection.label(method, task: task)
      var process: ChildProcess
      switch state.phase {
      case .running(let running): process = running
      case .broken(let error): throw error
      case .shutDown: throw error(state.name, label, .wasShutDown)
      }
      state.lastID += 1
      do throws(PluginError.Problem) {
        let result = try exchange(
          method, parameters, id: state.lastID, with: &process, seconds: seconds)
        state.phase = .running(process)
        return result
      } catch {
        let failure = self.error(state.name, label, error)
        if error.isFinal {
          process.end(patience: .zero)
          state.phase = .broken(failure)
        } else {
          state.phase = .running(process)
        }
        throw failure
      }
    }
  }

  private func exchange(
    _ method: String, _ parameters: [JSON.Member], id: Int, with process: inout ChildProcess,
    seconds: Double
  ) throws(PluginError.Problem) -> Field {
    let message: JSON = [
      "jsonrpc": "2.0", "id": .int(id), "method": .string(method), "params": .object(parameters),
    ]
    let line: [UInt8]
    do {
      line = try process.exchange(
        line: Array((message.text + "\n").utf8), deadline: .now + .seconds(seconds),
        answerLimit: answerLimit)
    } catch {
      throw PluginError.Problem(error, seconds: seconds, limit: answerLimit)
    }
    return try PluginConnection.result(of: line, id: id)
  }

  /// What an answer's line says.
  private static func result(of line: [UInt8], id: Int) throws(PluginError.Problem) -> Field {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .noJSON(
        line: excerpt(String(decoding: line.prefix(100), as: UTF8.self)),
        reason: "it is no valid UTF-8")
    }
    let answer: JSON
    do {
      answer = try JSON(parsing: text)
    } catch {
      throw .noJSON(line: excerpt(text), reason: "column \(error.column): \(error.message)")
    }
    guard answer.members != nil else { throw .noAnswer("\(excerpt(text)) is no object.") }
    guard answer["id"]?.int == id else {
      throw .noAnswer("the id is \(answer["id"]?.text ?? "missing"); it should be \(id).")
    }
    if let error = answer["error"], error != .null {
      guard let code = error["code"]?.int, let message = error["message"]?.string else {
        throw .noAnswer("the error \(excerpt(error.text)) has no code and message.")
      }
      throw .reported(code: code, message: message.quotable)
    }
    guard let result = answer["result"] else {
      throw .noAnswer("there is neither a result nor an error.")
    }
    return Field(result, path: "result")
  }

  /// The beginning of a text, on one line.
  private static func excerpt(_ text: String) -> String {
    let text = text.prefix(64).filter { !$0.isNewline } + (text.count > 64 ? "..." : "")
    return JSON.string(text).text
  }

  /// Asks the process to shut down, and ends it if it does not. Does nothing the second time.
  func shutdown() {
    state.withLock { state in
      guard case .running(var process) = state.phase else { return }
      state.lastID += 1
      _ = try? exchange("shutdown", [], id: state.lastID, with: &process, seconds: 2)
      process.end(patience: .seconds(2))
      state.phase = .shutDown
    }
  }

  /// Whether the process has failed for good, and how.
  var failure: PluginError? {
    state.withLock { if case .broken(let error) = $0.phase { error } else { nil } }
  }

  /// The process, while it runs.
  var processID: pid_t? {
    state.withLock { if case .running(let process) = $0.phase { process.processID } else { nil } }
  }

  /// The error for an answer that parses, but says what it must not.
  func wrongAnswer(_ method: String, task: String? = nil, _ reason: String) -> PluginError {
    let name = state.withLock { $0.name }
    return error(name, PluginConnection.label(method, task: task), .wrongAnswer(reason))
  }

  private func error(
    _ name: String, _ request: String, _ problem: PluginError.Problem
  ) -> PluginError {
    PluginError(plugin: name, request: request, problem: problem, logPath: logPath)
  }

  private static func label(_ method: String, task: String?) -> String {
    "'\(method)'" + (task.map { " (task '\($0)')" } ?? "")
  }
}

extension PluginError.Problem: Error {
  init(_ failure: ChildProcess.Failure, seconds: Double, limit: Int) {
    self =
      switch failure {
      case .notStarted(let reason): .notStarted(reason)
      case .timedOut: .timedOut(seconds: seconds)
      case .ended(let how): .ended(how)
      case .answerTooLong: .answerTooLong(limit: limit)
      }
  }
}

/// Opens an empty log for appending; below 0 where that cannot be.
private func openLog(_ path: String) -> Int32 {
  for (index, character) in zip(path.indices, path)
  where character == "/" && index > path.startIndex {
    mkdir(String(path[..<index]), 0o777)
  }
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
}
