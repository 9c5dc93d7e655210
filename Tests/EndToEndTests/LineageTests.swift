import Foundation
import ReefMachine
import ReefRegistry
import Testing

@Suite("Lineage, names and upgrades, from the command line")
struct LineageTests {
  let sandbox: Sandbox
  let skills: [Skill]

  init() throws {
    sandbox = try Sandbox()
    skills = try sandbox.plant()
  }

  @discardableResult
  private func reef(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("REEF_REGISTRY=registry.sqlite; export REEF_REGISTRY; reef \(words)")
  }

  private func names(_ words: String) throws -> [String] {
    try reef(words).lines.map { String($0.prefix { $0 != " " }) }
  }

  /// Registers a second version of demo.double, which multiplies.
  private func plantSecondDouble(result: String = "s0") throws -> Skill {
    let registry = try Registry(path: sandbox.path("registry.sqlite"))
    let multiply = try #require(Atoms.named("int.multiply"))
    let code = try SkillCode(
      parsing: """
        skill (x: int) -> int
          s0 = int.multiply#\(multiply.digest.hex) x 2
          return \(result)

        """)
    let old = skills[0]
    return try registry.register([
      NewSkill(
        name: old.name, summary: old.summary, code: code, tests: [], certificate: old.certificate,
        provenance: old.provenance)
    ])[0]
  }

  @Test("unused, common and the type search tell what a library is made of")
  func surveys() throws {
    #expect(try names("query unused") == ["demo.quadrupleAll@1"])
    #expect(
      try reef("query common").lines.map { $0.split(separator: " ").prefix(2).map(String.init) }
        == (skills[0].digest < skills[1].digest
          ? [["1", "demo.double@1"], ["1", "demo.quadruple@1"]]
          : [["1", "demo.quadruple@1"], ["1", "demo.double@1"]]))
    #expect(try names("query search --type '([int]) -> [int]'") == ["demo.quadrupleAll@1"])
    #expect(try names("query search --type '(x: int) -> int' double") == ["demo.double@1"])
    #expect(try names("query search --type '(int) -> bool'") == [])
    #expect(try reef("query search --type 'nonsense('").exitCode == 2)
    #expect(try reef("query search").exitCode == 2)
  }

  @Test("list takes a pattern and a limit")
  func list() throws {
    #expect(try names("list 'demo.quad*'") == ["demo.quadruple@1", "demo.quadrupleAll@1"])
    #expect(try names("list 'DEMO.quad*'") == ["demo.quadruple@1", "demo.quadrupleAll@1"])
    #expect(try names("list 'demo.[dq]*'") == [])
    #expect(try names("list 'demo_double'") == [])
    #expect(try names("list --limit 1") == ["demo.double@1"])
    #expect(try names("list 'other.*'") == [])
  }

  @Test("A graph is written for Graphviz")
  func graph() throws {
    let text = try reef("query composes demo.quadruple --deep --dot").output
    let (quadruple, double) = (skills[1].digest.hex, skills[0].digest.hex)
    #expect(text.hasPrefix("digraph reef {\n  rankdir=LR;\n"))
    #expect(text.hasSuffix("}\n"))
    #expect(text.contains("\"\(quadruple)\" [label=\"demo.quadruple@1\", shape=box];"))
    #expect(text.contains("\"\(quadruple)\" -> \"\(double)\";"))
    #expect(text.contains("[label=\"int.add\", shape=plaintext];"))
    #expect(text.filter { $0 == ">" }.count == 2)
    let json = try reef("query composes demo.quadruple --deep --dot --json").output
    #expect(try JSON(parsing: json)["dot"]?.string == text)
  }

  @Test("To retire or to revive a name twice changes nothing, and says so")
  func retiredTwice() throws {
    func said(_ words: String) throws -> String { try reef("name \(words)").error }
    #expect(
      try said("revive demo.quadrupleAll")
        == "demo.quadrupleAll is in use; it was not retired.\n")
    #expect(try said("retire demo.quadrupleAll") == "demo.quadrupleAll is retired.\n")
    #expect(try said("retire demo.quadrupleAll") == "demo.quadrupleAll was retired before.\n")
    #expect(try said("revive demo.quadrupleAll") == "demo.quadrupleAll is in use again.\n")
  }

  @Test("Aliases, retiring and renaming are noted in the history")
  func history() throws {
    #expect(try reef("name alias demo.double@1 stable").exitCode == 0)
    _ = try plantSecondDouble()
    #expect(try reef("run demo.double@stable 4").output == "8\n")
    #expect(
      try reef("name alias demo.double best --json").output
        == "{\"name\":\"demo.double\",\"aliases\":{\"best\":2,\"stable\":1}}\n")
    try reef("name alias demo.double best --remove")
    try reef("name retire demo.double")
    #expect(try names("list") == ["demo.quadruple@1", "demo.quadrupleAll@1"])
    #expect(try reef("run demo.quadruple 5").output == "20\n")
    #expect(try reef("verify").exitCode == 0)
    try reef("name revive demo.double")
    try reef("name rename demo.double demo.twice")
    #expect(try names("query composes demo.quadruple") == ["demo.twice@1"])
    let events = try JSON(parsing: reef("query history demo.double --json").output)
    #expect(
      events.array?.compactMap { $0["event"]?.string } == [
        "version", "version", "alias", "alias", "aliasRemoved", "retired", "revived", "renamed",
        "retired",
      ])
    let text = try reef("query history demo.double").lines
    #expect(text[0].contains("version 1 grown, \(skills[0].digest.short)"))
    #expect(text[2].hasSuffix("alias stable moved to version 1"))
    #expect(try reef("registry check").exitCode == 0)
  }

  @Test("why tells where a version came from and what it beat")
  func why() throws {
    let second = try plantSecondDouble()
    let text = try reef("query why demo.double").output
    #expect(text.contains("version 2 grown, \(second.digest.short)"))
    #expect(text.contains("learned   for demo.double of demo, in generation 1, by enumeration"))
    #expect(text.contains("12.3 k search steps, with a budget of 4.0 M and seed 1"), "\(text)")
    #expect(text.contains("before    demo.double@1: 1 code step, 9 machine steps at size 4"))
    let json = try JSON(parsing: reef("query why demo.double --json").output)
    #expect(json["beat"]?["version"]?.int == 1)
    #expect(json["registered"]?["origin"]?.string == "grown")
  }

  @Test("An upgrade makes new versions with the newer parent, all the way up")
  func upgrade() throws {
    let second = try plantSecondDouble()
    let outcome = try reef("upgrade demo.quadruple --parent demo.double --deep")
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(
      outcome.lines.map { $0.split(separator: " ")[0] } == [
        "demo.quadruple@2", "demo.quadrupleAll@2",
      ])
    #expect(try names("query composes demo.quadruple@1") == ["demo.double@1"])
    #expect(try names("query composes demo.quadruple@2") == ["demo.double@2"])
    #expect(
      try names("query path demo.quadrupleAll int.multiply")
        == ["demo.quadrupleAll@2", "demo.quadruple@2", "demo.double@2", "int.multiply"])
    #expect(try reef("run demo.quadrupleAll '[1,2]'").output == "[4,8]\n")
    #expect(try reef("query why demo.quadruple").output.contains("version 2 upgraded"))
    #expect(try reef("verify").exitCode == 0)
    #expect(try reef("registry check").exitCode == 0)
    let again = try reef("upgrade demo.quadruple --parent \(second.digest.short)")
    #expect(again.exitCode == 1)
    #expect(again.error.contains("calls demo.double@2 already, and no other version of it."))
    let stranger = try reef("upgrade demo.double --parent demo.quadruple")
    #expect(stranger.error.contains("demo.double@2 calls no version of demo.quadruple."))
    // Back to what it was is nothing new.
    let back = try reef("upgrade demo.quadruple --parent demo.double@1")
    #expect(
      back.exitCode == 0 && back.error.contains("demo.quadruple@2 stays the latest"), "\(back)")
  }

  @Test("An upgrade that does not pass changes nothing")
  func failingUpgrade() throws {
    _ = try plantSecondDouble(result: "x")
    let before = try reef("registry dump").output
    let outcome = try reef("upgrade demo.quadruple --parent demo.double --deep")
    #expect(outcome.exitCode == 1)
    #expect(outcome.error.contains("A stored test now gives 3, not 12."))
    #expect(try reef("registry dump").output == before)
  }
}

