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
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { _ in
        if Interruption.isRequestedFlag.exchange(true, ordering: .relaxed) {
          _exit(ExitCode.interrupted.rawValue)
        }
      }
    }
  }
}
