import Foundation

/// A step that may be taken from a state of a tree search.
struct Move {
  let operation: Int32
  let operands: SIMD4<Int32>
  /// P(s, a).
  let prior: Double
}

/// What every state of one tree search has in common: the operations, most likely first.
final class MoveSpace {
  struct Choice {
    let operation: Int32
    let arity: Int32
    /// -log of the probability, up to a constant.
    let surprisal: Double
    /// Of its first operands, as many as the arity says.
    let parameterTypeIDs: SIMD4<Int32>
    let isCommutative: Bool
  }

  /// The operations with the same parameters together: how likely one of them is.
  private struct Family {
    let arity: Int32
    let parameterTypeIDs: SIMD4<Int32>
    var weight: Double
  }

  let choices: [Choice]
  /// Where each operation stands among the choices.
  private let positions: [Int]
  private let families: [Family]

  init(_ vocabulary: Vocabulary) {
    let choices = vocabulary.operations.enumerated().map { index, operation in
      var types = SIMD4<Int32>(repeating: 0)
      for (position, type) in vocabulary.parameterTypeIDs[index].enumerated() {
        types[position] = Int32(type)
      }
      return Choice(
        operation: Int32(index), arity: Int32(vocabulary.arities[index]),
        surprisal: Double(operation.cost), parameterTypeIDs: types,
        isCommutative: operation.isCommutative)
    }.sorted { ($0.surprisal, $0.operation) < ($1.surprisal, $1.operation) }
    self.choices = choices
    positions = choices.indices.sorted { choices[$0].operation < choices[$1].operation }
    var familyOf: [[Int32]: Int] = [:]
    var families: [Family] = []
    for choice in choices {
      let types = (0..<Int(choice.arity)).map { choice.parameterTypeIDs[$0] }
      if let position = familyOf[types] {
        families[position].weight += exp(-choice.surprisal)
      } else {
        familyOf[types] = families.count
        families.append(
          Family(
            arity: choice.arity, parameterTypeIDs: choice.parameterTypeIDs,
            weight: exp(-choice.surprisal)))
      }
    }
    self.families = families
  }

  func choice(of operation: Int32) -> Choice { choices[positions[Int(operation)]] }

  /// Σ exp(-surprisal) over all operations and all operands.
  func weight(of slots: MoveSlots) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: slots.typeCount) { ofType in
      for type in 0..<slots.typeCount {
        ofType.initializeElement(
          at: type, to: slots[Int32(type)].reduce(0) { $0 + exp(-$1.penalty) })
      }
      var sum = 0.0
      for family in families {
        var product = family.weight
        for position in 0..<Int(family.arity) {
          product *= ofType[Int(family.parameterTypeIDs[position])]
        }
        sum += product
      }
      return sum
    }
  }
}

/// What a state offers as operands: the slots of each type, the best first.
struct MoveSlots {
  struct Slot {
    let id: Int32
    let type: Int32
    /// What the slot adds to the surprisal of a move that reads it.
    let penalty: Double
  }

  /// Type after type.
  private let slots: [Slot]
  /// Where those of a type begin; one more says where the last ones end.
  private let starts: [Int32]

  /// - Parameter slots: Of equally good ones the first is the better.
  init(_ slots: [Slot], typeCount: Int) {
    self.slots = slots.enumerated().sorted {
      ($0.element.type, $0.element.penalty, $0.offset)
        < ($1.element.type, $1.element.penalty, $1.offset)
    }.map(\.element)
    var starts = [Int32](repeating: 0, count: typeCount + 1)
    for slot in slots { starts[Int(slot.type) + 1] += 1 }
    for type in 0..<typeCount { starts[type + 1] += starts[type] }
    self.starts = starts
  }

  var typeCount: Int { starts.count - 1 }

  subscript(type: Int32) -> ArraySlice<Slot> {
    slots[Int(starts[Int(type)])..<Int(starts[Int(type) + 1])]
  }

  /// How many slots have the type.
  func count(of type: Int32) -> Int { Int(starts[Int(type) + 1] - starts[Int(type)]) }

  /// The slot of that rank, from 0, among those of the type.
  func slot(_ rank: Int, of type: Int32) -> Slot { slots[Int(starts[Int(type)]) + rank] }
}

/// The moves from one state by falling prior, each made when it is asked for: there are thousands,
/// and few are ever tried.
///
/// The operands of an operation are chosen best first: from one choice to the next a single operand
/// gives way to the next best slot of its type (the k best paths of Huang and Chiang 2005).
struct MoveQueue {
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

  private let slots: MoveSlots
  /// Σ exp(-surprisal) over all moves.
  private let total: Double
  /// A binary heap.
  private var heap: [Node] = []
  private var made: Int32 = 0
  /// The first operation that has not entered the heap.
  private var nextChoice = 0
  private var front: Move?

  init(_ space: MoveSpace, slots: MoveSlots) {
    self.slots = slots
    total = max(space.weight(of: slots), .leastNormalMagnitude)
    advance(in: space)
  }

  /// The most likely move that has not been taken out.
  var first: Move? { front }

  mutating func removeFirst(in space: MoveSpace) { advance(in: space) }

  /// P(s, a) of any move, whether it has been taken out or not; nil where a slot is none of its type.
  func prior(of operation: Int32, _ operands: SIMD4<Int32>, in space: MoveSpace) -> Double? {
    let choice = space.choice(of: operation)
    var surprisal = choice.surprisal
    for position in 0..<Int(choice.arity) {
      let offered = slots[choice.parameterTypeIDs[position]]
      guard let slot = offered.first(where: { $0.id == operands[position] }) else { return nil }
      surprisal += slot.penalty
    }
    return exp(-surprisal) / total
  }

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
      let arity = Int(choice.arity)
      for position in Int(node.moving)..<arity {
        let type = choice.parameterTypeIDs[position]
        let rank = Int(node.ranks[position])
        guard rank + 1 < slots.count(of: type) else { continue }
        var ranks = node.ranks
        ranks[position] += 1
        let difference = slots.slot(rank + 1, of: type).penalty - slots.slot(rank, of: type).penalty
        push(node.surprisal + difference, node.choice, ranks, moving: position)
      }
      var operands = SIMD4<Int32>(repeating: 0)
      for position in 0..<arity {
        operands[position] =
          slots.slot(Int(node.ranks[position]), of: choice.parameterTypeIDs[position]).id
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
    for position in 0..<Int(choice.arity) {
      let type = choice.parameterTypeIDs[position]
      guard slots.count(of: type) > 0 else { return }
      surprisal += slots.slot(0, of: type).penalty
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
