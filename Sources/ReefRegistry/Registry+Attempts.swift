import ReefMachine

/// What was tried in vain. A failure leaves no mark on any skill; this note only spares a resumed
/// growth the same search: the same task over the same library with the same budget fails again.
extension Registry {
  /// Notes that `searchSteps` steps over the library with that root did not solve `task`, whatever
  /// the caller means by that name (a task, or a task with its standard).
  public func noteFailure(
    task: String, libraryRoot: Digest, searchSteps: Int
  ) throws(RegistryError) {
    try writing { (store) throws(RegistryError) in
      try store.database.run(
        """
        INSERT INTO attempts (task, root, steps) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET steps = max(steps, excluded.steps)
        """, [.text(task), .digest(libraryRoot), .int(searchSteps)])
    }
  }

  /// The most steps that were spent on `task` in vain over the library with that root, or nil where
  /// it was not tried.
  public func failedSteps(task: String, libraryRoot: Digest) throws(RegistryError) -> Int? {
    try reading { (store) throws(RegistryError) in
      try store.database.first(
        "SELECT steps FROM attempts WHERE task = ? AND root = ?",
        [.text(task), .digest(libraryRoot)]
      ) { $0.int(0) }
    }
  }
}
