import ReefTasks
import ReefTensor

/// A network of two layers that tells from a vector which of some symbols it stands for, trained only
/// by what follows from two of them together.
///
/// An example says of two vectors which pairs of symbols are possible. Its loss is -log of the
/// probability of these pairs, with softmax probabilities that are independent of each other (the
/// semantic loss of Xu et al. 2018, arXiv:1711.11157).
final class Recognizer {
  /// Two vectors, by number, and the pairs of symbols that they may stand for: a table of ones and
  /// zeros, row by row.
  struct Example {
    let first, second: Int
    /// The number of a table.
    let possible: Int
  }

  struct Options {
    var hidden = 128
    var batch = 32
    var steps = 4_000
    var rate: Float = 0.004
    var weightDecay: Float = 0.1
    /// The deviation of the noise that is added to what is learned from.
    var noise: Float = 0.15

    /// Of the training, in units applied to one vector.
    func cost(symbols: Int) -> Int { 2 * batch * steps * (hidden + symbols) }
  }

  /// Weights of the machine: matrices in rows, one for each unit.
  struct Weights {
    let hidden, output: [[Double]]
    let hiddenBias, outputBias: [Double]
  }

  private let options: Options
  private let symbols: Int
  private let vectors: [[Float]]
  private let tables: [[Float]]
  private let parameters = Parameters()
  private let hidden, output: DenseLayer
  private let tape: Tape
  private var generator: SplitMix64

  /// - Parameters:
  ///   - vectors: All of one length.
  ///   - tables: Of `symbols`² ones and zeros each.
  init(
    vectors: [[Double]], symbols: Int, tables: [[Float]], seed: Int, options: Options = Options()
  ) {
    self.options = options
    self.symbols = symbols
    self.vectors = vectors.map { $0.map { Float($0) } }
    self.tables = tables
    generator = SplitMix64(seed: seed)
    hidden = DenseLayer(
      "hidden", inputs: vectors[0].count, outputs: options.hidden, .relu, initial: .he,
      in: parameters, using: &generator)
    output = DenseLayer(
      "output", inputs: options.hidden, outputs: symbols, in: parameters, using: &generator)
    tape = Tape(parameters)
  }

  /// A loss above it means that some answers are hardly explained: that of random choices is the
  /// logarithm of the number of symbols, or more.
  var sufficientLoss: Double { 0.3 }

  /// Trains on the examples; throws where numbers become too large, with the weights of the last good
  /// step kept.
  ///
  /// - Parameter isCancelled: Polled before each step.
  /// - Returns: The mean loss over the last tenth of the steps, or nil where it was cancelled.
  func train(_ examples: [Example], isCancelled: () -> Bool) throws(TrainingError) -> Double? {
    let optimizer = Adam(parameters, weightDecay: options.weightDecay, maximumNorm: 5)
    let schedule = Schedule(
      peak: options.rate, warmup: options.steps / 20, total: options.steps + 1)
    var order: [Int] = []
    var losses: [Double] = []
    for step in 0..<options.steps {
      if isCancelled() { return nil }
      var batch: [Example] = []
      while batch.count < options.batch {
        if order.isEmpty {
          order = Array(examples.indices)
          generator.shuffle(&order)
        }
        batch.append(examples[order.removeLast()])
      }
      tape.reset()
      let loss = loss(batch)
      loss.backward()
      try optimizer.step(rate: schedule.rate(at: step))
      if step >= options.steps * 9 / 10 { losses.append(Double(loss.values[0])) }
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  private func loss(_ batch: [Example]) -> Tensor {
    let (first, second) = (probabilities(batch.map(\.first)), probabilities(batch.map(\.second)))
    let pairs =
      first.reshaped([batch.count, symbols, 1]) * second.reshaped([batch.count, 1, symbols])
    let possible = tape.constant([batch.count, symbols * symbols]) { memory in
      for (row, example) in batch.enumerated() {
        let start = row * symbols * symbols
        _ = memory[start..<start + symbols * symbols].update(
          fromContentsOf: tables[example.possible])
      }
    }
    let probability =
      (pairs.reshaped([batch.count, symbols * symbols]) * possible).sum(axis: -1)
    return -(probability + 1e-7).log().mean()
  }

  private func probabilities(_ numbers: [Int]) -> Tensor {
    let width = vectors[0].count
    let input = tape.constant([numbers.count, width]) { memory in
      for (row, number) in numbers.enumerated() {
        for (column, value) in vectors[number].enumerated() {
          memory[row * width + column] = value + options.noise * generator.normal()
        }
      }
    }
    return output(hidden(input)).softmax()
  }

  var weights: Weights {
    func rows(_ id: Parameters.ID) -> [[Double]] {
      let values = parameters.values(of: id)
      let width = parameters[id].shape[1]
      return (0..<width).map { column in
        stride(from: column, to: values.count, by: width).map { Double(values[$0]) }
      }
    }
    return Weights(
      hidden: rows(hidden.weight), output: rows(output.weight),
      hiddenBias: parameters.values(of: hidden.bias).map { Double($0) },
      outputBias: parameters.values(of: output.bias).map { Double($0) })
  }
}

extension SplitMix64 {
  /// About normal: the sum of four uniform numbers, with mean 0 and variance 1.
  fileprivate mutating func normal() -> Float {
    let word = next()
    let sum = (0..<4).reduce(Float(0)) { $0 + Float((word >> (16 * $1)) & 0xFFFF) / 65_536 }
    return (sum - 2) * 1.732_050_8
  }
}
