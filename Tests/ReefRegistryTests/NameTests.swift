import ReefMachine
import Testing

@testable import ReefRegistry

@Suite struct NameTests {
  let registry: Registry
  let skills: [Skill]

  init() throws {
    registry = try Registry(inMemory: ())
    skills = try registry.register([
      try adding(1, name: "demo.add"), try adding(2, name: "demo.add"), try adding(3),
    ])
  }

  @Test("An alias points where it was last put, and its history tells from where")
  func aliases() throws {
    try registry.setAlias("stable", of: "demo.add", to: 2)
    try registry.setAlias("stable", of: "demo.add", to: 1)
    try registry.setAlias("stable", of: "demo.add", to: 1)
    try registry.setAlias("best", of: "demo.add", to: 2)
    #expect(try registry.resolve("demo.add@stable") == skills[0])
    #expect(try registry.resolve("demo.add@best") == skills[1])
    #expect(try registry.aliases(of: "demo.add").map(\.alias) == ["best", "stable"])
    try registry.setAlias("best", of: "demo.add", to: nil)
    #expect(try registry.aliases(of: "demo.add").map(\.alias) == ["stable"])
    #expect(
      registryError { _ = try registry.resolve("demo.add@best") }
        == .aliasNotFound(name: "demo.add", alias: "best", reason: "no alias of it is called so"))
    #expect(
      registryError { try registry.setAlias("best", of: "demo.add", to: nil) }
        == .aliasNotFound(name: "demo.add", alias: "best", reason: "no alias of it is called so"))
    let history = try registry.history(of: "demo.add")
    #expect(
      history.map(\.kind) == [
        .version(skills[0].digest, .grown), .version(skills[1].digest, .grown), .alias("stable"),
        .alias("stable"), .alias("best"), .aliasRemoved("best"),
      ])
    #expect(history.map(\.version) == [1, 2, 2, 1, 2, 0])
    #expect(history.allSatisfy { $0.at > 1_700_000_000 && $0.author == Store.author })
    #expect(try registry.check() == [])
  }

  @Test("What a search took is kept where it was made, sealed, and goes nowhere else")
  func searchTime() throws {
    func make(_ seconds: Double?) throws -> Registry {
      let registry = try Registry(inMemory: ())
      var skill = try adding(1)
      skill.searchSeconds = seconds
      _ = try registry.register([skill])
      return registry
    }
    func seconds(_ registry: Registry) throws -> Double? {
      try registry.history(of: "demo.add1").first?.searchSeconds
    }
    let (timed, other) = (try make(12.345678), try make(nil))
    #expect(try seconds(timed) == 12.345678)
    #expect(try seconds(other) == nil)
    #expect(try timed.lines() == other.lines())
    #expect(try timed.wholeBundle().zip == other.wholeBundle().zip)
    #expect(try timed.check() == [])
    _ = try registry.add(try timed.wholeBundle())
    #expect(try seconds(registry) == nil)
    try timed.writing { (store) throws(RegistryError) in
      try store.unprotected { () throws(RegistryError) in
        try store.database.run("UPDATE names SET microseconds = 1")
      }
    }
    #expect(try timed.check().map(\.reason) == ["its row has been changed"])
  }

  @Test(
    "What is no alias is refused",
    arguments: ["latest", "Latest", "7", "", "two words", "a@b", "\u{1B}[2J"])
  func badAliases(alias: String) {
    guard
      case .invalidName(alias, _)? = registryError({
        try registry.setAlias(alias, of: "demo.add", to: 1)
      })
    else {
      Issue.record("'\(alias)' was accepted")
      return
    }
  }

  @Test("Capitals make no other alias, and the last spelling is shown")
  func aliasesInCapitals() throws {
    try registry.setAlias("stable", of: "demo.add", to: 1)
    try registry.setAlias("Stable", of: "demo.add", to: 2)
    #expect(try registry.resolve("demo.add@stable") == skills[1])
    #expect(try registry.aliases(of: "demo.add").map(\.alias) == ["Stable"])
    try registry.setAlias("STABLE", of: "demo.add", to: nil)
    #expect(try registry.aliases(of: "demo.add").isEmpty)
  }

  @Test("A version that was collected is given to nothing else, also under another name")
  func collectedAndRenamed() throws {
    try registry.setAlias("stable", of: "demo.add", to: 2)
    try registry.setRetired(true, name: "demo.add")
    let other = try newSkill(
      "demo.user", "(x: int) -> int\n  s0 = {0} x\n  return s0", parents: [skills[0].digest])
    _ = try registry.register([other])
    #expect(try registry.collectGarbage().names == ["demo.add@2"])
    try registry.setRetired(false, name: "demo.add")
    #expect(
      registryError { _ = try registry.resolve("demo.add@stable") }
        == .aliasNotFound(
          name: "demo.add", alias: "stable", reason: "its version 2 was collected as garbage"))
    try registry.rename("demo.add", to: "demo.plus")
    #expect(try registry.register([try adding(9, name: "demo.plus")])[0].version == 3)
    #expect(registryError { _ = try registry.resolve("demo.plus@stable") } != nil)
    #expect(try registry.check() == [])
  }

  @Test("An alias of what is not there is refused")
  func aliasOfNothing() {
    #expect(
      registryError { try registry.setAlias("stable", of: "demo.add", to: 3) }
        == .versionNotFound(name: "demo.add", version: 3, latest: 2))
    #expect(
      registryError { try registry.setAlias("stable", of: "demo.ad", to: 1) }
        == .skillNotFound("demo.ad", closest: "demo.add"))
  }

  @Test("A retired name is out of sight; its skills stay, and so does what is made of them")
  func retiring() throws {
    let user = try registry.register([
      try newSkill(
        "demo.user", "(x: int) -> int\n  s0 = {0} x\n  return s0", parents: [skills[1].digest])
    ])[0]
    let inUse = try registry.list()
    try registry.setRetired(true, name: "demo.add")
    #expect(try registry.list() == [skills[2], user])
    // What it takes to link them is there for those who ask for the library.
    #expect(try registry.skills() == [skills[1], skills[2], user])
    #expect(
      try registry.search("demo", limit: 9).map(\.name).sorted() == ["demo.add3", "demo.user"])
    #expect(try registry.resolve("demo.add@1") == skills[0])
    #expect(try registry.parents(of: user.digest) == [skills[1].digest])
    #expect(try registry.skill(skills[1].digest) == skills[1])
    #expect(try registry.check() == [])
    try registry.setRetired(true, name: "demo.add")
    try registry.setRetired(false, name: "demo.add")
    #expect(try registry.list() == inUse)
    #expect(
      try registry.history(of: "demo.add").map(\.kind).suffix(2) == [.retired, .revived])
  }

  @Test("What is found again under a retired name is in use again")
  func revival() throws {
    try registry.setRetired(true, name: "demo.add")
    #expect(try registry.register([try adding(1, name: "demo.add")]) == [skills[0]])
    #expect(try registry.skills() == [skills[0], skills[1], skills[2]])
  }

  @Test("A skill is known by a name in use before one that is retired")
  func namesInUseFirst() throws {
    let other = try registry.register([try adding(1, name: "other.name")])[0]
    #expect(try registry.skill(other.digest) == skills[0])
    try registry.setRetired(true, name: "demo.add")
    #expect(try registry.skill(other.digest) == other)
  }

  @Test("Renaming gives the same entries, versions and aliases another name")
  func renaming() throws {
    try registry.setAlias("stable", of: "demo.add", to: 1)
    try registry.rename("demo.add", to: "sums.add")
    let renamed = skills[..<2].map { $0.renamed("sums.add") }
    #expect(try registry.skills() == [skills[2]] + renamed)
    #expect(try registry.resolve("sums.add@stable") == renamed[0])
    #expect(try registry.tests(of: skills[0].digest).count == 1)
    #expect(try registry.history(of: "sums.add").map(\.version) == [1, 2, 1])
    #expect(
      try registry.history(of: "demo.add").map(\.kind).suffix(2) == [
        .renamed("sums.add"), .retired,
      ])
    // A link to the old name still leads somewhere.
    #expect(try registry.resolve("demo.add@2") == skills[1])
    #expect(try registry.check() == [])
  }

  @Test(
    "A name that is taken, also by an atom, or is none, is not given",
    arguments: ["demo.add3", "a b", "DEMO.ADD", "int.add", "Control.If"])
  func badNames(name: String) throws {
    guard
      case .invalidName(name, _)? = registryError({ try registry.rename("demo.add", to: name) })
    else {
      Issue.record("'\(name)' was given")
      return
    }
    #expect(try registry.skills().count == 3)
  }

  @Test("An atom's name is refused with the reason, and an alias may have it")
  func atomNames() throws {
    #expect(
      registryError { try registry.rename("demo.add", to: "int.add") }?.description
        == "'int.add' cannot be used: an atom is named int.add.")
    #expect(
      registryError { _ = try registry.register([try adding(9, name: "Int.Add")]) }?.description
        == "The skill 'Int.Add' cannot be registered: an atom is named int.add.")
    try registry.setAlias("int.add", of: "demo.add", to: 1)
    #expect(try registry.resolve("demo.add@int.add") == skills[0])
  }

  @Test("Names are found in capitals too, and none differs from another only in that")
  func spelling() throws {
    #expect(try registry.resolve("Demo.Add@1") == skills[0])
    #expect(
      registryError { _ = try registry.register([try adding(9, name: "Demo.Add")]) }
        == .invalidSkill(
          "Demo.Add", reason: "its name differs from demo.add, which is here, only in case"))
  }
}
