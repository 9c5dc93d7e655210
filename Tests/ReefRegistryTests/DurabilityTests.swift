import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct DurabilityTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "What was registered cannot be changed, whatever the program",
    arguments: [
      "UPDATE names SET version = version + 10", "DELETE FROM names",
      "UPDATE objects SET bytes = x'00'", "DELETE FROM objects",
      "UPDATE edges SET position = position + 10", "DELETE FROM edges",
      "UPDATE digests SET digest = randomblob(32)", "DELETE FROM digests",
      "UPDATE claims SET tests = name", "DELETE FROM claims",
      "UPDATE moves SET version = 7", "DELETE FROM moves",
      "INSERT OR REPLACE INTO names SELECT * FROM names",
      """
      INSERT OR REPLACE INTO names
      SELECT NULL, name, version, skill, claim, 9, origin, at, 'other', seal, 0 FROM names
      """,
      "INSERT OR REPLACE INTO objects SELECT id, kind, codec, 0, x'' FROM objects",
      "INSERT OR REPLACE INTO edges SELECT user, position, user FROM edges",
      "INSERT OR REPLACE INTO digests (digest) SELECT digest FROM digests",
      "INSERT OR REPLACE INTO claims SELECT object, name, object FROM claims",
      "INSERT OR REPLACE INTO moves SELECT id, name, kind, 'x', 1, at, author, 0 FROM moves",
    ])
  func immutability(statement: String) throws {
    let registry = try Registry(path: folder.file())
    let skills = try registry.register(try richSkills())
    try registry.setAlias("stable", of: "numbers.scaledBy", to: 1)
    let database = try Database(path: folder.file(), mode: .existing)
    let error = registryError { try database.run(statement) }
    #expect(
      error
        == .writeFailed(path: folder.file(), reason: "entries of a registry never change"))
    let other = try Registry(path: folder.file())
    #expect(try other.skills() == skills)
    #expect(try other.check() == [])
  }

  @Test("A process killed at any moment leaves whole entries", arguments: UInt64(0)..<4)
  func truncatedLog(seed: UInt64) throws {
    // What a killed process leaves is the file and the start of its log.
    var random = SplitMix64(seed: seed)
    let registry = try Registry(path: folder.file())
    var states: [[Skill]] = [[]]
    for index in 0..<5 {
      let pair = try [adding(2 * index), adding(2 * index + 1)]
      states.append(states[index] + (try registry.register(pair)))
    }
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    let log = try Data(contentsOf: URL(fileURLWithPath: folder.file() + "-wal"))
    var seen: Set<Int> = []
    for number in 0..<25 {
      let frame = 16384 + 24
      let cut =
        number == 0
        ? log.count
        : min(
          log.count, 32 + frame * random.int(in: 0...(log.count / frame)) + random.int(in: -1...1))
      let copy = folder.file("\(number).sqlite")
      try file.write(to: URL(fileURLWithPath: copy))
      try log.prefix(cut).write(to: URL(fileURLWithPath: copy + "-wal"))
      let survivor = try Registry(path: copy)
      let skills = try survivor.skills()
      #expect(states.contains { Set($0) == Set(skills) }, "cut at \(cut)")
      #expect(try survivor.check() == [], "cut at \(cut)")
      seen.insert(skills.count)
      // And it goes on from there.
      _ = try survivor.register([try adding(0), try adding(1), try adding(99)])
      #expect(try survivor.check() == [], "cut at \(cut)")
    }
    #expect(seen.contains(10))
    #expect(seen.count > 1)
  }

  @Test("Several connections write at once, and nothing is lost")
  func concurrentWriters() throws {
    let writers = 4
    let each = 8
    let path = folder.file()
    let errors = ErrorBox()
    DispatchQueue.concurrentPerform(iterations: writers) { writer in
      do {
        let registry = try Registry(path: path)
        for index in 0..<each {
          _ = try registry.register([
            try adding(writer * each + index, name: "shared.name"),
            try adding(1_000 + writer * each + index, name: "writer\(writer).own"),
          ])
        }
      } catch {
        errors.add(error)
      }
    }
    #expect(errors.all.isEmpty, "\(errors.all)")
    let registry = try Registry(path: path)
    let skills = try registry.skills()
    #expect(skills.filter { $0.name == "shared.name" }.map(\.version) == Array(1...writers * each))
    #expect(skills.count == 2 * writers * each)
    for writer in 0..<writers {
      let own = skills.filter { $0.name == "writer\(writer).own" }
      #expect(
        try own.map(\.digest)
          == (0..<each).map { try adding(1_000 + writer * each + $0).code.digest })
    }
    #expect(try registry.check() == [])
  }

  @Test("Garbage is collected while others import, and what is imported is whole")
  func collectingWhileImporting() throws {
    let path = folder.file()
    let source = try Registry(inMemory: ())
    let skills = try source.register(try randomLibrary(count: 6, seed: 5))
    let bundle = try Bundle(bytes: try source.exportBundle(skills.map(\.digest)))
    let errors = ErrorBox()
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      do {
        let registry = try Registry(path: path)
        for _ in 0..<10 {
          if worker % 2 == 0 {
            let report = try registry.add(bundle)
            #expect(report.added.count + report.known.count == skills.count)
            for skill in skills where worker == 0 {
              // The name may be gone before it can be retired.
              let error = registryError { try registry.setRetired(true, name: skill.name) }
              #expect(
                error == nil || error?.code == "skillNotFound", "\(String(describing: error))")
            }
          } else {
            _ = try registry.collectGarbage()
          }
        }
      } catch {
        errors.add(error)
      }
    }
    #expect(errors.all.isEmpty, "\(errors.all)")
    let registry = try Registry(path: path)
    #expect(try registry.check() == [])
    _ = try registry.add(bundle)
    #expect(try registry.lines() == source.lines())
  }

  @Test("Several connections make one registry at once", arguments: 0..<12)
  func concurrentMakers(round: Int) throws {
    let path = folder.file("\(round).sqlite")
    let errors = ErrorBox()
    DispatchQueue.concurrentPerform(iterations: 6) { maker in
      do {
        _ = try Registry(path: path).register([try adding(maker, name: "shared.name")])
      } catch {
        errors.add(error)
      }
    }
    #expect(errors.all.isEmpty, "\(errors.all)")
    #expect(try Registry(path: path).skills().map(\.version) == Array(1...6))
  }

  @Test("Threads share one registry")
  func concurrentThreads() throws {
    let registry = try Registry(path: folder.file())
    let skills = try registry.register(try randomLibrary(count: 12, seed: 1))
    let errors = ErrorBox()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for skill in skills {
          #expect(try registry.skill(skill.digest) == skill)
          _ = try registry.search("random", limit: 3)
        }
        _ = try registry.register([try adding(thread)])
      } catch {
        errors.add(error)
      }
    }
    #expect(errors.all.isEmpty, "\(errors.all)")
    #expect(try registry.skills().count == 20)
  }

  @Test("A writer that finds another at work for too long says so")
  func busy() throws {
    let first = WriterLock(registryPath: folder.file())
    let second = WriterLock(registryPath: folder.file())
    let error = registryError {
      try first.withLock { () throws(RegistryError) in
        try second.withLock(patience: 0) { () throws(RegistryError) in }
      }
    }
    #expect(error == .registryBusy(path: folder.file(), seconds: 0))
    try second.withLock(patience: 0) { () throws(RegistryError) in }
  }

  @Test(
    "The check finds what was changed behind the triggers' back",
    arguments: [
      "UPDATE objects SET bytes = x'00' WHERE kind = 'skill' AND id = 1",
      "UPDATE objects SET codec = 'raw', size = length(bytes) WHERE kind = 'tests'",
      "UPDATE objects SET kind = 'tests' WHERE id = 1", "DELETE FROM objects WHERE id = 1",
      "DELETE FROM edges WHERE position = 0", "DELETE FROM digests WHERE id = 1",
      "UPDATE edges SET position = 20 - position",
      "UPDATE names SET claim = (SELECT max(claim) FROM names)", "DELETE FROM claims",
      "UPDATE names SET version = 3 WHERE id = 1", "UPDATE names SET author = 'other'",
      "UPDATE names SET at = at + 1", "UPDATE names SET generation = 5",
      "UPDATE names SET name = 'no name' WHERE id = 1", "DELETE FROM names WHERE id = 1",
      "UPDATE claims SET tests = (SELECT max(tests) FROM claims)",
      "UPDATE moves SET version = 2", "UPDATE moves SET word = 'other'",
      "DELETE FROM parts", "DELETE FROM objects WHERE kind = 'weights'",
      "UPDATE objects SET codec = 'zlib4' WHERE kind = 'weights'",
      "DELETE FROM search_docsize", "UPDATE search_docsize SET sz = x'070707'",
      "UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10",
      "INSERT INTO search (rowid, name, summary, type) VALUES (1, 'other', 'words', '')",
      "UPDATE parts SET weights = skill WHERE weights = (SELECT max(weights) FROM parts)",
      "INSERT INTO edges SELECT object, 0, 1 FROM claims LIMIT 1",
      "INSERT INTO parts SELECT object, tests FROM claims LIMIT 1",
      "INSERT INTO chunks SELECT NULL, id, 0, 'raw', 1, x'00' FROM objects LIMIT 1",
    ])
  func damage(statement: String) throws {
    let registry = try Registry(path: folder.file())
    _ = try registry.register(try richSkills() + [try weighted()])
    try registry.setAlias("stable", of: "numbers.scaledBy", to: 1)
    try ReefRegistryTests.damage(folder.file(), statement)
    #expect(try Registry(path: folder.file()).check() != [])
  }

  @Test(
    "A file with any bit changed is found out, or is of the same content; and never a crash",
    arguments: seeds(4))
  func flippedBits(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let registry = try Registry(path: folder.file())
    let skills = try registry.register(try richSkills() + [try weighted()])
    try registry.setAlias("stable", of: skills[0].name, to: 1)
    let lines = try registry.lines()
    let history = try registry.history(of: skills[0].name)
    let found = try registry.search("scaled number", limit: 9)
    try registry.backUp(to: folder.file("whole.sqlite"))
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.sqlite")))
    for number in 0..<25 {
      var damaged = file
      damaged[random.int(in: 0...(file.count - 1))] ^= 1 << UInt8(random.int(in: 0...7))
      let copy = folder.file("\(number).sqlite")
      try damaged.write(to: URL(fileURLWithPath: copy))
      do {
        let registry = try Registry(path: copy)
        guard try registry.check().isEmpty else { continue }
        #expect(try registry.lines() == lines)
        #expect(try Set(registry.allSkills()) == Set(skills))
        #expect(try registry.history(of: skills[0].name) == history)
        #expect(try registry.search("scaled number", limit: 9) == found)
      } catch {
        // Refused, with the type of error that `Registry` promises.
        #expect(error is RegistryError)
      }
      try FileManager.default.removeItem(atPath: copy)
    }
  }
}

/// What went wrong on other threads.
private final class ErrorBox: @unchecked Sendable {
  // `lock` guards `errors`.
  private let lock = NSLock()
  private var errors: [String] = []

  var all: [String] { lock.withLock { errors } }
  func add(_ error: any Error) { lock.withLock { errors.append("\(error)") } }
}
