extension LoadedCurriculum {
  /// The same phases with other tasks: what `transform` makes of each, those left out for which it
  /// is nil.
  public func mapTasks(_ transform: (TaskReference) -> TaskReference?) -> LoadedCurriculum {
    mapPhases { Phase(tasks: $0.tasks.compactMap(transform), budget: $0.budget) }
  }

  /// The same tasks with another budget for each; what is nil stays as it is.
  public func withBudget(steps: Int?, seconds: Double?) -> LoadedCurriculum {
    mapPhases {
      let budget = Curriculum.Budget(
        steps: steps ?? $0.budget.steps, seconds: seconds ?? $0.budget.seconds)
      return Phase(tasks: $0.tasks, budget: budget)
    }
  }

  /// All tasks, each once, in phases by their budgets, from the smallest on.
  public func inPhases(byBudget budget: (TaskReference) -> Curriculum.Budget) -> LoadedCurriculum {
    let groups = Dictionary(grouping: tasks) { budget($0).steps }
    return LoadedCurriculum(
      name: name, summary: summary, plugins: plugins,
      phases: groups.sorted { $0.key < $1.key }.map { group in
        Phase(tasks: group.value, budget: budget(group.value[0]))
      },
      generations: generations, learners: learners, seed: seed, missing: missing,
      unavailable: unavailable)
  }

  private func mapPhases(_ transform: (Phase) -> Phase) -> LoadedCurriculum {
    LoadedCurriculum(
      name: name, summary: summary, plugins: plugins, phases: phases.map(transform),
      generations: generations, learners: learners, seed: seed, missing: missing,
      unavailable: unavailable)
  }
}
