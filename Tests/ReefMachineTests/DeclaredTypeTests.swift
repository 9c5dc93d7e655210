import ReefTestSupport
import Testing

@testable import ReefMachine

/// Sums and records that code declares.
@Suite struct DeclaredTypeTests {
  static let tree = "type tree(a) = leaf | node(a, tree(a), tree(a))"
  static let point = "type point = {x: real, y: real}"

  private func definition(_ texts: String...) throws -> TypeDefinition {
    try #require(try TypeDefinition.parsing(texts).last)
  }

  // MARK: Declarations

  @Test(
    "A declaration is read and written",
    arguments: [
      tree, point, "type color = red | green", "type rose(a) = rose(a, [rose(a)])",
      "type named(a) = {name: [int], value: a}", "type term = zero | sums([(term, [term])])",
      "type phantom(a, b) = phantom(b)",
    ])
  func declarations(text: String) throws {
    #expect(try definition(text).description == text)
  }

  @Test("The names of parameters are no part of a declaration")
  func parameterNames() throws {
    let other = try definition("type tree(z) = leaf | node(z, tree(z), tree(z))")
    #expect(other == (try definition(DeclaredTypeTests.tree)))
    #expect(other.text == DeclaredTypeTests.tree + "\n")
    #expect(try definition("type tree(a) = leaf | node(tree(a), a, tree(a))") != other)
  }

  @Test("A definition is not the one of the same text that names another of the same name")
  func dependencies() throws {
    let first = try definition("type leaf = int1", "type tree = leaf(leaf)")
    let second = try definition("type leaf = int2", "type tree = leaf(leaf)")
    #expect(first.text == second.text && first != second)
    #expect(first.atoms.map(\.digest) != second.atoms.map(\.digest))
  }

  @Test(
    "A declaration that means nothing is refused with a sentence",
    arguments: [
      ("type tree = leaf | node(tre)", "unknown type 'tre'; did you mean 'tree'?"),
      ("type tree(a) = node(b)", "'b' is no parameter of 'tree'"),
      ("type tree(a) = leaf | node(tree)", "'tree' takes 1 type, not 0"),
      ("type tree(a) = leaf | node(tree(int))", "mentions itself with other types"),
      ("type tree(a, b) = leaf | node(tree(b, a))", "mentions itself with other types"),
      ("type tree = leaf | leaf(int)", "two constructors are named 'leaf'"),
      ("type point = {x: int, x: real}", "two fields are named 'x'"),
      ("type tree(a, a) = leaf", "two parameters are named 'a'"),
      ("type tree = node(tree)", "no value of 'tree' is finite"),
      ("type tree = {next: (int, tree)}", "no value of 'tree' is finite"),
      ("type tree = node((int) -> int)", "a field cannot be a function"),
      ("type tree = node([(int) -> int])", "a field cannot be a function"),
      ("type int = zero", "'int' means something else"),
      ("type list = zero", "'list' means something else"),
      ("type tree = match", "a constructor cannot be named 'match'"),
      ("type point = {make: int}", "a field cannot be named 'make'"),
      ("type t = zero", "the name of a type has 2 to 60 letters"),
      ("type Tree = zero", "begins with a small one"),
      ("type tree(ab) = zero", "a parameter of a type is a small letter"),
      ("type tree = ", "expected a name"),
      ("type tree = leaf x", "expected"),
    ])
  func refusals(text: String, reason: String) throws {
    let error = #expect(throws: ParseError.self) { try TypeDefinition.parsing(text) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("A name that is declared nowhere is a type only where that is asked for")
  func undeclared() throws {
    for text in ["tree(int)", "[point]", "(a, table(int, b)) -> table(int, a)"] {
      let type = try Type(parsing: text, acceptsUndeclared: true)
      #expect(type.description == text)
      #expect(throws: ParseError.self) { try Type(parsing: text) }
    }
    let tree = try definition(DeclaredTypeTests.tree)
    let declared = try Type(parsing: "tree(int)", types: [tree], acceptsUndeclared: true)
    #expect(declared == .named(tree, [.int]))
    #expect(declared != (try Type(parsing: "tree(int)", acceptsUndeclared: true)))
    let many = "table(" + Array(repeating: "int", count: 9).joined(separator: ", ") + ")"
    for text in [
      "t(int)", "Tree", "list(int)", "self", "tree()", "tree(int", "tree((a) -> a)", many,
    ] {
      #expect(throws: ParseError.self, "\(text)") {
        try Type(parsing: text, acceptsUndeclared: true)
      }
    }
  }

