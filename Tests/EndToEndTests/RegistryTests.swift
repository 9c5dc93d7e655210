import Foundation
import ReefMachine
import Testing

@Suite("A registry, from the command line")
struct RegistryTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.plant()
  }

  @discardableResult
  private func reef(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("REEF_REGISTRY=registry.sqlite; export REEF_REGISTRY; reef \(words)")
  }

  @Test("list names every skill with its signature")
  func list() throws {
    let outcome = try reef("list")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.lines.map { $0.split(separator: " ")[0] }
        == ["demo.double@1", "demo.quadruple@1", "demo.quadrupleAll@1"])
    #expect(outcome.lines[2].hasSuffix("  (xs: [int]) -> [int]"))
    #expect(try reef("list --registry registry.sqlite").output == outcome.output)
  }

  @Test(
    "A skill runs by name, version and digest",
    arguments: ["demo.quadruple", "demo.quadruple@1", "demo.quadruple@latest", "DIGEST"])
  func run(reference: String) throws {
    let digest = try reef("show demo.quadruple --json").field("digest")
    let reference = reference == "DIGEST" ? String(digest.prefix(10)) : reference
    #expect(try reef("run \(reference) 5").output == "20\n")
    #expect(try reef("run demo.quadrupleAll '[1,2,3]'").output == "[4,8,12]\n")
  }

  @Test("show tells code, parents, certificate and provenance")
  func show() throws {
    let text = try reef("show demo.quadruple").output
    #expect(text.hasPrefix("demo.quadruple@1\nAn example for tests of the command line.\n\n"))
    #expect(text.contains("\nskill (x: int) -> int\n"))
    #expect(text.contains("\n  s1 = demo.double#"))
    #expect(text.contains("calls     demo.double"))
    #expect(text.contains("verified  sampled with seed 1: size 4 (2 inputs, 9 steps)"))
    #expect(text.contains("learned   for demo.quadruple of demo, in generation 1, by enumeration"))
    let code = try reef("show demo.quadruple --code").output
    #expect(code.contains("  return s1\n"))
    #expect(try reef("show list.map").output.contains("An atom"))
  }

  @Test("Lineage goes both ways and to any depth")
  func lineage() throws {
    func names(_ words: String) throws -> [String] {
      try reef(words).lines.map { String($0.prefix { $0 != " " }) }
    }
    #expect(try names("query composes demo.quadruple") == ["demo.double@1"])
    #expect(
      Set(try names("query composes demo.quadrupleAll --deep"))
        == ["demo.quadruple@1", "demo.double@1", "list.map", "int.add"])
    #expect(try names("query users demo.double") == ["demo.quadruple@1"])
    #expect(
      Set(try names("query users int.add --deep"))
        == ["demo.double@1", "demo.quadruple@1", "demo.quadrupleAll@1"])
    #expect(
      try names("query path demo.quadrupleAll int.add")
        == ["demo.quadrupleAll@1", "demo.quadruple@1", "demo.double@1", "int.add"])
    let none = try reef("query path demo.double demo.quadruple")
    #expect(none.exitCode == 1)
    #expect(none.error.hasPrefix("reef: 'demo.double' does not call 'demo.quadruple'"))
  }

  @Test("Search finds words of names and summaries")
  func search() throws {
    #expect(try reef("query search quadruple all").lines[0].hasPrefix("demo.quadrupleAll@1"))
    #expect(try reef("query search zebra").output.isEmpty)
    #expect(try reef("query search '\"(*' AND").exitCode == 0)
  }

  @Test(
    "An unknown skill is answered with the closest name",
    arguments: ["run", "show", "query users", "export -o x"])
  func unknownSkill(command: String) throws {
    let outcome = try reef("\(command) demo.quadrupel")
    #expect(outcome.exitCode == 3)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.contains("'demo.quadrupel'"))
    #expect(outcome.error.contains("Did you mean 'demo.quadruple'?"))
    let json = try reef("\(command) demo.quadrupel --json")
    #expect(json.error.hasPrefix("{\"error\":{\"code\":\"skillNotFound\""))
  }

  @Test(
    "What is done with skills alone says of an atom that it is one",
    arguments: [
      "emit --language c", "export -o x", "verify", "upgrade --parent demo.double",
      "weights export -o x", "query why", "query history", "name retire", "name revive",
    ])
  func atom(command: String) throws {
    let outcome = try reef("\(command) int.add")
    #expect(outcome.exitCode == 3)
    #expect(outcome.error.hasPrefix("reef: 'int.add' is an atom; only skills that were learned "))
    #expect(!sandbox.exists("x"))
    let parent = try reef("upgrade demo.double --parent int.add")
    #expect(parent.error.hasPrefix("reef: 'int.add' is an atom; "))
  }

  @Test(
    "Digests name atoms as they name skills, in letters of either case",
    arguments: ["show", "run", "query users", "query path demo.double"])
  func digests(command: String) throws {
    let values = command == "run" ? " 2 3" : ""
    let named = try reef("\(command) int.add\(values)")
    #expect(named.exitCode == 0)
    #expect(try reef("\(command) 6a06e466\(values)").output == named.output)
    #expect(try reef("\(command) 6A06E4661F\(values)").output == named.output)
    let digest = try reef("show demo.double --json").field("digest").prefix(12).uppercased()
    #expect(try reef("show \(digest)").output == reef("show demo.double").output)
    let unknown = try reef("\(command) 6a06e467\(values)")
    #expect(unknown.error.hasPrefix("reef: No skill is named '6a06e467'."))
  }

  struct Unwritable: Sendable, CustomTestStringConvertible {
    let words: String
    let message: String
    var testDescription: String { "reef \(words)" }
  }

  @Test(
    "A file that cannot be written is the reason with the way on, and exit code 1",
    arguments: [
      Unwritable(
        words: "export demo.double -o none/x.reef",
        message: "The bundle 'none/x.reef' cannot be written: No such file or directory. "
          + "'-o FILE' names another."),
      Unwritable(
        words: "export demo.double -o .",
        message: "The bundle '.' cannot be written: Is a directory. '-o FILE' names another."),
      Unwritable(
        words: "emit demo.double --language c -o registry.sqlite/x.c",
        message: "The source file 'registry.sqlite/x.c' cannot be written: Not a directory. "
          + "'-o FILE' names another."),
      Unwritable(
        words: "registry backup none/b.sqlite",
        message: "The copy none/b.sqlite cannot be written: No such file or directory. "
          + "Name another file."),
      Unwritable(
        words: "registry backup registry.sqlite",
        message: "The copy registry.sqlite cannot be written: there is a file already. "
          + "Name another file."),
      Unwritable(
        words: "import registry.sqlite --registry /proc/x.sqlite",
        message: "There is no registry at /proc/x.sqlite, and none can be made there: "
          + "No such file or directory. '--registry PATH' names another place."),
      Unwritable(
        words: "import registry.sqlite --registry registry.sqlite/deep/x.sqlite",
        message:
          "There is no registry at registry.sqlite/deep/x.sqlite, and none can be made there: "
          + "its folder FOLDER/registry.sqlite/deep cannot be made (Not a directory). "
          + "'--registry PATH' names another place."),
    ])
  func unwritable(slip: Unwritable) throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path)
    let outcome = try reef(slip.words)
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.isEmpty)
    let folder = try sandbox.shell("pwd").output.dropLast()
    #expect(
      outcome.error == "reef: \(slip.message.replacing("FOLDER", with: folder))\n")
    let after = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path)
    #expect(Set(after) == Set(before))
  }

  @Test("A file that is replaced keeps its mode, and nothing else is left")
  func replaced() throws {
    try sandbox.write("old", to: "x.c")
    try sandbox.shell("chmod 640 x.c")
    #expect(try reef("emit demo.double --language c -o x.c").exitCode == 0)
    #expect(try sandbox.shell("stat -c %a x.c; ls | grep -c part").output == "640\n0\n")
    #expect(try reef("emit demo.double --language c -o /dev/null").exitCode == 0)
  }

  @Test(
    "Under --json a command prints one JSON value",
    arguments: [
      "run int.add 1 2", "list", "list --atoms", "show demo.double", "show demo.double --code",
      "query composes demo.quadruple --dot", "query users demo.double --dot",
      "query path demo.quadruple demo.double --dot", "query why demo.double",
      "query history demo.double", "query unused", "query common", "query weights demo.double",
      "query search double", "verify", "export demo.double -o a.reef",
      "emit demo.double --language c", "emit demo.double --language c -o a.c",
      "name alias demo.double stable", "name retire demo.double", "registry check",
      "registry stats", "registry gc --dry-run", "registry backup b.sqlite", "registry migrate",
      "import registry.sqlite", "plugin list", "plugin inputs sorting.sort --count 3",
      "plugin check sorting", "bench",
    ])
  func oneValue(words: String) throws {
    let outcome = try reef("\(words) --json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.error.isEmpty)
    #expect(throws: Never.self, "\(outcome)") { try JSON(parsing: outcome.output) }
  }

  @Test("A bundle carries a skill with all that it calls into another registry")
  func bundle() throws {
    #expect(try reef("export demo.quadruple -o quadruple.reef").exitCode == 0)
    let other = "--registry other.sqlite"
    #expect(try sandbox.shell("reef import quadruple.reef \(other)").exitCode == 0)
    #expect(try sandbox.shell("reef run demo.quadruple 5 \(other)").output == "20\n")
    #expect(
      try sandbox.shell("reef list \(other)").lines.map { $0.split(separator: " ")[0] }
        == ["demo.double@1", "demo.quadruple@1"])
    #expect(try sandbox.shell("reef verify \(other)").exitCode == 0)
    #expect(try sandbox.shell("reef export demo.quadruple -o again.reef \(other)").exitCode == 0)
    #expect(try sandbox.bytes(of: "again.reef") == sandbox.bytes(of: "quadruple.reef"))
  }

  @Test("A damaged bundle is refused and changes nothing")
  func damagedBundle() throws {
    try reef("export demo.quadruple -o whole.reef")
    var bytes = try sandbox.bytes(of: "whole.reef")
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: sandbox.folder.appendingPathComponent("flipped.reef"))
    try bytes.prefix(100).write(to: sandbox.folder.appendingPathComponent("short.reef"))
    try sandbox.write("no bundle", to: "garbage.reef")
    let before = try reef("list --json").output
    for name in ["flipped.reef", "short.reef", "garbage.reef", "missing.reef"] {
      let outcome = try reef("import \(name)")
      #expect(outcome.exitCode == 3, "\(name): \(outcome)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.error.hasPrefix("reef: "))
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
    #expect(try reef("list --json").output == before)
  }

  @Test("check and stats agree that all is well")
  func check() throws {
    let check = try reef("registry check")
    #expect(check.exitCode == 0, "\(check)")
    #expect(try reef("registry stats").output.contains("3"))
  }

  @Test("verify re-runs the stored tests")
  func verify() throws {
    let outcome = try reef("verify")
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(outcome.lines.count == 3)
    #expect(try reef("verify demo.double").lines.count == 1)
  }

  @Test("A closed pipe ends a command quietly")
  func closedPipe() throws {
    let outcome = try sandbox.shell("reef list --atoms | head -1")
    #expect(outcome.exitCode == 0)
    #expect(outcome.lines.count == 1)
    #expect(outcome.error.isEmpty)
  }
}

