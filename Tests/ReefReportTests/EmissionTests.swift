import Foundation
import ReefMachine
import ReefReport
import ReefTestSupport
import Testing

/// What was written out is built and run with the tools that this system has.
@Suite("Written-out skills")
struct EmissionTests {
  @Test("All languages can be tested here", .enabled(if: Toolchain.installed.count < 4))
  func missingTools() {
    withKnownIssue("not tested here, because a tool is missing") {
      #expect(Toolchain.installed.count == 4, "\(Toolchain.installed.map(\.tool))")
    }
  }

  @Test("They agree with the machine on random programs", arguments: Toolchain.installed)
  func randomPrograms(toolchain: Toolchain) throws {
    var toolchain = toolchain
    // Some random programs call themselves for ever, or never reach an arm, which compilers see.
    toolchain.build = toolchain.build.replacingOccurrences(of: " -warnings-as-errors", with: "")
    if toolchain.language == .c { toolchain.build += " -Wno-infinite-recursion" }
    for seed in RandomPrograms.emissionSeeds.prefix(toolchain.language == .swift ? 3 : 18) {
      var programs = RandomPrograms(seed: seed)
      let code = programs.emissionProgram()
      let library = TestLibrary(
        codes: programs.codes.merging([code.digest: code]) { first, _ in first })
      let inputs = (0..<60).map { _ in code.signature.parameterTypes.map { programs.value($0) } }
      try library.compare(code, inputs, toolchain)
    }
  }

  @Test("They agree with the machine on declared types", arguments: Toolchain.installed)
  func declaredTypes(toolchain: Toolchain) throws {
    var toolchain = toolchain
    toolchain.build = toolchain.build.replacingOccurrences(of: " -warnings-as-errors", with: "")
    if toolchain.language == .c { toolchain.build += " -Wno-infinite-recursion" }
    for seed in UInt64(6_000)..<(toolchain.language == .swift ? 6_002 : 6_012) {
      var programs = RandomPrograms(seed: seed, declares: true)
      let code = programs.program(helpers: 4, steps: 30)
      let library = TestLibrary(
        codes: programs.codes.merging([code.digest: code]) { first, _ in first })
      let inputs = (0..<40).map { _ in code.signature.parameterTypes.map { programs.value($0) } }
      try library.compare(code, inputs, toolchain)
    }
  }

