import Foundation
import ReefMachine

/// The command line: finds the command, runs it, and turns what went wrong into one sentence and
/// an exit code.
@main
struct Reef {
  /// In the order of the help.
  static let commands: [Command] = [
    .grow, .run, .trace, .emit, .list, .show, .queryComposes, .queryUsers, .queryPath, .querySearch,
    .queryHistory, .queryWhy, .queryUnused, .queryCommon, .queryWeights, .nameAlias, .nameRename,
    .nameRetire, .nameRevive, .verify, .upgrade, .weightsExport, .weightsImport, .export, .import,
    .pluginCheck, .pluginInputs, .pluginList, .registryCheck, .registryStats, .registryCollect,
    .registryBackup, .registryMigrate, .registryDump, .bench,
  ]

  static func main() {
    // A closed pipe is an error that a write returns, never the end of the process.
    _ = signal(SIGPIPE, SIG_IGN)
    let tokens = Array(CommandLine.arguments.dropFirst())
    let options = tokens.prefix { $0 != "--" }
    let console = Console(
      isJSON: options.contains("--json"), isQuiet: options.contains("--quiet"))
    do {
      try run(tokens, console: console)
    } catch {
      let failure = Failure(error)
      console.report(failure)
      exit(failure.exitCode.rawValue)
    }
  }

  private static func run(_ tokens: [String], console: Console) throws {
    let firstWord = firstWord(of: tokens)
    let leading = Array(tokens[..<firstWord])
    var words = tokens[firstWord...]
    if words.first == "help" {
      words.removeFirst()
      guard !words.isEmpty else { return try console.print(Command.overview(commands)) }
      words.append("--help")
    }
    guard let first = words.first else {
      if leading.contains("--version") { return try console.print("reef \(reefVersion)") }
      if leading.contains("--help") || leading.contains("-h") {
        return try console.print(Command.overview(commands))
      }
      throw usage("No command is given.")
    }
    let family = commands.filter { $0.path[0] == first }
    if family.isEmpty {
      let names = Set(commands.map { $0.path[0] })
      let meant = closest(to: first, in: names).map { " Did you mean 'reef \($0)'?" } ?? ""
      throw usage("Reef has no command '\(first)'.\(meant)")
    }
    words.removeFirst()
    guard let command = try member(of: family, &words) else {
      return try console.print(Command.overview(family))
    }
    let invocation = try Invocation(command, parsing: leading + words, console: console)
    if invocation.has("help") { return try console.print(command.help) }
    try command.run(invocation)
  }

  /// The command of a family such as `query` that the next word names; nil where help about the
  /// whole family is asked for.
  private static func member(
    of family: [Command], _ words: inout ArraySlice<String>
  ) throws(Failure) -> Command? {
    if family.count == 1, family[0].path.count == 1 { return family[0] }
    let name = family[0].path[0]
    if words.first == "--help" || words.first == "-h" { return nil }
    let choices = family.map { $0.path[1] }
    guard let second = words.first, !Invocation.looksLikeOption(second) else {
      throw usage("'reef \(name)' needs one of: \(choices.joined(separator: ", ")).", about: name)
    }
    guard let command = family.first(where: { $0.path[1] == second }) else {
      let meant = closest(to: second, in: choices).map { " Did you mean '\($0)'?" } ?? ""
      throw usage("'reef \(name)' has no command '\(second)'.\(meant)", about: name)
    }
    words.removeFirst()
    return command
  }

  /// Where the command's name stands: common options may come before it.
  private static func firstWord(of tokens: [String]) -> Int {
    var index = 0
    while index < tokens.count, Invocation.looksLikeOption(tokens[index]) {
      let takesValue = Command.commonOptions.contains {
        $0.value != nil && tokens[index] == "--\($0.name)"
      }
      index += takesValue ? 2 : 1
    }
    return min(index, tokens.count)
  }

  private static func usage(_ message: String, about family: String? = nil) -> Failure {
    let help = family.map { "reef \($0) --help" } ?? "reef --help"
    return Failure(
      .usage, code: "usage", "\(message) '\(help)' lists them.", hint: help)
  }
}
