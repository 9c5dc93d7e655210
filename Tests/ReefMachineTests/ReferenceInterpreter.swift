@testable import ReefMachine

/// A slow, obvious interpreter of skill code on `Value`s, recursive and lazy by memo. It shares no
/// code with the machine: the atoms are written down once more here.
final class ReferenceInterpreter {
  enum Failure: Error {
    /// An overflow, a division by zero, an index or an empty list.
    case error
    /// Too many steps or calls: says nothing about the result.
    case limit
  }

  let codes: [Digest: SkillCode]
  private var stepsLeft: Int
  private var depth = 0

  init(codes: [Digest: SkillCode], steps: Int) {
    self.codes = codes
    stepsLeft = steps
  }

  func run(_ code: SkillCode, _ arguments: [Value]) throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < 150 else { throw Failure.limit }
    var slots: [Int: Value] = [:]
    func value(_ operand: SkillCode.Operand) throws -> Value {
      switch operand {
      case .constant(let value): return value
      case .function: fatalError("a function is no value")
      case .slot(let slot):
        if slot < arguments.count { return arguments[slot] }
        if let known = slots[slot] { return known }
        let result = try step(code.steps[slot - arguments.count])
        slots[slot] = result
        return result
      }
    }
    func apply(_ operand: SkillCode.Operand, _ values: [Value]) throws -> Value {
      guard case .function(let callee, let captures) = operand else { fatalError("no function") }
      return try call(callee, values + captures.map(value), in: code)
    }
    func step(_ step: SkillCode.Step) throws -> Value {
      guard case .skill(let digest) = step.callee, let atom = Atoms.with(digest),
        case .control(let form) = atom.implementation
      else { return try call(step.callee, step.operands.map(value), in: code) }
      let operands = step.operands
      try tick()
      // What is captured is needed even by a loop without rounds.
      for case .function(_, let captures) in operands { _ = try captures.map(value) }
      switch form {
      case .branch: return try value(operands[try value(operands[0]).bool! ? 1 : 2])
      case .map: return .list(try value(operands[1]).list!.map { try apply(operands[0], [$0]) })
      case .map2:
        let (left, right) = (try value(operands[1]).list!, try value(operands[2]).list!)
        return .list(try zip(left, right).map { try apply(operands[0], [$0, $1]) })
      case .filter:
        return .list(
          try value(operands[1]).list!.filter { try apply(operands[0], [$0]).bool! })
      case .fold:
        return try value(operands[2]).list!.reduce(try value(operands[1])) {
          try apply(operands[0], [$0, $1])
        }
      case .scan:
        var state = try value(operands[1])
        var outputs: [Value] = []
        for element in try value(operands[2]).list! {
          let (next, output) = try apply(operands[0], [state, element]).pair!
          state = next
          outputs.append(output)
        }
        return .pair(state, .list(outputs))
      case .iterate:
        var state = try value(operands[2])
        var count = try value(operands[1]).int!
        while count > 0 {
          state = try apply(operands[0], [state])
          count -= 1
        }
        return state
      case .loop:
        var state = try value(operands[2])
        while try apply(operands[0], [state]).bool! { state = try apply(operands[1], [state]) }
        return state
      }
    }
    return try value(code.result)
  }

  private func tick() throws {
    stepsLeft -= 1
    if stepsLeft < 0 { throw Failure.limit }
  }

  private func call(
    _ callee: SkillCode.Callee, _ values: [Value], in code: SkillCode
  ) throws -> Value {
    try tick()
    switch callee {
    case .recursion: return try run(code, values)
    case .skill(let digest):
      if let atom = Atoms.with(digest) {
        // As the function operand of a loop, a branch has values for arms.
        if atom.name == "control.if" { return values[0].bool! ? values[1] : values[2] }
        guard let result = try Oracle.apply(atom.name, values) else { throw Failure.error }
        guard result.weight < 10_000 else { throw Failure.limit }
        return result
      }
      return try run(codes[digest]!, values)
    }
  }
}

extension Value {
  /// The number of values inside, itself included.
  var weight: Int {
    switch self {
    case .int, .bool, .real: 1
    case .list(let values): values.reduce(1) { $0 + $1.weight }
    case .pair(let first, let second): 1 + first.weight + second.weight
    }
  }
}

/// What each atom that is no control form means, on values.
enum Oracle {
  struct TooLarge: Error {}