  @Test("What never ends is refused through other definitions too, and only that")
  func finite() throws {
    let box = "type box(a) = box(a)"
    let option = "type option(a) = none | some(a)"
    let phantom = "type phantom(a) = phantom(int)"
    let both = "type both(a, b) = first(a) | second(b)"
    for (texts, isFinite) in [
      ([box, "type tree = node(box(tree))"], false),
      ([option, "type tree = node(option(tree))"], true),
      ([phantom, "type tree = node(phantom(tree))"], true),
      ([both, "type tree = node(both(tree, int))"], true),
      ([both, "type tree = node(both(tree, tree))"], false),
      ([box, option, "type tree = node(box(option(tree)))"], true),
      ([box, "type tree = node(box(box([tree])))"], true),
    ] {
      let isAccepted = (try? TypeDefinition.parsing(texts)) != nil
      #expect(isAccepted == isFinite, "\(texts)")
    }
  }

  @Test("Declarations that are too large are refused")
  func tooLarge() {
    let refused = [
      "type wide = " + (0..<65).map { "c\($0)" }.joined(separator: " | "),
      "type wide = c(" + Array(repeating: "int", count: 33).joined(separator: ", ") + ")",
      "type wide(a, b, c, d, e, f, g, h, i) = c",
      "type deep = c(" + String(repeating: "[", count: 80) + "int"
        + String(repeating: "]", count: 80)
        + ")",
      "type \(String(repeating: "x", count: 61)) = c",
    ]
    for text in refused {
      #expect(throws: ParseError.self, "\(text)") { try TypeDefinition.parsing(text) }
    }
    let many = (0...64).map { "type t\($0) = c" }
    #expect(throws: ParseError.self) { try TypeDefinition.parsing(many) }
  }

