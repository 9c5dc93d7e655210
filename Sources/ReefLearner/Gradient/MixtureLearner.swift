import Foundation
import ReefMachine
import ReefTasks
import ReefTensor

/// Learns short compositions of skills on reals by gradient: trains a mixture, decides, and repairs
/// what it decided by exchanging one step at a time. What fits every row exactly is a candidate.
///
/// On short compositions an exhaustive search is a hundred times faster, and repairs find as much from
/// weights that were never trained: `reef bench gradient` shows both beside it.
public struct MixtureLearner {
  private let skills: [RealProgram]
  private let seed: Int

  /// What was found for one task.
  public struct Finding: Sendable {
    public let code: SkillCode
    /// How many of its steps had to be exchanged after the gradients had decided.
    public let repairs: Int
  }

  /// - Parameters:
  ///   - skills: Atoms and entries to compose; those that do not compute a real from reals by
  ///     arithmetic are left out.
  public init(_ skills: [Digest], library: (Digest) -> SkillCode?, seed: Int) {
    self.skills = skills.compactMap { RealProgram($0, library: library) }
    self.seed = seed
  }

  /// Looks for a composition of exactly `steps` steps that gives each example's output.
  ///
  /// - Parameters:
  ///   - signature: Of reals only.
  ///   - tolerance: Absolute or relative, as tasks count it.
  ///   - trains: False leaves the weights as they were drawn, which shows what repairs do alone.
  /// - Returns: Nil where none of the restarts leads to one, and where the examples are none, are
  ///   not finite or not of the signature.
  public func learn(
    _ signature: Signature, _ examples: [Example], steps: Int, tolerance: Double,
    trains: Bool = true
  ) throws -> Finding? {
    guard let (mixture, data) = mixture(signature, examples, steps: steps, tolerance: tolerance)
    else { return nil }
    if trains { try mixture.train() }
    var seen: Set<[Mixture.Choice]> = []
    let compositions = mixture.compositions().filter { seen.insert($0).inserted }
    if let found = compositions.first(where: data.isRight) {
      return Finding(code: code(found, signature), repairs: 0)
    }
    for composition in compositions {
      if let (found, repairs) = data.repaired(composition) {
        return Finding(code: code(found, signature), repairs: repairs)
      }
    }
    return nil
  }

  /// The probability of each skill after training, as a prior of other searches. Nil where `learn` gives nil for the examples' sake.
  func prior(
    _ signature: Signature, _ examples: [Example], steps: Int
  ) throws -> [Digest: Double]? {
    guard let (mixture, _) = mixture(signature, examples, steps: steps, tolerance: 0) else {
      return nil
    }
    try mixture.train()
    return Dictionary(zip(skills.map(\.digest), mixture.prior), uniquingKeysWith: +)
  }

  private func mixture(
    _ signature: Signature, _ examples: [Example], steps: Int, tolerance: Double
  ) -> (Mixture, MixtureRows)? {
    let rows = examples.compactMap(MixtureRows.Row.init)
    guard !rows.isEmpty, rows.count == examples.count, !skills.isEmpty, steps > 0,
      rows.allSatisfy({ $0.inputs.count == signature.parameters.count })
    else { return nil }
    let data = MixtureRows(rows: rows, skills: skills, tolerance: tolerance)
    let mixture = Mixture(
      skills, inputs: data.columns, targets: rows.map(\.target), steps: steps, seed: seed)
    return (mixture, data)
  }

  private func code(_ composition: [Mixture.Choice], _ signature: Signature) -> SkillCode {
    SkillCode(
      signature: signature,
      steps: composition.map { choice in
        .init(.skill(skills[choice.skill].digest), choice.operands.map { .slot($0) })
      },
      result: .slot(signature.parameters.count + composition.count - 1)
    ).normalized()
  }
}

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
  /// How many exchanges are made one after another, and how many compositions are kept after each.
  private static let maximumRepairs = 2
  private static let beamWidth = 8

  /// For each input its value in each row.
  var columns: [[Double]] { rows[0].inputs.indices.map { index in rows.map { $0.inputs[index] } } }

  /// The composition with steps exchanged, one after another, until it is right; after each exchange
  /// those of the smallest losses are gone on with. Nil where this does not end.
  func repaired(_ composition: [Mixture.Choice]) -> (composition: [Mixture.Choice], repairs: Int)? {
    var seen: Set<[Mixture.Choice]> = [composition]
    var beam = [composition]
    for repairs in 1...MixtureRows.maximumRepairs {
      var next: [(loss: Double, composition: [Mixture.Choice])] = []
      for composition in beam {
        for step in composition.indices {
          for choice in Mixture.Choice.all(of: skills, valueCount: rows[0].inputs.count + step) {
            var changed = composition
            changed[step] = choice
            guard seen.insert(changed).inserted else { continue }
            if isRight(changed) { return (changed, repairs) }
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

  private func result(_ composition: [Mixture.Choice], _ row: Row) -> Double {
    var values = row.inputs
    for choice in composition {
      values.append(skills[choice.skill](choice.operands.map { values[$0] }))
    }
    return values[values.count - 1]
  }

  /// The sum of log(1 + e²), infinite where there is no number.
  private func loss(_ composition: [Mixture.Choice]) -> Double {
    rows.reduce(0) { sum, row in
      let error = result(composition, row) - row.target
      return error.isFinite ? sum + log(1 + error * error) : .infinity
    }
  }

  func isRight(_ composition: [Mixture.Choice]) -> Bool {
    rows.allSatisfy {
      Value.real(result(composition, $0)).matches(.real($0.target), tolerance: tolerance)
    }
  }
}

extension Mixture.Choice {
  /// Every skill on every choice of so many values.
  static func all(of skills: [RealProgram], valueCount: Int) -> [Mixture.Choice] {
    skills.enumerated().flatMap { index, skill in
      var operands: [[Int]] = [[]]
      for _ in 0..<skill.inputCount {
        operands = operands.flatMap { chosen in (0..<valueCount).map { chosen + [$0] } }
      }
      return operands.map { Mixture.Choice(skill: index, operands: $0) }
    }
  }
}
