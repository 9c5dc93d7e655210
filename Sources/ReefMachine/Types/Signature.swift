/// The named, typed parameters and the result type of a skill or a task, written
/// `(a: [int], b: [int]) -> [int]`. Names are labels: digests do not cover them.
public struct Signature: Hashable, Sendable {
  public struct Parameter: Hashable, Sendable {
    public let name: String
    public let type: Type

    public init(_ name: String, _ type: Type) {
      self.name = name
      self.type = type
    }
  }

  public let parameters: [Parameter]
  public let result: Type

  public init(parameters: [Parameter], result: Type) {
    self.parameters = parameters
    self.result = result
  }

  public var parameterTypes: [Type] { parameters.map(\.type) }

  /// The signature without its labels, `([int], [int]) -> [int]`: what a digest covers.
  public var type: Type { .function(parameterTypes, result) }
}

extension Signature: CustomStringConvertible {
  public var description: String {
    "(" + parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ") -> \(result)"
  }
}
