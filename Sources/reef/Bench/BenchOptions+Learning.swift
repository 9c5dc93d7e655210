import Dispatch
import Foundation
import ReefLearner
import ReefMachine
import ReefRegistry
import ReefTasks
import Synchronization

/// What the learner's benchmarks share: the curriculum, what was grown, and work on all cores.
extension BenchOptions {
  var curriculumPath: String { invocation.value("curriculum") ?? "curricula/foundations.json" }

  /// The caller ends its plugins with `shutdown()`.
  func curriculum() throws -> LoadedCurriculum { try invocation.loadCurriculum(curriculumPath) }

  /// The skills that were grown; says what to type where there are none.
  func grownSkills() throws -> [Skill] {
    let skills = try registry().skills()
    guard skills.isEmpty else { return skills }
    throw Failure.badInput(
      "nothingGrown",
      "The registry \(invocation.registryPath) holds no skill. 'reef grow \(curriculumPath)' grows "
        + "some.", hint: "reef grow \(curriculumPath)")
  }

  func registry() throws -> Registry { try invocation.openRegistry(.reading) }

  /// A line on standard error for those who wait.
  func note(_ text: String) { invocation.console.note(text) }

  /// Of those that `--only` names the first `--limit`; throws where it names none.
  func chosen<Element>(
    _ elements: [Element], by name: (Element) -> String
  ) throws -> [Element] {
    let named = elements.filter { only?.matches(name($0)) ?? true }
    if let only, named.isEmpty {
      let names = elements.map(name)
      let meant = closest(to: only.text, in: names).map { " Did you mean '\($0)'?" } ?? ""
      let some = names.prefix(3).joined(separator: ", ")
      throw Failure(
        .usage, code: "nothingChosen",
        "Nothing to measure is named like '\(only.text)'. There are \(names.count) names, such as "
          + "\(some).\(meant)")
    }
    return Array(named.prefix(limit ?? named.count))
  }

  /// What `work` makes of every element, `jobs` at a time; results are in the elements' order.
  func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ work: @Sendable (Element) throws -> Result
  ) throws -> [Result] {
    let state = Mutex(WorkState<Result>(results: elements.map { _ in nil }))
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, elements.count))) { _ in
      while true {
        let index: Int? = state.withLock { state in
          guard state.next < elements.count, state.error == nil else { return nil }
          state.next += 1
          return state.next - 1
        }
        guard let index else { return }
        do {
          let result = try work(elements[index])
          state.withLock { $0.results[index] = result }
        } catch {
          state.withLock { $0.error = error }
        }
      }
    }
    return try state.withLock { state in
      if let error = state.error { throw error }
      return state.results.compactMap(\.self)
    }
  }
}

private struct WorkState<Result: Sendable>: Sendable {
  /// The element to work at next.
  var next = 0
  var results: [Result?]
  /// The last one; after it no element is begun.
  var error: (any Error)?
}

/// A registry in a folder of its own, which goes when `body` ends.
func withTemporaryRegistry<Result>(_ body: (Registry) throws -> Result) throws -> Result {
  try withBenchFolder {
    try body(Registry(path: $0.appendingPathComponent("registry.sqlite").path))
  }
}

/// The middle one; of an even number of values the upper of the two. 0 where there is none.
func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}
