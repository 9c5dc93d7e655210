import ReefMachine
import ReefTasks

/// Bodies for values of declared types: a skill for each constructor that has fields.
extension Deducer {
  /// `match` and `fold` over an input of a declared type.
  ///
  /// For a match the fields of the value are the examples' inputs; for a fold the oracle gives the
  /// result for each value inside, as it does for the prefixes of a list.
  func declared(over index: Int) -> [Deduction] {
    guard case .named(let definition, _) = parameters[index].type else { return [] }
    return definition.atoms.compactMap { atom in
      switch atom.derivedForm {
      case .fold: declared(over: index, definition, atom, isFold: true)
      case .match: declared(over: index, definition, atom, isFold: false)
      default: nil
      }
    }
  }

  /// What is known of one operand of the form.
  private enum Arm {
    /// Of a constructor without fields.
    case value(SkillCode.Operand)
    case body(Problem)
  }

  private func declared(
    over index: Int, _ definition: TypeDefinition, _ atom: Atom, isFold: Bool
  ) -> Deduction? {
    let captures = parameters.indices.filter { $0 != index }
    guard let seen = isFold ? parts(of: index, definition) : wholes(of: index),
      let types = operandTypes(of: atom, on: parameters[index].type)
    else { return nil }
    var steps: [SkillCode.Step] = []
    var arms: [Arm] = []
    for (constructor, type) in zip(definition.constructors.indices, types) {
      let own = seen.filter { $0.constructor == constructor }
      if case .function(let fields, _) = type {
        let labelled = fields.enumerated().map { Signature.Parameter(label("part\($0 + 1)"), $1) }
        let examples = own.map { part in
          Example(
            input: part.fields + captures.map { problem.rows[part.row].input[$0] },
            output: part.result)
        }
        guard
          let body = body(
            parameters: labelled + captures.map { parameters[$0] },
            result: problem.signature.result, examples: examples)
        else { return nil }
        arms.append(.body(body))
      } else if let value = value(of: own, among: captures, &steps) {
        arms.append(.value(value))
      } else {
        return nil
      }
    }
    let problems = arms.compactMap { if case .body(let body) = $0 { body } else { nil } }
    // The one with the most to combine is the one to be checked against the task.
    guard
      let main = problems.indices.max(by: {
        problems[$0].signature.parameters.count < problems[$1].signature.parameters.count
      })
    else { return nil }
    return Deduction(
      body: problems[main],
      others: problems.indices.filter { $0 != main }.map { problems[$0] }
    ) { [signature = problem.signature] code, others in
      var codes = others
      codes.insert(code, at: main)
      let bodies = codes.map { $0.withoutIdle(captures: captures) }
      var passed = bodies.makeIterator()
      let operands = arms.map { arm -> SkillCode.Operand in
        switch arm {
        case .value(let operand): return operand
        case .body:
          let (code, captures) = passed.next()!
          return .function(.skill(code.digest), captures: captures.map { .slot($0) })
        }
      }
      let whole = SkillCode(
        signature: signature,
        steps: steps + [.init(.skill(atom.digest), operands + [.slot(index)])],
        result: .slot(signature.parameters.count + steps.count))
      return .init(code: whole.normalized(), bodies: bodies.map(\.code))
    }
  }

  /// The types of the form's operands but the last, which is of the type `data`.
  private func operandTypes(of atom: Atom, on data: Type) -> [Type]? {
    guard case .function(let operands, .variable(let result)) = atom.type, let last = operands.last
    else { return nil }
    var bindings: [String: Type] = [:]
    guard last.matches(data, &bindings) else { return nil }
    bindings[result] = problem.signature.result
    return operands.dropLast().map { $0.replacing(bindings) }
  }

  // MARK: Examples

  /// A value of the declared type, what its fields are for the body, and the result for it.
  private struct Part {
    let row: Int
    let constructor: Int
    let fields: [Value]
    let result: Value
  }

