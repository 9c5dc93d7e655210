import ReefMachine
import Testing

@testable import ReefTasks

/// Besides sampled inputs a task may have all inputs up to a size checked.
@Suite("Small domains")
struct SmallDomainTests {
  /// The double of a number that is at most `largest`, with the inputs up to `small` checked whole.
  private func verify(_ text: String, largest: Int, small: Int) throws -> Verifier.Outcome {
    let plugin = BuiltInPlugin(
      name: "small", version: "1",
      tasks: [
        TaskDefinition(
          "double", "(n: int) -> int", summary: "Twice a number.", train: [4],
          standards: [.init(checkSizes: [8, largest])],
          inputs: Inputs(families: [], random: { size, rng in rng.int(in: 0...size) }),
          all: (small, { Array(0...small) }),
          expected: { (n: Int) in (0...largest).contains(n) ? 2 * n : nil })
      ])
    var text = text
    for atom in ["int.add", "int.multiply", "int.less", "control.if"] {
      text = text.replacing("\(atom) ", with: "\(atom)#\(Atoms.named(atom)!.digest.hex) ")
    }
    let code = try SkillCode(parsing: text)
    let image = try Image(linking: code, library: { _ in nil })
    return try Verifier(plugin.references[0], standard: 0, seed: 1).verify(image)
  }

  private let double = "skill (n: int) -> int\n  s0 = int.add n n\n  return s0\n"

  @Test(
    "Where it reaches as far as the samples the certificate says so, else it is one check of several"
  )
  func methods() throws {
    guard case .right(let whole, _) = try verify(double, largest: 100, small: 100),
      case .right(let part, _) = try verify(double, largest: 1_000, small: 100)
    else {
      Issue.record("a right skill was rejected")
      return
    }
    #expect(whole.method == .exhaustive)
    #expect(whole.checks.map(\.size) == [8, 100, 100] && whole.checks[2].count == 101)
    #expect(part.method == .sampled)
    #expect(part.checks.map(\.size) == [8, 100, 1_000] && part.checks[1].count == 101)
  }

  @Test("What is wrong on one input only is found")
  func oneWrong() throws {
    // n = 77 alone is wrong: where 76 < n and n < 78.
    let text = """
      skill (n: int) -> int
        s0 = int.less 76 n
        s1 = int.less n 78
        s2 = control.if s0 s1 false
        s3 = int.add n n
        s4 = control.if s2 0 s3
        return s4

      """
    // Among the samples there is no 77.
    guard case .right = try verify(text, largest: 1_000_000, small: 50) else {
      Issue.record("a sample found it")
      return
    }
    if case .right = try verify(text, largest: 1_000_000, small: 100) {
      Issue.record("a wrong skill was accepted")
    }
  }
}
