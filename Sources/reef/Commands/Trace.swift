import ReefMachine

extension Command {
  static let trace = Command(
    path: ["trace"],
    summary: "run a skill and write down every step, as on a scratchpad",
    discussion: """
      Each line is one application: what it read, and after the arrow its result. Steps inside a
      skill, an arm of a branch or a loop are indented; a round of a fold or a scan reads the carry
      first. Long values are cut. The result is that of 'reef run'. In the mode 'jacobian' the derivatives
      of the result's reals by the arguments' and by the skill's own weights follow it.
      """,
    parameters: [
      .skill,
      .init(name: "ARG", help: "a JSON value for each parameter of the skill", count: .any),
    ],
    options: [
      .init(name: "calls", help: "only calls of skills, not what atoms do"),
      .init(name: "actions", help: "actions as JSON, one a line, with what they read and wrote"),
      .init(name: "state", help: "the machine's state at each moment as JSON, one a line"),
      .init(name: "mode", value: "CODE", help: "the code that runs, output (default) or jacobian"),
      .init(name: "limit", value: "LINES", help: "the most lines (1000); the run goes on unseen"),
      .init(name: "width", value: "CHARS", help: "the most characters of a value (48)"),
    ] + limitOptions,
    examples: [
      "reef trace arithmetic.add '[9,9,9]' '[1]'",
      "reef trace sorting.sort @numbers.json --calls --limit 50",
      "reef trace linear.dot '[1,2]' '[3,4]' --mode jacobian",
    ],
    run: runTrace)
}

private func runTrace(_ invocation: Invocation) throws {
  let limits = try invocation.limits()
  let limit = try invocation.int("limit", in: 1...Int.max) ?? 1000
  let width = try invocation.int("width", in: 1...1 << 30) ?? 48
  let target = try Target(invocation.words[0], invocation)
  let arguments = try target.arguments(from: invocation.words.dropFirst())
  let (code, values) = try target.call(with: arguments)
  let image = try Image(
    linking: code, mode: try invocation.mode(), isTraced: true, library: target.codeOf)
  var known: [Digest: String] = [:]
  let names = { (digest: Digest) -> String? in
    if let name = known[digest] { return name }
    let name = Atoms.with(digest)?.name ?? target.nameOf(digest)
    known[digest] = name
    return name
  }
  let console = invocation.console
  let onlyCalls = invocation.has("calls")
  let run = TracedRun(target: target, image: image, arguments: values, limits: limits)
  /// By the arguments and by the skill's own weights; those come from a second run, which nothing
  /// follows.
  func rows(_ derivative: Derivative?) throws -> [DerivativeRow]? {
    guard let derivative else { return nil }
    let (own, _) = try target.instantiated(for: arguments)
    let weights = own.weights
    guard !weights.isEmpty else { return derivative.rows(code.signature.parameters, values) }
    let opened = own.openingWeights
    let all = values + weights.map(\.value)
    return try Machine(limits: limits).differentiate(
      try Image(linking: opened, mode: .jacobian, library: target.codeOf), all
    ).rows(opened.signature.parameters, all)
  }
  func end(_ result: (value: Value, derivative: Derivative?), _ isCut: Bool) throws -> JSON {
    var members: [JSON.Member] = [.init("result", result.value.json), .init("cut", .bool(isCut))]
    if let rows = try rows(result.derivative) {
      members.append(.init("jacobian", .array(rows.map(\.json))))
    }
    return .object(members)
  }
  if invocation.has("actions") {
    var recorder = ActionRecorder(code, codeOf: target.codeOf) { value throws(MachineError) in
      try value.value().json
    }
    let (result, isCut) = try run.write(limit: limit) { event throws(MachineError) in
      try recorder.actions(after: event)
    } last: {
      []
    } print: { executed throws(Failure) in
      try console.print(executed.json)
    }
    let end = try end(result.get(), isCut)
    if !isCut { try console.print(ActionRecorder<JSON>.halt.json) }
    try console.print(end)
  } else if invocation.has("state") {
    try console.print(["blocks": .array(image.blocks.map(\.json))])
    let (result, isCut) = try run.write(limit: limit) { event throws(MachineError) in
      [event.stateJSON]
    } last: {
      []
    } print: { line throws(Failure) in
      try console.print(line)
    }
    try console.print(end(result.get(), isCut))
  } else if console.isJSON {
    let transcript = Transcript(onlyCalls: onlyCalls) { value throws(MachineError) in
      try value.value().json
    }
    let (result, isCut) = try run.write(transcript, limit: limit) { line throws(Failure) in
      try console.print(line.json(names))
    }
    try console.print(end(result.get(), isCut))
  } else {
    let transcript = Transcript(onlyCalls: onlyCalls) { value throws(MachineError) in
      value.text(width: width)
    }
    let (result, isCut) = try run.write(transcript, limit: limit) { line throws(Failure) in
      try console.print(line.text(names: names))
    }
    if isCut { try console.print("… (cut after \(counted(limit, "line")); '--limit' shows more)") }
    let (value, derivative) = try result.get()
    if isCut { try console.print("→ \(value)") }
    for row in try rows(derivative) ?? [] {
      for line in row.lines(width: width) { try console.print(line) }
    }
  }
}

