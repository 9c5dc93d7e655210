import Foundation
import ReefMachine
import ReefRegistry

/// Keeping skills one transaction each and fetching them, beside plain rows of the same text in
/// SQLite through Python's own module, with the same promises (a write-ahead log, synced).
struct RegistryBenchmark: Benchmark {
  let name = "registry"
  let summary = "time registering and fetching skills, beside plain rows through python3's sqlite3"

  private static let count = 500

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("reef-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    let registry = try Registry(path: folder.appendingPathComponent("registry.sqlite").path)
    let skills = try RegistryBenchmark.skills(options.seed)
    var kept: [Skill] = []
    // The median over the skills: a disk that is busy for a moment decides nothing.
    let registering = try medianSeconds(of: skills) { kept += try registry.register([$0]) }
    let fetching = try medianSeconds(of: kept) { skill in
      guard try registry.skill(skill.digest)?.code == skill.code else {
        throw WrongAnswer(workload: "fetch", found: "another skill", expected: skill.name)
      }
    }
    let peer = try? SQLitePeer(path: folder.appendingPathComponent("plain.sqlite").path)
      .seconds(rows: skills.map { $0.code.canonicalText })
    func row(_ name: String, _ seconds: Double, _ peer: Double?) -> BenchRow {
      BenchRow(
        name: name, value: seconds * 1e6, unit: "µs",
        peer: peer.map { .init(name: "plain sqlite3", ratio: $0 / seconds) })
    }
    return [
      row("register a skill", registering, peer?.writing),
      row("fetch a skill", fetching, peer?.reading),
    ]
  }

  /// Chains of sums with constants of their own, so that every digest is another.
  private static func skills(_ seed: Int) throws -> [NewSkill] {
    guard let add = Atoms.named("int.add") else { preconditionFailure("the machine can add") }
    let signature = Signature(parameters: [.init("x", .int)], result: .int)
    return (0..<count).map { index in
      let steps = (0..<8).map { step in
        SkillCode.Step(
          .skill(add.digest), [.slot(step), .constant(.int(seed &+ index * 8 + step))])
      }
      return NewSkill(
        name: "bench.sum\(index)", summary: "The number plus constants of skill \(index).",
        code: SkillCode(signature: signature, steps: steps, result: .slot(8)),
        tests: [],
        certificate: Certificate(method: .sampled, seed: seed, checks: [], tolerance: 0),
        provenance: Provenance(
          task: "bench.sum\(index)", curriculum: "bench", generation: 1, learner: "none",
          seed: seed, searchSteps: 0, candidates: 0, pluginHash: ""))
    }
  }
}

/// One row for each text, each in its own transaction, then each read by its key.
private struct SQLitePeer {
  let path: String

  func seconds(rows: [String]) throws -> (writing: Double, reading: Double) {
    let script = """
      import json, sqlite3, time
      rows = json.loads(r'''\(JSON.array(rows.map { .string($0) }).text)''')
      db = sqlite3.connect(json.loads(r'''\(JSON.string(path).text)'''), isolation_level=None)
      db.execute("PRAGMA journal_mode=WAL")
      db.execute("PRAGMA synchronous=FULL")
      db.execute("CREATE TABLE rows (key INTEGER PRIMARY KEY, text TEXT) STRICT")
      def insert(key, text):
          db.execute("INSERT INTO rows VALUES (?, ?)", (key, text))
      def fetch(key, text):
          assert db.execute("SELECT text FROM rows WHERE key = ?", (key,)).fetchone()[0] == text
      for work in [insert, fetch]:
          times = []
          for key, text in enumerate(rows):
              start = time.perf_counter()
              work(key, text)
              times.append(time.perf_counter() - start)
          print(sorted(times)[len(times) // 2])
      """
    let lines = try ScriptPeer.run("python3", script).split(separator: "\n").map { Double($0) }
    guard lines.count == 2, let writing = lines[0], let reading = lines[1] else {
      throw WrongAnswer(workload: "plain sqlite3", found: "no times", expected: "two")
    }
    return (writing, reading)
  }
}
