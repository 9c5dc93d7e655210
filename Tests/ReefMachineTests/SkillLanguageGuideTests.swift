import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

/// What docs/skill-language.md says is what the machine does.
@Suite struct SkillLanguageGuideTests {
  static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/skill-language.md").path

  private let guide: String

  init() throws {
    guide = try String(contentsOfFile: SkillLanguageGuideTests.path, encoding: .utf8)
  }

  @Test("The guide's table holds every atom as the machine declares it")
  func table() throws {
    let path = SkillLanguageGuideTests.path
    let begin = try #require(
      guide.range(of: #"<!-- atoms: begin[^>]*-->\n"#, options: .regularExpression))
    let end = try #require(guide.range(of: "<!-- atoms: end -->"))
    let current = guide.replacingCharacters(
      in: begin.upperBound..<end.lowerBound, with: SkillLanguageGuideTests.atomTable)
    guard current != guide else { return }
    try current.write(toFile: path + ".new", atomically: true, encoding: .utf8)
    Issue.record("The atoms have changed. Read both; to accept: mv \(path).new \(path)")
  }

  private static var atomTable: String {
    let families = [
      ("Ints", Atoms.integers), ("Truth values, and equality", Atoms.booleans),
      ("Reals", Atoms.reals), ("Lists", Atoms.lists), ("Pairs", Atoms.pairs),
      ("Control", Atoms.control),
    ]
    #expect(families.flatMap { $0.1.map(\.name) } == Atoms.all.map(\.name))
    return families.map { title, atoms in
      "\n### \(title)\n\n| atom | type | result |\n| --- | --- | --- |\n"
        + atoms.map { "| `\($0.name)` | `\($0.type)` | \($0.summary) |\n" }.joined()
    }.joined() + "\n"
  }

  @Test("The guide's skills give the results that stand below them")
  func examples() throws {
    var workshop = Workshop()
    let blocks = guide.matches(of: /```reef (\w+)\n((?:[^`]|`(?!``))*)```/)
    for block in blocks { try workshop.define(String(block.1), String(block.2)) }
    let results = guide.matches(of: /`(\w+) ([^`]+)` gives `([^`]+)`/)
    #expect(blocks.count > 8)
    #expect(results.count >= 8)
    for result in results {
      let digest = try #require(workshop.digest(String(result.1)), "\(result.1) has no block")
      let image = try Image(digest) { workshop.codes[$0] }
      let words = result.2.split(separator: " ")
      try #require(words.count == image.parameterTypes.count, "\(result.0)")
      let arguments = try zip(words, image.parameterTypes).map {
        try Value(json: try JSON(parsing: String($0)), as: $1)
      }
      #expect(
        try Machine(limits: Limits()).run(image, arguments).value.description == result.3,
        "\(result.0)")
    }
  }

  @Test("A skill's digest is the hash of its canonical text, as the guide spells it")
  func digests() throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "doubled", "skill (x: int) -> int\n  s0 = int.multiply x 2\n  return s0\n")
    let multiply = try #require(Atoms.named("int.multiply")).digest
    let canonical =
      "reef.skill\nskill (int) -> int\n  s0 = #\(multiply) i0 2\n  return s0\n"
    #expect(digest == SHA256.hash(canonical.utf8))
  }
}
