/// The result of a skill, and how its reals change with the reals of the arguments.
///
/// Reals are counted depth first, lists from their first element on; those of the arguments one
/// argument after another.
public struct Derivative: @unchecked Sendable {
  // The tape is not written after the run that made it.
  private let tape: AdjointTape
  private let outputs: [Int32?]

  /// The result itself.
  public let value: Value
  /// The machine steps of the run.
  public let steps: Int
  /// The number of reals in the arguments.
  public let inputCount: Int

  init(
    value: Value, steps: Int, inputCount: Int, outputs: [Int32?], tape: AdjointTape
  ) {
    self.value = value
    self.steps = steps
    self.inputCount = inputCount
    self.outputs = outputs
    self.tape = tape
  }

  /// The number of reals in the result.
  public var outputCount: Int { outputs.count }

  /// ∂ (Σ weight · output) / ∂ input, for each input. O(what the run computed with reals).
  public func gradient(_ weights: [Double]) -> [Double] {
    precondition(weights.count == outputCount, "\(weights.count) weights for \(outputCount) reals")
    let places = zip(outputs, weights).compactMap { output, weight in
      output.map { (place: $0, weight: weight) }
    }
    return tape.gradient(of: places, count: inputCount)
  }

  /// ∂ output / ∂ input for each input: one row of the Jacobian.
  public func row(_ output: Int) -> [Double] {
    gradient(outputs.indices.map { $0 == output ? 1 : 0 })
  }

  /// The Jacobian, a row for each real of the result.
  public var matrix: [[Double]] { outputs.indices.map(row) }
}

extension Machine {
  /// Runs the Jacobian code of an image on values; the heap is reset before and after.
  ///
  /// A comparison has no derivative: where the arguments decide a branch or the length of a loop, the
  /// derivative is that of the way which the run took.
  ///
  /// - Parameters:
  ///   - fuel: The machine steps that the run may take, those of ``limits`` where nil. Each is one of
  ///     the output code, too.
  ///   - observe: Follows the run of an image that was linked with `isTraced`.
  /// - Precondition: The image was linked with the mode `jacobian`.
  /// - Throws: ``ArgumentError``, or the ``MachineError`` that ended the run.
  package func differentiate(
    _ image: Image, _ arguments: [Value], fuel allowance: Int? = nil,
    observe: TraceObserver? = nil
  ) throws -> Derivative {
    precondition(image.mode == .jacobian, "the image holds no Jacobian code")
    precondition(observe == nil || image.isTraced, "the image was linked without 'isTraced'")
    let tape = AdjointTape()
    heap.adjoints = tape
    observer = observe
    defer {
      heap.adjoints = nil
      observer = nil
      heap.reset()
    }
    var words = try self.words(of: arguments, for: image)
    for (index, type) in image.parameterTypes.enumerated() {
      words[index] = tape.inputs(words[index], type)
    }
    let inputCount = tape.entries.count
    let allowance = allowance ?? limits.fuel
    var fuel = allowance
    let result = try run(image, words, fuel: &fuel)
    // What is too deep to be told is too deep to be visited.
    let value = try heap.value(of: result, as: image.resultType)
    var outputs: [Int32?] = []
    tape.visitReals(of: result, image.resultType) { outputs.append(tape.place(of: $0)) }
    return Derivative(
      value: value, steps: allowance - fuel,
      inputCount: inputCount, outputs: outputs, tape: tape)
  }
}

extension AdjointTape {
  /// A new argument with an input for each real: those inside objects are replaced in place.
  fileprivate func inputs(_ word: Word, _ type: Type) -> Word {
    guard type.holdsReals else { return word }
    switch type {
    case .int, .bool, .variable, .function: return word
    case .real: return input(word.asReal)
    case .list(let element):
      let list = word.list.pointee
      for index in 0..<list.count {
        list.elements[index] = inputs(list.elements[index], element)
      }
      return word
    case .pair(let first, let second):
      word.pair.pointee.first = inputs(word.pair.pointee.first, first)
      word.pair.pointee.second = inputs(word.pair.pointee.second, second)
      return word
    case .named(let definition, let arguments):
      let types = definition.fields(of: Int(word.header.pointee.tag), arguments)
      for (index, type) in types.enumerated() {
        word.fields[index] = inputs(word.fields[index], type)
      }
      return word
    }
  }

  fileprivate func visitReals(of word: Word, _ type: Type, _ body: (Word) -> Void) {
    guard type.holdsReals else { return }
    switch type {
    case .int, .bool, .variable, .function: break
    case .real: body(word)
    case .list(let element):
      let list = word.list.pointee
      for index in 0..<list.count { visitReals(of: list.elements[index], element, body) }
    case .pair(let first, let second):
      visitReals(of: word.pair.pointee.first, first, body)
      visitReals(of: word.pair.pointee.second, second, body)
    case .named(let definition, let arguments):
      let types = definition.fields(of: Int(word.header.pointee.tag), arguments)
      for (index, type) in types.enumerated() { visitReals(of: word.fields[index], type, body) }
    }
  }
}
