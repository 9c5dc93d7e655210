/// How a task is gone about: what hangs on whether anything but something shorter can refute what
/// fits its examples.
struct Manner {
  /// Examples to begin with.
  let initialRows: Int
  /// Whether, when one learner has found a solution, the others may only spend twice what it has.
  let isShared: Bool
  /// A solution of so many code steps that was found quickly gets the learners another round.
  let doubtful: Int
  /// What is met by chance far above the level is mostly wrong where nothing but few examples could
  /// refute it; to take the result apart further is as good as ever.
  let enumeration: Enumeration.Options
  /// Whether a predicate on a list is presumed to speak of its elements. With so few examples there
  /// is always something short about a list as a whole that fits them by chance.
  let presumesQuantifiers: Bool
  /// Whether the forms that the examples force come before what enumeration would like to know more
  /// of.
  let forcedFirst: Bool
  /// A deduction takes at most one part in so many of what is left; the later ones more.
  let deductionsAtATime: Int

  /// For a task that makes as many examples as are asked for.
  static let generated = Manner(
    initialRows: 16, isShared: true, doubtful: 7, enumeration: .init(),
    // What is forced was wrong too often to come first.
    presumesQuantifiers: false, forcedFirst: false, deductionsAtATime: .max)

  /// For a file of examples.
  static let fixed = Manner(
    initialRows: Problem.maximumRows, isShared: false, doubtful: 4,
    enumeration: .init(branchSlack: 1, goalSlack: 2, maximumGoals: 20_000, maximumGoalCost: 9),
    presumesQuantifiers: true, forcedFirst: true, deductionsAtATime: 4)
}
