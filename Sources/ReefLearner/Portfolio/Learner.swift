/// Who searches.
public enum Learner: CaseIterable, Sendable {
  /// Typed terms from the bottom up, cheapest first, one for each behaviour on the examples.
  case enumeration
  /// Takes the body of a map, filter, fold or scan, whose examples follow from the task's, for a
  /// task.
  case deduction
  /// Monte-Carlo tree search over steps, for which a verifier is enough.
  case treeSearch
  /// Fits weights to a structure that the library has.
  case gradient
  /// Composes a few skills on reals by gradient.
  case mixture

  /// The learners behind the names that a curriculum gives; deduction goes with enumeration.
  public static func named(_ names: [String]) -> Set<Learner> {
    names.reduce(into: []) { learners, name in
      switch name {
      case "enumeration": learners.formUnion([.enumeration, .deduction])
      case "deduction": learners.insert(.deduction)
      case "mcts": learners.insert(.treeSearch)
      case "gradient": learners.insert(.gradient)
      case "mixture": learners.insert(.mixture)
      default: break  // `Curriculum.plannedLearner`
      }
    }
  }
}
