import ReefMachine
import ReefTasks
import Synchronization
import Testing

@testable import ReefRegistry

@Suite struct MergeTests {
  /// A few skills of a pool that all registries draw from: often the same code, under the same or
  /// another name, with the same or another certificate, summary and tests.
  static func registry(_ random: inout SplitMix64) throws -> Registry {
    let registry = try Registry(inMemory: ())
    for _ in 0..<random.int(in: 1...2) {
      let constant = random.int(in: 0...3)
      let base = try newSkill(
        "pool.add\(random.int(in: 0...1))",
        "(x: int) -> int\n  s0 = {int.add} x \(constant)\n  return s0",
        summary: ["", "adds a number"][random.int(in: 0...1)],
        tests: [TestCase(input: [.int(random.int(in: 0...1))], output: .int(0))],
        seed: random.int(in: 1...2))
      let label = ["x", "value"][random.int(in: 0...1)]
      let user = try newSkill(
        "pool.twice\(random.int(in: 0...1))",
        "(\(label): int) -> int\n  s0 = {0} \(label)\n  s1 = {0} s0\n  return s1",
        parents: [base.code.digest], seed: random.int(in: 1...2))
      _ = try registry.register([base, user])
    }
    return registry
  }

  @Test("Registries unite to the same whatever the order and however often", arguments: seeds(12))
  func orders(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // In full, 100 registries in 100 orders for each seed.
    let count = trials > 1 ? 100 : 8
    let parts = try (0..<count).map { _ in try MergeTests.registry(&random).wholeBundle() }
    var expected: [String]?
    for number in 0..<(trials > 1 ? 100 : 5) {
      var order = Array(parts.indices)
      for index in order.indices.reversed() { order.swapAt(index, random.int(in: 0...index)) }
      let union = try Registry(inMemory: ())
      func expectKnown(_ part: Bundle) throws {
        let report = try union.add(part)
        #expect(report.added.isEmpty && report.claimed.isEmpty, "order \(order)")
      }
      for (place, index) in order.enumerated() {
        _ = try union.add(parts[index])
        // What is there changes nothing, whenever it comes again.
        if place % 8 == 7 { try expectKnown(parts[order[random.int(in: 0...place)]]) }
      }
      let dump = try union.lines()
      #expect(dump == expected ?? dump, "order \(order)")
      expected = dump
      guard number % 10 == 0 else { continue }
      #expect(try union.check() == [])
      for part in parts { try expectKnown(part) }
      #expect(try union.lines() == dump)
      // Through the bytes of a bundle as well, claims and all.
      let bytes = try union.wholeBundle().zip.bytes
      let copy = try Registry(inMemory: ())
      _ = try copy.importBundle(bytes)
      #expect(try copy.lines() == dump)
      #expect(try copy.wholeBundle().zip.bytes == bytes)
    }
  }

  @Test("Two unions unite to the union of all", arguments: seeds(8))
  func associativity(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parts = try (0..<3).map { _ in try MergeTests.registry(&random).wholeBundle() }
    func union(_ bundles: [Bundle]) throws -> Registry {
      let registry = try Registry(inMemory: ())
      for bundle in bundles { _ = try registry.add(bundle) }
      return registry
    }
    let left = try union([union([parts[0], parts[1]]).wholeBundle(), parts[2]])
    let right = try union([parts[0], union([parts[1], parts[2]]).wholeBundle()])
    #expect(try left.lines() == right.lines())
  }

  @Test("A registry file is taken in whole, and again changes nothing")
  func file() throws {
    let folder = try TemporaryFolder()
    let other = try Registry(path: folder.file("other.sqlite"))
    let theirs = try other.register(try richSkills() + [try adding(1, name: "demo.add")])
    let registry = try Registry(path: folder.file())
    let own = try registry.register([try adding(2, name: "demo.add")])
    let whole = try Registry(path: folder.file("other.sqlite"), access: .reading).wholeBundle()
    let report = try registry.add(whole)
    #expect(report.added.count == 3)
    #expect(report.renumbered == [.init(name: "demo.add", wanted: 1, given: 2)])
    #expect(try registry.resolve("demo.add@1") == own[0])
    #expect(try registry.resolve("demo.add@2").digest == theirs[2].digest)
    #expect(try registry.add(whole).added.isEmpty)
    #expect(try registry.check() == [])
  }

