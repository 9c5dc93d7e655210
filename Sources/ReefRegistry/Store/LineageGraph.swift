import ReefMachine

/// The whole lineage in memory, for those who ask many times: whatever calls or is called, numbered as
/// it was registered, with its parents and its users one after the other.
///
/// What was registered together is near to each other, so that a closure touches little memory.
///
/// - Complexity: 44 bytes for a skill or an atom and 8 for an edge.
struct LineageGraph: Sendable {
  enum Direction: Sendable {
    case parents
    case users
  }

  /// The numbers that the registry gives, in ascending order: a node is a position in them.
  private let numbers: [UInt32]
  private let digests: [Digest]
  private let parents: Neighbours
  private let users: Neighbours
  /// Empty between two questions.
  private var reached: NumberSet

  /// - Parameters:
  ///   - numbers: In ascending order.
  ///   - digests: Of the same.
  ///   - edges: Pairs of a user and a parent, as positions in `numbers`.
  init(numbers: [UInt32], digests: [Digest], edges: [(user: UInt32, parent: UInt32)]) {
    self.numbers = numbers
    self.digests = digests
    parents = Neighbours(count: digests.count, edges.lazy.map { ($0.user, $0.parent) })
    users = Neighbours(count: digests.count, edges.lazy.map { ($0.parent, $0.user) })
    reached = NumberSet(bound: digests.count)
  }

  /// All that can be reached from a number, without itself, in ascending order.
  ///
  /// - Complexity: O(edges followed + the span of what is reached / 64).
  mutating func closure(of number: Int, _ direction: Direction) -> [Digest] {
    guard let start = node(number) else { return [] }
    let neighbours = direction == .parents ? parents : users
    var open = [start]
    while let node = open.popLast() {
      neighbours.each(of: node) { if reached.insert(Int($0)) { open.append($0) } }
    }
    return [Digest](unsafeUninitializedCapacity: reached.count) { found, count in
      digests.withUnsafeBufferPointer { digests in
        reached.drain {
          found.initializeElement(at: count, to: digests[$0])
          count += 1
        }
      }
    }
  }

  private func node(_ number: Int) -> UInt32? {
    var range = numbers.indices
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if numbers[middle] == number { return UInt32(middle) }
      range =
        numbers[middle] < number ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
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

  @inline(__always)
  func each(of node: UInt32, _ visit: (UInt32) -> Void) {
    for place in Int(starts[Int(node)])..<Int(starts[Int(node) + 1]) { visit(all[place]) }
  }
}
