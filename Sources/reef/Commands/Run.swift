import Foundation
import ReefMachine
import ReefTasks

extension Command {
  static let run = Command(
    path: ["run"],
    summary: "run a skill on JSON arguments",
    discussion: """
      Prints the result as JSON. An argument '-' is read from standard input, '@FILE' from a file.
      An atom, such as int.add, runs too. With --lines each line of standard input is a run, a JSON
      array of arguments, and a line is printed for it: its result, or {"error":…} and what ended it.
      """,
    parameters: [
      .skill,
      .init(name: "ARG", help: "a JSON value for each parameter of the skill", count: .any),
    ],
    options: [
      .init(name: "steps", help: "also tell how many machine steps the run took"),
      .init(name: "lines", help: "run it on each line of standard input"),
    ] + limitOptions,
    examples: [
      "reef run arithmetic.add '[9,9,9]' '[1]'",
      "reef run sorting.sort @numbers.json --steps",
      "reef plugin inputs arithmetic.add | reef run arithmetic.add --lines",
    ],
    run: runSkill)
}

extension Command {
  /// The limits of a run.
  static let limitOptions: [Option] = [
    .init(name: "fuel", value: "STEPS", help: "the most machine steps (10000000000)"),
    .init(name: "memory", value: "MIB", help: "the most memory, in MiB (1024)"),
    .init(name: "depth", value: "CALLS", help: "the most calls open at once (1000000)"),
  ]
}

private func runSkill(_ invocation: Invocation) throws {
  let machine = Machine(limits: try invocation.limits())
  let target = try Target(invocation.words[0], invocation)
  guard !invocation.has("lines") else { return try runLines(of: target, machine, invocation) }
  let json = try target.arguments(from: invocation.words.dropFirst())
  let (code, values) = try target.instantiated(for: json)
  let image = try Image(linking: code, library: target.codeOf)
  do {
    try invocation.print(try machine.run(image, values))
  } catch let error as MachineError {
    throw Failure(error, of: target.name, at: machine.failure.flatMap(target.describe))
  }
}

/// Runs the skill as a written-out skill does without arguments: an error is a line like a result.
private func runLines(of target: Target, _ machine: Machine, _ invocation: Invocation) throws {
  guard invocation.words.count == 1 else {
    throw Failure.usage("With --lines standard input holds all arguments.", invocation.command)
  }
  var linked: (code: SkillCode, image: Image)?
  while let line = readLine() {
    guard case .array(let json)? = try? JSON(parsing: line),
      json.count == target.signature.parameters.count,
      let (code, values) = try? target.instantiated(for: json)
    else {
      try invocation.console.print(["error": "badInput"])
      continue
    }
    // Where the skill has type variables, the arguments choose the code.
    let image =
      if let linked, linked.code == code { linked.image } else {
        try Image(linking: code, library: target.codeOf)
      }
    linked = (code, image)
    do {
      try invocation.print(try machine.run(image, values))
    } catch let error as MachineError {
      try invocation.console.print(["error": .string(error.code)])
    }
  }
}

extension Invocation {
  fileprivate func print(_ result: (value: Value, steps: Int)) throws {
    if has("steps"), console.isJSON {
      try console.print(["result": result.value.json, "steps": .int(result.steps)])
    } else {
      try console.print(result.value.json)
      if has("steps") { console.note(counted(result.steps, "machine step")) }
    }
  }
}

/// What `run` and `trace` run: an atom, or a skill of the registry.
struct Target {
  let name: String
  let signature: Signature
  /// Runs as it stands; nil for an atom.
  let code: SkillCode?
  let digest: Digest
  let codeOf: @Sendable (Digest) throws -> SkillCode?
  let nameOf: @Sendable (Digest) -> String?

  init(_ reference: String, _ invocation: Invocation) throws {
    switch try invocation.find(reference) {
    case .atom(let atom):
      name = atom.name
      signature = Signature(atom: atom.type)
      code = nil
      digest = atom.digest
      codeOf = { _ in nil }
      nameOf = { _ in nil }
    case .skill(let skill, let registry):
      name = skill.name
      signature = skill.signature
      code = skill.code
      digest = skill.digest
      codeOf = { try registry.skill($0)?.code }
      nameOf = SkillNames(library: registry).name
    }
  }

