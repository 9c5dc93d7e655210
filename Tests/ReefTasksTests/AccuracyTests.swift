import ReefMachine
import Testing

@testable import ReefTasks

@Suite("Tasks that allow of mistakes")
struct AccuracyTests {
  /// Whether a number is at least 10, except that it is about one in ten of which the oracle says the
  /// opposite.
  private func reference(accuracy: Double) -> TaskReference {
    BuiltInPlugin(
      name: "own", version: "1",
      tasks: [
        TaskDefinition(
          "large", "(x: int) -> bool", summary: "Whether a number is large.", train: [1],
          standards: [.init(checkSizes: [2], accuracy: accuracy)],
          inputs: Inputs(families: [], random: { _, rng in rng.int(in: 0...9_999) }),
          expected: { (x: Int) in (x >= 5_000) != (x % 10 == 7) })
      ]
    ).references[0]
  }

  private func verify(accuracy: Double) throws -> Verifier.Outcome {
    let less = try #require(Atoms.named("int.lessOrEqual"))
    let code = SkillCode(
      signature: try Signature(parsing: "(x: int) -> bool"),
      steps: [.init(.skill(less.digest), [.constant(.int(5_000)), .slot(0)])], result: .slot(1))
    let verifier = try Verifier(reference(accuracy: accuracy), standard: 0, seed: 1)
    return try verifier.verify(try Image(linking: code, library: { _ in nil }))
  }

  @Test("The share that is asked for decides, and the certificate tells how many were wrong")
  func share() throws {
    guard case .right(let certificate, let tests) = try verify(accuracy: 0.8) else {
      Issue.record("nine in ten are enough for eight in ten")
      return
    }
    #expect(certificate.checks.count == 1 && certificate.checks[0].count == 200)
    #expect((8...35).contains(certificate.checks[0].wrong), "\(certificate.checks[0].wrong)")
    // What is kept as a test is right.
    for test in tests {
      let x = try #require(test.input[0].int)
      #expect(test.output == .bool((x >= 5_000) != (x % 10 == 7)))
    }
    for accuracy in [1, 0.97] {
      guard case .wrong = try verify(accuracy: accuracy) else {
        Issue.record("nine in ten are not \(accuracy)")
        return
      }
    }
  }
}
