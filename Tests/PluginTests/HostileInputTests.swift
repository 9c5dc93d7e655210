import ReefMachine
import ReefTasks
import Testing

@Suite("Inputs that a learner may invent") struct HostileInputTests {
  /// Together more than 10,000 inputs.
  @Test("No oracle traps, and none answers with another type", arguments: 0..<10)
  func oraclesSurvive(seed: Int) throws {
    var rng = SplitMix64(seed: seed)
    for task in allTasks {
      for _ in 0..<30 {
        let input = task.task.signature.parameterTypes.map { hostile($0, depth: 0, &rng) }
        if let answer = try task.answers([input])[0] {
          #expect(answer.conforms(to: task.task.signature.result))
        }
      }
    }
  }

  @Test("Inputs of the wrong number or type are outside the domain", arguments: allTasks)
  func wrongTypesHaveNoAnswer(_ task: PluginTask) throws {
    let wrong = Value.pair(.bool(true), .bool(false))
    #expect(try task.answers([[]]) == [nil])
    #expect(try task.answers([task.task.signature.parameters.map { _ in wrong }]) == [nil])
    let input = try task.inputs(size: 2, count: 1, seed: 1)[0]
    #expect(try task.answers([input + [wrong]]) == [nil])
  }

  @Test("Lists shortened from either end, and leading zeros, stay inside the domain of digits")
  func domainsAreWide() throws {
    let digits = Value.ints([3, 0, 0])
    for task in ["add", "multiply", "compare"] {
      #expect(try arithmeticAnswer(task, [digits, .ints([])]) != nil)
    }
    #expect(try arithmeticAnswer("trim", [.ints([])]) == .ints([0]))
    #expect(try arithmeticAnswer("propagate", [.ints([])]) == .ints([0]))
    #expect(try arithmeticAnswer("add", [.ints([10]), .ints([1])]) == nil)
    #expect(try arithmeticAnswer("subtract", [.ints([1]), .ints([2])]) == nil)
    #expect(try arithmeticAnswer("divide", [.ints([1]), .ints([0])]) == nil)
    #expect(try arithmeticAnswer("power", [.int(1), .int(.max)]) == .int(1))
    #expect(try arithmeticAnswer("power", [.int(2), .int(63)]) == nil)
  }

  private func arithmeticAnswer(_ task: String, _ input: [Value]) throws -> Value? {
    try allPlugins[0].expected(task: task, inputs: [input])[0]
  }
}

private func hostile(_ type: Type, depth: Int, _ rng: inout SplitMix64) -> Value {
  switch type {
  case .int:
    let extremes = [Int.min, .max, .min + 1, .max - 1, 1 << 32, -1, 10, 1_000_000_007]
    return .int(rng.int(in: 0...3) == 0 ? rng.pick(extremes) : rng.int(in: -2...9))
  case .bool: return .bool(rng.coin())
  case .real:
    let extremes = [
      Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -0.0, .leastNonzeroMagnitude,
    ]
    return .real(rng.int(in: 0...3) == 0 ? rng.pick(extremes) : Double(rng.int(in: -3...3)))
  case .list(let element):
    // Half of the lists of ints are tame: hostile ones alone would never get past the guards.
    let tame = element == .int && rng.coin()
    let length = rng.int(in: 0...(depth == 0 ? 9 : 4))
    var values: [Value] = []
    for _ in 0..<length {
      values.append(tame ? .int(rng.int(in: 0...9)) : hostile(element, depth: depth + 1, &rng))
    }
    return .list(values)
  case .pair(let first, let second):
    return .pair(hostile(first, depth: depth + 1, &rng), hostile(second, depth: depth + 1, &rng))
  case .named(let definition, let arguments):
    // Deep values end with the first constructor, which has the fewest fields.
    let last = depth > 4 ? 0 : definition.constructors.count - 1
    let constructor = rng.int(in: 0...last)
    let fields = definition.fields(of: constructor, arguments).map {
      hostile($0, depth: depth + 1, &rng)
    }
    return .made(definition, constructor: constructor, fields)
  default: preconditionFailure("\(type) has no values")
  }
}
