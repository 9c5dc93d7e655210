import Foundation
import ReefMachine

/// The whole lineage in memory, for those who ask many times: whatever calls or is called, numbered as
/// it was registered, with its parents and its users one after the other.
///
/// What was registered together is near to each other, so that a closure touches little memory.
///
/// - Complexity: 49 bytes for a skill or an atom and 8 for an edge.
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
  /// For each node 1 where it was reached: all 0 between two questions. A byte each, because bits of
  /// one word would have to wait for each other.
  private var isReached: [UInt8]
  /// The nodes that were reached, in that order, and room for what turns out to be none.
  private var queue: [UInt32]

  /// - Parameters:
  ///   - numbers: In ascending order.
  ///   - digests: Of the same.
  ///   - edges: Pairs of a user and a parent, as positions in `numbers`.
  init(numbers: [UInt32], digests: [Digest], edges: [(user: UInt32, parent: UInt32)]) {
    self.numbers = numbers
    self.digests = digests
    parents = Neighbours(count: digests.count, edges.lazy.map { ($0.user, $0.parent) })
    users = Neighbours(count: digests.count, edges.lazy.map { ($0.parent, $0.user) })
    isReached = [UInt8](repeating: 0, count: digests.count)
    queue = [UInt32](repeating: 0, count: digests.count + 2)
  }

  /// All that can be reached from a number, without itself, in ascending order.
  ///
  /// - Complexity: O(edges followed + the span of what is reached / 64).
  mutating func closure(of number: Int, _ direction: Direction) -> [Digest] {
    guard let start = node(number) else { return [] }
    let count = reach(from: start, direction == .parents ? parents : users)
    guard let lowest = queue[1..<count + 1].min() else { return [] }
    return [Digest](unsafeUninitializedCapacity: count) { found, filled in
      isReached.withUnsafeMutableBufferPointer { isReached in
        var node = Int(lowest)
        while filled < count {
          if isReached[node] == 0 {
            let rest = isReached.baseAddress! + node
            guard let next = memchr(rest, 1, isReached.count - node) else { break }
            node += next - UnsafeMutableRawPointer(rest)
          }
          isReached[node] = 0
          found.initializeElement(at: filled, to: digests[node])
          filled += 1
          node += 1
        }
      }
    }
  }

  /// Marks and queues all that can be reached from a node, breadth first; how many nodes it is. They
  /// stand in the queue after the start.
  private mutating func reach(from start: UInt32, _ neighbours: Neighbours) -> Int {
    queue[0] = start
    return neighbours.withLists { list in
      queue.withUnsafeMutableBufferPointer { queue in
        isReached.withUnsafeMutableBufferPointer { isReached in
          var (next, end) = (0, 1)
          while next < end {
            for node in list(queue[next]) {
              // Without a branch, which nobody could foresee: it takes longer than all of this.
              queue[end] = node
              end += Int(isReached[Int(node)] ^ 1)
              isReached[Int(node)] = 1
            }
            next += 1
          }
          return end - 1
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

  /// Hands `body` what gives the list of a node; nodes are not checked.
  @inline(__always)
  func withLists<Result>(
    _ body: ((_ node: UInt32) -> Slice<UnsafeBufferPointer<UInt32>>) -> Result
  ) -> Result {
    starts.withUnsafeBufferPointer { starts in
      all.withUnsafeBufferPointer { all in
        body { node in all[Int(starts[Int(node)])..<Int(starts[Int(node) + 1])] }
      }
    }
  }
}
