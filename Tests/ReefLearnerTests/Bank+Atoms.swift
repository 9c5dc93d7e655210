import ReefMachine
import Testing

@testable import ReefLearner

extension Bank {
  /// A bank whose operations are the atoms of those names, of cost 1 each.
  convenience init(_ problem: Problem, atoms names: [String], allowsRecursion: Bool = false) throws
  {
    let atoms = try names.map { try #require(Atoms.named($0)) }
    let vocabulary = try Vocabulary(
      signature: problem.signature,
      callables: atoms.map { .init(digest: $0.digest, type: $0.type, cost: 1, atom: $0) },
      library: FrozenLibrary([]), allowsRecursion: allowsRecursion, allowsBranches: false,
      costOfForm: { _ in 0 })
    self.init(problem: problem, vocabulary: vocabulary, rowFuel: 1_000)
  }

  /// The first term that an enumeration finds, if it finds one; it is right on all rows.
  func solution(_ options: Enumeration.Options) throws -> SkillCode? {
    let enumeration = try Enumeration(
      bank: self, options: options, check: { _ in (.accepted, 0) }, isCancelled: { false })
    guard case .solved(let code) = try enumeration.run() else { return nil }
    let image = try Image(linking: code) { _ in nil }
    for row in problem.rows { #expect(try Machine().run(image, row.input).value == row.output) }
    return code
  }
}
