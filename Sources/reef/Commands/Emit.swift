import ReefMachine
import ReefReport

extension Command {
  static let emit = Command(
    path: ["emit"],
    summary: "write a skill out as a program in Swift, C or Python",
    discussion: """
      One readable file, with a function for each skill that it needs; nothing of Reef is needed to
      build or run it. It takes arguments as 'reef run' does, and ends in the same errors.
      """,
    parameters: [.skill],
    options: [
      .init(name: "language", value: "LANG", help: "swift, c or python"),
      .init(name: "output", value: "FILE", letter: "o", help: "the file, in place of the output"),
    ] + limitOptions,
    examples: [
      "reef emit arithmetic.add --language c -o add.c",
      "reef emit sorting.sort --language python -o sort.py",
    ],
    run: runEmit)
}

private func runEmit(_ invocation: Invocation) throws {
  let limits = try invocation.limits()
  let known = SourceLanguage.allCases.map(\.rawValue).joined(separator: ", ")
  guard let word = invocation.value("language") else {
    throw Failure.usage("'reef emit' needs --language, one of \(known).", invocation.command)
  }
  guard let language = SourceLanguage(rawValue: word.lowercased()) else {
    throw Failure.usage(
      "Reef writes no '\(word)'; --language takes one of \(known).", invocation.command)
  }
  guard case .skill(let skill, let registry) = try invocation.find(invocation.words[0]) else {
    throw Failure.isAtom(invocation.words[0], "are written out")
  }
  let source: String
  do {
    source = try SkillSource.write(skill, in: language, limits: limits, library: registry)
  } catch let error as SourceError {
    throw Failure(.failed, code: "skillNotEmitted", error.description)
  }
  let path = invocation.value("output")
  if let path {
    try invocation.writeOutput(Array(source.utf8), to: path, as: "source file")
  }
  if invocation.console.isJSON {
    var members: [JSON.Member] = [
      .init("skill", .string(skill.name)), .init("digest", .string(skill.digest.hex)),
      .init("language", .string(language.rawValue)),
    ]
    if let path {
      members += [.init("file", .string(path)), .init("bytes", .int(source.utf8.count))]
    } else {
      members.append(.init("source", .string(source)))
    }
    try invocation.console.print(.object(members))
  } else if path == nil {
    try invocation.console.print(source)
  }
}
