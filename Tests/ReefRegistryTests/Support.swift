import Foundation
import ReefMachine
import ReefTasks

@testable import ReefRegistry

/// A folder of a test's own, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "reef-registry-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String = "registry.sqlite") -> String { path + "/" + name }

  func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// Runs statements on a registry that no other program could: its triggers are gone meanwhile.
func damage(_ path: String, _ statements: String...) throws {
  let database = try Database(path: path, mode: .existing)
  let triggers = try database.rows(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
  ) { (name: $0.text(0), sql: $0.text(1)) }
  for trigger in triggers { try database.run("DROP TRIGGER \(trigger.name)") }
  for statement in statements { try database.run(statement) }
  for trigger in triggers { try database.run(trigger.sql) }
}

func atom(_ name: String) -> Digest { Atoms.named(name)!.digest }

/// A skill whose code is written with `{name}` for atoms and `{0}`, `{1}` … for `parents`, and reads
/// all the weights.
func newSkill(
  _ name: String, _ code: String, parents: [Digest] = [], weights: [Weight] = [],
  summary: String = "",
  tests: [TestCase] = [], generation: Int = 1, seed: Int = 1
) throws -> NewSkill {
  var text = "skill "
  var rest = Substring(code)
  while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
    text += rest[..<start]
    let word = String(rest[rest.index(after: start)..<end])
    if let atom = Atoms.named(word) {
      text += "\(atom.name)#\(atom.digest.hex)"
    } else if let index = Int(word), parents.indices.contains(index) {
      text += "p#\(parents[index].hex)"
    } else {
      text += "{\(word)}"
    }
    rest = rest[rest.index(after: end)...]
  }
  text += rest + "\n"
  return NewSkill(
    name: name, summary: summary, code: try SkillCode(parsing: text, weights: weights),
    tests: tests,
    certificate: Certificate(
      method: .sampled, seed: seed, checks: [.init(size: 64, count: 20, steps: 900, wrong: 2)],
      tolerance: 1e-9),
    provenance: Provenance(
      task: name, curriculum: "test", generation: generation, learner: "enumeration", seed: seed,
      searchSteps: 1_000, budget: generation == 1 ? nil : 4_000, candidates: 10, pluginHash: ""))
}

/// `x + constant`: a skill for each constant.
func adding(_ constant: Int, name: String? = nil, summary: String = "") throws -> NewSkill {
  try newSkill(
    name ?? "demo.add\(constant)", "(x: int) -> int\n  s0 = {int.add} x \(constant)\n  return s0",
    summary: summary, tests: [TestCase(input: [.int(5)], output: .int(5 + constant))])
}

/// Two skills with all the forms of code and data that a registry meets: captures, function
/// operands, list constants, reals, pairs, text beyond ASCII.
func richSkills() throws -> [NewSkill] {
  let scaled = try newSkill(
    "numbers.scaledBy", "(x: int, k: int) -> int\n  s0 = {int.multiply} x k\n  return s0",
    summary: "x times k", tests: [TestCase(input: [.int(3), .int(-4)], output: .int(-12))])
  let lists = try newSkill(
    "numbers.scaledLists",
    """
    (xs: [int], k: int) -> ([int], [real])
      s0 = {list.map} {0}{k} xs
      s1 = {list.concat} s0 [1, -2]
      s2 = {list.fold} {int.add} 0 s1
      s3 = {list.append} s1 s2
      s4 = {list.append} [0.5, #inf, -0.0] 1e-09
      s5 = {pair.make} s3 s4
      return s5
    """, parents: [scaled.code.digest], summary: "Scales \"every\" number,\nsetzt ½ an 🪸.",
    tests: [
      TestCase(
        input: [.ints([1, 2]), .int(2)],
        output: .pair(.ints([2, 4, 1, -2, 5]), .reals([0.5, .infinity, -0.0, 1e-9]))),
      TestCase(input: [.list([]), .int(0)], output: .pair(.ints([1, -2]), .reals([.nan]))),
    ], generation: 3, seed: 7)
  return [scaled, lists]
}

