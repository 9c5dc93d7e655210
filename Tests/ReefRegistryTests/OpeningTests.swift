import Foundation
import ReefMachine
import Testing

@testable import ReefRegistry

@Suite struct OpeningTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "The releases of SQLite that need Reef's lock are known",
    arguments: [
      (3_006_023, "3.6.23", false), (3_007_000, "3.7.0", true), (3_040_001, "3.40.1", true),
      (3_051_002, "3.51.2", true), (3_051_003, "3.51.3", false), (4_000_000, "4.0.0", false),
    ])
  func releases(number: Int, name: String, mayResetLog: Bool) {
    let release = SQLiteRelease(number: number)
    #expect(release.description == name)
    #expect(release.mayResetLog == mayResetLog)
  }

  @Test("The folders that lead to a registry are made")
  func makesFolders() throws {
    let path = folder.file("a/b/registry.sqlite")
    _ = try Registry(path: path).register([try adding(1)])
    #expect(try Registry(path: path).skills().count == 1)
  }

  @Test("A closed registry is one file and its lock")
  func leavesOneFile() throws {
    for access in [Registry.Access.writing, .reading] {
      let registry = try Registry(path: folder.file(), access: access)
      _ = try registry.skills()
      if access == .writing { _ = try registry.register([try adding(1)]) }
    }
    #expect(try folder.contents() == ["registry.sqlite", "registry.sqlite-lock"])
  }

  @Test("A reader leaves the log of a writer that was killed; the next writer folds it in")
  func logOfKilledWriter() throws {
    let registry = try Registry(path: folder.file())
    let skills = try registry.register([try adding(1)])
    let copy = folder.file("copy.sqlite")
    // What a killed process leaves.
    try withExtendedLifetime(registry) {
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: folder.file() + suffix, toPath: copy + suffix)
      }
    }
    let log = try Data(contentsOf: URL(fileURLWithPath: copy + "-wal"))
    #expect(try Registry(path: copy, access: .reading).skills() == skills)
    #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "-wal")) == log)
    #expect(try Registry(path: copy).skills() == skills)
    #expect(
      try folder.contents().filter { $0.hasPrefix("copy") } == ["copy.sqlite", "copy.sqlite-lock"])
    #expect(try Registry(path: copy).skills() == skills)
  }

  @Test(
    "A connection has the settings that guard what is kept",
    arguments: [Registry.Access.writing, .reading])
  func settings(access: Registry.Access) throws {
    _ = try Registry(path: folder.file()).register([try adding(1)])
    let wanted = [
      "page_size": 16384, "synchronous": 2, "wal_autocheckpoint": 0, "trusted_schema": 0,
      "foreign_keys": 1,
    ]
    let registry = try Registry(path: folder.file(), access: access)
    let found = try registry.reading { (store) throws(RegistryError) in
      var found: [String: Int] = [:]
      for name in wanted.keys { found[name] = try store.database.integer("PRAGMA \(name)") }
      return found
    }
    #expect(found == wanted)
    let journal = try registry.reading { (store) throws(RegistryError) in
      try store.database.first("PRAGMA journal_mode") { $0.text(0) }
    }
    #expect(journal == "wal")
    // Only the defensive mode keeps a statement from the tables that search is made of.
    let error = registryError {
      try registry.reading { (store) throws(RegistryError) in
        try store.database.run("UPDATE search_docsize SET sz = x'00'")
      }
    }
    #expect(
      error
        == .registryDamaged(
          path: folder.file(), reason: "table search_docsize may not be modified"))
    #expect(Database.TransactionKind.writing.rawValue == "BEGIN IMMEDIATE")
  }

  @Test("Closing folds nothing in while another has the lock, and loses nothing")
  func closingUnderLock() throws {
    let log = folder.file() + "-wal"
    let lock = WriterLock(registryPath: folder.file())
    var registry: Registry? = try Registry(path: folder.file())
    let skills = try registry?.register([try adding(1)])
    let before = try Data(contentsOf: URL(fileURLWithPath: log))
    try lock.withLock { () throws(RegistryError) in registry = nil }
    #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == before)
    #expect(try Registry(path: folder.file()).skills() == skills)
    #expect(!FileManager.default.fileExists(atPath: log))
  }

  @Test("Opening to read makes nothing")
  func readingMakesNothing() throws {
    let path = folder.file("a/registry.sqlite")
    let error = registryError { _ = try Registry(path: path, access: .reading) }
    #expect(error == .registryMissing(path: path))
    #expect(try folder.contents() == [])
  }

  @Test("A registry opened to read refuses every write")
  func readingRefusesWrites() throws {
    let skills = try Registry(path: folder.file()).register(try richSkills())
    let registry = try Registry(path: folder.file(), access: .reading)
    #expect(registry.isReadOnly)
    let bundle = try registry.exportBundle([skills[1].digest])
    let refusal = RegistryError.registryReadOnly(path: folder.file())
    #expect(registryError { _ = try registry.register([try adding(1)]) } == refusal)
    #expect(registryError { _ = try registry.importBundle(bundle) } == refusal)
    #expect(try registry.skills().count == 2)
  }

  @Test("A folder is no registry", arguments: [Registry.Access.reading, .writing])
  func directory(access: Registry.Access) throws {
    #expect(
      registryError { _ = try Registry(path: folder.path, access: access) }
        == .registryUnreadable(path: folder.path, reason: "it is a folder, not a file"))
    #expect(try folder.contents() == [])
  }

  @Test("A link leads to the registry itself, with its lock and its log")
  func links() throws {
    let skills = try Registry(path: folder.file()).register([try adding(1)])
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "registry.sqlite")
    let linked = try Registry(path: folder.file("link"))
    #expect(try linked.skills() == skills)
    _ = try linked.register([try adding(2)])
    #expect(try !folder.contents().contains { $0.hasPrefix("link-") })
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("nowhere"), withDestinationPath: "none.sqlite")
    for access in [Registry.Access.reading, .changing, .writing] {
      #expect(
        registryError { _ = try Registry(path: folder.file("nowhere"), access: access) }
          == .registryUnreadable(
            path: folder.file("nowhere"), reason: "it is a link to what is not there"))
    }
  }

  @Test("What is no file is not waited for")
  func pipe() throws {
    #expect(mkfifo(folder.file(), 0o600) == 0)
    #expect(
      registryError { _ = try Registry(path: folder.file()) }
        == .registryUnreadable(path: folder.file(), reason: "it is no file"))
    #expect(
      registryError { _ = try Registry(path: "") }
        == .registryUnreadable(path: "''", reason: "its path is empty"))
  }

  @Test("Only opening to write makes a registry")
  func changing() throws {
    #expect(
      registryError { _ = try Registry(path: folder.file("a/b"), access: .changing) }
        == .registryMissing(path: folder.file("a/b")))
    #expect(try folder.contents() == [])
    try Data().write(to: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file(), access: .changing) }
        == .registryMissing(path: folder.file()))
  }

  @Test("The lock is for all who may use the registry, whoever made it")
  func lockOfOthers() throws {
    let registry = try Registry(path: folder.file())
    _ = try registry.register([try adding(1)])
    #expect(chmod(folder.file(), 0o640) == 0)
    #expect(unlink(folder.file() + WriterLock.suffix) == 0)
    _ = try Registry(path: folder.file()).register([try adding(2)])
    var status = stat()
    #expect(stat(folder.file() + WriterLock.suffix, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test("A link in the place of the lock is not followed, and nothing is made where it leads")
  func linkedLock() throws {
    _ = try Registry(path: folder.file()).register([try adding(1)])
    #expect(unlink(folder.file() + WriterLock.suffix) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file() + WriterLock.suffix, withDestinationPath: "elsewhere")
    #expect(try Registry(path: folder.file(), access: .reading).skills().count == 1)
    #expect(
      registryError { _ = try Registry(path: folder.file()).register([try adding(2)]) }?.code
        == "writeFailed")
    #expect(try !folder.contents().contains("elsewhere"))
  }

  @Test("A file of no schema is no registry", arguments: [-1, 0])
  func noSchema(schema: Int) throws {
    _ = try Registry(path: folder.file()).register([try adding(1)])
    try Database(path: folder.file(), mode: .existing).run("PRAGMA user_version = \(schema)")
    for access in [Registry.Access.reading, .writing] {
      #expect(
        registryError { _ = try Registry(path: folder.file(), access: access) }
          == .registryUnreadable(path: folder.file(), reason: "it is another program's database"))
    }
  }

  @Test("A file cannot lead to a registry")
  func fileInTheWay() throws {
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder.file("a")))
    let path = folder.file("a/registry.sqlite")
    #expect(
      registryError { _ = try Registry(path: path) }
        == .registryNotMade(path: path, reason: "Not a directory"))
  }

  @Test(
    "A file that is no database is left as it is", arguments: [1, 10, 99, 100, 1_000, 20_000],
    [Registry.Access.reading, .writing])
  func garbage(size: Int, access: Registry.Access) throws {
    let content = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) })
    try content.write(to: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file(), access: access) }
        == .registryUnreadable(path: folder.file(), reason: "it is no SQLite database"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == content)
    #expect(try folder.contents() == ["registry.sqlite"])
  }

  @Test("An empty file becomes a registry, unless it is only to be read")
  func emptyFile() throws {
    try Data().write(to: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file(), access: .reading) }
        == .registryMissing(path: folder.file()))
    #expect(try Registry(path: folder.file()).skills() == [])
  }

  @Test("Another program's database is left as it is")
  func otherDatabase() throws {
    do {
      let database = try Database(path: folder.file(), mode: .creating)
      try database.run("CREATE TABLE notes (text)")
    }
    let content = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file()) }
        == .registryUnreadable(path: folder.file(), reason: "it is another program's database"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == content)
    #expect(try folder.contents() == ["registry.sqlite"])
  }

  @Test(
    "A registry of a newer schema is left as it is", arguments: [Registry.Access.reading, .writing])
  func newerSchema(access: Registry.Access) throws {
    _ = try Registry(path: folder.file()).register([try adding(1)])
    do {
      let database = try Database(path: folder.file(), mode: .existing)
      try database.run("PRAGMA user_version = 99")
    }
    let content = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    #expect(
      registryError { _ = try Registry(path: folder.file(), access: access) }
        == .schemaTooNew(path: folder.file(), found: 99, supported: Schema.version))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == content)
  }

  @Test(
    "Where permissions allow only reading, reading works and writing says so",
    .enabled(if: geteuid() != 0, "the superuser may write everything"), arguments: [true, false])
  func permissions(ofFolder: Bool) throws {
    let skills = try Registry(path: folder.file()).register([try adding(1)])
    let restricted = ofFolder ? folder.path : folder.file()
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.file())
    if ofFolder { try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: restricted) }
    defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: restricted) }
    for access in [Registry.Access.reading, .writing] {
      let registry = try Registry(path: folder.file(), access: access)
      #expect(try registry.skills() == skills)
      #expect(registry.isReadOnly)
      #expect(
        registryError { _ = try registry.register([try adding(2)]) }
          == .registryReadOnly(path: folder.file()))
    }
  }

  @Test("A path may hold any characters")
  func oddPaths() throws {
    for name in ["a b?c#d%41.sqlite", "ü'\"🪸.sqlite", "file:x"] {
      let path = folder.file(name)
      _ = try Registry(path: path).register([try adding(1)])
      let database = try Database(path: path, mode: .immutable)
      #expect(try database.integer("SELECT count(*) FROM names") == 1)
    }
  }
}

