import Foundation
import ReefMachine

/// One computation in every language. The peers make the arguments themselves.
struct MachineWorkload: Sendable {
  let name: String
  /// Skills with names in place of digests, those that are called first.
  let skills: [(name: String, text: String)]
  let arguments: [Value]
  /// Computed without the machine.
  let answer: Value
  /// Defines a function `work` that gives the answer.
  let python: String
  /// The same, for Lua 5.1 and later.
  let lua: String
  /// Defines the functions `prepare`, `work`, and `show`, which prints the answer as JSON.
  let c: String

  static let all = [counting, longAddition, bubbleSort, breadthFirst, fibonacci]

  /// The numbers of Park and Miller's generator, small enough for languages without ints.
  static func spread(_ count: Int) -> [Int] {
    var state = 1
    return (0..<count).map { _ in
      state = state * 16_807 % 2_147_483_647
      return state
    }
  }
}

/// A workload with its skills made.
struct LinkedWorkload: Library {
  let workload: MachineWorkload
  /// The one that is run.
  let skill: Skill
  let image: Image
  private let skillsByDigest: [Digest: Skill]

  init(_ workload: MachineWorkload) throws {
    var skills: [Digest: Skill] = [:]
    var digests: [String: Digest] = [:]
    var last: Skill?
    for (name, text) in workload.skills {
      let code = try SkillCode(naming: text) { digests[$0] }
      let skill = Skill(
        digest: code.digest, name: "bench.\(name)", version: 1, summary: "For a benchmark.",
        code: code, certificate: Certificate(method: .sampled, seed: 0, checks: [], tolerance: 0),
        provenance: Provenance(
          task: name, curriculum: "bench", generation: 0, learner: "none", seed: 0, searchSteps: 0,
          candidates: 0, pluginHash: ""))
      skills[code.digest] = skill
      digests[name] = code.digest
      last = skill
    }
    guard let last else { preconditionFailure("a workload has a skill") }
    self.workload = workload
    skill = last
    skillsByDigest = skills
    image = try Image(linking: last.code) { [skills] in skills[$0]?.code }
  }

  func skill(_ digest: Digest) -> Skill? { skillsByDigest[digest] }
  func skills() -> [Skill] { skillsByDigest.values.sorted { $0.name < $1.name } }
  func search(_ text: String, limit: Int) -> [Skill] { [] }

  /// The machine. The values cross into it and back outside the measured time, as a peer's do.
  var contestant: Contestant { Contestant("Reef", seconds: seconds) }

  private func seconds() throws -> Double {
    let machine = Machine(limits: Limits())
    let words = try zip(workload.arguments, image.parameterTypes).map {
      try machine.heap.word(of: $0, as: $1)
    }
    let argumentKinds = image.parameterTypes.map { Kind(of: $0) }
    let resultKind = Kind(of: image.resultType)
    var result: Word?
    let seconds = try processorTimes(of: Contestant.runs) {
      if let result { machine.heap.release(result, resultKind) }
      for (word, kind) in zip(words, argumentKinds) where kind == .reference {
        machine.heap.retain(word)
      }
      var fuel = Int.max
      result = try machine.run(image, words, fuel: &fuel)
    }.min()!
    let value = try result.map { try machine.heap.value(of: $0, as: image.resultType) }
    guard value == workload.answer else {
      throw WrongAnswer(
        workload: workload.name, found: value?.description ?? "nothing",
        expected: "\(workload.answer)")
    }
    return seconds
  }
}

/// What a peer printed: a time, then the answer.
struct TimedAnswer {
  let seconds: Double

  /// Throws where the answer is not the workload's.
  init(_ output: String, of workload: MachineWorkload, in peer: String) throws {
    let lines = output.split(separator: "\n", maxSplits: 1)
    let answer = lines.count == 2 ? try? JSON(parsing: String(lines[1])) : nil
    guard let seconds = lines.first.flatMap({ Double($0) }),
      answer?.text == workload.answer.json.text
    else {
      throw WrongAnswer(
        workload: "\(workload.name) in \(peer)", found: output, expected: "\(workload.answer)")
    }
    self.seconds = seconds
  }
}

/// The time that this thread's processor spends on `body`, in seconds: unlike the time of a clock it
/// does not count other work of the same machine.
func processorSeconds(of body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
  let start = now()
  try body()
  return now() - start
}

/// Such times of some runs after one to warm up.
func processorTimes(of runs: Int, _ body: () throws -> Void) rethrows -> [Double] {
  try body()
  return try (0..<runs).map { _ in try processorSeconds(of: body) }
}

/// The median of 11 such times.
func medianProcessorSeconds(_ body: () throws -> Void) rethrows -> Double {
  try processorTimes(of: 11, body).sorted()[5]
}
