import Foundation
import ReefMachine
import ReefRegistry
import Testing

@Suite("Weights on the command line")
struct WeightsTests {
  let sandbox: Sandbox

  /// A skill, one that calls it with weights of its own, and one that calls that.
  init() throws {
    sandbox = try Sandbox()
    let registry = try Registry(path: sandbox.path("registry.sqlite"))
    func digest(_ atom: String) -> String { "\(atom)#\(Atoms.named(atom)!.digest.hex)" }
    var last: Digest?
    for (name, text) in [
      (
        "demo.axpy",
        """
        skill (a: real, x: [real], y: [real]) -> [real]
          s0 = list.map \(digest("real.multiply")){a} x
          s1 = list.map2 \(digest("real.add")) s0 y
          return s1

        """
      ),
      (
        "demo.fitted",
        """
        skill (x: [real]) -> [real]
          s0 = PARENT @a x @y
          return s0

        """
      ),
      (
        "demo.twice",
        """
        skill (x: [real]) -> [real]
          s0 = PARENT x
          s1 = PARENT s0
          return s1

        """
      ),
    ] {
      var text = text.replacing("PARENT", with: last.map { "it#\($0.hex)" } ?? "")
      for atom in ["list.map2 ", "list.map "] {
        text = text.replacing(atom, with: digest(String(atom.dropLast())) + " ")
      }
      let weights = [
        Weight(name: "a", shape: [], [0.5]), Weight(name: "y", shape: [2], [1.0 as Float, 2.5]),
      ]
      let code = try SkillCode(parsing: text, weights: name == "demo.fitted" ? weights : [])
      last = code.digest
      _ = try registry.register([
        NewSkill(
          name: name, summary: "An example.", code: code,
          tests: [],
          certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
          provenance: Provenance(
            task: name, curriculum: "demo", generation: 1, learner: "gradient", seed: 1,
            searchSteps: 1, candidates: 1, pluginHash: ""))
      ])
    }
  }

  private func reef(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("reef \(words) --registry registry.sqlite")
  }

