@testable import ReefMachine

/// A slow, obvious interpreter of skill code on `Value`s. It shares no code with the machine: where
/// steps are executed, what they cost and what the atoms mean is written down once more here.
final class ReferenceInterpreter {
  enum Failure: Error {
    /// Of the steps that had to be executed these failed; a machine may tell of any.
    case errors(Set<MachineError>)
    /// Too many steps or calls: says nothing about the result.
    case limit
  }

  /// A skill, and which of its steps need which.
  private final class Body {
    let code: SkillCode
    let needs: Needs
    /// The results, where it is memoised.
    var memo: [[Value]: Value] = [:]

    init(_ code: SkillCode) {
      self.code = code
      needs = Needs(code)
    }
  }

  let codes: [Digest: SkillCode]
  /// Machine steps so far; what copies cost in the machine is not in it.
  private(set) var steps = 0
  private let limit: Int
  private var depth = 0
  private var bodies: [Digest: Body] = [:]

  init(codes: [Digest: SkillCode], steps: Int) {
    self.codes = codes
    limit = steps
  }

  func run(_ code: SkillCode, _ arguments: [Value]) throws -> Value {
    try run(Body(code), arguments)
  }

  private func run(_ body: Body, _ arguments: [Value]) throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < 150 else { throw Failure.limit }
    if body.code.isMemoised {
      try pay(arguments.reduce(0) { $0 + ReferenceInterpreter.parts($1) })
      if let known = body.memo[arguments] { return known }
    }
    var known: [Int: Value] = [:]
    for (slot, argument) in arguments.enumerated() { known[slot] = argument }
    let result = try value(of: body.code.result, in: body, known)
    if body.code.isMemoised { body.memo[arguments] = result }
    return result
  }

  /// A look-up goes through all of a list or pair.
  private static func parts(_ value: Value) -> Int {
    switch value {
    case .list(let values): values.reduce(0) { $0 + 1 + parts($1) }
    case .pair(let first, let second): 2 + parts(first) + parts(second)
    case .made(_, _, let fields): fields.reduce(fields.count) { $0 + parts($1) }
    default: 0
    }
  }

  private func pay(_ count: Int) throws {
    steps += count
    if steps > limit { throw Failure.limit }
  }

  // MARK: Steps

  /// Executes what the operand needs whatever happens, and of the rest only what a chosen arm needs.
  private func value(
    of operand: SkillCode.Operand, in body: Body, _ outer: [Int: Value]
  ) throws -> Value {
    ready(operand, try executed(operand, in: body, outer))
  }

  /// What is known after the steps that an operand needs, a value or what is bound to a skill.
  private func executed(
    _ operand: SkillCode.Operand, in body: Body, _ outer: [Int: Value]
  ) throws -> [Int: Value] {
    var known = outer
    var failed: Set<Int> = []
    var errors: Set<MachineError> = []
    for step in body.needs.wanted(operand) {
      let slot = body.code.signature.parameters.count + step
      if known[slot] != nil { continue }
      try pay(1)
      // What needs a step that failed cannot be executed; anything else may fail too.
      if !body.needs.strict[step].isDisjoint(with: failed) { continue }
      do {
        known[slot] = try execute(body.code.steps[step], in: body, known)
      } catch Failure.errors(let more) {
        failed.insert(step)
        errors.formUnion(more)
      }
    }
    if !errors.isEmpty { throw Failure.errors(errors) }
    return known
  }

  private func ready(_ operand: SkillCode.Operand, _ known: [Int: Value]) -> Value {
    switch operand {
    case .constant(let value): value
    case .weight(let weight): weight.value
    case .slot(let slot): known[slot]!
    case .function: fatalError("a function is no value")
    }
  }

  private func execute(
    _ step: SkillCode.Step, in body: Body, _ known: [Int: Value]
  ) throws -> Value {
    let operands = step.operands
    if let (definition, name) = body.code.declared(step.callee), name == "match" || name == "fold" {
      return try declared(definition, step, in: body, known, folds: name == "fold")
    }
    guard case .skill(let digest) = step.callee, let form = Atoms.with(digest)?.controlForm else {
      return try call(step.callee, operands.map { ready($0, known) }, in: body)
    }
    /// A round of a loop costs a step, and the application of its skill another.
    func apply(_ function: Int, _ values: [Value]) throws -> Value {
      guard case .function(let callee, let captures) = operands[function] else {
        fatalError("no function")
      }
      return try call(callee, values + captures.map { ready($0, known) }, in: body)
    }
    func round(_ values: [Value]) throws -> Value {
      try pay(2)
      return try apply(0, values)
    }
    func operand(_ index: Int) -> Value { ready(operands[index], known) }
    switch form {
    case .branch:
      return try value(of: operands[operand(0).bool! ? 1 : 2], in: body, known)
    case .map: return .list(try operand(1).list!.map { try round([$0]) })
    case .map2:
      return .list(try zip(operand(1).list!, operand(2).list!).map { try round([$0, $1]) })
    case .filter: return .list(try operand(1).list!.filter { try round([$0]).bool! })
    case .fold: return try operand(2).list!.reduce(operand(1)) { try round([$0, $1]) }
    case .scan:
      var state = operand(1)
      var outputs: [Value] = []
      for element in operand(2).list! {
        let (next, output) = try round([state, element]).pair!
        state = next
        outputs.append(output)
      }
      return .pair(state, .list(outputs))
    case .iterate:
      var state = operand(2)
      var count = operand(1).int!
      while count > 0 {
        state = try round([state])
        count -= 1
      }
      return state
    case .loop:
      var state = operand(2)
      while true {
        // The test, and then the round with its application.
        try pay(1)
        guard try apply(0, [state]).bool! else { return state }
        try pay(2)
        state = try apply(1, [state])
      }
    }
  }

  /// A match, for the one operand that is chosen; a fold, for a step at each value of the type and,
  /// as in loops, two at each element of a list, and one for each skill that is applied.
  private func declared(
    _ definition: TypeDefinition, _ step: SkillCode.Step, in body: Body,
    _ known: [Int: Value], folds: Bool
  ) throws -> Value {
    func fold(_ value: Value) throws -> Value {
      guard case .made(_, let constructor, let fields) = value else { fatalError("no value of it") }
      if folds { try pay(1) }
      // What an arm of a fold is, is computed before.
      let types = definition.constructors[constructor].fields
      let inside = folds ? try zip(fields, types).map { try replace($0, $1) } : fields
      guard case .function(let callee, let captures) = step.operands[constructor] else {
        return folds
          ? ready(step.operands[constructor], known)
          : try self.value(of: step.operands[constructor], in: body, known)
      }
      let known = folds ? known : try executed(step.operands[constructor], in: body, known)
      try pay(1)
      return try call(callee, inside + captures.map { ready($0, known) }, in: body)
    }
    func replace(_ value: Value, _ type: Type) throws -> Value {
      switch (type, value) {
      case (.variable("self"), _):
        depth += 1
        defer { depth -= 1 }
        guard depth < 150 else { throw Failure.limit }
        return try fold(value)
      case (.list(let element), .list(let values)) where type.description.contains("self"):
        return .list(
          try values.map {
            try pay(2)
            return try replace($0, element)
          })
      case (.pair(let first, let second), .pair(let x, let y)):
        return .pair(try replace(x, first), try replace(y, second))
      default: return value
      }
    }
    return try fold(ready(step.operands.last!, known))
  }

  private func call(
    _ callee: SkillCode.Callee, _ values: [Value], in body: Body
  ) throws -> Value {
    if let (definition, name) = body.code.declared(callee) {
      if let constructor = definition.constructors.firstIndex(where: { $0.name == name }) {
        let made = Value.made(definition, constructor: constructor, values)
        guard made.weight < 10_000, made.nesting < 200 else { throw Failure.limit }
        return made
      }
      guard case .made(_, _, let fields) = values[0] else { fatalError("no record") }
      return fields[definition.labels!.firstIndex(of: name)!]
    }
    switch callee {
    case .recursion: return try run(body, values)
    case .skill(let digest):
      guard let atom = Atoms.with(digest) else {
        if bodies[digest] == nil { bodies[digest] = Body(codes[digest]!) }
        return try run(bodies[digest]!, values)
      }
      // As the function operand of a loop, a branch has values for arms.
      if atom.name == "control.if" { return values[0].bool! ? values[1] : values[2] }
      try pay(Oracle.cost(atom.name, values))
      do {
        let result = try Oracle.apply(atom.name, values)
        guard result.weight < 10_000 else { throw Failure.limit }
        return result
      } catch let error as MachineError {
        throw Failure.errors([error])
      }
    }
  }
}

