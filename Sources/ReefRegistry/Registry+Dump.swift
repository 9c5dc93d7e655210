import ReefMachine

extension Registry {
  /// What is the same in every registry that has taken in the same skills, in whatever order: the
  /// code of every skill, all that names claim of skills, all test data and the sizes of all weights,
  /// one JSON object a line, each kind in the order of digests. Version numbers and the history of
  /// names are local.
  ///
  /// - Parameter line: Takes each line, without its end.
  public func dump(_ line: @Sendable (String) -> Void) throws(RegistryError) {
    try reading { (store) throws(RegistryError) in
      for kind in [Store.ObjectKind.skill, .claim, .tests, .weights] {
        for (id, digest) in try store.objects(kind) {
          let bytes = try store.object(kind, id)
          let text = String(decoding: bytes, as: UTF8.self)
          let content: JSON =
            switch kind {
            case .skill: .string(text)
            case .claim, .tests: try store.json(text)
            // Their digest says it all.
            case .weights: .int(bytes.count)
            }
          let json: JSON = [
            "kind": .string(kind.rawValue), "digest": .digest(digest), "content": content,
          ]
          line(json.text)
        }
      }
    }
  }
}

extension Store {
  /// All objects of a kind, in the order of their digests.
  func objects(_ kind: ObjectKind) throws(RegistryError) -> [(id: Int, digest: Digest)] {
    try database.rows(
      "SELECT id, digest FROM digests JOIN objects USING (id) WHERE kind = ? ORDER BY digest",
      [.text(kind.rawValue)]
    ) { (row) throws(RegistryError) in (id: row.int(0), digest: try row.digest(1)) }
  }

  fileprivate func json(_ text: String) throws(RegistryError) -> JSON {
    try sound("an object") { () throws(RecordError) in try text.parsed() }
  }
}
