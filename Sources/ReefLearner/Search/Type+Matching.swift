import ReefMachine

extension Type {
  /// The type with its variables replaced.
  func substituting(_ bindings: [String: Type]) -> Type {
    switch self {
    case .int, .bool, .real: self
    case .variable(let name): bindings[name] ?? self
    case .list(let element): .list(element.substituting(bindings))
    case .pair(let first, let second):
      .pair(first.substituting(bindings), second.substituting(bindings))
    case .function(let parameters, let result):
      .function(parameters.map { $0.substituting(bindings) }, result.substituting(bindings))
    }
  }

  /// One-sided unification: binds the variables of the pattern so that it equals `type`.
  func matches(_ type: Type, _ bindings: inout [String: Type]) -> Bool {
    switch (self, type) {
    case (.variable(let name), _):
      if let bound = bindings[name] { return bound == type }
      bindings[name] = type
      return true
    case (.list(let left), .list(let right)): return left.matches(right, &bindings)
    case (.pair(let a, let b), .pair(let c, let d)):
      return a.matches(c, &bindings) && b.matches(d, &bindings)
    default: return self == type
    }
  }
}
