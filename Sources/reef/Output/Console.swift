import Foundation
import ReefMachine
import Synchronization

/// The two ways out: results to standard output, everything else to standard error.
struct Console: Sendable {
  let isJSON: Bool
  let isQuiet: Bool

  /// Whether whoever read the results has gone away (`reef list | head -1`).
  static let readerHasLeft = Atomic(false)

  /// Prints one line, or several, of results at once.
  ///
  /// A reader that has left is no failure: what is printed after that goes nowhere.
  func print(_ text: String) throws(Failure) {
    guard !Console.readerHasLeft.load(ordering: .relaxed) else { return }
    let reason = Console.write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    guard reason != 0 else { return }
    if reason == EPIPE {
      Console.readerHasLeft.store(true, ordering: .relaxed)
    } else {
      throw Failure(
        .failed, code: "outputUnwritable",
        "The results cannot be written to standard output: \(systemReason(reason)).")
    }
  }

  func print(_ json: JSON) throws(Failure) { try print(json.text) }

  /// A remark beside the results: nothing under `--quiet` and `--json`.
  func note(_ text: String) {
    if !isQuiet && !isJSON { _ = Console.write(text + "\n", to: STDERR_FILENO) }
  }

  /// Tells why a command ends, on one line: what a stranger's file says is in it as it is in no other.
  func report(_ failure: Failure) {
    let failure = Failure(
      failure.exitCode, code: failure.code,
      PlainText.escaped(failure.message).cut(to: Console.longestMessage), hint: failure.hint)
    let text = isJSON ? failure.json.text : "reef: " + failure.message
    _ = Console.write(text + "\n", to: STDERR_FILENO)
  }

  /// In characters.
  private static let longestMessage = 4_000

  /// Whether a live line can be rewritten in place.
  var hasLiveLine: Bool {
    !isQuiet && !isJSON && isatty(STDERR_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Rewrites the last line of the terminal, "" to clear it.
  func showLive(_ text: String) {
    _ = Console.write("\r\u{1B}[K" + text.cut(to: Console.width - 1), to: STDERR_FILENO)
  }

  /// The columns of the terminal, or 100 where there is none.
  static let width: Int = {
    let wanted = Int(ProcessInfo.processInfo.environment["COLUMNS"] ?? "") ?? 0
    if wanted > 20 { return wanted }
    var size = winsize()
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 {
        return Int(size.ws_col)
      }
    }
    return 100
  }()

  /// Whether standard output shows colours.
  private static let hasColour: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }()

  /// How a piece of text stands out on a terminal.
  enum Style: String {
    case strong = "1"
    case faint = "2"
    case bad = "31"
    case good = "32"
  }

  func styled(_ text: String, _ style: Style) -> String {
    Console.hasColour && !isJSON ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Returns 0 or the number of the error.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(
          descriptor, UnsafeRawPointer(bytes.baseAddress!) + written, bytes.count - written)
        if count > 0 {
          written += count
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// What the system says about an error number, such as `No such file or directory`.
func systemReason(_ number: Int32) -> String { String(cString: strerror(number)) }
