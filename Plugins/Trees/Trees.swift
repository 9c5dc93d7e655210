import ReefTasks

/// Skills on binary trees, a declared type.
public let treePlugin = BuiltInPlugin(
  name: "trees", version: "1.0.0", tasks: wholeTasks + partTasks + searchTasks)

/// What a whole tree comes to.
private let wholeTasks: [TaskDefinition] = [
  TaskDefinition(
    "size", "(t: tree(int)) -> int",
    summary: "How many elements a tree has. A leaf has none.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.reduced(0) { 1 + $1 + $2 } }),

  TaskDefinition(
    "sum", "(t: tree(int)) -> int",
    summary: "The sum of all elements of a tree. That of a leaf is 0.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.reduced(0) { sum(sum($0, $1), $2) } }),

  TaskDefinition(
    "height", "(t: tree(int)) -> int",
    summary: """
      The height of a tree: how many elements lie on the longest way from its top down. That of a \
      leaf is 0.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.reduced(0) { 1 + max($1, $2) } }),

  TaskDefinition(
    "contains", "(x: int, t: tree(int)) -> bool",
    summary: "Whether a number is an element of a tree, wherever it stands.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: withElement(trees),
    expected: { (x: Int, t: Tree<Int>) in t.reduced(false) { $0 == x || $1 || $2 } }),

  TaskDefinition(
    "inorder", "(t: tree(int)) -> [int]",
    summary: """
      The elements of a tree in order from left to right: those of the left subtree, the element at \
      the top, those of the right subtree.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.inorder }),

  TaskDefinition(
    "preorder", "(t: tree(int)) -> [int]",
    summary: """
      The elements of a tree from the top down: the element at the top, those of the left subtree, \
      those of the right subtree.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.reduced([]) { [$0] + $1 + $2 } }),

  TaskDefinition(
    "mirror", "(t: tree(int)) -> tree(int)",
    summary: "The mirror image of a tree: left and right exchanged at every element.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees,
    expected: { (t: Tree<Int>) in t.reduced(Tree<Int>.leaf) { .node($0, $2, $1) } }),

  TaskDefinition(
    "shift", "(k: int, t: tree(int)) -> tree(int)",
    summary: "A tree of the same shape with a number added to every element.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 10_000])],
    inputs: trees.map { t, rng in (rng.int(in: -9...9), t) },
    expected: { (k: Int, t: Tree<Int>) in
      t.reduced(Tree<Int>.leaf) { element, left, right in
        guard let element = sum(element, k), let left, let right else { return nil }
        return .node(element, left, right)
      }
    }),
]

/// Taking a tree apart; what a leaf lacks is given as what stands in for it.
private let partTasks: [TaskDefinition] = [
  TaskDefinition(
    "isLeaf", "(t: tree(int)) -> bool",
    summary: "Whether a tree is a leaf, without any element.",
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 100])],
    inputs: trees.map { t, rng in rng.coin() ? t : .leaf },
    expected: { (t: Tree<Int>) in if case .leaf = t { true } else { false } }),

  TaskDefinition(
    "top", "(t: tree(int)) -> int",
    summary: "The element at the top of a tree. Of a leaf it is 0.",
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 100])],
    inputs: trees,
    expected: { (t: Tree<Int>) in if case .node(let x, _, _) = t { x } else { 0 } }),

  TaskDefinition(
    "left", "(t: tree(int)) -> tree(int)",
    summary: "The left subtree of a tree. Of a leaf it is the leaf.",
    train: [4, 5, 6], standards: [.init(checkSizes: [8, 100])],
    inputs: bushes,
    expected: { (t: Tree<Int>) in if case .node(_, let left, _) = t { left } else { Tree<Int>.leaf }
    }),

  TaskDefinition(
    "right", "(t: tree(int)) -> tree(int)",
    summary: "The right subtree of a tree. Of a leaf it is the leaf.",
    train: [4, 5, 6], standards: [.init(checkSizes: [8, 100])],
    inputs: bushes,
    expected: { (t: Tree<Int>) in
      if case .node(_, _, let right) = t { right } else { Tree<Int>.leaf }
    }),

  TaskDefinition(
    "withLeft", "(t: tree(int), part: tree(int)) -> tree(int)",
    summary: """
      A tree with another left subtree in place of its own. A leaf has none, and stays a leaf.
      """,
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 100])],
    inputs: twoTrees,
    expected: { (t: Tree<Int>, part: Tree<Int>) in
      if case .node(let x, _, let right) = t { Tree<Int>.node(x, part, right) } else { t }
    }),

  TaskDefinition(
    "withRight", "(t: tree(int), part: tree(int)) -> tree(int)",
    summary: """
      A tree with another right subtree in place of its own. A leaf has none, and stays a leaf.
      """,
    train: [1, 2, 3], standards: [.init(checkSizes: [8, 100])],
    inputs: twoTrees,
    expected: { (t: Tree<Int>, part: Tree<Int>) in
      if case .node(let x, let left, _) = t { Tree<Int>.node(x, left, part) } else { t }
    }),
]

/// Trees in which what is on the left is smaller.
private let searchTasks: [TaskDefinition] = [
  TaskDefinition(
    "insert", "(t: tree(int), x: int) -> tree(int)",
    summary: """
      A search tree with one more element, where a search for it comes to a leaf: in a search tree \
      the elements of a left subtree are at most the element at its top, those of a right subtree \
      at least. It goes to the right of equal elements.
      """,
    train: [1, 2, 3, 4], standards: [.init(checkSizes: [8, 100, 1_000])],
    inputs: withElement(searchTrees).map { pair, _ in (pair.1, pair.0) },
    expected: { (t: Tree<Int>, x: Int) in t.isSearchTree ? t.inserting(x) : Tree<Int>?.none }),

  TaskDefinition(
    "fromList", "(xs: [int]) -> tree(int)",
    summary: """
      The search tree that the elements of a list make when they are inserted one after another, \
      the first one first.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 100, 1_000])],
    inputs: trees.map { t, _ in
      // Equal elements make a path.
      let xs = t.inorder
      return 2 * Set(xs).count < xs.count ? Array(xs.prefix(longestPath)) : xs
    },
    expected: { (xs: [Int]) in xs.reduce(Tree<Int>.leaf) { $0.inserting($1) } }),
]
