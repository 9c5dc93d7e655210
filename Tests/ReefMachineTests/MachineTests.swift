import Testing

@testable import ReefMachine

@Suite struct MachineTests {
  @Test func arithmeticRuns() throws {
    let result = try Workshop().run(
      """
      skill (x: int, y: int) -> int
        s0 = int.add x y
        s1 = int.multiply s0 3
        s2 = int.subtract 100 s1
        return s2
      """, .int(4), .int(5))
    #expect(result.value == .int(73))
    #expect(result.steps == 3)
  }

  @Test func onlyTheChosenArmIsEvaluated() throws {
    let text = """
      skill (x: int) -> int
        s0 = equal x 0
        s1 = int.divide 100 x
        s2 = control.if s0 -1 s1
        return s2
      """
    #expect(try Workshop().run(text, .int(0)).value == .int(-1))
    #expect(try Workshop().run(text, .int(7)).value == .int(14))
  }

  @Test func loopsWithCaptures() throws {
    var shop = Workshop()
    try shop.define(
      "affine",
      """
      skill (x: int, a: int, b: int) -> int
        s0 = int.multiply x a
        s1 = int.add s0 b
        return s1
      """)
    let result = try shop.run(
      """
      skill (xs: [int], a: int) -> (int, [int])
        s0 = list.map affine{a, 1} xs
        s1 = list.filter int.less{5} s0
        s2 = list.fold int.add 0 s0
        s3 = pair.make s2 s1
        return s3
      """, .ints([1, 2, 3]), .int(2))
    #expect(result.value == .pair(.int(15), .ints([3])))
  }

  @Test func recursionIsDeep() throws {
    let result = try Workshop().run(
      """
      skill (n: int) -> int
        s0 = equal n 0
        s1 = int.subtract n 1
        s2 = self s1
        s3 = int.add s2 1
        s4 = control.if s0 0 s3
        return s4
      """, .int(500_000))
    #expect(result.value == .int(500_000))
  }
}
