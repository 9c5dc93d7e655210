import ReefMachine
import ReefRegistry
import Testing

/// Skills on types that they declare, through every command that meets them.
@Suite("Declared types")
struct DeclaredTypesTests {
  let sandbox: Sandbox

  private static let tree = "type tree(a) = leaf | node(a, tree(a), tree(a))"
  private static let named = "type named(a) = {name: [int], value: a}"
  private static let small = #"{"node":[2,{"node":[1,{"leaf":[]},{"leaf":[]}]},{"leaf":[]}]}"#

  init() throws {
    sandbox = try Sandbox()
    let registry = try Registry(path: sandbox.path("registry.sqlite"))
    var digests: [String: Digest] = [:]
    let types = try TypeDefinition.parsing([DeclaredTypesTests.tree])
    let type = try Type(parsing: "tree(int)", types: types)
    let value = try Value(json: JSON(parsing: DeclaredTypesTests.small), as: type)
    for (name, text, tests) in [
      (
        "demo.sumNode",
        "skill (x: int, l: int, r: int) -> int\n  s0 = int.add l r\n  s1 = int.add x s0\n  return s1\n",
        []
      ),
      (
        "demo.sum",
        "\(DeclaredTypesTests.tree)\nskill (t: tree(int)) -> int\n  s0 = tree.fold 0 demo.sumNode t\n"
          + "  return s0\n",
        [TestCase(input: [value], output: .int(3))]
      ),
      (
        "demo.named",
        "\(DeclaredTypesTests.named)\n\(DeclaredTypesTests.tree)\n"
          + "skill (t: tree(int), n: named(a)) -> named(int)\n  s0 = demo.sum t\n"
          + "  s1 = named.name n\n  s2 = named.make s1 s0\n  return s2\n",
        []
      ),
    ] as [(String, String, [TestCase])] {
      let code = try SkillCode(naming: text) { digests[$0] }
      digests[name] = code.digest
      _ = try registry.register([
        NewSkill(
          name: name, summary: "An example of declared types.", code: code, tests: tests,
          certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
          provenance: Provenance(
            task: name, curriculum: "demo", generation: 1, learner: "hand", seed: 1,
            searchSteps: 0, candidates: 0, pluginHash: ""))
      ])
    }
  }

  private func reef(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("reef \(words)")
  }

  @Test("A skill runs on them and tells what is no value")
  func run() throws {
    #expect(try reef("run demo.sum '\(Self.small)' --registry registry.sqlite").output == "3\n")
    let named = try reef(
      "run demo.named '\(Self.small)' '{\"value\":true,\"name\":[7]}' --registry registry.sqlite")
    #expect(named.output == "{\"name\":[7],\"value\":3}\n", "\(named)")
    let wrong = try reef(
      "run demo.sum '{\"node\":[1,{\"leaf\":[]},{\"leef\":[]}]}' --registry registry.sqlite")
    #expect(wrong.exitCode == 3)
    #expect(wrong.error.contains("at .node[2]") && wrong.error.contains("did you mean 'leaf'?"))
    let variable = try reef(
      "run demo.named '\(Self.small)' '{\"value\":[1,true],\"name\":[]}' --registry registry.sqlite"
    )
    #expect(variable.exitCode == 0, "\(variable)")
  }

  @Test("Its code is shown with its types, and reads back")
  func show() throws {
    let shown = try reef("show demo.named --registry registry.sqlite").output
    #expect(
      shown.contains("\(Self.named)\n\(Self.tree)\nskill (t: tree(int), n: named(a)) -> named(int)")
    )
    #expect(shown.contains("named.make#"), "\(shown)")
    let code = try reef("show demo.sum --code --registry registry.sqlite").output
    let read = try SkillCode(parsing: code)
    #expect(
      try reef("show demo.sum --json --registry registry.sqlite").output.contains(read.digest.hex))
  }

  @Test("A run of it is traced")
  func trace() throws {
    let lines = try reef("trace demo.sum '\(Self.small)' --registry registry.sqlite").lines
    #expect(lines.contains { $0.contains("tree.fold 0 demo.sumNode") }, "\(lines)")
    #expect(lines.filter { $0.contains("round") }.count >= 2)
    #expect(lines.last?.contains("→ 3") == true)
    let states = try reef("trace demo.sum '\(Self.small)' --state --registry registry.sqlite").lines
    #expect(states.contains { $0.contains("{\"constructor\":\"leaf\",\"fields\":[],\"owners\":") })
    let actions = try reef("trace demo.sum '\(Self.small)' --actions --registry registry.sqlite")
    #expect(
      actions.lines.filter { $0.contains("\"action\":\"CONTINUE\"") }.count == 2, "\(actions)")
    #expect(actions.lines.last == "{\"result\":3,\"cut\":false}")
  }

  @Test("Its lineage has the atoms of its types")
  func lineage() throws {
    let parents = try reef("query composes demo.sum --registry registry.sqlite").output
    #expect(parents.contains("tree.fold") && parents.contains("demo.sumNode"), "\(parents)")
    let users = try reef("query users demo.sum --registry registry.sqlite").output
    #expect(users.contains("demo.named"))
    let dot = try reef("query composes demo.named --deep --dot --registry registry.sqlite").output
    #expect(dot.contains("label=\"named.make\""), "\(dot)")
  }

  @Test("It is found by its type, whatever else is declared under that name")
  func search() throws {
    func found(_ type: String) throws -> [String] {
      let outcome = try reef("query search --type '\(type)' --json --registry registry.sqlite")
      #expect(outcome.exitCode == 0, "\(outcome)")
      return try JSON(parsing: outcome.output).array?.compactMap { $0["name"]?.string } ?? []
    }
    #expect(try found("(t: tree(int)) -> int") == ["demo.sum"])
    #expect(try found("(tree(int), named(b)) -> named(int)") == ["demo.named"])
    #expect(try found("(tree(real)) -> int") == [])
    let slip = try reef("query search --type '(x: in) -> int' --registry registry.sqlite")
    #expect(
      slip.error == "No skill fits '(in) -> int', in which 'in' would be declared by the skill.\n")
    for wrong in ["(tree()) -> int", "(Tree) -> int", "(t(int)) -> int", "(list(int)) -> int"] {
      #expect(try reef("query search --type '\(wrong)'").exitCode == 2)
    }
  }

  @Test("It goes through a bundle into another registry, which is sound")
  func bundle() throws {
    let all = try reef("export demo.named -o named.reef --registry registry.sqlite")
    #expect(all.exitCode == 0, "\(all)")
    let imported = try reef("import named.reef --registry other.sqlite")
    #expect(imported.exitCode == 0, "\(imported)")
    #expect(try reef("run demo.sum '\(Self.small)' --registry other.sqlite").output == "3\n")
    let check = try reef("registry check --registry other.sqlite")
    #expect(check.exitCode == 0, "\(check)")
    // A bundle whose text says another type is refused: the digest covers it.
    let again = try reef("export demo.named -o again.reef --registry other.sqlite")
    #expect(again.exitCode == 0)
    #expect(try sandbox.bytes(of: "named.reef") == sandbox.bytes(of: "again.reef"))
  }

  @Test("It is written out as a program", arguments: ["python"])
  func emit(language: String) throws {
    let run = try reef(
      """
      emit demo.named --registry registry.sqlite --language \(language) -o program.py &&
      python3 program.py '\(Self.small)' '{"name":[1,2],"value":5}'
      """)
    #expect(run.output == "{\"name\":[1,2],\"value\":3}\n", "\(run)")
  }
}
