import ReefTasks

/// Digits, columns and carries: what written arithmetic is made of.
let columnTasks: [TaskDefinition] = [
  TaskDefinition(
    "carryStep", "(carry: int, sum: int) -> (int, int)",
    summary: """
      One column of written arithmetic: the carry from the column before is added to the column's \
      sum, and the total t is split into the carry to the next column, t divided by ten and \
      rounded down, and the digit from 0 to 9 that stays.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 16])],
    inputs: Inputs(
      families: [
        { _, rng in (1, 9) },
        { _, rng in (0, rng.int(in: 0...9)) },
        { _, rng in (-1, 0) },
        { _, rng in (0, 10 * rng.int(in: -5...5)) },
        { _, rng in (0, 0) },
        { _, rng in (-1, rng.int(in: -9...9)) },
        { _, rng in (1, rng.int(in: 10...18)) },
        { _, rng in (10 * rng.int(in: -5...5), rng.int(in: -20...20)) },
        { _, rng in (rng.int(in: 10...99), 0) },
      ],
      random: { size, rng in
        let widest = size <= 5 ? 50 : 1_000_000
        return (rng.int(in: -widest...widest), rng.int(in: -widest...widest))
      }),
    expected: { (carry: Int, sum: Int) -> Pair<Int, Int>? in
      let (total, overflow) = carry.addingReportingOverflow(sum)
      guard !overflow else { return nil }
      let digit = (total % 10 + 10) % 10
      return Pair(total / 10 - (total % 10 < 0 ? 1 : 0), digit)
    }),

  TaskDefinition(
    "trim", "(digits: [int]) -> [int]",
    summary: """
      A number's digits, least significant first, without the zeros at its high end. At least one \
      digit stays, so that zero, in whatever way it was written, becomes [0].
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: Inputs(
      families: [
        { size, rng in rng.number(digits: size) + Array(repeating: 0, count: size) },
        { size, _ in Array(repeating: 0, count: size) },
        { size, rng in rng.number(digits: size) },
        { size, rng in Array(repeating: 0, count: size) + [rng.int(in: 1...9)] },
        { size, rng in rng.sparseNumber(digits: size) + [0] },
        { _, _ in [] },
      ],
      random: { size, rng in
        rng.ints(size, in: -9...9) + Array(repeating: 0, count: rng.int(in: 0...3))
      }),
    expected: { (digits: [Int]) in Digits.trimmed(digits) }),

  TaskDefinition(
    "columnSums", "(a: [int], b: [int]) -> [int]",
    summary: """
      Two lists added column by column, the first elements together, the second elements \
      together, and so on. Where one list is shorter, zeros stand for what it lacks.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: columnPairs,
    expected: { (a: [Int], b: [Int]) in Digits.sums(a, b) }),

  TaskDefinition(
    "columnDifferences", "(a: [int], b: [int]) -> [int]",
    summary: """
      The second list subtracted from the first, column by column. Where one list is shorter, \
      zeros stand for what it lacks.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: columnPairs,
    expected: { (a: [Int], b: [Int]) in Digits.differences(a, b) }),

  TaskDefinition(
    "carryColumns", "(columns: [int]) -> (int, [int])",
    summary: """
      Carries from column to column, from the least significant one up: what is carried out of the \
      last column, and the digit that is left in each.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: naturalColumns,
    expected: { (columns: [Int]) in Digits.carried(columns).map { Pair($0.carry, $0.digits) } }),

  TaskDefinition(
    "writeCarry", "(digits: [int], carry: int) -> [int]",
    summary: """
      Writes a last carry, a natural number, at the high end of digits that are listed least \
      significant first. The result has no leading zeros, except that zero is [0].
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: Inputs(
      families: [
        { size, rng in (rng.number(digits: size), 0) },
        { size, _ in (Array(repeating: 0, count: size), 0) },
        { size, rng in (rng.sparseNumber(digits: size) + [0], 0) },
        { size, rng in (Array(repeating: 0, count: size), rng.int(in: 1...9)) },
        { _, rng in ([], rng.int(in: 0...20)) },
        { _, _ in ([], 0) },
        { size, rng in (rng.number(digits: size), rng.int(in: 10...99_999)) },
      ],
      random: { size, rng in (rng.ints(size, in: 0...9), rng.int(in: 0...120)) }),
    expected: { (digits: [Int], carry: Int) in
      carry < 0 || !Digits.areDigits(digits) ? nil : Digits.propagated(digits + [carry])
    }),

  TaskDefinition(
    "propagate", "(columns: [int]) -> [int]",
    summary: """
      Columns of ones, tens, hundreds and so on, least significant first, each holding any whole \
      number, of which the total is not negative. The digits of that total, least significant \
      first, without leading zeros except that zero is [0].
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: naturalColumns,
    expected: { (columns: [Int]) in Digits.propagated(columns) }),

  TaskDefinition(
    "leadingSign", "(columns: [int]) -> int",
    summary: """
      The sign of the last element of a list that is not zero: -1 where it is negative, 1 where it \
      is positive, and 0 where there is none.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 10_000])],
    inputs: Inputs(
      families: [
        { size, rng in
          rng.ints(size, in: -9...9) + Array(repeating: 0, count: rng.int(in: 1...size + 1))
        },
        { size, _ in Array(repeating: 0, count: size) },
        { size, rng in [rng.pick([-1, 1])] + Array(repeating: 0, count: size) },
        { size, rng in Array(repeating: rng.int(in: 1...9), count: size) + [-1] },
        { size, rng in Array(repeating: -rng.int(in: 1...9), count: size) + [1, 0] },
        { _, _ in [] },
      ],
      random: { size, rng in rng.ints(size, in: -9...9) }),
    expected: { (columns: [Int]) in columns.last { $0 != 0 }?.signum() ?? 0 }),
]

