/// Splits a command as people type it into words: spaces part them, quotes of either kind keep
/// them together, a backslash outside single quotes takes the next character as it is. Nothing
/// else of a shell is done.
func commandWords(_ text: String) throws(Failure) -> [String] {
  var words: [String] = []
  var word: String?
  var quote: Character?
  var rest = text[...]
  while let character = rest.popFirst() {
    if character == "\\", quote != "'", let next = rest.popFirst() {
      word = (word ?? "") + String(next)
    } else if character == quote {
      quote = nil
    } else if quote == nil, character == "'" || character == "\"" {
      quote = character
      word = word ?? ""
    } else if quote == nil, character.isWhitespace {
      if let word { words.append(word) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let quote {
    throw .badInput("unclosedQuote", "The command \"\(text)\" has a \(quote) that is not closed.")
  }
  if let word { words.append(word) }
  return words
}
