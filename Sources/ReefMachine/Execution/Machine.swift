/// Runs images. A machine keeps its heap and stack from run to run, so that starting a run costs next
/// to nothing; it belongs to one thread.
public final class Machine {
  /// What each run may use.
  public let limits: Limits
  /// Where arguments and results live. A run leaves its results, and whatever else it made, until
  /// ``Heap/reset()``.
  public let heap: Heap
  /// Where the last run that ended in an error stopped.
  public private(set) var failure: Place?

  var stack: UnsafeMutablePointer<Word>
  /// In words.
  var stackCapacity: Int
  private static let firstStackCapacity = 8 << 10
  /// Where the current run is, for `failure`.
  var position: UnsafePointer<Instruction>?
  /// What the current run remembers, for each memoised function of its image.
  var memos: [Memo] = []
  /// Who follows the current run; nil where nobody does.
  var observer: TraceObserver?

  /// A machine with an empty heap; its stack grows up to the limit of bytes.
  public init(limits: Limits = Limits()) {
    self.limits = limits
    heap = Heap(byteLimit: limits.bytes)
    stackCapacity = Machine.firstStackCapacity
    stack = .allocate(capacity: stackCapacity)
  }

  deinit { stack.deallocate() }

  /// Runs the image on arguments that live in this machine's heap or are immortal.
  ///
  /// - Parameters:
  ///   - arguments: Words of the image's parameter types; each reference is taken over.
  ///   - fuel: The machine steps that the run may take; afterwards what is left, below 0 where the
  ///     fuel ran out.
  /// - Returns: The result; a reference belongs to the caller.
  /// - Throws: What ended the run. The heap then holds objects that nothing refers to:
  ///   ``Heap/reset()`` removes them.
  public func run(
    _ image: Image, _ arguments: UnsafeBufferPointer<Word>, fuel: inout Int
  ) throws(MachineError) -> Word {
    precondition(
      arguments.count == image.parameterTypes.count,
      "got \(arguments.count) arguments; the image takes \(image.parameterTypes.count)")
    if stackCapacity != Machine.firstStackCapacity { resizeStack(Machine.firstStackCapacity) }
    heap.byteLimit = limits.bytes
    heap.fuelLimit = fuel
    heap.fuel = fuel
    position = nil
    defer { fuel = heap.fuel }
    do throws(MachineError) {
      let first = image.functions[0]
      while 1 + Emitter.linkSize + max(first.frameSize, arguments.count) > stackCapacity {
        try growStack()
      }
      // Register 0 of the frame below receives the result.
      let frame = stack + 1 + Emitter.linkSize
      for (index, argument) in arguments.enumerated() { frame[index] = argument }
      if !image.memos.isEmpty { memos = image.memos.map { Memo($0) } }
      let result = try execute(image)
      if !memos.isEmpty { forget(afterError: false) }
      if heap.fuel < 0 { throw MachineError.fuel(limit: heap.fuelLimit) }
      return result
    } catch {
      if !memos.isEmpty { forget(afterError: true) }
      failure = position.flatMap { image.place(before: $0) }
      throw error
    }
  }

  /// As ``run(_:_:fuel:)-(_,UnsafeBufferPointer<Word>,_)``.
  public func run(
    _ image: Image, _ arguments: [Word], fuel: inout Int
  ) throws(MachineError) -> Word {
    let result: Result<Word, MachineError> = arguments.withUnsafeBufferPointer { buffer in
      Result { () throws(MachineError) in try run(image, buffer, fuel: &fuel) }
    }
    return try result.get()
  }

  /// Runs the image on values; the heap is reset before and after.
  ///
  /// - Parameter fuel: The machine steps that the run may take, those of ``limits`` where nil.
  /// - Throws: ``ArgumentError``, or the ``MachineError`` that ended the run.
  public func run(
    _ image: Image, _ arguments: [Value], fuel allowance: Int? = nil
  ) throws -> (value: Value, steps: Int) {
    defer { heap.reset() }
    let words = try words(of: arguments, for: image)
    let allowance = allowance ?? limits.fuel
    var fuel = allowance
    let result = try run(image, words, fuel: &fuel)
    return (try heap.value(of: result, as: image.resultType), allowance - fuel)
  }

  /// The arguments of a run in a heap that holds nothing else.
  func words(of arguments: [Value], for image: Image) throws -> [Word] {
    guard arguments.count == image.parameterTypes.count else {
      throw ArgumentError.count(arguments.count, expected: image.parameterTypes.count)
    }
    heap.reset()
    heap.byteLimit = limits.bytes
    var words: [Word] = []
    for (index, (argument, type)) in zip(arguments, image.parameterTypes).enumerated() {
      guard argument.conforms(to: type) else {
        throw ArgumentError.type(position: index, expected: type)
      }
      words.append(try heap.word(of: argument, as: type))
    }
    return words
  }

  // MARK: - The stack

  /// Makes room for a frame that ends `needed` words above the stack's beginning.
  func reserveStack(_ needed: Int) throws(MachineError) {
    while needed > stackCapacity { try growStack() }
  }

  private func growStack() throws(MachineError) {
    let wanted = 2 * stackCapacity
    let bytes = wanted * MemoryLayout<Word>.stride
    guard bytes <= limits.bytes - heap.reservedBytes else { throw .memory(limit: limits.bytes) }
    resizeStack(wanted)
    heap.byteLimit = limits.bytes - bytes
  }

  private func resizeStack(_ capacity: Int) {
    let larger = UnsafeMutablePointer<Word>.allocate(capacity: capacity)
    larger.update(from: stack, count: min(capacity, stackCapacity))
    stack.deallocate()
    stack = larger
    stackCapacity = capacity
  }
}

/// Why values cannot be the arguments of a run.
public enum ArgumentError: Error, Hashable, Sendable {
  /// So many arguments for an image that takes others.
  case count(Int, expected: Int)
  /// The argument at the position, counted from 0, is no value of the image's type for it.
  case type(position: Int, expected: Type)
}

extension ArgumentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .count(let found, let expected):
      "The skill takes \(expected) \(expected == 1 ? "argument" : "arguments"), not \(found)."
    case .type(let position, let expected):
      "Argument \(position + 1) is no value of the type \(expected)."
    }
  }
}
