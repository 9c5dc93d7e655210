import ReefMachine
import ReefTasks
import Testing
import Trees

/// A tree as the machine has it, walked with a list of what is still to be seen, not by recursion.
private struct Walk {
  var elements: [Int] = []
  var depths: [Int] = []
  /// The elements between those on the left and on the right of them.
  var inorder: [Int] = []

  init(_ tree: Value) {
    enum Work {
      case tree(Value, depth: Int)
      case element(Int)
    }
    var left: [Work] = [.tree(tree, depth: 1)]
    while let next = left.popLast() {
      switch next {
      case .element(let element): inorder.append(element)
      case .tree(let tree, let depth):
        guard case .made(_, constructor: 1, let fields) = tree, let element = fields[0].int else {
          continue
        }
        elements.append(element)
        depths.append(depth)
        left += [
          .tree(fields[2], depth: depth + 1), .element(element), .tree(fields[1], depth: depth + 1),
        ]
      }
    }
  }
}

@Suite("Trees' oracles against other formulations") struct TreeOracleTests {
  private func parts(_ tree: Value) -> [Value]? {
    guard case .made(_, constructor: 1, let fields) = tree else { return nil }
    return fields
  }

  @Test("What a whole tree comes to", arguments: 0..<5)
  func wholes(seed: Int) throws {
    func check(_ task: String, _ isRight: ([Value], Value, Walk) -> Bool) throws {
      for (input, output) in try examples(treePlugin, task, seed: seed) {
        #expect(isRight(input, output, Walk(input.last!)), "\(task) of \(input)")
      }
    }
    try check("size") { $1.int == $2.elements.count }
    try check("sum") { $1.int == $2.elements.reduce(0, +) }
    try check("height") { $1.int == $2.depths.max() ?? 0 }
    try check("contains") { $1.bool == $2.elements.contains($0[0].int!) }
    try check("preorder") { $1.ints == $2.elements }
    try check("inorder") { $1.ints == $2.inorder }
    try check("isLeaf") { $1.bool == $2.elements.isEmpty }
    try check("top") { $1.int == $2.elements.first ?? 0 }
    try check("mirror") { input, output, walk in
      let mirrored = Walk(output)
      return mirrored.inorder == walk.inorder.reversed()
        && mirrored.depths.count == walk.depths.count
    }
    try check("shift") { input, output, walk in
      let shifted = Walk(output)
      return shifted.depths == walk.depths
        && shifted.elements == walk.elements.map { $0 + input[0].int! }
    }
  }

  @Test("A tree is its top with its left and right subtrees", arguments: 0..<5)
  func halves(seed: Int) throws {
    for task in ["left", "right"] {
      for (input, output) in try examples(treePlugin, task, seed: seed) {
        #expect(output == (parts(input[0])?[task == "left" ? 1 : 2] ?? input[0]))
      }
    }
    for (place, task) in [(1, "withLeft"), (2, "withRight")] {
      for (input, output) in try examples(treePlugin, task, seed: seed) {
        guard let before = parts(input[0]), let after = parts(output) else {
          #expect(output == input[0])
          continue
        }
        for index in 0..<3 { #expect(after[index] == (index == place ? input[1] : before[index])) }
      }
    }
  }

  @Test("What is inserted into a search tree is found in order, below what was there")
  func insertions() throws {
    for (input, output) in try examples(treePlugin, "insert", seed: 4) {
      let (before, after, new) = (Walk(input[0]), Walk(output), input[1].int!)
      #expect(after.inorder == (before.inorder + [new]).sorted())
      // What was there stands above what was not.
      #expect(after.elements.filter { $0 != new } == before.elements.filter { $0 != new })
    }
    for (input, output) in try examples(treePlugin, "fromList", seed: 4) {
      let walk = Walk(output)
      #expect(walk.inorder == input[0].ints.sorted())
      #expect(walk.elements.first == input[0].ints.first)
    }
    let tree = try #require(
      try treePlugin.expected(task: "fromList", inputs: [[.ints([2, 1, 3])]])[0])
    let mirrored = try #require(
      try treePlugin.expected(task: "mirror", inputs: [[tree]])[0])
    #expect(try treePlugin.expected(task: "insert", inputs: [[mirrored, .int(0)]]) == [nil])
  }
}
