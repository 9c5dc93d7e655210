import ReefMachine

extension Type {
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
    case (.named(let left, let arguments), .named(let right, let others)):
      return left == right
        && zip(arguments, others).allSatisfy { $0.matches($1, &bindings) }
    default: return self == type
    }
  }
}
