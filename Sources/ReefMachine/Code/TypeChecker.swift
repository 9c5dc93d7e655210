/// Why code is not well typed.
public struct CheckError: Error, Hashable, Sendable {
  /// The position of the step; nil where the signature or the result is at fault.
  public let step: Int?
  /// A clause, such as `operand 2 is int, where [int] is needed`.
  public let reason: String
}

extension CheckError: CustomStringConvertible {
  public var description: String {
    guard let step else { return "\(reason.prefix(1).uppercased())\(reason.dropFirst())." }
    return "Step s\(step): \(reason)."
  }
}

/// Code whose every step was found well typed, with the types that were inferred. Only the check
/// makes such a value, so whoever holds one need not look again.
package struct CheckedCode: Hashable, Sendable {
  package let code: SkillCode
  /// The types of all slots, inputs first. The signature's own variables may occur in them.
  package let slotTypes: [Type]
  /// For each step the function type of its callee at that place.
  package let calleeTypes: [Type]
  /// For each step and operand the type of a function operand's skill with all its parameters, the
  /// captured ones included; nil for other operands.
  package let functionTypes: [[Type?]]

  /// Checks every step of `code`.
  ///
  /// A callee's type variables are fresh at each use; the signature's own stand for themselves; what
  /// nothing determines becomes `int`. Close to linear in the size of the code.
  ///
  /// - Parameter typeOf: The function type of an entry or atom, or nil where there is none; atoms of
  ///   types that the code declares are known.
  package static func check(
    _ code: SkillCode, typeOf: (Digest) -> Type?
  ) throws(CheckError) -> CheckedCode {
    try withoutActuallyEscaping(typeOf) { typeOf throws(CheckError) in
      var checker = Checker(code: code, typeOf: typeOf)
      return try checker.check()
    }
  }
}

private struct Checker {
  let code: SkillCode
  let typeOf: (Digest) -> Type?
  var unifier = Unifier()
  /// The terms of the slots so far.
  var slots: [Int] = []
  /// The signature's variables.
  var rigid: [String: Int] = [:]
  /// The step being checked.
  var position: Int?

  init(code: SkillCode, typeOf: @escaping (Digest) -> Type?) {
    self.code = code
    self.typeOf = typeOf
  }

  func error(_ reason: String) -> CheckError { CheckError(step: position, reason: reason) }

  mutating func check() throws(CheckError) -> CheckedCode {
    try checkSignature()
    for name in code.signature.type.variables { rigid[name] = unifier.add(.rigid(name)) }
    for type in code.signature.parameterTypes { slots.append(unifier.term(type, &rigid)) }

    var calleeTerms: [Int] = []
    var functionTerms: [[Int?]] = []
    for (index, step) in code.steps.enumerated() {
      position = index
      let callee = try term(of: step.callee)
      guard case .function(let parameters, let result) = unifier.term(at: callee) else {
        throw error("\(name(step.callee)) is no function")
      }
      guard parameters.count == step.operands.count else {
        throw error(
          "\(name(step.callee)) takes \(count(parameters.count, "operand")), "
            + "but \(step.operands.count == 1 ? "1 is" : "\(step.operands.count) are") given")
      }
      var functions: [Int?] = []
      for (number, (operand, parameter)) in zip(step.operands, parameters).enumerated() {
        let found = try term(of: operand)
        try unify(found.term, parameter) { "operand \(number + 1) of \($0.name(step.callee))" }
        functions.append(found.function)
      }
      calleeTerms.append(callee)
      functionTerms.append(functions)
      slots.append(result)
    }

    position = nil
    if case .function = code.result { throw error("the result is a function, which is no value") }
    let result = try term(of: code.result)
    let declared = unifier.term(code.signature.result, &rigid)
    try unify(result.term, declared) { _ in "the result" }

    var slotTypes: [Type] = []
    for (slot, term) in slots.enumerated() {
      position =
        slot < code.signature.parameters.count
        ? nil : slot - code.signature.parameters.count
      slotTypes.append(try type(term))
    }
    var calleeTypes: [Type] = []
    var functionTypes: [[Type?]] = []
    for index in code.steps.indices {
      position = index
      calleeTypes.append(try type(calleeTerms[index]))
      var functions: [Type?] = []
      for term in functionTerms[index] {
        functions.append(term == nil ? nil : try type(term!))
      }
      functionTypes.append(functions)
    }
    return CheckedCode(
      code: code, slotTypes: slotTypes, calleeTypes: calleeTypes, functionTypes: functionTypes)
  }

