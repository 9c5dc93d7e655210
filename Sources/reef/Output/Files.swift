import Foundation
import ReefTasks

/// The bytes of the file at `path`, or of standard input for `-`.
///
/// - Parameter limit: The most bytes that are worth reading; what is longer is refused.
func readInput(_ path: String, limit: Int = .max) throws(InputFileError) -> [UInt8] {
  path == "-" ? try readStandardInput(limit: limit) : try readBytes(path, limit: limit)
}

/// Writes a file as a whole or not at all: under another name first, then renamed. What is no
/// plain file (a device, a pipe) is written in place.
private func writeFile(_ bytes: [UInt8], to path: String, as what: String) throws(Failure) {
  var status = stat()
  let isThere = stat(path, &status) == 0
  let isOther = isThere && status.st_mode & S_IFMT != S_IFREG
  // A file that replaces another is for the same people.
  let mode = isThere && !isOther ? status.st_mode & 0o777 : nil
  let target = isOther ? path : "\(path).\(getpid()).part"
  do throws(SystemError) {
    try write(bytes, to: target, flags: isOther ? 0 : O_CREAT | O_EXCL, mode: mode)
    if !isOther, rename(target, path) != 0 { throw SystemError() }
  } catch {
    if !isOther { unlink(target) }
    throw Failure(
      .failed, code: "fileUnwritable",
      "The \(what) '\(path)' cannot be written: \(systemReason(error.number)). "
        + "'-o FILE' names another.")
  }
}

extension Invocation {
  /// Writes what a command was asked for, as `writeFile` does, but never over the registry that it
  /// comes from.
  func writeOutput(_ bytes: [UInt8], to path: String, as what: String) throws(Failure) {
    var (target, registry) = (stat(), stat())
    if stat(path, &target) == 0, stat(registryPath, &registry) == 0,
      target.st_dev == registry.st_dev, target.st_ino == registry.st_ino
    {
      throw Failure(
        .failed, code: "fileUnwritable",
        "The \(what) '\(path)' would replace the registry itself. '-o FILE' names another.")
    }
    try writeFile(bytes, to: path, as: what)
  }
}

/// The error of the system's last call.
private struct SystemError: Error {
  let number = errno
}

private func write(
  _ bytes: [UInt8], to path: String, flags: Int32, mode: mode_t?
) throws(SystemError) {
  let file = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
  guard file >= 0 else { throw SystemError() }
  if let mode { fchmod(file, mode) }
  var unwritten = bytes[...]
  while !unwritten.isEmpty {
    let count = unwritten.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    if count > 0 {
      unwritten = unwritten.dropFirst(count)
    } else if errno != EINTR {
      let error = SystemError()
      close(file)
      throw error
    }
  }
  // A full disk may only be told now.
  guard close(file) == 0 else { throw SystemError() }
}
