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
  try invocation.allowOne(of: ["calls", "actions", "state"])
  let trace = try Trace(invocation)
  if invocation.has("actions") {
    try trace.writeActions()
  } else if invocation.has("state") {
    try trace.writeStates()
  } else if invocation.console.isJSON {
    try trace.writeLines()
  } else {
    try trace.writeScratchpad()
  }
}

/// A run that is written down in one of four forms. All but the scratchpad are objects, one a line.
private struct Trace {
  let console: Console
  let target: Target
  let arguments: [JSON]
  /// A call of the target.
  let code: SkillCode
  let run: TracedRun
  /// The most lines.
  let limit: Int
  /// The most characters of a value on the scratchpad.
  let width: Int
  let onlyCalls: Bool

  init(_ invocation: Invocation) throws {
    console = invocation.console
    limit = try invocation.int("limit", in: 1...Int.max) ?? 1000
    width = try invocation.int("width", in: 1...1 << 30) ?? 48
    onlyCalls = invocation.has("calls")
    let limits = try invocation.limits()
    let mode = try invocation.mode()
    target = try Target(invocation.words[0], invocation)
    arguments = try target.arguments(from: invocation.words.dropFirst())
    let (code, values) = try target.call(with: arguments)
    self.code = code
    let image = try Image(linking: code, mode: mode, isTraced: true, library: target.codeOf)
    run = TracedRun(target: target, image: image, arguments: values, limits: limits)
  }

  func writeScratchpad() throws {
    let transcript = Transcript(onlyCalls: onlyCalls) { value throws(MachineError) in
      value.text(width: width)
    }
    let names = target.cachedNames(in: run.image)
    let (result, isCut) = try run.write(transcript, limit: limit) { line throws(Failure) in
      try console.print(line.text(names: names))
    }
    if isCut { try console.print("… (cut after \(counted(limit, "line")); '--limit' shows more)") }
    let (value, derivative) = try result.get()
    if isCut { try console.print("→ \(value)") }
    for row in try derivative.map(rows(of:)) ?? [] {
      for line in row.lines(width: width) { try console.print(line) }
    }
  }

  func writeLines() throws {
    let transcript = Transcript(onlyCalls: onlyCalls) { value throws(MachineError) in
      try value.value().json
    }
    let names = target.cachedNames(in: run.image)
    let (result, isCut) = try run.write(transcript, limit: limit) { line throws(Failure) in
      try console.print(line.json(names))
    }
    try console.print(end(result.get(), isCut))
  }

  func writeActions() throws {
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
  }

  func writeStates() throws {
    try console.print(["blocks": .array(run.image.blocks.map(\.json))])
    let (result, isCut) = try run.write(limit: limit) { event throws(MachineError) in
      [event.stateJSON]
    } last: {
      []
    } print: { line throws(Failure) in
      try console.print(line)
    }
    try console.print(end(result.get(), isCut))
  }

  /// The last line.
  private func end(
    _ result: (value: Value, derivative: Derivative?), _ isCut: Bool
  ) throws -> JSON {
    var members: [JSON.Member] = [.init("result", result.value.json), .init("cut", .bool(isCut))]
    if let derivative = result.derivative {
      members.append(.init("jacobian", .array(try rows(of: derivative).map(\.json))))
    }
    return .object(members)
  }

  /// By the arguments and by the skill's own weights; those come from a second run, which nothing
  /// follows.
  private func rows(of derivative: Derivative) throws -> [DerivativeRow] {
    let (own, _) = try target.instantiated(for: arguments)
    let weights = own.weights
    guard !weights.isEmpty else { return derivative.rows(code.signature.parameters, run.arguments) }
    let opened = own.openingWeights
    let all = run.arguments + weights.map(\.value)
    return try Machine(limits: run.limits).differentiate(
      try Image(linking: opened, mode: .jacobian, library: target.codeOf), all
    ).rows(opened.signature.parameters, all)
  }
}

extension Target {
  /// The names of atoms and skills, each looked up once.
  fileprivate func cachedNames(in image: Image) -> (Digest) -> String? {
    var known: [Digest: String] = [:]
    return { digest in
      if let name = known[digest] { return name }
      let name = image.atom(digest)?.name ?? nameOf(digest)
      known[digest] = name
      return name
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
