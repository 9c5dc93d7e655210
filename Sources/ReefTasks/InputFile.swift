import Glibc
import ReefMachine

/// Why a file that the user named (a curriculum, a file of examples) cannot be used: one sentence
/// with the file and the place in it.
public struct InputFileError: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String
  /// `line 3, column 7` for a file that is no JSON, `phases[1].tasks[0]` for a wrong field; "" for
  /// the whole file.
  public let place: String
  /// A sentence that goes on after the place, with its full stop and the next command where
  /// there is one.
  public let message: String

  public init(path: String, place: String = "", message: String) {
    self.path = path
    self.place = place
    self.message = message
  }

  public var description: String { "\(path): " + (place.isEmpty ? "" : "\(place): ") + message }

  init(path: String, _ error: FieldError) {
    self.init(path: path, place: error.path, message: error.message)
  }
}

/// The bytes of the file at `path`.
func readBytes(_ path: String) throws(InputFileError) -> [UInt8] {
  func failure() -> InputFileError {
    InputFileError(
      path: path, message: "the file cannot be read (\(String(cString: strerror(errno)))).")
  }
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw failure() }
  defer { close(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw failure()
    }
    guard count > 0 else { return bytes }
    bytes += chunk[..<count]
  }
}

/// The JSON document in the file at `path`, as the root field.
func readJSON(_ path: String) throws(InputFileError) -> Field {
  try Field(parsing: readBytes(path), path: path)
}

extension Field {
  /// Reads a document; `path` is what errors call it.
  init(parsing bytes: [UInt8], path: String) throws(InputFileError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputFileError(path: path, message: "the file is no text in UTF-8.")
    }
    do {
      self.init(try JSON(parsing: text))
    } catch {
      throw InputFileError(
        path: path, place: "line \(error.line), column \(error.column)",
        message: "the file is no JSON: \(error.message).")
    }
  }
}
