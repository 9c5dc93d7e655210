/// Marks, in a block and its arms, where each variable is read for the last time.
struct Liveness {
  let variableCount: Int

  static func mark(_ function: LoweredFunction) -> BitSet {
    let liveness = Liveness(variableCount: function.types.count)
    return liveness.mark(function.block, liveAfter: BitSet(capacity: function.types.count))
  }

  /// - Returns: The variables that are alive when the block begins.
  private func mark(_ block: Block, liveAfter: BitSet) -> BitSet {
    var live = liveAfter
    block.resultDies = !live.contains(block.result)
    live.insert(block.result)
    for index in block.items.indices.reversed() {
      block.items[index].isUnused = !live.contains(block.items[index].destination)
      live.remove(block.items[index].destination)
      var used = BitSet(capacity: variableCount)
      switch block.items[index].body {
      case .constant: continue
      case .operation(_, let operands), .call(_, let operands):
        for operand in operands { used.insert(operand) }
      case .loop(let loop):
        for operand in loop.variables { used.insert(operand) }
      case .branch(let branch):
        let then = mark(branch.then, liveAfter: live)
        let otherwise = mark(branch.otherwise, liveAfter: live)
        branch.deadInThen = otherwise.subtracting(then).members
        branch.deadInOtherwise = then.subtracting(otherwise).members
        used = then
        used.formUnion(otherwise)
        used.insert(branch.condition)
      }
      block.items[index].dying = used.subtracting(live).members
      live.formUnion(used)
    }
    return live
  }
}

extension BitSet {
  func subtracting(_ other: BitSet) -> BitSet {
    var difference = self
    difference.subtract(other)
    return difference
  }
}
