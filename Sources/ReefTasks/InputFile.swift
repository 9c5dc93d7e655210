import Glibc
import ReefMachine

/// Why a file that the user named (a curriculum, a file of examples) cannot be used: one sentence
/// with the file and the place in it.
public struct InputFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As it was named.
  public let path: String
  /// `line 3, column 7` for a file that is no JSON, `phases[1].tasks[0]` for a wrong field; "" for
  /// the whole file.
  public let place: String
  /// A sentence that goes on after the place, with its full stop and the next command where
  /// there is one.
  public let message: String

  init(path: String, place: String = "", message: String) {
    self.path = path
    self.place = place
    self.message = message
  }

  /// On one line, whatever the file holds.
  public var description: String {
    PlainText.escaped("\(path): " + (place.isEmpty ? "" : "\(place): ") + message)
  }

  init(path: String, _ error: FieldError) {
    self.init(path: path, place: error.path, message: error.message)
  }
}

/// The bytes of the file at `path`.
///
/// - Parameter limit: The most bytes that are worth reading; of a longer file, or one without end,
///   no more are read, and it is refused.
package func readBytes(_ path: String, limit: Int = .max) throws(InputFileError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw .unreadable(path) }
  defer { close(file) }
  return try readBytes(of: file, path: path, limit: limit)
}

/// The bytes of standard input.
package func readStandardInput(limit: Int = .max) throws(InputFileError) -> [UInt8] {
  try readBytes(of: STDIN_FILENO, path: "standard input", limit: limit)
}

private func readBytes(
  of file: Int32, path: String, limit: Int
) throws(InputFileError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw .unreadable(path)
    }
    guard count > 0 else { return bytes }
    bytes += chunk[..<count]
    guard bytes.count <= limit else {
      throw InputFileError(path: path, message: "the file has more than \(limit) bytes.")
    }
  }
}

extension InputFileError {
  /// For the system's last error.
  fileprivate static func unreadable(_ path: String) -> InputFileError {
    InputFileError(
      path: path, message: "the file cannot be read (\(String(cString: strerror(errno)))).")
  }
}

/// The text of a file's bytes; errors call the file `path`.
package func utf8Text(_ bytes: [UInt8], path: String) throws(InputFileError) -> String {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw InputFileError(path: path, message: "the file is no text in UTF-8.")
  }
  return text
}

/// The JSON document in the file at `path`, as the root field.
func readJSON(_ path: String) throws(InputFileError) -> Field {
  try Field(parsing: readBytes(path), path: path)
}

extension Field {
  /// Reads a document; `path` is what errors call it.
  init(parsing bytes: [UInt8], path: String) throws(InputFileError) {
    let text = try utf8Text(bytes, path: path)
    do {
      self.init(try JSON(parsing: text))
    } catch {
      throw InputFileError(
        path: path, place: "line \(error.line), column \(error.column)",
        message: "the file is no JSON: \(error.message).")
    }
  }
}
