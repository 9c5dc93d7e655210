import ReefMachine

/// What `reef plugin check` does: finds out whether a plugin's tasks keep their promises.
///
/// A learner believes a plugin, so that a plugin that contradicts itself wastes a search, and a
/// verifier that accepts everything lets wrong skills in.
package struct PluginCheck: Sendable {
  private let seed: Int
  private let count: Int

  /// - Parameter count: How many inputs are tried at each train size.
  package init(seed: Int = 1, count: Int = 10) {
    precondition(count > 0)
    self.seed = seed
    self.count = count
  }

  /// One thing that was looked at.
  package struct Finding: Hashable, Sendable, CustomStringConvertible {
    package let isProblem: Bool
    /// A clause without a full stop.
    package let text: String

    package var description: String { (isProblem ? "problem: " : "ok: ") + text }
  }

  package struct TaskReport: Hashable, Sendable {
    /// With the plugin: `demo.double`.
    package let task: String
    package let findings: [Finding]

    /// The first problem; nil for a sound task.
    package var problem: String? { findings.first(where: \.isProblem)?.text }
  }

  /// One report for each of the plugin's tasks, in its order.
  package func check(_ plugin: any TaskPlugin) -> [TaskReport] { plugin.references.map(check) }

  /// Ends at the first problem that makes later questions senseless.
  package func check(_ reference: TaskReference) -> TaskReport {
    var inspection = Inspection(reference: reference, seed: seed, count: count)
    do {
      try inspection.run()
    } catch let stop as Inspection.Stop {
      inspection.findings.append(Finding(isProblem: true, text: stop.problem))
    } catch {
      inspection.findings.append(Finding(isProblem: true, text: "\(error)"))
    }
    return TaskReport(task: reference.fullName, findings: inspection.findings)
  }
}

/// One task under inspection.
private struct Inspection {
  /// A problem after which nothing else can be asked.
  struct Stop: Error {
    let problem: String
    init(_ problem: String) { self.problem = problem }
  }

  let reference: TaskReference
  let seed: Int
  let count: Int
  var findings: [PluginCheck.Finding] = []

  private var task: SkillTask { reference.task }
  private var plugin: any TaskPlugin { reference.plugin }

  mutating func ok(_ text: String) { findings.append(.init(isProblem: false, text: text)) }
  mutating func problem(_ text: String) { findings.append(.init(isProblem: true, text: text)) }

  mutating func run() throws {
    if let problem = TaskReference.problem(ofName: reference.fullName) { throw Stop(problem) }
    if let fixed = plugin.fixedExamples(task: task.name) {
      try inspect(fixed)
    } else {
      if task.summary.allSatisfy(\.isWhitespace) {
        problem("it has no summary, by which people and searches find a skill")
      }
      let inputs = try inspectGenerator()
      try inspectAnswers(inputs)
      try inspectCheckSizes()
    }
  }

  // MARK: Files of examples

  private mutating func inspect(_ fixed: FixedExamples) throws {
    let all = fixed.train + fixed.heldOut
    var numbers: [[Value]: Int] = [:]
    for (index, example) in all.enumerated() {
      guard let earlier = numbers.updateValue(index, forKey: example.input) else { continue }
      guard all[earlier].output == example.output else {
        throw Stop(
          "examples \(earlier + 1) and \(index + 1) have the same input and different outputs")
      }
    }
    ok("\(fixed.train.count) examples to learn from, \(fixed.heldOut.count) held out")
    if fixed.heldOut.isEmpty {
      ok("with none held out, nothing will show whether a skill does more than fit its examples")
    }
  }

  // MARK: Generators

  private mutating func inspectGenerator() throws -> [[Value]] {
    var all: [[Value]] = []
    for size in task.trainSizes {
      let inputs = try generate(size: size, count: count)
      guard try generate(size: size, count: count) == inputs else {
        throw Stop("asked twice for size \(size) and seed \(seed), the generator differs")
      }
      guard try generate(size: size, count: 2 * count).starts(with: inputs) else {
        throw Stop(
          "\(2 * count) inputs of size \(size) do not begin with the \(count) that it gave before")
      }
      all += inputs
    }
    guard Set(all).count > 1 else {
      throw Stop("the generator gives only one input at the train sizes \(list(task.trainSizes))")
    }
    ok(
      "the generator repeats itself for the same seed, at the train sizes \(list(task.trainSizes))")
    return all
  }

