import ReefMachine
import ReefTasks

/// A value that an enumeration has met, and that a solution may begin with.
struct Let {
  enum Use: Hashable {
    /// It is given to the rest of the solution as one more input.
    case shared
    /// The solution is a filter over it.
    case filtered
  }

  let use: Use
  /// What computes it from the problem's inputs.
  let code: SkillCode
  /// What it is on the rows that the enumeration had, the first ones.
  let values: [Value]

  func isSame(as other: Let) -> Bool { use == other.use && values == other.values }

  /// The problems that are left when the value is at hand; none where it has no value on a row.
  ///
  /// - Parameter fuel: For the value on one row.
  func deductions(for problem: Problem, library: FrozenLibrary, fuel: Int) -> [Deduction] {
    guard let values = values(on: problem.rows, library: library, fuel: fuel) else { return [] }
    switch use {
    case .shared: return [shared(values, in: problem)]
    case .filtered:
      guard case .list(let element) = code.signature.result else { return [] }
      return Deducer(problem: problem).filter(
        .init(
          values: values.map { $0.list ?? [] }, element: element, steps: code.steps,
          operand: code.result, input: nil))
    }
  }

  /// Rows join at the end, where a candidate was wrong.
  private func values(on rows: [Example], library: FrozenLibrary, fuel: Int) -> [Value]? {
    let new = rows.dropFirst(values.count)
    guard !new.isEmpty else { return values }
    // Of a self-call only the oracle could tell the value.
    guard !code.isRecursive, let image = try? Image(linking: code, library: { library.code($0) })
    else { return nil }
    let machine = Machine(limits: Limits(fuel: fuel))
    let more = new.compactMap { try? machine.run(image, $0.input).value }
    return more.count == new.count ? values + more : nil
  }

  private func shared(_ values: [Value], in problem: Problem) -> Deduction {
    let signature = problem.signature
    var label = "shared"
    while signature.parameters.contains(where: { $0.name == label }) { label += "_" }
    let body = Problem(
      name: problem.name, summary: problem.summary,
      signature: Signature(
        parameters: signature.parameters + [.init(label, code.signature.result)],
        result: signature.result),
      rows: zip(problem.rows, values).map { Example(input: $0.input + [$1], output: $0.output) },
      wasRefuted: problem.wasRefuted,
      oracle: nil, tolerance: problem.tolerance, means: problem.means)
    let inputs = signature.parameters.count
    return Deduction(body: body) { [value = self.code] code, _ in
      // The body's slots follow those of the shared value, and its last input is that value.
      func moved(_ operand: SkillCode.Operand) -> SkillCode.Operand {
        switch operand {
        case .constant, .weight: operand
        case .function(let callee, let captures): .function(callee, captures: captures.map(moved))
        case .slot(let slot):
          slot < inputs
            ? operand
            : slot == inputs ? value.result : .slot(slot - 1 + value.steps.count)
        }
      }
      let steps = code.steps.map { SkillCode.Step($0.callee, $0.operands.map(moved)) }
      let whole = SkillCode(
        signature: signature, steps: value.steps + steps, result: moved(code.result))
      return .init(code: whole.normalized(), bodies: [])
    }
  }
}
