import ReefMachine
import Testing

@Suite("Usage")
struct UsageTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test("The help lists every command and exits with 0")
  func overview() throws {
    let help = try sandbox.reef("--help")
    #expect(help.exitCode == 0)
    #expect(help.error.isEmpty)
    #expect(Set(UsageTests.commands).count == UsageTests.commands.count)
    #expect(try sandbox.reef("help").output == help.output)
  }

  @Test("The guide to the command line names every command", arguments: commands)
  func guide(command: String) throws {
    let guide = try String(
      contentsOf: Sandbox.repository.appendingPathComponent("docs/command-line.md"),
      encoding: .utf8)
    #expect(guide.contains("`reef \(command)"))
  }

  @Test("Every command has a help with its usage and an example", arguments: commands)
  func commandHelp(command: String) throws {
    let help = try sandbox.shell("reef \(command) --help")
    #expect(help.exitCode == 0)
    #expect(help.error.isEmpty)
    #expect(help.output.hasPrefix("reef \(command): "))
    #expect(help.output.contains("\nUsage: reef \(command)"))
    #expect(help.output.contains("\nExample"))
    #expect(try sandbox.shell("reef help \(command)").output == help.output)
  }

  /// As the help lists them: `  query users     list …`.
  static let commands: [String] = {
    let help = try? Sandbox().reef("--help").output
    let lines = (help ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let table = lines.drop { !$0.hasPrefix("  ") }.prefix { $0.hasPrefix("  ") }
    return table.map { line in
      let words = line.dropFirst(2)
      let end = words.firstRange(of: "  ")?.lowerBound ?? words.endIndex
      return String(words[..<end])
    }
  }()

  @Test("The version is printed on standard output")
  func version() throws {
    let version = try sandbox.reef("--version")
    #expect(version.exitCode == 0)
    #expect(version.output == "reef 0.1.0\n")
  }

  struct Slip: Sendable, CustomTestStringConvertible {
    let words: String
    let message: String
    var testDescription: String { "reef \(words)" }
  }

  @Test(
    "Wrong usage is one sentence with the way on, and exit code 2",
    arguments: [
      Slip(words: "", message: "No command is given. 'reef --help' lists them."),
      Slip(
        words: "lst",
        message: "Reef has no command 'lst'. Did you mean 'reef list'? 'reef --help' lists them."),
      Slip(
        words: "query",
        message: "'reef query' needs one of: composes, users, path, search, history, "
          + "why, unused, common, weights. "
          + "'reef query --help' lists them."),
      Slip(
        words: "query user x",
        message: "'reef query' has no command 'user'. Did you mean 'users'? "
          + "'reef query --help' lists them."),
      Slip(words: "show", message: "'reef show' needs SKILL. 'reef show --help' shows how."),
      Slip(
        words: "show a b",
        message: "'b' is one word too many for 'reef show'. 'reef show --help' shows how."),
      Slip(
        words: "list --jsn",
        message: "'reef list' has no option '--jsn'. Did you mean '--json'? "
          + "'reef list --help' shows how."),
      Slip(
        words: "grow x --jobs",
        message: "--jobs needs a value, N. 'reef grow --help' shows how."),
      Slip(
        words: "grow x --jobs 0",
        message: "--jobs takes a whole number from 1 to 1024, not '0'. "
          + "'reef grow --help' shows how."),
      Slip(
        words: "run int.add 1 2 --jobs 0",
        message: "--jobs takes a whole number from 1 to 1024, not '0'. "
          + "'reef run --help' shows how."),
      Slip(
        words: "run int.add 1 2 --seed abc",
        message: "--seed takes a whole number from 0 to 9007199254740991, not 'abc'. "
          + "'reef run --help' shows how."),
      Slip(
        words: "list --atoms --seed -1",
        message: "--seed takes a whole number from 0 to 9007199254740991, not '-1'. "
          + "'reef list --help' shows how."),
      Slip(
        words: "run int.add 1 2 --registry ''",
        message: "--registry takes a path, not ''. 'reef run --help' shows how."),
      Slip(
        words: "trace int.add 1 2 --state --actions --calls",
        message: "--calls and --actions and --state exclude each other. "
          + "'reef trace --help' shows how."),
      Slip(
        words: "trace int.add 1 2 --state --calls",
        message: "--calls and --state exclude each other. 'reef trace --help' shows how."),
      Slip(
        words: "bench nosuch", message: "No benchmark is named 'nosuch'. 'reef bench' lists them."),
      Slip(
        words: "plugin inputs sorting.sort --size 9223372036854775807 --count 1",
        message: "--size takes a whole number from 1 to 100000, not '9223372036854775807'. "
          + "'reef plugin inputs --help' shows how."),
      Slip(
        words: "plugin inputs sorting.sort --count 9223372036854775807",
        message: "--count takes a whole number from 1 to 1000000, not '9223372036854775807'. "
          + "'reef plugin inputs --help' shows how."),
      Slip(
        words: "query search --type Garbage",
        message: "--type takes a type, not 'Garbage': line 1, column 1: unknown type 'Garbage'; "
          + "the types are int, bool, real, [T] and (T, U). "
          + "'reef query search --help' shows how."),
      Slip(
        words: "query search --type '(x: list) -> int'",
        message:
          "--type takes a type, not '(x: list) -> int': line 1, column 5: unknown type 'list'; "
          + "the types are int, bool, real, [T] and (T, U). "
          + "'reef query search --help' shows how."),
      Slip(
        words: "list --quiet=yes",
        message: "--quiet takes no value. 'reef list --help' shows how."),
      Slip(
        words: "export a", message: "'reef export' needs -o FILE. 'reef export --help' shows how."),
    ])
  func slips(slip: Slip) throws {
    let outcome = try sandbox.shell("reef \(slip.words)")
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "reef: \(slip.message)\n")
  }

  @Test("Under --json an error is one JSON object on standard error")
  func jsonErrors() throws {
    let outcome = try sandbox.reef("--json", "lst")
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    let error = try JSON(parsing: outcome.error)["error"]
    #expect(error?["code"] == "usage")
    #expect(error?["hint"] == "reef --help")
    #expect(error?["message"]?.string?.contains("'lst'") == true)
  }

  @Test("Common options may stand before the command")
  func leadingOptions() throws {
    let outcome = try sandbox.shell("reef --json --registry none.sqlite run int.add 2 3")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == "5\n")
  }
}
