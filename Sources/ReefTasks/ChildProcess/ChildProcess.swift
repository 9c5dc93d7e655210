@preconcurrency import Glibc
import Synchronization

/// A process in a group of its own that answers each line it is sent with one line.
///
/// Reads and writes never block for longer than their deadline, so that a process that hangs is
/// noticed, whatever it hangs in.
struct ChildProcess: Sendable {
  enum Failure: Error, Hashable {
    /// The system's reason.
    case notStarted(String)
    case timedOut
    /// `with status 1`, `by signal 9`; nil where it only closed its input or output.
    case ended(String?)
    case answerTooLong
  }

  /// Also the number of the process group.
  let processID: pid_t
  private let input: Int32
  private let output: Int32
  /// What was read beyond the last answer.
  private var unread: [UInt8] = []

  /// One process is started at a time: a pipe is for a moment open to every process that starts.
  private static let starting = Mutex(())

  /// Starts `command`, found as a shell would find it, in the current directory.
  ///
  /// - Parameter errorOutput: An open file for its standard error.
  init(command: [String], errorOutput: Int32) throws(Failure) {
    let started = Self.starting.withLock { _ in
      Self.start(command: command, errorOutput: errorOutput)
    }
    (processID, input, output) = try started.get()
  }

  private static func start(
    command: [String], errorOutput: Int32
  ) -> Result<(pid_t, Int32, Int32), Failure> {
    guard let (childInput, input) = makePipe() else { return .failure(.notStarted(lastError())) }
    defer { close(childInput) }
    guard let (output, childOutput) = makePipe() else {
      let failure = Failure.notStarted(lastError())
      close(input)
      return .failure(failure)
    }
    defer { close(childOutput) }

    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, childInput, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&files, childOutput, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&files, errorOutput, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own takes the whole family down at once, and keeps Ctrl-C from it; the
    // signals that this process ignores or blocks are its own affair.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var processID: pid_t = 0
    let code = posix_spawnp(&processID, command[0], &files, &attributes, &arguments, environ)
    guard code == 0 else {
      close(input)
      close(output)
      return .failure(.notStarted(String(cString: strerror(code))))
    }
    for file in [input, output] { _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK) }
    return .success((processID, input, output))
  }

  private static func lastError() -> String { String(cString: strerror(errno)) }

  /// A pipe that other processes do not inherit, clear of the three standard files.
  private static func makePipe() -> (readEnd: Int32, writeEnd: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    for end in ends { close(end) }
    guard moved.allSatisfy({ $0 >= 0 }) else {
      for file in moved where file >= 0 { close(file) }
      return nil
    }
    return (moved[0], moved[1])
  }
}

// MARK: - Talking

extension ChildProcess {
  /// Sends `line`, which ends with a newline, and returns the next line of its output without the
  /// newline.
  ///
  /// Reads while it writes, so that two full pipes cannot wait for each other.
  mutating func exchange(
    line: [UInt8], deadline: SuspendingClock.Instant, answerLimit: Int
  ) throws(Failure) -> [UInt8] {
    var unsent = line[...]
    var searched = 0
    while true {
      if unsent.isEmpty, let newline = unread[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread.removeFirst(newline + 1) }
        return Array(unread[..<newline])
      }
      if unsent.isEmpty { searched = unread.count }
      guard unread.count <= answerLimit else { throw .answerTooLong }
      let remaining = SuspendingClock.now.duration(to: deadline)
      guard remaining > .zero else { throw .timedOut }
      // In slices, for the case that the process died and its children hold its output open.
      let slice = min(remaining, .milliseconds(250)).wholeMilliseconds + 1
      var files = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
      if !unsent.isEmpty { files.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
      let ready = poll(&files, nfds_t(files.count), slice)
      if ready == 0, let how = exit { throw .ended(how) }
      guard ready > 0 else { continue }
      if files.count > 1, files[1].revents != 0 { try send(&unsent) }
      if files[0].revents != 0 { try receive() }
    }
  }

  private func send(_ bytes: inout ArraySlice<UInt8>) throws(Failure) {
    let count = bytes.withUnsafeBytes { buffer in
      withoutPipeSignal { write(input, buffer.baseAddress, buffer.count) }
    }
    if count > 0 {
      bytes = bytes.dropFirst(count)
    } else if errno != EAGAIN, errno != EINTR {
      throw .ended(exitSoon())
    }
  }

  private mutating func receive() throws(Failure) {
    let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { buffer in
      let count = read(output, buffer.baseAddress, buffer.count)
      if count > 0 { unread.append(contentsOf: buffer[..<count]) }
      return count
    }
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { throw .ended(exitSoon()) }
  }

  /// Runs `body` so that a write to a process that has gone is an error code, not the end of ours,
  /// without changing what SIGPIPE means for the rest of this process.
  private func withoutPipeSignal(_ body: () -> Int) -> Int {
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    var pending = sigset_t()
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let count = body()
    let code = errno
    if count < 0, code == EPIPE, !wasPending {
      var atOnce = timespec()
      while sigtimedwait(&pipeSignal, nil, &atOnce) < 0, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return count
  }
}

// MARK: - Ending

extension ChildProcess {
  /// How the process ended, in words; nil while it runs. Leaves it to `end` to bury it, so that
  /// its number cannot become another's in between.
  private var exit: String? {
    var info = siginfo_t()
    let code = waitid(P_PID, id_t(processID), &info, WEXITED | WNOHANG | WNOWAIT)
    if code < 0 { return errno == EINTR ? nil : "in an unknown way" }
    guard info._sifields._sigchld.si_pid == processID else { return nil }
    let status = info._sifields._sigchld.si_status
    return info.si_code == CLD_EXITED ? "with status \(status)" : "by signal \(status)"
  }

  /// A process that closes its output is mostly about to end: gives it a moment.
  private func exitSoon() -> String? {
    _ = waits(.milliseconds(500)) { exit != nil }
    return exit
  }

  /// Whether `condition` becomes true within `time`.
  private func waits(_ time: Duration, for condition: () -> Bool) -> Bool {
    let deadline = SuspendingClock.now + time
    while !condition() {
      guard SuspendingClock.now < deadline else { return false }
      poll(nil, 0, 2)
    }
    return true
  }

  /// Ends the process and all of its group: closes its input, after `patience` sends SIGTERM, and
  /// two seconds later SIGKILL. Afterwards nothing of it is left, no zombie either.
  ///
  /// Call it once; the process cannot be used any more.
  func end(patience: Duration) {
    close(input)
    _ = waits(patience) { exit != nil }
    close(output)
    kill(-processID, SIGTERM)
    // The group outlives its first process while there are others in it. Where this process is
    // the first of its container, orphans become its children, and it has to bury them as well.
    let isGone = {
      while waitpid(-processID, nil, WNOHANG) > 0 {}
      return kill(-processID, 0) != 0 && errno == ESRCH
    }
    guard !waits(.seconds(2), for: isGone) else { return }
    kill(-processID, SIGKILL)
    // On a busy machine even that takes its time.
    _ = waits(.seconds(10), for: isGone)
  }
}

extension Duration {
  var wholeMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
