import ReefTasks

/// Shortest paths with weights. -1 is the distance of what cannot be reached.
let pathTasks: [TaskDefinition] = [
  TaskDefinition(
    "closer", "(a: int, b: int) -> int",
    summary: """
      The smaller of two distances, where -1 says that there is no way: then the other one is the \
      answer, and -1 where neither has a way.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 1_000_000])],
    inputs: Inputs(
      families: [
        { size, rng in (-1, rng.int(in: 0...4 * size)) },
        { size, rng in (rng.int(in: 0...4 * size), -1) },
        { _, _ in (-1, -1) },
        { size, rng in
          let distance = rng.int(in: 0...4 * size)
          return (distance, distance)
        },
        { size, rng in (rng.int(in: 1...4 * size), 0) },
      ],
      random: { size, rng in (rng.int(in: -1...4 * size), rng.int(in: -1...4 * size)) }),
    expected: { (a: Int, b: Int) in a < -1 || b < -1 ? nil : closer(a, b) }),

  TaskDefinition(
    "distanceVia", "(edge: (int, int), u: int, distances: [int]) -> int",
    summary: """
      How far it is to the end of an edge by way of its beginning u: the distance of u plus the \
      weight of the edge, which is given as (v, weight). -1 where u has no distance.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: edges.map { edge, _ in (edge.1, edge.2, edge.0) },
    expected: { (edge: Pair<Int, Int>, u: Int, distances: [Int]) -> Int? in
      guard distances.indices.contains(u), distances[u] >= -1 else { return nil }
      return distances[u] < 0 ? -1 : distances[u] &+ edge.second
    }),

  TaskDefinition(
    "relax", "(distances: [int], edge: (int, int), u: int) -> [int]",
    summary: """
      The relaxation of one edge. It leads from vertex u to a vertex v with a weight, and is given \
      as (v, weight). The distance of v becomes the distance of u plus the weight where that is \
      shorter, or where v had none; -1 stands for no distance. However many vertices there are, it \
      takes the same time.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000, 30_000], growth: 0.1)],
    inputs: edges,
    expected: { (distances: [Int], edge: Pair<Int, Int>, u: Int) in
      relax(distances, [edge], from: u)
    }),

  TaskDefinition(
    "relaxVertex", "(distances: [int], u: int, graph: [[(int, int)]]) -> [int]",
    summary: """
      The relaxation of all edges from vertex u, one after another in their order. The graph lists \
      each vertex's edges as (neighbour, weight); a neighbour's distance becomes shorter where the \
      way over u is, and -1 stands for no distance.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedWeightedGraphs.map { rooted, rng in
      // Mostly a vertex that has edges.
      let (graph, start) = rooted
      let busy = graph.indices.filter { !graph[$0].isEmpty }
      let vertex = busy.isEmpty || rng.int(in: 0...4) == 0 ? start : rng.pick(busy)
      return (rng.distances(graph.count), vertex, graph)
    },
    expected: { (distances: [Int], u: Int, graph: [[Pair<Int, Int>]]) in
      graph.indices.contains(u) ? relax(distances, graph[u], from: u) : nil
    }),

  TaskDefinition(
    "relaxAll", "(distances: [int], graph: [[(int, int)]]) -> [int]",
    summary: """
      One round of relaxation: all edges of the first vertex, then all of the second, and so on, \
      each with the distances as the edges before have left them. The graph lists each vertex's \
      edges as (neighbour, weight); -1 stands for no distance.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedWeightedGraphs.map { rooted, rng in
      let (graph, start) = rooted
      guard rng.coin() else { return (rng.distances(graph.count), graph) }
      return (graph.indices.map { $0 == start ? 0 : -1 }, graph)
    },
    expected: { (distances: [Int], graph: [[Pair<Int, Int>]]) -> [Int]? in
      guard distances.count == graph.count else { return nil }
      return graph.indices.reduce(distances) { distances, u in
        distances.flatMap { relax($0, graph[u], from: u) }
      }
    }),

  TaskDefinition(
    "shortestPaths", "(graph: [[(int, int)]], start: int) -> [int]",
    summary: """
      The length of the shortest path from a start vertex to each vertex of a directed graph, and \
      -1 where no path leads. The graph lists each vertex's edges as (neighbour, weight), with \
      weights of at least 0; the length of a path is the sum of its weights.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedWeightedGraphs,
    expected: { (graph: [[Pair<Int, Int>]], start: Int) in shortestPaths(graph, from: start) }),
]

