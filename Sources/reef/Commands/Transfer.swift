import Foundation
import ReefMachine
import ReefRegistry

extension Command {
  static let export = Command(
    path: ["export"],
    summary: "write skills, with all that they call, into one bundle file",
    parameters: [.init(name: "SKILL", help: Parameter.skill.help, count: .oneOrMore)],
    options: [
      .init(
        name: "output", value: "FILE", letter: "o", help: "the bundle to write, such as add.reef")
    ],
    examples: ["reef export arithmetic.add sorting.sort -o skills.reef"],
    run: runExport)

  static let `import` = Command(
    path: ["import"],
    summary: "take the skills of a bundle into the registry",
    discussion: """
      Everything in the bundle is verified before anything is written, and nothing of it is run;
      'reef verify' re-runs the tests that came with it.
      """,
    parameters: [.init(name: "FILE", help: "a bundle that 'reef export' wrote")],
    examples: ["reef import skills.reef"],
    run: runImport)
}

private func runExport(_ invocation: Invocation) throws {
  guard let path = invocation.value("output"), !path.isEmpty else {
    throw Failure.usage("'reef export' needs -o FILE.", invocation.command)
  }
  let registry = try invocation.openRegistry(.reading)
  let roots = try invocation.words.map { try registry.resolve($0) }
  let bundle = try registry.exportBundle(roots.map(\.digest))
  try writeFile(Data(bundle), to: path, as: "bundle")
  let console = invocation.console
  if console.isJSON {
    try console.print([
      "file": .string(path), "bytes": .int(bundle.count),
      "skills": .array(roots.map { .string($0.reference) }),
    ])
  } else {
    console.note(
      "Wrote \(path), \(counted(bundle.count, "byte")): "
        + "\(roots.map(\.reference).joined(separator: ", ")), with every skill called on the way.")
  }
}

private func runImport(_ invocation: Invocation) throws {
  let path = invocation.words[0]
  let bytes = try readFile(path, as: "bundle", limit: Registry.maximumBundleSize)
  let report = try invocation.openRegistry(.writing).importBundle([UInt8](bytes))
  let console = invocation.console
  if console.isJSON {
    return try console.print([
      "roots": .array(report.roots.map(\.brief)), "added": .array(report.added.map(\.brief)),
      "known": .array(report.known.map(\.brief)),
    ])
  }
  if !report.added.isEmpty { try console.print(columns(report.added.map(\.row))) }
  for change in report.renumbered {
    console.note(
      "\(change.name)@\(change.wanted) of the bundle is \(change.name)@\(change.given) here, where "
        + "another skill has that version.")
  }
  console.note("\(report.added.count) added, \(report.known.count) known before.")
}
