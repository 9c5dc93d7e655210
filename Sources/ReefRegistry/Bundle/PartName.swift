/// The names that parts of a bundle may have: relative paths of printable ASCII.
enum PartName {
  /// Why `name` may not be a path, or nil where it may.
  static func problem(of name: some Collection<UInt8>) -> String? {
    guard let text = String(validating: name, as: UTF8.self) else { return "its name is no text" }
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return "its name has characters other than ASCII"
    }
    guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
      return "its name has control characters or spaces"
    }
    guard !text.isEmpty else { return "it has no name" }
    guard !text.hasPrefix("/") else { return "its path is absolute" }
    guard !text.contains("\\"), !text.contains(":") else {
      return "its path names a drive, or has backslashes"
    }
    let components = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !components.contains("..") else { return "its path leads out of the bundle" }
    guard !components.contains("."), !components.contains("") else {
      return "its path is not in its shortest form, or is a folder's"
    }
    return nil
  }

  /// The name as an error may print it: what could steer a terminal is written as `\u{1b}`.
  static func shown(_ name: some Collection<UInt8>) -> String {
    let text = String(decoding: name.prefix(200), as: UTF8.self)
    return "'" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "'"
  }
}
