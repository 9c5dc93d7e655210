import CKernels
import ReefMachine
import ReefTasks
import ReefTensor

/// Matrix products and training steps, beside OpenBLAS and PyTorch on one thread each.
///
/// Everybody begins from the same numbers, and the answers are compared: sums of the products, the
/// losses after some steps.
struct TensorBenchmark: Benchmark {
  let name = "tensor"
  let summary = "time matrix products and training steps, beside OpenBLAS and PyTorch"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let torch = try TorchPeer.measure()
    let blas = OpenBLAS.installed
    var rows: [BenchRow] = []
    for size in [64, 256, 1024] {
      let product = MatrixWorkload(size: size)
      let flops = 2 * Double(size * size * size) * 1e-9
      let answer = product.measure(product.own).answer
      let ways =
        [("Reef", product.own)]
        + [blas].compactMap { $0 }.map { blas in
          ("OpenBLAS", { blas.multiply(size, $0, $1, &$2) })
        }
      let contestants = ways.map { name, multiply in
        Contestant(name) {
          let timed = product.measure(multiply)
          try check(name, timed.answer, answer, within: 1e-5)
          return timed.seconds
        }
      }
      let least = try Contestant.leastSeconds(contestants)
      let ours = Timed(seconds: least[0], answer: answer)
      var peers = zip(contestants, least).dropFirst().map {
        BenchRow.Peer(name: $0.name, ratio: $1 / least[0])
      }
      try torch?.compare("product \(size)", ours, within: 1e-5).map { peers.append($0) }
      rows += BenchRow.rows(
        "product of \(size) x \(size)", flops / ours.seconds, "GFLOP/s", peers)
    }
    let steps: [(String, () throws -> Timed)] =
      [
        ("layers 64-128-128-32, batch 256, forward and backward", LayersWorkload().measure)
      ]
      + [(64, 32), (1, 32), (1, 1)].map { batch, length in
        (
          "attention step, \(batch) x \(length)",
          PolicyWorkload(batch: batch, length: length).measure
        )
      }
    for (name, measure) in steps {
      let ours = try measure()
      let peers = try torch?.compare(name, ours, within: 1e-3)
      rows += BenchRow.rows(name, ours.seconds * 1e6, "µs", peers.map { [$0] } ?? [])
    }
    return rows
  }
}

/// The least time of many, and a number that says whether the work was done.
///
/// A processor that others share goes slower for seconds on end; what was never disturbed is the same
/// in every run of a benchmark.
struct Timed {
  let seconds: Double
  let answer: Double
}

func check(_ workload: String, _ found: Double, _ expected: Double, within tolerance: Double) throws
{
  guard abs(found - expected) <= tolerance * max(1, abs(expected)) else {
    throw WrongAnswer(workload: workload, found: "\(found)", expected: "\(expected)")
  }
}

extension BenchRow {
  /// One row for each peer, or one without.
  fileprivate static func rows(
    _ name: String, _ value: Double, _ unit: String, _ peers: [Peer]
  ) -> [BenchRow] {
    let row = { peer in BenchRow(name: name, value: value, unit: unit, peer: peer) }
    return peers.isEmpty ? [row(nil)] : peers.map(row)
  }
}

/// Numbers spread evenly from -bound to bound, the same in Swift and in Python.
func spread(_ count: Int, seed: Int, bound: Double = 1) -> [Float] {
  (0..<count).map {
    let word = UInt32(truncatingIfNeeded: $0 &* 2_654_435_761 &+ seed &* 40_503)
    return Float((Double(word) / 0x1p31 - 1) * bound)
  }
}

private struct MatrixWorkload {
  let size: Int

  /// - Parameter multiply: Puts the product of the first two arrays into the third.
  func measure(_ multiply: ([Float], [Float], inout [Float]) -> Void) -> Timed {
    let (a, b) = (spread(size * size, seed: 1), spread(size * size, seed: 2))
    var c = [Float](repeating: 0, count: size * size)
    let repeats = max(1, (1 << 26) / (size * size * size))
    let seconds = leastSeconds(samples: Contestant.runs) {
      for _ in 0..<repeats { multiply(a, b, &c) }
    }
    // Weights, so that no element may stand in another's place.
    let weights = spread(size * size, seed: 3)
    let answer = zip(c, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return Timed(seconds: seconds / Double(repeats), answer: answer)
  }

  func own(_ a: [Float], _ b: [Float], _ c: inout [Float]) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: ReefMatmulScratch) { scratch in
      reef_matmul(size, size, size, a, size, 1, b, size, 1, &c, size, 0, scratch.baseAddress!)
    }
  }
}