extension Invocation {
  fileprivate func mode() throws(Failure) -> Image.Mode {
    guard let text = value("mode") else { return .output }
    guard let mode = Image.Mode(rawValue: text) else {
      throw .usage("--mode takes 'output' or 'jacobian', not '\(text)'.", command)
    }
    return mode
  }
}

/// A run that is followed and written down.
private struct TracedRun {
  let target: Target
  let image: Image
  let arguments: [Value]
  let limits: Limits

  /// Writes the lines of the run, and gives how it ended.
  ///
  /// - Parameter limit: After how many lines nothing is written any more.
  /// - Throws: ``Failure`` where a line cannot be written.
  func write<Shown>(
    _ transcript: Transcript<Shown>, limit: Int,
    print: @escaping (Transcript<Shown>.Line) throws(Failure) -> Void
  ) throws(Failure) -> (result: Result<(Value, Derivative?), any Error>, isCut: Bool) {
    var transcript = transcript
    return try write(limit: limit) { event throws(MachineError) in
      try transcript.lines(after: event)
    } last: {
      transcript.takePending()
    } print: { line throws(Failure) in
      try print(line)
    }
  }

  /// Writes what becomes of the events, and gives how the run ended.
  ///
  /// - Parameters:
  ///   - limit: After how many lines nothing is written any more.
  ///   - lines: The lines that an event completes.
  ///   - last: The lines that the end of the run completes.
  /// - Throws: ``Failure`` where a line cannot be written.
  func write<Line>(
    limit: Int, _ lines: @escaping (TraceEvent) throws(MachineError) -> [Line], last: () -> [Line],
    print: @escaping (Line) throws(Failure) -> Void
  ) throws(Failure) -> (result: Result<(Value, Derivative?), any Error>, isCut: Bool) {
    var written = 0
    var isCut = false
    var unwritable: Failure?
    func write(_ lines: [Line]) {
      for line in lines where unwritable == nil && !isCut {
        if written == limit {
          isCut = true
          return
        }
        do { try print(line) } catch { unwritable = error }
        written += 1
      }
    }
    let machine = Machine(limits: limits)
    let observe: TraceObserver = { event throws(MachineError) in
      write(try lines(event))
      return unwritable == nil && !isCut && !Console.readerHasLeft.load(ordering: .relaxed)
    }
    let result: Result<(Value, Derivative?), any Error> = Result {
      if image.mode == .jacobian {
        let derivative = try machine.differentiate(image, arguments, observe: observe)
        return (derivative.value, derivative)
      }
      return (try machine.trace(image, arguments, observe: observe).value, nil)
    }
    write(last())
    if let unwritable { throw unwritable }
    return (result.mapError { failure(of: machine, $0) }, isCut)
  }

  private func failure(of machine: Machine, _ error: any Error) -> any Error {
    guard let error = error as? MachineError else { return error }
    // The call around the skill is no place in it.
    let place = machine.failure.flatMap { $0.skill == nil ? nil : target.describe($0) }
    return Failure(error, of: target.name, at: place)
  }
}

extension Transcript.Line where Shown == JSON {
  /// One object: an application without `result` goes on in the lines that follow, one without
  /// `operands` ends there.
  fileprivate func json(_ names: (Digest) -> String?) -> JSON {
    func skill(_ digest: Digest?) -> [JSON.Member] {
      guard let digest else { return [] }
      return [
        .init("skill", names(digest).map { .string($0) } ?? .null),
        .init("digest", .string(digest.hex)),
      ]
    }
    func shown(_ operand: Transcript.Operand) -> JSON {
      switch operand {
      case .value(let value): value
      case .skill(let callee, let captures):
        .object(skill(callee) + [.init("captures", .array(captures.map(shown)))])
      }
    }
    var members: [JSON.Member] = [.init("depth", .int(depth))]
    switch place {
    case .call: break
    case .step(let step): members.append(.init("step", .int(step)))
    case .round(let number): members.append(.init("round", .int(number)))
    case .test(let number): members.append(.init("test", .int(number)))
    }
    members += skill(callee)
    if let operands { members.append(.init("operands", .array(operands.map(shown)))) }
    if let result { members.append(.init("result", result)) }
    return .object(members)
  }
}

extension ActionRecorder.Executed where Shown == JSON {
  fileprivate var json: JSON {
    var members = action.json.members ?? []
    members.append(.init("reads", .array(read)))
    if let written { members.append(.init("writes", written)) }
    return .object(members)
  }
}

extension SkillBlock {
  fileprivate var json: JSON {
    [
      "skill": skill.map { .string($0.hex) } ?? .null,
      "lines": [.int(lines.lowerBound), .int(lines.upperBound)], "registers": .int(registers),
    ]
  }
}

extension TraceEvent {
  /// The state, with what is about to be applied or has just been.
  fileprivate var stateJSON: JSON {
    let moment: String =
      switch moment {
      case .begins: "begins"
      case .ends: "ends"
      }
    let members = state().json.members ?? []
    return .object(
      [.init(moment, callee.map { .string($0.hex) } ?? .null)] + members)
  }
}
