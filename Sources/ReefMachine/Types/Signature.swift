/// The named, typed parameters and the result type of a skill or a task, written
/// `(a: [int], b: [int]) -> [int]`. Names are labels: digests do not cover them.
public struct Signature: Hashable, Sendable {
  /// An input with its label.
  public struct Parameter: Hashable, Sendable {
    /// A label for people.
    public let name: String
    /// What values it takes.
    public let type: Type

    public init(_ name: String, _ type: Type) {
      self.name = name
      self.type = type
    }
  }

  /// In the order of the arguments.
  public let parameters: [Parameter]
  /// The type of the result.
  public let result: Type

  public init(parameters: [Parameter], result: Type) {
    self.parameters = parameters
    self.result = result
  }

  /// The types of the arguments, in their order.
  public var parameterTypes: [Type] { parameters.map(\.type) }

  /// The declared types that it names, and those that these name, each after those that it names.
  public var definitions: [TypeDefinition] { type.definitions }

  /// The signature without its labels, `([int], [int]) -> [int]`: what a digest covers.
  public var type: Type { .function(parameterTypes, result) }
}

extension Signature: CustomStringConvertible {
  public var description: String {
    "(" + parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ") -> \(result)"
  }
}
