import Foundation
import ReefMachine
import ReefRegistry

/// Keeping skills one transaction each, fetching and listing them, beside plain statements on the
/// same tables and beside MLflow; then a large library.
struct RegistryBenchmark: Benchmark {
  let name = "registry"
  let summary =
    "time keeping and finding skills, beside plain SQLite and MLflow, in small and large"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let library = BenchLibrary(seed: options.seed)
    return try withBenchFolder { folder in
      try single(library, folder) + many(library, folder, count: options.limit ?? 20_000)
    }
  }

  /// One skill at a time.
  private func single(_ library: BenchLibrary, _ folder: URL) throws -> [BenchRow] {
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    // Both begin with the same few skills, as parents; the peer has Reef's tables.
    let parents = try library.parents()
    for name in ["registry.sqlite", "plain.sqlite"] {
      _ = try Registry(path: path(name)).register(parents)
    }
    let plain = try PlainSQLite(path: path("plain.sqlite"))
    let registry = try Registry(path: path("registry.sqlite"))
    let skills = try library.large(calling: parents, count: 300)
    // In turns, so that a disk that is busy for a while slows both.
    var kept: [Skill] = []
    var times: (reef: [Double], plain: [Double]) = ([], [])
    for (index, skill) in skills.enumerated() {
      times.plain.append(try secondsOf { try plain.insert(skill, version: index + 1) })
      times.reef.append(try secondsOf { kept += try registry.register([skill]) })
    }
    let reader = try Registry(path: path("registry.sqlite"), access: .reading)
    var fetched: [Skill] = []
    let fetching = try medianSeconds(of: kept) { skill in
      fetched.append(try reader.resolve("\(skill.name)@\(skill.version)"))
    }
    guard fetched == kept else {
      throw WrongAnswer(workload: "fetch", found: "other skills", expected: "\(kept.count)")
    }
    // Both on connections that have read nothing before.
    let plainReader = try PlainSQLite(path: path("plain.sqlite"))
    let plainFetching = try medianSeconds(of: kept) { skill in
      guard try plainReader.fetch(skill.name, skill.version) > 500 else {
        throw WrongAnswer(workload: "plain fetch", found: "nothing", expected: skill.name)
      }
    }
    let listing = try medianSeconds {
      guard try reader.history(of: kept[0].name).count == kept.count else {
        throw WrongAnswer(workload: "list", found: "other versions", expected: "\(kept.count)")
      }
    }
    let plainListing = try medianSeconds {
      guard try plainReader.versions(of: kept[0].name) == kept.count else {
        throw WrongAnswer(workload: "plain list", found: "other", expected: "\(kept.count)")
      }
    }
    let figures = [
      ("register a skill of 24 KB", median(times.reef), median(times.plain)),
      ("fetch it by name and version", fetching, plainFetching),
      ("list its \(kept.count) versions", listing, plainListing),
    ]
    let mlflow = try? MLflowPeer.seconds(folder: folder.path, versions: kept.count)
    return figures.enumerated().flatMap { index, figure in
      var rows = [
        BenchRow(
          name: figure.0, value: figure.1 * 1e6, unit: "µs",
          peer: .init(name: "plain SQLite", ratio: figure.2 / figure.1))
      ]
      if let mlflow {
        rows.append(
          BenchRow(
            name: figure.0, value: figure.1 * 1e6, unit: "µs",
            peer: .init(name: "MLflow", ratio: mlflow[index] / figure.1)))
      }
      return rows
    }
  }

  /// A library of `count` skills with three parents each. What is found in it waits for no disk, and
  /// is measured in time of the processor.
  private func many(
    _ library: BenchLibrary, _ folder: URL, count: Int
  ) throws -> [BenchRow] {
    let path = folder.appendingPathComponent("many.sqlite").path
    let building = try secondsOf { try library.fill(try Registry(path: path), count: count) }
    var rows = [
      BenchRow(
        name: "one of \(count), 1,000 a time", value: building / Double(count) * 1e6, unit: "µs")
    ]
    func row(_ name: String, _ seconds: Double, beside peer: (String, Double)? = nil) {
      rows.append(
        BenchRow(
          name: name, value: seconds * 1e3, unit: "ms",
          peer: peer.map { .init(name: $0.0, ratio: $0.1 / seconds) }))
    }
    let (small, large) = (library.wholes(of: count).small, library.wholes(of: count).large)
    for (name, whole) in [("1,000", small), ("\(count / 10)", large)] {
      let top = try Registry(path: path, access: .reading).resolve(whole.top).digest
      let bottom = try Registry(path: path, access: .reading).resolve(whole.bottom).digest
      for (what, query) in [
        ("closure", { try $0.parents(of: top, deep: true).count }),
        ("deep users", { try $0.users(of: bottom, deep: true).count }),
      ] as [(String, (Registry) throws -> Int)] {
        let registry = try Registry(path: path, access: .reading)
        func once() throws {
          guard try query(registry) >= whole.size else {
            throw WrongAnswer(workload: what, found: "fewer", expected: "\(whole.size)")
          }
        }
        // The first three of a connection are answered by SQL, the others from memory.
        let bySQL = try (0..<3).map { _ in try processorSeconds(of: once) }.sorted()[1]
        let fromMemory = try medianProcessorSeconds(once)
        row("\(what) of \(name) by SQL", bySQL)
        row("\(what) of \(name), repeated", fromMemory, beside: ("SQL", bySQL))
      }
    }
    let registry = try Registry(path: path, access: .reading)
    let query = "skill\(count / 2) common"
    row(
      "search for a rare and a common word",
      try medianProcessorSeconds {
        guard try registry.search(query, limit: 20).first?.name == library.name(count / 2) else {
          throw WrongAnswer(workload: "search", found: "another", expected: query)
        }
      })
    row(
      "open and list the first 20",
      try medianProcessorSeconds {
        guard try Registry(path: path, access: .reading).list(limit: 20).count == 20 else {
          throw WrongAnswer(workload: "list", found: "fewer", expected: "20")
        }
      })
    return rows
  }
}

private func secondsOf(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}
