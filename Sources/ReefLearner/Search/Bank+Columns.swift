import ReefMachine

/// What is wanted, and how behaviours are told apart: by a sum of hashes of their rows.
extension Bank {
  /// A column of values that candidates are compared with; nil values match nothing.
  struct Column {
    let typeID: Int
    let rows: [UInt64]
    let defined: UInt64
    /// What a candidate with these values on all rows would have; meaningless unless all are defined.
    let hash: UInt64
  }

  func column(_ values: [Value?], type: Type) throws -> Column? {
    guard let typeID = typeIndex[type] else { return nil }
    var hash = typeSalt[typeID]
    var rows: [UInt64] = []
    var defined: UInt64 = 0
    for (row, value) in values.enumerated() {
      guard let value else {
        rows.append(0)
        continue
      }
      let word = try machine.heap.word(of: value, as: type)
      rows.append(Bank.rowHash(word, kinds[typeID]))
      hash &+= rows[row] &* multipliers[row]
      defined |= 1 << UInt64(row)
    }
    machine.heap.reset()
    return Column(typeID: typeID, rows: rows, defined: defined, hash: hash)
  }

  /// Lets `evaluate(_:_:onlyWanted:)` pass the column's values.
  func want(_ column: Column) {
    for (row, hash) in column.rows.enumerated() {
      wanted.insert(wantedKey(column.typeID, row, hash))
    }
  }

  func wantedKey(_ typeID: Int, _ row: Int, _ hash: UInt64) -> UInt64 {
    (typeSalt[typeID] &+ hash) &* multipliers[row]
  }

  /// The rows on which the candidate, of the column's type, has the column's value.
  @inline(__always)
  func matching(_ column: Column, _ mask: UInt64) -> UInt64 {
    let isWord = kinds[column.typeID] == .word
    var rows: UInt64 = 0
    column.rows.withUnsafeBufferPointer { wanted in
      for row in 0..<rowCount {
        // A word is its own hash; blocks of candidates have no others.
        let hash = isWord ? UInt64(bitPattern: Int64(scratch[row])) : rowHashes[row]
        if hash == wanted[row] { rows |= 1 << UInt64(row) }
      }
    }
    return rows & mask & column.defined
  }

  /// The rows on which an entry has the column's value.
  func agreement(of id: Int32, with column: Column) -> UInt64 {
    var rows: UInt64 = 0
    for row in 0..<rowCount where rowHash(of: id, row: row) == column.rows[row] {
      rows |= 1 << UInt64(row)
    }
    return rows & masks[Int(id)] & column.defined
  }

  /// The hash that the entry's behaviour had as a candidate.
  func hash(of id: Int32) -> UInt64 {
    let mask = masks[Int(id)]
    var hash = typeSalt[Int(entries[Int(id)].type)]
    for row in 0..<rowCount where mask & (1 << UInt64(row)) != 0 {
      hash &+= rowHash(of: id, row: row) &* multipliers[row]
    }
    return mask == allRows ? hash : hash &+ Bank.maskHash(mask)
  }

  func rowHash(of id: Int32, row: Int) -> UInt64 {
    guard masks[Int(id)] & (1 << UInt64(row)) != 0 else { return 0 }
    return Bank.rowHash(column(of: id)[row], kinds[Int(entries[Int(id)].type)])
  }

  @inline(__always)
  static func rowHash(_ word: Word, _ kind: Kind) -> UInt64 {
    switch kind {
    case .word: UInt64(bitPattern: Int64(word))
    case .real: mixed(roundedBits(word.asReal))
    case .reference: Heap.hash(word, kind)
    }
  }

  /// Spreads the sign over the other bits: alone at the top it would cancel in the sum over an even
  /// number of rows, and a column would look like its opposite.
  @inline(__always)
  static func mixed(_ bits: UInt64) -> UInt64 {
    let product = (bits ^ bits >> 32) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }

  /// Two ways to compute a real differ by rounding: those count as the same that agree to 32 bits,
  /// or are next to nothing. Where the values are close to a limit between two roundings they may
  /// still be told apart, which can only hide a candidate.
  @inline(__always)
  static func roundedBits(_ value: Double) -> UInt64 {
    guard !value.isNaN else { return Double.nan.bitPattern }
    guard value.magnitude >= 0x1p-48 else { return 0 }
    return value.isInfinite ? value.bitPattern : (value.bitPattern &+ 1 << 19) & ~0xF_FFFF
  }

  @inline(__always)
  static func maskHash(_ mask: UInt64) -> UInt64 {
    (mask &* 0xD6E8_FEB8_6659_FD93) ^ mask >> 7
  }
}
