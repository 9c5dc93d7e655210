import Foundation
import ReefTensor
import Testing

@Suite("Training")
struct TrainingTests {
  /// A network of two layers on a tape, with data that it can learn.
  private struct Network {
    let parameters = Parameters()
    let tape: Tape
    let weights: [Parameters.ID]
    private let inputs: [Float]
    private let labels: [Int]

    init(seed: Int) {
      var draws = Draws(seed: seed)
      weights = [
        parameters.add("hidden.weight", [2, 16], .glorot, using: &draws),
        parameters.add("hidden.bias", [16], .zeros, using: &draws),
        parameters.add("out.weight", [16, 2], .he, using: &draws),
        parameters.add("out.bias", [2], .uniform(bound: 0.1), using: &draws),
        parameters.add("unused", [3, 3], .normal(deviation: 1), using: &draws),
      ]
      tape = Tape(parameters)
      inputs = draws.reals(2 * 64)
      labels = (0..<64).map { [inputs] in (inputs[2 * $0] < 0) == (inputs[2 * $0 + 1] < 0) ? 1 : 0 }
    }

    func loss() -> Tensor {
      tape.reset()
      return tape.constant([64, 2], inputs)
        .linear(tape[weights[0]], tape[weights[1]], .tanh)
        .linear(tape[weights[2]], tape[weights[3]])
        .crossEntropy(labels)
    }
  }

  @Test("A network learns exclusive or, the same in every run")
  func learning() throws {
    func run() throws -> (Float, [Float]) {
      let network = Network(seed: 1)
      let optimizer = Adam(network.parameters, weightDecay: 0.01, maximumNorm: 1)
      let schedule = Schedule(peak: 0.03, warmup: 10, total: 400)
      for step in 0..<400 {
        network.loss().backward()
        try optimizer.step(rate: schedule.rate(at: step))
      }
      return (network.loss().item, network.parameters.snapshot())
    }
    let (first, second) = (try run(), try run())
    #expect(first.0 < 0.1)
    #expect(first.1 == second.1)
  }

  @Test("After the first step a tape takes no more memory")
  func allocations() throws {
    let network = Network(seed: 2)
    let optimizer = SGD(network.parameters, momentum: 0.9)
    func step() throws {
      network.loss().backward()
      try optimizer.step(rate: 0.01)
    }
    try step()
    let capacity = network.tape.capacity
    for _ in 0..<10 { try step() }
    #expect(network.tape.capacity == capacity)
  }

  @Test("A parameter that was not used has gradient 0; passes can add up")
  func accumulation() {
    let network = Network(seed: 3)
    network.loss().backward()
    let once = network.parameters.gradient(of: network.weights[0])
    #expect(network.parameters.gradient(of: network.weights[4]) == Array(repeating: 0, count: 9))
    network.loss().backward(accumulates: true)
    #expect(network.parameters.gradient(of: network.weights[0]) == once.map { $0 + $0 })
    network.loss().backward()
    #expect(network.parameters.gradient(of: network.weights[0]) == once)
  }