/// The value of at most 18 digits.
private func integer(_ digits: [Int]) -> Int { digits.reversed().reduce(0) { 10 * $0 + $1 } }

private let columnPairs = Inputs<([Int], [Int])>(
  families: [
    { size, rng in (rng.ints(size, in: -20...20), rng.ints(1, in: -20...20)) },
    { size, rng in ([], rng.ints(size, in: -20...20)) },
    { size, rng in (rng.ints(size, in: -20...20), []) },
    { size, rng in
      let columns = rng.ints(size, in: -20...20)
      return (columns, columns)
    },
    { size, rng in (rng.number(digits: size), rng.number(digits: 2 * size)) },
    { _, _ in ([], []) },
    { size, rng in (nines(size), nines(size)) },
  ],
  random: { size, rng in
    let longer = rng.ints(size, in: -20...20)
    let other = rng.ints(rng.int(in: 0...size), in: -20...20)
    return rng.coin() ? (longer, other) : (other, longer)
  })

/// Columns whose total is not negative.
private let naturalColumns = Inputs<[Int]>(
  families: [
    { size, _ in [10] + Array(repeating: 9, count: size) },
    { size, _ in Array(repeating: 0, count: size) },
    { size, rng in rng.ints(size, in: 0...18) },
    { size, _ in [-1] + Array(repeating: 0, count: size) + [1] },
    { size, rng in rng.number(digits: size) + [0, 0] },
    { size, rng in rng.ints(size, in: 0...81 * size) },
    { _, _ in [] },
    { size, rng in
      Digits.differences(rng.number(digits: size) + [1], rng.number(digits: size)) ?? []
    },
    { _, rng in [rng.int(in: 0...99_999)] },
    // What is carried out of the last column ends in zeros itself.
    { _, rng in [rng.int(in: 1...99) * integer(powerOfTen(rng.int(in: 1...4)))] },
    // What is carried out of the last column is mostly one digit.
    { size, rng in rng.ints(size, in: 0...99) },
  ],
  random: { size, rng in rng.ints(size, in: -20...40) }
).map { columns, _ in Digits.propagated(columns) == nil ? columns.map { -$0 } : columns }
