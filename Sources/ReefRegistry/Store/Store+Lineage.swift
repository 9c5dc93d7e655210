import ReefMachine

extension Store {
  /// How often closures are worked out in SQL before the graph is loaded, which takes as long as
  /// some hundreds of them.
  private static let patienceWithSQL = 3

  /// Larger numbers are those of a damaged file; a set of them would take too much memory.
  private static let maximumID = 1 << 31

  /// All that is above or below a skill, in the order in which it came into the registry.
  func closure(
    of digest: Digest, _ direction: LineageGraph.Direction
  ) throws(RegistryError) -> [Digest] {
    guard let start = try digestID(digest) else { return [] }
    // Every new edge comes with a new skill, and only a collection of garbage, which is a change of
    // the schema, removes any.
    let last = try database.integer("SELECT max(id) FROM digests")
    guard last < Store.maximumID else { throw damaged("a digest has the number \(last)") }
    if lineage.last != last || lineage.schema != schemaCount {
      lineage = (last, schemaCount, 0, nil)
    }
    lineage.uses += 1
    if lineage.graph == nil, lineage.uses > Store.patienceWithSQL {
      lineage.graph = try loadGraph(last: last)
    }
    if let found = lineage.graph?.closure(of: start, direction) { return found }
    return try digests(of: try reach(from: start, direction, last: last), last: last)
  }

  /// What can be reached, edge by edge.
  ///
  /// A skill is registered after its parents, so that one sweep over the edges, in the order of
  /// numbers, finds them all; whatever has its number out of order, as atoms do, takes another.
  private func reach(
    from start: Int, _ direction: LineageGraph.Direction, last: Int
  ) throws(RegistryError) -> NumberSet {
    var reached = NumberSet(bound: last + 1)
    var open = NumberSet(bound: last + 1)
    _ = open.insert(start)
    let sql =
      direction == .parents
      ? "SELECT user, parent FROM edges WHERE user <= ? ORDER BY user DESC"
      : "SELECT parent, user FROM edges WHERE parent >= ? ORDER BY parent"
    try sweep(sql, down: direction == .parents, &open) { (row, open) throws(RegistryError) in
      let node = row.int(1)
      guard (0...last).contains(node) else {
        throw damaged("its lineage has the number \(node), which nothing has")
      }
      if reached.insert(node) { _ = open.insert(node) }
    }
    return reached
  }

  private func digests(
    of numbers: consuming NumberSet, last: Int
  ) throws(RegistryError) -> [Digest] {
    var found: [Digest] = []
    found.reserveCapacity(numbers.count)
    try sweep("SELECT id, digest FROM digests WHERE id >= ?", down: false, &numbers) {
      (row, _) throws(RegistryError) in found.append(try row.digest(1))
    }
    return found
  }

  /// So many rows in a row that nobody asked for are read sooner than another one is looked up.
  private static let needlessRows = 16

  /// Hands the rows of all wanted numbers to `visit`, which may want more of them, each once.
  ///
  /// - Parameters:
  ///   - sql: Gives rows whose first column is a number, from a given one on, in their order.
  ///   - down: The order is a descending one.
  private func sweep(
    _ sql: String, down: Bool, _ wanted: inout NumberSet,
    _ visit: (Row, inout NumberSet) throws(RegistryError) -> Void
  ) throws(RegistryError) {
    var place = down ? Int.max : 0
    while wanted.count > 0 {
      let next = down ? wanted.highest(through: place) : wanted.lowest(from: place)
      guard let next else {
        // What is left is behind.
        place = down ? Int.max : 0
        continue
      }
      _ = wanted.remove(next)
      place = next
      var isWanted = true
      var needless = 0
      try database.each(sql, [.int(next)]) { (row) throws(RegistryError) in
        let number = row.int(0)
        if number != place {
          place = number
          isWanted = wanted.remove(number)
        }
        needless = isWanted ? 0 : needless + 1
        if isWanted { try visit(row, &wanted) }
        return needless < Store.needlessRows
      }
    }
  }

  private func loadGraph(last: Int) throws(RegistryError) -> LineageGraph {
    var nodes = NumberSet(bound: last + 1)
    var edges: [(user: UInt32, parent: UInt32)] = []
    try database.each("SELECT user, parent FROM edges") { (row) throws(RegistryError) in
      let (user, parent) = (row.int(0), row.int(1))
      guard (0...last).contains(user), (0...last).contains(parent) else {
        throw damaged("its lineage has a number that nothing has")
      }
      _ = nodes.insert(user)
      _ = nodes.insert(parent)
      edges.append((UInt32(user), UInt32(parent)))
      return true
    }
    let digests = try digests(of: nodes, last: last)
    var numbers: [UInt32] = []
    var positions = [UInt32](repeating: 0, count: last + 1)
    nodes.drain {
      positions[$0] = UInt32(numbers.count)
      numbers.append(UInt32($0))
    }
    guard digests.count == numbers.count else { throw damaged("its lineage has lost a digest") }
    for index in edges.indices {
      edges[index] = (positions[Int(edges[index].user)], positions[Int(edges[index].parent)])
    }
    return LineageGraph(numbers: numbers, digests: digests, edges: edges)
  }

  func digests(_ sql: String, _ digest: Digest) throws(RegistryError) -> [Digest] {
    try database.rows(sql, [.digest(digest)]) { (row) throws(RegistryError) in try row.digest(0) }
  }
}
