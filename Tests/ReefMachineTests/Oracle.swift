import Foundation

@testable import ReefMachine

extension Value {
  /// The number of values inside, itself included.
  var weight: Int {
    switch self {
    case .int, .bool, .real: 1
    case .list(let values): values.reduce(1) { $0 + $1.weight }
    case .pair(let first, let second): 1 + first.weight + second.weight
    case .made(_, _, let fields): fields.reduce(1) { $0 + $1.weight }
    }
  }
}

/// What each atom that is no control form means, on values.
enum Oracle {
  /// - Throws: A `MachineError`, or `ReferenceInterpreter.Failure.limit`.
  static func apply(_ name: String, _ v: [Value]) throws -> Value {
    switch name {
    case "int.add", "int.subtract", "int.multiply", "int.divide", "int.modulo", "int.min",
      "int.max", "int.less", "int.lessOrEqual":
      return try integer(name, v[0].int!, v[1].int!)
    case "equal": return .bool(isEqual(v[0], v[1]))
    case "bool.and": return .bool(v[0].bool! && v[1].bool!)
    case "bool.or": return .bool(v[0].bool! || v[1].bool!)
    case "bool.not": return .bool(!v[0].bool!)
    case "real.fromInt": return .real(Double(v[0].int!))
    case "real.add": return .real(v[0].real! + v[1].real!)
    case "real.subtract": return .real(v[0].real! - v[1].real!)
    case "real.multiply": return .real(v[0].real! * v[1].real!)
    case "real.divide": return .real(v[0].real! / v[1].real!)
    case "real.exp": return .real(exp(v[0].real!))
    case "real.log": return .real(v[0].real! < 0 ? .nan : log(v[0].real!))
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

  private static func integer(_ name: String, _ x: Int, _ y: Int) throws -> Value {
    // 128 bits hold every exact result.
    let (a, b) = (Int128(x), Int128(y))
    func floored() throws -> Int128 {
      if b == 0 { throw MachineError.divisionByZero }
      var quotient = a / b
      while quotient * b > a && b > 0 || quotient * b < a && b < 0 { quotient -= 1 }
      return quotient
    }
    let exact: Int128
    switch name {
    case "int.add": exact = a + b
    case "int.subtract": exact = a - b
    case "int.multiply": exact = a * b
    case "int.divide": exact = try floored()
    case "int.modulo": exact = try a - floored() * b
    case "int.min": exact = a < b ? a : b
    case "int.max": exact = a > b ? a : b
    case "int.less": return .bool(a < b)
    default: return .bool(a <= b)
    }
    guard let result = Int(exactly: exact) else { throw MachineError.overflow }
    return .int(result)
  }

  private static func list(_ name: String, _ v: [Value]) throws -> Value {
    func nonempty() throws -> [Value] {
      if v[0].list!.isEmpty { throw MachineError.emptyList }
      return v[0].list!
    }
    switch name {
    case "list.prepend": return .list([v[0]] + v[1].list!)
    case "list.append": return .list(v[0].list! + [v[1]])
    case "list.concat": return .list(v[0].list! + v[1].list!)
    case "list.length": return .int(v[0].list!.count)
    case "list.isEmpty": return .bool(v[0].list!.isEmpty)
    case "list.get":
      let (list, index) = (v[0].list!, v[1].int!)
      guard list.indices.contains(index) else {
        throw MachineError.index(index, count: list.count)
      }
      return list[index]
    case "list.set":
      var list = v[0].list!
      let index = v[1].int!
      guard list.indices.contains(index) else {
        throw MachineError.index(index, count: list.count)
      }
      list[index] = v[2]
      return .list(list)
    case "list.first": return try nonempty().first!
    case "list.last": return try nonempty().last!
    case "list.rest": return .list(Array(try nonempty()[1...]))
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
    case "list.indexOf":
      return .int(v[0].list!.firstIndex { isEqual($0, v[1]) } ?? -1)
    default: fatalError("\(name) has no oracle")
    }
  }

  /// The steps that an atom charges for elements, copies of its operands apart.
  static func cost(_ name: String, _ v: [Value]) -> Int {
    switch name {
    case "equal": return comparison(v[0], v[1])
    case "list.concat": return v[1].list!.count
    case "list.reverse": return v[0].list!.count
    case "list.zip": return min(v[0].list!.count, v[1].list!.count)
    case "list.indexOf":
      var cost = 0
      for element in v[0].list! {
        cost += 1 + comparison(element, v[1])
        if isEqual(element, v[1]) { break }
      }
      return cost
    case "list.range":
      let (count, isHuge) = v[1].int!.subtractingReportingOverflow(v[0].int!)
      return isHuge ? 0 : max(0, count)
    case "list.replicate": return max(0, v[0].int!)
    default: return 0
    }
  }

  /// A step for each pair of elements that is compared, and two for each pair of pairs, and one
  /// for each field where the constructors are the same.
  private static func comparison(_ left: Value, _ right: Value) -> Int {
    switch (left, right) {
    case (.list(let left), .list(let right)):
      if left.count != right.count { return 0 }
      var cost = 0
      for (x, y) in zip(left, right) {
        cost += 1 + comparison(x, y)
        if !isEqual(x, y) { break }
      }
      return cost
    case (.pair(let a, let b), .pair(let c, let d)):
      return 2 + comparison(a, c) + (isEqual(a, c) ? comparison(b, d) : 0)
    case (.made(_, let left, let fields), .made(_, let right, let others)):
      if left != right { return 0 }
      var cost = fields.count
      for (x, y) in zip(fields, others) {
        cost += comparison(x, y)
        if !isEqual(x, y) { break }
      }
      return cost
    default: return 0
    }
  }

  static func isEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.real(let left), .real(let right)): left.value == right.value
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy(isEqual)
    case (.pair(let a, let b), .pair(let c, let d)): isEqual(a, c) && isEqual(b, d)
    case (.made(_, let left, let fields), .made(_, let right, let others)):
      left == right && zip(fields, others).allSatisfy(isEqual)
    default: left == right
    }
  }
}
