/// Something outside of the machine that a host lets skills call: the only way out of a run.
///
/// A machine knows no tools but those that an image was linked with, and the learner, the registry and
/// the verifier link with none: a skill that reaches a tool can be neither searched for, certified nor
/// registered. Memoised skills and Jacobian code reach none either.
public struct Tool: Sendable {
  /// What errors and traces call it.
  public let name: String
  /// Of up to three operands; concrete.
  public let type: Type
  /// Covers name and type: what code calls.
  public let digest: Digest
  /// Runs it; what it throws ends the run with ``MachineError/tool(_:)``.
  public let run: @Sendable ([Value]) throws -> Value

  /// - Parameter type: Such as `(int, [int]) -> int`.
  /// - Precondition: The type is a function of up to three values.
  public init(_ name: String, _ type: String, run: @escaping @Sendable ([Value]) throws -> Value) {
    guard let type = try? Type(parsing: type), case .function(let parameters, let result) = type,
      parameters.count <= 3, (parameters + [result]).allSatisfy(\.isConcrete)
    else { preconditionFailure("the type of the tool \(name) is no function of up to 3 values") }
    self.name = name
    self.type = type
    digest = SHA256.hash("reef.tool\n\(name) \(type)".utf8)
    self.run = run
  }

  var parameterTypes: [Type] {
    if case .function(let parameters, _) = type { parameters } else { [] }
  }
  var resultType: Type { if case .function(_, let result) = type { result } else { type } }

  /// As the machine calls it, for a step for each part of what goes in and comes out.
  var native: NativeFunction {
    { [self] first, second, third, heap, _ throws(MachineError) in
      var arguments: [Value] = []
      for (word, type) in zip([first, second, third], parameterTypes) {
        try heap.chargeParts(of: word, Kind(of: type))
        arguments.append(try heap.value(of: word, as: type))
      }
      let word = try heap.word(of: try result(arguments), as: resultType)
      try heap.chargeParts(of: word, Kind(of: resultType))
      return word
    }
  }

  /// - Throws: ``MachineError/tool(_:)``.
  func result(_ arguments: [Value]) throws(MachineError) -> Value {
    guard let value = try? run(arguments), value.conforms(to: resultType) else {
      throw .tool(name)
    }
    return value
  }
}
