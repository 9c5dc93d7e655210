import ReefTestSupport
import Testing

@testable import ReefMachine

/// Actions on values of declared types.
@Suite struct DeclaredActionTests {
  private static let types = [
    "tree": "type tree(a) = leaf | node(a, tree(a), tree(a))",
    "option": "type option(a) = none | some(a)",
    "chain": "type chain(a) = {value: a, rest: option(chain(a))}",
    "color": "type color = red | green | blue",
    "point": "type point = {x: int, y: real, name: [int]}",
    "term": "type term = number(int) | sum([(term, int)]) | nest([[term]]) | both((term, term))",
    "rose": "type rose(a) = rose(a, [rose(a)])",
    "part": "type part = last(int) | week(int)",
    "pick": "type pick = none | some(bool, int, int)",
  ]

  /// Each after those that it calls: name, types, and the rest of the text.
  private static let skills: [(name: String, types: [String], text: String)] = [
    // A skill, an atom of the type, or the skill itself for a node; what is bound to it on the way.
    (
      "sumNode", [],
      "(x: int, l: int, r: int) -> int; s0 = int.add l r; s1 = int.add x s0; return s1"
    ),
    ("sum", ["tree"], "(t: tree(int)) -> int; s0 = tree.fold 0 sumNode t; return s0"),
    (
      "turnNode", ["tree"],
      "(x: a, l: tree(a), r: tree(a)) -> tree(a); s0 = tree.node x r l; return s0"
    ),
    (
      "turn", ["tree"],
      "(t: tree([int])) -> tree([int]); s0 = tree.leaf; s1 = tree.fold s0 turnNode t; return s1"
    ),
    (
      "same", ["tree"],
      "(t: tree([int])) -> tree([int]); s0 = tree.leaf; s1 = tree.fold s0 tree.node t; return s1"
    ),
    (
      "order", ["tree"],
      "(t: tree(int)) -> [[int]]; s0 = list.replicate 2 7; s1 = list.replicate 1 s0; s2 = tree.fold s1 orderNode{s0} t; return s2"
    ),
    (
      "rootNode", ["tree"],
      "(x: int, l: tree(int), r: tree(int), y: int) -> int; s0 = int.divide x y; return s0"
    ),
    (
      "root", ["tree"],
      "(t: tree(int), y: int) -> int; s0 = int.add y 1; s1 = int.multiply y y; s2 = tree.match s0 rootNode{s1} t; return s2"
    ),
    (
      "count", ["tree"],
      "(x: int, l: tree(int), r: tree(int), n: int) -> int; s0 = int.add n 1; s1 = tree.match s0 self{s0} l; s2 = tree.match s1 self{s1} r; return s2"
    ),
    (
      "size", ["tree"],
      "(t: tree(int), u: tree(int)) -> int; s0 = tree.match 0 count{0} t; s1 = tree.match s0 count{s0} u; return s1"
    ),
    // A match in the arm of another, and in that of a branch.
    (
      "either", ["tree", "color"],
      "(t: tree(int), c: color, b: bool, y: int) -> int; s0 = root t y; s1 = color.match s0 y 3 c; s2 = int.subtract s0 y; s3 = control.if b s1 s2; return s3"
    ),
    // The branch itself for what has fields.
    ("decide", ["pick"], "(p: pick) -> int; s0 = pick.match 4 control.if p; return s0"),
    // One atom twice, with other things bound to it: two actions.
    (
      "digit", ["part"],
      "(p: part) -> int; s0 = part.match int.modulo{10} int.modulo{7} p; return s0"
    ),
    // Fields and constructors in a step and in rounds.
    (
      "move", ["point"],
      "(p: point, d: int) -> point; s0 = point.x p; s1 = point.y p; s2 = point.name p; s3 = int.add s0 d; s4 = list.append s2 s3; s5 = point.make s3 s1 s4; return s5"
    ),
    (
      "names", ["point"],
      "(ps: [point], d: int) -> ([[int]], [point]); s0 = list.map move{d} ps; s1 = list.map point.name s0; s2 = pair.make s1 s0; return s2"
    ),
    (
      "points", ["point"],
      "(xs: [int], y: real) -> [point]; s0 = list.map point.make{y, []} xs; return s0"
    ),
    // Through lists, pairs and other types.
    (
      "addTerm", [],
      "(s: int, p: (int, int)) -> int; s0 = pair.first p; s1 = pair.second p; s2 = int.multiply s0 s1; s3 = int.add s s2; return s3"
    ),
    ("sumTerm", [], "(ps: [(int, int)]) -> int; s0 = list.fold addTerm 0 ps; return s0"),
    (
      "nestTerm", [],
      "(xs: [[int]]) -> int; s0 = list.map list.length xs; s1 = list.fold int.add 0 s0; return s1"
    ),
    (
      "evaluate", ["term"],
      "(t: term, n: int) -> int; s0 = term.fold int.max{n} sumTerm nestTerm pair.first t; return s0"
    ),
    (
      "roseNode", [],
      "(x: [int], below: [int]) -> int; s0 = list.length x; s1 = list.fold int.add s0 below; return s1"
    ),
    ("weigh", ["rose"], "(r: rose([int])) -> int; s0 = rose.fold roseNode r; return s0"),
    (
      "following", ["option", "chain"],
      "(c: chain(int), n: int) -> int; s0 = chain.value c; s1 = chain.rest c; s2 = int.add s0 n; s3 = option.match s2 self{s2} s1; return s3"
    ),
    (
      "hidden", ["tree"],
      "(xs: [int]) -> int; s0 = tree.leaf; s1 = list.fold hang s0 xs; s2 = sum s1; return s2"
    ),
  ]

