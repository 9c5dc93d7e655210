import Foundation

/// A step that may be taken from a state of a tree search.
struct Move {
  let operation: Int32
  let operands: SIMD4<Int32>
  /// P(s, a).
  let prior: Double
}

/// What every state of one tree search has in common: the operations, most likely first.
struct MoveSpace {
  struct Choice {
    let operation: Int32
    /// -log of the probability, up to a constant.
    let surprisal: Double
    let parameterTypeIDs: [Int]
    let isCommutative: Bool
  }

  let choices: [Choice]
  /// The operations with the same parameters together: how likely one of them is.
  private let families: [(parameterTypeIDs: [Int], weight: Double)]

  init(_ vocabulary: Vocabulary, surprisal: (Operation) -> Double) {
    choices = vocabulary.operations.enumerated().map { index, operation in
      Choice(
        operation: Int32(index), surprisal: surprisal(operation),
        parameterTypeIDs: vocabulary.parameterTypeIDs[index],
        isCommutative: operation.isCommutative)
    }.sorted { ($0.surprisal, $0.operation) < ($1.surprisal, $1.operation) }
    var positions: [[Int]: Int] = [:]
    var families: [(parameterTypeIDs: [Int], weight: Double)] = []
    for choice in choices {
      if let position = positions[choice.parameterTypeIDs] {
        families[position].weight += exp(-choice.surprisal)
      } else {
        positions[choice.parameterTypeIDs] = families.count
        families.append((choice.parameterTypeIDs, exp(-choice.surprisal)))
      }
    }
    self.families = families
  }

  /// Σ exp(-surprisal) over all operations and all operands.
  func weight(of slots: [[MoveQueue.Slot]]) -> Double {
    let ofType = slots.map { $0.reduce(0) { $0 + exp(-$1.penalty) } }
    return families.reduce(0) { sum, family in
      sum + family.parameterTypeIDs.reduce(family.weight) { $0 * ofType[$1] }
    }
  }
}

/// The moves from one state by falling prior, each made when it is asked for: there are thousands,
/// and few are ever tried.
///
/// The operands of an operation are chosen best first: from one choice to the next a single operand
/// gives way to the next best slot of its type (the k best paths of Huang and Chiang 2005).
struct MoveQueue {
  struct Slot {
    let id: Int32
    /// What the slot adds to the surprisal of a move that reads it.
    let penalty: Double
  }

  private struct Node {
    let surprisal: Double
    /// Among equals the first is the best.
    let order: Int32
    let choice: Int32
    /// Which of the slots of its type each operand is.
    var ranks: SIMD4<Int32>
    /// The operands before it stay as they are from here on.
    let moving: Int32

    static func < (left: Node, right: Node) -> Bool {
      left.surprisal != right.surprisal
        ? left.surprisal < right.surprisal : left.order < right.order
    }
  }

  /// By type, the best first.
  private let slots: [[Slot]]
  /// Σ exp(-surprisal) over all moves.
  private let total: Double
  /// A binary heap.
  private var heap: [Node] = []
  private var made: Int32 = 0
  /// The first operation that has not entered the heap.
  private var nextChoice = 0
  private var front: Move?

  init(_ space: MoveSpace, slots: [[Slot]]) {
    self.slots = slots.map { slots in
      slots.enumerated().sorted {
        ($0.element.penalty, $0.offset) < ($1.element.penalty, $1.offset)
      }
      .map(\.element)
    }
    total = max(space.weight(of: slots), .leastNormalMagnitude)
    advance(in: space)
  }

  /// The most likely move that has not been taken out.
  var first: Move? { front }

  mutating func removeFirst(in space: MoveSpace) { advance(in: space) }

  private mutating func advance(in space: MoveSpace) {
    front = nil
    while true {
      while nextChoice < space.choices.count,
        heap.first.map({ space.choices[nextChoice].surprisal <= $0.surprisal }) ?? true
      {
        enter(nextChoice, in: space)
        nextChoice += 1
      }
      guard let node = pop() else { return }
      let choice = space.choices[Int(node.choice)]
      let types = choice.parameterTypeIDs
      for position in Int(node.moving)..<types.count {
        let options = slots[types[position]]
        let rank = Int(node.ranks[position])
        guard rank + 1 < options.count else { continue }
        var ranks = node.ranks
        ranks[position] += 1
        let difference = options[rank + 1].penalty - options[rank].penalty
        push(node.surprisal + difference, node.choice, ranks, moving: position)
      }
      var operands = SIMD4<Int32>(repeating: 0)
      for (position, type) in types.enumerated() {
        operands[position] = slots[type][Int(node.ranks[position])].id
      }
      if choice.isCommutative, operands[1] < operands[0] { continue }
      front = Move(
        operation: choice.operation, operands: operands, prior: exp(-node.surprisal) / total)
      return
    }
  }

  /// Lets an operation with its best operands enter the heap, if there are any.
  private mutating func enter(_ index: Int, in space: MoveSpace) {
    let choice = space.choices[index]
    var surprisal = choice.surprisal
    for type in choice.parameterTypeIDs {
      guard let best = slots[type].first else { return }
      surprisal += best.penalty
    }
    push(surprisal, Int32(index), SIMD4(repeating: 0), moving: 0)
  }

  // MARK: The heap

  private mutating func push(
    _ surprisal: Double, _ choice: Int32, _ ranks: SIMD4<Int32>, moving: Int
  ) {
    heap.append(
      Node(
        surprisal: surprisal, order: made, choice: choice, ranks: ranks, moving: Int32(moving)))
    made += 1
    var position = heap.count - 1
    while position > 0, heap[position] < heap[(position - 1) / 2] {
      heap.swapAt(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
  }

  private mutating func pop() -> Node? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var position = 0
    while true {
      var least = position
      for child in [2 * position + 1, 2 * position + 2]
      where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      guard least != position else { return top }
      heap.swapAt(position, least)
      position = least
    }
  }
}
