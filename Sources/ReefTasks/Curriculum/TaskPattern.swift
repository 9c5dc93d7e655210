/// A pattern over full task names, such as `arithmetic.digit*`: a `*` stands for any text, also
/// none and also with dots.
package struct TaskPattern: Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// - Complexity: O(letters of the pattern · letters of `name`).
  package func matches(_ name: String) -> Bool {
    let pattern = Array(text.utf8)
    let name = Array(name.utf8)
    var patternIndex = 0
    var nameIndex = 0
    // Where to go on after a mismatch: behind the last star, which then takes one letter more.
    var retry: (pattern: Int, name: Int)?
    while nameIndex < name.count {
      if patternIndex < pattern.count, pattern[patternIndex] == UInt8(ascii: "*") {
        patternIndex += 1
        retry = (patternIndex, nameIndex)
      } else if patternIndex < pattern.count, pattern[patternIndex] == name[nameIndex] {
        patternIndex += 1
        nameIndex += 1
      } else if let (pattern, name) = retry {
        patternIndex = pattern
        nameIndex = name + 1
        retry = (pattern, nameIndex)
      } else {
        return false
      }
    }
    return pattern[patternIndex...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
