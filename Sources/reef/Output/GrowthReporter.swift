import ReefLearner
import ReefMachine
import ReefTasks
import Synchronization

/// Shows a growth as it goes: a live line for the task at hand, a line for each skill, a summary;
/// or, under `--json`, one event a line.
final class GrowthReporter: Sendable {
  private let console: Console
  private let names: SkillNames
  private let missing: [LoadedCurriculum.MissingPlugin]
  private let state = Mutex(State())

  private struct State {
    var lastLive: ContinuousClock.Instant?
    /// Since when each task of the generation is searched.
    var starts: [String: ContinuousClock.Instant] = [:]
    var generation = 0
    var failures: [(task: String, reason: String)] = []
    /// The first thing that went wrong with the output.
    var failure: Failure?
  }

  /// - Parameter missing: The plugins that did not start.
  init(console: Console, names: SkillNames, missing: [LoadedCurriculum.MissingPlugin]) {
    self.console = console
    self.names = names
    self.missing = missing
  }

  /// Tells under `--json` what is missing; for people it stands in the summary.
  func begin() throws(Failure) {
    guard console.isJSON else { return }
    for plugin in missing { try console.print(plugin.json) }
  }

  /// Whether nobody can read the results any more.
  var isOutputGone: Bool {
    Console.readerHasLeft.load(ordering: .relaxed) || state.withLock { $0.failure != nil }
  }

  func report(_ event: GrowthEvent) {
    state.withLock { state in
      do throws(Failure) {
        if console.isJSON {
          if let json = event.json { try console.print(json) }
        } else {
          try show(event, &state)
        }
      } catch {
        if state.failure == nil { state.failure = error }
      }
    }
  }

  /// Prints what it came to; throws what went wrong with the output on the way.
  func finish(_ summary: GrowthSummary) throws(Failure) {
    let (failures, failure) = state.withLock { ($0.failures, $0.failure) }
    if let failure { throw failure }
    if console.isJSON { return try console.print(summary.json) }
    if console.hasLiveLine { console.showLive("") }
    try console.print(summary.text(isWhole: missing.isEmpty))
    var rows = missing.map {
      let command = PlainText.escaped($0.command).cut(to: 60)
      return ["  " + console.styled("missing", .bad), command, $0.reason]
    }
    // After an interruption most tasks are unsolved for no reason of their own.
    if !summary.wasCancelled {
      rows += failures.map { ["  " + console.styled("failed", .bad), $0.task, $0.reason] }
    }
    if !rows.isEmpty { try console.print(columns(rows)) }
  }

  private func show(_ event: GrowthEvent, _ state: inout State) throws(Failure) {
    switch event {
    case .generation(let number, let unsolved):
      state.generation = number
      state.starts = [:]
      if unsolved > 0 {
        clearLive(&state)
        console.note("generation \(number): \(counted(unsolved, "task")) to solve")
      }
    case .progress(let task, let searchSteps, let candidates):
      showLive(task, searchSteps: searchSteps, candidates: candidates, &state)
    case .known: break
    case .solved(let solved):
      clearLive(&state)
      if !console.isQuiet { try console.print(line(for: solved)) }
    case .failed(let task, let reason): state.failures.append((task, reason))
    }
  }

  /// `arithmetic.add@1  0.8 s  enumeration  size 10000  propagate(columnSums(a, b))`.
  private func line(for solved: SolvedTask) -> String {
    let name = "\(solved.skill.name)@\(solved.skill.version)"
    let facts = [
      formatted(seconds: solved.seconds).padded(before: 8),
      solved.learner.padded(to: 11),
      "size \(solved.checkedSize)".padded(to: 11),
    ].joined(separator: "  ")
    let taken = max(26, name.count) + facts.count + 4
    let code = names.oneLine(solved.skill.code)
    let room = max(24, Console.width - taken)
    return console.styled(name.padded(to: 26), .good) + "  \(facts)  "
      + console.styled(code.cut(to: room), .faint)
  }

  private func showLive(
    _ task: String, searchSteps: Int, candidates: Int, _ state: inout State
  ) {
    guard console.hasLiveLine else { return }
    let now = ContinuousClock.now
    let start = state.starts[task] ?? now
    state.starts[task] = start
    // Ten times a second is as often as anyone can read.
    if let last = state.lastLive, now - last < .milliseconds(100) { return }
    state.lastLive = now
    let seconds = (now - start) / .seconds(1)
    console.showLive(
      "generation \(state.generation)  \(task)  \(formatted(seconds: seconds))  "
        + "\(formatted(count: candidates)) candidates  \(formatted(count: searchSteps)) steps")
  }

  private func clearLive(_ state: inout State) {
    if state.lastLive != nil { console.showLive("") }
    state.lastLive = nil
  }
}

extension GrowthEvent {
  /// The event as DESIGN section 8 states it; nil for what is for people only.
  var json: JSON? {
    switch self {
    case .generation(let number, let unsolved):
      ["event": "generation", "number": .int(number), "unsolved": .int(unsolved)]
    case .solved(let solved):
      [
        "event": "solved", "task": .string(solved.task),
        "skill": .string("\(solved.skill.name)@\(solved.skill.version)"),
        "digest": .string(solved.skill.digest.hex), "generation": .int(solved.generation),
        "learner": .string(solved.learner), "seconds": .seconds(solved.seconds),
        "candidates": .int(solved.candidates), "steps": .int(solved.skill.code.steps.count),
        "checkedSize": .int(solved.checkedSize),
      ]
    case .failed(let task, let reason):
      ["event": "failed", "task": .string(task), "reason": .string(reason)]
    case .progress, .known: nil
    }
  }
}

extension LoadedCurriculum.MissingPlugin {
  fileprivate var json: JSON {
    ["event": "missing", "plugin": .string(command), "reason": .string(reason)]
  }
}

extension GrowthSummary {
  fileprivate var json: JSON {
    [
      "event": "done", "solved": .int(solved), "failed": .int(failed), "known": .int(known),
      "seconds": .seconds(seconds),
    ]
  }

  /// `12 solved, 3 known before, 1 failed; 41 s`.
  ///
  /// - Parameter isWhole: Whether all plugins started.
  fileprivate func text(isWhole: Bool) -> String {
    if solved == 0 && failed == 0 && isWhole && !wasCancelled {
      return "nothing to learn: \(counted(known, "task")) known; \(formatted(seconds: seconds))"
    }
    var parts = ["\(solved) solved"]
    if known > 0 { parts.append("\(known) known before") }
    parts.append("\(failed) " + (wasCancelled ? "not solved yet" : "failed"))
    return parts.joined(separator: ", ") + "; \(formatted(seconds: seconds))"
  }
}

extension JSON {
  /// A time to the millisecond.
  static func seconds(_ seconds: Double) -> JSON { .real((seconds * 1000).rounded() / 1000) }
}
