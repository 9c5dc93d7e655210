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
    for workload in options.limited(MachineWorkload.all) {
      let linked = try LinkedWorkload(workload)
      let seconds = try linked.seconds()
      let row = { (peer: BenchRow.Peer?) in
        BenchRow(name: workload.name, value: seconds * 1000, unit: "ms", peer: peer)
      }
      var peers: [BenchRow] = []
      if let compiler {
        let byHand = try compiler.seconds(workload)
        let emitted = try compiler.emittedSeconds(linked)
        peers.append(row(.init(name: "C -O2", ratio: byHand / seconds)))
        peers.append(
          BenchRow(
            name: "\(workload.name), emitted C", value: emitted * 1000, unit: "ms",
            peer: .init(name: "C -O2", ratio: byHand / emitted)))
      }
      for peer in scripts {
        peers.append(row(.init(name: peer.name, ratio: try peer.seconds(workload) / seconds)))
      }
      if let wasm {
        peers.append(row(.init(name: wasm.name, ratio: try wasm.seconds(workload) / seconds)))
      }
      rows += peers.isEmpty ? [row(nil)] : peers
    }
    return rows + (try startRows())
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
    let onWords = try medianProcessorSeconds {
      words = 0
      for _ in 0..<count {
        var fuel = 1_000
        words = try withUnsafePointer(to: words) {
          try machine.run(workload.image, UnsafeBufferPointer(start: $0, count: 1), fuel: &fuel)
        }
      }
    }
    var value = Value.int(0)
    let onValues = try medianProcessorSeconds {
      value = .int(0)
      for _ in 0..<count { value = try machine.run(workload.image, [value]).value }
    }
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