  @Test("A name that is retired in another registry is so here, unless it is in use here")
  func retiredThere() throws {
    let there = try Registry(inMemory: ())
    let skills = try there.register([
      try adding(1, name: "demo.one"), try adding(2, name: "demo.two"),
      try adding(3, name: "demo.three"),
    ])
    try there.rename("demo.one", to: "demo.first")
    try there.setRetired(true, name: "demo.two")
    let here = try Registry(inMemory: ())
    _ = try here.register([try adding(4, name: "demo.two")])
    let report = try here.add(there.wholeBundle())
    #expect(report.retired == ["demo.one"])
    #expect(
      try here.list().map(\.name) == ["demo.first", "demo.three", "demo.two"])
    #expect(try here.skill(skills[0].digest)?.name == "demo.first")
    #expect(try here.add(there.wholeBundle()).added.isEmpty)
    #expect(try here.check() == [])
  }

  @Test("Of a stranger's registry no view is run")
  func hostileFile() throws {
    let folder = try TemporaryFolder()
    func stranger() throws -> RegistryError? {
      registryError {
        let other = try Registry(path: folder.file(), access: .reading)
        _ = try Registry(inMemory: ()).add(other.wholeBundle())
      }
    }
    _ = try Registry(path: folder.file()).register(try richSkills())
    try damage(
      folder.file(), "DROP VIEW retired",
      """
      CREATE VIEW retired AS WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless)
      SELECT CAST(n AS TEXT) AS name FROM endless
      """)
    #expect(
      try stranger()
        == .registryDamaged(
          path: folder.file(), reason: "the view retired is not as Reef makes it"))
  }

  @Test("What others claim of a skill that is here is kept beside, and what is shown stays")
  func furtherClaims() throws {
    let (here, there) = (try Registry(inMemory: ()), try Registry(inMemory: ()))
    let own = try here.register([try adding(1, summary: "ours")])
    let theirs = NewSkill(
      name: own[0].name, summary: "theirs", code: own[0].code,
      tests: [TestCase(input: [.int(9)], output: .int(10))], certificate: own[0].certificate,
      provenance: own[0].provenance)
    let digest = try there.register([theirs])[0].digest
    let report = try here.importBundle(try there.exportBundle([digest]))
    #expect(report.added.isEmpty)
    #expect(report.claimed == own && report.known == own)
    #expect(try here.skills() == own)
    #expect(try here.tests(of: digest).count == 2)
    #expect(try here.check() == [])
    let again = try here.importBundle(try there.exportBundle([digest]))
    #expect(again.claimed.isEmpty && again.known == own)
  }

  @Test("Two claims of one bundle cannot be twins, nor have two versions")
  func forgedClaims() throws {
    let registry = try Registry(inMemory: ())
    _ = try registry.register([try adding(1)])
    let whole = try registry.wholeBundle()
    let entry = whole.entries[0]
    let skill = entry.skill
    let other = Skill(
      digest: skill.digest, name: skill.name, version: 2, summary: "other", code: skill.code,
      certificate: skill.certificate, provenance: skill.provenance)
    for second in [entry, .init(skill: other, tests: entry.tests)] {
      let forged = Bundle(roots: whole.roots, entries: [entry, second]).zip.bytes
      guard
        case .bundleDamaged(Bundle.manifestPath, let reason)? =
          registryError({ _ = try Bundle(bytes: forged) })
      else {
        Issue.record("it was accepted")
        return
      }
      #expect(reason.hasPrefix("it has two entries for demo.add1@"))
    }
  }

  @Test("A skill that has the same name here but for its case is refused")
  func otherCase() throws {
    let (here, there) = (try Registry(inMemory: ()), try Registry(inMemory: ()))
    let own = try here.register([try adding(1, name: "demo.Add")])
    _ = try there.register([try adding(1, name: "demo.add")])
    #expect(
      registryError { _ = try here.add(there.wholeBundle()) }
        == .invalidSkill(
          "demo.add", reason: "its name differs from demo.Add, which is here, only in case"))
    #expect(try here.skills() == own)
    #expect(try here.check() == [])
  }

  @Test("A verifier that objects lets nothing in")
  func verifier() throws {
    struct Objection: ImportVerifier {
      func problem(of skill: Skill, tests: [TestCase], code: [Digest: SkillCode]) -> String? {
        #expect(skill.code.callees.allSatisfy { Atoms.with($0) != nil || code[$0] != nil })
        return skill.name == "numbers.scaledLists" ? "No." : nil
      }
    }
    let source = try Registry(inMemory: ())
    let root = try source.register(try richSkills())[1]
    let bundle = try source.exportBundle([root.digest])
    let target = try Registry(inMemory: ())
    #expect(
      registryError { _ = try target.importBundle(bundle, verifier: Objection()) }
        == .importRefused("numbers.scaledLists@1", reason: "No."))
    #expect(try target.skills() == [])
    #expect(try target.lines() == [])
  }

  @Test("Under a verifier nothing comes in that no test shows right")
  func unshown() throws {
    struct NoObjection: ImportVerifier {
      func problem(of skill: Skill, tests: [TestCase], code: [Digest: SkillCode]) -> String? { nil }
    }
    let source = try Registry(inMemory: ())
    let part = try source.register([try newSkill("demo.part", "(x: int) -> int\n  return x")])[0]
    let whole = try source.register([
      try newSkill(
        "demo.whole", "(x: int) -> int\n  s0 = {0} x\n  return s0", parents: [part.digest],
        tests: [TestCase(input: [.int(1)], output: .int(1))])
    ])[0]
    let target = try Registry(inMemory: ())
    let error = registryError {
      _ = try target.importBundle(source.exportBundle([part.digest]), verifier: NoObjection())
    }
    guard case .importRefused("demo.part@1", _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let report = try target.importBundle(
      source.exportBundle([whole.digest]), verifier: NoObjection())
    #expect(report.added == [part, whole])
  }
}

extension Registry {
  /// The canonical dump.
  func lines() throws -> [String] {
    let lines = Mutex<[String]>([])
    try dump { line in lines.withLock { $0.append(line) } }
    return lines.withLock { $0 }
  }
}
