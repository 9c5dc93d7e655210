import Foundation
import ReefTasks

/// Elementary functions from a single operator, eml(x, y) = exp(x) - ln(y), and the constant 1, after
/// Odrzywolek, "All elementary functions from a single operator".
///
/// The paper works with complex numbers and infinities. Here everything is real: each domain is one
/// on which a formula has real values all the way down, but for ln(0), which is an infinity to the
/// machine as well.
public let elementary = BuiltInPlugin(
  name: "elementary", version: "1.0.0",
  tasks: [
    TaskDefinition(
      "eml", "(x: real, y: real) -> real",
      summary: "The exponential of one number, less the natural logarithm of another above zero.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance,
      inputs: pairs(anyNumber, positive),
      expected: { (x: Double, y: Double) in
        y > 0 ? finite(exp(x) - log(y)) : nil
      }),

    TaskDefinition(
      "exp", "(x: real) -> real",
      summary: "e to the power of a number.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: numbers(anyNumber), expected: { (x: Double) in finite(exp(x)) }),

    TaskDefinition(
      "ln", "(x: real) -> real",
      summary: "The power of e that a number above zero is.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: numbers(positive), expected: { (x: Double) in x > 0 ? finite(log(x)) : nil }),

    TaskDefinition(
      "subtract", "(x: real, y: real) -> real",
      summary: "A number above zero minus another.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: pairs(positive, anyNumber),
      expected: { (x: Double, y: Double) in x > 0 ? finite(x - y) : nil }),

    TaskDefinition(
      "opposite", "(x: real) -> real",
      summary: "The opposite of a number, which makes zero together with it.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: numbers(anyNumber), expected: { (x: Double) in finite(0 - x) }),

    TaskDefinition(
      "reciprocal", "(x: real) -> real",
      summary: "One divided by a number above zero.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: numbers(positive), expected: { (x: Double) in x > 0 ? finite(1 / x) : nil }),

    TaskDefinition(
      "multiply", "(x: real, y: real) -> real",
      summary: "The product of two numbers above zero.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: pairs(positive, positive),
      expected: { (x: Double, y: Double) in x > 0 && y > 0 ? finite(x * y) : nil }),

    TaskDefinition(
      "add", "(x: real, y: real) -> real",
      summary: "A number above zero plus another.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: pairs(positive, anyNumber),
      expected: { (x: Double, y: Double) in x > 0 ? finite(x + y) : nil }),

    TaskDefinition(
      "divide", "(x: real, y: real) -> real",
      summary: "The quotient of two numbers above zero.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: pairs(positive, positive),
      expected: { (x: Double, y: Double) in x > 0 && y > 0 ? finite(x / y) : nil }),

    TaskDefinition(
      "power", "(x: real, y: real) -> real",
      summary: "A number above one to the power of another above zero.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: pairs(positive, positive).map { pair, _ in (1 + pair.0, pair.1) },
      expected: { (x: Double, y: Double) in x > 1 && y > 0 ? finite(pow(x, y)) : nil }),

    TaskDefinition(
      "squareRoot", "(x: real) -> real",
      summary: "The number above one whose square is a given number above one.",
      train: [1, 2, 4], standards: [.init(checkSizes: [3, 6])], tolerance: tolerance, means: means,
      inputs: numbers(positive).map { x, _ in 1 + x },
      expected: { (x: Double) in x > 1 ? finite(x.squareRoot()) : nil }),
  ])

/// How far a result may be off.
private let tolerance = 1e-9

/// Each formula is made of eml, the formulas before it, and 1.
private let means = SkillTask.Means(
  skills: [
    "eml", "exp", "ln", "subtract", "opposite", "reciprocal", "multiply", "add", "divide", "power",
    "squareRoot",
  ].map { "elementary.\($0)" },
  constants: [.real(1)])

/// Nil for what is no number, or too large to be one.
private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

// MARK: Inputs

/// One number for inputs of a size.
private typealias Draw = @Sendable (_ size: Int, _ rng: inout SplitMix64) -> Double

/// From -size to size, in steps of 1/64: small enough for formulas that take e to its power twice.
private let anyNumber: Draw = { size, rng in
  Double(rng.int(in: -64 * size...64 * size)) / 64
}

/// Above zero, up to size.
private let positive: Draw = { size, rng in Double(rng.int(in: 1...64 * size)) / 64 }

private func numbers(_ draw: @escaping Draw) -> Inputs<Double> {
  Inputs(families: [], random: draw)
}

/// Two numbers, now and then the same or one, where that is allowed.
private func pairs(_ first: @escaping Draw, _ second: @escaping Draw) -> Inputs<(Double, Double)> {
  Inputs(
    families: [
      { size, rng in
        // What comes from the second may be given for the first, or is made positive.
        let value = abs(first(size, &rng)) + 1 / 64
        return (value, value)
      },
      { size, rng in (1, second(size, &rng)) },
      { size, rng in (first(size, &rng), 1) },
    ],
    random: { size, rng in (first(size, &rng), second(size, &rng)) })
}
