import ReefTasks

/// Graphs of every kind; no list holds a successor twice. But for a clique of up to 50 vertices,
/// there are at most five edges a vertex, and fewer where a learner looks on.
///
/// Costs at large sizes are checked on a few inputs only: the deepest and the densest come first.
let graphs = Inputs<[[Int]]>(
  families: [
    { size, _ in (0..<size).map { $0 + 1 < size ? [$0 + 1] : [] } },  // A path.
    { size, rng in rng.digraph(size, edges: 5 * size) },
    { size, _ in (0..<size).map { [($0 + 1) % size] } },  // A cycle.
    { size, rng in rng.twoParts(size) },
    { size, rng in  // One edge back makes a cycle far from the start.
      var graph: [[Int]] = (0..<size).map { $0 + 1 < size ? [$0 + 1] : [] }
      graph[size - 1].append(rng.int(in: size / 2...size - 1))
      return graph
    },
    { size, _ in [Array(1..<size)] + Array(repeating: [], count: size - 1) },  // A star.
    { size, _ in Array(repeating: [], count: size) },
    { size, _ in complete(min(size, 50)) + Array(repeating: [], count: max(0, size - 50)) },
    { size, _ in (0..<size).map { $0 > 0 ? [$0 - 1] : [] } },  // A path the other way.
    { size, rng in  // Only a self-loop.
      var graph: [[Int]] = Array(repeating: [], count: size)
      let vertex = rng.int(in: 0...size - 1)
      graph[vertex] = [vertex]
      return graph
    },
    { size, _ in [[]] + Array(repeating: [0], count: size - 1) },  // A star, edges inwards.
    { size, _ in  // A binary tree.
      (0..<size).map { vertex in [2 * vertex + 1, 2 * vertex + 2].filter { $0 < size } }
    },
    { size, rng in rng.shuffledPath(size) },
    { _, _ in [[]] },
    { _, _ in [] },
  ],
  random: { size, rng in
    let perVertex = size <= 8 ? rng.int(in: 2...8) : rng.pick([2, 4, 8, 20])
    let edges = max(1, size * perVertex / 4)
    return rng.int(in: 0...2) == 0
      ? rng.acyclicGraph(size, edges: edges) : rng.digraph(size, edges: edges)
  })

/// The same, half of them with parallel edges.
let multigraphs = Inputs<[[Int]]>(
  families: graphs.families + [
    { size, rng in rng.withParallelEdges(rng.digraph(size, edges: 2 * size)) },
    { size, _ in  // A path, every edge twice.
      (0..<size).map { $0 + 1 < size ? [$0 + 1, $0 + 1] : [] }
    },
  ],
  random: { size, rng in
    let graph = graphs.random(size, &rng)
    return rng.coin() ? graph : rng.withParallelEdges(graph)
  })

/// `graphs` with at least one vertex, and a vertex to start from.
let rootedGraphs = graphs.map { graph, rng -> ([[Int]], Int) in
  graph.isEmpty ? ([[]], 0) : (graph, rng.start(graph.count))
}

/// The same with a weight on each edge.
let rootedWeightedGraphs: Inputs<([[Pair<Int, Int>]], Int)> = {
  let weighted = rootedGraphs.map { rooted, rng in (rng.weighted(rooted.0), rooted.1) }
  return Inputs(families: detours + weighted.families, random: weighted.random)
}()

/// Weighted graphs in which the way with the fewest edges is not the shortest.
private let detours: [Inputs<([[Pair<Int, Int>]], Int)>.Make] = [
  { size, _ in
    let graph = (0..<size).map { vertex in
      (vertex + 1..<min(size, vertex + 4)).map { Pair($0, 3 * ($0 - vertex) - 2) }
    }
    return (graph, 0)
  },
  { size, _ in  // Against the order of the vertices.
    let graph = (0..<size).map { vertex in
      (max(0, vertex - 3)..<vertex).map { Pair($0, 3 * (vertex - $0) - 2) }
    }
    return (graph, size - 1)
  },
  { size, rng in  // Edges that cost nothing.
    let graph = rng.digraph(size, edges: 2 * size).map { $0.map { Pair($0, 0) } }
    return (graph, rng.start(size))
  },
]

private func complete(_ count: Int) -> [[Int]] {
  (0..<count).map { vertex in (0..<count).filter { $0 != vertex } }
}

extension SplitMix64 {
  /// The first, the last or any vertex.
  mutating func start(_ count: Int) -> Int { pick([0, 0, count - 1, int(in: 0...count - 1)]) }

  /// About `edges` different random edges, self-loops among them.
  mutating func digraph(_ count: Int, edges: Int) -> [[Int]] {
    var graph: [[Int]] = Array(repeating: [], count: count)
    for _ in 0..<edges {
      let (from, to) = (int(in: 0...count - 1), int(in: 0...count - 1))
      if !graph[from].contains(to) { graph[from].append(to) }
    }
    return graph
  }

  /// About `edges` different random edges, none against a random order of the vertices.
  mutating func acyclicGraph(_ count: Int, edges: Int) -> [[Int]] {
    let order = permutation(count)
    var graph: [[Int]] = Array(repeating: [], count: count)
    guard count > 1 else { return graph }
    for _ in 0..<edges {
      let high = int(in: 1...count - 1)
      let (from, to) = (order[int(in: 0...high - 1)], order[high])
      if !graph[from].contains(to) { graph[from].append(to) }
    }
    return graph
  }

  /// Two random graphs side by side, their vertices mixed.
  mutating func twoParts(_ count: Int) -> [[Int]] {
    let order = permutation(count)
    let half = count / 2
    var graph: [[Int]] = Array(repeating: [], count: count)
    for _ in 0..<2 * count {
      let from = int(in: 0...count - 1)
      let to = from < half ? int(in: 0...half - 1) : int(in: half...count - 1)
      if !graph[order[from]].contains(order[to]) { graph[order[from]].append(order[to]) }
    }
    return graph
  }

  /// One path through all vertices, in random order.
  mutating func shuffledPath(_ count: Int) -> [[Int]] {
    let order = permutation(count)
    var graph: [[Int]] = Array(repeating: [], count: count)
    for (from, to) in zip(order, order.dropFirst()) { graph[from] = [to] }
    return graph
  }

  /// Weights from 0 to 9, or more in large graphs.
  mutating func weighted(_ graph: [[Int]]) -> [[Pair<Int, Int>]] {
    let heaviest = graph.count <= 8 ? 9 : 1_000
    var result: [[Pair<Int, Int>]] = []
    for successors in graph {
      var edges: [Pair<Int, Int>] = []
      for successor in successors { edges.append(Pair(successor, int(in: 0...heaviest))) }
      result.append(edges)
    }
    return result
  }

  /// With some edges twice.
  mutating func withParallelEdges(_ graph: [[Int]]) -> [[Int]] {
    var result = graph
    for vertex in graph.indices {
      for successor in graph[vertex] where int(in: 0...2) == 0 { result[vertex].append(successor) }
    }
    return result
  }

  private mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }
}
