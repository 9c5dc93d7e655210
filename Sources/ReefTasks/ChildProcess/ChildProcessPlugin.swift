import Glibc
import ReefMachine

/// A plugin in any language: a command that speaks the protocol of DESIGN section 7.
///
/// Everything that it says is checked. A process that hangs, dies or writes garbage is ended, and
/// from then on every call throws the same `PluginError`; a wrong answer about one task throws for
/// that request alone. Calls from several threads wait for each other.
public struct ChildProcessPlugin: TaskPlugin {
  /// As the process calls itself.
  public let name: String
  /// As the process gives it: any text.
  public let version: String
  /// SHA-256 over the bytes of the command line's files, one after the other; "" without any.
  public let contentHash: String
  /// Those that it introduced itself with, in its order.
  public let tasks: [SkillTask]
  private let signatures: [String: Signature]
  private let connection: PluginConnection
  private let requestSeconds: Double

  /// The number of the protocol that this host speaks.
  public static let protocolNumber = 1
  /// The longest answer that is read, in bytes.
  public static let answerLimit = 64 << 20

  /// Starts `command` in the current directory and asks it what it offers.
  ///
  /// - Parameters:
  ///   - command: The program, found as a shell would find it, and its arguments; not empty.
  ///   - timeoutSeconds: The limit for each answer, instead of 10 s for `initialize` and 30 s for
  ///     the others; above 0, and cut to a year.
  ///   - logPath: Where its standard error goes; folders are made. Dropped without it.
  public init(
    command: [String], timeoutSeconds: Double? = nil, logPath: String? = nil,
    answerLimit: Int = ChildProcessPlugin.answerLimit
  ) throws(PluginError) {
    precondition(!command.isEmpty, "a command has at least the program's name")
    connection = try PluginConnection(
      command: command, logPath: logPath, answerLimit: answerLimit)
    precondition(timeoutSeconds.map { $0 > 0 } ?? true, "a time limit is above 0")
    let timeoutSeconds = timeoutSeconds.map { min($0, 366 * 86_400) }
    requestSeconds = timeoutSeconds ?? 30
    contentHash = ChildProcessPlugin.hash(of: command)
    let answer = try connection.request(
      "initialize",
      [.init("protocol", .int(Self.protocolNumber)), .init("reef", .string(reefVersion))],
      seconds: timeoutSeconds ?? 10)
    do {
      let introduction = try Introduction(answer)
      name = introduction.plugin
      version = introduction.version
      tasks = introduction.tasks
    } catch {
      throw connection.wrongAnswer("initialize", error.description)
    }
    signatures = Dictionary(uniqueKeysWithValues: tasks.map { ($0.name, $0.signature) })
    connection.rename(name)
  }

  /// A file name for the log of `command`: `my_plugin.py-1f0c92ab.log` for `python3
  /// lib/my_plugin.py`. Another command has another log, also where its file has the same name.
  public static func logName(for command: [String]) -> String {
    let word = command.last { !$0.hasPrefix("-") && access($0, F_OK) == 0 } ?? command.first ?? ""
    let file = word.split(separator: "/").last ?? "plugin"
    let isPlain = { (character: Character) in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }
    let hash = SHA256.hash(Array(command.joined(separator: "\0").utf8)).short
    return "\(String(file.map { isPlain($0) ? $0 : "_" }))-\(hash).log"
  }

  private static func hash(of command: [String]) -> String {
    var hasher = SHA256()
    var hasFile = false
    for word in command {
      var status = stat()
      guard stat(word, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let bytes = try? readBytes(word)
      else { continue }
      hasher.update(bytes)
      hasFile = true
    }
    return hasFile ? hasher.finalize().hex : ""
  }

  /// Why the plugin can answer nothing any more; nil while it can.
  var failure: PluginError? { connection.failure }

  var processID: Int32? { connection.processID }

  // MARK: Requests

  public func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    let signature = try signature(of: task)
    return try ask(
      "generate", task,
      [.init("size", .int(size)), .init("count", .int(count)), .init("seed", .int(seed))]
    ) { result throws(FieldError) in
      let inputs = try result.required("inputs")
      let values = try inputs.array().map { field throws(FieldError) in
        try field.arguments(of: signature)
      }
      guard values.count == count else {
        throw inputs.error("asked for \(count) inputs, got \(values.count).")
      }
      return values
    }
  }

