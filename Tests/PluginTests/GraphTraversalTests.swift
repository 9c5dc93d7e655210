import GraphTraversal
import ReefMachine
import ReefTasks
import Testing

/// Lengths of the shortest paths between all pairs, by Floyd and Warshall; nil where there is none.
/// A vertex reaches itself without an edge.
private func allPairs(_ graph: [[Pair<Int, Int>]]) -> [[Int?]] {
  var length: [[Int?]] = graph.indices.map { i in graph.indices.map { $0 == i ? 0 : nil } }
  for (i, edges) in graph.enumerated() {
    for edge in edges where i != edge.first {
      length[i][edge.first] = min(length[i][edge.first] ?? .max, edge.second)
    }
  }
  for k in graph.indices {
    for i in graph.indices {
      for j in graph.indices {
        guard let first = length[i][k], let second = length[k][j] else { continue }
        length[i][j] = min(length[i][j] ?? .max, first + second)
      }
    }
  }
  return length
}

/// The same, every edge of length 1.
private func allPairs(_ graph: [[Int]]) -> [[Int?]] {
  allPairs(graph.map { $0.map { Pair($0, 1) } })
}

@Suite("Graph oracles against all pairs of Floyd and Warshall") struct GraphOracleTests {
  @Test("Searches", arguments: 0..<8)
  func searches(seed: Int) throws {
    for (input, output) in try examples(graphTraversal, "bfsDistances", seed: seed) {
      #expect(output.ints == allPairs(input[0].graph)[input[1].int!].map { $0 ?? -1 })
    }
    for (input, output) in try examples(graphTraversal, "reachable", seed: seed) {
      let expected = allPairs(input[0].graph)[input[1].int!].map { Value.bool($0 != nil) }
      #expect(output == .list(expected))
    }
    for (input, output) in try examples(graphTraversal, "smallestReachable", seed: seed) {
      #expect(output.int == allPairs(input[1].graph)[input[0].int!].firstIndex { $0 != nil })
    }
    for (input, output) in try examples(graphTraversal, "shortestPaths", seed: seed) {
      #expect(output.ints == allPairs(input[0].weightedGraph)[input[1].int!].map { $0 ?? -1 })
    }
  }

  @Test("Components and cycles", arguments: 0..<8)
  func components(seed: Int) throws {
    for (input, output) in try examples(graphTraversal, "components", seed: seed) {
      let graph = input[0].graph
      let bothWays = graph.indices.map { v in
        graph.indices.filter { graph[v].contains($0) || graph[$0].contains(v) }
      }
      #expect(output.ints == allPairs(bothWays).map { row in row.firstIndex { $0 != nil }! })
    }
    for (input, output) in try examples(graphTraversal, "hasCycle", seed: seed) {
      #expect(output.bool == hasCycle(input[0].graph))
    }
  }

  @Test(
    "A topological order takes the smallest vertex whose predecessors are all placed",
    arguments: 0..<8)
  func orders(seed: Int) throws {
    for (input, output) in try examples(graphTraversal, "topologicalOrder", seed: seed) {
      let graph = input[0].graph
      #expect(output.ints == (hasCycle(graph) ? [] : order(graph, from: [])))
    }
    for (input, output) in try examples(graphTraversal, "orderFrom", seed: seed) {
      let graph = input[1].graph
      // Vertices marked -1 have been removed before.
      let removed = graph.indices.filter { input[0].ints[$0] < 0 }
      #expect(output.ints == order(graph, from: removed))
    }
  }

  @Test("Steps of a search", arguments: 0..<8)
  func searchSteps(seed: Int) throws {
    for (input, output) in try examples(graphTraversal, "searchStep", seed: seed) {
      let (state, graph) = (input[0].listPair, input[1].graph)
      let found = graph[state.second[0]].filter { state.first[$0] == -1 }
      #expect(output.listPair.second == state.second.dropFirst() + found)
      for v in graph.indices {
        let expected = found.contains(v) ? state.first[state.second[0]] + 1 : state.first[v]
        #expect(output.listPair.first[v] == expected)
      }
    }
    for (input, output) in try examples(graphTraversal, "label", seed: seed) {
      let (vertices, d) = (Set(input[1].ints), input[2].int!)
      let expected = input[0].ints.enumerated().map { vertices.contains($0) ? d : $1 }
      #expect(output.ints == expected)
    }
    for (input, output) in try examples(graphTraversal, "startDistances", seed: seed) {
      var expected = Array(repeating: -1, count: input[0].int!)
      expected[input[1].int!] = 0
      #expect(output.ints == expected)
    }
  }

