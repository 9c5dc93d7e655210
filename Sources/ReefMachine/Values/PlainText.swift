/// Text that may stand on a terminal beside text of one's own: summaries and the like come from
/// strangers' plugins and bundles.
package enum PlainText {
  /// In UTF-8 bytes.
  package static let maximumSize = 1 << 16

  /// Why `text` may not be kept, or nil where it may: it is too long, or has control characters
  /// other than line breaks and tabs, or characters that turn the direction of writing, with which
  /// a text can look like another.
  package static func problem(of text: String) -> String? {
    guard text.utf8.count <= maximumSize else { return "is longer than \(maximumSize) bytes" }
    for scalar in text.unicodeScalars where scalar != "\n" && scalar != "\t" {
      if isControl(scalar) { return "has the control character \(scalar.escaped(asASCII: true))" }
    }
    return nil
  }

  /// The text on one line that no terminal obeys: what may not be kept is written out, as
  /// `\u{1B}`, and so are line breaks and tabs.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { escaped, scalar in
      if isControl(scalar) {
        escaped += scalar.escaped(asASCII: true)
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    // Properties are slow to look up, and there is nothing to find from space to tilde.
    if (0x20..<0x7F).contains(scalar.value) { return false }
    return scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
  }
}
