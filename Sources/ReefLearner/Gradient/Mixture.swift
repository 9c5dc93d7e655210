import ReefTasks
import ReefTensor

/// A composition that is not yet decided (implicit composition, equations 1 to 4): at each of T steps
/// the new value is the α-weighted sum of every skill's result, and each input of a skill is a sum of
/// the values so far, weighted by W_in. Both weights are softmax, so that gradients move them; many
/// restarts are trained at once, and in the end each is read off as its most probable composition.
///
/// The loss is log(1 + e²), so that large errors do not drown small ones; a price on entropy rises,
/// so that the weights become nearly hard, and the temperature can fall from 1 to a last one.
final class Mixture {
  /// One step of a decided composition.
  struct Choice: Hashable {
    /// The position of the skill.
    var skill: Int
    /// Values by number: the inputs, then the results of the steps.
    var operands: [Int]
  }

  /// What the gradients have come to prefer, in one restart.
  struct Preferences {
    /// α: for each step the probability of each skill.
    let skills: [[Double]]
    /// W_in: for each step, skill and operand the probability of each value.
    let operands: [[[[Double]]]]
  }

  struct Options {
    var restarts = 16
    var steps = 500
    var rate: Float = 0.3
    /// 1 leaves more of what was not decided for than less does, and what is decided is repaired
    /// from that.
    var lastTemperature: Float = 1
    var entropyPrice: Float = 0.01
  }

  let skills: [RealProgram]
  private let inputs: [[Float]]
  private let targets: [Float]
  let steps: Int
  private let options: Options
  private let parameters = Parameters()
  /// For each step.
  private var alphas: [Parameters.ID] = []
  private var weights: [Parameters.ID] = []
  private let tape: Tape
  /// The loss of each restart at the last good step of the training; zeros before.
  private(set) var losses: [Float]

  /// - Parameters:
  ///   - inputs: For each input its value in each row.
  ///   - targets: The wanted result in each row.
  ///   - steps: T.
  init(
    _ skills: [RealProgram], inputs: [[Double]], targets: [Double], steps: Int, seed: Int,
    options: Options = Options()
  ) {
    self.skills = skills
    self.steps = steps
    self.options = options
    losses = Array(repeating: 0, count: options.restarts)
    // Errors are measured in standard deviations of the target.
    let mean = targets.reduce(0, +) / Double(targets.count)
    let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(targets.count)
    scale = Float(1 / max(1e-6, variance.squareRoot()))
    self.inputs = inputs.map { $0.map { Float($0) } }
    self.targets = targets.map { Float($0) }
    var generator = SplitMix64(seed: seed)
    let operandCount = skills.reduce(0) { $0 + $1.inputCount }
    for step in 0..<steps {
      alphas.append(
        parameters.add(
          "alpha.\(step)", [options.restarts, skills.count], .normal(deviation: 0.5),
          using: &generator))
      weights.append(
        parameters.add(
          "inputs.\(step)", [options.restarts, operandCount, inputs.count + step],
          .normal(deviation: 1), using: &generator))
    }
    tape = Tape(parameters)
  }

  private let scale: Float

  /// What training costs, in atoms applied to one row, forwards and backwards.
  var cost: Int {
    let atoms = skills.reduce(0) { $0 + $1.operationCount }
    return 2 * options.restarts * options.steps * targets.count * steps * atoms
  }

  /// Trains all restarts; throws where the data or the skills lead out of the floats, with the weights
  /// of the last good step kept.
  ///
  /// - Parameter isCancelled: Polled before each step; what was learned until then stays.
  func train(isCancelled: () -> Bool = { false }) throws(TrainingError) {
    let optimizer = Adam(parameters, maximumNorm: Float(options.restarts))
    let schedule = Schedule(
      peak: options.rate, warmup: options.steps / 20, total: options.steps + 1)
    for step in 0..<options.steps where !isCancelled() {
      let progress = Float(step) / Float(options.steps)
      let temperature = 1 - progress * (1 - options.lastTemperature)
      tape.reset()
      let (loss, entropy) = forward(temperature: temperature)
      (loss.sum() + entropy * (options.entropyPrice * progress)).backward()
      try optimizer.step(rate: schedule.rate(at: step))
      losses = loss.values
    }
  }

