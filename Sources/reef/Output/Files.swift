import Foundation

/// The bytes of a file, or of standard input for `-`.
///
/// - Parameter limit: The most bytes that are worth reading; a longer file is refused unread.
func readFile(_ path: String, as what: String, limit: Int = .max) throws(Failure) -> Data {
  let handle: FileHandle
  if path == "-" {
    handle = .standardInput
  } else {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, as: what, systemReason(errno)) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
  var bytes = Data()
  do {
    // In pieces: a device or a pipe may never end.
    while bytes.count <= limit, let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      bytes += piece
    }
  } catch {
    throw unreadable(path, as: what, "it is a folder, or the disk failed")
  }
  guard bytes.count <= limit else {
    throw unreadable(path, as: what, "it has more than \(limit) bytes")
  }
  return bytes
}

/// The text of a file, or of standard input for `-`.
func readText(_ path: String, as what: String) throws(Failure) -> String {
  guard let text = String(validating: try readFile(path, as: what), as: UTF8.self) else {
    throw unreadable(path, as: what, "it is no UTF-8 text")
  }
  return text
}

private func unreadable(_ path: String, as what: String, _ reason: String) -> Failure {
  .badInput("fileUnreadable", "The \(what) '\(path)' cannot be read: \(reason).")
}

/// Writes a file as a whole or not at all: under another name first, then renamed. What is no
/// plain file (a device, a pipe) is written in place.
func writeFile(_ bytes: Data, to path: String, as what: String) throws(Failure) {
  var status = stat()
  let isOther = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  do {
    try bytes.write(to: URL(fileURLWithPath: path), options: isOther ? [] : .atomic)
  } catch {
    throw Failure(
      .failed, code: "fileUnwritable",
      "The \(what) '\(path)' cannot be written: \(systemReason(posixNumber(of: error))).")
  }
}

/// The system's error number inside a Foundation error.
private func posixNumber(of error: any Error) -> Int32 {
  let error = error as NSError
  if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { return Int32(inner.code) }
  return error.domain == NSPOSIXErrorDomain ? Int32(error.code) : EIO
}
