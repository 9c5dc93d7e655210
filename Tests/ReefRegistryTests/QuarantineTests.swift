import ReefMachine
import Testing

@testable import ReefRegistry

@Suite struct QuarantineTests {
  let folder: TemporaryFolder
  /// numbers.scaledBy, numbers.scaledLists, which calls it, and demo.add1.
  let skills: [Skill]
  let bundle: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let registry = try Registry(path: folder.file())
    skills = try registry.register(try richSkills() + [try adding(1), try weighted()])
    bundle = try registry.exportBundle(skills.map(\.digest))
  }

  private func damage(_ statement: String) throws {
    try ReefRegistryTests.damage(folder.file(), statement)
  }

  @Test(
    "What is damaged is set aside with all that is made of it, and a bundle makes it whole",
    arguments: [
      ("kind = 'skill' AND id = 1", ["numbers.scaledBy@1", "numbers.scaledLists@1"]),
      ("kind = 'weights'", ["demo.weighted@1"]),
      (
        "id = (SELECT claim FROM names WHERE name = 'numbers.scaledLists')",
        ["numbers.scaledLists@1"]
      ),
      (
        "id = (SELECT tests FROM claims JOIN names ON names.id = claims.name WHERE names.name = 'demo.add1')",
        ["demo.add1@1"]
      ),
    ])
  func damaged(which: String, names: [String]) throws {
    try damage("UPDATE objects SET bytes = x'00' WHERE \(which)")
    let registry = try Registry(path: folder.file())
    #expect(registryError { _ = try registry.skills() } != nil || names == ["demo.add1@1"])
    let found = try registry.quarantine()
    #expect(found.names == names)
    #expect(!found.problems.isEmpty)
    let sound = skills.filter { !names.contains("\($0.name)@\($0.version)") }
    #expect(try registry.skills() == sound.sorted { $0.name < $1.name })
    #expect(try registry.list() == sound.sorted { $0.name < $1.name })
    #expect(try registry.search("scaled add weighted", limit: 9).allSatisfy(sound.contains))
    #expect(registryError { _ = try registry.collectGarbage() }?.code == "registryDamaged")
    #expect(try registry.statistics().skills == skills.count)
    // It is still there, and still damaged.
    #expect(try registry.check() == found.problems)

    let report = try registry.importBundle(bundle)
    #expect(report.mended > 0 && report.added.isEmpty)
    #expect(try registry.quarantined().isEmpty)
    #expect(try registry.check() == [])
    #expect(try registry.allSkills() == skills.sorted { $0.name < $1.name })
    #expect(registryError { try damageWithoutTools() } != nil)
  }

  private func damageWithoutTools() throws {
    try Database(path: folder.file(), mode: .existing).run("UPDATE objects SET size = 1")
  }

  @Test("Of a sound registry nothing is set aside, and what was is taken back")
  func sound() throws {
    let registry = try Registry(path: folder.file())
    #expect(try registry.quarantine().names.isEmpty)
    try registry.writing { (store) throws(RegistryError) in
      try store.database.run("INSERT INTO quarantine VALUES (1, 'once')")
    }
    #expect(try registry.list().count == skills.count - 1)
    #expect(try registry.quarantine().names.isEmpty)
    #expect(try registry.list().count == skills.count)
  }
}
