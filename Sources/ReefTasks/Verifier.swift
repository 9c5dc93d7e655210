import Foundation
import ReefMachine

/// Decides whether code does what a task wants: on a pool of small examples first, then on fresh
/// inputs at every check size, then on every input of a small domain.
///
/// Confined to one thread: it owns a machine, and keeps the oracle's answers for the next candidate.
package final class Verifier {
  package enum Outcome: Sendable {
    case right(Certificate, tests: [TestCase])
    /// Wrong, or ended in an error, on an input that is small enough to learn from.
    case wrong(Example)
    /// Not good enough, with the reason: wrong on a large input, a limit passed, too slow a growth.
    case rejected(reason: String)
  }

  private let reference: TaskReference
  private let standard: SkillTask.Standard
  private let seed: Int
  private let machine: Machine
  /// For small inputs, on which a program that does not end is found out cheaply.
  private let smallMachine = Machine(limits: Limits(fuel: 200_000, bytes: 1 << 24, depth: 5_000))
  private var batches: [Int: [Example]] = [:]
  private var everything: (size: Int, examples: [Example])??
  /// Examples of the task's small sizes; those that a learner starts from come first.
  package let examples: [Example]
  private let heldOut: [Example]

  /// What candidates cost that then passed a limit at the next size, or grew too fast.
  private var tooSlow: [Certificate.Check] = []

  /// Machine steps of all runs so far.
  package private(set) var stepsSpent = 0

  /// Whether the examples are all there is: a file of them.
  package let isFixed: Bool
  /// Whether a candidate that fits all examples was wrong on the held-out ones. There is no second
  /// choice: trying on until one is right would be learning from them.
  package private(set) var hasFailedHeldOut = false
  /// Whether the task answers about inputs that a learner invents.
  package let hasOracle: Bool

  /// Inputs of more scalars than this are no examples to learn from.
  package static let learnableScalars = 60
  static let poolSize = 120
  /// The most results of one certificate that are stored as tests, and the most scalars of one.
  static let storedTests = 24
  static let storedScalars = 500

  package init(
    _ reference: TaskReference, standard: Int, seed: Int,
    limits: Limits = Limits(fuel: 600_000_000, bytes: 1 << 30, depth: 2_000_000)
  ) throws {
    self.reference = reference
    self.standard = reference.task.standards[standard]
    self.seed = seed
    machine = Machine(limits: limits)
    let fixed = reference.plugin.fixedExamples(task: reference.task.name)
    isFixed = fixed != nil
    heldOut = (fixed?.heldOut ?? []).map { Example(input: $0.input, output: $0.output) }
    examples = try reference.trainingExamples(count: Verifier.poolSize, seed: seed)
    hasOracle = fixed == nil && examples.contains { $0.output != nil }
  }

  /// What the plugin's verifier says of one output; false where it gives no answer.
  package func isRight(input: [Value], output: Value) -> Bool {
    (try? reference.plugin.verify(task: reference.task.name, input: input, output: output))
      == .right
  }

  /// Checks code that has passed the type checker, linked with its parents.
  package func verify(_ image: Image) throws -> Outcome {
    var tests: [TestCase] = []
    let pool = try run(image, examples, on: smallMachine, keeping: &tests)
    if let failure = pool.failure { return failure }
    if isFixed { return try verifyHeldOut(image, tests: tests) }
    tests = Array(tests.prefix(Verifier.storedTests / 2))
    var checks: [Certificate.Check] = []
    for size in standard.checkSizes {
      let batch = try batch(size: size)
      let result = try run(
        image, batch, on: machine, fuel: fuel(size: size), keeping: &tests)
      if let failure = result.failure {
        if result.isOutOfFuel, let last = checks.last { tooSlow.append(last) }
        return failure
      }
      checks.append(
        .init(size: size, count: batch.count, steps: result.steps, wrong: result.wrong))
      if tooSlow.contains(where: { $0.size == size && result.steps * 5 >= $0.steps * 4 }) {
        return .rejected(reason: "as slow as one that passed a limit at a larger size")
      }
    }
    if let reason = excessiveGrowth(checks) {
      tooSlow.append(checks[checks.count - 2])
      return .rejected(reason: reason)
    }
    var method = Certificate.Method.sampled
    if let (size, examples) = try smallDomain() {
      let result = try run(image, examples, on: machine, keeping: &tests)
      if let failure = result.failure { return failure }
      if let largest = checks.last?.size, size >= largest { method = .exhaustive }
      checks.insert(
        .init(size: size, count: examples.count, steps: result.steps, wrong: result.wrong),
        at: checks.firstIndex { $0.size > size } ?? checks.count)
    }
    return .right(
      Certificate(method: method, seed: seed, checks: checks, tolerance: reference.task.tolerance),
      tests: Array(tests.prefix(Verifier.storedTests)))
  }

  private func excessiveGrowth(_ checks: [Certificate.Check]) -> String? {
    guard let growth = standard.growth, checks.count > 1 else { return nil }
    let small = checks[checks.count - 2]
    let large = checks[checks.count - 1]
    let exponent =
      log(Double(large.steps) / Double(max(1, small.steps)))
      / log(Double(large.size) / Double(small.size))
    guard exponent > growth else { return nil }
    let shown = (exponent * 100).rounded() / 100
    return "its steps grow like size^\(shown), more than size^\(growth)"
  }

  private func verifyHeldOut(_ image: Image, tests: [TestCase]) throws -> Outcome {
    var tests = tests
    let result = try run(image, heldOut, on: smallMachine, keeping: &tests)
    if result.failure != nil {
      hasFailedHeldOut = true
      return .rejected(reason: "wrong on the held-out examples")
    }
    return .right(
      Certificate(
        method: .heldOut, seed: seed,
        checks: [.init(size: 0, count: heldOut.count, steps: result.steps)],
        tolerance: reference.task.tolerance),
      tests: Array(tests.prefix(Verifier.storedTests)))
  }

  /// The steps that one input of `size` may take: all of the machine's up to size 1,000, 600 for
  /// each unit of size above, and at smaller sizes so much less that what grows like size^1.25
  /// still meets the largest one. So a candidate that grows too fast is found out early, where that
  /// is cheap.
  private func fuel(size: Int) -> Int {
    let largest = standard.checkSizes.max() ?? size
    let full =
      (1_001...1_000_000).contains(largest)
      ? min(machine.limits.fuel, 600 * largest) : machine.limits.fuel
    let share = pow(Double(size) / Double(largest), 1.25)
    return min(full, 100_000 + Int(Double(full) * share * 3))
  }

  /// Fresh inputs: another seed than the examples', fewer where they are large.
  private func batch(size: Int) throws -> [Example] {
    if let batch = batches[size] { return batch }
    // A share takes more of them to tell.
    let count = standard.accuracy < 1 ? 200 : size <= 64 ? 40 : 10
    let batch = try reference.freshExamples(size: size, count: count, seed: seed ^ 0x5EED_0000)
    batches[size] = batch
    return batch
  }

  /// All that the task answers up to a size; nil where it says nothing of that.
  private func smallDomain() throws -> (size: Int, examples: [Example])? {
    if case .some(let known) = everything { return known }
    let task = reference.task.name
    let found = try reference.plugin.smallDomain(task: task).map { domain in
      let outputs = try reference.plugin.expected(task: task, inputs: domain.inputs)
      return (
        domain.size,
        zip(domain.inputs, outputs).compactMap { input, output in
          output.map { Example(input: input, output: $0) }
        }
      )
    }
    everything = .some(found)
    return found
  }

  /// Runs the code on the examples until more go wrong than the standard's accuracy allows.
  ///
  /// - Returns: What went wrong then, the steps of the costliest run, and how many were wrong.
  private func run(
    _ image: Image, _ examples: [Example], on machine: Machine, fuel: Int? = nil,
    keeping tests: inout [TestCase]
  ) throws -> (failure: Outcome?, steps: Int, isOutOfFuel: Bool, wrong: Int) {
    var mostSteps = 0
    var wrongCount = 0
    let allowed = Int((1 - standard.accuracy) * Double(examples.count) + 1e-9)
    func failed(
      _ failure: Outcome, isOutOfFuel: Bool = false
    ) -> (failure: Outcome?, steps: Int, isOutOfFuel: Bool, wrong: Int) {
      (failure, mostSteps, isOutOfFuel, wrongCount)
    }
    func wrong(_ example: Example, _ reason: String) -> Outcome {
      example.input.scalarCount <= Verifier.learnableScalars
        ? .wrong(example) : .rejected(reason: reason)
    }
    for example in examples {
      let value: Value
      do {
        let run = try machine.run(image, example.input, fuel: fuel)
        value = run.value
        mostSteps = max(mostSteps, run.steps)
        stepsSpent += run.steps
      } catch let error as MachineError {
        switch error {
        case .fuel, .memory, .depth:
          stepsSpent += fuel ?? machine.limits.fuel
          // What does not end on a small input is wrong there, not slow.
          if machine === smallMachine { return failed(wrong(example, "\(error)")) }
          if case .fuel = error {
            return failed(.rejected(reason: "\(error)"), isOutOfFuel: true)
          }
          return failed(.rejected(reason: "\(error)"))
        default: return failed(wrong(example, "\(error)"))
        }
      }
      if let reason = try fault(in: value, for: example) {
        wrongCount += 1
        guard wrongCount <= allowed else { return failed(wrong(example, reason)) }
        continue
      }
      if example.input.scalarCount <= Verifier.storedScalars {
        tests.append(TestCase(input: example.input, output: value))
      }
    }
    return (nil, mostSteps, false, wrongCount)
  }

  /// Why the value is wrong, or nil where it is right.
  private func fault(in value: Value, for example: Example) throws -> String? {
    if let output = example.output {
      return value.matches(output, tolerance: reference.task.tolerance) ? nil : "expected \(output)"
    }
    switch try reference.plugin.verify(
      task: reference.task.name, input: example.input, output: value)
    {
    case .right: return nil
    case .wrong(let reason): return reason
    }
  }
}

extension [Value] {
  /// How many numbers and truth values they hold.
  package var scalarCount: Int { reduce(0) { $0 + $1.scalarCount } }
}

extension Value {
  /// How many numbers and truth values it holds; a constructor counts as one.
  package var scalarCount: Int {
    switch self {
    case .int, .bool, .real: 1
    case .made(let definition, _, let fields): (definition.isRecord ? 0 : 1) + fields.scalarCount
    case .list(let values): values.scalarCount
    case .pair(let first, let second): first.scalarCount + second.scalarCount
    }
  }
}