  public func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    let type = try signature(of: task).result
    do {
      return try ask("expected", task, [.init("inputs", .array(inputs.map(\.json)))]) {
        result throws(FieldError) in
        let outputs = try result.required("outputs")
        let values = try outputs.array().map { field throws(FieldError) in
          field.json == .null ? nil : try field.value(as: type)
        }
        guard values.count == inputs.count else {
          throw outputs.error("sent \(inputs.count) inputs, got \(values.count) outputs.")
        }
        return values
      }
    } catch {
      if case .reported(code: -32601, _) = error.problem { throw TaskError.noOracle(task: task) }
      throw error
    }
  }

  public func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    _ = try signature(of: task)
    return try ask("verify", task, [.init("input", input.json), .init("output", output.json)]) {
      result throws(FieldError) in
      if try result.required("ok").bool() { return .right }
      let reason = try result.optional("reason")?.string()
      return .wrong(reason: reason?.quotable ?? "the plugin gave no reason")
    }
  }

  public func shutdown() { connection.shutdown() }

  private func signature(of task: String) throws(TaskError) -> Signature {
    guard let signature = signatures[task] else { throw .unknownTask(task) }
    return signature
  }

  private func ask<Answer>(
    _ method: String, _ task: String, _ parameters: [JSON.Member],
    read: (Field) throws(FieldError) -> Answer
  ) throws(PluginError) -> Answer {
    let result = try connection.request(
      method, task: task, [.init("task", .string(task))] + parameters, seconds: requestSeconds)
    do {
      return try read(result)
    } catch {
      throw connection.wrongAnswer(method, task: task, error.description)
    }
  }
}

extension [Value] {
  fileprivate var json: JSON { .array(map(\.json)) }
}

/// What a plugin says of itself when it starts.
private struct Introduction {
  let plugin: String
  let version: String
  let tasks: [SkillTask]

  init(_ result: Field) throws(FieldError) {
    let number = try result.required("protocol")
    guard number.json.int == ChildProcessPlugin.protocolNumber else {
      throw number.error(
        "it speaks protocol \(number.json.text); this Reef speaks "
          + "\(ChildProcessPlugin.protocolNumber).")
    }
    plugin = try result.required("plugin").pluginName()
    version = try result.required("version").plainText()
    let types = try result.optional("types")?.typeDefinitions() ?? []
    var tasks: [SkillTask] = []
    for field in try result.required("tasks").array() {
      let name = try field.required("name").taskName(in: plugin)
      guard !tasks.contains(where: { $0.name == name }) else {
        throw field.error("a second task is named '\(name)'.")
      }
      tasks.append(try Introduction.task(field, name: name, types))
    }
    self.tasks = tasks
  }

  private static func task(
    _ field: Field, name: String, _ types: [TypeDefinition]
  ) throws(FieldError) -> SkillTask {
    let accuracy = try field.optional("accuracy")?.number(above: 0, orEqual: false) ?? 1
    guard accuracy <= 1 else { throw field.error("its accuracy is above 1.") }
    return SkillTask(
      name: name, signature: try field.required("signature").taskSignature(types: types),
      summary: try field.required("summary").plainText(),
      trainSizes: try sizes(field.required("trainSizes")),
      standards: [.init(checkSizes: try sizes(field.required("checkSizes")), accuracy: accuracy)],
      tolerance: try field.optional("tolerance")?.number(above: 0, orEqual: true) ?? 0,
      howTo: try field.optional("howTo")?.plainText())
  }

  /// Sizes, small first.
  private static func sizes(_ field: Field) throws(FieldError) -> [Int] {
    try field.nonEmptyArray().map { size throws(FieldError) in try size.int(in: 1...Int.max) }
      .sorted()
  }
}
