/// Why code cannot be made runnable.
public enum LinkError: Error, Hashable, Sendable {
  /// A digest that neither the machine nor the library knows, and the entry that names it.
  case missing(Digest, in: Digest?)
  /// Entries that call each other in a circle; only the self-call may do that.
  case cycle([Digest])
  /// An entry, or the code itself, is not well typed.
  case check(CheckError, in: Digest?)
  /// A memoised skill, or Jacobian code, reaches the tool of that name.
  case impure(String, in: Digest?)
  /// The compiled form passes a bound; the string says which.
  case tooLarge(String, in: Digest?)
}

extension LinkError: CustomStringConvertible {
  public var description: String {
    func place(_ digest: Digest?) -> String { digest.map { "skill #\($0.short)" } ?? "the code" }
    switch self {
    case .missing(let digest, let user):
      return "No skill has the digest \(digest.short)"
        + (user.map {
          ", which skill #\($0.short) calls. 'reef registry check' tells what depends on it."
        } ?? ". 'reef list' shows all.")
    case .cycle(let digests):
      return "Skills call each other in a circle: "
        + digests.map { "#\($0.short)" }.joined(separator: " → ") + "."
    case .check(let error, let digest):
      return "In \(place(digest)): \(error)"
    case .impure(let tool, let digest):
      return "What \(place(digest)) reaches calls the tool '\(tool)', so that it can be neither "
        + "memoised nor differentiated."
    case .tooLarge(let what, let digest):
      return "The compiled form of \(place(digest)) is too large: \(what)."
    }
  }
}
