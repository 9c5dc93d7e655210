import ReefMachine

extension TaskDefinition {
  /// A task of several parameters whose inputs and oracle are plain Swift.
  ///
  /// - Parameters:
  ///   - signature: As the skill language writes it; it has to agree with the Swift types, which bring
  ///     the types that they declare.
  ///   - summary: One paragraph of plain words: what the result is, not how to compute it.
  ///   - train: Sizes that a learner sees, small first.
  ///   - standards: What each successive version has to meet.
  ///   - tolerance: How far a real may be off, absolute or relative.
  ///   - means: What a solution may be made of; nil where it may use everything.
  ///   - expected: The right output; nil outside the domain. It never traps.
  public init<each Input: ValueRepresentable, Output: ValueRepresentable>(
    _ name: String,
    _ signature: String,
    summary: String,
    train: [Int],
    standards: [SkillTask.Standard],
    tolerance: Double = 0,
    means: SkillTask.Means? = nil,
    inputs: Inputs<(repeat each Input)>,
    expected: @escaping @Sendable (repeat each Input) -> Output?
  ) {
    var types: [Type] = []
    repeat types.append((each Input).type)
    let makeInput: @Sendable (Int, Int, inout SplitMix64) -> [Value] = { size, index, rng in
      let input = inputs.input(size: size, index: index, rng: &rng)
      var values: [Value] = []
      repeat values.append((each input).value)
      return values
    }
    let answer: @Sendable ([Value]) -> Value? = { arguments in
      var reader = ArgumentReader(arguments)
      guard let input = try? (repeat reader.next(as: (each Input).self)), reader.isAtEnd else {
        return nil
      }
      return expected(repeat each input)?.value
    }
    self.init(
      SkillTask(
        name: name, signature: Signature(signature, of: name, is: .function(types, Output.type)),
        summary: summary, trainSizes: train, standards: standards, tolerance: tolerance,
        means: means),
      input: makeInput, expected: answer)
  }

  /// The same for one parameter, which Swift does not take for a tuple of one.
  ///
  /// - Parameter all: Every input up to a size.
  public init<Input: ValueRepresentable, Output: ValueRepresentable>(
    _ name: String,
    _ signature: String,
    summary: String,
    train: [Int],
    standards: [SkillTask.Standard],
    tolerance: Double = 0,
    means: SkillTask.Means? = nil,
    inputs: Inputs<Input>,
    all: (size: Int, inputs: @Sendable () -> [Input])? = nil,
    expected: @escaping @Sendable (Input) -> Output?
  ) {
    let makeInput: @Sendable (Int, Int, inout SplitMix64) -> [Value] = { size, index, rng in
      [inputs.input(size: size, index: index, rng: &rng).value]
    }
    let answer: @Sendable ([Value]) -> Value? = { arguments in
      guard arguments.count == 1, let input = Input(value: arguments[0]) else { return nil }
      return expected(input)?.value
    }
    var smallDomain: (@Sendable () -> SmallDomain)?
    if let all {
      smallDomain = { SmallDomain(size: all.size, inputs: all.inputs().map { [$0.value] }) }
    }
    self.init(
      SkillTask(
        name: name,
        signature: Signature(signature, of: name, is: .function([Input.type], Output.type)),
        summary: summary, trainSizes: train, standards: standards, tolerance: tolerance,
        means: means),
      input: makeInput, expected: answer, smallDomain: smallDomain)
  }
}

extension Signature {
  /// Reads the signature of a task; what disagrees with its Swift types is a mistake in the plugin.
  fileprivate init(_ text: String, of task: String, is type: Type) {
    guard let signature = try? Signature(parsing: text, types: type.definitions),
      signature.type == type
    else {
      preconditionFailure("task \(task): the signature \(text) does not fit its types \(type)")
    }
    self = signature
  }
}

/// Takes arguments off a list, one type after another.
private struct ArgumentReader {
  struct Mismatch: Error {}

  private let arguments: [Value]
  private var position = 0

  init(_ arguments: [Value]) { self.arguments = arguments }

  var isAtEnd: Bool { position == arguments.count }

  mutating func next<T: ValueRepresentable>(as type: T.Type) throws -> T {
    guard position < arguments.count, let value = T(value: arguments[position]) else {
      throw Mismatch()
    }
    position += 1
    return value
  }
}
