import ReefMachine
import ReefTasks
import ReefTensor

/// Learns to read: for a task that says of two lists of vectors what a skill of the library says of
/// two lists of ints, trains what tells an int from a vector. The skill stays as it is. Confined to
/// one thread.
struct RecognizerFitter: Fitter {
  /// The most examples that are learned from.
  private static let exampleCount = 4_000
  private static let starts = 3
  private static let maximumSymbols = 32

  private let problem: Problem
  private let library: FrozenLibrary
  private let budget: StepBudget
  private let seed: Int
  private let examples: (Int) throws -> [Example]
  private let isCancelled: () -> Bool

  /// - Parameters:
  ///   - problem: Its signature suits.
  ///   - examples: Up to so many, to learn from.
  init(
    _ problem: Problem, library: FrozenLibrary, stepBudget: Int, seed: Int,
    examples: @escaping (Int) throws -> [Example], isCancelled: @escaping () -> Bool
  ) {
    self.problem = problem
    self.library = library
    self.seed = seed
    self.examples = examples
    self.isCancelled = isCancelled
    budget = StepBudget(stepBudget)
  }

  /// Whether tasks of the signature take two lists of vectors and answer with ints.
  static func suits(_ signature: Signature) -> Bool {
    signature.parameterTypes == [.list(.list(.real)), .list(.list(.real))]
      && (signature.result == .int || signature.result == .list(.int))
  }

  /// A unit of the network applied to one vector, forwards and backwards, is a search step.
  var stepsSpent: Int { budget.spent }

  func run(check: Check<TaskSolver.Candidate>) throws -> FitOutcome {
    // Not begun where it could not be ended.
    let cost = Recognizer.Options().cost(symbols: RecognizerFitter.maximumSymbols)
    guard cost < budget.left else {
      budget.spend(budget.left)
      return .outOfSteps
    }
    let examples = try examples(RecognizerFitter.exampleCount).filter { $0.output != nil }
    if let flaw = examples.flaw(ofAnswers: false) { return .failed(reason: flaw) }
    let rows = examples.compactMap(Reading.init)
    guard let width = rows.first?.first.count, width > 0,
      rows.allSatisfy({ $0.first.count == width && $0.second.count == width })
    else {
      return .failed(
        reason: "there are no examples with one vector on either side, all of one length")
    }
    // What can be read are the ints that occur in the answers.
    let symbols = Set(rows.flatMap { $0.output.ints }).sorted()
    guard symbols.count > 1, symbols.count <= RecognizerFitter.maximumSymbols else {
      return .failed(
        reason: "the answers hold \(symbols.count) different ints, and can tell of 2 to "
          + "\(RecognizerFitter.maximumSymbols) symbols")
    }
    var reason = "no skill of the library gives such answers for any ints"
    for skill in library.visible {
      if isCancelled() { return .cancelled }
      guard let worlds = Worlds(skill, symbols: symbols, rows, library: library, budget: budget)
      else { continue }
      for start in 0..<RecognizerFitter.starts {
        let recognizer = Recognizer(
          vectors: rows.flatMap { [$0.first, $0.second] }, symbols: symbols.count,
          tables: worlds.tables, seed: seed + start)
        budget.spend(cost)
        if budget.isSpent { return .outOfSteps }
        do {
          guard let loss = try recognizer.train(worlds.examples, isCancelled: isCancelled) else {
            return .cancelled
          }
          guard loss < recognizer.sufficientLoss else {
            reason =
              "the answers of \(skill.name) cannot be learned: a loss of "
              + "\((loss * 100).rounded() / 100) is left"
            continue
          }
        } catch {
          reason = "\(error)"
          continue
        }
        let found = code(recognizer.weights, symbols: symbols, calling: skill)
        let (outcome, steps) = check(found)
        budget.spend(steps)
        if case .accepted = outcome { return .fitted(found) }
        reason = "what was learned is not right often enough on other inputs"
      }
    }
    return .failed(reason: reason)
  }

  // MARK: Code

  private static let parts = SkillCode.written([
    (
      "unit",
      """
      skill (w: [real], b: real, x: [real]) -> real
        s0 = list.map2 real.multiply w x
        s1 = list.fold real.add b s0
        return s1
      """
    ),
    (
      "layer",
      """
      skill (w: [[real]], b: [real], x: [real]) -> [real]
        s0 = list.map2 unit{x} w b
        return s0
      """
    ),
    // The number of the output that is largest.
    (
      "network",
      """
      skill (x: [real], w: [[real]], a: [real], v: [[real]], b: [real]) -> int
        s0 = layer w a x
        s1 = list.map real.max{0.0} s0
        s2 = layer v b s1
        s3 = list.first s2
        s4 = list.fold real.max s3 s2
        s5 = list.indexOf s2 s4
        return s5
      """
    ),
  ])

