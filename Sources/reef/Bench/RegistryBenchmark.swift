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

  /// One skill at a time, in rounds: whatever slows a machine for a while slows all of them.
  private func single(_ library: BenchLibrary, _ folder: URL) throws -> [BenchRow] {
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    // Both begin with the same few skills, as parents; the peer has Reef's tables.
    let parents = try library.parents()
    for name in ["registry.sqlite", "plain.sqlite"] {
      _ = try Registry(path: path(name)).register(parents)
    }
    let (rounds, perRound) = (5, 60)
    let mlflow = try MLflowPeer(folder: folder.path)
    let plain = try PlainSQLite(path: path("plain.sqlite"))
    let registry = try Registry(path: path("registry.sqlite"))
    let skills = try library.large(calling: parents, count: rounds * perRound)
    var kept: [Skill] = []
    var registering = Contest("register a skill of 24 KB")
    for round in 0..<rounds {
      var times: (reef: [Double], plain: [Double]) = ([], [])
      for index in round * perRound..<(round + 1) * perRound {
        times.plain.append(try secondsOf { try plain.insert(skills[index], version: index + 1) })
        times.reef.append(try secondsOf { kept += try registry.register([skills[index]]) })
      }
      registering.reef.append(undisturbed(times.reef))
      registering.plain.append(undisturbed(times.plain))
      if let mlflow {
        registering.mlflow.append(try mlflow.seconds(.register, count: perRound))
      }
    }
    // What follows waits for no disk, and is measured in time of the processor. The peer reads the file
    // that Reef wrote.
    var fetching = Contest("fetch it by name and version")
    for _ in 0..<rounds {
      // Connections that have read nothing before.
      let reader = try Registry(path: path("registry.sqlite"), access: .reading)
      let plain = try PlainSQLite(path: path("registry.sqlite"))
      var seconds = (reef: 0.0, plain: 0.0)
      for (index, skill) in kept.enumerated() {
        let reference = "\(skill.name)@\(skill.version)"
        // The second finds the page in the processor's cache.
        for isReef in [index % 2 == 0, index % 2 != 0] {
          if isReef {
            var fetched: Skill?
            seconds.reef += try processorSeconds(of: { fetched = try reader.resolve(reference) })
            guard fetched == skill else {
              throw WrongAnswer(workload: "fetch", found: "another skill", expected: reference)
            }
          } else {
            var size = 0
            seconds.plain += try processorSeconds(of: {
              size = try plain.fetch(skill.name, skill.version)
            })
            guard size > 500 else {
              throw WrongAnswer(workload: "plain fetch", found: "nothing", expected: reference)
            }
          }
        }
      }
      fetching.reef.append(seconds.reef / Double(kept.count))
      fetching.plain.append(seconds.plain / Double(kept.count))
      if let mlflow { fetching.mlflow.append(try mlflow.seconds(.fetch, count: 10)) }
    }
    var listing = Contest("list its \(kept.count) versions")
    let plainReader = try PlainSQLite(path: path("registry.sqlite"))
    for _ in 0..<rounds {
      listing.reef.append(
        try medianProcessorSeconds {
          guard try registry.history(of: kept[0].name).count == kept.count else {
            throw WrongAnswer(workload: "list", found: "others", expected: "\(kept.count)")
          }
        })
      listing.plain.append(
        try medianProcessorSeconds {
          guard try plainReader.versions(of: kept[0].name) == kept.count else {
            throw WrongAnswer(workload: "plain list", found: "others", expected: "\(kept.count)")
          }
        })
      if let mlflow { listing.mlflow.append(try mlflow.seconds(.list, count: 1)) }
    }
    return [registering, fetching, listing].flatMap(\.rows)
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

/// The times of each contestant, in seconds, round by round.
private struct Contest {
  let name: String
  var reef: [Double] = []
  var plain: [Double] = []
  var mlflow: [Double] = []

  init(_ name: String) { self.name = name }

  /// The median time, beside the median of how it stands to each peer's in the same round.
  var rows: [BenchRow] {
    [("plain SQLite", plain), ("MLflow", mlflow)].filter { !$0.1.isEmpty }.map { peer, times in
      BenchRow(
        name: name, value: median(reef) * 1e6, unit: "µs",
        peer: .init(name: peer, ratio: median(zip(times, reef).map { $0 / $1 })))
    }
  }
}

/// What only a tenth of the times fall below: most of the others wait for other programs.
private func undisturbed(_ times: [Double]) -> Double { times.sorted()[times.count / 10] }

private func secondsOf(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}
