import ReefMachine

extension Database {
  /// Lets the claim's name be found.
  func index(_ claim: Claim, as name: Int) throws(RegistryError) {
    let type = (try? Signature(parsing: claim.signature)).map { SearchWords.word(of: $0.type) }
    try run(
      "INSERT INTO search (rowid, name, summary, type) VALUES (?, ?, ?, ?)",
      [
        .int(name), .text(SearchWords.indexed(claim.name)),
        .text(SearchWords.indexed(claim.summary)), .text(type ?? ""),
      ])
  }
}

extension Store {
  /// The names in use that fit a query in FTS5's language, best first.
  func search(_ query: String, limit: Int) throws(RegistryError) -> [Int] {
    try database.rows(
      """
      SELECT names.id FROM search JOIN names ON names.id = search.rowid
      JOIN digests ON digests.id = names.skill
      WHERE search MATCH ? AND names.name NOT IN retired
      ORDER BY bm25(search, 4.0, 1.0, 0.0), digest, names.id LIMIT ?
      """, [.text(query), .int(limit)]
    ) { $0.int(0) }
  }
}
