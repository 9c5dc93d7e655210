extension TreeSearch {
  /// What leads on from a state. A walk looks at all edges of the states that it goes through: what
  /// it compares stands together.
  struct Edges {
    /// Q(s, a): the mean of the values seen through each.
    private var means: [Double] = []
    /// P(s, a) / (1 + n(s, a)).
    private var shares: [Double] = []
    /// The state that each leads to, and n(s, a).
    private var ends: [(child: Int32, visits: Int32)] = []

    func child(_ edge: Int) -> Int { Int(ends[edge].child) }

    /// - Returns: The position of the new edge.
    mutating func append(prior: Double, child: Int) -> Int {
      means.append(0)
      shares.append(prior)
      ends.append((Int32(child), 0))
      return ends.count - 1
    }

    mutating func visit(_ edge: Int, value: Double) {
      let visits = ends[edge].visits
      shares[edge] *= Double(1 + visits) / Double(2 + visits)
      ends[edge].visits += 1
      means[edge] += (value - means[edge]) / Double(visits + 1)
    }

    /// Makes it less attractive by one.
    mutating func punish(_ edge: Int) { means[edge] -= 1 / Double(max(1, ends[edge].visits)) }

    /// The first edge with the largest score Q + `exploration` · P / (1 + n); nil where there is none.
    func best(exploration: Double) -> (edge: Int, score: Double)? {
      guard !ends.isEmpty else { return nil }
      return means.withUnsafeBytes { means in
        shares.withUnsafeBytes { shares in
          typealias Lanes = SIMD8<Double>
          func score(_ edge: Int) -> Double {
            let offset = edge * MemoryLayout<Double>.stride
            return means.load(fromByteOffset: offset, as: Double.self)
              + exploration * shares.load(fromByteOffset: offset, as: Double.self)
          }
          func scores(_ block: Int) -> Lanes {
            let offset = block * MemoryLayout<Lanes>.stride
            return means.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
              + exploration * shares.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
          }
          let blocks = ends.count / Lanes.scalarCount
          let rest = blocks * Lanes.scalarCount..<ends.count
          var most = Lanes(repeating: -.infinity)
          for block in 0..<blocks { most = pointwiseMax(most, scores(block)) }
          let best = rest.reduce(most.max()) { max($0, score($1)) }
          for block in 0..<blocks {
            let isBest = scores(block) .== best
            guard any(isBest) else { continue }
            let lane = (0..<Lanes.scalarCount).first { isBest[$0] }!
            return (block * Lanes.scalarCount + lane, best)
          }
          return rest.first { score($0) == best }.map { ($0, best) }
        }
      }
    }
  }
}
