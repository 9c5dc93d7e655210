import ReefMachine
import ReefTasks

/// Computing candidates.
extension Bank {
  /// Evaluates an input or a constant.
  func evaluate(_ values: [Value], type: Type) throws -> Behaviour? {
    guard let typeID = typeIndex[type] else { return nil }
    candidates += 1
    scratch = own
    var hash = typeSalt[typeID]
    for (row, value) in values.enumerated() {
      scratch[row] = try machine.heap.word(of: value, as: type)
      rowHashes[row] = Bank.rowHash(scratch[row], kinds[typeID])
      hash &+= rowHashes[row] &* multipliers[row]
    }
    return Behaviour(typeID: typeID, mask: allRows, hash: hash)
  }

  /// Applies an operation to entries; nil where it has a value on no row.
  ///
  /// - Parameter onlyWanted: nil also where a value of a skill is none of those that some column
  ///   wants on its row, which is mostly seen at the first row.
  @inline(__always)
  func evaluate(
    _ index: Int, _ operands: SIMD4<Int32>, onlyWanted: Bool = false
  ) throws -> Behaviour? {
    candidates += 1
    scratch = own
    let typeID = resultTypeIDs[index]
    var mask: UInt64
    var hash = typeSalt[typeID]
    switch vocabulary.evaluations[index] {
    case .integer(let integer):
      mask = masks[Int(operands[0])] & masks[Int(operands[1])]
      stepsSpent += rowCount
      mask = integer.evaluate(
        column(of: operands[0]), column(of: operands[1]), into: scratch,
        count: rowCount, mask: mask)
      guard mask != 0 else { return nil }
      for row in 0..<rowCount {
        hash &+= UInt64(bitPattern: Int64(scratch[row])) &* multipliers[row]
      }
    case .native(let function, let operandKinds):
      mask = apply(
        function, operandKinds, vocabulary.arities[index], operands, kinds[typeID], &hash)
    case .image(let image):
      let before = stepsSpent
      if onlyWanted {
        mask = run(image, vocabulary.arities[index], operands, typeID, &hash, onlyWanted: true)
        filteredRuns[index].count += 1
        filteredRuns[index].steps += stepsSpent - before
      } else {
        mask = run(image, vocabulary.arities[index], operands, typeID, &hash, onlyWanted: false)
        imageRuns[index].count += 1
        imageRuns[index].steps += stepsSpent - before
      }
    case .recursion(let varying):
      mask = try recur(varying, operands, &hash)
    case .branch:
      mask = branch(operands, kinds[typeID], &hash)
    }
    guard mask != 0 else { return nil }
    if mask != allRows { hash &+= Bank.maskHash(mask) }
    return Behaviour(typeID: typeID, mask: mask, hash: hash)
  }

  /// How many candidates are looked up together.
  static let blockCount = 32

