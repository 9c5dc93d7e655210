import Arithmetic
import ReefMachine
import ReefTasks
import Testing

@Suite struct VerifierTests {
  @Test("A program without an end is wrong on a small input, which is an example to learn from")
  func endlessProgramIsWrong() throws {
    let reference = try #require(arithmetic.references.first { $0.task.name == "factorial" })
    let code = SkillCode(
      signature: reference.task.signature, steps: [.init(.recursion, [.slot(0)])], result: .slot(1))
    let image = try Image(linking: code, library: { _ in nil })
    let verifier = try Verifier(reference, standard: 0, seed: 1)
    guard case .wrong(let example) = try verifier.verify(image) else {
      Issue.record("the verifier did not call it wrong")
      return
    }
    #expect(verifier.examples.contains(example))
  }
}
