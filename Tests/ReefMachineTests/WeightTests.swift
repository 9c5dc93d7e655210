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

  @Test("Derivatives are taken by the inputs; weights are fixed there")
  func derivatives() throws {
    let code = try WeightTests.code()
    let image = try Image(linking: code, mode: .jacobian, library: WeightTests.library)
    let derivative = try Machine().differentiate(image, [.reals([1, 2])])
    #expect(derivative.value == .reals([61.5, 151]))
    #expect(derivative.matrix == [[1, 0], [0, 1]])
  }
}
