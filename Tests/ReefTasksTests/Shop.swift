import ReefTasks

/// Skills on a list of daily prices.
public let shop = BuiltInPlugin(
  name: "shop", version: "1.0.0",
  tasks: [
    TaskDefinition(
      "rises", "(prices: [int]) -> [int]",
      summary: "How much the price rose from each day to the next; negative where it fell.",
      train: [1, 2, 3, 5], standards: [.init(checkSizes: [8, 300])],
      inputs: days,
      expected: { (prices: [Int]) in rises(prices) }),
    TaskDefinition(
      "profit", "(prices: [int]) -> int",
      summary: "The sum of all rises that are gains: what holding on every good day earns.",
      train: [1, 2, 3, 5], standards: [.init(checkSizes: [8, 300])],
      inputs: days,
      expected: { (prices: [Int]) in rises(prices)?.filter { $0 > 0 }.reduce(0, +) }),
  ])

/// The awkward inputs come first, each mixed with random ones.
private let days = Inputs<[Int]>(
  families: [
    { _, _ in [] },
    { size, rng in Array(repeating: rng.int(in: 0...20), count: size) },
    { size, rng in rng.ints(size, in: 0...20).sorted(by: >) },
  ],
  random: { size, rng in rng.ints(size, in: 0...20) })

/// Nil where no price has such a value: an oracle is asked about any input of the right type, and
/// must not trap.
private func rises(_ prices: [Int]) -> [Int]? {
  guard prices.allSatisfy({ abs($0) < 1_000_000_000 }) else { return nil }
  return zip(prices.dropFirst(), prices).map { $0 - $1 }
}
