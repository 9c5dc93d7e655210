import ReefMachine

/// Workloads of the machine beside the same computation in scripting languages.
///
/// Each is a loop or a recursion that all of them have to go through step by step; a peer's script
/// times itself, so that no start-up counts.
struct MachineBenchmark: Benchmark {
  let name = "machine"
  let summary = "time the machine on loops, lists and calls, beside python3 and lua5.4"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    try MachineWorkload.all.flatMap { workload in
      let seconds = try workload.seconds()
      let row = { peer in
        BenchRow(name: workload.name, value: seconds * 1000, unit: "ms", peer: peer)
      }
      let peers = try ScriptPeer.installed.compactMap { peer -> BenchRow? in
        guard let script = workload.scripts[peer.name] else { return nil }
        let time = try peer.seconds(script, workload: workload)
        return row(.init(name: peer.name, ratio: time / seconds))
      }
      return peers.isEmpty ? [row(nil)] : peers
    }
  }
}

/// One computation in every language.
struct MachineWorkload: Sendable {
  let name: String
  /// Skills with names in place of digests, those that are called first.
  let skills: [(name: String, text: String)]
  let arguments: @Sendable () -> [Value]
  let answer: Value
  /// For each peer an expression of a program that sets `answer`.
  let scripts: [String: String]

  func seconds() throws -> Double {
    var library: [Digest: SkillCode] = [:]
    var digests: [String: Digest] = [:]
    for skill in skills {
      let code = try SkillCode(parsing: MachineWorkload.assemble(skill.text, digests))
      library[code.digest] = code
      digests[skill.name] = code.digest
    }
    guard let last = skills.last, let digest = digests[last.name], let code = library[digest] else {
      preconditionFailure("a workload has a skill")
    }
    let image = try Image(linking: code) { [library] in library[$0] }
    // The values cross into the machine and back outside the measured time, as a peer's do.
    let machine = Machine(limits: Limits())
    let words = try zip(arguments(), image.parameterTypes).map {
      try machine.heap.word(of: $0, as: $1)
    }
    let argumentKinds = image.parameterTypes.map { Kind(of: $0) }
    let resultKind = Kind(of: image.resultType)
    var result: Word?
    let seconds = try medianSeconds {
      if let result { machine.heap.release(result, resultKind) }
      for (word, kind) in zip(words, argumentKinds) where kind == .reference {
        machine.heap.retain(word)
      }
      var fuel = Int.max
      result = try machine.run(image, words, fuel: &fuel)
    }
    let value = try result.map { try machine.heap.value(of: $0, as: image.resultType) }
    guard value == answer else {
      throw WrongAnswer(
        workload: name, found: value?.description ?? "nothing", expected: "\(answer)")
    }
    return seconds
  }

  /// The text with the digest behind each name of an atom or of an earlier skill.
  private static func assemble(_ text: String, _ digests: [String: Digest]) -> String {
    var result = ""
    var word = ""
    for character in text + "\n" {
      if character.isLetter || character.isNumber || character == "." {
        word.append(character)
      } else {
        result += word
        if let digest = digests[word] ?? Atoms.named(word)?.digest { result += "#\(digest.hex)" }
        result.append(character)
        word = ""
      }
    }
    return String(result.dropLast())
  }
}
