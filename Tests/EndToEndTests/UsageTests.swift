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
    for command in UsageTests.commands {
      #expect(help.output.contains("\n  \(command) "), "\(command) is missing")
    }
    #expect(try sandbox.reef("help").output == help.output)
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

  static let commands = [
    "grow", "run", "trace", "emit", "list", "show", "query composes", "query users", "query path",
    "query search", "verify", "export", "import", "plugin check", "plugin inputs",
    "plugin list", "registry check",
    "registry stats", "bench",
  ]

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
