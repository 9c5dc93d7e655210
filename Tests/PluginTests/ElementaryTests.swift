import Elementary
import Foundation
import ReefMachine
import ReefTasks
import Testing

@Suite("The elementary functions as trees over eml and 1") struct ElementaryTests {
  private func eml(_ x: Double, _ y: Double) -> Double { exp(x) - log(y) }
  private func ln(_ x: Double) -> Double { eml(1, eml(eml(1, x), 1)) }

  /// The published trees, by task; of the last three the outer parts.
  private var trees: [String: ([Double]) -> Double] {
    let minusInfinity = eml(1, eml(1, ln(1)))
    return [
      "eml": { eml($0[0], $0[1]) },
      "exp": { eml($0[0], 1) },
      "ln": { ln($0[0]) },
      "subtract": { eml(ln($0[0]), eml($0[1], 1)) },
      "opposite": { eml(minusInfinity, eml($0[0], 1)) },
      "reciprocal": { eml(eml(minusInfinity, $0[0]), 1) },
      "multiply": { eml(eml(1, eml(eml(ln(eml(1, $0[0])), $0[1]), 1)), 1) },
      "add": { eml(ln($0[0]), eml(eml(minusInfinity, eml($0[1], 1)), 1)) },
      "divide": { eml(ln($0[0]) - ln($0[1]), 1) },
      "power": { eml(ln($0[0]) * $0[1], 1) },
      "squareRoot": { eml(ln($0[0]) / 2, 1) },
    ]
  }

  @Test("The oracles agree with the published trees", arguments: 0..<5)
  func trees(seed: Int) throws {
    for (task, tree) in trees {
      for (input, output) in try examples(elementary, task, seed: seed) {
        let found = Value.real(tree(input.map { $0.real! }))
        #expect(found.matches(output, tolerance: 1e-9), "\(task) \(input)")
      }
    }
  }

  @Test("What has no real formula is outside the domain")
  func domains() throws {
    let cases: [(String, [Double])] = [
      ("eml", [1, 0]), ("ln", [-1]), ("ln", [0]), ("subtract", [-1, 2]), ("reciprocal", [0]),
      ("multiply", [-1, 1]), ("add", [0, 1]), ("divide", [1, 0]), ("power", [1, 2]),
      ("squareRoot", [0.5]), ("exp", [1_000]), ("exp", [.nan]),
    ]
    for (task, input) in cases {
      #expect(
        try elementary.expected(task: task, inputs: [input.map { .real($0) }]) == [nil],
        "\(task) \(input)")
    }
  }
}
