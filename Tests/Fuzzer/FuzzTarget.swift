import Foundation

/// What libFuzzer calls with a text: skills with empty lines between them, each of which may call the
/// ones before it as `h0`, `h1` and so on.
///
/// Whatever the text is, it is refused, or the last skill runs within its limits; with a trace, and with
/// its steps in normal order, it gives the same. `scripts/fuzz` compiles this into the machine's module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  guard let (code, library) = skills(text) else { return 0 }
  let again = try? SkillCode(parsing: code.text { _ in nil })
  precondition(again?.digest == code.digest, "the text is read in another way")
  guard let image = try? Image(linking: code, library: { library[$0] }),
    image.parameterTypes.allSatisfy({ $0.size < 20 })
  else { return 0 }
  guard let traced = try? Image(linking: code, isTraced: true, library: { library[$0] }),
    let normal = try? Image(linking: code.normalized(), library: { library[$0] })
  else { fatalError("linked in one way and not in another") }
  var random = RandomPrograms(seed: UInt64(count))
  for _ in 0..<2 {
    let input = image.parameterTypes.map { random.value($0) }
    guard let plain = outcome(image, input) else { continue }
    if let other = outcome(traced, input) {
      precondition(other.value == plain.value, "a trace changes a result")
      // A traced run remembers no calls, which changes its cost.
      let remembers = library.values.contains(where: \.isMemoised)
      precondition(remembers || other == plain, "a trace changes an error or a cost")
    }
    if let other = outcome(normal, input) {
      precondition(other.value == plain.value, "normal order changes a result")
    }
  }
  return 0
}

/// The last skill, and the code of all of them.
private func skills(_ text: String) -> (SkillCode, [Digest: SkillCode])? {
  var codes: [Digest: SkillCode] = [:]
  var names: [String: Digest] = [:]
  var last: SkillCode?
  for part in text.components(separatedBy: "\n\n").prefix(4) {
    guard let code = try? SkillCode(naming: part, { names[$0] }) else { return nil }
    names["h\(names.count)"] = code.digest
    codes[code.digest] = code
    last = code
  }
  return last.map { ($0, codes) }
}

private struct Outcome: Equatable {
  /// Nil where the run ended in an error.
  let value: Value?
  let error: MachineError?
  /// -1 where the run ended in an error.
  let steps: Int
}

/// What a run ended with; nil where that was a limit, which another form of the code may not meet.
private func outcome(_ image: Image, _ input: [Value]) -> Outcome? {
  let machine = Machine(limits: Limits(fuel: 20_000, bytes: 2 << 20, depth: 500))
  do {
    let run = try machine.run(image, input)
    precondition(run.value.conforms(to: image.resultType), "a result of another type")
    precondition(run.steps <= machine.limits.fuel, "more steps than the limit")
    return Outcome(value: run.value, error: nil, steps: run.steps)
  } catch let error as MachineError {
    // A limit is passed by no more than one atom's work.
    precondition(machine.heap.reservedBytes <= machine.limits.bytes + Heap.firstChunkBytes)
    switch error {
    case .fuel, .memory, .depth: return nil
    default: return Outcome(value: nil, error: error, steps: -1)
    }
  } catch {
    fatalError("an argument was refused: \(error)")
  }
}

/// Writes random programs for the fuzzer to begin with into the folder that REEF_SEEDS names.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  guard let folder = ProcessInfo.processInfo.environment["REEF_SEEDS"] else { return 0 }
  for seed in 0..<UInt64(400) {
    var programs = RandomPrograms(seed: seed, memoises: seed % 2 == 1)
    let root = programs.program(helpers: 3, steps: 1 + Int(seed) / 40)
    // A helper calls only those before it.
    var order: [SkillCode] = []
    func visit(_ code: SkillCode) {
      for callee in code.callees { if let helper = programs.codes[callee] { visit(helper) } }
      if !order.contains(code) { order.append(code) }
    }
    visit(root)
    let names = Dictionary(
      uniqueKeysWithValues: order.enumerated().map { ($1.digest, "h\($0)") })
    let text = order.map { code in
      code.text(digits: 1) { Atoms.with($0)?.name ?? names[$0] }
        .replacing(#/#[0-9a-f]/#, with: "").trimmingCharacters(in: .newlines)
    }.joined(separator: "\n\n")
    precondition(skills(text)?.0 == root, text)
    try! text.write(toFile: "\(folder)/\(seed)", atomically: false, encoding: .utf8)
  }
  return 0
}
