import ReefLearner
import ReefMachine
import ReefTasks

extension Command {
  static let grow = Command(
    path: ["grow"],
    summary: "learn the tasks of a curriculum that the registry does not know yet",
    discussion: """
      Every skill is kept as soon as it is found and verified. Ctrl-C ends the growth cleanly; the
      next run goes on where it ended.
      """,
    parameters: [
      .init(name: "CURRICULUM", help: "a JSON file, such as curricula/foundations.json")
    ],
    options: [
      .init(name: "require-all", help: "end with exit code 1 where a task stays unsolved")
    ],
    examples: ["reef grow curricula/foundations.json --jobs 2"],
    run: runGrow)
}

private func runGrow(_ invocation: Invocation) throws {
  let console = invocation.console
  let options = GrowthOptions(jobs: try invocation.jobs(), seed: try invocation.seed())
  let curriculum = try invocation.loadCurriculum(invocation.words[0])
  defer { curriculum.shutdown() }
  let registry = try invocation.openRegistry(.writing)
  let reporter = GrowthReporter(
    console: console, names: SkillNames(library: registry), missing: curriculum.missing)
  try reporter.begin()
  Interruption.watch()
  let growth = Growth(curriculum: curriculum, store: registry, options: options)
  let summary = try growth.run(
    report: { reporter.report($0) },
    isCancelled: { Interruption.isRequested || reporter.isOutputGone })
  try reporter.finish(summary)
  if Interruption.isRequested {
    let kept = counted(summary.solved, "new skill is", "new skills are")
    throw Failure(
      .interrupted, code: "interrupted",
      "Interrupted: \(kept) kept in \(invocation.registryPath). The same command goes on.",
      hint: "reef grow \(invocation.words[0])")
  }
  let missing = curriculum.missing.count(where: \.isWanted)
  if summary.failed > 0 || missing > 0, invocation.has("require-all") {
    var parts: [String] = []
    if summary.failed > 0 { parts.append("\(counted(summary.failed, "task")) stayed unsolved") }
    if missing > 0 { parts.append("\(counted(missing, "plugin")) did not start") }
    throw Failure(
      .failed, code: "tasksUnsolved",
      "\(parts.joined(separator: ", ")), and '--require-all' was given.")
  }
}
