import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("Formulas from samples") struct FormulaTests {
  /// eml(x, y) = exp(x) - ln(y), of Odrzywolek's "All elementary functions from a single operator".
  private static let eml = code([("exp", [0]), ("log", [1]), ("subtract", [2, 3])])

  /// A skill of x and y whose steps apply the atoms `real.…` to slots.
  private static func code(_ steps: [(atom: String, slots: [Int])]) -> SkillCode {
    SkillCode(
      signature: Signature(parameters: [.init("x", .real), .init("y", .real)], result: .real),
      steps: steps.map { step in
        .init(.skill(Atoms.named("real.\(step.atom)")!.digest), step.slots.map { .slot($0) })
      }, result: .slot(1 + steps.count))
  }

  private static func samples(_ count: Int, seed: Int) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in (0..<2).map { _ in Double(random.int(in: 50...300)) / 128 } }
  }

  /// Functions of x and y with the size of their smallest tree over eml and 1.
  private static let formulas:
    [(name: String, size: Int, value: @Sendable (Double, Double) -> Double)] = [
      ("exp", 3, { x, _ in exp(x) }),
      ("e - x", 5, { x, _ in M_E - x }),
      ("ln", 7, { x, _ in log(x) }),
      ("x - y", 11, { x, y in x - y }),
      ("x · y", 17, { x, y in x * y }),
      ("x + y", 19, { x, y in x + y }),
    ]

  @Test("Published formulas over eml and 1 are found in their published size", arguments: 0..<6)
  func published(index: Int) throws {
    let formula = FormulaTests.formulas[index]
    let inputs = FormulaTests.samples(40, seed: index)
    let outcome = try FormulaSearch(skills: [FormulaTests.eml], constants: [1]).run(
      inputs: inputs, wanted: inputs.map { formula.value($0[0], $0[1]) },
      maximumSize: formula.size, isCancelled: { false })
    let code = try #require(outcome.formula, "\(formula.name)")
    #expect(code.treeSize == formula.size, "\(code.oneLine(names: { Atoms.with($0)?.name }))")
    let image = try Image(linking: code, library: { _ in FormulaTests.eml })
    for point in FormulaTests.samples(40, seed: 1_000 + index) {
      let found = try Machine().run(image, point.map { .real($0) }).value.real ?? .nan
      #expect(abs(found - formula.value(point[0], point[1])) < 1e-12)
    }
  }

  @Test("A skill runs backwards from its result, to either operand")
  func inverses() throws {
    let library = FrozenLibrary([]).adding([FormulaTests.eml])
    let inverses = library.inverses(of: FormulaTests.eml.digest)
    #expect(inverses.map(\.unknowns) == [[0], [1]])
    for point in FormulaTests.samples(20, seed: 3) {
      let output = Value.real(exp(point[0]) - log(point[1]))
      for inverse in inverses {
        let unknown = inverse.unknowns[0]
        let known: [Value?] = point.enumerated().map {
          $0.offset == unknown ? nil : .real($0.element)
        }
        let solved = try #require(inverse.solve(output, known)?.first?.real)
        #expect(abs(solved - point[unknown]) < 1e-12)
      }
    }
    // exp(x) = -5 + ln(1) has no solution.
    #expect(inverses[0].solve(.real(-5), [nil, .real(1)]) == nil)
  }

  @Test("A skill that reads a parameter twice, or not at all, has no inverse for it")
  func noInverses() throws {
    let square = FormulaTests.code([("multiply", [0, 0])])
    let library = FrozenLibrary([]).adding([square])
    #expect(library.inverses(of: square.digest).isEmpty)
  }
}