  private func code(
    _ weights: Recognizer.Weights, symbols: [Int], calling skill: Skill
  ) -> TaskSolver.Candidate {
    func matrix(_ name: String, _ rows: [[Double]]) -> SkillCode.Operand {
      .weight(Weight(name: name, shape: [rows.count, rows[0].count], rows.flatMap { $0 }))
    }
    func vector(_ name: String, _ values: [Double]) -> SkillCode.Operand {
      .weight(Weight(name: name, shape: [values.count], values))
    }
    let network = RecognizerFitter.parts[RecognizerFitter.parts.count - 1]
    var recognizer = SkillCode(
      signature: Signature(parameters: [.init("x", .list(.real))], result: .int),
      steps: [
        .init(
          .skill(network.digest),
          [
            .slot(0), matrix("hidden", weights.hidden), vector("hiddenBias", weights.hiddenBias),
            matrix("output", weights.output), vector("outputBias", weights.outputBias),
          ])
      ], result: .slot(1))
    if symbols != Array(0..<symbols.count) {
      recognizer.steps.append(
        .init(.atom(.listGet), [.constant(.ints(symbols)), .slot(1)]))
      recognizer.result = .slot(2)
    }
    let map = SkillCode.Callee.atom(.listMap)
    let reading = SkillCode.Operand.function(.skill(recognizer.digest), captures: [])
    let code = SkillCode(
      signature: problem.signature,
      steps: [
        .init(map, [reading, .slot(0)]), .init(map, [reading, .slot(1)]),
        .init(.skill(skill.digest), [.slot(2), .slot(3)]),
      ], result: .slot(4))
    // The recognizer is the last of them.
    return .init(code: code, bodies: RecognizerFitter.parts + [recognizer])
  }
}

/// An example with one vector on either side.
private struct Reading {
  let first, second: [Double]
  let output: Value

  init?(_ example: Example) {
    guard example.input.count == 2, let first = example.input[0].list, first.count == 1,
      let second = example.input[1].list, second.count == 1, let output = example.output
    else { return nil }
    self.first = first[0].reals
    self.second = second[0].reals
    self.output = output
  }
}

/// What each example allows its two vectors to stand for, if a skill made its answer.
private struct Worlds {
  /// For each different answer.
  let tables: [[Float]]
  let examples: [Recognizer.Example]

  /// Nil where the skill takes something else, or an answer is none of its.
  init?(
    _ skill: Skill, symbols: [Int], _ rows: [Reading], library: FrozenLibrary, budget: StepBudget
  ) {
    guard skill.signature.parameterTypes == [.list(.int), .list(.int)],
      let image = try? Image(linking: skill.code, library: { library.code($0) })
    else { return nil }
    let machine = Machine(limits: Limits(fuel: 100_000, bytes: 1 << 24, depth: 1_000))
    var tables: [Value: [Float]] = [:]
    for (i, first) in symbols.enumerated() {
      for (j, second) in symbols.enumerated() {
        guard let run = try? machine.run(image, [.ints([first]), .ints([second])]) else {
          budget.spend(1)
          continue
        }
        budget.spend(run.steps)
        let empty = [Float](repeating: 0, count: symbols.count * symbols.count)
        tables[run.value, default: empty][i * symbols.count + j] = 1
      }
    }
    var numbers: [Value: Int] = [:]
    var used: [[Float]] = []
    var examples: [Recognizer.Example] = []
    for (index, row) in rows.enumerated() {
      guard let table = tables[row.output] else { return nil }
      if numbers[row.output] == nil {
        numbers[row.output] = used.count
        used.append(table)
      }
      examples.append(
        .init(first: 2 * index, second: 2 * index + 1, possible: numbers[row.output]!))
    }
    self.tables = used
    self.examples = examples
  }
}

extension Value {
  /// The ints in it.
  fileprivate var ints: [Int] {
    switch self {
    case .int(let int): [int]
    case .list(let values): values.flatMap(\.ints)
    case .pair(let first, let second): first.ints + second.ints
    case .made(_, _, let fields): fields.flatMap(\.ints)
    case .bool, .real: []
    }
  }
}
