import Foundation
import ReefTensor
import Testing

@Suite("Functions of one number")
struct FunctionTests {
  /// Each with the same in double precision, an interval, and how many units in the last place it
  /// may be off.
  private static let functions:
    [(
      name: String, apply: @Sendable (Tensor) -> Tensor, exact: @Sendable (Double) -> Double,
      range: ClosedRange<Float>, units: Double
    )] = [
      ("exp", { $0.exp() }, { exp($0) }, -87...88.7, 2),
      ("exp near 0", { $0.exp() }, { exp($0) }, -0.01...0.01, 2),
      ("log", { $0.log() }, { log($0) }, 1e-38...10, 2),
      ("log of large", { $0.log() }, { log($0) }, 10...3e38, 2),
      ("tanh", { $0.tanh() }, { tanh($0) }, -10...10, 3),
      ("tanh near 0", { $0.tanh() }, { tanh($0) }, -0.01...0.01, 3),
      ("sigmoid", { $0.sigmoid() }, { 1 / (1 + exp(-$0)) }, -80...80, 4),
      ("squareRoot", { $0.squareRoot() }, { $0.squareRoot() }, 0...100, 1),
    ]

  @Test("They are right in nearly all digits", arguments: functions.indices)
  func accuracy(index: Int) {
    let function = FunctionTests.functions[index]
    var draws = Draws(seed: index)
    let inputs = draws.reals(20_000, function.range)
    let outputs = function.apply(Tape().constant([20_000], inputs)).values
    for (x, y) in zip(inputs, outputs) {
      let exact = function.exact(Double(x))
      let unit = Double(Float(exact).ulp)
      #expect(abs(Double(y) - exact) <= function.units * unit, "\(function.name)(\(x)) = \(y)")
    }
  }

  @Test("Infinities, NaN and zeros come out as in the standard library")
  func specialValues() {
    let inputs: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, 89, -105, .leastNonzeroMagnitude]
    let x = Tape().constant([8], inputs)
    func check(_ y: Tensor, _ expected: (Float) -> Float) {
      for (input, output) in zip(inputs, y.values) {
        let right = expected(input)
        #expect(
          output == right || (output.isNaN && right.isNaN) || abs(output - right) < 1e-5,
          "\(input): \(output) instead of \(right)")
      }
    }
    check(x.exp(), exp)
    check(x.log(), log)
    check(x.tanh(), tanh)
    check(x.sigmoid()) { 1 / (1 + exp(-$0)) }
    check(x.relu()) { $0 < 0 ? 0 : $0 }
    check(x.magnitude(), abs)
  }

  @Test("gelu is x times the logistic function of its slope")
  func gelu() {
    let inputs = stride(from: Float(-6), through: 6, by: 0.25).map { $0 }
    let outputs = Tape().constant([inputs.count], inputs).gelu().values
    for (x, y) in zip(inputs.map(Double.init), outputs) {
      let exact = x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      #expect(abs(Double(y) - exact) < 1e-6)
    }
  }
}
