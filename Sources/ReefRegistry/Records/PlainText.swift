/// Text that may stand on a terminal beside text of one's own: summaries and the like come from
/// strangers' plugins and bundles.
enum PlainText {
  /// In UTF-8 bytes.
  static let maximumSize = 1 << 16

  /// Why `text` may not be kept, or nil where it may: it is too long, or has control characters
  /// other than line breaks and tabs, or characters that turn the direction of writing, with which
  /// a text can look like another.
  static func problem(of text: String) -> String? {
    guard text.utf8.count <= maximumSize else { return "is longer than \(maximumSize) bytes" }
    for scalar in text.unicodeScalars where scalar != "\n" && scalar != "\t" {
      // Properties are slow to look up, and there is nothing to find from space to tilde.
      guard !(0x20..<0x7F).contains(scalar.value) else { continue }
      if scalar.properties.generalCategory == .control || scalar.properties.isBidiControl {
        return "has the control character \(scalar.escaped(asASCII: true))"
      }
    }
    return nil
  }
}
