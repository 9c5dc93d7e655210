import Foundation
import ReefMachine
import Testing

@testable import ReefRegistry

@Suite struct MigrationTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a registry of schema 1 as the Reef of then did.
  private func makeFirst(_ skills: [Skill], _ tests: [[TestCase]]) throws {
    let database = try Database(path: folder.file(), mode: .creating)
    try database.run("PRAGMA page_size = 16384")
    try database.run("PRAGMA journal_mode = WAL")
    try Schema.makeFirst(database)
    try database.run("PRAGMA application_id = \(Schema.applicationID)")
    try database.run("PRAGMA user_version = 1")
    func id(_ digest: Digest) throws -> Int {
      let known = try database.integer(
        "SELECT id FROM digests WHERE digest = ?", [.digest(digest)])
      if known > 0 { return known }
      try database.run("INSERT INTO digests (digest) VALUES (?)", [.digest(digest)])
      return database.lastInsertedID
    }
    func keep(_ kind: String, _ digest: Digest, _ text: [UInt8]) throws -> Int {
      let (codec, packed) = Codec.encode(text)
      let id = try id(digest)
      try database.run(
        "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, ?, ?, ?, ?)",
        [.int(id), .text(kind), .text(codec.rawValue), .int(text.count), .bytes(packed)])
      return id
    }
    for (skill, tests) in zip(skills, tests) {
      let text = TestCase.text(of: tests)
      let object = try keep("skill", skill.digest, Array(skill.code.canonicalText.utf8))
      let data = try keep("tests", SHA256.hash(text), text)
      for (position, parent) in skill.code.callees.enumerated() {
        try database.run(
          "INSERT INTO edges VALUES (?, ?, ?)",
          [.int(object), .int(position), .int(try id(parent))])
      }
      try database.run(
        """
        INSERT INTO names (name, version, skill, signature, summary, tests, certificate, provenance)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(skill.name), .int(skill.version), .int(object),
          .text(skill.signature.description), .text(skill.summary), .int(data),
          .text(skill.certificate.json.text), .text(skill.provenance.json.text),
        ])
      try database.run(
        "INSERT INTO search (rowid, name, summary) VALUES (?, ?, ?)",
        [
          .int(database.lastInsertedID), .text(SearchWords.indexed(skill.name)),
          .text(SearchWords.indexed(skill.summary)),
        ])
    }
    try database.run("INSERT INTO attempts VALUES ('a', zeroblob(32), 7)")
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  @Test("A registry of schema 1 is brought up whole, and its file as it was is kept beside it")
  func firstSchema() throws {
    let new = try richSkills()
    let reference = try Registry(path: folder.file("reference.sqlite"))
    let skills = try reference.register(new)
    try makeFirst(skills, new.map(\.tests))
    #expect(
      registryError { _ = try Registry(path: folder.file(), access: .reading) }
        == .registryUnreadable(
          path: folder.file(),
          reason: "it has the older schema 1; 'reef registry migrate' brings it up"))

    let registry = try Registry(path: folder.file())
    #expect(try registry.skills() == skills)
    #expect(try registry.check() == [])
    #expect(try registry.lines() == reference.lines())
    let bundle = try registry.exportBundle([skills[1].digest])
    #expect(try bundle == reference.exportBundle([skills[1].digest]))
    #expect(try registry.search("scaled", limit: 9).count == 2)
    #expect(try registry.parents(of: skills[1].digest) == skills[1].code.callees)
    #expect(try schema(folder.file()) == schema(folder.file("reference.sqlite")))
    // It goes on from there, and is closed to others as before.
    _ = try registry.register([try adding(1)])
    #expect(
      registry.migration == Registry.Migration(schema: 1, copy: folder.file() + ".schema1"))
    let copy = try Database(path: folder.file() + ".schema1", mode: .existing)
    #expect(try copy.integer("PRAGMA user_version") == 1)
    #expect(try copy.integer("SELECT count(*) FROM names") == 2)
  }

  @Test("A file that has the name of the copy stays, and is not taken for it")
  func otherCopy() throws {
    try makeEarlier(4)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file() + ".schema4"))
    let registry = try Registry(path: folder.file())
    #expect(registry.migration?.copy == folder.file() + ".schema4.2")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file() + ".schema4")).count == 4)
    let copy = try Database(path: folder.file() + ".schema4.2", mode: .existing)
    #expect(try copy.integer("PRAGMA user_version") == 4)
    #expect(try Registry(path: folder.file()).migration == nil)
    // The same once more, as after a migration that was cut short: the copy is there.
    try makeEarlier(4)
    #expect(try Registry(path: folder.file()).migration?.copy == folder.file() + ".schema4.2")
  }

  @Test("A trigger of a stranger's is not run by a migration")
  func strangersTrigger() throws {
    try makeEarlier(4)
    try Database(path: folder.file(), mode: .existing).run(
      "CREATE TRIGGER more AFTER INSERT ON names BEGIN DELETE FROM quarantine; END")
    for isSuspect in [false, true] {
      #expect(
        registryError { _ = try Registry(path: folder.file(), isSuspect: isSuspect) }
          == .registryDamaged(
            path: folder.file(), reason: "the trigger more is not as Reef makes it"))
    }
  }

  /// Writes the registry of schema 4 that an earlier Reef left, or takes it back further, to a schema that
  /// had one table more, or two tables less.
  private func makeEarlier(_ schema: Int) throws {
    try EarlierReef.registry.write(to: URL(fileURLWithPath: folder.file()))
    guard schema < 4 else { return }
    let database = try Database(path: folder.file(), mode: .existing)
    try database.run(Schema.attempts)
    try database.run("INSERT INTO attempts VALUES ('a', zeroblob(32), 7)")
    if schema == 2 {
      for statement in ["DROP VIEW usable", "DROP TABLE quarantine", "DROP TABLE chunks"] {
        try database.run(statement)
      }
    }
    try database.run("PRAGMA user_version = \(schema)")
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// A registry as this Reef makes it, with what was done to the earlier one.
  private func reference() throws -> Registry {
    let reference = try Registry(path: folder.file("reference.sqlite"))
    try EarlierReef.fill(reference)
    return reference
  }

  /// What a file holds in rows that a migration keeps as they are.
  private func rows(_ path: String) throws -> [String] {
    let database = try Database(path: path, mode: .existing)
    return try [
      "names.id, name, version, hex(digest), generation, origin, at, author FROM names "
        + "JOIN digests ON digests.id = skill",
      "moves.id, name, kind, word, version, at, author, seal FROM moves",
      "objects.id, kind, hex(digest) FROM objects JOIN digests USING (id) "
        + "WHERE kind IN ('skill', 'weights')",
      "user, position, hex(digest) FROM edges JOIN digests ON digests.id = parent",
      "skill, weights, 0 FROM parts", "object, name, tests FROM claims",
    ].flatMap { columns in
      try database.rows(
        "SELECT json_array(\(columns.replacing(" FROM", with: ") FROM", maxReplacements: 1)) ORDER BY 1"
      ) { $0.text(0) }
    }
  }

  /// All that a file declares: tables, indexes, views and triggers.
  private func schema(_ path: String) throws -> [String] {
    try Database(path: path, mode: .existing).rows(
      "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"
    ) { $0.text(0) }
  }

  @Test(
    "A registry of a later schema becomes what this Reef would have made", arguments: [2, 3, 4])
  func laterSchema(number: Int) throws {
    let reference = try reference()
    try makeEarlier(number)
    #expect(try schema(folder.file()) != schema(folder.file("reference.sqlite")))
    let before = try rows(folder.file())
    let registry = try Registry(path: folder.file())
    #expect(try registry.check() == [])
    #expect(try registry.lines() == reference.lines())
    #expect(try rows(folder.file()) == before)
    #expect(try schema(folder.file()) == schema(folder.file("reference.sqlite")))
    let skills = try registry.allSkills()
    #expect(try skills == reference.allSkills())
    for skill in skills {
      #expect(try registry.tests(of: skill.digest) == reference.tests(of: skill.digest))
      #expect(try registry.claims(of: skill) == reference.claims(of: skill))
    }
    #expect(try registry.aliases(of: "demo.add").map(\.version) == [2])
    #expect(try registry.wholeBundle().zip == reference.wholeBundle().zip)
    let type = try Type(parsing: "(tree(int)) -> int", acceptsUndeclared: true)
    #expect(try registry.search("", type: type, limit: 9).map(\.name) == ["trees.sum"])
    // It goes on from there, and is closed to others as before.
    _ = try registry.register([try adding(4, name: "demo.add")])
    #expect(try registry.check() == [])
    let database = try Database(path: folder.file(), mode: .existing)
    #expect(registryError { try database.run("DELETE FROM claims") } != nil)

    let copy = try Database(path: folder.file() + ".schema\(number)", mode: .existing)
    #expect(try copy.integer("PRAGMA user_version") == number)
    if number < 4 { #expect(try copy.integer("SELECT steps FROM attempts") == 7) }
  }

  @Test("The digest of test data is that of the line reef.tests and their bytes")
  func digestOfTests() throws {
    try makeEarlier(4)
    let lines = try Registry(path: folder.file()).lines().map { try JSON(parsing: $0) }
    let claims = lines.filter { $0["kind"]?.string == "claim" }
    let named = Set(claims.compactMap { $0["content"]?["tests"]?.string })
    // Those of `numbers.scaledBy`, by sha256sum.
    #expect(named.contains("ed5fdfadc38326c49e4531b2facff594448f9c1f466ed82784bd681b5ba6862d"))
    let data = lines.filter { $0["kind"]?.string == "tests" }
    #expect(Set(data.compactMap { $0["digest"]?.string }) == named)
  }

  @Test(
    "What was damaged or forged before a migration is so after it, and a bundle mends what it can",
    arguments: [
      (
        "UPDATE objects SET bytes = x'00' WHERE id = (SELECT tests FROM claims WHERE name = 1)",
        true
      ),
      ("UPDATE objects SET bytes = x'00' WHERE id = (SELECT claim FROM names WHERE id = 1)", true),
      ("UPDATE names SET version = 7 WHERE id = 1", false),
      ("UPDATE names SET seal = seal + 1 WHERE id = 1", false),
    ])
  func damage(statement: String, canBeMended: Bool) throws {
    let reference = try reference()
    try makeEarlier(4)
    do {
      let database = try Database(path: folder.file(), mode: .existing)
      let triggers = try database.rows(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%update'"
      ) { ($0.text(0), $0.text(1)) }
      for (name, _) in triggers { try database.run("DROP TRIGGER \(name)") }
      try database.run(statement)
      for (_, sql) in triggers { try database.run(sql) }
    }
    let registry = try Registry(path: folder.file())
    let found = try registry.quarantine()
    #expect(found.names.contains { $0.hasPrefix("numbers.scaledBy@") })
    // The other calls it.
    #expect(found.names.allSatisfy { $0.hasPrefix("numbers.scaled") })
    _ = try registry.importBundle(Array(EarlierReef.bundle))
    #expect(try registry.check().isEmpty == canBeMended)
    if canBeMended {
      #expect(try registry.quarantined() == [])
      #expect(try registry.lines() == reference.lines())
    }
  }

  @Test("What cannot be brought up stays as it was")
  func damagedFirstSchema() throws {
    let new = try richSkills()
    let skills = try Registry(path: folder.file("reference.sqlite")).register(new)
    try makeFirst(skills, new.map(\.tests))
    do {
      try ReefRegistryTests.damage(
        folder.file(), "UPDATE names SET certificate = '{}' WHERE id = 2")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file()) }
        == .registryDamaged(
          path: folder.file(), reason: "numbers.scaledLists@1: \"checks\" is missing"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }
}