  @Test("Edges from both ends", arguments: 0..<8)
  func reversal(seed: Int) throws {
    func predecessors(_ v: Int, _ graph: [[Int]]) -> [Int] {
      graph.indices.filter { graph[$0].contains(v) }
    }
    for (input, output) in try examples(graphTraversal, "undirected", seed: seed) {
      let graph = input[0].graph
      #expect(output.graph == graph.indices.map { graph[$0] + predecessors($0, graph) })
    }
    for (input, output) in try examples(graphTraversal, "predecessors", seed: seed) {
      #expect(output.ints == predecessors(input[0].int!, input[1].graph))
    }
    for (input, output) in try examples(graphTraversal, "edgeEnds", seed: seed) {
      var ends: [Int] = []
      for successors in input[0].graph { ends += successors }
      #expect(output.ints == ends)
    }
    for (input, output) in try examples(graphTraversal, "inDegrees", seed: seed) {
      let heads = input[0].graph.flatMap { $0 }
      #expect(output.ints == input[0].graph.indices.map { v in heads.filter { $0 == v }.count })
    }
    for (input, output) in try examples(graphTraversal, "contains", seed: seed) {
      #expect(output.bool == Set(input[0].ints).contains(input[1].int!))
    }
  }

  @Test("Counts and removals", arguments: 0..<8)
  func counts(seed: Int) throws {
    for (input, output) in try examples(graphTraversal, "decrement", seed: seed) {
      let expected = input[0].ints.enumerated().map { $0 == input[1].int! ? $1 - 1 : $1 }
      #expect(output.ints == expected)
    }
    for (input, output) in try examples(graphTraversal, "source", seed: seed) {
      let free = input[0].ints.enumerated().filter { $0.element == 0 }.map(\.offset)
      #expect(output == .int(free.min() ?? -1))
    }
    for (input, output) in try examples(graphTraversal, "removeVertex", seed: seed) {
      let (degrees, v, graph) = (input[0].ints, input[1].int!, input[2].graph)
      let expected = graph.indices.map { w in
        (w == v ? -1 : degrees[w]) - (graph[v].contains(w) ? 1 : 0)
      }
      #expect(output.ints == expected)
    }
  }

  @Test("Relaxation: the same with infinity for what cannot be reached", arguments: 0..<8)
  func relaxation(seed: Int) throws {
    func real(_ distance: Int) -> Double { distance < 0 ? .infinity : Double(distance) }
    func relaxed(_ distances: [Int], _ edges: [(from: Int, to: Int, weight: Int)]) -> [Double] {
      edges.reduce(into: distances.map(real)) { result, edge in
        result[edge.to] = min(result[edge.to], result[edge.from] + Double(edge.weight))
      }
    }
    func edges(_ graph: [[Pair<Int, Int>]], from u: Int) -> [(from: Int, to: Int, weight: Int)] {
      graph[u].map { (u, $0.first, $0.second) }
    }
    for (input, output) in try examples(graphTraversal, "closer", seed: seed) {
      #expect(real(output.int!) == min(real(input[0].int!), real(input[1].int!)))
    }
    for (input, output) in try examples(graphTraversal, "distanceVia", seed: seed) {
      let distances = input[2].ints.map(real)
      #expect(real(output.int!) == distances[input[1].int!] + Double(input[0].intPair.second))
    }
    for (input, output) in try examples(graphTraversal, "relax", seed: seed) {
      let edge = (from: input[2].int!, to: input[1].intPair.first, weight: input[1].intPair.second)
      #expect(output.ints.map(real) == relaxed(input[0].ints, [edge]))
    }
    for (input, output) in try examples(graphTraversal, "relaxVertex", seed: seed) {
      let expected = relaxed(input[0].ints, edges(input[2].weightedGraph, from: input[1].int!))
      #expect(output.ints.map(real) == expected)
    }
    for (input, output) in try examples(graphTraversal, "relaxAll", seed: seed) {
      let graph = input[1].weightedGraph
      let expected = relaxed(input[0].ints, graph.indices.flatMap { edges(graph, from: $0) })
      #expect(output.ints.map(real) == expected)
    }
  }

