import ReefMachine
import ReefRegistry
import ReefTasks

/// Skills without sense, of which every one is another.
struct BenchLibrary {
  let seed: Int

  private static let signature = Signature(parameters: [.init("x", .int)], result: .int)

  /// - Parameter constant: What it adds first; nil where its parents alone tell it from all others.
  private func skill(
    _ name: String, _ summary: String, calling parents: [Digest], constant: Int?,
    tests: [TestCase] = []
  ) -> NewSkill {
    var steps: [SkillCode.Step] = []
    if let constant {
      steps.append(.init(.atom(.intAdd), [.slot(0), .constant(.int(constant))]))
    }
    for parent in parents { steps.append(.init(.skill(parent), [.slot(steps.count)])) }
    return NewSkill(
      name: name, summary: summary,
      code: SkillCode(
        signature: BenchLibrary.signature, steps: steps, result: .slot(steps.count)),
      tests: tests,
      certificate: Certificate(method: .sampled, seed: seed, checks: [], tolerance: 0),
      provenance: Provenance(
        task: name, curriculum: "bench", generation: 1, learner: "none", seed: seed,
        searchSteps: 0, candidates: 0, pluginHash: ""))
  }

  /// Three skills for others to call.
  func parents() throws -> [NewSkill] {
    (0..<3).map { skill("bench.parent\($0)", "A parent.", calling: [], constant: -1 - $0) }
  }

  /// Versions of one name, each with test data of 24 KB.
  func large(calling parents: [NewSkill], count: Int) throws -> [NewSkill] {
    var random = SplitMix64(seed: UInt64(seed))
    return (0..<count).map { index in
      let tests = (0..<470).map { _ in
        TestCase(
          input: [.int(random.int(in: 0...1_000_000_000_000_000))],
          output: .int(random.int(in: 0...1_000_000_000_000_000)))
      }
      return skill(
        "bench.large", "The number plus the constant of version \(index).",
        calling: parents.map(\.digest), constant: index, tests: tests)
    }
  }

  func name(_ index: Int) -> String { "bench.skill\(index)" }

  /// Every skill calls three before it: the first tenth of the library is one large whole, the rest is
  /// in wholes of 1,000.
  func fill(_ registry: Registry, count: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var digests: [Digest] = []
    var batch: [NewSkill] = []
    for index in 0..<count {
      let start = index < count / 10 ? 0 : index - (index - count / 10) % 1_000
      // The one before, so that nothing of a whole is left out, and two of the last twenty.
      var parents = index > start ? [index - 1] : []
      while parents.count < min(3, index - start) {
        let parent = index - 1 - random.int(in: 0...min(19, index - start - 1))
        if !parents.contains(parent) { parents.append(parent) }
      }
      let new = skill(
        name(index), "A common summary, number \(index).", calling: parents.map { digests[$0] },
        constant: parents.isEmpty ? index : nil)
      digests.append(new.digest)
      batch.append(new)
      if batch.count == 1_000 || index == count - 1 {
        _ = try registry.register(batch)
        batch = []
      }
    }
  }

  /// A whole of 1,000 skills and the one of a tenth of the library: the skills at both ends, and how
  /// many lie between.
  func wholes(
    of count: Int
  ) -> (
    small: (top: String, bottom: String, size: Int), large: (top: String, bottom: String, size: Int)
  ) {
    let start = count / 10
    let end = min(count, start + 1_000)
    return (
      (name(end - 1), name(start), end - start - 1), (name(start - 1), name(0), start - 1)
    )
  }
}
