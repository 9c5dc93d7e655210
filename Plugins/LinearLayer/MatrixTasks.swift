import ReefTasks

let matrixTasks: [TaskDefinition] = [
  TaskDefinition(
    "transpose", "(m: [[real]]) -> [[real]]",
    summary: """
      The transpose of a matrix: its first row is the matrix's first column, its second row the \
      second column, and so on. A matrix is the list of its rows, all of the same length.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: matrices,
    expected: { (m: [[Double]]) in Matrices.transpose(m) }),

  TaskDefinition(
    "matrixVector", "(w: [[real]], x: [real]) -> [real]",
    summary: """
      The product of a matrix and a vector: for each row of the matrix, its dot product with the \
      vector. A matrix is the list of its rows, all as long as the vector.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: matrices.map { w, rng in (w, rng.vector(w.first?.count ?? 1)) },
    expected: { (w: [[Double]], x: [Double]) in Matrices.apply(w, x) }),

  TaskDefinition(
    "image", "(x: [real], w: [[real]]) -> [real]",
    summary: """
      The image of a vector under a matrix: for each row of the matrix, its dot product with the \
      vector. The vector comes first, so that many vectors can be mapped with one matrix.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: matrices.map { w, rng in (rng.vector(w.first?.count ?? 1), w) },
    expected: { (x: [Double], w: [[Double]]) in Matrices.apply(w, x) }),

  TaskDefinition(
    "matrixProduct", "(a: [[real]], b: [[real]]) -> [[real]]",
    summary: """
      The product of two matrices: its element in row i and column j is the dot product of row i \
      of the first with column j of the second. A matrix is the list of its rows; the first has \
      as many columns as the second has rows.
      """,
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 64, 256])], tolerance: tolerance,
    inputs: Inputs(
      families: [
        { size, rng in (rng.matrix(1, size), rng.matrix(size, rng.dimension(size))) },
        { size, rng in (rng.matrix(rng.dimension(size), 1), rng.matrix(1, size)) },
        { size, rng in (identity(size), rng.matrix(size, rng.dimension(size))) },
        { size, rng in (rng.matrix(size, size), rng.matrix(size, 1)) },
        { size, rng in (rng.matrix(size, size), identity(size)) },
        { size, rng in
          let a = rng.matrix(size, size)
          return (a, a)
        },
      ],
      random: { size, rng in
        let (rows, columns) = (rng.dimension(size), rng.dimension(size))
        return (rng.matrix(rows, size), rng.matrix(size, columns))
      }),
    expected: { (a: [[Double]], b: [[Double]]) in Matrices.multiply(a, b) }),
]

/// Matrices with at least one row and one column; the longer side has `size`.
let matrices = Inputs<[[Double]]>(
  families: [
    { size, rng in rng.matrix(size, size) },
    { size, rng in rng.matrix(1, size) },
    { size, rng in rng.matrix(size, 1) },
    { size, _ in identity(size) },
    { size, rng in Array(repeating: zeros(rng.dimension(size)), count: size) },
    { size, rng in Array(repeating: rng.vector(size), count: rng.dimension(size)) },
  ],
  random: { size, rng in
    let other = rng.dimension(size)
    return rng.coin() ? rng.matrix(size, other) : rng.matrix(other, size)
  })
