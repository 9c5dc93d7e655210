/// How decisions are softened so that gradients pass through them: a comparison is a sigmoid, a branch
/// the weighted sum of both arms, a loop unrolled. As the sharpness grows, the results become the exact
/// ones; at infinity they are.
public struct Softness: Sendable {
  /// k in sigmoid(k (a - b)).
  public var sharpness: Double
  /// The most rounds of a `control.while`.
  public var maximumRounds: Int
  /// The most calls that are open at once.
  public var maximumDepth: Int
  /// In applications of atoms and skills.
  public var fuel: Int
  /// Whether derivatives go through ints, too: those of the arguments are inputs like reals, and those
  /// of the result have derivatives. Every int keeps the value that a run without it has; only what is
  /// derived from it goes *straight through* the rounding of a division, the digit that a remainder
  /// takes, or the move of a pointer, as if these were smooth (Bengio and others 2013,
  /// arXiv:1308.3432). Comparisons of ints are sigmoids between one int and the next.
  public var straightThroughInts: Bool

  public init(
    sharpness: Double, maximumRounds: Int = 100, maximumDepth: Int = 200, fuel: Int = 1_000_000,
    straightThroughInts: Bool = false
  ) {
    precondition(sharpness > 0, "the sharpness is \(sharpness)")
    self.sharpness = sharpness
    self.maximumRounds = maximumRounds
    self.maximumDepth = maximumDepth
    self.fuel = fuel
    self.straightThroughInts = straightThroughInts
  }

  /// What of a soft run can be ignored: an arm, or a further round, of so small a weight.
  static let leastWeight = 1e-9

  /// What a soft run gives.
  public struct Result {
    /// The soft result, and how it changes with the inputs, the reals of the arguments for one.
    public let derivative: Derivative
    /// Whether a loop or the calls of a skill were cut off at their limit while they still had weight.
    public let hitsLimit: Bool
  }

  /// Runs code softly.
  ///
  /// Reals and what is made of them are mixed; ints, lengths of lists, and whether a filter keeps an
  /// element are decided, by the larger weight. An arm that ends in an error counts only where it is
  /// the heavier one.
  ///
  /// - Parameter library: The code of an entry.
  /// - Throws: ``ArgumentError``, ``LinkError``, or the ``MachineError`` that ended the run.
  public func differentiate(
    _ code: SkillCode, _ arguments: [Value], library: @escaping (Digest) throws -> SkillCode?
  ) throws -> Result {
    // Whatever is wrong with code or arguments is told as in any run.
    let image = try Image(linking: code, library: library)
    guard arguments.count == image.parameterTypes.count else {
      throw ArgumentError.count(arguments.count, expected: image.parameterTypes.count)
    }
    for (index, (argument, type)) in zip(arguments, image.parameterTypes).enumerated() {
      guard argument.conforms(to: type) else {
        throw ArgumentError.type(position: index, expected: type)
      }
    }
    let run = SoftRun(self, library: library)
    let inputs = arguments.map {
      SoftValue($0, inputOf: run.tape, withInts: straightThroughInts)
    }
    let inputCount = run.tape.entries.count
    let result = try run.run(code, inputs)
    let derivative = Derivative(
      value: result.decided(run.tape), steps: run.steps, inputCount: inputCount,
      outputs: result.numbers(withInts: straightThroughInts).map { run.tape.place(of: $0) },
      tape: run.tape)
    return Result(derivative: derivative, hitsLimit: run.hitsLimit)
  }
}
