/// Types under construction: a forest of terms in which a variable may be bound to another term.
///
/// Binding two compound terms before their parts (Huet 1976) makes unification close to linear even
/// where terms share parts; a term that came to contain itself is found when it is read back.
struct Unifier {
  enum Term {
    case variable
    /// A variable of the checked signature: equal only to itself.
    case rigid(String)
    case int, bool, real
    case list(Int)
    case pair(Int, Int)
    case named(TypeDefinition, [Int])
    case function([Int], Int)
    case bound(Int)
  }

  enum Failure: Error {
    case mismatch
    case infinite
    case tooLarge
  }

  /// The most constructors that a type in checked code may have, and so the deepest nesting of a
  /// value without declared types.
  static let largestType = 256

  private var terms: [Term] = []
  /// What the current unification overwrote.
  private var trail: [(index: Int, term: Term)] = []

  mutating func add(_ term: Term) -> Int {
    terms.append(term)
    return terms.count - 1
  }

  mutating func variable() -> Int { add(.variable) }

  /// A term for `type`, its variables being looked up in `variables` or made there.
  mutating func term(_ type: Type, _ variables: inout [String: Int]) -> Int {
    switch type {
    case .int: return add(.int)
    case .bool: return add(.bool)
    case .real: return add(.real)
    case .list(let element):
      let element = term(element, &variables)
      return add(.list(element))
    case .pair(let first, let second):
      let (first, second) = (term(first, &variables), term(second, &variables))
      return add(.pair(first, second))
    case .named(let definition, let arguments):
      let arguments = arguments.map { term($0, &variables) }
      return add(.named(definition, arguments))
    case .function(let parameters, let result):
      let parameters = parameters.map { term($0, &variables) }
      let result = term(result, &variables)
      return add(.function(parameters, result))
    case .variable(let name):
      if let known = variables[name] { return known }
      let fresh = variable()
      variables[name] = fresh
      return fresh
    }
  }

  /// The term that stands for `index` after all bindings.
  func root(_ index: Int) -> Int {
    var root = index
    while case .bound(let next) = terms[root] { root = next }
    return root
  }

  func term(at root: Int) -> Term { terms[root] }

  /// Makes two terms equal. After a failure all is as before.
  mutating func unify(_ left: Int, _ right: Int) throws(Failure) {
    trail.removeAll(keepingCapacity: true)
    do {
      try merge(left, right)
    } catch {
      for (index, term) in trail.reversed() { terms[index] = term }
      throw error
    }
  }

  private mutating func bind(_ term: Int, to other: Int) {
    trail.append((term, terms[term]))
    terms[term] = .bound(other)
  }

  private mutating func merge(_ left: Int, _ right: Int) throws(Failure) {
    var pending = [(left, right)]
    while let (left, right) = pending.popLast() {
      let (left, right) = (root(left), root(right))
      if left == right { continue }
      switch (terms[left], terms[right]) {
      // A variable stands for values, and functions are none.
      case (.variable, .function), (.function, .variable): throw .mismatch
      case (.variable, _): bind(left, to: right)
      case (_, .variable): bind(right, to: left)
      case (.int, .int), (.bool, .bool), (.real, .real): bind(left, to: right)
      case (.rigid(let first), .rigid(let second)) where first == second:
        bind(left, to: right)
      case (.list(let first), .list(let second)):
        bind(left, to: right)
        pending.append((first, second))
      case (.pair(let a, let b), .pair(let c, let d)):
        bind(left, to: right)
        pending.append((b, d))
        pending.append((a, c))
      case (.named(let own, let first), .named(let other, let second)) where own == other:
        bind(left, to: right)
        pending.append(contentsOf: zip(first, second))
      case (.function(let first, let firstResult), .function(let second, let secondResult))
      where first.count == second.count:
        bind(left, to: right)
        pending.append((firstResult, secondResult))
        pending.append(contentsOf: zip(first, second))
      default: throw .mismatch
      }
    }
  }

  /// The type of a term; variables that nothing bound become `free`, or where that is nil variables
  /// which are the same where the terms are.
  func type(_ index: Int, free: Type?) throws(Failure) -> Type {
    var room = Unifier.largestType
    return try type(index, free: free, room: &room)
  }

  private func type(
    _ index: Int, free: Type?, room: inout Int
  ) throws(Failure) -> Type {
    room -= 1
    guard room >= 0 else { throw containsItself(index) ? .infinite : .tooLarge }
    switch terms[root(index)] {
    case .variable: return free ?? .variable("\(root(index))")
    case .rigid(let name): return .variable(name)
    case .int: return .int
    case .bool: return .bool
    case .real: return .real
    case .list(let element):
      return .list(try type(element, free: free, room: &room))
    case .pair(let first, let second):
      return .pair(
        try type(first, free: free, room: &room),
        try type(second, free: free, room: &room))
    case .named(let definition, let arguments):
      var types: [Type] = []
      for argument in arguments { types.append(try type(argument, free: free, room: &room)) }
      return .named(definition, types)
    case .function(let parameters, let result):
      var types: [Type] = []
      for parameter in parameters {
        types.append(try type(parameter, free: free, room: &room))
      }
      return .function(types, try type(result, free: free, room: &room))
    case .bound: preconditionFailure("a root is not bound")
    }
  }

  /// Whether following parts from the term leads back to a term on the way.
  private func containsItself(_ index: Int) -> Bool {
    var done: Set<Int> = []
    var open: Set<Int> = []
    var stack: [(term: Int, leaving: Bool)] = [(root(index), false)]
    while let (term, leaving) = stack.popLast() {
      if leaving {
        open.remove(term)
        done.insert(term)
        continue
      }
      if open.contains(term) { return true }
      if done.contains(term) { continue }
      open.insert(term)
      stack.append((term, true))
      let parts: [Int] =
        switch terms[term] {
        case .list(let element): [element]
        case .pair(let first, let second): [first, second]
        case .named(_, let arguments): arguments
        case .function(let parameters, let result): parameters + [result]
        default: []
        }
      for part in parts { stack.append((root(part), false)) }
    }
    return false
  }
}
