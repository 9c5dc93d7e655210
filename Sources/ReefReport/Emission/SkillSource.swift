import ReefMachine

/// A language that skills are written out in.
public enum SourceLanguage: String, CaseIterable, Sendable {
  case swift, c, python

  fileprivate var program: any EmittedProgram.Type {
    switch self {
    case .c: CProgram.self
    case .swift: SwiftProgram.self
    case .python: PythonProgram.self
    }
  }

  /// How to make a program of the file, for its first comment.
  fileprivate func usage(_ name: String) -> [String] {
    switch self {
    case .c: ["cc -O2 -ffp-contract=off -o \(name) \(name).c", "./\(name)"]
    case .swift: ["swiftc -O -o \(name) \(name).swift", "./\(name)"]
    case .python: ["python3 \(name).py"]
    }
  }
}

/// Why a skill cannot be written out.
public enum SourceError: Error, Hashable, Sendable {
  /// The skill of that name is memoised: no written-out program remembers calls.
  case memoised(String)
  /// Two types of that name are declared in it and in what it calls.
  case sameName(String)
}

extension SourceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .memoised(let name):
      "'\(name)' remembers its calls, which only the machine does; it cannot be written out."
    case .sameName(let name):
      "Two different types are named '\(name)'; a program can have one of them."
    }
  }
}

/// Writes a skill out as a program in another language: one file with everything that it calls.
public enum SkillSource {
  /// The source text of a program that runs `skill`.
  ///
  /// A function for each skill, which pays for the same steps in the same order as the machine, and
  /// ends in the same errors. The program takes arguments as JSON and prints the result as JSON.
  ///
  /// - Parameters:
  ///   - limits: What a run of the program may use.
  ///   - library: Where the skills are that it calls.
  /// - Throws: ``SourceError``, `LinkError`, or what the library throws.
  public static func write(
    _ skill: Skill, in language: SourceLanguage, limits: Limits = Limits(),
    library: any Library
  ) throws -> String {
    let linked = try StructuredFunction.link(skill.code, digest: skill.digest) {
      try library.skill($0)?.code
    }
    let reached = reached(in: linked)
    var functions: [EmittedFunction] = []
    var taken: Set<String> = []
    for (number, function) in linked.enumerated() {
      guard let digest = function.digest, let entry = try library.skill(digest) else {
        preconditionFailure("every function is an entry")
      }
      if function.isMemoised { throw SourceError.memoised(entry.name) }
      functions.append(
        EmittedFunction(
          name: name(entry.name + (function.isFold ? ".fold" : ""), not: &taken),
          function: function,
          isRecursive: function.isRecursive,
          comment: [
            (function.isFold ? "A fold in " : "")
              + "\(entry.name.commentLines(width: 0).joined(separator: " "))@\(entry.version) "
              + function.signatureText,
            digest.hex,
          ] + (function.isFold ? [] : entry.summary.commentLines(width: 90)),
          isReached: reached.contains(number)))
    }
    var definitions: Set<TypeDefinition> = []
    for type in linked.flatMap(\.types) { type.collectDefinitions(in: &definitions) }
    var names: Set<String> = []
    for definition in definitions.sorted(by: { $0.digest < $1.digest })
    where !names.insert(definition.name).inserted { throw SourceError.sameName(definition.name) }
    let header = header(skill, functions[0].name, language)
    let draft = language.program.init(functions, limits, header: header)
    let clashing = draft.runtime.identifiers.union(language.program.keywords)
    guard functions.contains(where: { clashing.contains($0.name) }) else { return draft.text }
    for index in functions.indices where clashing.contains(functions[index].name) {
      functions[index].name += "_skill"
    }
    return language.program.init(functions, limits, header: header).text
  }

  /// The functions that the first one calls, directly or not: a step that nothing needs calls none.
  private static func reached(in functions: [StructuredFunction]) -> Set<Int> {
    var reached: Set<Int> = [0]
    var pending = [0]
    while let number = pending.popLast() {
      functions[number].block.forEachCall {
        if reached.insert($0).inserted { pending.append($0) }
      }
    }
    return reached
  }

  /// `arithmetic_add` for `arithmetic.add`, numbered where the name is taken.
  private static func name(_ label: String, not taken: inout Set<String>) -> String {
    var name = String(
      label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if !name.contains("_") || name.first!.isNumber { name = "skill_" + name }
    var unique = name
    var number = 2
    while !taken.insert(unique).inserted {
      unique = "\(name)_\(number)"
      number += 1
    }
    return unique
  }

  private static func header(
    _ skill: Skill, _ name: String, _ language: SourceLanguage
  ) -> [String] {
    let file = name.split(separator: "_").last.map(String.init) ?? name
    let usage = language.usage(file)
    let arguments = skill.signature.parameters.map { "'\($0.name)'" }.joined(separator: " ")
    return [
      "\(skill.name.commentLines(width: 0).joined(separator: " "))@\(skill.version), written out by Reef \(reefVersion) from skills it learned.",
      "",
    ] + usage.dropLast().map { "    " + $0 } + [
      "    \(usage.last!) \(arguments)", "",
      "Arguments and result are JSON. Without arguments each line of the input is an array of them.",
      "After an error, which is told, the exit code is 4, after bad input 3.",
    ]
  }
}

extension Block {
  /// Calls `body` with the function of each call inside.
  func forEachCall(_ body: (Int) -> Void) {
    for item in items {
      switch item.body {
      case .constant, .operation: break
      case .call(let number, _): body(number)
      case .loop(let loop):
        for case .call(let number) in loop.bodies.map(\.target) { body(number) }
      case .branch(let branch):
        branch.then.forEachCall(body)
        branch.otherwise.forEachCall(body)
      }
    }
  }
}

extension StructuredFunction {
  /// The signature with the types that it has here.
  fileprivate var signatureText: String {
    let parameters = zip(parameterNames, parameterTypes).map { "\($0): \($1)" }
    return "(\(parameters.joined(separator: ", "))) -> \(resultType)"
  }
}