  /// Applies an operation on ints to `first`, which has a value on all rows, and each of `others`,
  /// at most `blockCount`, all at once; `candidate(_:of:)` gives them one by one.
  ///
  /// - Returns: Which of them have a value on all rows, and which of those behave like an entry, and
  ///   not like `target`: nothing will come of them. Not all of those are found, and they count as
  ///   candidates when `skip` is called.
  @inline(__always)
  func evaluateBlock(
    _ integer: IntegerOperation, _ index: Int, _ first: Int32, _ others: UnsafeBufferPointer<Int32>,
    but target: UInt64
  ) -> (whole: UInt64, known: UInt64) {
    guard masks[Int(first)] == allRows else { return (0, 0) }
    let salt = typeSalt[resultTypeIDs[index]]
    var whole: UInt64 = 0
    withUnsafeTemporaryAllocation(of: UnsafePointer<Word>.self, capacity: others.count) {
      columns in
      for (position, other) in others.enumerated() {
        columns[position] = column(of: other)
        if masks[Int(other)] == allRows { whole |= 1 << UInt64(position) }
      }
      let sound = integer.evaluate(
        column(of: first), UnsafeBufferPointer(columns), into: block, count: rowCount,
        multipliers: multipliers, hashes: blockHashes)
      whole &= sound
    }
    var known: UInt64 = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: others.count) { keys in
      for position in others.indices {
        blockHashes[position] &+= salt
        keys[position] = table.firstKey(blockHashes[position])
      }
      for position in others.indices
      where BehaviourTable.isKey(keys[position], of: blockHashes[position])
        && blockHashes[position] != target
      {
        known |= 1 << UInt64(position)
      }
    }
    return (whole, known & whole)
  }

  /// A candidate of the block that was evaluated last, one with a value on all rows.
  @inline(__always)
  func candidate(_ position: Int, of index: Int) -> Behaviour {
    candidates += 1
    stepsSpent += rowCount
    scratch = block + position * rowCount
    return Behaviour(typeID: resultTypeIDs[index], mask: allRows, hash: blockHashes[position])
  }

  /// Counts candidates that need not be evaluated.
  func skip(_ count: Int) {
    candidates += count
    stepsSpent += count * rowCount
  }

  /// Applies an atom row by row. Operands in the bank are immortal, so that none is consumed.
  func apply(
    _ function: NativeFunction, _ operandKinds: OperandKinds, _ arity: Int,
    _ operands: SIMD4<Int32>, _ kind: Kind, _ hash: inout UInt64
  ) -> UInt64 {
    var mask = allRows
    for position in 0..<arity { mask &= masks[Int(operands[position])] }
    guard mask != 0 else { return 0 }
    let first = column(of: operands[0])
    let second = column(of: operands[arity > 1 ? 1 : 0])
    let third = column(of: operands[arity > 2 ? 2 : 0])
    let heap = machine.heap
    var work = 0
    for row in 0..<rowCount {
      let bit: UInt64 = 1 << UInt64(row)
      scratch[row] = 0
      rowHashes[row] = 0
      guard mask & bit != 0 else { continue }
      heap.fuel = rowFuel
      do throws(MachineError) {
        let word = try function(first[row], second[row], third[row], heap, operandKinds)
        scratch[row] = word
        rowHashes[row] = Bank.rowHash(word, kind)
        hash &+= rowHashes[row] &* multipliers[row]
      } catch {
        mask &= ~bit
      }
      work += rowFuel - max(0, heap.fuel)
    }
    stepsSpent += rowCount + work / 8
    if mask == 0 { heap.reset() }
    return mask
  }

  /// What runs out of fuel on so many rows is dropped, because that is what most of them would cost.
  private static let exhaustingRows = 2

  func run(
    _ image: Image, _ arity: Int, _ operands: SIMD4<Int32>, _ typeID: Int, _ hash: inout UInt64,
    onlyWanted: Bool
  ) -> UInt64 {
    let kind = kinds[typeID]
    var mask = allRows
    for position in 0..<arity { mask &= masks[Int(operands[position])] }
    guard mask == allRows || mask != 0 && !onlyWanted else { return 0 }
    var exhausted = 0
    return withUnsafeTemporaryAllocation(of: Word.self, capacity: Bank.maximumArity) { arguments in
      for row in 0..<rowCount {
        let bit: UInt64 = 1 << UInt64(row)
        scratch[row] = 0
        rowHashes[row] = 0
        guard mask & bit != 0 else { continue }
        for position in 0..<arity {
          arguments[position] = column(of: operands[position])[row]
        }
        var fuel = rowFuel
        do throws(MachineError) {
          let word = try machine.run(
            image, UnsafeBufferPointer(rebasing: arguments[..<arity]), fuel: &fuel)
          scratch[row] = word
          rowHashes[row] = Bank.rowHash(word, kind)
          hash &+= rowHashes[row] &* multipliers[row]
        } catch {
          mask &= ~bit
          if case .fuel = error { exhausted += 1 }
          if exhausted == Bank.exhaustingRows { mask = 0 }
        }
        stepsSpent += 1 + rowFuel - max(0, fuel)
        if onlyWanted, mask & bit == 0 || !wanted.contains(wantedKey(typeID, row, rowHashes[row])) {
          mask = 0
          break
        }
      }
      if mask == 0 { machine.heap.reset() }
      return mask
    }
  }

  /// On each row the chosen arm's value; the other arm need not have one.
  func branch(
    _ operands: SIMD4<Int32>, _ kind: Kind, _ hash: inout UInt64
  ) -> UInt64 {
    stepsSpent += rowCount
    let isTrue = truth(of: operands[0])
    let mask =
      masks[Int(operands[0])]
      & (isTrue & masks[Int(operands[1])] | ~isTrue & masks[Int(operands[2])])
    for row in 0..<rowCount {
      let bit: UInt64 = 1 << UInt64(row)
      let arm = isTrue & bit != 0 ? operands[1] : operands[2]
      scratch[row] = mask & bit != 0 ? column(of: arm)[row] : 0
      rowHashes[row] = mask & bit != 0 ? Bank.rowHash(scratch[row], kind) : 0
      hash &+= rowHashes[row] &* multipliers[row]
    }
    return mask
  }
}
