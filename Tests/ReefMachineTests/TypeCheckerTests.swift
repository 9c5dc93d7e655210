import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct TypeCheckerTests {
  private func check(_ text: String, shop: Workshop = Workshop()) throws -> CheckedCode {
    try CheckedCode.check(try shop.code(text)) {
      Atoms.with($0)?.type ?? shop.codes[$0]?.signature.type
    }
  }

  @Test func slotTypesAreInferred() throws {
    let checked = try check(
      """
      skill (xs: [int]) -> [(int, [int])]
        s0 = list.append [] xs
        s1 = list.map list.length s0
        s2 = list.zip s1 s0
        return s2
      """)
    #expect(
      checked.slotTypes.map(\.description)
        == ["[int]", "[[int]]", "[int]", "[(int, [int])]"])
  }

  @Test func whatNothingDeterminesIsInt() throws {
    let checked = try check("skill () -> int\n  s0 = list.length []\n  return s0")
    #expect(checked.calleeTypes == [.function([.list(.int)], .int)])
  }

  @Test func aSkillMayPassItself() throws {
    let checked = try check(
      """
      skill (x: int) -> int
        s0 = list.range 0 x
        s1 = list.map self s0
        s2 = list.fold int.add 1 s1
        return s2
      """)
    #expect(checked.functionTypes[1][0] == .function([.int], .int))
  }

  @Test(
    "Ill-typed code is refused with the step and the reason",
    arguments: [
      (
        "skill (x: int) -> int\n  s0 = int.add x true\n  return s0",
        "Step s0: operand 2 of int.add is bool, where int is needed."
      ),
      (
        "skill (x: int) -> int\n  s0 = int.add x\n  return s0",
        "Step s0: int.add takes 2 operands, but 1 is given."
      ),
      ("skill (x: int) -> bool\n  return x", "The result is int, where bool is needed."),
      (
        "skill (x: int) -> [int]\n  s0 = list.append [true] x\n  return s0",
        "Step s0: operand 2 of list.append is int, where bool is needed."
      ),
      (
        "skill (x: a, y: b) -> [a]\n  s0 = list.append [] x\n  s1 = list.append s0 y\n"
          + "  return s1",
        "Step s1: operand 2 of list.append is b, where a is needed."
      ),
      (
        "skill (x: [int]) -> [int]\n  s0 = list.map int.add x\n  return s0",
        "Step s0: operand 1 of list.map is (int, int) -> int, where (_) -> _ is needed."
      ),
      (
        "skill (x: [int]) -> [int]\n  s0 = list.map int.add{1, 2, 3} x\n  return s0",
        "Step s0: int.add takes 2 operands, but 3 are bound to it."
      ),
      (
        "skill (x: [int]) -> [int]\n  s0 = list.map int.add{true} x\n  return s0",
        "Step s0: captured operand 1 of int.add is bool, where int is needed."
      ),
      (
        "skill (x: int) -> int\n  s0 = equal int.add int.add\n  return x",
        "Step s0: operand 1 of equal is (int, int) -> int, where _ is needed."
      ),
      ("skill (x: int) -> int\n  return self", "The result is a function, which is no value."),
      (
        "skill (f: (int) -> int) -> int\n  return 1",
        "The parameter 'f' is a function; only atoms take functions as operands."
      ),
      (
        "skill (x: int) -> [int]\n  return [1, true]",
        "Element 1 of a list constant is bool, where int is needed."
      ),
    ])
  func refused(text: String, reason: String) throws {
    let error = #expect(throws: CheckError.self) { try check(text) }
    #expect(error?.description == reason)
  }

  @Test func unknownSkillsAndLaterSlotsAreRefused() throws {
    let digest = SHA256.hash("nothing".utf8)
    let signature = try Signature(parsing: "(x: int) -> int")
    let unknown = SkillCode(
      signature: signature, steps: [.init(.skill(digest), [.slot(0)])], result: .slot(1))
    #expect(
      throws: CheckError(step: 0, reason: "no skill has the digest \(digest.short)")
    ) { try CheckedCode.check(unknown) { _ in nil } }
    let add = Atoms.named("int.add")!.digest
    for slot in [1, 2, 99, -1] {
      let code = SkillCode(
        signature: signature, steps: [.init(.skill(add), [.slot(0), .slot(slot)])],
        result: .slot(1))
      #expect(throws: CheckError.self) { try CheckedCode.check(code) { Atoms.with($0)?.type } }
    }
  }

  @Test func aTypeThatContainsItselfIsRefused() throws {
    let error = #expect(throws: CheckError.self) {
      try check(
        """
        skill (n: int) -> int
          s0 = list.fold list.append [] []
          s1 = list.append s0 s0
          return n
        """)
    }
    #expect(error?.reason == "a type would contain itself")
  }

  @Test("A type that doubles at each step is refused in time")
  func explodingTypes() throws {
    var text = "skill (x: int) -> int\n  s0 = pair.make x x\n"
    for step in 1..<60 { text += "  s\(step) = pair.make s\(step - 1) s\(step - 1)\n" }
    let error = #expect(throws: CheckError.self) { try check(text + "  return x") }
    #expect(error?.reason == "a type has more than 256 parts")
  }
}

@Suite struct LinkerTests {
  @Test func missingAndCircularSkillsAreRefused() throws {
    let missing = SHA256.hash("missing".utf8)
    let signature = try Signature(parsing: "(x: int) -> int")
    func caller(_ digest: Digest) -> SkillCode {
      SkillCode(
        signature: signature, steps: [.init(.skill(digest), [.slot(0)])], result: .slot(1))
    }
    #expect(throws: LinkError.missing(missing, in: nil)) {
      try Image(linking: caller(missing)) { _ in nil }
    }
    let (a, b) = (SHA256.hash("a".utf8), SHA256.hash("b".utf8))
    let error = #expect(throws: LinkError.self) {
      try Image(a) { $0 == a ? caller(b) : caller(a) }
    }
    #expect(error == .cycle([a, b, a]))
  }

  @Test func anIllTypedParentIsNamed() throws {
    var shop = Workshop()
    let digest = try shop.define("bad", "skill (x: int) -> bool\n  return x")
    let error = #expect(throws: LinkError.self) {
      try shop.link("skill (x: int) -> bool\n  s0 = bad x\n  return s0")
    }
    #expect(
      error?.description
        == "In skill #\(digest.short): The result is int, where bool is needed.")
  }

  @Test("Branches that share their arms' work unfold only up to a bound")
  func unfoldingIsBounded() throws {
    // Each step is needed by one arm of each of two branches, so it doubles.
    var text = "skill (b: bool, x: int) -> int\n  s0 = int.add x 1\n"
    for level in 0..<40 {
      let last = 3 * level
      text += "  s\(last + 1) = control.if b s\(last) 0\n"
      text += "  s\(last + 2) = control.if b 1 s\(last)\n"
      text += "  s\(last + 3) = int.add s\(last + 1) s\(last + 2)\n"
    }
    let error = #expect(throws: LinkError.self) {
      try Workshop().link(text + "  return s120")
    }
    #expect(error?.description.contains("too large") == true)
  }

  @Test func polymorphicRootsRunAtInt() throws {
    let image = try Workshop().link("skill (x: a) -> [a]\n  s0 = list.append [] x\n  return s0")
    #expect(image.parameterTypes == [.int])
    #expect(try Machine().run(image, [.int(4)]).value == .ints([4]))
  }
}
