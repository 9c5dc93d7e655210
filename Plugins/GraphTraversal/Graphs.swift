/// Graph algorithms for the oracles. A graph is the list of each vertex's successors.
enum Graphs {
  /// The largest graph that an oracle builds or searches.
  static let largest = 1_000_000

  /// Whether every successor is a vertex.
  static func isGraph(_ graph: [[Int]]) -> Bool {
    graph.allSatisfy { $0.allSatisfy(graph.indices.contains) }
  }

  /// How many edges lead to each vertex.
  static func inDegrees(_ graph: [[Int]]) -> [Int] {
    graph.joined().reduce(into: Array(repeating: 0, count: graph.count)) { $0[$1] += 1 }
  }

  /// The edges turned round: each list ascending, each predecessor once.
  static func reversed(_ graph: [[Int]]) -> [[Int]] {
    var result: [[Int]] = Array(repeating: [], count: graph.count)
    for (vertex, successors) in graph.enumerated() {
      for successor in successors where result[successor].last != vertex {
        result[successor].append(vertex)
      }
    }
    return result
  }

  /// Visits the unvisited successors of `vertex`; false where a distance overflows.
  static func step(
    _ distances: inout [Int], _ queue: inout [Int], from vertex: Int, _ graph: [[Int]]
  ) -> Bool {
    let found = graph[vertex].filter { distances[$0] < 0 }
    let (distance, overflow) = distances[vertex].addingReportingOverflow(1)
    guard !overflow else { return false }
    for successor in found {
      distances[successor] = distance
      queue.append(successor)
    }
    return true
  }

  /// The number of edges from `start` to each vertex, -1 where no path leads there.
  static func distances(_ graph: [[Int]], from start: Int) -> [Int]? {
    guard isGraph(graph), graph.indices.contains(start) else { return nil }
    var distances = Array(repeating: -1, count: graph.count)
    distances[start] = 0
    var queue = [start]
    var next = 0
    while next < queue.count {
      guard step(&distances, &queue, from: queue[next], graph) else { return nil }
      next += 1
    }
    return distances
  }

  /// Takes the smallest vertex whose count is 0, again and again, until there is none: the vertex's
  /// count becomes -1, then its successors' drop by one.
  ///
  /// Kahn's algorithm (1962, doi:10.1145/368996.369025) where the counts are the in-degrees.
  static func order(_ degrees: [Int], _ graph: [[Int]]) -> [Int]? {
    var degrees = degrees
    var order: [Int] = []
    while let vertex = degrees.firstIndex(of: 0) {
      guard let next = removing(vertex, from: degrees, graph) else { return nil }
      degrees = next
      order.append(vertex)
    }
    return order
  }

  static func removing(_ vertex: Int, from degrees: [Int], _ graph: [[Int]]) -> [Int]? {
    var degrees = degrees
    degrees[vertex] = -1
    return decrementing(degrees, at: graph[vertex])
  }

  /// nil where an index is no place in `counts`, or a count underflows.
  static func decrementing(_ counts: [Int], at indices: [Int]) -> [Int]? {
    var counts = counts
    for index in indices {
      guard counts.indices.contains(index), counts[index] > Int.min else { return nil }
      counts[index] -= 1
    }
    return counts
  }
}
