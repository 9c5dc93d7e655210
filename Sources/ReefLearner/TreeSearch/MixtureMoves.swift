import ReefMachine

/// A mixture's prior in the terms of a tree search: its skills are operations, and its values entries of
/// the bank.
struct MixtureMoves {
  private let prior: MixturePrior
  private let bank: Bank
  /// Of each skill.
  private let operations: [Int32?]
  private let skills: [Int32: Int]
  /// Of each input; nil where another input has the same values.
  private let inputs: [Int32?]

  /// - Parameters:
  ///   - prior: Of the bank's task.
  ///   - bank: Has its inputs.
  init(_ prior: MixturePrior, bank: Bank) {
    self.prior = prior
    self.bank = bank
    var known: [Digest: Int32] = [:]
    for (index, operation) in bank.vocabulary.operations.enumerated() {
      if case .skill(let digest) = operation.callee { known[digest] = Int32(index) }
    }
    operations = prior.skills.map { known[$0] }
    var skills: [Int32: Int] = [:]
    for (skill, operation) in operations.enumerated() {
      if let operation { skills[operation] = skill }
    }
    self.skills = skills
    var inputs = [Int32?](repeating: nil, count: prior.inputCount)
    for id in 0..<bank.entries.count {
      if case .input(let index) = bank.entries[id].origin { inputs[index] = Int32(id) }
    }
    self.inputs = inputs
  }

  struct Preference {
    let operation: Int32
    let operands: SIMD4<Int32>
    let probability: Double
    /// What it would be if the mixture preferred nothing.
    let even: Double
  }

  /// What the mixture thinks of the moves it knows: of none where it could not have made what there is,
  /// nil where it has ended.
  ///
  /// - Parameter taken: Entries of the bank, each behind what it is made of.
  func preferences(after taken: [Int32]) -> [Preference]? {
    guard taken.count < prior.stepCount else { return nil }
    var values = inputs
    var choices: [Mixture.Choice] = []
    for id in taken {
      let entry = bank.entries[Int(id)]
      guard case .operation(let operation) = entry.origin, let skill = skills[Int32(operation)]
      else { return [] }
      let arity = bank.vocabulary.arities[operation]
      let operands = (0..<arity).compactMap { values.firstIndex(of: entry.operands[$0]) }
      guard operands.count == arity else { return [] }
      choices.append(.init(skill: skill, operands: operands))
      values.append(id)
    }
    return prior.next(after: choices).compactMap { next in
      guard let operation = operations[next.choice.skill] else { return nil }
      var operands = SIMD4<Int32>(repeating: 0)
      for (position, value) in next.choice.operands.enumerated() {
        guard let id = values[value] else { return nil }
        operands[position] = id
      }
      return Preference(
        operation: operation, operands: operands, probability: next.probability, even: next.even)
    }
  }
}
