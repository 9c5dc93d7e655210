import ReefMachine

extension Database {
  /// Lets the claim's name be found.
  func index(_ claim: Claim, as name: Int) throws(RegistryError) {
    let signature = try? Signature(parsing: claim.signature, acceptsUndeclared: true)
    let type = signature.map { SearchWords.word(of: $0.type) }
    try run(
      "INSERT INTO search (rowid, name, summary, type) VALUES (?, ?, ?, ?)",
      [
        .int(name), .text(SearchWords.indexed(claim.name)),
        .text(SearchWords.indexed(claim.summary)), .text(type ?? ""),
      ])
  }
}

extension Store {
  /// The names in use that fit any of the terms and the type, best first.
  ///
  /// - Parameter many: A term that more names fit than this is common: to rank all of them takes
  ///   too long.
  func search(
    _ terms: [String], _ type: String?, limit: Int, many: Int = 2_000
  ) throws(RegistryError) -> [Int] {
    func query(_ terms: [String], _ word: String) -> String {
      let any = terms.isEmpty ? [] : ["(" + terms.joined(separator: " \(word) ") + ")"]
      return (any + (type.map { [$0] } ?? [])).joined(separator: " AND ")
    }
    func isCommon(_ query: String) throws(RegistryError) -> Bool {
      try database.integer(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)",
        [.text(query), .int(many + 1)]) > many
    }
    var rare: [String] = []
    for term in terms {
      if try !isCommon(query([term], "OR")) { rare.append(term) }
    }
    let ranks = terms.isEmpty ? try !isCommon(query([], "OR")) : !rare.isEmpty
    if ranks {
      return try database.rows(
        """
        SELECT usable.id FROM search JOIN usable ON usable.id = search.rowid
        JOIN digests ON digests.id = usable.skill
        WHERE search MATCH ?
        ORDER BY bm25(search, 4.0, 1.0, 0.0), digest, usable.id LIMIT ?
        """, [.text(query(rare, "OR")), .int(limit)]
      ) { $0.int(0) }
    }
    return try database.rows(
      """
      SELECT usable.id FROM (SELECT rowid AS id FROM search WHERE search MATCH ? LIMIT ?) AS found
      JOIN usable USING (id) JOIN digests ON digests.id = usable.skill
      ORDER BY digest, usable.id LIMIT ?
      """, [.text(query(terms, "AND")), .int(many), .int(limit)]
    ) { $0.int(0) }
  }
}

// MARK: - Checking

extension Store {
  /// Whether search finds every name by the words of its claim and by no others: as an index does that
  /// is made anew.
  ///
  /// - Complexity: O(text of all claims), in memory too.
  func isSearchSound() throws(RegistryError) -> Bool {
    let names = try database.rows("SELECT id, claim FROM names ORDER BY id") {
      (id: $0.int(0), claim: $0.int(1))
    }
    let fresh = try Database(path: Store.memoryPath, mode: .creating)
    try fresh.run(Schema.search)
    try fresh.transaction(.writing) { () throws(RegistryError) in
      for name in names { try fresh.index(try claim(name.claim), as: name.id) }
    }
    return try database.digestOfSearch() == fresh.digestOfSearch()
  }
}

extension Database {
  /// Of which word stands where in the text of which name, each word looked up as a search does, and of
  /// the lengths by which search ranks.
  fileprivate func digestOfSearch() throws(RegistryError) -> Digest {
    for (table, kind) in [("words", "row"), ("places", "instance")] {
      try run(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.\(table) USING fts5vocab(main, search, \(kind))")
    }
    var hasher = SHA256()
    for sql in [
      """
      SELECT places.term || ' ' || places.doc || ' ' || places.col || ' ' || places.offset
      FROM temp.words CROSS JOIN temp.places ON places.term = words.term
      """,
      "SELECT id || ' ' || hex(sz) FROM search_docsize ORDER BY id",
      "SELECT hex(block) FROM search_data WHERE id = 1",
    ] {
      try each(sql) { row in
        hasher.update(row.bytes(0))
        hasher.update([UInt8(ascii: "\n")])
        return true
      }
    }
    return hasher.finalize()
  }
}