  private func wholes(of index: Int) -> [Part]? {
    problem.rows.enumerated().compactMap { row, example in
      guard case .made(_, let constructor, let fields) = example.input[index],
        let result = example.output
      else { return nil }
      return Part(row: row, constructor: constructor, fields: fields, result: result)
    }
  }

  /// More values inside one are not asked for.
  private static let maximumParts = 40

  /// The values inside the rows' own, in whose fields those inside are replaced by their results.
  private func parts(of index: Int, _ definition: TypeDefinition) -> [Part]? {
    guard let oracle = problem.oracle else { return nil }
    var asked: [[Value]] = []
    var found: [(row: Int, value: Value)] = []
    for (row, example) in problem.rows.enumerated() {
      let inside = definition.values(inside: example.input[index])
      guard inside.count <= Deducer.maximumParts else { continue }
      for value in inside {
        var input = example.input
        input[index] = value
        asked.append(input)
        found.append((row, value))
      }
    }
    guard !asked.isEmpty, let answers = try? oracle(asked), answers.count == asked.count else {
      return nil
    }
    let known = Dictionary(zip(asked, answers), uniquingKeysWith: { first, _ in first })
    return found.compactMap { row, value in
      guard case .made(_, let constructor, let fields) = value else { return nil }
      func answer(_ value: Value) -> Value? {
        var input = problem.rows[row].input
        input[index] = value
        return known[input] ?? nil
      }
      let types = definition.constructors[constructor].fields
      let replaced = zip(fields, types).compactMap { $0.replacing(ownIn: $1, answer) }
      guard replaced.count == fields.count, let result = answer(value) else { return nil }
      return Part(row: row, constructor: constructor, fields: replaced, result: result)
    }
  }

  /// What stands for a constructor without fields: a small value, or one of the inputs.
  private func value(
    of parts: [Part], among captures: [Int], _ steps: inout [SkillCode.Step]
  ) -> SkillCode.Operand? {
    guard let first = parts.first?.result else { return nil }
    if parts.allSatisfy({ $0.result == first }) {
      return first.scalarCount <= 3 ? construct(first, &steps) : nil
    }
    return captures.first { capture in
      parts.allSatisfy { problem.rows[$0.row].input[capture] == $0.result }
    }.map { .slot($0) }
  }
}

extension TypeDefinition {
  /// The value and all values of the type inside it, in the order of their beginnings.
  fileprivate func values(inside value: Value) -> [Value] {
    guard case .made(_, let constructor, let fields) = value else { return [] }
    return [value]
      + zip(fields, constructors[constructor].fields).flatMap { field, type in
        field.values(ofOwnIn: type).flatMap(values(inside:))
      }
  }
}

extension Value {
  /// The values that stand where a field's type has the declared type itself.
  fileprivate func values(ofOwnIn type: Type) -> [Value] {
    switch (self, type) {
    case (_, .variable(TypeDefinition.own)): [self]
    case (.list(let values), .list(let element)): values.flatMap { $0.values(ofOwnIn: element) }
    case (.pair(let first, let second), .pair(let a, let b)):
      first.values(ofOwnIn: a) + second.values(ofOwnIn: b)
    default: []
    }
  }

  /// With another value in each of these places; nil where one has none.
  fileprivate func replacing(ownIn type: Type, _ other: (Value) -> Value?) -> Value? {
    switch (self, type) {
    case (_, .variable(TypeDefinition.own)): return other(self)
    case (.list(let values), .list(let element)):
      let replaced = values.compactMap { $0.replacing(ownIn: element, other) }
      return replaced.count == values.count ? .list(replaced) : nil
    case (.pair(let first, let second), .pair(let a, let b)):
      guard let first = first.replacing(ownIn: a, other),
        let second = second.replacing(ownIn: b, other)
      else { return nil }
      return .pair(first, second)
    default: return self
    }
  }
}