  /// The loss of each restart, and the sum of all entropies.
  private func forward(temperature: Float) -> (loss: Tensor, entropy: Tensor) {
    let (restarts, rows) = (options.restarts, targets.count)
    var values = tape.constant([restarts, inputs.count * rows]) { memory in
      for restart in 0..<restarts {
        for (index, column) in inputs.enumerated() {
          let start = (restart * inputs.count + index) * rows
          _ = memory[start..<start + rows].update(fromContentsOf: column)
        }
      }
    }
    var entropy = tape.constant(Shape(), CollectionOfOne(Float(0)))
    func probabilities(_ logits: Parameters.ID) -> Tensor {
      let result = (tape[logits] / temperature).softmax()
      entropy = entropy - (result * (result + 1e-9).log()).sum()
      return result
    }
    var last = values
    for step in 0..<steps {
      let count = inputs.count + step
      let alpha = probabilities(alphas[step])
      let weight = probabilities(weights[step])
      let operands = weight.matmul(values.reshaped([restarts, count, rows]))
        .reshaped([restarts, weight.shape[1] * rows])
      var next = 0
      var sum: Tensor?
      for (index, skill) in skills.enumerated() {
        let arguments = (next..<next + skill.inputCount).map {
          operands.columns($0 * rows..<($0 + 1) * rows)
        }
        next += skill.inputCount
        let part = skill(arguments) * alpha.columns(index..<index + 1)
        sum = sum.map { $0 + part } ?? part
      }
      // Far from every target, and still with a slope nearer by.
      let bound = tape.constant(Shape(), CollectionOfOne(Float(1e4)))
      last = sum!.minimum(bound).maximum(-bound)
      values = values.concatenated(with: last)
    }
    let error = (last - tape.constant([rows], targets)) * scale
    return ((error.squared() + 1).log().mean(axis: -1), entropy)
  }

  /// The most probable composition of each restart, that of the smallest loss first.
  func compositions() -> [(restart: Int, choices: [Choice])] {
    losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }.map { restart in
      let preferences = preferences(of: restart)
      let choices = (0..<steps).map { step in
        let skill = preferences.skills[step].largest
        return Choice(
          skill: skill, operands: preferences.operands[step][skill].map { $0.largest })
      }
      return (restart, choices)
    }
  }

  /// What all restarts prefer, those of small losses believed most.
  var prior: MixturePrior {
    let votes = losses.map { 1 / ((0.01 + Double($0)) * (0.01 + Double($0))) }
    let total = votes.reduce(0, +)
    return MixturePrior(
      skills: skills.map(\.digest), inputCount: inputs.count,
      restarts: votes.enumerated().map { restart, vote in
        .init(weight: vote / total, preferences: preferences(of: restart))
      })
  }

  func preferences(of restart: Int) -> Preferences {
    func softmax(_ logits: ArraySlice<Float>) -> [Double] {
      let powers = Tape().constant([logits.count], logits).affine(
        scale: 1 / options.lastTemperature, offset: 0)
      return powers.softmax().values.map { Double($0) }
    }
    func row(_ id: Parameters.ID) -> ArraySlice<Float> {
      let all = parameters.values(of: id)
      let length = all.count / options.restarts
      return all[restart * length..<(restart + 1) * length]
    }
    return Preferences(
      skills: alphas.map { softmax(row($0)) },
      operands: weights.enumerated().map { step, id in
        var rest = row(id)
        return skills.map { skill in
          (0..<skill.inputCount).map { _ in
            let logits = rest.prefix(inputs.count + step)
            rest = rest.dropFirst(logits.count)
            return softmax(logits)
          }
        }
      })
  }
}

extension [Double] {
  /// The position of the largest, the first of equals.
  fileprivate var largest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