@Suite("Bad registries")
struct BadRegistryTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func expectRefusal(_ registry: String, code: String) throws {
    for command in ["list", "import whole.reef"] {
      let outcome = try sandbox.shell("reef \(command) --registry \(registry)")
      #expect(outcome.exitCode == 3, "\(command): \(outcome)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.error.hasPrefix("reef: "))
      #expect(outcome.error.split(separator: "\n").count == 1)
      #expect(outcome.error.contains(registry), "\(outcome)")
      let json = try sandbox.shell("reef \(command) --registry \(registry) --json")
      #expect(json.error.hasPrefix("{\"error\":{\"code\":\"\(code)\""), "\(json)")
    }
  }

  /// A bundle to import, so that what is refused is the registry.
  private func makeBundle() throws {
    try sandbox.plant("good.sqlite")
    try sandbox.shell("reef export demo.double -o whole.reef --registry good.sqlite")
  }

  @Test("What cannot be imported makes no registry", arguments: ["broken.reef", "missing.reef"])
  func refusedImportMakesNothing(file: String) throws {
    try sandbox.write("no bundle at all", to: "broken.reef")
    let outcome = try sandbox.shell("reef import \(file) --registry none.sqlite")
    #expect(outcome.exitCode == 3, "\(outcome)")
    #expect(outcome.error.contains(file == "broken.reef" ? "no zip file" : file), "\(outcome)")
    #expect(try sandbox.shell("ls none.sqlite*").exitCode != 0)
  }

  @Test("A folder is no registry")
  func directory() throws {
    try makeBundle()
    try FileManager.default.createDirectory(
      at: sandbox.folder.appendingPathComponent("folder"), withIntermediateDirectories: false)
    try expectRefusal("folder", code: "registryUnreadable")
  }

  @Test("A file that is no database stays as it was")
  func garbage() throws {
    try makeBundle()
    let text = String(repeating: "no database at all. ", count: 300)
    try sandbox.write(text, to: "garbage.sqlite")
    try expectRefusal("garbage.sqlite", code: "registryUnreadable")
    #expect(try sandbox.bytes(of: "garbage.sqlite") == Data(text.utf8))
  }

  @Test("A registry of a newer schema is left alone")
  func newerSchema() throws {
    try makeBundle()
    try sandbox.plant("newer.sqlite")
    var bytes = try sandbox.bytes(of: "newer.sqlite")
    // SQLite's user_version: four bytes, big-endian, at offset 60 of the file.
    bytes.replaceSubrange(60..<64, with: [0, 0, 3, 231])
    try bytes.write(to: sandbox.folder.appendingPathComponent("newer.sqlite"))
    try expectRefusal("newer.sqlite", code: "schemaTooNew")
    #expect(try sandbox.bytes(of: "newer.sqlite") == bytes)
  }

  @Test(
    "A read-only registry can be read and not written",
    .enabled(if: geteuid() != 0, "the system lets its owner write everywhere"))
  func readOnly() throws {
    try makeBundle()
    try sandbox.shell(
      "mkdir locked; cp good.sqlite locked/r.sqlite; chmod 444 locked/r.sqlite; chmod 555 locked")
    defer { _ = try? sandbox.shell("chmod -R u+w locked") }
    #expect(try sandbox.shell("reef list --registry locked/r.sqlite").exitCode == 0)
    let outcome = try sandbox.shell("reef import whole.reef --registry locked/r.sqlite")
    #expect(outcome.exitCode == 3)
    #expect(outcome.error.contains("locked/r.sqlite"))
  }

  @Test("Where there is no registry, reading says so and makes none")
  func missing() throws {
    for command in ["list", "show demo.double", "query search x", "verify", "export a -o b"] {
      let outcome = try sandbox.shell("reef \(command)")
      #expect(outcome.exitCode == 3)
      #expect(
        outcome.error == "reef: There is no registry at .reef/registry.sqlite. "
          + "'reef grow CURRICULUM' makes one; '--registry PATH' names another.\n")
    }
    #expect(!sandbox.exists(".reef"))
  }
}

extension Sandbox.Outcome {
  /// A member of the JSON object that was printed.
  func field(_ name: String) throws -> String {
    try #require(try JSON(parsing: output)[name]?.string)
  }
}
