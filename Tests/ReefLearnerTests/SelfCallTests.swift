import ReefMachine
import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct SelfCallTests {
  /// A function of two ints whose answers tell its arguments apart.
  private static func answer(_ arguments: [Value]) -> Value? {
    guard let a = arguments[0].int, let b = arguments[1].int else { return nil }
    return .int(1_000_003 &* a &+ b)
  }

  private func bank() throws -> Bank {
    let rows: [[Value]] = [[.int(9), .int(20)], [.int(4), .int(5)], [.int(7), .int(2)]]
    let problem = Problem(
      name: "test", summary: "",
      signature: Signature(
        parameters: [.init("a", .int), .init("b", .int)], result: .int),
      rows: rows.map { Example(input: $0, output: .int(0)) },
      oracle: { inputs in inputs.map(SelfCallTests.answer) }, tolerance: 0)
    return try Bank(problem, atoms: ["int.add", "int.subtract"], allowsRecursion: true)
  }

  @Test("A self-call has the oracle's answer for its own arguments, whichever of them it changes")
  func answersBelongToTheirArguments() throws {
    let bank = try bank()
    var options = Enumeration.Options()
    options.maximumCost = 5
    options.usesInverses = false
    options.usesBranches = false
    let enumeration = try Enumeration(
      bank: bank, options: options, check: { _ in (.rejected, 0) }, isCancelled: { false })
    _ = try enumeration.run()
    var checked = 0
    for (id, entry) in bank.entries.elements.enumerated() {
      guard case .operation(let index) = entry.origin,
        let varying = bank.vocabulary.operations[index].varying
      else { continue }
      for row in 0..<bank.rowCount where bank.masks[id] & (1 << UInt64(row)) != 0 {
        var arguments = bank.problem.rows[row].input
        for (position, argument) in varying.enumerated() {
          arguments[argument] = try bank.value(of: entry.operands[position], row: row)
        }
        #expect(try bank.value(of: Int32(id), row: row) == SelfCallTests.answer(arguments))
        checked += 1
      }
    }
    #expect(checked > 100)
  }
}
