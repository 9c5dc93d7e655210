import Foundation
import Synchronization

/// Ctrl-C: the first one asks the work to end cleanly, the second ends the process at once.
enum Interruption {
  private static let isRequestedFlag = Atomic(false)

  static var isRequested: Bool { isRequestedFlag.load(ordering: .relaxed) }

  /// Takes SIGINT and SIGTERM over from the system.
  static func watch() {
    // The flag exists before a handler may touch it: a handler must not initialise a global.
    guard !isRequested else { return }
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      _ = signal(number) { _ in
        if Interruption.isRequestedFlag.exchange(true, ordering: .relaxed) {
          _exit(ExitCode.interrupted.rawValue)
        }
      }
    }
    // Whoever started this process may have had them blocked, and a child inherits that.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
