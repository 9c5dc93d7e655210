/// Straight code between lowered functions and instructions: each node is executed where it stands, on
/// *variables* that are written once. Several results leave a region together, so that a pair need not
/// be made only to be taken apart again.
final class Region {
  var nodes: [Node] = []
  /// The variables that it gives to whatever is around it.
  var results: [Int] = []
  /// Machine steps that every execution takes, those inside arms, rounds of loops and callees apart.
  var cost = 0
  /// For each result whether nothing reads its variable after the region: liveness.
  var resultDies: [Bool] = []
}

struct Node {
  var body: Body
  /// The variables that it writes.
  var results: [Int]
  let origin: Image.Origin
  /// What a trace tells about it; the operands are variables. Nil where nothing is traced.
  var application: TracedApplication?
  /// The variables that nothing reads afterwards: liveness. Those that only one arm of a branch
  /// reads are included.
  var dying: [Int] = []
  /// The results that nothing reads: liveness.
  var unused: [Int] = []

  enum Body {
    case constant(Word)
    case operation(Operation, [Int])
    case call(function: Int, [Int])
    case branch(BranchRegions)
    case loop(LoopRegions)
  }
}

final class BranchRegions {
  let condition: Int
  let then: Region
  let otherwise: Region
  /// Variables that die because the chosen arm does not read them: liveness.
  var deadInThen: [Int] = []
  var deadInOtherwise: [Int] = []

  init(condition: Int, then: Region, otherwise: Region) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
}

extension BranchRegions {
  /// Whether an arm reads the variable.
  func reads(_ variable: Int) -> Bool {
    var isRead = false
    for arm in [then, otherwise] { arm.forEachRead { if $0 == variable { isRead = true } } }
    return isRead
  }
}

/// A control form other than the branch. Its results are its states, and behind them the list that it
/// makes, where it makes one.
final class LoopRegions {
  let form: ControlForm
  /// The lists that it goes through, for `control.iterate` the number of rounds.
  let sources: [Int]
  /// Whether it goes through ints instead, and `sources` are the first of them and the one behind the
  /// last.
  let isOverRange: Bool
  /// The first states; a state that is a pair may have been taken apart.
  let initial: [Int]
  /// Reads `parameters`, states first, then elements; gives the next states and what is put into the
  /// list, for a filter whether the element is.
  let body: Region
  let parameters: [Int]
  /// What `control.while` tests before each round, on states of its own name.
  let test: (region: Region, parameters: [Int])?
  /// Of the list that it makes.
  let elementKind: Kind
  /// What body and test read from outside: liveness.
  var captures: [Int] = []
  /// The parameters that the body does not read: liveness.
  var unreadParameters: [Int] = []

  init(
    form: ControlForm, sources: [Int], isOverRange: Bool, initial: [Int], body: Region,
    parameters: [Int], test: (region: Region, parameters: [Int])?, elementKind: Kind
  ) {
    self.form = form
    self.sources = sources
    self.isOverRange = isOverRange
    self.initial = initial
    self.body = body
    self.parameters = parameters
    self.test = test
    self.elementKind = elementKind
  }

  /// The machine steps of a round, with those of its test before it.
  var roundCost: Int { 2 + body.cost + testCost }
  /// The machine steps of a test.
  var testCost: Int { test.map { 1 + $0.region.cost } ?? 0 }
}

extension Node {
  /// The variables that it reads itself, those inside arms and bodies apart.
  var operands: [Int] {
    switch body {
    case .constant: []
    case .operation(_, let operands), .call(_, let operands): operands
    case .branch(let branch): [branch.condition]
    case .loop(let loop): loop.sources + loop.initial
    }
  }

  /// The regions inside it.
  var regions: [Region] {
    switch body {
    case .constant, .operation, .call: []
    case .branch(let branch): [branch.then, branch.otherwise]
    case .loop(let loop): [loop.body] + (loop.test.map { [$0.region] } ?? [])
    }
  }
}

extension Region {
  /// Calls `use` for every variable that is read anywhere inside, results included.
  func forEachRead(_ use: (Int) -> Void) {
    for node in nodes {
      node.operands.forEach(use)
      for region in node.regions { region.forEachRead(use) }
    }
    results.forEach(use)
  }

  /// Removes the nodes that only make or take apart pairs and the like, or are constants, and that
  /// nothing reads; ranges that nothing reads are charged, but not made.
  func removeUnread(variableCount: Int) {
    var reads = [Int](repeating: 0, count: variableCount)
    forEachRead { reads[$0] += 1 }
    removeUnread(&reads)
  }

  private func removeUnread(_ reads: inout [Int]) {
    var kept: [Node] = []
    for var node in nodes.reversed() {
      if !node.results.contains(where: { reads[$0] > 0 }) {
        if node.isPure {
          for operand in node.operands { reads[operand] -= 1 }
          continue
        }
        node.chargeOnlyRange()
      }
      for region in node.regions { region.removeUnread(&reads) }
      kept.append(node)
    }
    nodes = kept.reversed()
  }
}

extension Node {
  /// Where it makes a range, lets it only be charged.
  fileprivate mutating func chargeOnlyRange() {
    guard case .operation(let operation, let operands) = body, operation.opcode == .range else {
      return
    }
    body = .operation(Operation(opcode: .chargeRange), operands)
    results = []
  }

  /// Whether a run in which nothing reads the result does as well without it.
  fileprivate var isPure: Bool {
    switch body {
    case .constant: true
    case .operation(let operation, _):
      switch operation.opcode {
      case .pairMake, .takeApart, .make, .tag: true
      default: operation.isProjection
      }
    case .call, .branch, .loop: false
    }
  }
}