private func closer(_ a: Int, _ b: Int) -> Int { a < 0 ? b : b < 0 ? a : min(a, b) }

/// A distance and one more edge; nil on overflow.
private func extend(_ distance: Int, _ weight: Int) -> Int? {
  guard distance >= 0 else { return -1 }
  let (sum, overflow) = distance.addingReportingOverflow(weight)
  return overflow ? nil : sum
}

/// nil where u or a neighbour is no vertex, a distance is below -1, or a weight is negative.
private func relax(_ distances: [Int], _ edges: [Pair<Int, Int>], from u: Int) -> [Int]? {
  guard distances.indices.contains(u), distances.allSatisfy({ $0 >= -1 }) else { return nil }
  var distances = distances
  for edge in edges {
    guard distances.indices.contains(edge.first), edge.second >= 0,
      let over = extend(distances[u], edge.second)
    else { return nil }
    distances[edge.first] = closer(distances[edge.first], over)
  }
  return distances
}

/// Dijkstra's algorithm (1959, doi:10.1007/BF01386390) without a heap: O(vertices² + edges).
private func shortestPaths(_ graph: [[Pair<Int, Int>]], from start: Int) -> [Int]? {
  guard graph.indices.contains(start),
    graph.allSatisfy({ edges in
      edges.allSatisfy { graph.indices.contains($0.first) && $0.second >= 0 }
    })
  else { return nil }
  var distances = Array(repeating: -1, count: graph.count)
  var settled = Array(repeating: false, count: graph.count)
  distances[start] = 0
  while let nearest = graph.indices.filter({ !settled[$0] && distances[$0] >= 0 })
    .min(by: { distances[$0] < distances[$1] })
  {
    settled[nearest] = true
    guard let next = relax(distances, graph[nearest], from: nearest) else { return nil }
    distances = next
  }
  return distances
}

extension SplitMix64 {
  /// Distances of which some are -1.
  fileprivate mutating func distances(_ count: Int) -> [Int] {
    ints(count, in: -10...40).map { max(-1, $0) }
  }
}

/// Distances, an edge as (v, weight), and the vertex u where it begins.
private let edges = Inputs<([Int], Pair<Int, Int>, Int)>(
  families: [
    { size, rng in  // From what has not been reached.
      var distances = rng.distances(size)
      distances[0] = -1
      return (distances, Pair(rng.int(in: 0...size - 1), rng.int(in: 0...9)), 0)
    },
    { size, rng in  // To what has not been reached.
      var distances = rng.distances(size)
      distances[size - 1] = -1
      return (distances, Pair(size - 1, rng.int(in: 0...9)), rng.int(in: 0...size - 1))
    },
    { size, rng in
      let vertex = rng.int(in: 0...size - 1)
      return (rng.distances(size), Pair(vertex, rng.int(in: 0...9)), vertex)
    },
    { size, rng in
      var distances = rng.distances(size)
      distances[0] = 0
      return (distances, Pair(size - 1, 0), 0)
    },
  ],
  random: { size, rng in
    let (from, to) = (rng.int(in: 0...size - 1), rng.int(in: 0...size - 1))
    var distances = rng.distances(size)
    // Half of the time the new way is shorter.
    if rng.coin() { distances[from] = rng.int(in: 0...5) }
    return (distances, Pair(to, rng.int(in: 0...9)), from)
  })