  @Test("Every definition gives its atoms")
  func atoms() throws {
    func atoms(_ texts: String...) throws -> [String] {
      try #require(try TypeDefinition.parsing(texts).last).atoms.map { "\($0.name) : \($0.type)" }
    }
    #expect(
      try atoms(DeclaredTypeTests.tree) == [
        "tree.leaf : () -> tree(a)", "tree.node : (a, tree(a), tree(a)) -> tree(a)",
        "tree.match : (b, (a, tree(a), tree(a)) -> b, tree(a)) -> b",
        "tree.fold : (b, (a, b, b) -> b, tree(a)) -> b",
      ])
    #expect(
      try atoms(DeclaredTypeTests.point) == [
        "point.make : (real, real) -> point", "point.x : (point) -> real",
        "point.y : (point) -> real", "point.match : ((real, real) -> a, point) -> a",
      ])
    #expect(
      try atoms("type rose(a) = rose(a, [(int, rose(a))])").last
        == "rose.fold : ((a, [(int, b)]) -> b, rose(a)) -> b")
    // No fold would reach what is inside another type.
    #expect(
      try atoms("type option(a) = none | some(a)", "type chain = {rest: option(chain)}").last
        == "chain.match : ((option(chain)) -> a, chain) -> a")
  }

  // MARK: JSON

  private func value(_ text: String, _ type: String) throws -> Value {
    let types = try TypeDefinition.parsing([DeclaredTypeTests.tree, DeclaredTypeTests.point])
    return try Value(
      json: try JSON(parsing: text), as: try Type(parsing: type, types: types))
  }

  @Test(
    "Values are JSON as the contract says",
    arguments: [
      (#"{"node":[1,{"leaf":[]},{"leaf":[]}]}"#, "tree(int)"), (#"{"leaf":[]}"#, "tree([real])"),
      (#"{"x":1.5,"y":"inf"}"#, "point"),
      (#"[{"node":[[],{"leaf":[]},{"leaf":[]}]}]"#, "[tree([int])]"),
    ])
  func json(text: String, type: String) throws {
    let value = try value(text, type)
    #expect(value.json.text == text && value.description == text)
    var written: [UInt8] = []
    value.writeJSON(to: &written)
    #expect(written == Array(text.utf8))
  }

  @Test(
    "JSON that is no value is refused with what is wrong and where",
    arguments: [
      ("3", "tree(int)", "expected tree(int), found 3"),
      (#"{"nod":[]}"#, "tree(int)", "'nod' is no constructor; did you mean 'node'?"),
      (#"{}"#, "tree(int)", "no object of one constructor"),
      (#"{"leaf":[],"node":[]}"#, "tree(int)", "no object of one constructor"),
      (#"{"leaf":[1]}"#, "tree(int)", "'leaf' wants an array of 0 fields"),
      (#"{"node":[1,{"leaf":[]}]}"#, "tree(int)", "'node' wants an array of 3 fields"),
      (#"{"node":[1,{"leaf":[]},2]}"#, "tree(int)", "expected tree(int) at .node[2], found 2"),
      (
        #"[{"node":[1,{"node":[true,{"leaf":[]},{"leaf":[]}]},{"leaf":[]}]}]"#, "[tree(int)]",
        "expected int at [0].node[1].node[0], found true"
      ),
      (#"{"x":1}"#, "point", "which has no field 'y'"),
      (#"{"x":1,"y":2,"z":3}"#, "point", "which has a field 'z' too many"),
      (#"{"x":1,"y":true}"#, "point", "expected real at .y, found true"),
      ("[1,2]", "point", "expected point, found [1,2]"),
    ])
  func refusedJSON(text: String, type: String, reason: String) {
    let error = #expect(throws: ValueError.self) { try value(text, type) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("Fields of a record may come in any order")
  func anyOrder() throws {
    #expect(try value(#"{"y":2,"x":1}"#, "point") == value(#"{"x":1,"y":2}"#, "point"))
  }

  @Test("Values nest so deep and no deeper")
  func deepJSON() throws {
    func chain(_ depth: Int) -> String {
      String(repeating: #"{"node":[1,{"leaf":[]},"#, count: depth - 1) + #"{"leaf":[]}"#
        + String(repeating: "]}", count: depth - 1)
    }
    _ = try value(chain(511), "tree(int)")
    #expect(throws: (any Error).self) { try value(chain(513), "tree(int)") }
  }

  // MARK: Text

  @Test("Code begins with the types that it needs, and reads back to the same digest")
  func text() throws {
    let workshop = Workshop()
    let code = try workshop.code(
      """
      type pick = first | second
      type tree(b) = leaf | node(b, tree(b), tree(b))
      skill (t: tree(int)) -> tree(int)
        s0 = control.if true t tree.node(7, tree.leaf(), tree.leaf())
        s1 = pick.match s0 t pick.first()
        return s1

      """)
    #expect(
      code.canonicalText.hasPrefix(
        """
        type pick = first | second
        type tree(a) = leaf | node(a, tree(a), tree(a))
        skill (tree(int)) -> tree(int)
          s0 = #
        """))
    for digits in [64, 8] {
      let text = code.text(digits: digits) { code.atom($0)?.name }
      let read = try SkillCode(parsing: text) { short in
        code.callees.first { $0.hex.hasPrefix(short) }
      }
      #expect(read == code && read.digest == code.digest, "\(text)")
    }
    #expect(
      try SkillCode(canonical: code.canonicalText, signature: code.signature, weights: []) == code)
  }

  @Test("The order of independent declarations does not matter, an idle one is refused")
  func order() throws {
    let workshop = Workshop()
    let body = "skill (x: aa, y: bb) -> aa\n  return x\n"
    let (first, second) = ("type aa = one | two\n", "type bb = {x: int}\n")
    let code = try workshop.code(first + second + body)
    #expect(try workshop.code(second + first + body) == code)
    for (text, reason) in [
      (first + second + "type cc = one\n" + body, "the type 'cc' is declared, but not used"),
      (first + first + second + body, "two types are named 'aa'"),
      (first + body, "unknown type 'bb'"),
      (first + second + "skill () -> aa\n  return aa.three()\n", "'aa.three' is no constructor"),
      (first + second + "skill () -> aa\n  return aa.one(1)\n", "'aa.one' takes 0 fields, not 1"),
    ] {
      let error = #expect(throws: ParseError.self) { try workshop.code(text) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test(
    "What is not well typed is refused",
    arguments: [
      (
        "(t: tree(int)) -> int", "tree.fold 0 int.add t",
        "operand 2 of tree.fold is (int, int) -> int"
      ),
      ("(t: tree(int)) -> tree(bool)", "tree.node 1 t t", "The result is tree(int)"),
      ("(t: tree(int)) -> tree(int)", "tree.node true t t", "operand 2 of tree.node is tree(int)"),
      ("(t: tree(int)) -> int", "tree.match 0 t", "tree.match takes 3 operands"),
      (
        "(t: [tree(int)]) -> int", "list.length tree.node(1, tree.leaf(), tree.leaf())",
        "[_] is needed"
      ),
    ])
  func illTyped(signature: String, step: String, reason: String) throws {
    let error = #expect(throws: (any Error).self) {
      try Workshop().link(
        "\(DeclaredTypeTests.tree)\nskill \(signature)\n  s0 = \(step)\n  return s0\n")
    }
    #expect("\(String(describing: error))".contains(reason), "\(String(describing: error))")
  }

  @Test("A trace tells what was matched, also where no arm reads it, and lets it go")
  func traced() throws {
    let image = try Image(
      linking: try Workshop().code(
        """
        type color = red | green | blue
        skill (colors: [color], k: int) -> int
          s0 = list.get colors k
          s1 = color.match 1 2 3 s0
          return s1

        """), isTraced: true)
    let color = try #require(image.parameterTypes[0].elements?.definition)
    let colors = Value.list((0..<3).map { .made(color, constructor: $0, []) })
    for k in 0..<3 {
      var told: [String] = []
      let machine = Machine()
      let run = try machine.trace(image, [colors, .int(k)]) { event throws(MachineError) in
        if case .begins(let operands) = event.moment, event.atom?.derivedForm == .match {
          for case .value(let value) in operands { told.append(value.text(width: 20)) }
        }
        return true
      }
      #expect(run.value == .int(k + 1))
      #expect(told == [["{\"red\":[]}", "{\"green\":[]}", "{\"blue\":[]}"][k]])
    }
  }

  @Test("A match on what has no fields is no operand")
  func matchAsOperand() throws {
    let error = #expect(throws: (any Error).self) {
      try Workshop().link(
        """
        type color = red | green
        skill (c: color, xs: [int]) -> [int]
          s0 = list.map color.match{1, c} xs
          return s0

        """)
    }
    #expect("\(String(describing: error))".contains("color.match chooses at a step"))
  }

  // MARK: Runs

  static func skills() throws -> Workshop {
    var workshop = Workshop()
    try workshop.define(
      "sumNode",
      "skill (x: int, l: int, r: int) -> int\n  s0 = int.add l r\n  s1 = int.add x s0\n  return s1\n"
    )
    try workshop.define(
      "sum", "\(tree)\nskill (t: tree(int)) -> int\n  s0 = tree.fold 0 sumNode t\n  return s0\n")
    try workshop.define(
      "grow",
      "\(tree)\nskill (t: tree(int), x: int) -> tree(int)\n  s0 = tree.leaf\n  s1 = tree.node x t s0\n  return s1\n"
    )
    try workshop.define(
      "left", "\(tree)\nskill (x: a, l: tree(a), r: tree(a)) -> tree(a)\n  return l\n")
    return workshop
  }

  @Test("Trees are built, folded and taken apart")
  func trees() throws {
    let workshop = try DeclaredTypeTests.skills()
    let text = """
      \(DeclaredTypeTests.tree)
      skill (xs: [int]) -> (tree(int), int)
        s0 = tree.leaf
        s1 = list.fold grow s0 xs
        s2 = sum s1
        s3 = tree.match s0 left s1
        s4 = pair.make s3 s2
        return s4

      """
    #expect(
      try workshop.run(text, .ints([1, 2, 3])).value.description
        == #"[{"node":[2,{"node":[1,{"leaf":[]},{"leaf":[]}]},{"leaf":[]}]},6]"#)
    #expect(try workshop.run(text, .ints([])).value.description == #"[{"leaf":[]},0]"#)
  }

  @Test("Of a match only the chosen arm is evaluated, with what is bound to it")
  func onDemand() throws {
    var workshop = try DeclaredTypeTests.skills()
    try workshop.define(
      "plus",
      "\(DeclaredTypeTests.tree)\nskill (x: int, l: tree(int), r: tree(int), y: int) -> int\n  s0 = int.add x y\n  return s0\n"
    )
    let text = """
      \(DeclaredTypeTests.tree)
      skill (t: tree(int), d: int) -> int
        s0 = int.divide 12 d
        s1 = int.divide 7 0
        s2 = tree.match s1 plus{s0} t
        return s2

      """
    let image = try workshop.link(text)
    let types = try TypeDefinition.parsing([DeclaredTypeTests.tree])
    func run(_ tree: String, _ divisor: Int) throws -> Value {
      let tree = try Value(
        json: JSON(parsing: tree), as: Type(parsing: "tree(int)", types: types))
      return try Machine().run(image, [tree, .int(divisor)]).value
    }
    let node = #"{"node":[1,{"leaf":[]},{"leaf":[]}]}"#
    #expect(try run(node, 3) == .int(5))
    #expect(throws: MachineError.divisionByZero) { try run(node, 0) }
    #expect(throws: MachineError.divisionByZero) { try run(#"{"leaf":[]}"#, 3) }
  }

  /// A tree that is a chain of so many nodes.
  private static let chain = """
    \(tree)
    skill (n: int) -> tree(int)
      s0 = tree.leaf
      s1 = control.iterate grow{1} n s0
      return s1

    """

  @Test("Deep values are made, shared, compared, remembered and freed; no stack is touched")
  func deep() throws {
    var workshop = try DeclaredTypeTests.skills()
    try workshop.define("chain", DeclaredTypeTests.chain)
    try workshop.define(
      "remembered",
      "\(DeclaredTypeTests.tree)\nskill memo (t: tree(int)) -> bool\n  s0 = equal t t\n  return s0\n"
    )
    let text = """
      skill (n: int) -> bool
        s0 = chain n
        s1 = chain n
        s2 = equal s0 s1
        s3 = remembered s0
        s4 = remembered s1
        s5 = bool.and s2 s3
        s6 = bool.and s5 s4
        return s6

      """
    #expect(
      try workshop.run(text, .int(200_000)).value == .bool(true))
    // The last reference of a chain goes inside the run.
    let freed = """
      skill (n: int) -> int
        s0 = chain n
        s1 = list.replicate 1 s0
        s2 = list.length s1
        return s2

      """
    let image = try workshop.link(freed)
    let machine = Machine()
    var fuel = Limits().fuel
    #expect(try machine.run(image, [1_000_000], fuel: &fuel) == 1)
    #expect(machine.heap.liveBytes == 0)
  }

  @Test("A fold of a deep value keeps the limits and needs no stack of the host")
  func deepFold() throws {
    var workshop = try DeclaredTypeTests.skills()
    try workshop.define("chain", DeclaredTypeTests.chain)
    let text = "skill (n: int) -> int\n  s0 = chain n\n  s1 = sum s0\n  return s1\n"
    #expect(try workshop.run(text, .int(300_000)).value == .int(300_000))
    #expect(throws: MachineError.depth(limit: 100)) {
      try workshop.run(text, .int(101), limits: Limits(depth: 100))
    }
    #expect(throws: MachineError.fuel(limit: 10_000)) {
      try workshop.run(text, .int(2_000), limits: Limits(fuel: 10_000))
    }
    #expect(throws: MachineError.memory(limit: 1 << 20)) {
      try workshop.run(text, .int(100_000), limits: Limits(bytes: 1 << 20))
    }
    #expect(throws: MachineError.nesting(limit: 512)) {
      try workshop.run(DeclaredTypeTests.chain, .int(600))
    }
  }

  @Test("A value that nobody else holds is updated in place inside an arm")
  func inPlace() throws {
    var workshop = Workshop()
    let box = "type box = {content: [int], count: int}"
    try workshop.define(
      "put",
      "\(box)\nskill (content: [int], count: int, x: int) -> box\n  s0 = list.append content x\n  s1 = int.add count 1\n  s2 = box.make s0 s1\n  return s2\n"
    )
    try workshop.define(
      "step", "\(box)\nskill (b: box, x: int) -> box\n  s0 = box.match put{x} b\n  return s0\n")
    let text =
      "\(box)\nskill (n: int) -> int\n  s0 = list.range 0 n\n  s1 = box.make [] 0\n  s2 = list.fold step s1 s0\n  s3 = box.count s2\n  return s3\n"
    let image = try workshop.link(text)
    let machine = Machine()
    #expect(try machine.run(image, [.int(10_000)]).value == .int(10_000))
    #expect(machine.heap.copiedElements < 100)
  }
}

extension Type {
  fileprivate var elements: Type? { if case .list(let element) = self { element } else { nil } }
  fileprivate var definition: TypeDefinition? {
    if case .named(let definition, _) = self { definition } else { nil }
  }
}
