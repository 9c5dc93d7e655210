import ReefMachine
import ReefTasks

/// `tree(a)`, as generators and oracles write it.
indirect enum Tree<Element: ValueRepresentable>: ValueRepresentable {
  case leaf
  case node(Element, Tree, Tree)

  static var type: Type { .named(treeDefinition, [Element.type]) }

  init?(value: Value) {
    guard case .made(treeDefinition, let constructor, let fields) = value else { return nil }
    if constructor == 0 {
      self = .leaf
    } else {
      guard let element = Element(value: fields[0]), let left = Tree(value: fields[1]),
        let right = Tree(value: fields[2])
      else { return nil }
      self = .node(element, left, right)
    }
  }

  var value: Value {
    switch self {
    case .leaf: .made(treeDefinition, constructor: 0, [])
    case .node(let element, let left, let right):
      .made(treeDefinition, constructor: 1, [element.value, left.value, right.value])
    }
  }

  /// What `combine` makes of each node, from the leaves up.
  func reduced<Result>(
    _ initial: Result, _ combine: (Element, Result, Result) -> Result
  ) -> Result {
    switch self {
    case .leaf: initial
    case .node(let element, let left, let right):
      combine(element, left.reduced(initial, combine), right.reduced(initial, combine))
    }
  }
}

private let treeDefinition = try! TypeDefinition.parsing(
  "type tree(a) = leaf | node(a, tree(a), tree(a))")

extension Tree<Int> {
  /// The elements from left to right, each between those of its two subtrees.
  var inorder: [Int] { reduced([]) { $1 + [$0] + $2 } }

  /// A search tree has nothing larger on the left and nothing smaller on the right of an element.
  var isSearchTree: Bool { zip(inorder, inorder.dropFirst()).allSatisfy { $0 <= $1 } }

  /// With one more element in the place where a search for it ends; on the right of equal ones.
  func inserting(_ new: Int) -> Tree {
    switch self {
    case .leaf: .node(new, .leaf, .leaf)
    case .node(let element, let left, let right):
      new < element
        ? .node(element, left.inserting(new), right) : .node(element, left, right.inserting(new))
    }
  }
}

/// Nil where the sum has no 64 bits, or a part is nil.
func sum(_ x: Int?, _ y: Int?) -> Int? {
  guard let x, let y else { return nil }
  let (sum, overflow) = x.addingReportingOverflow(y)
  return overflow ? nil : sum
}

// MARK: - Inputs

/// Elements are small while a learner looks on, and wide in checks.
private func range(at size: Int) -> ClosedRange<Int> {
  size <= 8 ? -9...9 : -1_000_000...1_000_000
}

/// The longest path of a tree that is nothing but a path.
let longestPath = 200

extension SplitMix64 {
  fileprivate mutating func element(_ size: Int) -> Int { int(in: range(at: size)) }

  /// A tree of `size` nodes of any shape.
  fileprivate mutating func tree(_ size: Int, elementsFor total: Int) -> Tree<Int> {
    guard size > 0 else { return .leaf }
    let left = int(in: 0...size - 1)
    let element = element(total)
    let first = tree(left, elementsFor: total)
    return .node(element, first, tree(size - 1 - left, elementsFor: total))
  }

  /// A path that goes where `isLeft` says.
  fileprivate mutating func path(_ size: Int, isLeft: (Int) -> Bool) -> Tree<Int> {
    (0..<min(size, longestPath)).reduce(.leaf) { tree, depth in
      let element = element(size)
      return isLeft(depth) ? .node(element, tree, .leaf) : .node(element, .leaf, tree)
    }
  }
}

/// Of `values` from one index to another, balanced.
private func balanced(_ values: ArraySlice<Int>) -> Tree<Int> {
  guard !values.isEmpty else { return .leaf }
  let middle = (values.startIndex + values.endIndex) / 2
  return .node(
    values[middle], balanced(values[..<middle]), balanced(values[(middle + 1)...]))
}

/// Trees of any shape with any elements.
let trees = Inputs<Tree<Int>>(
  families: [
    { size, rng in rng.path(size) { _ in true } },
    { size, rng in balanced(rng.ints(size, in: range(at: size))[...]) },
    { _, _ in .leaf },
    { size, rng in rng.path(size) { _ in false } },
    { size, rng in .node(rng.element(size), .leaf, .leaf) },
    { size, rng in rng.path(size) { $0 % 2 == 0 } },
    { size, rng in balanced(Array(repeating: rng.element(size), count: size)[...]) },
    { size, rng in balanced(rng.ints(size, in: 0...1)[...]) },
  ],
  random: { size, rng in rng.tree(size, elementsFor: size) })

/// Trees in which a search finds its way.
let searchTrees = Inputs<Tree<Int>>(
  families: [
    { size, rng in balanced(rng.ints(size, in: range(at: size)).sorted()[...]) },
    { _, _ in .leaf },
    { size, rng in
      rng.ints(min(size, longestPath), in: range(at: size)).sorted().reduce(.leaf) {
        .node($1, $0, .leaf)
      }
    },
    { size, rng in
      rng.ints(min(size, longestPath), in: range(at: size)).sorted(by: >).reduce(.leaf) {
        .node($1, .leaf, $0)
      }
    },
    { size, rng in balanced(Array(repeating: rng.element(size), count: size)[...]) },
  ],
  random: { size, rng in
    rng.ints(size, in: range(at: size)).reduce(.leaf) { $0.inserting($1) }
  })

/// Trees that mostly have something on both sides.
let bushes = Inputs<Tree<Int>>(
  families: Array(trees.families.prefix(3)),
  random: { size, rng in balanced(rng.ints(size + 1, in: range(at: size))[...]) })

/// A tree and another one.
let twoTrees = trees.map { tree, rng in (tree, rng.tree(rng.int(in: 0...3), elementsFor: 3)) }

/// With an element that is mostly in the tree, as the second part.
func withElement(_ inputs: Inputs<Tree<Int>>) -> Inputs<(Int, Tree<Int>)> {
  inputs.map { tree, rng in
    let elements = tree.inorder
    let one = elements.isEmpty || rng.int(in: 0...2) == 0 ? rng.element(8) : rng.pick(elements)
    return (one, tree)
  }
}
