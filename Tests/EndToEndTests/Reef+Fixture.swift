import ReefMachine
import ReefRegistry

extension Sandbox {
  /// Registers three small skills under `name`, each calling the one before: what a growth leaves,
  /// without a search.
  @discardableResult
  func plant(_ name: String = "registry.sqlite") throws -> [Skill] {
    let registry = try Registry(path: path(name))
    var digests: [String: Digest] = [:]
    return try Sandbox.texts.flatMap { name, text, tests in
      let code = try SkillCode(parsing: Sandbox.assembled(text, digests))
      digests[name] = code.digest
      return try registry.register([
        NewSkill(
          name: name, summary: "An example for tests of the command line.", code: code,
          tests: tests,
          certificate: Certificate(
            method: .sampled, seed: 1, checks: [.init(size: 4, count: 2, steps: 9)], tolerance: 0),
          provenance: Provenance(
            task: name, curriculum: "demo", generation: 1, learner: "enumeration", seed: 1,
            searchSteps: 12_345, budget: 4_000_000, candidates: 678, pluginHash: ""))
      ])
    }
  }

  private static let texts: [(name: String, text: String, tests: [TestCase])] = [
    (
      "demo.double",
      """
      skill (x: int) -> int
        s0 = int.add x x
        return s0

      """,
      [TestCase(input: [.int(4)], output: .int(8))]
    ),
    (
      "demo.quadruple",
      """
      skill (x: int) -> int
        s0 = demo.double x
        s1 = demo.double s0
        return s1

      """,
      [TestCase(input: [.int(3)], output: .int(12))]
    ),
    (
      "demo.quadrupleAll",
      """
      skill (xs: [int]) -> [int]
        s0 = list.map demo.quadruple xs
        return s0

      """,
      [TestCase(input: [.ints([1, 2])], output: .ints([4, 8]))]
    ),
  ]

  /// The text with the digest behind each name of an atom or of an earlier skill.
  private static func assembled(_ text: String, _ digests: [String: Digest]) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let digest = digests[String(word)] ?? Atoms.named(String(word))?.digest
      return word + (digest.map { "#\($0.hex)" } ?? "")
    }.joined(separator: " ")
  }
}
