/// One subcommand: what it is called, what it takes, and what it does.
struct Command: Sendable {
  /// The words after `reef`: `["run"]`, `["query", "users"]`.
  let path: [String]
  /// A sentence without its point, for the list of commands.
  let summary: String
  /// What the help adds below the usage; "" for nothing.
  var discussion = ""
  var parameters: [Parameter] = []
  var options: [Option] = []
  /// Command lines, each shown in the help as it would be typed.
  let examples: [String]
  let run: @Sendable (Invocation) throws -> Void

  var name: String { path.joined(separator: " ") }

  /// A word that is no option.
  struct Parameter: Sendable {
    enum Count: Sendable { case one, optional, oneOrMore, any }

    /// In capitals, such as `SKILL`.
    let name: String
    let help: String
    var count = Count.one

    var usage: String {
      switch count {
      case .one: name
      case .optional: "[\(name)]"
      case .oneOrMore: "\(name)…"
      case .any: "[\(name)…]"
      }
    }
  }

  /// `--name` or `--name VALUE`.
  struct Option: Sendable {
    let name: String
    /// What stands for the value in the help, or nil for a flag.
    var value: String?
    /// A one-letter form, `-o`.
    var letter: Character?
    let help: String

    var usage: String {
      let long = "--\(name)" + (value.map { " \($0)" } ?? "")
      return letter.map { "-\($0), \(long)" } ?? long
    }
  }
}

extension Command {
  /// What every command takes. A command that has no use for one of them ignores it, so that a
  /// script can pass the same options everywhere.
  static let commonOptions: [Option] = [
    Option(
      name: "registry", value: "PATH",
      help: "the registry file (REEF_REGISTRY, or else .reef/registry.sqlite)"),
    Option(name: "json", help: "print JSON, and errors as one JSON object"),
    Option(name: "seed", value: "N", help: "the seed of everything that is sampled"),
    Option(name: "jobs", value: "N", help: "how many tasks to work at together (all cores)"),
    Option(name: "quiet", help: "print results and errors only"),
    Option(name: "help", letter: "h", help: "print this help"),
  ]

  var allOptions: [Option] { options + Command.commonOptions }
}