  private static func library() throws -> (workshop: Workshop, codes: [(String, SkillCode)]) {
    var workshop = Workshop()
    var codes: [(String, SkillCode)] = []
    let helpers: [(String, [String], String)] = [
      (
        "orderNode", [],
        "(x: int, l: [[int]], r: [[int]], s: [int]) -> [[int]]; s0 = list.append s x; s1 = list.append l s0; s2 = list.concat s1 r; return s2"
      ),
      (
        "hang", ["tree"],
        "(t: tree(int), x: int) -> tree(int); s0 = tree.leaf; s1 = tree.node x t s0; return s1"
      ),
    ]
    for (name, types, text) in helpers + skills {
      let lines =
        types.map { DeclaredActionTests.types[$0]! }
        + ["skill " + text.replacing("; ", with: "\n  ") + "\n"]
      let digest = try workshop.define(name, lines.joined(separator: "\n"))
      codes.append((name, workshop.codes[digest]!))
    }
    return (workshop, codes)
  }

  @Test("All skills of a small library are told and replayed, on random values")
  func replays() throws {
    let (workshop, codes) = try DeclaredActionTests.library()
    var programs = RandomPrograms(seed: 6_100, declares: true)
    var kinds: Set<ActionKind> = []
    for (name, code) in codes where code.signature.type.variables.isEmpty {
      var ended = 0
      for _ in 0..<12 {
        let input = code.signature.parameterTypes.map { programs.value($0) }
        let actions = try ActionTests.replay(
          code, input, workshop.codes, limits: Limits(fuel: 100_000))
        guard let actions else { continue }
        ended += 1
        kinds.formUnion(actions.map(\.kind))
      }
      #expect(ended > 6, "\(name)")
    }
    #expect(
      kinds.isSuperset(of: [
        .for, .continue, .break, .store, .allocate, .load, .call, .recurse, .modulo, .digitExtract,
      ]), "\(kinds)")
  }

  @Test("What a match chooses is told by its value, then by the skill for it")
  func tokens() throws {
    let (workshop, codes) = try DeclaredActionTests.library()
    let root = try #require(codes.first { $0.0 == "root" }?.1)
    let tree = try #require(root.signature.definitions.first)
    func leaf() -> Value { .made(tree, constructor: 0, []) }
    let node = Value.made(tree, constructor: 1, [.int(8), leaf(), leaf()])
    func told(_ value: Value) throws -> [String] {
      try #require(try ActionTests.replay(root, [value, .int(2)], workshop.codes)).map(\.text)
    }
    #expect(
      try told(leaf()) == ["FOR(0)", "ADD(1, '1') -> 2", "STORE(2) -> 4", "HALT()"])
    #expect(
      try told(node) == [
        "FOR(0)", "MULTIPLY(1, 1) -> 3", "CONTINUE(f3)", "CALL()", "DIVIDE(0, 3) -> 4",
        "EMIT_OUTPUT(4)", "BREAK() -> 4", "HALT()",
      ])
  }

  @Test("A constant of a declared type carries its declaration, and reads back")
  func constants() throws {
    var programs = RandomPrograms(seed: 6_200, declares: true)
    for type in RandomPrograms.declaredTypes {
      let action = Action(.store, [.constant(programs.value(type))], result: 1)
      let text = action.json.text
      #expect(Action(json: try JSON(parsing: text)) == action, "\(text)")
      #expect(text.contains("\"types\"") == (text.contains("\"type ")), "\(text)")
    }
    for types in [
      "[]", "[1]", "[\"type tree = leaf\",\"type tree = leaf\"]", "[\"type tree = twig\"]",
    ] {
      let text =
        "{\"action\":\"STORE\",\"arguments\":[{\"constant\":\"tree.leaf()\",\"types\":\(types)}],\"result\":1}"
      #expect(Action(json: try JSON(parsing: text)) == nil, "\(text)")
    }
  }

  // MARK: Without code

  private static func state(
    _ signature: String, _ types: [String], _ arguments: ([TypeDefinition]) -> [Value],
    _ vocabulary: ActionVocabulary
  ) throws -> ActionState {
    let text =
      types.map { DeclaredActionTests.types[$0]! } + ["skill \(signature)", "  return 0", ""]
    let code = try SkillCode(parsing: text.joined(separator: "\n"))
    return ActionState(
      code.signature, arguments(code.definitions), vocabulary: vocabulary)
  }

  @Test("The legal actions on a tree are all that fit, before a match and in it")
  func small() throws {
    let machine = Machine()
    var state = try DeclaredActionTests.state(
      "(t: tree(int), x: int) -> int", ["tree"],
      { types in
        let leaf = Value.made(types[0], constructor: 0, [])
        return [.made(types[0], constructor: 1, [.int(5), leaf, leaf]), .int(1)]
      }, ActionVocabulary(atoms: [Atoms.named("int.max")!]))
    #expect(
      state.legalActions().map(\.text) == [
        "MAX(1, 1) -> 2", "ALLOCATE() -> 2", "ALLOCATE(1, 0, 0) -> 2", "FOR(0)", "FOR(0, f, 0)",
        "RECURSE(0, 1) -> 2", "STORE(0) -> 2", "STORE(1) -> 2", "FREE(0)", "FREE(1)",
        "EMIT_OUTPUT(1)", "HALT()",
      ])
    let match = try #require(state.legalActions().first { $0.kind == .for })
    try state.apply(match, on: machine)
    guard case .match(let fields)? = state.frame.blocks.last else {
      Issue.record("no match is open")
      return
    }
    #expect(fields.map(\.type.description) == ["int", "tree(int)", "tree(int)"])
    #expect(
      state.legalActions().map(\.text) == [
        "MAX(1, 1) -> 2", "ALLOCATE() -> 2", "ALLOCATE(1, 0, 0) -> 2", "FOR(0)", "FOR(0, f, 0)",
        "RECURSE(0, 1) -> 2", "STORE(0) -> 2", "STORE(1) -> 2", "FREE(0)", "FREE(1)", "CONTINUE(f)",
      ])
    try state.apply(Action(.store, [.slot(1)], result: 2), on: machine)
    let steps = state.steps
    let take = try #require(state.legalActions().last)
    for action in [take, Action(.allocate, callee: take.callee(0)), Action(.break, result: 3)] {
      #expect(state.legalActions().contains(action))
      try state.apply(action, on: machine)
    }
    #expect(state.frame.slots[3]?.value == state.frame.slots[0]?.value)
    #expect(steps == 2 && state.steps == 3)
  }

  @Test(
    "Every legal action on declared types can be executed, or ends as a run would",
    arguments: RandomProgramTests.seeds(12))
  func exhaustive(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: true)
    let machine = Machine(limits: Limits(fuel: 5_000, bytes: 1 << 20))
    let declared = RandomPrograms.declaredTypes[RandomPrograms.types.count...]
    let parameters = [programs.random.pick(Array(declared)), .int, programs.type()]
    let picked = (0..<3).map { _ in programs.random.pick(Atoms.all).name }
    let codes = try DeclaredActionTests.library().codes
    let skills = (0..<3).map { _ in programs.random.pick(codes).1 }
    var state = ActionState(
      Signature(parameters: parameters.map { .init("x", $0) }, result: .int),
      parameters.map { programs.value($0) },
      vocabulary: ActionVocabulary(
        atoms: Atoms.all.filter { picked.contains($0.name) },
        skills: Dictionary(
          skills.filter { $0.signature.type.variables.isEmpty }.map { ($0.digest, $0.signature) },
          uniquingKeysWith: { first, _ in first })))
    for _ in 0..<14 {
      let actions = state.legalActions()
      #expect(Set(actions).count == actions.count)
      var next: [ActionState] = []
      for action in actions {
        #expect(Action(json: action.json) == action, "\(action.json.text)")
        var copy = state
        do {
          try copy.apply(action, on: machine)
          if action.kind != .halt, action.kind != .free { next.append(copy) }
        } catch is MachineError {
        } catch {
          Issue.record("\(action.json.text): \(error)")
          return
        }
      }
      guard !next.isEmpty else { return }
      // What belongs to declared types rather than what anything may do.
      let blocks = next.filter { $0.frame.blocks.count != state.frame.blocks.count }
      state = programs.random.pick(blocks.isEmpty || programs.random.below(3) == 0 ? next : blocks)
    }
  }

  @Test("An action of mixed parts is executed or refused", arguments: RandomProgramTests.seeds(8))
  func mixed(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: true)
    let machine = Machine(limits: Limits(fuel: 5_000, bytes: 1 << 20))
    let codes = try DeclaredActionTests.library().workshop.codes
    let vocabulary = ActionVocabulary(
      atoms: Atoms.all.filter { _ in programs.random.below(8) == 0 },
      skills: codes.mapValues(\.signature).filter { $0.value.type.variables.isEmpty },
      constants: RandomPrograms.declaredTypes.suffix(5).map { (programs.value($0), $0) })
    let parameters = RandomPrograms.declaredTypes.suffix(6) + [.int]
    var state = ActionState(
      Signature(parameters: parameters.map { .init("x", $0) }, result: .int),
      parameters.map { programs.value($0) }, vocabulary: vocabulary)
    var pool: [Action] = []
    var executed = 0
    for _ in 0..<12 {
      let legal = state.legalActions()
      guard !legal.isEmpty else { break }
      pool += (0..<60).map { _ in programs.random.pick(legal) }
      for _ in 0..<200 {
        let (first, second) = (programs.random.pick(pool), programs.random.pick(pool))
        let arguments = programs.random.below(2) == 0 ? first.arguments : second.arguments
        let action = Action(
          programs.random.below(3) == 0 ? second.kind : first.kind,
          programs.random.below(8) == 0 ? arguments.reversed() : arguments,
          callee: programs.random.below(3) == 0 ? second.callee : first.callee,
          result: programs.random.below(3) == 0 ? second.result : first.result)
        var copy = state
        do {
          try copy.apply(action, on: machine)
          executed += 1
        } catch {
          #expect(copy.steps == state.steps && copy.history == state.history)
          #expect(error is IllegalAction || error is MachineError, "\(action.text): \(error)")
        }
      }
      let next = legal.filter { $0.kind != .free && $0.kind != .halt && $0.kind != .emitOutput }
      _ = try? state.apply(programs.random.pick(next), on: machine)
    }
    #expect(executed > 50)
  }

  @Test("Types of one name are not mixed, and a leaf is one of any tree")
  func names() throws {
    let trees = try [
      "type tree(a) = leaf | node(a, tree(a), tree(a))",
      "type tree(a) = leaf | fork(tree(a), tree(a))",
    ].map { try TypeDefinition.parsing($0) }
    let leaves = trees.map { Value.made($0, constructor: 0, []) }
    let parameters = [
      Type.named(trees[0], [.int]), .named(trees[1], [.int]), .list(.int),
    ].map { Signature.Parameter("x", $0) }
    let state = ActionState(
      Signature(parameters: parameters, result: .int), leaves + [.ints([1])],
      vocabulary: ActionVocabulary(atoms: [Atoms.named("pair.make")!, Atoms.named("list.map2")!]))
    let actions = state.legalActions()
    for action in actions {
      var copy = state
      #expect(throws: Never.self, "\(action.text)") { try copy.apply(action, on: Machine()) }
    }
    let pairs = actions.filter { $0.callee == Atoms.named("pair.make")!.digest }
    #expect(pairs.count == 7, "\(pairs.map(\.text))")
    #expect(actions.map(\.text).contains("ALLOCATE(2, 0, 0) -> 3"))
  }

  @Test("A fold ends at the limits where a run ends")
  func limits() throws {
    let (workshop, codes) = try DeclaredActionTests.library()
    let sum = try #require(codes.first { $0.0 == "sum" }?.1)
    let tree = try #require(sum.signature.definitions.first)
    var value = Value.made(tree, constructor: 0, [])
    for number in 0..<6 {
      value = .made(tree, constructor: 1, [.int(number), .made(tree, constructor: 0, []), value])
    }
    let image = try Image(linking: sum) { workshop.codes[$0] }
    let (_, steps) = try Machine().run(image, [value])
    let actions = try #require(try ActionTests.replay(sum, [value], workshop.codes))
    func compare(_ limits: Limits) {
      let machine = Machine(limits: limits)
      var state = ActionState(
        sum.signature, [value],
        vocabulary: ActionVocabulary(skills: workshop.codes.mapValues(\.signature)))
      let run = Result { try machine.run(image, [value]).value }
      let replay = Result {
        for action in actions { try state.apply(action, on: machine) }
        return Value.int(15)
      }
      switch (run, replay) {
      case (.success(let value), .success(let other)): #expect(value == other)
      case (.failure(let error), .failure(let other)):
        #expect(error as? MachineError == other as? MachineError, "\(error), \(other)")
      default: Issue.record("\(limits): \(run), \(replay)")
      }
    }
    for fuel in 0...steps + 1 { compare(Limits(fuel: fuel)) }
    for depth in 1...9 { compare(Limits(depth: depth)) }
  }

  @Test("Deep values are folded, also such as tell no type")
  func deep() throws {
    let (workshop, codes) = try DeclaredActionTests.library()
    for (name, content) in [("sum", Value.int(1)), ("same", .ints([]))] {
      let code = try #require(codes.first { $0.0 == name }?.1)
      let tree = try #require(code.signature.definitions.first)
      var value = Value.made(tree, constructor: 0, [])
      for _ in 0..<260 {
        value = .made(tree, constructor: 1, [content, value, .made(tree, constructor: 0, [])])
      }
      let actions = try ActionTests.replay(
        code, [value], workshop.codes, limits: Limits(fuel: 1_000_000))
      #expect(actions?.filter { $0.kind == .continue }.count == 260)
    }
  }

  @Test("What does not fit is refused, with the reason")
  func refusals() throws {
    var state = try DeclaredActionTests.state(
      "(t: tree(int), c: color) -> int", ["tree", "color"],
      { types in
        let tree = types.first { $0.name == "tree" }!
        let color = types.first { $0.name == "color" }!
        let leaf = Value.made(tree, constructor: 0, [])
        return [
          .made(tree, constructor: 1, [.int(5), leaf, leaf]), .made(color, constructor: 1, []),
        ]
      }, ActionVocabulary())
    func digest(_ name: String) throws -> Digest {
      try #require(state.definitions.flatMap(\.atoms).first { $0.name == name }?.digest)
    }
    let (match, node, color) = (
      try digest("tree.match"), try digest("tree.node"), try digest("color.match")
    )
    let other = try #require(
      try TypeDefinition.parsing(["type tree(a) = leaf | node(tree(a), a, tree(a))"]).last?.atoms)
    func refuses(_ action: Action, _ reason: String) {
      var copy = state
      #expect(throws: IllegalAction(description: reason)) { try copy.apply(action, on: Machine()) }
    }
    refuses(Action(.for, [.slot(1)], callee: match), "the value has another type")
    refuses(Action(.for, [.slot(0), .slot(0)], callee: match), "it takes 1 arguments")
    refuses(Action(.while, [.slot(0)], callee: match), "no loop is named")
    refuses(Action(.for, [.slot(0)], callee: other[2].digest), "no loop is named")
    refuses(
      Action(.load, [.slot(0)], callee: node, result: 2),
      "tree.node takes 3 operands, but 1 is given")
    refuses(
      Action(.store, [.constant(.int(1)), .slot(0), .slot(0)], callee: node, result: 2),
      "tree.node has another action")
    refuses(Action(.continue, []), "there is no loop")
    let take = Action(.continue, [.function(.skill(node), captures: [])])
    try state.apply(Action(.for, [.slot(0)], callee: match), on: Machine())
    refuses(Action(.break, result: 2), "there is no loop")
    refuses(Action(.emitOutput, [.constant(.int(1))]), "a block is open")
    refuses(Action(.continue, []), "it takes a skill for the fields")
    refuses(
      Action(.continue, [.function(.skill(color), captures: [])]), "a match needs a skill around it"
    )
    refuses(
      Action(.continue, [.function(.skill(node), captures: [.slot(0)])]),
      "tree.node takes 3 operands, but 4 are given")
    try state.apply(take, on: Machine())
    for action in [take, Action(.continue), Action(.break), Action(.break, result: 2)] {
      refuses(action, "a loop waits for something else")
    }
  }
}

extension Action {
  /// `ADD(0, 1) -> 2`.
  var text: String {
    func text(_ operand: SkillCode.Operand) -> String {
      switch operand {
      case .slot(let slot): "\(slot)"
      case .constant(let value): "'\(value)'"
      case .weight: "@"
      case .function(let callee, let captures):
        (callee == .recursion ? "self" : "f") + captures.map(text).joined()
      }
    }
    return kind.rawValue + "(" + arguments.map(text).joined(separator: ", ") + ")"
      + (result.map { " -> \($0)" } ?? "")
  }

  /// The skill that is the argument.
  fileprivate func callee(_ argument: Int) -> Digest? {
    guard case .function(.skill(let digest), _) = arguments[argument] else { return nil }
    return digest
  }
}
