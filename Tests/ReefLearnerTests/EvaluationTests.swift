import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("What a candidate costs that does not come to an end") struct EvaluationTests {
  private static let fuel = 1_000
  private static let rows = 8

  /// A skill that takes as many rounds as its argument says.
  private var climb: Skill {
    let add = SkillCode.Callee.skill(Atoms.named("int.add")!.digest)
    let code = SkillCode(
      signature: Signature(parameters: [.init("x", .int)], result: .int),
      steps: [
        .init(
          .atom("control.iterate"),
          [.function(add, captures: [.constant(.int(1))]), .slot(0), .constant(.int(0))])
      ], result: .slot(1))
    return Skill(
      digest: code.digest, name: "t.climb", version: 1, summary: "", code: code,
      certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
      provenance: Provenance(
        task: "t.climb", curriculum: "", generation: 1, learner: "", seed: 1, searchSteps: 0,
        candidates: 0, pluginHash: ""))
  }

  /// A bank whose skill is too slow on the last rows.
  private func bank(slowRows: Int) throws -> Bank {
    let inputs = (0..<EvaluationTests.rows).map {
      $0 < EvaluationTests.rows - slowRows ? 5 + $0 : 1_000_000 + $0
    }
    let problem = Problem(
      name: "test", summary: "",
      signature: Signature(parameters: [.init("x", .int)], result: .int),
      rows: inputs.map { Example(input: [.int($0)], output: .int(-1)) }, oracle: nil, tolerance: 0)
    let climb = climb
    let vocabulary = try Vocabulary(
      signature: problem.signature,
      callables: [.init(digest: climb.digest, type: climb.signature.type, cost: 1, atom: nil)],
      library: FrozenLibrary([climb]), allowsRecursion: false, allowsBranches: false,
      costOfForm: { _ in 0 })
    return Bank(problem: problem, vocabulary: vocabulary, rowFuel: EvaluationTests.fuel)
  }

  @Test("After the second row without an end the others are not tried", arguments: 0...8)
  func dropsWhatIsSlow(slowRows: Int) throws {
    let bank = try bank(slowRows: slowRows)
    let own = try #require(
      try bank.evaluate(bank.problem.rows.map { $0.input[0] }, type: .int))
    let x = try bank.keep(own, .input(0), SIMD4(repeating: 0), cost: 1)
    let climb = try #require(bank.vocabulary.operations.indices.first)
    let before = bank.stepsSpent
    let behaviour = try bank.evaluate(climb, SIMD4(x, 0, 0, 0))
    let quickRows = EvaluationTests.rows - slowRows
    let expected: UInt64? = slowRows < 2 ? (1 << UInt64(quickRows)) - 1 : nil
    #expect(behaviour?.mask == expected)
    let allowed = min(slowRows, 2) * (EvaluationTests.fuel + 10) + quickRows * 100
    #expect(bank.stepsSpent - before < allowed)
  }
}