/// Three layers on a batch of 256 rows.
private struct LayersWorkload {
  private let widths = [64, 128, 128, 32]

  func measure() throws -> Timed {
    let parameters = Parameters()
    var generator = SplitMix64(seed: 1)
    let layers = (0..<3).map {
      DenseLayer(
        "\($0)", inputs: widths[$0], outputs: widths[$0 + 1], $0 < 2 ? .relu : .identity,
        initial: .zeros, in: parameters, using: &generator)
    }
    parameters.spreadWeights()
    let tape = Tape(parameters)
    let input = spread(256 * 64, seed: 1000)
    let target = spread(256 * 32, seed: 1001)
    var loss: Float = 0
    let seconds = leastSeconds(samples: 3_000) {
      tape.reset()
      let x = tape.constant([256, 64], input)
      let result = layers[2](layers[1](layers[0](x)))
      let error = result.meanSquaredError(tape.constant([256, 32], target))
      error.backward()
      loss = error.item
    }
    let gradients = parameters.entries.indices.reduce(0.0) { sum, index in
      parameters.gradient(of: parameters.id(named: parameters.entries[index].name)!)
        .reduce(sum) { $0 + Double($1) * Double($1) }
    }
    return Timed(seconds: seconds, answer: Double(loss) + gradients.squareRoot())
  }
}

/// A training step of a policy: two blocks of attention with 4 heads and width 64, and AdamW.
private struct PolicyWorkload {
  let batch: Int
  let length: Int
  private let tokens = 64
  private let actions = 32
  private let width = 64

  init(batch: Int, length: Int) {
    self.batch = batch
    self.length = length
  }

  func measure() throws -> Timed {
    let parameters = Parameters()
    var generator = SplitMix64(seed: 1)
    let token = parameters.add("token", [tokens, width], .zeros, using: &generator)
    let place = parameters.add("place", [32, width], .zeros, using: &generator)
    let blocks = (0..<2).map {
      AttentionBlock(
        "\($0)", width: width, heads: 4, isCausal: true, in: parameters, using: &generator)
    }
    let norm = NormLayer("norm", width: width, in: parameters, using: &generator)
    let out = DenseLayer("out", inputs: width, outputs: actions, in: parameters, using: &generator)
    parameters.spreadWeights()
    let tape = Tape(parameters)
    let optimizer = Adam(parameters, weightDecay: 0.01)
    let inputs = (0..<batch * length).map { $0 * 7 % tokens }
    let targets = (0..<batch * length).map { $0 * 5 % actions }
    var loss: Float = 0
    // The first steps are compared; the time is of all.
    var losses: [Float] = []
    let seconds = try leastSeconds(samples: batch * length > 1000 ? 100 : 3_000) {
      tape.reset()
      let embedded = tape[token].gather(inputs).reshaped([batch, length, width])
      var x = embedded + tape[place].gather(0..<length)
      for block in blocks { x = block(x) }
      let error = out(norm(x)).crossEntropy(targets)
      error.backward()
      try optimizer.step(rate: 0.001)
      loss = error.item
      if losses.count < 4 { losses.append(loss) }
    }
    return Timed(seconds: seconds, answer: losses.reduce(0) { $0 + Double($1) })
  }
}

extension Parameters {
  /// Evenly spread weights in place of drawn ones; gains are 1 and biases 0, as they begin.
  fileprivate func spreadWeights() {
    for (index, entry) in entries.enumerated() where entry.shape.rank == 2 {
      let bound = 1 / Double(entry.shape[0]).squareRoot()
      setValues(
        of: id(named: entry.name)!, to: spread(entry.shape.count, seed: index, bound: bound))
    }
  }
}
