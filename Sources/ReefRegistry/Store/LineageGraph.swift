import ReefMachine

/// The whole lineage in memory, for those who ask many times: skills and atoms are numbered in the
/// order of their digests, and for each its parents and its users lie one after the other.
///
/// - Complexity: 48 bytes for a skill or an atom and 8 for an edge.
struct LineageGraph: Sendable {
  enum Direction: Sendable {
    case parents
    case users
  }

  /// In ascending order.
  private let digests: [Digest]
  private let parents: Neighbours
  private let users: Neighbours

  /// - Parameters:
  ///   - digests: In ascending order.
  ///   - edges: Pairs of a user and a parent, as positions in `digests`.
  init(digests: [Digest], edges: [(user: UInt32, parent: UInt32)]) {
    self.digests = digests
    parents = Neighbours(count: digests.count, edges.lazy.map { ($0.user, $0.parent) })
    users = Neighbours(count: digests.count, edges.lazy.map { ($0.parent, $0.user) })
  }

  /// All that can be reached from `digest`, without itself, in ascending order.
  ///
  /// - Complexity: O(edges followed + digests / 64).
  func closure(of digest: Digest, _ direction: Direction) -> [Digest] {
    guard let start = node(of: digest) else { return [] }
    let neighbours = direction == .parents ? parents : users
    var reached = [UInt64](repeating: 0, count: (digests.count + 63) / 64)
    var open = [start]
    var count = 0
    while let node = open.popLast() {
      for neighbour in neighbours.of(node) {
        let (word, bit) = (Int(neighbour >> 6), UInt64(1) << UInt64(neighbour & 63))
        guard reached[word] & bit == 0 else { continue }
        reached[word] |= bit
        count += 1
        open.append(neighbour)
      }
    }
    var found: [Digest] = []
    found.reserveCapacity(count)
    for (word, bits) in reached.enumerated() {
      var bits = bits
      while bits != 0 {
        found.append(digests[word << 6 | bits.trailingZeroBitCount])
        bits &= bits - 1
      }
    }
    return found
  }

  private func node(of digest: Digest) -> UInt32? {
    var range = digests.indices
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if digests[middle] == digest { return UInt32(middle) }
      range =
        digests[middle] < digest ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }
}

/// For each node of a graph a list of others, all lists in one array.
private struct Neighbours: Sendable {
  /// Where the list of each node begins; the last is the number of all.
  private var starts: [UInt32]
  private var all: [UInt32]

  init(count: Int, _ pairs: some Sequence<(UInt32, UInt32)>) {
    starts = [UInt32](repeating: 0, count: count + 1)
    for (node, _) in pairs { starts[Int(node) + 1] += 1 }
    for index in 0..<count { starts[index + 1] += starts[index] }
    var next = starts
    all = [UInt32](repeating: 0, count: Int(starts[count]))
    for (node, other) in pairs {
      all[Int(next[Int(node)])] = other
      next[Int(node)] += 1
    }
  }

  func of(_ node: UInt32) -> ArraySlice<UInt32> {
    all[Int(starts[Int(node)])..<Int(starts[Int(node) + 1])]
  }
}

extension Store {
  /// How often closures are worked out in SQL before the graph is loaded, which takes as long as
  /// some hundreds of them.
  private static let patienceWithSQL = 3

  /// All that is above or below a skill, in the order of digests.
  func closure(
    of digest: Digest, _ direction: LineageGraph.Direction
  ) throws(RegistryError) -> [Digest] {
    // Every new edge comes with a new skill, and only a collection of garbage, which is a change of
    // the schema, removes any.
    let last = try database.integer("SELECT max(id) FROM digests")
    if lineage.last != last || lineage.schema != schemaCount {
      lineage = (last, schemaCount, 0, nil)
    }
    lineage.uses += 1
    if lineage.graph == nil, lineage.uses > Store.patienceWithSQL {
      lineage.graph = try loadGraph()
    }
    if let graph = lineage.graph { return graph.closure(of: digest, direction) }
    let (from, to) = direction == .parents ? ("user", "parent") : ("parent", "user")
    return try digests(
      """
      WITH RECURSIVE reached(id) AS (
        SELECT \(to) FROM edges JOIN digests ON digests.id = \(from) WHERE digest = ?
        UNION SELECT \(to) FROM edges JOIN reached ON edges.\(from) = reached.id
      ) SELECT digest FROM reached JOIN digests USING (id)
      """, digest
    ).sorted()
  }

  private func loadGraph() throws(RegistryError) -> LineageGraph {
    var nodes = [UInt32](
      repeating: 0, count: try database.integer("SELECT max(id) FROM digests") + 1)
    var digests: [Digest] = []
    try database.each("SELECT id, digest FROM digests ORDER BY digest") {
      (row) throws(RegistryError) in
      nodes[row.int(0)] = UInt32(digests.count)
      digests.append(try row.digest(1))
    }
    var edges: [(user: UInt32, parent: UInt32)] = []
    try database.each("SELECT user, parent FROM edges") { row in
      edges.append((nodes[row.int(0)], nodes[row.int(1)]))
    }
    return LineageGraph(digests: digests, edges: edges)
  }

  func digests(_ sql: String, _ digest: Digest) throws(RegistryError) -> [Digest] {
    try database.rows(sql, [.digest(digest)]) { (row) throws(RegistryError) in try row.digest(0) }
  }
}