  /// Nil is an error of the run.
  static func apply(_ name: String, _ v: [Value]) throws -> Value? {
    switch name {
    case "int.add", "int.subtract", "int.multiply", "int.divide", "int.modulo", "int.min",
      "int.max", "int.less", "int.lessOrEqual":
      return integer(name, v[0].int!, v[1].int!)
    case "equal": return .bool(isEqual(v[0], v[1]))
    case "bool.and": return .bool(v[0].bool! && v[1].bool!)
    case "bool.or": return .bool(v[0].bool! || v[1].bool!)
    case "bool.not": return .bool(!v[0].bool!)
    case "real.fromInt": return .real(Double(v[0].int!))
    case "real.add": return .real(v[0].real! + v[1].real!)
    case "real.subtract": return .real(v[0].real! - v[1].real!)
    case "real.multiply": return .real(v[0].real! * v[1].real!)
    case "real.divide": return .real(v[0].real! / v[1].real!)
    case "real.min", "real.max":
      let (x, y) = (v[0].real!, v[1].real!)
      if x.isNaN || y.isNaN { return .real(Double.nan) }
      let isAscending = x.isTotallyOrdered(belowOrEqualTo: y)
      return .real((name == "real.min") == isAscending ? x : y)
    case "real.less": return .bool(v[0].real! < v[1].real!)
    case "real.lessOrEqual": return .bool(v[0].real! <= v[1].real!)
    case "pair.make": return .pair(v[0], v[1])
    case "pair.first": return v[0].pair!.0
    case "pair.second": return v[0].pair!.1
    default: return try list(name, v)
    }
  }

  private static func integer(_ name: String, _ x: Int, _ y: Int) -> Value? {
    // 128 bits hold every exact result.
    let (a, b) = (Int128(x), Int128(y))
    func floored() -> Int128? {
      if b == 0 { return nil }
      var quotient = a / b
      while quotient * b > a && b > 0 || quotient * b < a && b < 0 { quotient -= 1 }
      return quotient
    }
    let exact: Int128?
    switch name {
    case "int.add": exact = a + b
    case "int.subtract": exact = a - b
    case "int.multiply": exact = a * b
    case "int.divide": exact = floored()
    case "int.modulo": exact = floored().map { a - $0 * b }
    case "int.min": exact = a < b ? a : b
    case "int.max": exact = a > b ? a : b
    case "int.less": return .bool(a < b)
    default: return .bool(a <= b)
    }
    return exact.flatMap { Int(exactly: $0) }.map { .int($0) }
  }

  private static func list(_ name: String, _ v: [Value]) throws -> Value? {
    switch name {
    case "list.prepend": return .list([v[0]] + v[1].list!)
    case "list.append": return .list(v[0].list! + [v[1]])
    case "list.concat": return .list(v[0].list! + v[1].list!)
    case "list.length": return .int(v[0].list!.count)
    case "list.isEmpty": return .bool(v[0].list!.isEmpty)
    case "list.get":
      let (list, index) = (v[0].list!, v[1].int!)
      return index >= 0 && index < list.count ? list[index] : nil
    case "list.set":
      var list = v[0].list!
      let index = v[1].int!
      guard index >= 0, index < list.count else { return nil }
      list[index] = v[2]
      return .list(list)
    case "list.first": return v[0].list!.first
    case "list.last": return v[0].list!.last
    case "list.rest": return v[0].list!.isEmpty ? nil : .list(Array(v[0].list![1...]))
    case "list.take": return .list(Array(v[0].list!.prefix(max(0, v[1].int!))))
    case "list.drop": return .list(Array(v[0].list!.dropFirst(max(0, v[1].int!))))
    case "list.reverse": return .list(v[0].list!.reversed())
    case "list.range":
      let (low, high) = (v[0].int!, v[1].int!)
      if high <= low { return .list([]) }
      guard Int128(high) - Int128(low) < 10_000 else { throw ReferenceInterpreter.Failure.limit }
      return .ints(low..<high)
    case "list.replicate":
      guard v[0].int! < 10_000 else { throw ReferenceInterpreter.Failure.limit }
      return .list(Array(repeating: v[1], count: max(0, v[0].int!)))
    case "list.zip": return .list(zip(v[0].list!, v[1].list!).map { .pair($0, $1) })
    case "list.flatten": return .list(v[0].list!.flatMap { $0.list! })
    case "list.indexOf":
      return .int(v[0].list!.firstIndex { isEqual($0, v[1]) } ?? -1)
    default: fatalError("\(name) has no oracle")
    }
  }

  static func isEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.real(let left), .real(let right)): left.value == right.value
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy(isEqual)
    case (.pair(let a, let b), .pair(let c, let d)): isEqual(a, c) && isEqual(b, d)
    default: left == right
    }
  }
}
