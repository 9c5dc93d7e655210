import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite("Weights in code")
struct WeightTests {
  private static let w = Weight(name: "w", shape: [2, 3], [1.0, 2, 3, 4, 5, 6])
  private static let b = Weight(name: "b", shape: [2], [0.5 as Float, -1])
  private static let scale = Weight(name: "scale", shape: [], [10.0])

  /// `scale` times the sums of w's rows, plus b, plus x.
  private static func code(_ w: Weight = w) throws -> SkillCode {
    func atom(_ name: String) -> String { "\(name)#\(Atoms.named(name)!.digest.hex)" }
    var workshop = Workshop()
    let sum = try workshop.define(
      "sum",
      """
      skill (xs: [real]) -> real
        s0 = list.fold real.add 0.0 xs
        return s0
      """)
    let text = """
      skill (x: [real]) -> [real]
        s0 = \(atom("list.map")) sum#\(sum.hex) @w
        s1 = \(atom("list.map")) \(atom("real.multiply")){@scale} s0
        s2 = \(atom("list.map2")) \(atom("real.add")) s1 @b
        s3 = \(atom("list.map2")) \(atom("real.add")) s2 x
        return s3

      """
    return try SkillCode(parsing: text, weights: [scale, b, w])
  }

  private static func library(_ digest: Digest) throws -> SkillCode? {
    var workshop = Workshop()
    try workshop.define(
      "sum",
      """
      skill (xs: [real]) -> real
        s0 = list.fold real.add 0.0 xs
        return s0
      """)
    return workshop.codes[digest]
  }

  @Test("A shape is a type and a value of lists, row by row")
  func values() {
    #expect(WeightTests.w.type == .list(.list(.real)) && WeightTests.w.count == 6)
    #expect(WeightTests.w.value == .list([.reals([1, 2, 3]), .reals([4, 5, 6])]))
    #expect(WeightTests.scale.type == .real && WeightTests.scale.value == .real(10))
    #expect(Weight(name: "e", shape: [2, 0], [Double]()).value == .list([.list([]), .list([])]))
    #expect(Weight(name: "e", shape: [0, 2], [Double]()).value == .list([]))
  }

  @Test("Code runs with its weights, and its actions alone tell them")
  func running() throws {
    let code = try WeightTests.code()
    let image = try Image(linking: code, library: WeightTests.library)
    let result = try Machine().run(image, [.reals([1, 2])]).value
    #expect(result == .reals([61.5, 151]))
    let operand = Action(.add, code.steps[2].operands).json["arguments"]?.array?.last
    #expect(operand?["constant"]?.string == "[0.5, -1.0]")
  }

  @Test("The text names the weights, parses back, and the digest covers them")
  func text() throws {
    let code = try WeightTests.code()
    #expect(code.weights == [WeightTests.b, WeightTests.scale, WeightTests.w])
    let text = code.text { _ in nil }
    #expect(text.contains(" @w\n") && text.contains("{@scale} s0"))
    #expect(try SkillCode(parsing: text, weights: code.weights) == code)
    #expect(throws: ParseError.self) { try SkillCode(parsing: text) }
    #expect(throws: ParseError.self) {
      try SkillCode(parsing: text, weights: code.weights + [Weight(name: "z", shape: [], [1.0])])
    }
    let other = try WeightTests.code(Weight(name: "w", shape: [2, 3], [1.0, 2, 3, 4, 5, 7]))
    #expect(other.canonicalText == code.canonicalText && other.digest != code.digest)
    #expect(code.normalized().digest == code.digest)
  }

  @Test("A wrong shape is a wrong type")
  func misfit() throws {
    let code = try WeightTests.code(Weight(name: "w", shape: [6], [1.0, 2, 3, 4, 5, 6]))
    #expect(throws: LinkError.self) { try Image(linking: code, library: WeightTests.library) }
  }

  @Test("Opened weights give the same result, and derivatives by them")
  func opened() throws {
    let code = try WeightTests.code()
    let opened = code.openingWeights
    #expect(opened.signature.parameters.map(\.name) == ["x", "@b", "@scale", "@w"])
    let image = try Image(linking: opened, mode: .jacobian, library: WeightTests.library)
    let derivative = try Machine().differentiate(
      image, [.reals([1, 2])] + code.weights.map(\.value))
    #expect(derivative.value == .reals([61.5, 151]))
    let expected: [[Double]] = [
      [1, 0, 1, 0, 6, 10, 10, 10, 0, 0, 0], [0, 1, 0, 1, 15, 0, 0, 0, 10, 10, 10],
    ]
    #expect(derivative.matrix == expected)
  }

  @Test("A skill that calls itself, also as a body, hands its weights on")
  func openedRecursion() throws {
    // Σ over a tree of depth n with two branches: f(n, x) = k x + 2 f(n - 1, x), f(0, x) = k.
    func atom(_ name: String) -> String { "\(name)#\(Atoms.named(name)!.digest.hex)" }
    let text = """
      skill (n: int, x: real) -> real
        s0 = \(atom("equal")) n 0
        s1 = \(atom("int.subtract")) n 1
        s2 = \(atom("list.replicate")) 1 s1
        s3 = \(atom("list.map")) self{x} s2
        s4 = \(atom("list.first")) s3
        s5 = self s1 x
        s6 = \(atom("real.add")) s4 s5
        s7 = \(atom("real.multiply")) @k x
        s8 = \(atom("real.add")) s7 s6
        s9 = \(atom("control.if")) s0 @k s8
        return s9

      """
    let code = try SkillCode(parsing: text, weights: [Weight(name: "k", shape: [], [3.0])])
    let arguments: [Value] = [.int(3), .real(2)]
    let plain = try Machine().run(Image(linking: code), arguments).value
    let image = try Image(linking: code.openingWeights, mode: .jacobian)
    let derivative = try Machine().differentiate(image, arguments + [.real(3)])
    // f(3) = k (x + 2 x + 4 x + 8).
    #expect(plain == .real(66) && derivative.value == plain)
    let slopes: [[Double]] = [[21, 22]]
    #expect(derivative.matrix == slopes)
  }

  @Test("Derivatives are taken by the inputs; weights are fixed there")
  func derivatives() throws {
    let code = try WeightTests.code()
    let image = try Image(linking: code, mode: .jacobian, library: WeightTests.library)
    let derivative = try Machine().differentiate(image, [.reals([1, 2])])
    #expect(derivative.value == .reals([61.5, 151]))
    #expect(derivative.matrix == [[1, 0], [0, 1]])
  }
}
