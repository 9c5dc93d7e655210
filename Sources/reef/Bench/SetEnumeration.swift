import ReefLearner
import ReefMachine

/// The same enumeration as `ExpressionSearch` in the plainest Swift: a `Set` of columns, without the
/// learner's evaluation, hashing and table. It is the peer and the oracle in one: both must meet
/// equally many behaviours at each cost.
struct SetEnumeration {
  /// The values on all rows; a row on which there is none holds `none`.
  private typealias Column = SIMD16<Int>
  private static let none = Int.min

  let operations: [IntegerOperation]
  let constants: [(value: Int, cost: Int)]
  /// 16 of them.
  let rows: [[Int]]

  /// - Precondition: Every atom is an integer operation, and there are 16 rows.
  init(_ search: ExpressionSearch) throws {
    operations = search.atoms.compactMap(\.integerOperation)
    constants = try search.constants()
    rows = search.rows
    precondition(operations.count == search.atoms.count && rows.count == 16)
  }

  /// All expressions up to a cost.
  func run(maximumCost: Int) -> (candidates: Int, newBehaviours: [Int]) {
    var seen: Set<Column> = []
    var levels: [[Column]] = [[]]
    var candidates = 0
    for cost in 1...maximumCost {
      var level: [Column] = []
      func consider(_ column: Column) {
        candidates += 1
        if seen.insert(column).inserted { level.append(column) }
      }
      for index in rows[0].indices where cost == 1 {
        var column = Column()
        for row in rows.indices { column[row] = rows[row][index] }
        consider(column)
      }
      for constant in constants where constant.cost == cost {
        consider(Column(repeating: constant.value))
      }
      let rest = cost - 1
      for operation in operations where rest >= 2 {
        let commutes = SetEnumeration.commutative.contains(operation)
        for leftCost in 1..<rest where !commutes || leftCost <= rest - leftCost {
          let isSquare = commutes && leftCost == rest - leftCost
          for (position, left) in levels[leftCost].enumerated() {
            for right in levels[rest - leftCost][(isSquare ? position : 0)...] {
              candidates += 1
              guard let column = SetEnumeration.apply(operation, left, right) else { continue }
              if seen.insert(column).inserted { level.append(column) }
            }
          }
        }
      }
      levels.append(level)
    }
    return (candidates, levels.map(\.count))
  }

  private static let commutative: Set<IntegerOperation> = [.add, .multiply, .minimum, .maximum]

  /// Nil where no row has a value.
  private static func apply(
    _ operation: IntegerOperation, _ left: Column, _ right: Column
  ) -> Column? {
    var result = Column(repeating: none)
    var hasValue = false
    for row in 0..<16 where left[row] != none && right[row] != none {
      guard let value = operation(left[row], right[row]) else { continue }
      result[row] = value
      hasValue = true
    }
    return hasValue ? result : nil
  }
}
