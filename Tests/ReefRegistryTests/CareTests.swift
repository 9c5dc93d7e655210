import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct CareTests {
  let folder: TemporaryFolder
  let registry: Registry

  init() throws {
    folder = try TemporaryFolder()
    registry = try Registry(path: folder.file())
  }

  @Test("Garbage is what only retired names lead to, and a trial removes nothing")
  func garbage() throws {
    let rich = try registry.register(try richSkills())
    let sums = try registry.register([try adding(1, name: "demo.add"), try adding(2)])
    try registry.setAlias("stable", of: "demo.add", to: 1)
    #expect(try registry.collectGarbage().objects == 0)
    // numbers.scaledBy is a part of numbers.scaledLists, and stays.
    for name in ["demo.add", "numbers.scaledBy"] { try registry.setRetired(true, name: name) }
    let before = try registry.lines()
    let trial = try registry.collectGarbage(isTrial: true)
    #expect(trial.names == ["demo.add@1"])
    #expect(trial.objects == 3)
    #expect(try registry.lines() == before)

    let witness = try Registry(path: folder.file())
    #expect(try witness.skill(sums[0].digest) == sums[0])
    #expect(try registry.collectGarbage() == trial)
    #expect(try registry.check() == [])
    #expect(try registry.lines().count == before.count - 3)
    #expect(registryError { _ = try registry.resolve("demo.add@1") } != nil)
    #expect(try registry.skill(sums[0].digest) == nil)
    #expect(try registry.search("demo", limit: 9) == [sums[1]])
    #expect(try registry.parents(of: rich[1].digest).contains(rich[0].digest))
    // Another connection, which knew the skill, builds nothing on it.
    let child = try newSkill(
      "demo.child", "(x: int) -> int\n  s0 = {0} x\n  return s0", parents: [sums[0].digest])
    #expect(registryError { _ = try witness.register([child]) }?.code == "invalidSkill")
    // The name has a history still, in capitals too.
    #expect(
      try registry.history(of: "Demo.add").map(\.kind) == [.alias("stable"), .retired, .collected])
    // The number of what was collected is given to nothing else.
    #expect(try registry.register([try adding(7, name: "demo.add")])[0].version == 2)
    #expect(try registry.register([try adding(1, name: "demo.add")])[0].version == 3)
    #expect(try registry.check() == [])
    #expect(
      registryError {
        try Database(path: folder.file(), mode: .existing).run("DELETE FROM names")
      } != nil)
  }

  @Test("What is left after a collection exports and unites as before", arguments: UInt64(0)..<4)
  func collectionOfRandomNames(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let skills = try registry.register(try randomLibrary(count: 20, seed: seed))
    var kept: Set<Digest> = []
    for skill in skills {
      if random.int(in: 0...2) > 0 {
        try registry.setRetired(true, name: skill.name)
      } else {
        kept.insert(skill.digest)
        kept.formUnion(try registry.parents(of: skill.digest, deep: true))
      }
    }
    let bundle = try registry.exportBundle(Array(kept.filter { Atoms.with($0) == nil }))
    _ = try registry.collectGarbage()
    #expect(
      Set(try registry.allSkills().map(\.digest)) == kept.filter { Atoms.with($0) == nil })
    #expect(try registry.check() == [])
    #expect(
      try registry.exportBundle(Array(kept.filter { Atoms.with($0) == nil })) == bundle)
  }

  @Test("What a skill in use is made of can be linked, though its name is retired")
  func retiredParts() throws {
    let rich = try registry.register(try richSkills())
    try registry.setRetired(true, name: rich[0].name)
    #expect(try registry.skills() == rich)
    #expect(try registry.list() == [rich[1]])
    try registry.setRetired(true, name: rich[1].name)
    #expect(try registry.skills() == [])
    #expect(try registry.allSkills() == rich)
  }

  @Test("A copy is a registry of its own, made while others write")
  func backup() throws {
    let skills = try registry.register(try richSkills())
    try registry.backUp(to: folder.file("copy.sqlite"))
    _ = try registry.register([try adding(1)])
    let copy = try Registry(path: folder.file("copy.sqlite"), access: .reading)
    #expect(try copy.skills() == skills)
    #expect(try copy.check() == [])
    #expect(
      registryError { try registry.backUp(to: folder.file("copy.sqlite")) }
        == .copyFailed(path: folder.file("copy.sqlite"), reason: "there is a file already"))
    #expect(
      registryError { try registry.backUp(to: folder.file("none/copy.sqlite")) }
        == .copyFailed(path: folder.file("none/copy.sqlite"), reason: "No such file or directory"))
    #expect(
      registryError { try registry.backUp(to: "") }
        == .copyFailed(path: "''", reason: "its path is empty"))
  }

  @Test(
    "An index that was damaged is made anew from the objects",
    arguments: [
      "DELETE FROM edges", "UPDATE edges SET position = 20 - position", "DELETE FROM claims",
      "UPDATE names SET generation = 9", "UPDATE names SET name = name || 'x'",
      "UPDATE names SET seal = 0", "INSERT INTO search (search) VALUES ('delete-all')",
      "UPDATE claims SET tests = (SELECT max(tests) FROM claims)",
    ])
  func rebuilding(damage: String) throws {
    let skills = try registry.register(try richSkills())
    try ReefRegistryTests.damage(folder.file(), damage)
    let damaged = try Registry(path: folder.file())
    #expect(try damaged.check() != [])
    try damaged.rebuildIndex()
    #expect(try damaged.check() == [])
    #expect(try damaged.skills() == skills)
    #expect(try damaged.search("scaled", limit: 9).count == 2)
    let database = try Database(path: folder.file(), mode: .existing)
    #expect(registryError { try database.run("DELETE FROM edges") } != nil)
  }

  /// Names a view or a trigger as SQLite would not.
  private static func renaming(_ name: String, _ new: String) -> [String] {
    [
      "PRAGMA writable_schema = ON",
      "UPDATE sqlite_schema SET name = '\(new)', sql = replace(sql, '\(name)', '\(new)') WHERE name = '\(name)'",
      "PRAGMA writable_schema = OFF",
    ]
  }

  @Test(
    "What the file defines is checked, and brought back",
    arguments: [
      (["DROP VIEW usable"], "the view usable is gone", false),
      (["DROP TRIGGER objects_update"], "the trigger objects_update is gone", false),
      (["DROP INDEX edges_by_parent"], "the index edges_by_parent is gone", true),
      (["DROP TABLE edges"], "the table edges is gone", false),
      (["DROP TABLE search"], "the table search is gone", false),
      (
        ["CREATE TRIGGER \"mo\"\"re\" AFTER INSERT ON moves BEGIN DELETE FROM quarantine; END"],
        "the trigger mo\"re is not as Reef makes it", false
      ),
      (
        ["CREATE TRIGGER more AFTER INSERT ON moves BEGIN DELETE FROM quarantine; END"]
          + renaming("more", "sqlite_more"),
        "the trigger sqlite_more is not as Reef makes it", false
      ),
      (
        ["DROP VIEW retired", "CREATE VIEW retired AS SELECT name FROM names"],
        "the view retired is not as Reef makes it", false
      ),
      (
        ["DROP VIEW usable", "CREATE VIEW USABLE AS SELECT * FROM names"],
        "the view USABLE is not as Reef makes it", false
      ),
      (
        ["CREATE VIEW search_more AS SELECT 1"], "the view search_more is not as Reef makes it",
        false
      ),
      (
        ["CREATE VIRTUAL TABLE more USING fts5(x)"], "the table more is not as Reef makes it",
        false
      ),
      (
        [
          "DROP VIEW retired",
          """
          CREATE VIEW retired AS SELECT name FROM moves
          WHERE kind = 'reti re' AND id IN (
            SELECT max(id) FROM moves WHERE kind IN ('retire', 'revive') GROUP BY name
          )
          """,
        ], "the view retired is not as Reef makes it", false
      ),
      (["CREATE TABLE notes (text)"], nil, true),
    ] as [([String], String?, Bool)])
  func definitions(statements: [String], reason: String?, isHarmless: Bool) throws {
    let skills = try registry.register(try richSkills())
    do {
      let database = try Database(path: folder.file(), mode: .existing)
      for statement in statements { try database.run(statement) }
    }
    let path = folder.file()
    let opening = registryError { _ = try Registry(path: path, access: .reading) }
    #expect(
      isHarmless ? opening == nil : opening == .registryDamaged(path: path, reason: reason ?? ""))
    let suspect = try Registry(path: path, access: .reading, isSuspect: true)
    let problem = reason.map { "the file: \($0)" }
    #expect(try suspect.check().map(\.description).first == problem)
    try Registry(path: path, access: .changing, isSuspect: true).rebuildIndex()
    let mended = try Registry(path: path)
    #expect(try mended.check() == [])
    #expect(try mended.skills() == skills)
    #expect(try mended.search("scaled", limit: 9).count == 2)
  }

  @Test("Without a table of objects nothing is made anew, and the file stays as it is")
  func lostObjects() throws {
    _ = try registry.register(try richSkills())
    try Database(path: folder.file(), mode: .existing).run("DROP TABLE moves")
    let suspect = try Registry(path: folder.file(), access: .changing, isSuspect: true)
    let problems = try suspect.check()
    #expect(problems.map(\.reason).contains("the table moves is gone"))
    #expect(registryError { try suspect.rebuildIndex() }?.code == "registryDamaged")
    #expect(try suspect.check() == problems)
  }

  @Test("Garbage is left where lineage leads to too little")
  func garbageOfDamaged() throws {
    let skills = try registry.register(try richSkills())
    try registry.setRetired(true, name: "numbers.scaledBy")
    try ReefRegistryTests.damage(folder.file(), "DELETE FROM edges")
    for isTrial in [true, false] {
      let registry = try Registry(path: folder.file())
      #expect(
        registryError { _ = try registry.collectGarbage(isTrial: isTrial) }?.code
          == "registryDamaged")
    }
    let mended = try Registry(path: folder.file())
    try mended.rebuildIndex()
    #expect(try mended.collectGarbage().objects == 0)
    #expect(try mended.allSkills() == skills.sorted { $0.name < $1.name })
  }

  @Test("Making the index of a sound registry anew changes nothing")
  func rebuildingSound() throws {
    let skills = try registry.register(try randomLibrary(count: 12, seed: 3))
    let before = try registry.lines()
    try registry.rebuildIndex()
    #expect(try registry.lines() == before)
    #expect(try registry.skills().count == skills.count)
    #expect(try registry.check() == [])
  }
}