/// A skill that owns weights, of which two are equal.
func weighted(name: String = "demo.weighted", seed: UInt64 = 1) throws -> NewSkill {
  var random = SplitMix64(seed: seed)
  let bias = (0..<24).map { _ in Double(random.int(in: -1000...1000)) / 999 }
  let hidden = (0..<40).map { _ in Float(random.int(in: -1000...1000)) / 7 }
  return try newSkill(
    name,
    """
    (x: [real]) -> [[real]]
      s0 = {list.concat} @out.bias @copy
      s1 = {list.map} {real.multiply}{@scale} x
      s2 = {list.append} @hidden s1
      s3 = {list.concat} s0 s2
      return s3
    """,
    weights: [
      Weight(name: "out.bias", shape: [4, 6], bias), Weight(name: "hidden", shape: [8, 5], hidden),
      Weight(name: "copy", shape: [4, 6], bias), Weight(name: "scale", shape: [], [0.5 as Float]),
    ],
    tests: [
      TestCase(
        input: [.reals([-3])],
        output: .list(
          (0..<4).map { .reals(Array(bias[6 * $0..<6 * $0 + 6])) }
            + (0..<4).map { .reals(Array(bias[6 * $0..<6 * $0 + 6])) }
            + (0..<8).map { .reals(hidden[5 * $0..<5 * $0 + 5].map(Double.init)) }
            + [.reals([-1.5])]))
    ])
}

/// `count` skills, each of which calls up to three of those before it and some atoms.
func randomLibrary(count: Int, seed: UInt64) throws -> [NewSkill] {
  var random = SplitMix64(seed: seed)
  var skills: [NewSkill] = []
  for index in 0..<count {
    var lines = ["(x: int) -> int", "  s0 = {int.add} x \(index)"]
    var parents: [Digest] = []
    for _ in 0..<min(index, random.int(in: 0...3)) {
      let parent = skills[random.int(in: 0...(index - 1))].code.digest
      lines.append("  s\(lines.count - 1) = {\(parents.count)} s\(lines.count - 2)")
      parents.append(parent)
    }
    lines.append("  s\(lines.count - 1) = {int.\(["min", "max"][index % 2])} x s\(lines.count - 2)")
    lines.append("  return s\(lines.count - 2)")
    skills.append(
      try newSkill(
        "random.skill\(index)", lines.joined(separator: "\n"), parents: parents,
        generation: index + 1))
  }
  return skills
}

extension Registry {
  /// As `reef import` does.
  func importBundle(
    _ bytes: [UInt8], verifier: (any ImportVerifier)? = nil
  ) throws(RegistryError) -> ImportReport {
    try add(try ReefRegistry.Bundle(bytes: bytes), verifier: verifier)
  }
}

/// The error that `body` throws, or nil.
func registryError(_ body: () throws -> Void) -> RegistryError? {
  do {
    try body()
    return nil
  } catch {
    return error as? RegistryError
  }
}

extension Skill {
  func renamed(_ name: String, version: Int? = nil) -> Skill {
    Skill(
      digest: digest, name: name, version: version ?? self.version, summary: summary, code: code,
      certificate: certificate, provenance: provenance)
  }
}

/// The seeds of a test that can be run for longer: `count` of them, `REEF_TRIALS` times as many where
/// that is set, from `REEF_SEED` on.
func seeds(_ count: Int) -> Range<UInt64> {
  let environment = ProcessInfo.processInfo.environment
  let first = UInt64(environment["REEF_SEED"] ?? "") ?? 0
  return first..<first + UInt64(count * trials)
}

/// How many times as many trials are asked for as a quick run of the tests makes.
let trials = max(1, Int(ProcessInfo.processInfo.environment["REEF_TRIALS"] ?? "") ?? 1)

/// Where Python is, which checks our formats with code that is not ours.
let python3: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
  .split(separator: ":").map { "\($0)/python3" }
  .first { FileManager.default.isExecutableFile(atPath: $0) }

/// Runs a script of Python's; what it prints. An exit code other than 0 throws what it says.
func runPython(_ script: String, _ arguments: String...) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: python3 ?? "python3")
  process.arguments = ["-c", script] + arguments
  let (output, error) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = error
  try process.run()
  let printed = output.fileHandleForReading.readDataToEndOfFile()
  let said = error.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw PythonFailure(description: String(decoding: said, as: UTF8.self))
  }
  return String(decoding: printed, as: UTF8.self)
}

struct PythonFailure: Error, CustomStringConvertible {
  let description: String
}
