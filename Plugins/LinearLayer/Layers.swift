import ReefTasks

let layerTasks: [TaskDefinition] = [
  TaskDefinition(
    "layer", "(w: [[real]], x: [real], b: [real]) -> [real]",
    summary: """
      A linear layer, z = Wx + b: the product of the weight matrix and the input, plus the bias. \
      The matrix is the list of its rows, one for each element of the bias.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: matrices.map { w, rng in
      let bias = rng.int(in: 0...4) == 0 ? zeros(w.count) : rng.vector(w.count)
      return (w, rng.vector(w.first?.count ?? 1), bias)
    },
    expected: { (w: [[Double]], x: [Double], b: [Double]) in Matrices.layer(w, x, b) }),

  TaskDefinition(
    "mlp", "(w1: [[real]], b1: [real], w2: [[real]], b2: [real], x: [real]) -> [real]",
    summary: """
      A multilayer perceptron with one hidden layer: a linear layer with weights w1 and bias b1, \
      the rectifier, and a linear layer with weights w2 and bias b2.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: Inputs(
      families: [
        { size, rng in network(size, size, size, &rng) },
        { size, rng in  // The rectifier lets nothing through.
          let (w1, _, w2, b2, x) = network(size, size, size, &rng)
          return (w1.map { $0.map(abs) }, zeros(size), w2, b2, x.map { -abs($0) })
        },
        { size, rng in network(size, 1, size, &rng) },
        { size, rng in  // The rectifier changes nothing.
          let (w1, b1, w2, b2, x) = network(size, size, size, &rng)
          return (w1.map { $0.map(abs) }, b1.map(abs), w2, b2, x.map(abs))
        },
        { size, rng in network(1, size, 1, &rng) },
      ],
      random: { size, rng in
        network(rng.dimension(size), size, rng.dimension(size), &rng)
      }),
    expected: { (w1: [[Double]], b1: [Double], w2: [[Double]], b2: [Double], x: [Double]) in
      Matrices.layer(w1, x, b1).flatMap { Matrices.layer(w2, Matrices.relu($0), b2) }
    }),
]

private typealias Network = ([[Double]], [Double], [[Double]], [Double], [Double])

private func network(
  _ inputs: Int, _ hidden: Int, _ outputs: Int, _ rng: inout SplitMix64
) -> Network {
  (
    rng.matrix(hidden, inputs), rng.vector(hidden), rng.matrix(outputs, hidden),
    rng.vector(outputs), rng.vector(inputs)
  )
}