  /// Whether some vertex has an edge to a vertex from which it is reached.
  private func hasCycle(_ graph: [[Int]]) -> Bool {
    let length = allPairs(graph)
    return graph.indices.contains { v in graph[v].contains { length[$0][v] != nil } }
  }

  private func order(_ graph: [[Int]], from removed: [Int]) -> [Int] {
    var placed = removed
    while let next = graph.indices.first(where: { v in
      !placed.contains(v)
        && graph.indices.allSatisfy { placed.contains($0) || !graph[$0].contains(v) }
    }) { placed.append(next) }
    return Array(placed.dropFirst(removed.count))
  }
}

@Suite("The graphs' adversarial inputs") struct GraphFamilyTests {
  @Test("Every family comes among the first inputs", arguments: [8, 64, 1_000])
  func families(size: Int) throws {
    let graphs = try graphTraversal.generate(task: "components", size: size, count: 30, seed: 1)
      .map { $0[0].graph }
    let whole = graphs.filter { $0.count == size }
    #expect(graphs.contains([]) && graphs.contains([[]]))
    #expect(whole.contains { $0.allSatisfy(\.isEmpty) })
    #expect(whole.contains { $0[0].count == size - 1 }, "a star")
    #expect(whole.contains { graph in graph == path(size) }, "a path")
    #expect(whole.contains { graph in graph == path(size, closed: true) }, "a cycle")
    #expect(whole.contains { $0.joined().count == 1 && $0.enumerated().contains { [$0] == $1 } })
    #expect(
      whole.contains { $0.prefix(8).allSatisfy { $0.count >= min(size, 50) - 1 } }, "complete")
  }

  @Test(
    "No list holds a successor twice, and edges are at most five a vertex where it counts",
    arguments: [2, 6, 64, 10_000])
  func graphsAreSimpleAndSparse(size: Int) throws {
    for input in try graphTraversal.generate(
      task: "bfsDistances", size: size, count: 30, seed: 4)
    {
      let graph = input[0].graph
      #expect(graph.allSatisfy { Set($0).count == $0.count })
      if size == 10_000 { #expect(graph.joined().count <= 50_000) }
    }
  }

  @Test("Some search of 10,000 vertices goes through 50,000 edges, and some 10,000 levels deep")
  func searchesAreLarge() throws {
    let cases = try examples(
      graphTraversal, "bfsDistances", sizes: [10_000], count: 10, seed: 1)
    #expect(
      cases.contains { $0.input[0].graph.joined().count > 49_000 && $0.output.ints.max()! > 3 })
    #expect(cases.contains { $0.output.ints.max()! == 9_999 })
  }

  @Test("Vertices are removed that others were removed before", arguments: [3, 8, 64, 1_000])
  func earlierRemovals(size: Int) throws {
    let inputs = try graphTraversal.generate(
      task: "removeVertex", size: size, count: 40, seed: 1)
    let isLater = inputs.map { input in
      let (degrees, v) = (input[0].ints, input[1].int!)
      return degrees[v] >= 0 && degrees.indices.contains { $0 != v && degrees[$0] < 0 }
    }
    #expect(isLater.contains(true) && isLater.contains(false))
  }

  @Test("Graphs with and without a cycle both come often", arguments: [3, 5, 64, 1_000])
  func cyclesAndNone(size: Int) throws {
    let answers = try examples(graphTraversal, "hasCycle", sizes: [size], count: 40, seed: 1)
      .map { $0.output.bool! }
    #expect(answers.filter(\.self).count >= 10 && answers.filter { !$0 }.count >= 10)
  }

  @Test("The shortest way is not always the one with the fewest edges", arguments: [5, 64])
  func detours(size: Int) throws {
    let cases = try examples(graphTraversal, "shortestPaths", sizes: [size], seed: 1)
    #expect(
      cases.contains { input, output in
        input[0].weightedGraph[input[1].int!].contains {
          output.ints[$0.first] < $0.second
        }
      })
  }

  private func path(_ count: Int, closed: Bool = false) -> [[Int]] {
    (0..<count).map { $0 + 1 < count ? [$0 + 1] : closed ? [0] : [] }
  }
}
