import Foundation
import ReefMachine
import Testing

@testable import ReefRegistry

@Suite struct RegistryTests {
  let folder: TemporaryFolder
  let registry: Registry

  init() throws {
    folder = try TemporaryFolder()
    registry = try Registry(path: folder.file())
  }

  @Test("What is registered is read back whole, by another connection too")
  func roundTrip() throws {
    let new = try richSkills()
    let registered = try registry.register(new)
    for reader in [registry, try Registry(path: folder.file(), access: .reading)] {
      for (new, skill) in zip(new, registered) {
        let read = try #require(try reader.skill(new.code.digest))
        #expect(read == skill)
        #expect(read.digest == new.code.digest)
        #expect(read.code == new.code)
        #expect(read.name == new.name)
        #expect(read.version == 1)
        #expect(read.summary == new.summary)
        #expect(read.certificate == new.certificate)
        #expect(read.provenance == new.provenance)
        #expect(try reader.tests(of: read.digest) == new.tests)
      }
      #expect(try reader.skills().map(\.name) == ["numbers.scaledBy", "numbers.scaledLists"])
      #expect(try reader.check() == [])
    }
  }

  @Test("The same code under the same name is registered once")
  func registeringAgainChangesNothing() throws {
    let first = try registry.register([try adding(1)])
    let second = try registry.register([try adding(1, summary: "another summary")])
    #expect(first == second)
    #expect(try registry.skills() == first)
  }

  @Test("Other code under the same name is the next version, and the old one stays")
  func versions() throws {
    let first = try registry.register([try adding(1, name: "demo.add")])[0]
    let others = try registry.register([
      try adding(2, name: "demo.add"), try adding(3, name: "demo.add"),
    ])
    #expect(others.map(\.version) == [2, 3])
    #expect(try registry.resolve("demo.add@1") == first)
    #expect(try registry.resolve("demo.add@latest") == others[1])
    #expect(try registry.skills().map(\.version) == [1, 2, 3])
  }

  @Test("One entry may have several names; its digest stands for the first")
  func severalNames() throws {
    let first = try registry.register([try adding(1, name: "z.first")])[0]
    let second = try registry.register([try adding(1, name: "a.second")])[0]
    #expect(first.digest == second.digest)
    #expect(try registry.skill(first.digest) == first)
    #expect(try registry.resolve("z.first") == first)
    #expect(try registry.resolve("a.second") == second)
    #expect(try registry.statistics().skills == 1)
    #expect(try registry.check() == [])
  }

  @Test(
    "What is unsound is refused, and all that came with it",
    arguments: [
      (name: "", code: "(x: int) -> int\n  return x"),
      (name: "two words", code: "(x: int) -> int\n  return x"),
      (name: "at@1", code: "(x: int) -> int\n  return x"),
      (name: "int.add", code: "(x: int) -> int\n  return x"),
      (name: "List.Map", code: "(x: int) -> int\n  return x"),
      (name: "ill.typed", code: "(x: int) -> bool\n  s0 = {int.add} x x\n  return s0"),
      (name: "orphan", code: "(x: int) -> int\n  s0 = {0} x\n  return s0"),
      (name: "bad.test", code: "(x: bool) -> int\n  return 1"),
    ])
  func unsoundSkills(name: String, code: String) throws {
    let unsound = try newSkill(
      name, code, parents: [SHA256.hash("nobody".utf8)],
      tests: [TestCase(input: [.int(1)], output: .int(1))])
    let error = registryError { _ = try registry.register([try adding(1), unsound]) }
    guard case .invalidSkill(name, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try registry.skills() == [])
    #expect(try registry.search("add", limit: 9) == [])
    // The ids of what was undone are given again; nothing of it may be remembered.
    let next = try registry.register([try adding(2)])
    #expect(try registry.skills() == next)
  }

  @Test("Statistics count entries, names and lineage")
  func statistics() throws {
    _ = try registry.register(try richSkills())
    let statistics = try registry.statistics()
    #expect(statistics.skills == 2)
    #expect(statistics.names == 2)
    #expect(statistics.versions == 2)
    #expect(statistics.atoms == 7)
    #expect(statistics.edges == 8)
    #expect(statistics.generations == 3)
    #expect(statistics.fileSize % 16384 == 0)
  }
}
