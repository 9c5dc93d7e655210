import ReefMachine
import ReefTasks

/// What the oracle answers for self-calls, and on which rows they end.
extension Bank {
  struct SelfCalls {
    /// By the row and what varies.
    var answers: [UInt64: Answer] = [:]
    /// For each measure, on which rows the self-call that was evaluated last shrinks it.
    var soundRowsOfCandidate: [UInt64]
    /// For entries that call the skill itself: for each measure, on which rows all of the entry's
    /// self-calls shrink it.
    var soundRows: [Int32: [UInt64]] = [:]

    init(measures: Int) { soundRowsOfCandidate = Array(repeating: 0, count: measures) }

    struct Answer {
      /// A word of `heap`; nil outside the domain, or where nothing shrinks.
      let word: Word?
      /// Which measures shrink.
      let shrinking: UInt64
    }
  }

  /// The oracle's answers for the self-call, on the rows where some measure shrinks.
  func recur(
    _ varying: [Int], _ operands: SIMD4<Int32>, _ hash: inout UInt64
  ) throws -> UInt64 {
    guard let oracle = problem.oracle else { return 0 }
    var defined = allRows
    for position in varying.indices { defined &= masks[Int(operands[position])] }
    stepsSpent += rowCount * 2
    var asked: [(key: UInt64, arguments: [Value], shrinking: UInt64)] = []
    var keys: [(row: Int, key: UInt64)] = []
    for row in 0..<rowCount where defined & (1 << UInt64(row)) != 0 {
      // A self-call is known by the row, for what does not vary, and the hashes of what does.
      var key = UInt64(row &+ 1) &* 0x9E37_79B9_7F4A_7C15
      for (position, index) in varying.enumerated() {
        let word = column(of: operands[position])[row]
        let kind = kinds[Int(entries[Int(operands[position])].type)]
        key = (key ^ UInt64(index &+ 1) << 56) &* 0xD6E8_FEB8_6659_FD93
        key = (key ^ key >> 29 ^ Bank.rowHash(word, kind)) &* 0xD6E8_FEB8_6659_FD93
        key ^= key >> 29
      }
      keys.append((row, key))
      guard selfCalls.answers[key] == nil, !asked.contains(where: { $0.key == key }) else {
        continue
      }
      let own = problem.rows[row].input
      var arguments = own
      for (position, index) in varying.enumerated() {
        arguments[index] = try value(of: operands[position], row: row)
      }
      var shrinking: UInt64 = 0
      for (index, measure) in vocabulary.measures.enumerated()
      where measure.shrinks(from: own, to: arguments) {
        shrinking |= 1 << UInt64(index)
      }
      if shrinking != 0 {
        asked.append((key, arguments, shrinking))
      } else {
        selfCalls.answers[key] = .init(word: nil, shrinking: 0)
      }
    }
    if !asked.isEmpty {
      stepsSpent += asked.count * 8
      for (call, answer) in zip(asked, try oracle(asked.map(\.arguments))) {
        let word = try answer.map { try heap.immortalWord(of: $0, as: problem.signature.result) }
        selfCalls.answers[call.key] = .init(word: word, shrinking: call.shrinking)
      }
    }
    var mask: UInt64 = 0
    for row in 0..<rowCount {
      scratch[row] = 0
      rowHashes[row] = 0
    }
    for measure in selfCalls.soundRowsOfCandidate.indices {
      selfCalls.soundRowsOfCandidate[measure] = 0
    }
    for (row, key) in keys {
      guard let call = selfCalls.answers[key], let word = call.word else { continue }
      scratch[row] = word
      rowHashes[row] = Bank.rowHash(word, kinds[0])
      hash &+= rowHashes[row] &* multipliers[row]
      mask |= 1 << UInt64(row)
      for measure in selfCalls.soundRowsOfCandidate.indices
      where call.shrinking & (1 << UInt64(measure)) != 0 {
        selfCalls.soundRowsOfCandidate[measure] |= 1 << UInt64(row)
      }
    }
    return mask
  }

  func noteSoundRows(_ id: Int32, _ index: Int, _ operands: SIMD4<Int32>) {
    var rows = vocabulary.operations[index].varying == nil ? nil : selfCalls.soundRowsOfCandidate
    for position in 0..<vocabulary.arities[index] {
      guard let below = selfCalls.soundRows[operands[position]] else { continue }
      rows = rows.map { zip($0, below).map { $0 & $1 } } ?? below
    }
    if let rows { selfCalls.soundRows[id] = rows }
  }

  /// Whether the entry's term calls the skill itself.
  func isRecursive(_ id: Int32) -> Bool { selfCalls.soundRows[id] != nil }

  /// The rows on which all self-calls of the entry shrink the measure.
  func soundRows(of id: Int32, measure: Int) -> UInt64 {
    selfCalls.soundRows[id]?[measure] ?? allRows
  }
}
