import ReefMachine
import ReefReport
import ReefTestSupport
import Testing

/// What is read out of something that stays has no owner of its own in C. The machine, which counts
/// every owner, tells by its steps whether the same lists are copied; the address sanitizer tells
/// whether anything goes too early or not at all.
@Suite("Values that C borrows") struct BorrowingTests {
  private static let compilers = Toolchain.installed.filter { $0.language == .c }

  private func compare(
    _ helpers: KeyValuePairs<String, String>, _ text: String, _ toolchain: Toolchain
  ) throws {
    var workshop = Workshop()
    for (name, text) in helpers { try workshop.define(name, text) }
    let code = try workshop.code(text)
    var values = RandomPrograms(seed: 91)
    let inputs = (0..<100).map { _ in code.signature.parameterTypes.map { values.value($0) } }
    let codes = workshop.codes.merging([code.digest: code]) { first, _ in first }
    try TestLibrary(codes: codes).compare(code, inputs, toolchain)
  }

  @Test("Parts of parts outlive their pairs", arguments: compilers)
  func nestedPairs(toolchain: Toolchain) throws {
    try compare(
      [
        "touch": """
        skill (p: (([int], [[int]]), [int]), k: int) -> ([int], [int])
          s0 = pair.first p
          s1 = pair.second s0
          s2 = pair.first s0
          s3 = list.first s1
          s4 = list.append s3 k
          s5 = list.set s2 0 k
          s6 = pair.make s4 s5
          return s6
        """
      ],
      """
      skill (p: (([int], [[int]]), [int]), k: int) -> (([int], [int]), ([int], [[int]]))
        s0 = touch p k
        s1 = pair.first p
        s2 = pair.make s0 s1
        return s2
      """, toolchain)
  }

  @Test("An arm may give away what the other only reads", arguments: compilers)
  func arms(toolchain: Toolchain) throws {
    try compare(
      [
        "collect": """
        skill (state: ([int], [[int]]), row: [int]) -> ([int], [[int]])
          s0 = pair.first state
          s1 = pair.second state
          s2 = list.length row
          s3 = int.less s2 3
          s4 = list.append s1 row
          s5 = list.concat s0 row
          s6 = pair.make s5 s4
          s7 = control.if s3 s6 state
          return s7
        """,
        "choose": """
        skill (state: ([int], [[int]]), k: int) -> [int]
          s0 = pair.second state
          s1 = list.get s0 k
          s2 = pair.first state
          s3 = list.isEmpty s1
          s4 = list.append s1 k
          s5 = control.if s3 s2 s4
          return s5
        """,
      ],
      """
      skill (xs: [int], rows: [[int]], k: int) -> ([[int]], [int])
        s0 = pair.make xs rows
        s1 = list.fold collect s0 rows
        s2 = choose s1 k
        s3 = pair.second s1
        s4 = list.append s3 s2
        s5 = choose s1 0
        s6 = pair.make s4 s5
        return s6
      """, toolchain)
  }

  @Test(
    "Elements stay their list's in loops, and are kept where they are wanted", arguments: compilers)
  func elements(toolchain: Toolchain) throws {
    try compare(
      [
        "longer": """
        skill (best: [int], row: [int]) -> [int]
          s0 = list.length best
          s1 = list.length row
          s2 = int.less s0 s1
          s3 = control.if s2 row best
          return s3
        """,
        "isLong": """
        skill (row: [int], k: int) -> bool
          s0 = list.length row
          s1 = int.less k s0
          return s1
        """,
        "marked": """
        skill (row: [int], others: [[int]], k: int) -> ([int], [int])
          s0 = list.first others
          s1 = list.set row 0 k
          s2 = pair.make s1 s0
          return s2
        """,
      ],
      """
      skill (rows: [[int]], k: int) -> (([int], [[int]]), [([int], [int])])
        s0 = list.fold longer [] rows
        s1 = list.filter isLong{k} rows
        s2 = list.map marked{rows, k} rows
        s3 = pair.make s0 s1
        s4 = pair.make s3 s2
        return s4
      """, toolchain)
  }
}
