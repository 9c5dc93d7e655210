import Foundation
import ReefMachine
import ReefRegistry
import ReefTasks

extension Command {
  static let export = Command(
    path: ["export"],
    summary: "write skills, with all that they call, into one bundle file",
    parameters: [
      .init(
        name: "SKILL", help: Parameter.skill.help + "; or names with '*' for any characters",
        count: .any)
    ],
    options: [
      .init(name: "all", help: "every version of every name in use"),
      .init(
        name: "output", value: "FILE", letter: "o", help: "the bundle to write, such as add.reef"),
    ],
    examples: [
      "reef export arithmetic.add sorting.sort -o skills.reef",
      "reef export 'arithmetic.*' -o arithmetic.reef", "reef export --all -o library.reef",
    ],
    run: runExport)

  static let `import` = Command(
    path: ["import"],
    summary: "take the skills of a bundle, or of another registry, into the registry",
    discussion: """
      Everything in it is verified before anything is written, and nothing of it is run; --verify
      also runs the tests that came with it, within the machine's limits, and lets nothing in where
      one fails.
      """,
    parameters: [.init(name: "FILE", help: "a bundle that 'reef export' wrote, or a registry")],
    options: [.init(name: "verify", help: "run the tests that came with the new skills first")],
    examples: ["reef import skills.reef --verify", "reef import other/registry.sqlite"],
    run: runImport)
}

private func runExport(_ invocation: Invocation) throws {
  guard let path = invocation.value("output"), !path.isEmpty else {
    throw Failure.usage("'reef export' needs -o FILE.", invocation.command)
  }
  let registry = try invocation.openRegistry(.reading)
  let roots = try invocation.roots(of: registry)
  let bundle = try registry.exportBundle(roots.map(\.digest))
  try invocation.writeOutput(bundle, to: path, as: "bundle")
  let console = invocation.console
  if console.isJSON {
    try console.print([
      "file": .string(path), "bytes": .int(bundle.count),
      "skills": .array(roots.map { .string($0.reference) }),
    ])
  } else {
    console.note(
      "Wrote \(path), \(counted(bundle.count, "byte")): "
        + "\(summary(of: roots)), with every skill called on the way.")
  }
}

/// `a@1, b@2 and 7 more`.
private func summary(of skills: [Skill]) -> String {
  let shown = 5
  let names = skills.prefix(shown).map(\.reference).joined(separator: ", ")
  return skills.count > shown ? "\(names) and \(skills.count - shown) more" : names
}

extension Invocation {
  /// The skills that the words and `--all` name.
  fileprivate func roots(of registry: Registry) throws -> [Skill] {
    if has("all") {
      guard words.isEmpty else {
        throw Failure.usage("'reef export' takes skills or --all, not both.", command)
      }
      return try registry.list(allVersions: true)
    }
    guard !words.isEmpty else {
      throw Failure.usage("'reef export' needs SKILL or --all.", command)
    }
    return try words.flatMap { word in
      guard word.contains("*") else { return [try registry.findSkill(word, "are exported")] }
      let found = try registry.list(matching: word)
      if found.isEmpty { throw RegistryError.skillNotFound(word, closest: nil) }
      return found
    }
  }
}

private func runImport(_ invocation: Invocation) throws {
  let path = invocation.words[0]
  let verifier = invocation.has("verify") ? StoredTestsVerifier() : nil
  // Read first: what is refused makes no registry where there was none.
  let bundle =
    if isDatabase(path) {
      try Registry(path: path, access: .reading).wholeBundle()
    } else {
      try ReefRegistry.Bundle(
        bytes: readInput(path, limit: Registry.maximumBundleSize))
    }
  let report = try invocation.openRegistry(.writing).add(bundle, verifier: verifier)
  let console = invocation.console
  if console.isJSON {
    return try console.print([
      "roots": .array(report.roots.map(\.brief)), "added": .array(report.added.map(\.brief)),
      "known": .array(report.known.map(\.brief)),
      "claimed": .array(report.claimed.map(\.brief)),
      "renumbered": .array(
        report.renumbered.map {
          ["name": .string($0.name), "wanted": .int($0.wanted), "given": .int($0.given)]
        }),
      "retired": .array(report.retired.map { .string($0) }), "mended": .int(report.mended),
    ])
  }
  if !report.added.isEmpty { try console.print(columns(report.added.map(\.row))) }
  for change in report.renumbered {
    console.note(
      "\(change.name)@\(change.wanted) of the bundle is \(change.name)@\(change.given) here, the next "
        + "version of that name.")
  }
  for name in report.retired {
    console.note("\(name) is retired here; 'reef name revive \(name)' takes it into use again.")
  }
  if !report.claimed.isEmpty {
    console.note(
      "Kept what is claimed elsewhere of \(summary(of: report.claimed)); 'reef query why' tells it."
    )
  }
  if report.mended > 0 {
    console.note("\(counted(report.mended, "damaged object")) made whole again.")
  }
  console.note("\(report.added.count) added, \(report.known.count) known before.")
}

/// Whether the file begins as SQLite's do. Of what is no file, such as a pipe, nothing is read twice.
private func isDatabase(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
    let handle = FileHandle(forReadingAtPath: path)
  else { return false }
  defer { try? handle.close() }
  return (try? handle.read(upToCount: 16)) == Data("SQLite format 3\0".utf8)
}

/// Runs the tests that came with a skill.
private struct StoredTestsVerifier: ImportVerifier {
  func problem(of skill: Skill, tests: [TestCase], code: [Digest: SkillCode]) -> String? {
    do {
      let image = try Image(linking: skill.code, library: { code[$0] })
      let machine = Machine()
      for (index, test) in tests.enumerated() {
        let value = try machine.run(image, test.input).value
        guard value.matches(test.output, tolerance: skill.certificate.tolerance) else {
          let (found, wanted) = (value.description.cut(to: 60), test.output.description.cut(to: 60))
          return "Test \(index) gives \(found), not \(wanted)."
        }
      }
      return nil
    } catch {
      return "\(error)"
    }
  }
}
