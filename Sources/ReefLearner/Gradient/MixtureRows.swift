import Foundation
import ReefMachine
import ReefTasks

/// The examples, on which compositions are run exactly.
struct MixtureRows {
  struct Row {
    let inputs: [Double]
    let target: Double

    /// Nil where something is not a finite real.
    init?(_ example: Example) {
      let inputs = example.input.compactMap(\.real)
      guard inputs.count == example.input.count, let target = example.output?.real,
        target.isFinite, inputs.allSatisfy(\.isFinite)
      else { return nil }
      self.inputs = inputs
      self.target = target
    }
  }

  let rows: [Row]
  let skills: [RealProgram]
  let tolerance: Double
  /// How many beginnings of a composition are completed.
  private static let beginnings = 64
  /// How many exchanges are made one after another, and how many compositions are kept after each.
  private static let maximumRepairs = 2
  private static let beamWidth = 8

  /// For each input its value in each row.
  var columns: [[Double]] { rows[0].inputs.indices.map { index in rows.map { $0.inputs[index] } } }

  /// Completes the likeliest beginnings: behind each every last step, until `take` makes something of
  /// a composition that fits.
  ///
  /// - Parameter tried: Beginnings that need not be completed again.
  func completed<Found>(
    _ preferences: Mixture.Preferences, tried: inout Set<[Mixture.Choice]>,
    spend: (Int) -> Bool, take: ([Mixture.Choice]) -> Found?
  ) -> Found? {
    let inputCount = rows[0].inputs.count
    let steps = preferences.skills.count
    var beam: [(surprisal: Double, choices: [Mixture.Choice])] = [(0, [])]
    for step in 0..<steps - 1 {
      let next = Mixture.Choice.all(of: skills, valueCount: inputCount + step).map {
        (preferences.surprisal(of: $0, step: step), $0)
      }
      let longer = beam.flatMap { beginning in
        next.map { (beginning.surprisal + $0.0, beginning.choices + [$0.1]) }
      }
      // Equals stay in their order.
      beam = longer.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        .prefix(MixtureRows.beginnings).map { ($0.element.0, $0.element.1) }
    }
    let last = Mixture.Choice.all(of: skills, valueCount: inputCount + steps - 1)
    for (_, choices) in beam where tried.insert(choices).inserted {
      guard spend(last.count + rows.count * choices.count) else { return nil }
      let known = rows.map { values(choices, $0) }
      for choice in last where isRight(choice, known) {
        if let found = take(choices + [choice]) { return found }
      }
    }
    return nil
  }

  /// The composition with steps exchanged, one after another, until `take` makes something of it;
  /// after each exchange those of the smallest losses are gone on with.
  func repaired<Found>(
    _ composition: [Mixture.Choice], tried: inout Set<[Mixture.Choice]>, spend: (Int) -> Bool,
    take: ([Mixture.Choice]) -> Found?
  ) -> Found? {
    var beam = [composition]
    for _ in 0..<MixtureRows.maximumRepairs {
      var next: [(loss: Double, composition: [Mixture.Choice])] = []
      for composition in beam {
        for step in composition.indices {
          for choice in Mixture.Choice.all(of: skills, valueCount: rows[0].inputs.count + step) {
            var changed = composition
            changed[step] = choice
            guard tried.insert(changed).inserted else { continue }
            guard spend(changed.count * rows.count) else { return nil }
            if isRight(changed), let found = take(changed) { return found }
            let loss = loss(changed)
            guard next.count < MixtureRows.beamWidth || loss < next[next.count - 1].loss else {
              continue
            }
            let place = next.firstIndex { loss < $0.loss } ?? next.count
            next.insert((loss, changed), at: place)
            if next.count > MixtureRows.beamWidth { next.removeLast() }
          }
        }
      }
      beam = next.map(\.composition)
    }
    return nil
  }

  /// The inputs, then the results of the steps.
  private func values(_ composition: [Mixture.Choice], _ row: Row) -> [Double] {
    var values = row.inputs
    for choice in composition {
      values.append(skills[choice.skill](choice.operands.map { values[$0] }))
    }
    return values
  }

  private func result(_ composition: [Mixture.Choice], _ row: Row) -> Double {
    values(composition, row).last!
  }

  /// The sum of log(1 + e²), infinite where there is no number.
  private func loss(_ composition: [Mixture.Choice]) -> Double {
    rows.reduce(0) { sum, row in
      let error = result(composition, row) - row.target
      return error.isFinite ? sum + log(1 + error * error) : .infinity
    }
  }

  func isRight(_ composition: [Mixture.Choice]) -> Bool {
    rows.allSatisfy { isRight(result(composition, $0), $0) }
  }

  /// Whether a step on those values of each row gives the targets.
  private func isRight(_ choice: Mixture.Choice, _ values: [[Double]]) -> Bool {
    zip(rows, values).allSatisfy { row, values in
      isRight(skills[choice.skill](choice.operands.map { values[$0] }), row)
    }
  }

  private func isRight(_ result: Double, _ row: Row) -> Bool {
    Value.real(result).matches(.real(row.target), tolerance: tolerance)
  }
}

extension Mixture.Preferences {
  /// -log of the probability of a choice.
  fileprivate func surprisal(of choice: Mixture.Choice, step: Int) -> Double {
    let operands = zip(operands[step][choice.skill], choice.operands)
    return operands.reduce(-log(skills[step][choice.skill] + 1e-12)) {
      $0 - log($1.0[$1.1] + 1e-12)
    }
  }
}

extension Mixture.Choice {
  /// Every skill on every choice of so many values.
  static func all(of skills: [RealProgram], valueCount: Int) -> [Mixture.Choice] {
    all(arities: skills.map(\.inputCount), valueCount: valueCount)
  }

  static func all(arities: [Int], valueCount: Int) -> [Mixture.Choice] {
    arities.enumerated().flatMap { index, arity in
      var operands: [[Int]] = [[]]
      for _ in 0..<arity {
        operands = operands.flatMap { chosen in (0..<valueCount).map { chosen + [$0] } }
      }
      return operands.map { Mixture.Choice(skill: index, operands: $0) }
    }
  }
}