@Suite("Sharing and keeping a registry, from the command line")
struct KeepingTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.plant()
  }

  private func reef(_ words: String, _ registry: String = "registry") throws -> Sandbox.Outcome {
    try sandbox.shell("reef \(words) --registry \(registry).sqlite")
  }

  @Test("A library goes out as a whole or by pattern, and comes in as a bundle or a registry")
  func transfer() throws {
    #expect(try reef("export --all -o all.reef").exitCode == 0)
    #expect(try reef("export 'demo.quadruple*' -o some.reef").exitCode == 0)
    #expect(try reef("export 'other.*' -o none.reef").exitCode == 3)
    #expect(try reef("export -o none.reef").exitCode == 2)
    #expect(try reef("import all.reef --verify", "a").exitCode == 0)
    #expect(try reef("import registry.sqlite --verify", "b").exitCode == 0)
    #expect(try reef("import some.reef", "c").exitCode == 0)
    let dump = try reef("registry dump").output
    #expect(dump.split(separator: "\n").count == 9)
    for copy in ["a", "b", "c"] { #expect(try reef("registry dump", copy).output == dump) }
    let again = try reef("import b.sqlite --json").output
    #expect(try JSON(parsing: again)["added"] == [])
    #expect(try JSON(parsing: again)["known"]?.array?.count == 3)
  }

  @Test("A skill whose own tests fail is not let in under --verify")
  func verification() throws {
    let registry = try Registry(path: sandbox.path("wrong.sqlite"))
    let double = try #require(try registryOfFixture().resolve("demo.double") as Skill?)
    _ = try registry.register([
      NewSkill(
        name: "demo.wrong", summary: "", code: double.code,
        tests: [TestCase(input: [.int(4)], output: .int(9))], certificate: double.certificate,
        provenance: double.provenance)
    ])
    let outcome = try reef("import wrong.sqlite --verify")
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.error
        == "reef: demo.wrong@1 did not pass its verification: Test 0 gives 8, not 9. Nothing was "
        + "imported.\n")
    #expect(try reef("show demo.wrong").exitCode == 3)
    #expect(try reef("import wrong.sqlite").exitCode == 0)
  }

  @Test("A registry that is cut short is told to be beyond repair, by check itself too")
  func cutShort() throws {
    let whole = try sandbox.bytes(of: "registry.sqlite")
    try whole.prefix(whole.count / 3).write(to: sandbox.folder.appendingPathComponent("cut.sqlite"))
    for command in ["check", "check --repair"] {
      let outcome = try reef("registry \(command)", "cut")
      #expect(
        outcome.exitCode == 3 && outcome.error.contains("damaged beyond repair"), "\(outcome)")
    }
  }

  @Test("No file that is written replaces the registry itself")
  func overTheRegistry() throws {
    let before = try sandbox.bytes(of: "registry.sqlite")
    for command in ["export demo.double", "emit demo.double --language c"] {
      let outcome = try reef("\(command) -o ./registry.sqlite")
      #expect(outcome.exitCode == 1 && outcome.error.contains("would replace the registry itself"))
    }
    #expect(try sandbox.bytes(of: "registry.sqlite") == before)
  }

  @Test("A bundle comes through a pipe as well, and what it says steers no terminal")
  func pipes() throws {
    #expect(try reef("export demo.double -o double.reef").exitCode == 0)
    let piped = try sandbox.shell(
      "cat double.reef | reef import /dev/stdin --registry piped.sqlite")
    #expect(piped.exitCode == 0 && piped.error.contains("1 added"), "\(piped)")
    for flag in ["", "--json"] {
      let hostile = try reef("show 'a\u{1B}[2J\nb\u{202E}' \(flag)")
      #expect(hostile.exitCode == 3)
      #expect(
        hostile.error.dropLast().unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 },
        "\(hostile)")
    }
  }

  @Test("A signature is made and verified with ssh-keygen", .enabled(if: hasSSHKeygen))
  func signing() throws {
    #expect(try reef("export demo.double -o layer.reef").exitCode == 0)
    let outcome = try sandbox.shell(
      """
      ssh-keygen -q -t ed25519 -N '' -f key &&
      echo "you@example.org $(cat key.pub)" > allowed_signers &&
      ssh-keygen -Y sign -f key -n reef layer.reef &&
      ssh-keygen -Y verify -f allowed_signers -I you@example.org -n reef \
        -s layer.reef.sig < layer.reef && echo x >> layer.reef &&
      ! ssh-keygen -Y verify -f allowed_signers -I you@example.org -n reef \
        -s layer.reef.sig < layer.reef
      """)
    #expect(outcome.exitCode == 0, "\(outcome)")
  }

  private func registryOfFixture() throws -> Registry {
    try Registry(path: sandbox.path("registry.sqlite"), access: .reading)
  }

  @Test("Garbage goes when it is asked to, a copy is made, an index is made anew")
  func care() throws {
    #expect(try reef("registry backup copy.sqlite").exitCode == 0)
    #expect(try reef("registry backup copy.sqlite").exitCode == 1)
    #expect(try reef("name retire demo.quadrupleAll").exitCode == 0)
    let trial = try reef("registry gc --dry-run")
    #expect(trial.output == "demo.quadrupleAll@1\n")
    #expect(trial.error.contains("3 objects"))
    #expect(try reef("list --all").lines.count == 2)
    #expect(try reef("registry gc").output == "demo.quadrupleAll@1\n")
    #expect(try reef("registry gc").output == "")
    #expect(try reef("registry check --repair").exitCode == 0)
    let stats = try JSON(parsing: reef("registry stats --json").output)
    let said = try reef("registry stats").output
    #expect(said.contains("\(try #require(stats["sqlite"]?.string))"))
    #expect(said.contains("held over every write"))
    #expect(said.contains("can lose data") == stats["mayResetLog"]?.bool)
    #expect(
      stats["settings"] == [
        "journalMode": "wal", "synchronous": true, "pageSize": 16384, "foreignKeys": true,
        "automaticCheckpoints": false, "trustedSchema": false, "defensive": true,
        "lock": "registry.sqlite-lock",
      ])
    #expect(try reef("list", "copy").lines.count == 3)
  }

  @Test("A registry that is up to date stays so, and none is made")
  func migration() throws {
    #expect(try reef("registry migrate --json").output == "{\"schema\":5,\"copy\":null}\n")
    let missing = try reef("registry migrate", "missing")
    #expect(missing.exitCode == 3)
    #expect(!sandbox.exists("missing.sqlite"))
  }
}

private let hasSSHKeygen = FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")
