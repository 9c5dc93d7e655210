/// Marks, in a region and everything inside it, where each variable is read for the last time.
struct RegionLiveness {
  let variableCount: Int

  /// - Returns: The variables that are alive when the region begins.
  static func mark(_ region: Region, variableCount: Int) -> BitSet {
    RegionLiveness(variableCount: variableCount)
      .mark(region, liveAfter: BitSet(capacity: variableCount))
  }

  private func mark(_ region: Region, liveAfter: BitSet) -> BitSet {
    var live = liveAfter
    region.resultDies = region.results.map { !liveAfter.contains($0) }
    for result in region.results { live.insert(result) }
    for index in region.nodes.indices.reversed() {
      let results = region.nodes[index].results
      region.nodes[index].unused = results.filter { !live.contains($0) }
      for result in results { live.remove(result) }
      var used = BitSet(capacity: variableCount)
      switch region.nodes[index].body {
      case .constant: continue
      case .operation, .call: break
      case .loop(let loop):
        mark(loop)
        for capture in loop.captures { used.insert(capture) }
      case .branch(let branch):
        let then = mark(branch.then, liveAfter: live)
        let otherwise = mark(branch.otherwise, liveAfter: live)
        used = then
        used.formUnion(otherwise)
        // A trace tells of a value that is matched, which perhaps no arm reads.
        for case .value(let told, _) in region.nodes[index].application?.operands ?? []
        where told != branch.condition && !live.contains(told) { used.insert(told) }
        branch.deadInThen = used.subtracting(then).members
        branch.deadInOtherwise = used.subtracting(otherwise).members
      }
      for operand in region.nodes[index].operands { used.insert(operand) }
      region.nodes[index].dying = used.subtracting(live).members
      live.formUnion(used)
    }
    return live
  }

  /// What a loop captures is alive for as long as there may be another round.
  private func mark(_ loop: LoopRegions) {
    var captured = BitSet(capacity: variableCount)
    for region in [loop.body] + (loop.test.map { [$0.region] } ?? []) {
      captured.formUnion(outside(region))
    }
    for parameter in loop.parameters + (loop.test?.parameters ?? []) { captured.remove(parameter) }
    loop.captures = captured.members
    var liveAfter = captured
    if let test = loop.test {
      // The round that follows reads the same registers.
      for parameter in test.parameters { liveAfter.insert(parameter) }
      _ = mark(test.region, liveAfter: liveAfter)
    }
    liveAfter = captured
    // What a filter may keep, and what a range counts with.
    if loop.form == .filter || loop.isOverRange { liveAfter.insert(loop.parameters.last!) }
    let live = mark(loop.body, liveAfter: liveAfter)
    loop.unreadParameters = loop.parameters.filter { !live.contains($0) }
  }

  /// The variables that the region reads and does not write.
  private func outside(_ region: Region) -> BitSet {
    var read = BitSet(capacity: variableCount)
    region.forEachRead { read.insert($0) }
    func remove(_ region: Region) {
      for node in region.nodes {
        for result in node.results { read.remove(result) }
        node.regions.forEach(remove)
        if case .loop(let loop) = node.body {
          for parameter in loop.parameters + (loop.test?.parameters ?? []) {
            read.remove(parameter)
          }
        }
      }
    }
    remove(region)
    return read
  }
}
