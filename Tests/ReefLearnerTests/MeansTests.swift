import Elementary
import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite("Tasks that confine their solutions") struct MeansTests {
  private func trial(_ name: String, learners: Set<Learner>) throws -> LearningTrial {
    LearningTrial(
      try #require(elementary.references.first { $0.task.name == name }), learners: learners,
      stepBudget: 3_000_000, seconds: 300, seed: 1)
  }

  private func library(learning name: String) throws -> TrialLibrary {
    let solution = try trial(name, learners: [.enumeration]).run(with: TrialLibrary([])).solution
    let code = try #require(solution?.code)
    return TrialLibrary([
      Skill(
        digest: code.digest, name: "elementary.\(name)", version: 1, summary: "", code: code,
        certificate: Certificate(method: .sampled, seed: 1, checks: [], tolerance: 0),
        provenance: Provenance(
          task: "", curriculum: "", generation: 1, learner: "", seed: 1, searchSteps: 0,
          candidates: 0, pluginHash: ""))
    ])
  }

  @Test(
    "A difference is made of eml and 1 alone, though an atom would do",
    arguments: [[Learner.enumeration], Set(Learner.allCases)])
  func onlyTheMeans(learners: Set<Learner>) throws {
    let library = try library(learning: "eml")
    let outcome = try trial("subtract", learners: learners).run(with: library)
    let code = try #require(outcome.solution?.code, "\(outcome.reason)")
    #expect(code.callees == library.guide.library.visible.map(\.digest))
    for operand in code.steps.flatMap(\.operands) {
      if case .constant(let value) = operand { #expect(value == .real(1)) }
    }
    let image = try Image(
      linking: code,
      library: { digest in
        library.guide.library.visible.first { $0.digest == digest }?.code
      })
    let value = try Machine().run(image, [.real(5.5), .real(-2.25)]).value
    #expect(value.matches(.real(7.75), tolerance: 1e-12))
  }

  @Test("Without what it may be made of, a task is not solved")
  func noMeans() throws {
    let outcome = try trial("subtract", learners: Set(Learner.allCases)).run(with: TrialLibrary([]))
    #expect(!outcome.isSolved)
  }
}
