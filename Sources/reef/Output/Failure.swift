import ReefMachine

/// How `reef` ends, as DESIGN section 8 fixes it.
enum ExitCode: Int32, Sendable {
  case done = 0
  /// A task unsolved under `--require-all`, a verification that fails, a file that cannot be
  /// written.
  case failed = 1
  case usage = 2
  /// A skill, a value, a file or a registry that is not what it should be.
  case badInput = 3
  /// Overflow, division by zero, an index, a limit.
  case runFailed = 4
  case interrupted = 130
}

/// Why a command ends early: what people read, and what programs read.
struct Failure: Error, Sendable {
  /// One word for programs, such as `skillNotFound`.
  let code: String
  /// One or two sentences that name the thing, the reason and what to do next.
  let message: String
  /// A command that helps, or "".
  let hint: String
  let exitCode: ExitCode

  init(_ exitCode: ExitCode, code: String, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
    self.exitCode = exitCode
  }

  /// Wrong usage of a command, whose help is the way on.
  static func usage(_ message: String, _ command: Command) -> Failure {
    let help = "reef \(command.name) --help"
    return Failure(.usage, code: "usage", "\(message) '\(help)' shows how.", hint: help)
  }

  static func badInput(_ code: String, _ message: String, hint: String = "") -> Failure {
    Failure(.badInput, code: code, message, hint: hint)
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("code", .string(code)), .init("message", .string(message)),
    ]
    if !hint.isEmpty { members.append(.init("hint", .string(hint))) }
    return ["error": .object(members)]
  }
}
