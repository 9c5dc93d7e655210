import ReefMachine
import ReefTasks

/// Something that `reef bench` measures. A benchmark checks its answers: one that computes the
/// wrong thing throws instead of reporting a time.
protocol Benchmark: Sendable {
  var name: String { get }
  /// A sentence without its point.
  var summary: String { get }
  func run(_ options: BenchOptions) throws -> [BenchRow]
}

/// What the command line may set for a benchmark.
struct BenchOptions: Sendable {
  var seed: Int
  var jobs: Int
  /// A time for each task, where a benchmark has tasks.
  var seconds: Double?
  /// Search steps for each task.
  var steps: Int?
  /// Which tasks, skills or workloads to take; nil for all.
  var only: TaskPattern?
  /// How many of them to take, the first ones.
  var limit: Int?
  /// A file that the benchmark reads.
  var dataPath: String?
  /// Where a benchmark finds its curriculum, its registry, and people who wait.
  let invocation: Invocation
}

/// One measured number.
struct BenchRow: Sendable {
  let name: String
  let value: Double
  /// Such as `ms` or `tasks`.
  let unit: String
  /// What it is compared with, such as `python3`, and how many times better Reef is; nil where
  /// there is nothing to compare with.
  var peer: Peer?
  /// What the number counts, by name, where a reader will ask which.
  var names: [String] = []

  struct Peer: Sendable {
    let name: String
    let ratio: Double
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("name", .string(name)), .init("value", .real(value)), .init("unit", .string(unit)),
    ]
    if let peer {
      members.append(.init("peer", .string(peer.name)))
      members.append(.init("ratio", .real(peer.ratio)))
    }
    if !names.isEmpty { members.append(.init("names", .array(names.map { .string($0) }))) }
    return .object(members)
  }
}

/// A benchmark that found a wrong answer.
struct WrongAnswer: Error, CustomStringConvertible {
  let workload: String
  let found: String
  let expected: String

  var description: String {
    "The benchmark '\(workload)' computed \(found.cut(to: 60)) instead of \(expected.cut(to: 60))."
  }
}

/// The median time of `body` over the elements, in seconds.
func medianSeconds<Element>(
  of elements: [Element], _ body: (Element) throws -> Void
) rethrows -> Double {
  let clock = ContinuousClock()
  var times: [Duration] = []
  for element in elements { times.append(try clock.measure { try body(element) }) }
  return times.isEmpty ? 0 : times.sorted()[times.count / 2] / .seconds(1)
}

/// The median time of `body` over `samples` runs, in seconds, after one run to warm up.
func medianSeconds(samples: Int = 11, _ body: () throws -> Void) rethrows -> Double {
  try body()
  let clock = ContinuousClock()
  var times: [Duration] = []
  for _ in 0..<samples { times.append(try clock.measure(body)) }
  return times.sorted()[samples / 2] / .seconds(1)
}

/// The least time of `body` in `samples` runs, in seconds, after one run to warm up.
func leastSeconds(samples: Int, _ body: () throws -> Void) rethrows -> Double {
  try body()
  let clock = ContinuousClock()
  var least = Duration.seconds(Int.max >> 1)
  for _ in 0..<samples { least = min(least, try clock.measure(body)) }
  return least / .seconds(1)
}
