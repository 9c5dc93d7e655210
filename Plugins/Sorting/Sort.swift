import ReefTasks

/// Cutting a list in two.
let divisionTasks: [TaskDefinition] = [
  TaskDefinition(
    "firstHalf", "(xs: [int]) -> [int]",
    summary: """
      The first half of a list, in its order. Where the length is odd, the middle element belongs \
      to the second half.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 65, 10_000])],
    inputs: lists,
    expected: { (xs: [Int]) in Array(xs.prefix(xs.count / 2)) }),

  TaskDefinition(
    "secondHalf", "(xs: [int]) -> [int]",
    summary: """
      The second half of a list, in its order. Where the length is odd, the middle element \
      belongs to it.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 65, 10_000])],
    inputs: lists,
    expected: { (xs: [Int]) in Array(xs.dropFirst(xs.count / 2)) }),
]

let sortTasks: [TaskDefinition] = [
  TaskDefinition(
    "sort", "(xs: [int]) -> [int]",
    summary: """
      The elements of a list in ascending order, each as often as it occurs. A second version has \
      to sort long lists in a number of steps that grows little faster than their length.
      """,
    train: [1, 2, 3, 4, 5],
    standards: [
      .init(checkSizes: [10, 100, 1_000]),
      .init(checkSizes: [1_000, 10_000, 100_000], growth: 1.3),
    ],
    inputs: lists,
    expected: { (xs: [Int]) in xs.sorted() })
]
