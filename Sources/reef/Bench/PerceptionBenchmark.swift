import Foundation
import Perception
import ReefLearner
import ReefMachine
import ReefTasks

/// Reading digits, learned only from sums of two numbers, with the long addition of the library.
///
/// The skill that was learned reads pictures that it has not seen.
struct PerceptionBenchmark: Benchmark {
  let name = "perception"
  let summary = "learn to read digits from sums alone; the pictures of --data FILE, or drawn ones"

  private static let addition = "arithmetic.add"
  /// Digits of the numbers that are added, and how many sums.
  private static let sums = [(digits: 4, count: 1_000), (digits: 15, count: 500)]

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = try options.registry().skills()
    guard let addition = skills.last(where: { $0.name == PerceptionBenchmark.addition }) else {
      throw Failure.badInput(
        "nothingToMeasure",
        "The registry has no skill '\(PerceptionBenchmark.addition)', whose sums are learned from. "
          + "'reef grow curricula/perception.json' grows it.",
        hint: "reef grow curricula/perception.json")
    }
    let pictures = try pictures(options)
    let plugin = perceptionPlugin(of: pictures, name: "pictures")
    options.note("learning from sums of \(pictures.training.joined().count) pictures")
    let trial = LearningTrial(
      plugin.references[0], learners: [.gradient], stepBudget: options.steps ?? 1_000_000_000,
      seconds: options.seconds ?? 600, seed: options.seed)
    let outcome = try trial.run(with: TrialLibrary(skills))
    guard let solution = outcome.solution, let recognizer = solution.bodies.last else {
      throw WrongAnswer(workload: name, found: outcome.reason, expected: "a skill")
    }
    // The addition is the one that was there before, and nothing else tells of numbers.
    guard solution.code.callees.contains(addition.digest) else {
      throw WrongAnswer(
        workload: name, found: "a skill without it", expected: PerceptionBenchmark.addition)
    }
    var codes = Dictionary(
      skills.map { ($0.digest, $0.code) }, uniquingKeysWith: { first, _ in first })
    for body in solution.bodies { codes[body.digest] = body }
    let machine = Machine()
    let reading = try Image(linking: recognizer, library: { codes[$0] })
    var (right, all) = (0, 0)
    for (digit, some) in pictures.unseen.enumerated() {
      for picture in some {
        right += try machine.run(reading, [.reals(picture)]).value == .int(digit) ? 1 : 0
        all += 1
      }
    }
    var rows = [
      BenchRow(name: "time to learn", value: outcome.seconds, unit: "s"),
      BenchRow(
        name: "unseen digits that are read right", value: 100 * Double(right) / Double(all),
        unit: "% of \(all)"),
    ]
    let adding = try Image(linking: solution.code, library: { codes[$0] })
    for (digits, count) in PerceptionBenchmark.sums {
      options.note("sums of two numbers of \(digits) digits")
      let inputs = try plugin.generate(
        task: "add", size: digits, count: options.limit ?? count, seed: options.seed + 1_000)
      let answers = try plugin.expected(task: "add", inputs: inputs)
      let right = try zip(inputs, answers).count { try machine.run(adding, $0).value == $1 }
      rows.append(
        BenchRow(
          name: "sums of two numbers of \(digits) unseen digits that are right",
          value: 100 * Double(right) / Double(inputs.count), unit: "% of \(inputs.count)"))
    }
    return rows
  }

  /// Those of a file `[{"picture": [number,…], "digit": 7},…]`, shuffled, two thirds to learn from.
  private func pictures(_ options: BenchOptions) throws -> Pictures {
    guard let path = options.dataPath else { return .drawn }
    func failure(_ reason: String) -> Failure {
      .badInput("badPictures", "\(path): \(reason)", hint: "")
    }
    guard let data = FileManager.default.contents(atPath: path),
      let entries = try? JSON(parsing: String(decoding: data, as: UTF8.self)).array
    else { throw failure("the file is no JSON array of pictures.") }
    var pictures: [Pictures.Labelled] = []
    for (index, entry) in entries.enumerated() {
      let points = entry["picture"]?.array?.compactMap(\.double) ?? []
      guard !points.isEmpty, let digit = entry["digit"]?.int else {
        throw failure("entry \(index + 1) has no 'picture' or no 'digit'.")
      }
      pictures.append(.init(points: points, digit: digit))
    }
    var generator = SplitMix64(seed: options.seed)
    generator.shuffle(&pictures)
    guard let found = Pictures(pictures, trainingShare: 2.0 / 3) else {
      throw failure("each digit from 0 to 9 needs some pictures, all of one size.")
    }
    return found
  }
}
