import ReefMachine

/// How a plugin's process failed: which plugin, what happened, for which request.
public struct PluginError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Its name, or its command while it has not given one.
  public let plugin: String
  /// `'generate' (task 'double')`.
  public let request: String
  /// What happened.
  public let problem: Problem
  /// The file with what it wrote to its standard error, where that is kept.
  public let logPath: String?

  /// What a process can do wrong.
  public enum Problem: Hashable, Sendable {
    /// The system's reason.
    case notStarted(String)
    case timedOut(seconds: Double)
    /// `with status 1`, `by signal 9`; nil where it only closed its input or output.
    case ended(String?)
    case answerTooLong(limit: Int)
    /// The line does not parse.
    case noJSON(line: String, reason: String)
    /// A line of JSON that is not an answer to the request, so that none can be trusted any more.
    case noAnswer(String)
    /// An answer that is not what the protocol, or the task's own signature, promises.
    case wrongAnswer(String)
    /// An error that the plugin reported itself.
    case reported(code: Int, message: String)
    /// Nobody may ask after `shutdown()`.
    case wasShutDown

    /// Whether no later request to the same process can be answered.
    var isFinal: Bool {
      switch self {
      case .wrongAnswer, .reported: false
      default: true
      }
    }
  }

  /// Sentences on one line, whatever the plugin said.
  public var description: String { PlainText.escaped(sentences) }

  private var sentences: String {
    let log = logPath.map { " Its log is \($0)." } ?? ""
    return switch problem {
    case .notStarted(let reason):
      "Plugin '\(plugin)' could not be started: \(reason). Check the command."
    case .timedOut(let seconds):
      "Plugin '\(plugin)' gave no answer to \(request) within \(seconds.short) s and was ended. "
        + "'timeoutSeconds' beside its command allows more." + log
    case .ended(let how?): "Plugin '\(plugin)' ended \(how) during \(request).\(log)"
    case .ended(nil): "Plugin '\(plugin)' closed its input or output during \(request).\(log)"
    case .answerTooLong(let limit):
      "Plugin '\(plugin)' answered \(request) with more than \(limit) bytes on one line.\(log)"
    case .noJSON(let line, let reason):
      "Plugin '\(plugin)' answered \(request) with a line that is no JSON (\(reason)): \(line).\(log)"
    case .noAnswer(let reason), .wrongAnswer(let reason):
      "Plugin '\(plugin)' answered \(request) wrongly: \(reason)\(log)"
    case .reported(let code, let message):
      "Plugin '\(plugin)' answered \(request) with error \(code): \(message.asSentence)\(log)"
    case .wasShutDown: "Plugin '\(plugin)' was asked \(request) after it was shut down."
    }
  }
}

extension String {
  /// A plugin's own words as a part of a sentence: on one line, and not without end.
  var quotable: String { PlainText.escaped(count > 500 ? prefix(497) + "..." : self) }

  /// With a full stop, where nothing ends it yet.
  fileprivate var asSentence: String { last.map(".!?".contains) == true ? self : self + "." }
}
