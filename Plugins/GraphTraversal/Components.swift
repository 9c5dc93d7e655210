import ReefTasks

/// Edges taken the other way, and what hangs together.
let componentTasks: [TaskDefinition] = [
  TaskDefinition(
    "contains", "(xs: [int], x: int) -> bool",
    summary: "Whether a number occurs in a list.",
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 30_000])],
    inputs: Inputs(
      families: [
        { size, rng in
          let xs = rng.ints(size, in: -20...20)
          return (xs, xs[size - 1])
        },
        { size, rng in (Array(repeating: 3, count: size), rng.int(in: 2...4)) },
        { _, rng in ([], rng.int(in: -20...20)) },
        { size, rng in
          let xs = rng.ints(size, in: -20...20)
          return (xs, xs[0])
        },
        { size, rng in  // Only near it.
          let x = rng.int(in: -20...20)
          return ((0..<size).map { $0 % 2 == 0 ? x - 1 : x + 1 }, x)
        },
      ],
      random: { size, rng in
        let xs = rng.ints(size, in: size <= 8 ? -20...20 : -1_000_000...1_000_000)
        return (xs, rng.coin() ? rng.pick(xs) : rng.int(in: -20...20))
      }),
    expected: { (xs: [Int], x: Int) in xs.contains(x) }),

  TaskDefinition(
    "predecessors", "(v: int, graph: [[int]]) -> [int]",
    summary: """
      The predecessors of vertex v in a directed graph, which lists the successors of each vertex: \
      all vertices with an edge to v, ascending, each once. One look at each edge is enough.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000], growth: 1.3)],
    inputs: rootedGraphs.map { rooted, _ in (rooted.1, rooted.0) },
    expected: { (v: Int, graph: [[Int]]) in graph.indices.filter { graph[$0].contains(v) } }),

  TaskDefinition(
    "undirected", "(graph: [[int]]) -> [[int]]",
    summary: """
      A directed graph whose edges can be taken both ways: for each vertex its successors, in \
      their order, followed by its predecessors, ascending, each once.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: graphs,
    expected: { (graph: [[Int]]) in
      Graphs.isGraph(graph) ? zip(graph, Graphs.reversed(graph)).map { $0 + $1 } : nil
    }),

  TaskDefinition(
    "smallestReachable", "(start: int, graph: [[int]]) -> int",
    summary: """
      The smallest vertex to which a path leads from a start vertex of a directed graph; the start \
      itself is reached without an edge.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedGraphs.map { rooted, rng in
      let (graph, start) = rooted
      // From the first vertex the answer is always the first vertex.
      return (start == 0 ? rng.int(in: 0...graph.count - 1) : start, graph)
    },
    expected: { (start: Int, graph: [[Int]]) in
      Graphs.distances(graph, from: start)?.firstIndex { $0 >= 0 }
    }),

  TaskDefinition(
    "components", "(graph: [[int]]) -> [int]",
    summary: """
      The connected components of a graph whose edges are taken both ways: for each vertex the \
      smallest vertex of its component. The graph lists the successors of each vertex.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: graphs,
    expected: { (graph: [[Int]]) in components(graph) }),
]

/// By union of the components at the two ends of each edge, the smaller root on top.
private func components(_ graph: [[Int]]) -> [Int]? {
  guard Graphs.isGraph(graph) else { return nil }
  var parent = Array(graph.indices)
  func root(_ vertex: Int) -> Int {
    var vertex = vertex
    while parent[vertex] != vertex {
      parent[vertex] = parent[parent[vertex]]
      vertex = parent[vertex]
    }
    return vertex
  }
  for (vertex, successors) in graph.enumerated() {
    for successor in successors {
      let (a, b) = (root(vertex), root(successor))
      parent[max(a, b)] = min(a, b)
    }
  }
  return graph.indices.map(root)
}
