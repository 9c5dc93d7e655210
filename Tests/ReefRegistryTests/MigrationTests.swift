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
    func keep(_ kind: String, _ digest: Digest, _ text: String) throws -> Int {
      let (codec, packed) = Codec.encode(Array(text.utf8))
      let id = try id(digest)
      try database.run(
        "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, ?, ?, ?, ?)",
        [.int(id), .text(kind), .text(codec.rawValue), .int(text.utf8.count), .bytes(packed)])
      return id
    }
    for (skill, tests) in zip(skills, tests) {
      let text = TestCase.text(of: tests)
      let object = try keep("skill", skill.digest, skill.code.canonicalText)
      let data = try keep("tests", SHA256.hash(text.utf8), text)
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
    let copy = try Database(path: folder.file() + ".schema1", mode: .existing)
    #expect(try copy.integer("PRAGMA user_version") == 1)
    #expect(try copy.integer("SELECT count(*) FROM names") == 2)
  }

  /// Takes a registry back to a schema that had one table more, or two tables less.
  private func takeBack(_ path: String, to schema: Int) throws {
    let database = try Database(path: path, mode: .existing)
    try database.run(Schema.attempts)
    try database.run("INSERT INTO attempts VALUES ('a', zeroblob(32), 7)")
    if schema == 2 {
      for statement in ["DROP VIEW usable", "DROP TABLE quarantine", "DROP TABLE chunks"] {
        try database.run(statement)
      }
    }
    try database.run("PRAGMA user_version = \(schema)")
  }

  /// All that a file declares: tables, indexes, views and triggers.
  private func schema(_ path: String) throws -> [String] {
    try Database(path: path, mode: .existing).rows(
      "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"
    ) { $0.text(0) }
  }

  @Test("A registry of a later schema is brought up whole", arguments: [2, 3])
  func laterSchema(number: Int) throws {
    let skills = try Registry(path: folder.file()).register(try richSkills() + [try weighted()])
    let declared = try schema(folder.file())
    try takeBack(folder.file(), to: number)
    #expect(try schema(folder.file()) != declared)
    let registry = try Registry(path: folder.file())
    #expect(try Set(registry.allSkills()) == Set(skills))
    #expect(try registry.list().count == 3)
    #expect(try registry.check() == [])
    #expect(try schema(folder.file()) == declared)
    let copy = try Database(path: folder.file() + ".schema\(number)", mode: .existing)
    #expect(try copy.integer("PRAGMA user_version") == number)
    #expect(try copy.integer("SELECT steps FROM attempts") == 7)
  }

  @Test("What cannot be brought up stays as it was")
  func damagedFirstSchema() throws {
    let new = try richSkills()
    let skills = try Registry(path: folder.file("reference.sqlite")).register(new)
    try makeFirst(skills, new.map(\.tests))
    do {
      let database = try Database(path: folder.file(), mode: .existing)
      try database.run("DROP TRIGGER names_update")
      try database.run("UPDATE names SET certificate = '{}' WHERE id = 2")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file()) }
        == .registryDamaged(
          path: folder.file(), reason: "numbers.scaledLists@1: \"checks\" is missing"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }
}
