import ReefMachine

extension SwiftProgram {
  static func core(_ limits: Limits) -> String {
    """
    import Foundation

    /// The most steps of a run, the most elements of a list, and the most calls open at once.
    let fuelLimit = \(limits.fuel)
    let lengthLimit = \(limits.bytes / 8)
    let depthLimit = \(limits.depth)
    /// The deepest nesting of a value that is told.
    let nestingLimit = \(Value.maximumDepth)

    typealias List<Element> = ArraySlice<Element>

    struct Pair<First, Second> {
      var first: First
      var second: Second

      init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
      }
    }

    enum Failure: String, Error {
      case overflow, divisionByZero, index, emptyList, fuel, memory, depth, nesting, badInput
    }

    /// One run: what it may still use. The skills are its methods.
    struct Run {
      var fuel = fuelLimit
      var depth = 0

      /// Pays for steps.
      mutating func charge(_ steps: Int) throws(Failure) {
        fuel -= steps
        if fuel < 0 { throw .fuel }
      }
    }

    /// What all types of values have.
    protocol Value {
      /// Pays for each pair of parts.
      static func equal(_ x: Self, _ y: Self, _ run: inout Run) throws(Failure) -> Bool
      init(reading input: inout Input) throws(Failure)
      func write(to output: inout String)
      /// Sees that it is not too deep to be told.
      func nest(_ depth: Int) throws(Failure)
    }

    extension Value {
      func nest(_ depth: Int) throws(Failure) {
        if depth >= nestingLimit { throw .nesting }
      }
    }

    extension Run {
      mutating func equal<V: Value>(_ x: V, _ y: V) throws(Failure) -> Bool {
        try V.equal(x, y, &self)
      }
    }

    """
  }

  static let recursion = """

    extension Run {
      /// Opens a call, and pays for its steps.
      mutating func enter(_ steps: Int) throws(Failure) {
        try charge(steps)
        depth += 1
        if depth > depthLimit { throw .depth }
      }
    }

    """

