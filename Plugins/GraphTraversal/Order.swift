import ReefTasks

/// Cycles, and orders without them.
let orderTasks: [TaskDefinition] = [
  TaskDefinition(
    "edgeEnds", "(graph: [[int]]) -> [int]",
    summary: """
      The vertices that the edges of a directed graph lead to, one for each edge: the successors of \
      the first vertex, then those of the second, and so on, in their order.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: multigraphs,
    expected: { (graph: [[Int]]) in Graphs.isGraph(graph) ? Array(graph.joined()) : nil }),

  TaskDefinition(
    "inDegree", "(v: int, graph: [[int]]) -> int",
    summary: """
      The in-degree of a vertex of a directed graph: the number of edges that lead to it. The graph \
      lists the successors of each vertex; one that is listed twice stands for two edges.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: multigraphs.map { graph, rng in
      guard !graph.isEmpty else { return (0, [[]]) }
      // Mostly a vertex with an edge.
      let ends = graph.joined().sorted()
      let isEnd = !ends.isEmpty && rng.int(in: 0...3) > 0
      return (isEnd ? rng.pick(ends) : rng.int(in: 0...graph.count - 1), graph)
    },
    expected: { (v: Int, graph: [[Int]]) in
      Graphs.isGraph(graph) && graph.indices.contains(v) ? Graphs.inDegrees(graph)[v] : nil
    }),

  TaskDefinition(
    "inDegrees", "(graph: [[int]]) -> [int]",
    summary: """
      For each vertex of a directed graph, the number of edges that lead to it. The graph lists \
      the successors of each vertex; one that is listed twice stands for two edges.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: multigraphs,
    expected: { (graph: [[Int]]) in Graphs.isGraph(graph) ? Graphs.inDegrees(graph) : nil }),

  TaskDefinition(
    "decrement", "(counts: [int], i: int) -> [int]",
    summary: """
      A list of counts with the one at place i, counted from 0, less by one. However long the list \
      is, it takes the same time.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 30_000], growth: 0.1)],
    inputs: Inputs(
      families: [
        { size, rng in (rng.ints(size, in: -20...20), 0) },
        { size, rng in (rng.ints(size, in: -20...20), size - 1) },
        { size, rng in (Array(repeating: 0, count: size), rng.int(in: 0...size - 1)) },
      ],
      random: { size, rng in (rng.ints(size, in: -20...20), rng.int(in: 0...size - 1)) }),
    expected: { (counts: [Int], i: Int) in Graphs.decrementing(counts, at: [i]) }),

  TaskDefinition(
    "source", "(degrees: [int]) -> int",
    summary: """
      The smallest vertex of a directed graph to which no edge leads, given how many edges lead to \
      each vertex; -1 where there is no such vertex.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 30_000])],
    inputs: Inputs(
      families: [
        { size, rng in rng.ints(size, in: 1...4) },
        { size, rng in rng.ints(size, in: 1...4) + [0] },
        { size, rng in [0] + rng.ints(size, in: 0...4) },
        { size, _ in Array(repeating: -1, count: size) },
        { _, _ in [] },
      ],
      random: { size, rng in rng.ints(size, in: -1...4) }),
    expected: { (degrees: [Int]) in degrees.firstIndex(of: 0) ?? -1 }),

  TaskDefinition(
    "removeVertex", "(degrees: [int], v: int, graph: [[int]]) -> [int]",
    summary: """
      The in-degrees of a directed graph's vertices after vertex v has been removed: its own \
      becomes -1, as a mark, and then each of its successors has one edge less.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedGraphs.map { rooted, rng in
      let (graph, vertex) = rooted
      var degrees = Graphs.inDegrees(graph)
      // Now and then, another vertex has been removed already.
      let other = rng.int(in: 0...2 * graph.count - 1)
      if graph.indices.contains(other), other != vertex {
        degrees = Graphs.removing(other, from: degrees, graph) ?? degrees
      }
      return (degrees, vertex, graph)
    },
    expected: { (degrees: [Int], v: Int, graph: [[Int]]) in
      degrees.indices.contains(v) && degrees[v] >= -1 && graph.indices.contains(v)
        ? Graphs.removing(v, from: degrees, graph) : nil
    }),

  TaskDefinition(
    "orderFrom", "(degrees: [int], graph: [[int]]) -> [int]",
    summary: """
      The vertices of a directed graph in the order in which they can be removed, given how many \
      edges lead to each: always the smallest vertex to which no edge leads, whose own edges then \
      count no longer. The list ends when no such vertex is left.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: orderedGraphs.map { graph, rng in
      var degrees = Graphs.inDegrees(graph)
      // Now and then, a vertex that has been removed already.
      if let vertex = degrees.firstIndex(of: 0), rng.int(in: 0...3) == 0 {
        degrees = Graphs.removing(vertex, from: degrees, graph) ?? degrees
      }
      return (degrees, graph)
    },
    expected: { (degrees: [Int], graph: [[Int]]) in
      Graphs.isGraph(graph) && degrees.count == graph.count ? Graphs.order(degrees, graph) : nil
    }),

  TaskDefinition(
    "topologicalOrder", "(graph: [[int]]) -> [int]",
    summary: """
      A topological order of a directed graph: every vertex comes before its successors, and where \
      several could come next, the smallest does. Where the graph has a cycle, the order is empty. \
      Several edges may lead from one vertex to another.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: orderedGraphs,
    expected: { (graph: [[Int]]) in topologicalOrder(graph) }),

  TaskDefinition(
    "hasCycle", "(graph: [[int]]) -> bool",
    summary: """
      Whether a directed graph has a cycle: a path of at least one edge that leads from a vertex \
      back to itself. An edge from a vertex to itself is a cycle. The graph lists the successors \
      of each vertex.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: orderedGraphs,
    expected: { (graph: [[Int]]) -> Bool? in
      topologicalOrder(graph).map { $0.isEmpty && !graph.isEmpty }
    }),
]

/// Graphs of every kind, most of the random ones without a cycle or with just one, some with parallel
/// edges.
private let orderedGraphs = Inputs<[[Int]]>(
  families: multigraphs.families,
  random: { size, rng in
    let graph = orderedGraph(size, &rng)
    return rng.coin() ? graph : rng.withParallelEdges(graph)
  })

private func orderedGraph(_ size: Int, _ rng: inout SplitMix64) -> [[Int]] {
  let edges = size * rng.pick(size <= 8 ? [1, 2] : [1, 2, 5])
  var graph = rng.acyclicGraph(size, edges: edges)
  switch rng.int(in: 0...3) {
  case 0: return rng.digraph(size, edges: max(1, size / 2))
  case 1:
    let (from, to) = (rng.int(in: 0...size - 1), rng.int(in: 0...size - 1))
    if !graph[from].contains(to) { graph[from].append(to) }
    return graph
  default: return graph
  }
}

private func topologicalOrder(_ graph: [[Int]]) -> [Int]? {
  guard Graphs.isGraph(graph) else { return nil }
  let order = Graphs.order(Graphs.inDegrees(graph), graph)
  return order?.count == graph.count ? order : []
}