  @Test("show tells the shapes of a skill's own weights")
  func show() throws {
    #expect(
      try reef("show demo.fitted").output.contains("\nweights   a [], y [2]: 3 numbers, 16 bytes\n")
    )
    #expect(!(try reef("show demo.twice").output.contains("weights")))
  }

  @Test("query weights tells whose weights are used")
  func query() throws {
    let lines = try reef("query weights demo.twice").lines
    #expect(lines.count == 1 && lines[0].hasPrefix("demo.fitted@1"))
    #expect(lines[0].hasSuffix("a [], y [2]: 3 numbers, 16 bytes"))
    let json = try JSON(parsing: try reef("query weights demo.fitted --json").output)
    #expect(json.array?.first?["name"]?.string == "demo.fitted")
    let weights = json.array?.first?["weights"]?.array ?? []
    #expect(weights.map { $0["name"]?.string } == ["a", "y"])
    #expect(weights.map { $0["scalar"]?.string } == ["F64", "F32"])
    #expect(weights.map { $0["shape"]?.text } == ["[]", "[2]"])
    #expect(weights.allSatisfy { $0["digest"]?.string?.count == 64 })
    let none = try reef("query weights demo.axpy")
    #expect(none.exitCode == 0 && none.output.isEmpty)
    #expect(none.error.contains("uses no weights"))
    #expect(try reef("run demo.twice '[2,4]'").output == "[2.0,4.75]\n")
  }

  @Test("Derivatives are by the arguments and by the skill's own weights")
  func derivatives() throws {
    let lines = try reef("trace demo.fitted '[2,4]' --mode jacobian --calls").lines
    #expect(
      lines.suffix(6) == [
        "∂ result[0] / ∂ x = [0.5,0.0]", "∂ result[0] / ∂ @a = 2.0",
        "∂ result[0] / ∂ @y = [1.0,0.0]", "∂ result[1] / ∂ x = [0.0,0.5]",
        "∂ result[1] / ∂ @a = 4.0", "∂ result[1] / ∂ @y = [0.0,1.0]",
      ])
    let json = try JSON(
      parsing: try reef("trace demo.fitted '[2,4]' --mode jacobian --json").lines.last ?? "")
    #expect(json["jacobian"]?.array?.first?["by"]?["@a"]?.text == "2.0")
  }

  @Test("Weights go out to a safetensors file and come back as a new version")
  func files() throws {
    #expect(try reef("weights export demo.fitted -o w.safetensors").exitCode == 0)
    let file = try Safetensors(reading: [UInt8](sandbox.bytes(of: "w.safetensors")))
    #expect(file.tensors.map(\.name) == ["a", "y"])
    #expect(file.tensors.map(\.shape) == [[], [2]])
    let same = try reef("weights import demo.fitted w.safetensors")
    #expect(same.exitCode == 3 && same.error.contains("these are the weights that it has"))
    func write(_ weights: [Weight]) throws {
      try Data(Safetensors(weights: weights).bytes).write(
        to: sandbox.folder.appendingPathComponent("w.safetensors"))
    }
    let (a, y) = (Weight(name: "a", shape: [], [2.0]), Weight(name: "y", shape: [2], [0.0, 1.0]))
    try write([a, y])
    // Nothing can show it right: it has no tests, and no task is at hand.
    let unshown = try reef("weights import demo.fitted w.safetensors")
    #expect(unshown.exitCode == 1 && unshown.error.contains("Nothing is at hand"))
    for (weights, reason) in [
      ([a], "its weights y are missing"),
      ([a, y, Weight(name: "z", shape: [], [1.0])], "it owns no weights z"),
      ([a, Weight(name: "y", shape: [1], [0.0])], "have the shape [2], not [1]"),
    ] {
      try write(weights)
      let refused = try reef("weights import demo.fitted w.safetensors")
      #expect(refused.exitCode == 3 && refused.error.contains(reason), "\(refused)")
    }
    try sandbox.write("no weights", to: "w.safetensors")
    #expect(
      try reef("weights import demo.fitted w.safetensors --json").error.contains("badWeights"))
    #expect(try reef("weights export demo.axpy -o x").error.contains("owns no weights"))
    #expect(try reef("list --all").lines.count == 3)
  }

  @Test("Weights with which a skill passes its tests are its next version")
  func importing() throws {
    let registry = try Registry(path: sandbox.path("registry.sqlite"))
    let old = try registry.resolve("demo.fitted")
    _ = try registry.register([
      NewSkill(
        name: "demo.tested", summary: old.summary, code: old.code,
        tests: [TestCase(input: [.reals([0, 0])], output: .reals([1, 2.5]))],
        certificate: old.certificate, provenance: old.provenance)
    ])
    for a in [3.0, 4.0] {
      try Data(
        Safetensors(weights: [
          Weight(name: "a", shape: [], [a]), Weight(name: "y", shape: [2], [1.0, 2.5]),
        ]).bytes
      ).write(to: sandbox.folder.appendingPathComponent("w.safetensors"))
      #expect(try reef("weights import demo.tested w.safetensors").exitCode == 0)
    }
    #expect(try reef("run demo.tested '[1,1]'").output == "[5.0,6.5]\n")
    #expect(try reef("run demo.tested@1 '[1,1]'").output == "[1.5,3.0]\n")
    #expect(try reef("query history demo.tested").lines.count == 3)
    try Data(
      Safetensors(weights: [
        Weight(name: "a", shape: [], [1.0]), Weight(name: "y", shape: [2], [1.0, 2.25]),
      ]).bytes
    ).write(to: sandbox.folder.appendingPathComponent("w.safetensors"))
    #expect(try reef("weights import demo.tested w.safetensors").exitCode == 1)
    #expect(try reef("registry check").exitCode == 0)
  }

  @Test("A written-out program holds the weights")
  func emission() throws {
    let program = try reef("emit demo.twice --language python")
    #expect(program.exitCode == 0 && program.output.contains("2.5"))
  }
}