  /// `step s3 of arithmetic.scale`; nil for an atom, which has no steps.
  func describe(_ place: Place) -> String? {
    guard code != nil, let step = place.step else { return nil }
    guard let inner = place.skill else { return "step s\(step) of \(name)" }
    return "step s\(step) of \(nameOf(inner) ?? inner.short)"
  }

  /// The code to run for these arguments, and the arguments as values: the skill's own, or where
  /// it has type variables or is an atom, a call of it.
  func instantiated(for arguments: [JSON]) throws(Failure) -> (SkillCode, [Value]) {
    let (call, values) = try call(with: arguments)
    if let code, signature.result.isConcrete, signature.parameterTypes.allSatisfy(\.isConcrete) {
      return (code, values)
    }
    return (call, values)
  }

  /// Code of one step, which calls the skill, and the arguments as values: type variables become
  /// the types that the arguments suggest.
  func call(with arguments: [JSON]) throws(Failure) -> (SkillCode, [Value]) {
    let variables = TypeVariables(of: signature.parameterTypes, from: arguments)
    let parameters = signature.parameters.map {
      Signature.Parameter($0.name, variables.replaced(in: $0.type))
    }
    let concrete = Signature(
      parameters: parameters, result: variables.replaced(in: signature.result))
    var values: [Value] = []
    for (index, (parameter, argument)) in zip(parameters, arguments).enumerated() {
      guard parameter.type.isConcrete else {
        throw .badInput(
          "functionParameter",
          "'\(name)' cannot be run by itself: its parameter \(parameter.name) is a skill.",
          hint: "reef show \(name)")
      }
      do {
        values.append(try Value(json: argument, as: parameter.type))
      } catch {
        let reason = variables.describe(error, in: signature.parameterTypes[index])
        throw .badInput(
          "wrongType",
          "The argument '\(parameter.name)' of '\(name)': \(reason)\(reason.hasSuffix("?") ? "" : ".")",
          hint: "reef show \(name)")
      }
    }
    let call = SkillCode.Step(.skill(digest), parameters.indices.map { .slot($0) })
    return (
      SkillCode(signature: concrete, steps: [call], result: .slot(parameters.count)), values
    )
  }
}

extension Target {
  /// Reads words of the command line as JSON, each for its parameter.
  func arguments(from words: ArraySlice<String>) throws -> [JSON] {
    let parameters = signature.parameters
    guard words.count == parameters.count else {
      throw Failure.badInput(
        "wrongArgumentCount",
        "'\(name)' takes \(counted(parameters.count, "argument")), "
          + "\(signature), and was given \(words.count).",
        hint: "reef show \(name)")
    }
    guard words.filter({ $0 == "-" }).count <= 1 else {
      throw Failure(
        .usage, code: "twoStandardInputs",
        "Only one argument can be '-', standard input; '@FILE' reads another from a file.")
    }
    var values: [JSON] = []
    for (word, parameter) in zip(words, parameters) {
      let file = word == "-" ? word : word.hasPrefix("@") ? String(word.dropFirst()) : nil
      let text = try file.map {
        try utf8Text(readInput($0), path: $0 == "-" ? "standard input" : $0)
      }
      do {
        values.append(try JSON(parsing: text ?? word))
      } catch {
        throw Failure.badInput(
          "notJSON",
          "The argument '\(parameter.name)' of '\(name)' is no JSON: \(error.message) at "
            + "line \(error.line), column \(error.column); \(parameter.type) is wanted.",
          hint: "reef show \(name)")
      }
    }
    return values
  }
}

extension Invocation {
  /// The limits of a run, as the options set them.
  func limits() throws(Failure) -> Limits {
    var limits = Limits()
    if let fuel = try int("fuel", in: 1...Int.max) { limits.fuel = fuel }
    if let mebibytes = try int("memory", in: 1...1 << 20) { limits.bytes = mebibytes << 20 }
    if let depth = try int("depth", in: 1...Int.max) { limits.depth = depth }
    return limits
  }
}
