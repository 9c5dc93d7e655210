import ReefMachine
import ReefTasks

/// Predicates that speak of all elements of a list, or of one.
extension Deducer {
  /// Whether any element of an input list has some property, and whether none has: the property is
  /// the body.
  ///
  /// Where no element has it, each is an example. Of the others at least one has it among those that
  /// are not known to be without. That all of those have it is the bolder guess, and the first; the
  /// other is that only those have it that are the last ones left. Its rows say less than the task's,
  /// so that what fits them may still be wrong.
  func quantified() -> [Deduction] {
    guard problem.signature.result == .bool else { return [] }
    return sources().filter { $0.input != nil }.flatMap { source in
      [true, false].flatMap { isBold in
        [false, true].compactMap {
          quantified(source, isExistential: $0, isBold: isBold)
        }
      }
    }
  }

  /// `list.isEmpty(list.filter(body, source))`, or its opposite.
  private func quantified(
    _ source: Source, isExistential: Bool, isBold: Bool
  ) -> Deduction? {
    // Had the body the list itself, it could do without the element.
    let captures = parameters.indices.filter { $0 != source.input }
    let elements = zip(source.values, problem.rows).map { values, row in
      values.map { [$0] + captures.map { row.input[$0] } }
    }
    let hasWitness = problem.rows.map { $0.output == .bool(isExistential) }
    let without = zip(elements, hasWitness).flatMap { $1 ? [] : $0 }
    guard !without.isEmpty else { return nil }
    let isWithout = Set(without)
    var witnesses: [[Value]] = []
    for (elements, hasWitness) in zip(elements, hasWitness) where hasWitness {
      let possible = elements.filter { !isWithout.contains($0) }
      guard let first = possible.first else { return nil }
      if isBold || possible.allSatisfy({ $0 == first }) { witnesses += possible }
    }
    guard !witnesses.isEmpty else { return nil }
    // As many of either as there is room for.
    let most = max(Deducer.bodyRows / 2, Deducer.bodyRows - without.count)
    let chosen = Deducer.choice(of: witnesses, count: most)
    let others = Deducer.choice(of: without, count: Deducer.bodyRows - chosen.count)
    guard
      let body = body(
        parameters: elementParameters(of: source, captures: captures), result: .bool,
        examples: chosen.map { Example(input: $0, output: .bool(true)) }
          + others.map { Example(input: $0, output: .bool(false)) })
    else { return nil }
    let outer: [SkillCode.Callee] = [.atom(.listIsEmpty)] + (isExistential ? [.atom(.boolNot)] : [])
    return Deduction(body: body, saysAll: false, presumedSteps: 1 + outer.count) { code, others in
      compose(source, .listFilter, captures: captures)(code, others).followed(by: outer)
    }
  }
}
