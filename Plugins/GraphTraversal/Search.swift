import ReefTasks

/// Breadth-first search.
let searchTasks: [TaskDefinition] = [
  TaskDefinition(
    "startDistances", "(n: int, start: int) -> [int]",
    summary: """
      The distances with which a search of a graph of n vertices begins: 0 for the vertex where it \
      starts, and -1, not reached yet, for every other.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 30_000])],
    inputs: Inputs(
      families: [
        { size, _ in (size, 0) },
        { size, _ in (size, size - 1) },
        { _, _ in (1, 0) },
      ],
      random: { size, rng in (size, rng.int(in: 0...size - 1)) }),
    expected: { (n: Int, start: Int) -> [Int]? in
      guard n <= Graphs.largest, start >= 0, start < n else { return nil }
      return (0..<n).map { $0 == start ? 0 : -1 }
    }),

  TaskDefinition(
    "discovered", "(state: ([int], [int]), graph: [[int]]) -> [int]",
    summary: """
      The vertices that the next step of a breadth-first search discovers: the unvisited successors \
      of the first vertex in the queue. The state is the list of distances and the queue.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: openStates.map { state, _ in (Pair(state.0, state.1), state.2) },
    expected: { (state: Pair<[Int], [Int]>, graph: [[Int]]) -> [Int]? in
      guard isSearch(state, graph), let vertex = state.second.first else { return nil }
      return graph[vertex].filter { state.first[$0] < 0 }
    }),

  TaskDefinition(
    "nextDistance", "(state: ([int], [int])) -> int",
    summary: """
      The distance that the next step of a breadth-first search gives to what it discovers: one \
      more than that of the first vertex in the queue. The state is the list of distances and the \
      queue.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: searchStates.map { state, _ in Pair(state.0, state.1) },
    expected: { (state: Pair<[Int], [Int]>) -> Int? in
      guard let vertex = state.second.first, state.first.indices.contains(vertex) else {
        return nil
      }
      return state.first[vertex] &+ 1
    }),

  TaskDefinition(
    "label", "(distances: [int], vertices: [int], d: int) -> [int]",
    summary: """
      The list of distances after each of the given vertices has got the distance d; the others \
      keep theirs.
      """,
    train: [1, 2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000, 30_000])],
    inputs: searchStates.map { state, rng in
      let vertices = rng.vertices(rng.int(in: 0...state.0.count), below: state.0.count)
      return (state.0, vertices, rng.int(in: -2...20))
    },
    expected: { (distances: [Int], vertices: [Int], d: Int) -> [Int]? in
      guard vertices.allSatisfy(distances.indices.contains) else { return nil }
      return vertices.reduce(into: distances) { $0[$1] = d }
    }),

  TaskDefinition(
    "searchStep", "(state: ([int], [int]), graph: [[int]]) -> ([int], [int])",
    summary: """
      One step of a breadth-first search. The state is the list of distances, negative where a \
      vertex has not been reached, and the queue of vertices that wait. The first vertex leaves \
      the queue; those of its successors that have not been reached get its distance plus one and \
      join the end of the queue in their order.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: searchStates.map { state, _ in (Pair(state.0, state.1), state.2) },
    expected: { (state: Pair<[Int], [Int]>, graph: [[Int]]) -> Pair<[Int], [Int]>? in
      guard isSearch(state, graph), let vertex = state.second.first else { return nil }
      var (distances, queue) = (state.first, Array(state.second.dropFirst()))
      guard Graphs.step(&distances, &queue, from: vertex, graph) else { return nil }
      return Pair(distances, queue)
    }),

  TaskDefinition(
    "isUnfinished", "(state: ([int], [int])) -> bool",
    summary: """
      Whether a breadth-first search has still something to do. Its state is the list of distances \
      so far and the queue of vertices that wait; it is finished when the queue is empty.
      """,
    train: [2, 3, 4, 5], standards: [.init(checkSizes: [8, 64])],
    inputs: searchStates.map { state, rng in
      Pair(state.0, rng.coin() ? [] : state.1)
    },
    expected: { (state: Pair<[Int], [Int]>) in !state.second.isEmpty }),

  TaskDefinition(
    "startState", "(graph: [[int]], start: int) -> ([int], [int])",
    summary: """
      The state of a breadth-first search before its first step: the start distances of all \
      vertices, which are -1 but for the start's 0, and the queue with the start alone.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000, 10_000])],
    inputs: rootedGraphs,
    expected: { (graph: [[Int]], start: Int) -> Pair<[Int], [Int]>? in
      guard graph.indices.contains(start) else { return nil }
      return Pair(graph.indices.map { $0 == start ? 0 : -1 }, [start])
    }),

  TaskDefinition(
    "bfsDistances", "(graph: [[int]], start: int) -> [int]",
    summary: """
      The distance of each vertex of a directed graph from a start vertex: the smallest number of \
      edges on a path to it, and -1 where no path leads there. The graph lists the successors of \
      each vertex.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000, 10_000])],
    inputs: rootedGraphs,
    expected: { (graph: [[Int]], start: Int) in Graphs.distances(graph, from: start) }),

  TaskDefinition(
    "reachable", "(graph: [[int]], start: int) -> [bool]",
    summary: """
      For each vertex of a directed graph, whether a path leads to it from a start vertex; the \
      start itself is reached without an edge. The graph lists the successors of each vertex.
      """,
    train: [2, 3, 4, 5, 6], standards: [.init(checkSizes: [8, 64, 1_000])],
    inputs: rootedGraphs,
    expected: { (graph: [[Int]], start: Int) in
      Graphs.distances(graph, from: start)?.map { $0 >= 0 }
    }),
]

