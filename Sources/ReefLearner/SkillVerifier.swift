import ReefMachine
import ReefTasks

/// Checks a registered skill again: its stored tests, and fresh inputs of its task where there is
/// one. Confined to one thread.
public struct SkillVerifier {
  /// What a check of one skill showed.
  public struct Report: Sendable {
    /// How many stored tests were run.
    public let storedTests: Int
    /// What was checked afresh; nil without a task, and where the skill did not pass.
    public let certificate: Certificate?
    /// Why the skill did not pass, or nil.
    public let failure: String?

    /// Whether the skill still does what it was registered for.
    public var passed: Bool { failure == nil }
    /// What was checked afresh, size by size.
    public var checks: [Certificate.Check] { certificate?.checks ?? [] }
  }

  private let library: FrozenLibrary

  /// Reads the whole library, once.
  public init(library: any Library) throws {
    self.library = FrozenLibrary(try library.skills())
  }

  /// - Parameters:
  ///   - tests: Those that were stored with the skill.
  ///   - task: The task that it was grown for, if its plugin is at hand.
  ///   - seed: Of the fresh inputs; another one than the certificate's shows more.
  public func verify(
    _ skill: Skill, tests: [TestCase], task: TaskReference?, seed: Int
  ) throws -> Report {
    let image = try Image(linking: skill.code, library: { library.code($0) })
    let machine = Machine(limits: Limits(fuel: 2_000_000_000, depth: 2_000_000))
    for test in tests {
      do {
        let value = try machine.run(image, test.input).value
        guard value.matches(test.output, tolerance: skill.certificate.tolerance) else {
          return Report(
            storedTests: tests.count, certificate: nil,
            failure: "A stored test now gives \(value), not \(test.output).")
        }
      } catch let error as MachineError {
        return Report(
          storedTests: tests.count, certificate: nil, failure: "A stored test: \(error)")
      }
    }
    guard let task, task.plugin.fixedExamples(task: task.task.name) == nil else {
      return Report(storedTests: tests.count, certificate: nil, failure: nil)
    }
    let standard = min(skill.version, task.task.standards.count) - 1
    let verifier = try Verifier(task, standard: standard, seed: seed)
    switch try verifier.verify(image) {
    case .right(let certificate, _):
      return Report(storedTests: tests.count, certificate: certificate, failure: nil)
    case .wrong(let example):
      let input = example.input.map(\.description).joined(separator: " ")
      return Report(
        storedTests: tests.count, certificate: nil, failure: "Wrong on the fresh input \(input).")
    case .rejected(let reason):
      return Report(
        storedTests: tests.count, certificate: nil, failure: "On a fresh input: \(reason)")
    }
  }
}
