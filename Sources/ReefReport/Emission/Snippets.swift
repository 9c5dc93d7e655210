/// The parts of a runtime that is written by hand: a program gets those that it uses, and what they
/// use in turn.
struct Snippets {
  /// In the order in which they are written.
  let all: [(name: String, text: String)]
  private var used: Set<String> = []

  init(_ all: [(name: String, text: String)]) { self.all = all }

  mutating func use(_ name: String) -> String {
    guard used.insert(name).inserted else { return name }
    guard let snippet = all.first(where: { $0.name == name }) else {
      preconditionFailure("the runtime has no '\(name)'")
    }
    useAll(in: snippet.text)
    return name
  }

  mutating func useAll(in text: String) {
    let words = text.identifiers
    for snippet in all where words.contains(snippet.name) { _ = use(snippet.name) }
  }

  /// What was used, with `separator` between the parts.
  func text(separator: String) -> String {
    all.filter { used.contains($0.name) }.map(\.text).joined(separator: separator)
  }
}
