extension Command {
  /// What `reef COMMAND --help` prints.
  var help: String {
    var text = "reef \(name): \(summary).\n\nUsage: \(usage)\n"
    if !discussion.isEmpty { text += "\n\(discussion)\n" }
    if !parameters.isEmpty { text += "\n" + table(parameters.map { ($0.name, $0.help) }) }
    if !options.isEmpty { text += "\nOptions:\n" + table(options.map { ($0.usage, $0.help) }) }
    text += "\nCommon options:\n" + table(Command.commonOptions.map { ($0.usage, $0.help) })
    text += "\n" + (examples.count == 1 ? "Example:" : "Examples:") + "\n"
    text += examples.map { "  \($0)\n" }.joined()
    return text
  }

  var usage: String {
    (["reef", name] + parameters.map(\.usage) + ["[OPTION…]"]).joined(separator: " ")
  }

  /// What `reef --help` prints.
  static func overview(_ commands: [Command]) -> String {
    """
    reef: grow a library of skills from examples, and use it.

    Usage: reef COMMAND [WORD…] [OPTION…]

    \(table(commands.map { ($0.name, $0.summary) }))
    'reef COMMAND --help' tells more of each, with an example; 'reef --version' tells
    which Reef this is.

    Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 bad input data,
    4 a skill's run ended in an error, 130 interrupted.

    """
  }
}

/// Two columns, indented by two spaces.
private func table(_ rows: [(String, String)]) -> String {
  let width = rows.map(\.0.count).max() ?? 0
  return rows.map { "  \($0.0.padded(to: width))  \($0.1)\n" }.joined()
}

extension String {
  /// With spaces up to `width` characters; a longer text stays as it is.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// With spaces before it up to `width` characters.
  func padded(before width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// At most `width` characters, the last of them `…` where something was cut off.
  func cut(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + "…"
  }
}