  private func generate(size: Int, count: Int) throws -> [[Value]] {
    let inputs = try plugin.generate(task: task.name, size: size, count: count, seed: seed)
    guard inputs.count == count else {
      throw Stop("asked for \(count) inputs of size \(size), the generator gave \(inputs.count)")
    }
    let types = task.signature.parameterTypes
    for input in inputs
    where input.count != types.count || !zip(input, types).allSatisfy({ $0.conforms(to: $1) }) {
      throw Stop("the input \(short(input)) of size \(size) does not fit \(task.signature)")
    }
    return inputs
  }

  // MARK: Oracles and verifiers

  private mutating func inspectAnswers(_ inputs: [[Value]]) throws {
    guard let outputs = try answers(to: inputs) else {
      return try inspectVerifierAlone(inputs)
    }
    guard try answers(to: inputs) == outputs else {
      throw Stop("asked twice for the same outputs, the oracle differs")
    }
    ok(
      "an expected output for each of \(inputs.count) inputs, all of type \(task.signature.result)")
    if Set(outputs).count == 1 {
      problem("every expected output is \(short([outputs[0]])): a constant would pass")
    }
    for (input, output) in zip(inputs, outputs) { try requireAccepted(input, output) }
    ok("its verifier accepts every expected output")
    try inspectMutants(Array(zip(inputs, outputs)))
  }

  /// The oracle's answers; nil where there is no oracle.
  private func answers(to inputs: [[Value]]) throws -> [Value]? {
    let outputs: [Value?]
    do {
      outputs = try plugin.expected(task: task.name, inputs: inputs)
    } catch TaskError.noOracle {
      return nil
    }
    return try zip(inputs, outputs).map { input, output in
      guard let output else {
        throw Stop("the generated input \(short(input)) is outside the oracle's domain")
      }
      guard output.conforms(to: task.signature.result) else {
        throw Stop("the expected output \(short([output])) is no \(task.signature.result)")
      }
      return output
    }
  }

  private func requireAccepted(_ input: [Value], _ output: Value) throws {
    if case .wrong(let reason) = try plugin.verify(task: task.name, input: input, output: output) {
      throw Stop(
        "its verifier refuses its own expected output \(short([output])) "
          + "for \(short(input)): \(reason)")
    }
  }

  private func isAccepted(_ input: [Value], _ output: Value) throws -> Bool {
    try plugin.verify(task: task.name, input: input, output: output) == .right
  }

  private mutating func inspectMutants(_ examples: [([Value], Value)]) throws {
    var generator = SplitMix64(seed: seed)
    var rejected = 0
    for (input, output) in examples {
      let mutant = output.mutated(
        as: task.signature.result, tolerance: task.tolerance, using: &generator)
      if try !isAccepted(input, mutant) { rejected += 1 }
    }
    if rejected == 0 {
      problem("its verifier accepts every output that was changed in one place")
    } else {
      ok("its verifier rejects \(rejected) of \(examples.count) outputs changed in one place")
    }
  }

  /// Without an oracle there is no right answer to change: a sound verifier still refuses most of
  /// a handful of arbitrary outputs.
  private mutating func inspectVerifierAlone(_ inputs: [[Value]]) throws {
    var generator = SplitMix64(seed: seed)
    var rejected = 0
    for input in inputs {
      let zero = Value.zero(of: task.signature.result)
      let output = zero.mutated(
        as: task.signature.result, tolerance: task.tolerance, using: &generator)
      for output in [zero, output] where try !isAccepted(input, output) { rejected += 1 }
    }
    ok("only a verifier: learners that need expected outputs leave the task out")
    if rejected == 0 {
      problem("its verifier accepts every output that it was asked about")
    } else {
      ok("its verifier rejects \(rejected) of \(2 * inputs.count) arbitrary outputs")
    }
  }

  // MARK: Check sizes

  private mutating func inspectCheckSizes() throws {
    let sizes = Set(task.standards.flatMap(\.checkSizes)).sorted()
    for size in sizes {
      let inputs = try generate(size: size, count: 2)
      guard let outputs = try answers(to: inputs) else { continue }
      for (input, output) in zip(inputs, outputs) { try requireAccepted(input, output) }
    }
    ok("it answers at the check sizes \(list(sizes))")
  }

  // MARK: Text

  private func list(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: ", ") }

  /// Values as JSON, cut to what fits a line.
  private func short(_ values: [Value]) -> String {
    let text = values.map(\.description).joined(separator: ", ")
    return text.count > 60 ? text.prefix(57) + "..." : text
  }
}
