import ReefMachine

/// Workloads of the machine beside the same computation in C and in scripting languages.
///
/// Each is a loop or a recursion that all of them have to go through step by step. Every peer times
/// itself, in time of the processor, so that no start-up, no reading of arguments and no other work of
/// the same machine counts, and shows its answer.
struct MachineBenchmark: Benchmark {
  let name = "machine"
  let summary = "time the machine on loops, lists and calls, beside C, python3, Lua and wasm3"

  func run(_ options: BenchOptions) throws -> [BenchRow] {
    let scripts = ScriptPeer.all.filter { peer in
      if peer.isInstalled { return true }
      options.note("\(peer.name) is not installed: there is no comparison with it.")
      return false
    }
    let compiler = CPeer.installed
    if compiler == nil {
      options.note("There is no C compiler: there is no comparison with C, nor of emitted C.")
    }
    let wasm = WasmPeer.installed
    if wasm == nil {
      options.note("wasm3 or a clang for it is not installed: there is no comparison with it.")
    }
    var rows: [BenchRow] = []
    for workload in try options.chosen(MachineWorkload.all, by: \.name) {
      let linked = try LinkedWorkload(workload)
      rows += try withBenchFolder { folder in
        var contestants = scripts.map { $0.contestant(workload) }
        if let wasm { contestants.append(try wasm.contestant(workload, in: folder)) }
        var compiled: [Contestant] = []
        if let compiler {
          compiled = [
            try compiler.byHand(workload, in: folder), try compiler.emitted(linked, in: folder),
          ]
        }
        return try compare(linked, with: contestants, compiled)
      }
    }
    return rows + (try startRows())
  }

  /// - Parameter compiled: C written by hand, then the skill written out in C; or none.
  private func compare(
    _ linked: LinkedWorkload, with peers: [Contestant], _ compiled: [Contestant]
  ) throws -> [BenchRow] {
    let name = linked.workload.name
    let least = try Contestant.leastSeconds([linked.contestant] + compiled + peers)
    func row(_ name: String, _ seconds: Double, _ peer: BenchRow.Peer? = nil) -> BenchRow {
      BenchRow(name: name, value: seconds * 1000, unit: "ms", peer: peer)
    }
    func row(beside peer: Contestant, _ seconds: Double) -> BenchRow {
      row(name, least[0], .init(name: peer.name, ratio: seconds / least[0]))
    }
    var rows: [BenchRow] = []
    if let byHand = compiled.first {
      rows = [
        row(beside: byHand, least[1]),
        row("\(name), emitted C", least[2], .init(name: byHand.name, ratio: least[1] / least[2])),
      ]
    }
    rows += zip(peers, least.suffix(peers.count)).map(row)
    return rows.isEmpty ? [row(name, least[0])] : rows
  }

  /// What it costs to begin and to end a run, with next to nothing between.
  private func startRows() throws -> [BenchRow] {
    let workload = try LinkedWorkload(
      MachineWorkload(
        name: "start of a run",
        skills: [("next", "skill (n: int) -> int\n  s0 = int.add n 1\n  return s0\n")],
        arguments: [.int(0)], answer: .int(1), python: "", lua: "", c: ""))
    let count = 100_000
    let machine = Machine()
    var words = 0
    let onWords = try processorTimes(of: 11) {
      words = 0
      for _ in 0..<count {
        var fuel = 1_000
        words = try withUnsafePointer(to: words) {
          try machine.run(workload.image, UnsafeBufferPointer(start: $0, count: 1), fuel: &fuel)
        }
      }
    }.min()!
    var value = Value.int(0)
    let onValues = try processorTimes(of: 11) {
      value = .int(0)
      for _ in 0..<count { value = try machine.run(workload.image, [value]).value }
    }.min()!
    guard words == count, value == .int(count) else {
      throw WrongAnswer(
        workload: workload.workload.name, found: "\(words) and \(value)", expected: "\(count)")
    }
    let nanoseconds = 1e9 / Double(count)
    return [
      BenchRow(name: "start of a run, on words", value: onWords * nanoseconds, unit: "ns"),
      BenchRow(name: "start of a run, on values", value: onValues * nanoseconds, unit: "ns"),
    ]
  }
}