/// Which steps a step needs.
struct Needs {
  private let code: SkillCode
  /// For each step those that it needs whatever happens, itself included.
  private(set) var strict: [Set<Int>] = []
  /// For each step those that it may need, itself included.
  private var possible: [Set<Int>] = []

  init(_ code: SkillCode) {
    self.code = code
    for (index, step) in code.steps.enumerated() {
      func all(_ table: [Set<Int>], _ operand: SkillCode.Operand) -> Set<Int> {
        slots(operand).filter { $0 >= inputs }.reduce(into: []) { $0.formUnion(table[$1 - inputs]) }
      }
      var sure: Set<Int> = [index]
      if isAtom(index, "control.if") {
        sure.formUnion(all(strict, step.operands[0]))
        sure.formUnion(all(strict, step.operands[1]).intersection(all(strict, step.operands[2])))
      } else if code.declared(step.callee)?.name == "match" {
        sure.formUnion(all(strict, step.operands.last!))
        let arms = step.operands.dropLast().map { all(strict, $0) }
        sure.formUnion(arms.dropFirst().reduce(arms[0]) { $0.intersection($1) })
      } else {
        for operand in step.operands { sure.formUnion(all(strict, operand)) }
      }
      possible.append(step.operands.reduce([index]) { $0.union(all(possible, $1)) })
      strict.append(sure)
    }
  }

