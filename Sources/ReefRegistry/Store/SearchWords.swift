import ReefMachine

/// Text as full-text search sees it: `graph.bfsDistances` has the words graph, bfsDistances, bfs and
/// Distances.
enum SearchWords {
  /// The words of `text` in order: runs of letters and digits, and for a run in camel case its parts
  /// as well.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    for run in text.split(whereSeparator: { !($0.isLetter || $0.isNumber) }) {
      let parts = camelCaseParts(run)
      words.append(String(run))
      if parts.count > 1 { words += parts }
    }
    return words
  }

  static func indexed(_ text: String) -> String { words(text).joined(separator: " ") }

  /// The different words of `text`, each as a query in FTS5's language. Quoted words have no meaning of
  /// their own there.
  static func terms(_ text: String) -> [String] {
    var seen: Set<String> = []
    return words(text).map { $0.lowercased() }.filter { seen.insert($0).inserted }
      .prefix(maximumWordCount).map { "{name summary} : \"\($0)\"" }
  }

  /// One word for a type, whatever its variables are called.
  static func word(of type: Type) -> String {
    let variables = type.variables
    var text = ""
    var word = ""
    for character in type.description + " " {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else {
        text += variables.firstIndex(of: word).map { "\($0)" } ?? word
        text.append(character)
        word = ""
      }
    }
    return "t" + SHA256.hash(text.utf8).hex.prefix(16)
  }

  /// More words than any summary needs, and less than SQLite refuses.
  private static let maximumWordCount = 200

  private static func camelCaseParts(_ word: Substring) -> [String] {
    var parts: [String] = []
    var previousIsUpper = true
    for character in word {
      if character.isUppercase, !previousIsUpper { parts.append("") }
      if parts.isEmpty { parts.append("") }
      parts[parts.count - 1].append(character)
      previousIsUpper = character.isUppercase
    }
    return parts
  }
}
