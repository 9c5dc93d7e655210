import ReefTasks

let vectorTasks: [TaskDefinition] = [
  TaskDefinition(
    "sum", "(xs: [real]) -> real",
    summary: "The sum of a list of real numbers. The sum of no numbers is 0.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])], tolerance: tolerance,
    inputs: vectors,
    expected: { (xs: [Double]) in xs.reduce(0, +) }),

  TaskDefinition(
    "products", "(x: [real], y: [real]) -> [real]",
    summary: """
      The products of the elements of two vectors of equal length: first with first, second with \
      second, and so on.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])], tolerance: tolerance,
    inputs: vectorPairs,
    expected: { (x: [Double], y: [Double]) in
      x.count == y.count ? zip(x, y).map { $0 * $1 } : nil
    }),

  TaskDefinition(
    "addVectors", "(x: [real], y: [real]) -> [real]",
    summary: """
      The sum of two vectors of equal length: first and first element added, second and second, \
      and so on.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])], tolerance: tolerance,
    inputs: vectorPairs,
    expected: { (x: [Double], y: [Double]) in Matrices.add(x, y) }),

  TaskDefinition(
    "dot", "(x: [real], y: [real]) -> real",
    summary: """
      The dot product of two vectors of equal length: the products of elements at the same place, \
      added up.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 256, 10_000])],
    tolerance: tolerance, inputs: vectorPairs,
    expected: { (x: [Double], y: [Double]) in Matrices.dot(x, y) }),

  TaskDefinition(
    "relu", "(x: [real]) -> [real]",
    summary: """
      The rectifier, applied to each element of a vector: negative elements become 0, the others \
      stay as they are.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])], tolerance: tolerance,
    inputs: vectors,
    expected: { (x: [Double]) in Matrices.relu(x) }),
]

private let vectors = Inputs<[Double]>(
  families: [
    { size, rng in rng.vector(size).map { -abs($0) } },
    { size, rng in Array(repeating: rng.quarter(), count: size) },
    { size, _ in zeros(size) },
    { size, rng in rng.vector(size).map(abs) },
    { _, _ in [] },
    { size, rng in  // Small numbers among large ones.
      rng.vector(size).enumerated().map { $0.offset % 2 == 0 ? $0.element * 4096 : $0.element }
    },
    { size, rng in rng.vector(size).enumerated().map { $0.offset % 2 == 0 ? $0.element : 0 } },
  ],
  random: { size, rng in rng.vector(size) })

private let vectorPairs = Inputs<([Double], [Double])>(
  families: [
    { size, rng in (rng.vector(size), zeros(size)) },
    { size, rng in
      let x = rng.vector(size)
      return (x, x)
    },
    { size, rng in (Array(repeating: 1, count: size), rng.vector(size)) },
    { size, rng in
      let x = rng.vector(size)
      return (x, x.map { -$0 })
    },
    { size, rng in  // One place that counts.
      (zeros(size - 1) + [1], rng.vector(size))
    },
    { _, _ in ([], []) },
    { size, rng in ([1] + zeros(size - 1), rng.vector(size)) },
  ],
  random: { size, rng in (rng.vector(size), rng.vector(size)) })
