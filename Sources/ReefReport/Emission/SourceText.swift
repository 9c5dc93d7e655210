/// Lines of source text with indentation.
struct SourceText {
  /// Spaces a level.
  let indentation: Int
  private(set) var lines: [String] = []
  var level = 0

  init(indentation: Int, level: Int = 0) {
    self.indentation = indentation
    self.level = level
  }

  mutating func add(_ line: String) {
    lines.append(String(repeating: " ", count: indentation * level) + line)
  }

  mutating func add(_ line: String?) {
    if let line { add(line) }
  }

  /// A line that begins a block, what stands inside, and the line that ends it, if there is one.
  mutating func block(_ first: String, _ last: String?, _ body: (inout SourceText) -> Void) {
    add(first)
    level += 1
    body(&self)
    level -= 1
    add(last)
  }

  var text: String { lines.map { $0 + "\n" }.joined() }
}

extension String {
  /// The words of letters, digits and `_` in it.
  var identifiers: Set<String> {
    Set(
      split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
        .lazy.filter { !$0.first!.isNumber }.map(String.init))
  }

  /// Its lines for a comment, each no wider than `width` where its words allow that; none can end
  /// the comment.
  func commentLines(width: Int) -> [String] {
    var lines: [String] = []
    let harmless = replacing("*/", with: "* /").replacing("/*", with: "/ *")
    for word in harmless.split(whereSeparator: { $0.isWhitespace || $0.isNewline }) {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
