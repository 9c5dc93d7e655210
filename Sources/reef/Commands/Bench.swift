import ReefMachine
import ReefTasks

extension Command {
  static let bench = Command(
    path: ["bench"],
    summary: "measure Reef; without a name, list what can be measured",
    discussion: "A ratio above 1 means that Reef is better. Build with '-c release' first.",
    parameters: [.init(name: "NAME", help: "what to measure", count: .optional)],
    options: [
      .init(name: "seconds", value: "S", help: "the time for each task, where there are tasks"),
      .init(name: "steps", value: "N", help: "the search steps for each task"),
      .init(
        name: "only", value: "PATTERN",
        help: "take what has a name like it only, such as 'graph.*', where there are names"),
      .init(name: "limit", value: "K", help: "take the first K tasks or skills only"),
      .init(name: "data", value: "FILE", help: "the file to read, where one is needed"),
      .init(
        name: "curriculum", value: "FILE",
        help: "whose tasks are taken (curricula/foundations.json)"),
    ],
    examples: [
      "reef bench", "reef bench machine --json", "reef bench lists --data tasks.json --seconds 10",
    ],
    run: runBench)
}

private let benchmarks: [any Benchmark] = [
  MachineBenchmark(), RegistryBenchmark(), SearchBenchmark(), LearnersBenchmark(),
  GrowthBenchmark(), StonesBenchmark(), ListsBenchmark(), HonestyBenchmark(), TensorBenchmark(),
  GradientBenchmark(), ElementaryBenchmark(), TransformBenchmark(),
  PerceptionBenchmark(),
]

private func runBench(_ invocation: Invocation) throws {
  let console = invocation.console
  guard let name = invocation.words.first else {
    if console.isJSON {
      return try console.print(
        .array(benchmarks.map { ["name": .string($0.name), "summary": .string($0.summary)] }))
    }
    return try console.print(columns(benchmarks.map { [$0.name, $0.summary] }))
  }
  guard let benchmark = benchmarks.first(where: { $0.name == name }) else {
    let near = closest(to: name, in: benchmarks.map(\.name))
    let meant = near.map { " Did you mean '\($0)'?" } ?? ""
    throw Failure(
      .usage, code: "benchmarkNotFound",
      "No benchmark is named '\(name)'.\(meant) 'reef bench' lists them.",
      hint: "reef bench")
  }
  let rows = try benchmark.run(try invocation.benchOptions())
  if console.isJSON {
    try console.print(["bench": .string(name), "rows": .array(rows.map(\.json))])
  } else {
    try console.print(columns(rows.map(\.cells)))
    for row in rows where !row.names.isEmpty {
      let names = row.names.joined(separator: ", ").wrapped(to: Console.width - 2)
      let indented = names.split(separator: "\n").map { "  \($0)\n" }.joined()
      try console.print("\n\(row.name):\n\(indented)")
    }
  }
}

extension Invocation {
  fileprivate func benchOptions() throws(Failure) -> BenchOptions {
    var seconds: Double?
    if let text = value("seconds") {
      guard let number = Double(text), number > 0, number.isFinite else {
        throw .usage("--seconds takes a number above 0, not '\(text)'.", command)
      }
      seconds = number
    }
    return BenchOptions(
      seed: try seed() ?? 1, jobs: try jobs(), seconds: seconds,
      steps: try int("steps", in: 1...Int.max), only: value("only").map(TaskPattern.init),
      limit: try int("limit", in: 1...Int.max),
      dataPath: value("data"), invocation: self)
  }
}

extension BenchRow {
  fileprivate var cells: [String] {
    [name, "\(shown(value)) \(unit)", peer.map { "\(shown($0.ratio)) times \($0.name)" } ?? ""]
  }

  /// Three digits are more than a measurement is worth.
  private func shown(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if abs(value) >= 1000 || value == value.rounded() { return "\(Int(value.rounded()))" }
    var scale = 1.0
    while abs(value) * scale < 100 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
