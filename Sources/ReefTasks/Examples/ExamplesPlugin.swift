import ReefMachine

/// A file of examples as a plugin: tasks without any program behind them (DESIGN section 7).
///
/// The file is a JSON array of `{"name", "types", "signature", "summary", "examples", "holdOut"}`, where
/// `types`, `summary`, `holdOut` (0), `tolerance` (0) and `howTo` may be missing. The last `holdOut`
/// examples are kept from learners. Other fields are ignored, unless they look like a slip.
public struct ExamplesPlugin: TaskPlugin {
  /// As it was given, or the file's name without extension.
  public let name: String
  /// Of the format: a file has none of its own.
  public let version = "1"
  /// SHA-256 of the file.
  public let contentHash: String
  /// In the file's order.
  public let tasks: [SkillTask]
  private let examples: [String: FixedExamples]

  /// Reads the file at `path`, relative to the current directory.
  ///
  /// - Parameter name: What the plugin is called; without it, the file's name without extension.
  public init(path: String, name: String? = nil) throws(InputFileError) {
    try self.init(bytes: readBytes(path), path: path, name: name)
  }

  /// Reads the text of a file of examples; errors call it `path`.
  public init(text: String, path: String, name: String? = nil) throws(InputFileError) {
    try self.init(bytes: Array(text.utf8), path: path, name: name)
  }

  private init(bytes: [UInt8], path: String, name: String?) throws(InputFileError) {
    let root = try Field(parsing: bytes, path: path)
    do {
      self.name = try Field(.string(name ?? Self.stem(of: path)), path: "name").pluginName()
      (tasks, examples) = try Self.read(root, plugin: self.name)
    } catch {
      throw InputFileError(path: path, error)
    }
    contentHash = SHA256.hash(bytes).hex
  }

  private static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }

  private static func read(
    _ root: Field, plugin: String
  ) throws(FieldError) -> (tasks: [SkillTask], examples: [String: FixedExamples]) {
    var tasks: [SkillTask] = []
    var examples: [String: FixedExamples] = [:]
    for field in try root.array() {
      let name = try field.required("name").taskName(in: plugin)
      guard examples[name] == nil else { throw field.error("a second task is named '\(name)'.") }
      // From here on errors name the task, which a person finds more easily than its number.
      let named = Field(field.json, path: "task '\(name)'")
      let (task, fixed) = try read(named, name: name)
      tasks.append(task)
      examples[name] = fixed
    }
    return (tasks, examples)
  }

  private static func read(
    _ field: Field, name: String
  ) throws(FieldError) -> (SkillTask, FixedExamples) {
    try field.refuseSlips(
      of: ["name", "types", "signature", "summary", "examples", "holdOut", "tolerance", "howTo"])
    let types = try field.optional("types")?.typeDefinitions() ?? []
    let signature = try field.required("signature").taskSignature(types: types)
    var cases: [TestCase] = []
    for (index, example) in try field.required("examples").array().enumerated() {
      // Counted from 1, as people count examples.
      let example = Field(example.json, path: "\(field.path): example \(index + 1)")
      cases.append(
        TestCase(
          input: try example.required("input").arguments(of: signature),
          output: try example.required("output").value(as: signature.result)))
    }
    let holdOut = try field.optional("holdOut")?.int(in: 0...Int.max) ?? 0
    guard holdOut < cases.count else {
      throw field.error(
        "there are \(cases.count) examples, and \(holdOut) are to be held out; a learner needs one."
      )
    }
    let size = cases.flatMap(\.input).map(\.longestList).max() ?? 0
    let task = SkillTask(
      name: name, signature: signature, summary: try field.optional("summary")?.plainText() ?? "",
      trainSizes: [], standards: [.init(checkSizes: [max(1, size)])],
      tolerance: try field.optional("tolerance")?.number(above: 0, orEqual: true) ?? 0,
      howTo: try field.optional("howTo")?.plainText())
    return (
      task,
      FixedExamples(train: Array(cases.dropLast(holdOut)), heldOut: cases.suffix(holdOut))
    )
  }

  private func fixed(_ task: String) throws -> FixedExamples {
    guard let examples = examples[task] else { throw TaskError.unknownTask(task) }
    return examples
  }

  /// Always throws: there is no generator.
  public func generate(task: String, size: Int, count: Int, seed: Int) throws -> [[Value]] {
    _ = try fixed(task)
    throw TaskError.noGenerator(task: task)
  }

  /// The outputs of inputs among the examples to learn from, nil for all others: what is held out
  /// stays hidden here too.
  public func expected(task: String, inputs: [[Value]]) throws -> [Value?] {
    let known = try fixed(task).train
    return inputs.map { input in known.first { $0.input == input }?.output }
  }

  /// Compares with the example of that input, held out or not.
  public func verify(task: String, input: [Value], output: Value) throws -> Verdict {
    let examples = try fixed(task)
    let tolerance = tasks.first { $0.name == task }?.tolerance ?? 0
    guard let right = (examples.train + examples.heldOut).first(where: { $0.input == input }) else {
      return .wrong(reason: "the input is not among the examples")
    }
    return output.matches(right.output, tolerance: tolerance)
      ? .right : .wrong(reason: "expected \(right.output)")
  }

  /// The examples of the task; nil where the file has no such task.
  public func fixedExamples(task: String) -> FixedExamples? { examples[task] }
}

extension Value {
  /// The length of the longest list in it, or how many values of declared types a part of it is made
  /// of: the size of an example.
  fileprivate var longestList: Int {
    switch self {
    case .int, .bool, .real: 0
    case .list(let values): values.reduce(values.count) { max($0, $1.longestList) }
    case .pair(let first, let second): max(first.longestList, second.longestList)
    case .made(_, _, let fields): fields.reduce(madeCount) { max($0, $1.longestList) }
    }
  }

  private var madeCount: Int {
    switch self {
    case .int, .bool, .real: 0
    case .list(let values): values.reduce(0) { $0 + $1.madeCount }
    case .pair(let first, let second): first.madeCount + second.madeCount
    case .made(_, _, let fields): fields.reduce(1) { $0 + $1.madeCount }
    }
  }
}