  @Test("A gradient that is not finite takes no step and keeps the weights")
  func notFinite() throws {
    var draws = Draws(seed: 4)
    let parameters = Parameters()
    let weight = parameters.add("w", [2], .ones, using: &draws)
    let tape = Tape(parameters)
    for optimizer: any Optimizer in [Adam(parameters), SGD(parameters)] {
      let before = parameters.snapshot()
      for bad in [Float.nan, .infinity] {
        tape.reset()
        (tape[weight] * tape.constant([2], [bad, 1])).sum().backward()
        #expect(throws: TrainingError.notFinite(step: 1)) { try optimizer.step(rate: 0.1) }
        #expect(parameters.snapshot() == before)
      }
    }
    #expect(
      TrainingError.notFinite(step: 3).description
        == "The gradient of training step 3 is not finite; the weights of the step before are kept. "
        + "Try a smaller learning rate, or look for NaN in the data.")
  }

  /// One step of each optimizer after another on the loss Σ c·w, whose gradient is c.
  private func steps(
    _ coefficients: [[Float]], _ make: (Parameters) -> any Optimizer
  ) throws -> [Float] {
    var draws = Draws(seed: 5)
    let parameters = Parameters()
    let weight = parameters.add("w", [1, 3], .ones, using: &draws)
    let frozen = parameters.add("frozen", [3], .ones, using: &draws)
    parameters[frozen].isFrozen = true
    let tape = Tape(parameters)
    let optimizer = make(parameters)
    for row in coefficients {
      tape.reset()
      ((tape[weight] + tape[frozen]) * tape.constant([3], row)).sum().backward()
      try optimizer.step(rate: 0.1)
    }
    #expect(parameters.values(of: frozen) == [1, 1, 1])
    return parameters.values(of: weight)
  }

  private static let coefficients: [[Float]] = [
    [1, -2, 0.5], [0, 3, -1], [2, 2, 0.25], [-4, 0, 9],
  ]

  @Test("Adam is what its paper says, with decoupled decay and clipping")
  func adam() throws {
    let found = try steps(TrainingTests.coefficients) {
      Adam($0, weightDecay: 0.1, maximumNorm: 2)
    }
    for place in 0..<3 {
      var (w, m, v) = (1.0, 0.0, 0.0)
      for (step, row) in TrainingTests.coefficients.enumerated() {
        let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let g = Double(row[place]) * min(1, 2 / norm)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        let (mean, variance) = (
          m / (1 - pow(0.9, Double(step + 1))), v / (1 - pow(0.999, Double(step + 1)))
        )
        w = w - 0.1 * 0.1 * w - 0.1 * mean / (variance.squareRoot() + 1e-8)
      }
      #expect(abs(Double(found[place]) - w) < 1e-5)
    }
  }

  @Test("Gradient descent keeps its momentum")
  func sgd() throws {
    let found = try steps(TrainingTests.coefficients) { SGD($0, momentum: 0.5, weightDecay: 0.1) }
    for place in 0..<3 {
      var (w, velocity) = (1.0, 0.0)
      for row in TrainingTests.coefficients {
        velocity = 0.5 * velocity + Double(row[place]) + 0.1 * w
        w -= 0.1 * velocity
      }
      #expect(abs(Double(found[place]) - w) < 1e-5)
    }
  }

  @Test("A schedule rises, then falls to 0")
  func schedules() {
    let cosine = Schedule(peak: 2, warmup: 4, total: 12)
    #expect([0, 1, 3, 4, 8, 12, 20].map(cosine.rate) == [0.5, 1, 2, 2, 1, 0, 0])
    let linear = Schedule(peak: 2, total: 4, decay: .linear)
    #expect([0, 1, 2, 4].map(linear.rate) == [2, 1.5, 1, 0])
    #expect(Schedule(peak: 2, total: 4, decay: .constant).rate(at: 9) == 2)
  }

  @Test("Weights begin as their initialization says, and can be put back")
  func initialization() {
    var draws = Draws(seed: 6)
    let parameters = Parameters()
    let glorot = parameters.add("glorot", [60, 40], .glorot, using: &draws)
    let he = parameters.add("he", [200, 50], .he, using: &draws)
    let bound = (6.0 / 100).squareRoot()
    let values = parameters.values(of: glorot).map(Double.init)
    #expect(values.allSatisfy { abs($0) <= bound } && values.contains { abs($0) > bound * 0.98 })
    let normal = parameters.values(of: he).map(Double.init)
    let variance = normal.reduce(0) { $0 + $1 * $1 } / 10_000
    #expect(abs(variance - 0.01) < 0.0005 && abs(normal.reduce(0, +) / 10_000) < 0.005)
    let snapshot = parameters.snapshot()
    parameters.setValues(of: glorot, to: Array(repeating: 0, count: 2400))
    #expect(parameters.values(of: glorot).allSatisfy { $0 == 0 })
    parameters.restore(snapshot)
    #expect(parameters.values(of: glorot).map(Double.init) == values)
    #expect(parameters.count == 2400 + 10_000 && parameters.id(named: "he") == he)
  }
}
