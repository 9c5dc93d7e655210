import Foundation

/// Lets one writer at a time at a registry: an advisory lock (flock) on a file beside it.
///
/// SQLite would keep two writers apart by itself. This lock also covers the moments at which the
/// write-ahead log is folded into the database (after a large write and when a writer is done), so that
/// no write of another connection ever races with that: releases of SQLite before 3.51.3 can lose data
/// there. And it survives no crash: the system lets go of it with the process.
final class WriterLock {
  /// Of the lock's file, after the registry's path.
  static let suffix = "-lock"

  private let registryPath: String
  private var descriptor: Int32?

  init(registryPath: String) { self.registryPath = registryPath }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// Runs `body` while holding the lock; waits up to `patience` seconds for it.
  func withLock<T>(
    patience: Int = Database.patience, _ body: () throws(RegistryError) -> T
  ) throws(RegistryError) -> T {
    // Nobody else can write to what is in memory.
    guard registryPath != Store.memoryPath else { return try body() }
    let descriptor = try opened()
    try acquire(descriptor, patience: patience)
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  private func opened() throws(RegistryError) -> Int32 {
    if let descriptor { return descriptor }
    let path = registryPath + WriterLock.suffix
    var descriptor = find(path)
    if descriptor < 0, errno == ENOENT {
      descriptor = make(path)
      if descriptor < 0, errno == EEXIST { descriptor = find(path) }
    }
    guard descriptor >= 0 else {
      let code = errno
      if [EACCES, EROFS, EPERM].contains(code), access(path, F_OK) != 0 {
        throw .registryReadOnly(path: registryPath)
      }
      throw .writeFailed(
        path: registryPath, reason: "its lock file \(path): \(String(cString: strerror(code)))")
    }
    self.descriptor = descriptor
    return descriptor
  }

  /// Whoever made the file: to hold it takes no more than to read it. No link is followed, and nothing
  /// waited for.
  private func find(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG
    else { return descriptor }
    close(descriptor)
    errno = EINVAL
    return -1
  }

  /// Makes the file, for all who may use the registry: a superuser who only reads shuts out nobody.
  private func make(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    var status = stat()
    if descriptor >= 0, stat(registryPath, &status) == 0 {
      fchmod(descriptor, status.st_mode & 0o666)
      if geteuid() == 0 { fchown(descriptor, status.st_uid, status.st_gid) }
    }
    return descriptor
  }

  private func acquire(_ descriptor: Int32, patience: Int) throws(RegistryError) {
    let pause = 5_000  // microseconds
    var waited = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK:
        guard waited < patience * 1_000_000 else {
          throw .registryBusy(path: registryPath, seconds: patience)
        }
        usleep(UInt32(pause))
        waited += pause
      case let code:
        throw .writeFailed(
          path: registryPath, reason: "its lock file: \(String(cString: strerror(code)))")
      }
    }
  }
}