  @Test("A type whose values have no fields is written out", arguments: Toolchain.installed)
  func fieldless(toolchain: Toolchain) throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "next",
      """
      type color = red | green | blue
      skill (c: color) -> color
        s0 = color.match color.green() color.blue() color.red() c
        return s0
      """)
    let code = try #require(workshop.codes[digest])
    let inputs = (0..<3).map { [Value.made(code.definitions[0], constructor: $0, [])] }
    try TestLibrary(codes: workshop.codes).compare(code, inputs, toolchain)
  }

  @Test("They agree where lists move through scans, zips and pairs", arguments: Toolchain.installed)
  func moves(toolchain: Toolchain) throws {
    let (digest, codes) = try EmissionTests.scans()
    var values = RandomPrograms(seed: 77)
    let inputs = (0..<200).map { _ in
      codes[digest]!.signature.parameterTypes.map { values.value($0) }
    }
    try TestLibrary(codes: codes).compare(codes[digest]!, inputs, toolchain)
  }

  private static func scans() throws -> (Digest, [Digest: SkillCode]) {
    var workshop = Workshop()
    try workshop.define(
      "gather",
      """
      skill (seen: [int], pair: (int, [int]), k: int) -> ([int], ([int], int))
        s0 = pair.first pair
        s1 = list.append seen s0
        s2 = pair.second pair
        s3 = list.prepend k s2
        s4 = list.concat s3 seen
        s5 = list.length seen
        s6 = pair.make s4 s5
        s7 = pair.make s1 s6
        return s7
      """)
    let digest = try workshop.define(
      "scans",
      """
      skill (xs: [int], rows: [[int]], k: int) -> (([int], [([int], int)]), [[int]])
        s0 = list.zip xs rows
        s1 = list.scan gather{k} xs s0
        s2 = list.map list.reverse rows
        s3 = list.drop s2 1
        s4 = list.map2 list.append s3 xs
        s5 = pair.make s1 s4
        return s5
      """)
    return (digest, workshop.codes)
  }

  @Test("What is compared here uses every atom")
  func coverage() throws {
    var used: Set<Digest> = []
    func visit(_ code: SkillCode, _ codes: [Digest: SkillCode]) {
      for callee in code.normalized().callees where used.insert(callee).inserted {
        if let inner = codes[callee] { visit(inner, codes) }
      }
    }
    for seed in RandomPrograms.emissionSeeds {
      var programs = RandomPrograms(seed: seed)
      visit(programs.emissionProgram(), programs.codes)
    }
    let (digest, codes) = try EmissionTests.scans()
    visit(codes[digest]!, codes)
    #expect(Atoms.all.filter { !used.contains($0.digest) }.map(\.name) == [])
  }

  @Test("Every operation agrees at the edges of its numbers", arguments: Toolchain.installed)
  func edges(toolchain: Toolchain) throws {
    let ints: [Value] = [0, 1, -1, 2, -2, 7, -7, 1 << 32, .max, .max - 1, .min, .min + 1]
      .map { .int($0) }
    try compareAll(
      ["add", "subtract", "multiply", "divide", "modulo", "min", "max"].map { "int.\($0)" }, "int",
      ints, toolchain)
    let reals: [Value] = [
      0, -0.0, 1, -1.5, 0.1, .infinity, -.infinity, .nan, .greatestFiniteMagnitude,
      .leastNonzeroMagnitude, 1e16,
    ].map { .real($0) }
    try compareAll(
      ["add", "subtract", "multiply", "divide", "min", "max"].map { "real.\($0)" }, "real", reals,
      toolchain)
  }

  @Test("The functions of one real agree at the edges", arguments: Toolchain.installed)
  func functions(toolchain: Toolchain) throws {
    var workshop = Workshop()
    let text = """
      skill (x: real) -> (real, real)
        s0 = real.exp x
        s1 = real.log x
        s2 = pair.make s0 s1
        return s2

      """
    let digest = try workshop.define("functions", text)
    let inputs: [[Value]] = [
      0, -0.0, 1, -1.5, 0.1, .infinity, -.infinity, .nan, 709, 710, -745, -746,
      .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ].map { [.real($0)] }
    try TestLibrary(codes: workshop.codes).compare(workshop.codes[digest]!, inputs, toolchain)
  }

  /// Compares a skill that takes the number of an operation and two operands.
  private func compareAll(
    _ operations: [String], _ type: String, _ values: [Value], _ toolchain: Toolchain
  ) throws {
    var workshop = Workshop()
    var lines = ["skill (number: int, x: \(type), y: \(type)) -> \(type)"]
    var chosen = "x"
    for (number, operation) in operations.enumerated() {
      let step = 3 * number
      lines += [
        "  s\(step) = equal number \(number)", "  s\(step + 1) = \(operation) x y",
        "  s\(step + 2) = control.if s\(step) s\(step + 1) \(chosen)",
      ]
      chosen = "s\(step + 2)"
    }
    let digest = try workshop.define(
      "operations", (lines + ["  return \(chosen)", ""]).joined(separator: "\n"))
    let inputs = operations.indices.flatMap { number in
      values.flatMap { x in values.map { y in [.int(number), x, y] } }
    }
    try TestLibrary(codes: workshop.codes).compare(workshop.codes[digest]!, inputs, toolchain)
  }

  @Test("Limits end a run, deep recursion does not", arguments: Toolchain.installed)
  func limits(toolchain: Toolchain) throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "depth",
      """
      skill (n: int) -> int
        s0 = equal n 0
        s1 = int.subtract n 1
        s2 = self s1
        s3 = int.add s2 1
        s4 = control.if s0 0 s3
        return s4
      """)
    let library = TestLibrary(codes: workshop.codes)
    let found = try library.skill(digest)!.outcomes(
      of: [[.int(90_000)], [.int(-1)], [.int(3)]], with: toolchain,
      limits: Limits(depth: 100_000), library: library)
    #expect(found.map(\.result) == [90_000, ["error": "depth"], 3])

    let replicate = try workshop.define(
      "replicate",
      """
      skill (n: int) -> int
        s0 = list.replicate n 0
        s1 = list.length s0
        return s1
      """)
    let lists = TestLibrary(codes: workshop.codes)
    let lengths = try lists.skill(replicate)!.outcomes(
      of: [[.int(1 << 20)], [.int(1 << 21)], [.int(.max)], [.int(-5)]], with: toolchain,
      limits: Limits(fuel: 3 << 20, bytes: 9 << 20), library: lists)
    #expect(
      lengths.map(\.result) == [1_048_576, ["error": "memory"], ["error": "fuel"], 0])
  }

  /// Skills of a map and the loop that reads its list, and whether one loop may do the work of both.
  private static let mapsAndReaders: [(text: String, isFused: Bool)] = [
    ("s0 = list.map2 int.add xs ys\n  s1 = list.scan best 0 s0", true),
    ("s0 = list.map int.multiply{k} xs\n  s1 = list.fold int.subtract k s0", true),
    ("s0 = list.map2 int.max xs ys\n  s1 = list.map int.modulo{k} s0", true),
    ("s0 = list.map int.modulo{k} xs\n  s1 = list.filter int.less{k} s0", true),
    ("s0 = list.map int.modulo{k} xs\n  s1 = list.fold int.add k s0", false),
    ("s0 = list.map int.divide{k} xs\n  s1 = list.scan best 0 s0", false),
    ("s0 = list.map2 int.add xs ys\n  s1 = list.map2 int.add s0 xs", false),
    ("s0 = list.map int.add{k} xs\n  s1 = list.concat s0 s0", false),
  ]

  @Test(
    "A loop that does the work of a map before it keeps the order of errors, and all steps",
    arguments: Toolchain.c.filter { Folder.has($0.tool) }, mapsAndReaders.indices)
  func fusedMaps(toolchain: Toolchain, index: Int) throws {
    var workshop = Workshop()
    try workshop.define(
      "best",
      """
      skill (best: int, x: int) -> (int, int)
        s0 = int.add best x
        s1 = int.less s0 x
        s2 = control.if s1 x s0
        s3 = pair.make s2 s0
        return s3
      """)
    let (steps, isFused) = EmissionTests.mapsAndReaders[index]
    let result =
      steps.contains("scan") ? "(int, [int])" : steps.contains("fold") ? "int" : "[int]"
    let digest = try workshop.define(
      "both", "skill (xs: [int], ys: [int], k: int) -> \(result)\n  \(steps)\n  return s1")
    let library = TestLibrary(codes: workshop.codes)
    let source = try SkillSource.write(library.skill(digest)!, in: .c, library: library)
    #expect(source.contains("element_part") == isFused)
    var random = SplitMix64(seed: UInt64(index))
    func number() -> Value {
      .int(random.below(12) > 0 ? random.below(9) - 1 : random.pick([.max, .min, .max - 4]))
    }
    func list() -> Value { .list((0..<random.below(8)).map { _ in number() }) }
    let inputs = (0..<300).map { _ in [list(), list(), number()] }
    for fuel in [20, 40, 1_000] {
      try library.compare(
        workshop.codes[digest]!, inputs, toolchain,
        limits: Limits(fuel: fuel, bytes: 1 << 20, depth: 100))
    }
  }

  @Test("What is left of a long list is used like any other", arguments: Toolchain.installed)
  func longRests(toolchain: Toolchain) throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "rests",
      """
      skill (xs: [int], ys: [int], k: int) -> ([[int]], [(int, int)])
        s0 = list.rest xs
        s1 = list.rest s0
        s2 = list.concat s0 s1
        s3 = list.concat ys s1
        s4 = list.concat s1 ys
        s5 = list.reverse s1
        s6 = list.take s1 k
        s7 = list.drop s1 k
        s8 = list.append s1 k
        s9 = list.prepend k s1
        s10 = list.set s1 k 9
        s11 = list.map int.add{k} s1
        s12 = list.filter int.less{k} s1
        s13 = list.get s1 k
        s14 = list.first s1
        s15 = list.last s1
        s16 = list.length s1
        s17 = list.indexOf s1 k
        s18 = equal s1 s0
        s19 = list.rest ys
        s20 = equal s1 s19
        s21 = list.fold int.add s16 s1
        s22 = list.zip s0 s1
        s23 = control.if s18 s13 s14
        s24 = control.if s20 s15 s17
        s25 = list.prepend s21 []
        s26 = list.prepend s23 s25
        s27 = list.prepend s24 s26
        s28 = list.prepend s27 []
        s29 = list.prepend s2 s28
        s30 = list.prepend s3 s29
        s31 = list.prepend s4 s30
        s32 = list.prepend s5 s31
        s33 = list.prepend s6 s32
        s34 = list.prepend s7 s33
        s35 = list.prepend s8 s34
        s36 = list.prepend s9 s35
        s37 = list.prepend s10 s36
        s38 = list.prepend s11 s37
        s39 = list.prepend s12 s38
        s40 = list.prepend s1 s39
        s41 = pair.make s40 s22
        return s41
      """)
    var random = SplitMix64(seed: 5)
    func list(_ count: Int) -> Value { .list((0..<count).map { _ in .int(random.below(40)) }) }
    let inputs = (30...70).flatMap { count -> [[Value]] in
      let xs = list(count)
      let shifted = Value.list(Array(xs.list!.dropFirst()))
      return [shifted, list(50)].map { [xs, $0, .int(random.below(35))] }
    }
    try TestLibrary(codes: workshop.codes).compare(
      workshop.codes[digest]!, inputs, toolchain)
  }

  @Test("Bad input is told and does not end the program", arguments: Toolchain.installed)
  func badInput(toolchain: Toolchain) throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "first", "skill (xs: [(int, real)]) -> (int, real)\n  s0 = list.first xs\n  return s0")
    let library = TestLibrary(codes: workshop.codes)
    let folder = try Folder()
    let source = try SkillSource.write(
      library.skill(digest)!, in: toolchain.language, library: library)
    try folder.write(source, to: "program.\(toolchain.language.rawValue)")
    #expect(try folder.run(toolchain.build).exitCode == 0)
    let lines = [
      "[[[1,2]]]", " [ [ [ 1 , \"-inf\" ] , [ 2 , 3 ] ] ] ", "[[]]", "[[[1.0,2]]]",
      "[[[1,1e999]]]", "[[[9223372036854775808,2]]]", "[[[1]]]", "[[[1,2]],3]", "[", "nonsense",
      "[[[true,2]]]", "[[[1,false]]]",
    ]
    let outcome = try folder.run(toolchain.run, input: lines.joined(separator: "\n") + "\n")
    let results = try outcome.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    try #require(results.count == lines.count, "\(outcome)")
    #expect(try Value(json: results[0], as: .pair(.int, .real)) == .pair(.int(1), .real(2)))
    #expect(results[1] == [1, "-inf"])
    #expect(results[2] == ["error": "emptyList"])
    #expect(results[3...].allSatisfy { $0 == ["error": "badInput"] }, "\(results)")
    #expect(try folder.run("\(toolchain.run) '[]'").exitCode == 4)
    #expect(try folder.run("\(toolchain.run) 5").exitCode == 3)
  }

  @Test("Names and summaries cannot leave their places", arguments: SourceLanguage.allCases)
  func hostileLabels(language: SourceLanguage) throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "x",
      """
      skill (int: int, s0: int, next: int, list_int: int, fuel: int, self_: int, NULL: int) -> int
        s0 = int.add int s0
        s1 = int.multiply s0 next
        s2 = int.add s1 list_int
        s3 = int.subtract s2 fuel
        s4 = int.add s3 self_
        s5 = int.subtract s4 NULL
        return s5
      """.replacingOccurrences(of: "int.add int s0", with: "int.add int s0_")
        .replacingOccurrences(of: "s0: int", with: "s0_: int"))
    for name in ["int.add", "main", "a*/b", "list.int.append", "9lives", "new.object"] {
      let library = TestLibrary(
        codes: workshop.codes, names: [digest: name], summary: "*/ #error\n\r\u{2028}boom(\\ /* ?")
      let inputs = [(1...7).map { Value.int($0) }]
      for toolchain in Toolchain.installed.filter({ $0.language == language }).prefix(1) {
        try library.compare(workshop.codes[digest]!, inputs, toolchain)
      }
      if language == .swift { break }
    }
  }

  @Test("A skill that remembers its calls is not written out, nor what calls it")
  func memoised() throws {
    var workshop = Workshop()
    try workshop.define(
      "square", "skill memo (x: int) -> int\n  s0 = int.multiply x x\n  return s0")
    let digest = try workshop.define(
      "squares", "skill (xs: [int]) -> [int]\n  s0 = list.map square xs\n  return s0")
    let library = TestLibrary(
      codes: workshop.codes, names: [workshop.digest("square")!: "demo.square"])
    #expect(throws: SourceError.memoised("demo.square")) {
      try SkillSource.write(library.skill(digest)!, in: .c, library: library)
    }
  }

  @Test("A program reads like its skill")
  func readable() throws {
    var workshop = Workshop()
    let digest = try workshop.define(
      "sum",
      """
      skill (xs: [int], k: int) -> int
        s0 = list.fold int.add k xs
        return s0
      """)
    let library = TestLibrary(codes: workshop.codes, names: [digest: "demo.sum"])
    func source(_ language: SourceLanguage) throws -> String {
      try SkillSource.write(library.skill(digest)!, in: language, library: library)
    }
    #expect(
      try source(.c).contains(
        """
        /*
         * demo.sum@1 (xs: [int], k: int) -> int
         * \(digest.hex)
         * A skill for tests.
         */
        static inline int64_t demo_sum(list_int *xs, int64_t k) {
          charge(1);
          int64_t s0 = k;
          int64_t *s0_element = xs->items;
          int64_t *s0_end = s0_element + xs->count;
          while (s0_element < s0_end) {
            charge(2);
            int64_t element = *s0_element++;
            s0 = int_add(s0, element);
          }
          list_int_release(xs);
          return s0;
        }

        """))
    #expect(
      try source(.python).contains(
        """
        def demo_sum(xs, k):
            # demo.sum@1 (xs: [int], k: int) -> int
            # \(digest.hex)
            #
            # A skill for tests.
            charge(1)
            s0 = k
            for element in xs:
                charge(2)
                s0 = int64(s0 + element)
            return s0

        """))
    #expect(
      try source(.swift).contains(
        """
          mutating func demo_sum(_ xs: consuming List<Int>, _ k: Int)
            throws(Failure) -> Int
          {
            let xs = xs
            try charge(1)
            var s0: Int = k
            for element in xs {
              try charge(2)
              s0 = try int_add(s0, element)
            }
            _ = consume xs
            return s0
          }

        """))
  }
}