  static let snippets: [(name: String, text: String)] = [
    (
      "int_add",
      """

      func int_add(_ x: Int, _ y: Int) throws(Failure) -> Int {
        let (result, isWrong) = x.addingReportingOverflow(y)
        if isWrong { throw .overflow }
        return result
      }

      """
    ),
    (
      "int_subtract",
      """

      func int_subtract(_ x: Int, _ y: Int) throws(Failure) -> Int {
        let (result, isWrong) = x.subtractingReportingOverflow(y)
        if isWrong { throw .overflow }
        return result
      }

      """
    ),
    (
      "int_multiply",
      """

      func int_multiply(_ x: Int, _ y: Int) throws(Failure) -> Int {
        let (result, isWrong) = x.multipliedReportingOverflow(by: y)
        if isWrong { throw .overflow }
        return result
      }

      """
    ),
    (
      "int_divide",
      """

      /// Rounded down.
      func int_divide(_ x: Int, _ y: Int) throws(Failure) -> Int {
        if y == 0 { throw .divisionByZero }
        let (quotient, isWrong) = x.dividedReportingOverflow(by: y)
        if isWrong { throw .overflow }
        return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient
      }

      """
    ),
    (
      "int_modulo",
      """

      /// With the sign of the divisor.
      func int_modulo(_ x: Int, _ y: Int) throws(Failure) -> Int {
        if y == 0 { throw .divisionByZero }
        if y == -1 { return 0 }
        let remainder = x % y
        return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
      }

      """
    ),
    (
      "real_exp",
      """

      func real_exp(_ x: Double) -> Double { exp(x) }

      """
    ),
    (
      "real_log",
      """

      func real_log(_ x: Double) -> Double { x < 0 ? .nan : log(x) }

      """
    ),
    (
      "real_min",
      """

      /// NaN where one is; -0.0 is below 0.0.
      func real_min(_ x: Double, _ y: Double) -> Double {
        if x.isNaN || y.isNaN { return .nan }
        return x < y || (x == y && x.sign == .minus) ? x : y
      }

      """
    ),
    (
      "real_max",
      """

      func real_max(_ x: Double, _ y: Double) -> Double { -real_min(-x, -y) }

      """
    ),
    (
      "list_append",
      """

      func list_append<T>(_ list: consuming List<T>, _ value: T) -> List<T> {
        list.append(value)
        return list
      }

      """
    ),
    (
      "list_prepend",
      """

      func list_prepend<T>(_ value: T, _ list: consuming List<T>) -> List<T> {
        list.insert(value, at: list.startIndex)
        return list
      }

      """
    ),
    (
      "list_get",
      """

      func list_get<T>(_ list: List<T>, _ index: Int) throws(Failure) -> T {
        if index < 0 || index >= list.count { throw .index }
        return list[list.startIndex + index]
      }

      """
    ),
    (
      "list_set",
      """

      func list_set<T>(_ list: consuming List<T>, _ index: Int, _ value: T) throws(Failure) -> List<T> {
        if index < 0 || index >= list.count { throw .index }
        list[list.startIndex + index] = value
        return list
      }

      """
    ),
    (
      "list_first",
      """

      func list_first<T>(_ list: List<T>) throws(Failure) -> T {
        guard let first = list.first else { throw .emptyList }
        return first
      }

      """
    ),
    (
      "list_last",
      """

      func list_last<T>(_ list: List<T>) throws(Failure) -> T {
        guard let last = list.last else { throw .emptyList }
        return last
      }

      """
    ),
    (
      "list_rest",
      """

      func list_rest<T>(_ list: consuming List<T>) throws(Failure) -> List<T> {
        if list.isEmpty { throw .emptyList }
        list.removeFirst()
        return list
      }

      """
    ),
    (
      "room",
      """

      extension Run {
        mutating func room(_ count: Int) throws(Failure) {
          try charge(count)
          if count > lengthLimit { throw .memory }
        }
      }

      """
    ),
    (
      "list_concat",
      """

      extension Run {
        mutating func list_concat<T>(_ left: consuming List<T>, _ right: List<T>)
          throws(Failure) -> List<T>
        {
          try charge(right.count)
          left.append(contentsOf: right)
          return left
        }
      }

      """
    ),
    (
      "list_reverse",
      """

      extension Run {
        mutating func list_reverse<T>(_ list: consuming List<T>) throws(Failure) -> List<T> {
          try charge(list.count)
          list.reverse()
          return list
        }
      }

      """
    ),
    (
      "list_range",
      """

      extension Run {
        mutating func list_range(_ low: Int, _ high: Int) throws(Failure) -> List<Int> {
          if high <= low { return [] }
          let (count, isWrong) = high.subtractingReportingOverflow(low)
          if isWrong { throw .memory }
          try room(count)
          return List(low..<high)
        }
      }

      """
    ),
    (
      "list_replicate",
      """

      extension Run {
        mutating func list_replicate<T>(_ count: Int, _ value: T) throws(Failure) -> List<T> {
          let count = Swift.max(0, count)
          try room(count)
          return List(repeating: value, count: count)
        }
      }

      """
    ),
    (
      "list_zip",
      """

      extension Run {
        mutating func list_zip<T, U>(_ left: List<T>, _ right: List<U>)
          throws(Failure) -> List<Pair<T, U>>
        {
          try charge(Swift.min(left.count, right.count))
          return List(zip(left, right).map { Pair($0, $1) })
        }
      }

      """
    ),
    (
      "list_indexOf",
      """

      extension Run {
        mutating func list_indexOf<T: Value>(_ list: List<T>, _ value: T) throws(Failure) -> Int {
          for (index, element) in list.enumerated() {
            try charge(1)
            if try equal(element, value) { return index }
          }
          return -1
        }
      }

      """
    ),
  ]
}