  private var inputs: Int { code.signature.parameters.count }

  private func slots(_ operand: SkillCode.Operand) -> [Int] {
    switch operand {
    case .slot(let slot): [slot]
    case .constant, .weight: []
    case .function(_, let captures): captures.flatMap(slots)
    }
  }

  private func isAtom(_ step: Int, _ names: String...) -> Bool {
    guard case .skill(let digest) = code.steps[step].callee, let atom = Atoms.with(digest) else {
      return false
    }
    return names.contains(atom.name)
  }

  /// The steps that are executed outside of arms for the operand, ascending: with one part of a pair,
  /// or one field of a record, the others are taken out too, if anything may need them.
  func wanted(_ operand: SkillCode.Operand) -> [Int] {
    let steps = slots(operand).filter { $0 >= inputs }.map { $0 - inputs }
    var wanted = steps.reduce(into: Set<Int>()) { $0.formUnion(strict[$1]) }
    let possible = steps.reduce(into: Set<Int>()) { $0.formUnion(self.possible[$1]) }
    func isProjection(_ step: Int) -> Bool {
      if isAtom(step, "pair.first", "pair.second") { return true }
      guard let (definition, name) = code.declared(code.steps[step].callee) else { return false }
      return definition.labels?.contains(name) == true
    }
    let pairs = Set(wanted.filter(isProjection).flatMap { slots(code.steps[$0].operands[0]) })
    wanted.formUnion(
      possible.filter { step in
        isProjection(step) && slots(code.steps[step].operands[0]).contains { pairs.contains($0) }
      })
    return wanted.sorted()
  }
}

extension SkillCode {
  /// The declared type whose atom is called, and the atom's name in it.
  func declared(_ callee: Callee) -> (definition: TypeDefinition, name: String)? {
    guard case .skill(let digest) = callee else { return nil }
    for definition in definitions {
      if let atom = definition.atom(digest) {
        return (definition, String(atom.name.split(separator: ".")[1]))
      }
    }
    return nil
  }
}

extension Value {
  /// How deep it nests.
  fileprivate var nesting: Int {
    switch self {
    case .int, .bool, .real: 0
    case .list(let values): 1 + (values.map(\.nesting).max() ?? 0)
    case .pair(let first, let second): 1 + max(first.nesting, second.nesting)
    case .made(_, _, let fields): 1 + (fields.map(\.nesting).max() ?? 0)
    }
  }
}