/// Whether the state is one of a search of the graph: its queue holds vertices with a distance.
private func isSearch(_ state: Pair<[Int], [Int]>, _ graph: [[Int]]) -> Bool {
  let distances = state.first
  return Graphs.isGraph(graph) && distances.count == graph.count
    && state.second.allSatisfy { distances.indices.contains($0) && distances[$0] >= 0 }
}

/// Distances, a queue that is not empty, and the graph: a search a few steps after its start.
private let searchStates = rootedGraphs.map { rooted, rng -> ([Int], [Int], [[Int]]) in
  let (graph, start) = rooted
  var distances = Array(repeating: -1, count: graph.count)
  distances[start] = rng.int(in: 0...3)
  var queue = [start]
  for _ in 0..<rng.int(in: 0...graph.count / 2) where queue.count > 1 || !graph[queue[0]].isEmpty {
    let (before, waiting) = (distances, queue)
    let vertex = queue.removeFirst()
    guard Graphs.step(&distances, &queue, from: vertex, graph), !queue.isEmpty else {
      return (before, waiting, graph)
    }
  }
  return (distances, queue, graph)
}

extension SplitMix64 {
  /// `count` different vertices below `limit`, or fewer.
  fileprivate mutating func vertices(_ count: Int, below limit: Int) -> [Int] {
    var all = Array(0..<limit)
    shuffle(&all)
    return Array(all.prefix(count))
  }
}

/// Searches in which the first vertex of the queue has edges where any has, and most others have
/// not been reached: much is left to be discovered.
private let openStates = searchStates.map { state, rng -> ([Int], [Int], [[Int]]) in
  let (distances, _, graph) = state
  let busy = graph.indices.filter { vertex in graph[vertex].contains { $0 != vertex } }
  let vertex = busy.isEmpty ? 0 : rng.pick(busy)
  var open = distances.map { rng.int(in: 0...2) == 0 ? $0 : -1 }
  open[vertex] = max(0, distances[vertex])
  // Some of the others that have been reached wait; the search is done with the rest.
  let waiting = graph.indices.filter { $0 != vertex && open[$0] >= 0 && rng.int(in: 0...1) == 0 }
  return (open, [vertex] + waiting, graph)
}
