import ReefMachine
import Testing

@testable import ReefLearner

@Suite struct MeasureTests {
  private func ints(_ values: [Int]) -> Value { .list(values.map { .int($0) }) }

  @Test("A list descends where nothing grows and something that was not negative shrinks")
  func descent() {
    let cases: [(own: [Int], argument: [Int], shrinks: Bool)] = [
      ([0, 2], [-1, 1], true), ([0, -1], [-1, -2], true), ([0, -1], [0, -2], false),
      ([1, 1], [1, 1], false), ([1, 1], [0, 2], false), ([1], [0, 0], false), ([], [], false),
    ]
    for (own, argument, shrinks) in cases {
      #expect(
        Measure.descent(0).shrinks(from: [ints(own)], to: [ints(argument)]) == shrinks,
        "from \(own) to \(argument)")
    }
  }
}
