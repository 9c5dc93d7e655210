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
    let database = try Database(path: folder.file(), mode: .existing)
    for (table, _) in Schema.immutableTables {
      for event in ["update", "delete", "replace"] {
        try database.run("DROP TRIGGER \(table)_\(event)")
      }
    }
    try database.run(damage)
    let damaged = try Registry(path: folder.file())
    #expect(try damaged.check() != [])
    try damaged.rebuildIndex()
    #expect(try damaged.check() == [])
    #expect(try damaged.skills() == skills)
    #expect(try damaged.search("scaled", limit: 9).count == 2)
    #expect(registryError { try database.run("DELETE FROM edges") } != nil)
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