  func checkSignature() throws(CheckError) {
    var names: Set<String> = []
    for definition in code.neededDefinitions where !names.insert(definition.name).inserted {
      throw error("two different types are named '\(definition.name)'")
    }
    for parameter in code.signature.parameters where parameter.type.hasFunction {
      throw error(
        "the parameter '\(parameter.name)' is a function; only atoms take functions as operands")
    }
    if code.signature.result.hasFunction {
      throw error("the result is a function, which is no value")
    }
  }

  // MARK: Terms

  /// The function type of a callee with fresh variables.
  mutating func term(of callee: SkillCode.Callee) throws(CheckError) -> Int {
    switch callee {
    case .recursion: return unifier.term(code.signature.type, &rigid)
    case .skill(let digest):
      guard let type = code.derivedAtom(digest)?.type ?? typeOf(digest) else {
        throw error("no skill has the digest \(digest.short)")
      }
      var variables: [String: Int] = [:]
      return unifier.term(type, &variables)
    }
  }

  mutating func term(
    of operand: SkillCode.Operand
  ) throws(CheckError) -> (term: Int, function: Int?) {
    switch operand {
    case .slot(let slot):
      guard slots.indices.contains(slot) else {
        throw error("slot \(slot) is not computed before it is used")
      }
      return (slots[slot], nil)
    case .constant(let value): return (try term(of: value, depth: 0), nil)
    case .weight(let weight):
      guard weight.shape.count < Unifier.largestType else {
        throw error("the weights '\(weight.name)' have too many dimensions")
      }
      return (weight.shape.reduce(unifier.add(.real)) { term, _ in unifier.add(.list(term)) }, nil)
    case .function(let callee, let captures):
      if case .skill(let digest) = callee,
        code.definition(ofAtom: digest)?.form(digest) == .match
      {
        throw error("\(name(callee)) chooses at a step; as an operand it needs a skill around it")
      }
      let function = try term(of: callee)
      guard case .function(let parameters, let result) = unifier.term(at: function) else {
        throw error("\(name(callee)) is no function")
      }
      let open = parameters.count - captures.count
      guard open >= 0 else {
        throw error(
          "\(name(callee)) takes \(count(parameters.count, "operand")), "
            + "but \(captures.count) are bound to it")
      }
      for (number, (capture, parameter)) in zip(captures, parameters[open...]).enumerated() {
        if case .function = capture {
          throw error("a function cannot be bound to \(self.name(callee))")
        }
        try unify(try term(of: capture).term, parameter) {
          "captured operand \(number + 1) of \($0.name(callee))"
        }
      }
      let rest = unifier.add(.function(Array(parameters[..<open]), result))
      return (rest, function)
    }
  }

  mutating func term(of value: Value, depth: Int) throws(CheckError) -> Int {
    guard depth < Unifier.largestType else { throw error("a constant nests too deeply") }
    switch value {
    case .int: return unifier.add(.int)
    case .bool: return unifier.add(.bool)
    case .real: return unifier.add(.real)
    case .list(let values):
      let element = unifier.variable()
      for (index, value) in values.enumerated() {
        try unify(try term(of: value, depth: depth + 1), element) { _ in
          "element \(index) of a list constant"
        }
      }
      return unifier.add(.list(element))
    case .pair(let first, let second):
      let first = try term(of: first, depth: depth + 1)
      let second = try term(of: second, depth: depth + 1)
      return unifier.add(.pair(first, second))
    case .made(let definition, let constructor, let values):
      var variables: [String: Int] = [:]
      let own = unifier.term(definition.type, &variables)
      variables[TypeDefinition.own] = own
      let fields = definition.constructors[constructor].fields
      for (index, (value, field)) in zip(values, fields).enumerated() {
        let wanted = unifier.term(field, &variables)
        try unify(try term(of: value, depth: depth + 1), wanted) { _ in
          "field \(index + 1) of a constant \(definition.name)"
        }
      }
      return own
    }
  }

  // MARK: Errors

  /// - Parameter what: What the first term is of; asked only where the two do not fit.
  mutating func unify(
    _ found: Int, _ expected: Int, _ what: (Checker) -> String
  ) throws(CheckError) {
    do {
      try unifier.unify(found, expected)
    } catch {
      let shown = [found, expected].map { term in
        (try? unifier.type(term, free: .variable("_")))?.description ?? "a large type"
      }
      throw self.error("\(what(self)) is \(shown[0]), where \(shown[1]) is needed")
    }
  }

  func type(_ term: Int) throws(CheckError) -> Type {
    do {
      return try unifier.type(term, free: .int)
    } catch .infinite {
      throw self.error("a type would contain itself")
    } catch {
      throw self.error("a type has more than \(Unifier.largestType) parts")
    }
  }

  func name(_ callee: SkillCode.Callee) -> String {
    switch callee {
    case .recursion: "self"
    case .skill(let digest): code.atom(digest)?.name ?? "skill #\(digest.short)"
    }
  }

  func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