@Suite struct RegistryErrorTests {
  @Test(
    "Each error is a sentence that names the thing, the reason and what to do",
    arguments: [
      (
        .skillNotFound("sorting.sotr", closest: "sorting.sort"), "skillNotFound",
        "No skill is named 'sorting.sotr'. Did you mean 'sorting.sort'? 'reef list' shows all."
      ),
      (
        .skillNotFound("x", closest: nil), "skillNotFound",
        "No skill is named 'x'. 'reef list' shows all."
      ),
      (
        .versionNotFound(name: "a", version: 3, latest: 2), "skillNotFound",
        "'a' has no version 3; its latest is 2. 'reef show a' shows it."
      ),
      (
        .ambiguousReference("00000000", candidates: ["a@1#000000001", "b@1#000000002"]),
        "ambiguousReference",
        "The digest prefix '00000000' fits a@1#000000001 and b@1#000000002. Give more of it; 'reef list' shows all."
      ),
      (
        .registryMissing(path: "p"), "registryMissing",
        "There is no registry at p. 'reef grow CURRICULUM' makes one; '--registry PATH' names another."
      ),
      (
        .registryUnreadable(path: "p", reason: "it is a folder, not a file"), "registryUnreadable",
        "The registry p cannot be read: it is a folder, not a file. '--registry PATH' names another."
      ),
      (
        .registryReadOnly(path: "p"), "registryReadOnly",
        "The registry p may be read but not written. Change the permissions of the file and its folder, or name another with '--registry PATH'."
      ),
      (
        .schemaTooNew(path: "p", found: 9, supported: 1), "schemaTooNew",
        "The registry p has schema 9; this Reef reads up to 1. Update Reef."
      ),
      (
        .registryDamaged(path: "p", reason: "r"), "registryDamaged",
        "The registry p is damaged: r. 'reef registry check' lists all that is wrong."
      ),
      (
        .registryBusy(path: "p", seconds: 10), "registryBusy",
        "Another process has been writing to the registry p for 10 s. Try again when it is done."
      ),
      (
        .writeFailed(path: "p", reason: "disk full"), "writeFailed",
        "The registry p could not be written: disk full. Nothing was changed; try again when that is mended."
      ),
      (
        .invalidSkill("a", reason: "r"), "invalidSkill",
        "The skill 'a' cannot be registered: r."
      ),
      (
        .invalidName("x", reason: "r"), "invalidName", "'x' cannot be used: r."
      ),
      (
        .bundleDamaged(part: "manifest.json", reason: "r"), "bundleDamaged",
        "The bundle is damaged at manifest.json: r. Nothing was imported; 'reef export' writes a new one."
      ),
      (
        .bundleDamaged(part: nil, reason: "it is no zip file"), "bundleDamaged",
        "The bundle is damaged: it is no zip file. Nothing was imported; 'reef export' writes a new one."
      ),
      (
        .bundleTooNew(found: 2, supported: 1), "bundleTooNew",
        "The bundle has format 2; this Reef reads up to 1. Update Reef."
      ),
      (
        .bundleTooLarge(reason: "r"), "bundleTooLarge",
        "The bundle would be too large: r. Export fewer skills at a time; 'reef registry backup' copies all."
      ),
      (
        .importRefused("a@1", reason: "Wrong on 3."), "importRefused",
        "a@1 did not pass its verification: Wrong on 3. Nothing was imported."
      ),
    ] as [(RegistryError, String, String)])
  func sentences(error: RegistryError, code: String, sentence: String) {
    #expect(error.code == code)
    #expect(error.description == sentence)
  }
}
