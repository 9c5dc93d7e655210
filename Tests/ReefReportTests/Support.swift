import Foundation
import ReefMachine
import ReefReport
import ReefTestSupport
import Testing

/// A library of test skills, under names made from their digests where they have none.
struct TestLibrary: Library {
  let codes: [Digest: SkillCode]
  var names: [Digest: String] = [:]
  var summary = "A skill for tests."

  func skill(_ digest: Digest) -> Skill? { codes[digest].map { skill($0, digest) } }

  private func skill(_ code: SkillCode, _ digest: Digest) -> Skill {
    Skill(
      digest: digest, name: names[digest] ?? "random.d\(digest.short)", version: 1,
      summary: summary, code: code,
      certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
      provenance: Provenance(
        task: "test", curriculum: "", generation: 1, learner: "hand", seed: 1, searchSteps: 0,
        candidates: 0, pluginHash: ""))
  }

  func skills() -> [Skill] { codes.map { skill($1, $0) }.sorted { $0.digest < $1.digest } }
  func search(_ text: String, limit: Int) -> [Skill] { [] }
}

/// A folder for programs, which goes when the last owner does.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("emit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }

  struct Outcome {
    let output: String
    let error: String
    let exitCode: Int32
  }

  /// Runs a command of the shell here, and gives what it printed.
  func run(_ command: String, input: String = "") throws -> Outcome {
    try write(input, to: "input")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(command)) <input >output 2>error"]
    process.currentDirectoryURL = url
    try process.run()
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
    }
    return Outcome(
      output: try text("output"), error: try text("error"), exitCode: process.terminationStatus)
  }

  static func has(_ tool: String) -> Bool {
    (try? Folder().run("command -v \(tool)").exitCode) == 0
  }
}

/// A way from an emitted file to a program.
struct Toolchain: Sendable, CustomTestStringConvertible {
  let tool: String
  let language: SourceLanguage
  /// Makes `program` of the file; a warning is an error.
  var build: String
  let run: String
  /// Whether steps are counted exactly as in the machine.
  var countsEveryStep = true

  var testDescription: String { build }

  static let c: [Toolchain] = [
    Toolchain(
      tool: "gcc", language: .c,
      build: "gcc -O2 -Wall -Wextra -Werror -ffp-contract=off -o program program.c -lm",
      run: "./program"),
    Toolchain(
      tool: "clang", language: .c,
      build: "clang -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined "
        + "-fno-sanitize-recover=all -ffp-contract=off -o program program.c -lm",
      run: "./program"),
  ]
  static let python = Toolchain(
    tool: "python3", language: .python, build: "python3 -m py_compile program.python",
    run: "python3 program.python",
    countsEveryStep: false)
  static let swift = Toolchain(
    tool: "swiftc", language: .swift,
    build: "swiftc -O -swift-version 6 -warnings-as-errors -o program program.swift",
    run: "./program", countsEveryStep: false)

  static var installed: [Toolchain] { (c + [python, swift]).filter { Folder.has($0.tool) } }
}

extension Skill {
  /// Runs the written-out skill on each of the inputs; gives each result or error, and the steps.
  func outcomes(
    of inputs: [[Value]], with toolchain: Toolchain, limits: Limits = Limits(),
    library: any Library
  ) throws -> [(result: JSON, steps: Int)] {
    let folder = try Folder()
    let source = try SkillSource.write(
      self, in: toolchain.language, limits: limits, library: library)
    try folder.write(source, to: "program.\(toolchain.language.rawValue)")
    let build = try folder.run(toolchain.build)
    try #require(
      build.exitCode == 0, "\(toolchain.build)\n\(build.output)\(build.error)\n\(source)")
    let lines = inputs.map { JSON.array($0.map(\.json)).text + "\n" }.joined()
    let run = try folder.run("\(toolchain.run) --steps", input: lines)
    try #require(run.exitCode == 0, "\(run.error)\n\(source)")
    let steps = run.error.split(separator: "\n").compactMap { Int($0.split(separator: " ")[0]) }
    let results = try run.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    try #require(results.count == inputs.count && steps.count == inputs.count, "\(run)\n\(source)")
    return Array(zip(results, steps))
  }
}

extension TestLibrary {
  /// Expects that the written-out skill and the machine agree on every input: on the value or the
  /// error, and where the program counts them all, on the steps.
  func compare(
    _ code: SkillCode, _ inputs: [[Value]], _ toolchain: Toolchain,
    limits: Limits = Limits(fuel: 200_000, bytes: 16 << 20, depth: 1_000)
  ) throws {
    let skill = try #require(self.skill(code.digest))
    let image = try Image(linking: code) { codes[$0] }
    let found = try skill.outcomes(of: inputs, with: toolchain, limits: limits, library: self)
    for (input, outcome) in zip(inputs, found) {
      let wanted = try image.outcome(of: input, limits)
      // Limits are noticed at other places, and where copies cost nothing they are not reached.
      if wanted.isLimit { continue }
      let what = "\(toolchain.testDescription): \(input)\n\(code.canonicalText)"
      if outcome.result["error"] != nil || wanted.result["error"] != nil {
        #expect(outcome.result == wanted.result, "\(what)")
        continue
      }
      let type = code.signature.result
      #expect(
        try Value(json: outcome.result, as: type) == Value(json: wanted.result, as: type),
        "\(what)")
      if toolchain.countsEveryStep { #expect(outcome.steps == wanted.steps, "\(what)") }
    }
  }
}

extension Image {
  /// What a run on the machine gives, as a program tells it.
  fileprivate func outcome(
    of input: [Value], _ limits: Limits
  ) throws -> (result: JSON, steps: Int, isLimit: Bool) {
    let machine = Machine(limits: limits)
    let words = try zip(input, parameterTypes).map { try machine.heap.word(of: $0, as: $1) }
    var fuel = limits.fuel
    do {
      let word = try machine.run(self, words, fuel: &fuel)
      let value = try machine.heap.value(of: word, as: resultType)
      return (value.json, limits.fuel - fuel, false)
    } catch {
      let isLimit =
        switch error {
        case .overflow, .divisionByZero, .index, .emptyList, .tool: false
        case .fuel, .memory, .depth, .nesting: true
        }
      return (["error": .string(error.code)], 0, isLimit)
    }
  }
}

extension RandomPrograms {
  /// The seeds of the programs that are written out.
  static let emissionSeeds = [UInt64](5_000..<5_018)

  mutating func emissionProgram() -> SkillCode { program(helpers: 12, steps: 60) }
}
