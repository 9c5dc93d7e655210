import ReefMachine

/// What is damaged is set aside, so that the rest can be used; nothing of it is removed.
extension Registry {
  /// Checks everything, as `check` does, and sets aside the names that stand for something damaged or
  /// for something that is made of it: they are not listed, searched or learned with. Names that were
  /// set aside and are whole again are taken back.
  ///
  /// - Returns: What is wrong, and the names that are set aside, as `name@version`.
  public func quarantine() throws(RegistryError) -> (
    problems: [RegistryProblem], names: [String]
  ) {
    try writing { (store) throws(RegistryError) in
      let problems = try store.setAsideDamaged()
      return (problems, try store.setAside())
    }
  }

  /// The names that are set aside, as `name@version`.
  public func quarantined() throws(RegistryError) -> [String] {
    try reading { (store) throws(RegistryError) in try store.setAside() }
  }
}

extension Store {
  fileprivate func setAside() throws(RegistryError) -> [String] {
    try database.rows(
      """
      SELECT names.name, version FROM names JOIN quarantine ON quarantine.name = names.id
      ORDER BY names.name, version
      """
    ) { "\($0.text(0))@\($0.int(1))" }
  }

  /// Makes the quarantine anew; what is wrong.
  @discardableResult
  func setAsideDamaged() throws(RegistryError) -> [RegistryProblem] {
    try indexNew()
    let problems = try problems()
    // Of an unsound file nobody knows what is damaged.
    guard problems.isEmpty || problems.contains(where: \.isOfSkill) else { return problems }
    try database.run("DELETE FROM quarantine")
    for problem in problems {
      for name in problem.names {
        try database.run(
          "INSERT OR IGNORE INTO quarantine (name, reason) VALUES (?, ?)",
          [.int(name), .text(problem.reason)])
      }
    }
    try database.run(
      """
      WITH RECURSIVE damaged(id) AS (
        SELECT skill FROM names JOIN quarantine ON quarantine.name = names.id
        UNION SELECT user FROM edges JOIN damaged ON parent = damaged.id
      )
      INSERT OR IGNORE INTO quarantine (name, reason)
      SELECT names.id, 'it is made of something damaged' FROM names JOIN damaged ON skill = damaged.id
      """)
    return problems
  }

  /// Puts sound content, from a bundle, in the place of what is damaged; how many objects.
  func mend(_ entries: [Bundle.Entry]) throws(RegistryError) -> Int {
    guard try database.integer("SELECT count(*) FROM quarantine") > 0 else { return 0 }
    var mended = 0
    for entry in entries {
      let claim = Array(entry.claim().text.utf8)
      let earlier = entry.claim(1)
      var contents: [(kind: ObjectKind, bytes: [UInt8], width: Int?, earlier: Digest?)] = [
        (.skill, Array(entry.skill.code.digestedText.utf8), nil, nil),
        (.tests, entry.tests.text, nil, earlier.tests), (.claim, claim, nil, earlier.digest),
      ]
      contents += entry.skill.code.weights.map { (.weights, $0.content, $0.scalar.size, nil) }
      for content in contents {
        let digest = content.kind.digest(of: content.bytes)
        if let id = try digestID(digest) {
          guard try isDamaged(content.kind, id) else { continue }
          try unprotected { () throws(RegistryError) in
            try replace(id, content.kind, content.bytes, width: content.width)
          }
        } else if let earlier = content.earlier, let id = try digestID(earlier) {
          try unprotected { () throws(RegistryError) in
            try replace(id, content.kind, content.bytes, digest)
          }
        } else {
          continue
        }
        mended += 1
      }
    }
    // An index that was made meanwhile lacks what could not be read.
    if mended > 0 { try rebuildSearch() }
    return mended
  }

  /// Puts a text in the place of one that was damaged, or was of something damaged, when schema 5 gave
  /// others of their kind new digests.
  private func replace(
    _ id: Int, _ kind: ObjectKind, _ bytes: [UInt8], _ digest: Digest
  ) throws(RegistryError) {
    let sealed = try sealedNames()
    try replace(id, kind, bytes, width: nil)
    try redirect(id, to: digest)
    try seal(sealed)
  }

  /// Whether the object is there, and not as it was written.
  private func isDamaged(_ kind: ObjectKind, _ id: Int) throws(RegistryError) -> Bool {
    guard try database.integer("SELECT count(*) FROM objects WHERE id = ?", [.int(id)]) > 0 else {
      return false
    }
    return try unlessDamaged { () throws(RegistryError) in try object(kind, id) } == nil
  }

  /// What `body` reads, or nil where that is damaged.
  func unlessDamaged<T>(_ body: () throws(RegistryError) -> T) throws(RegistryError) -> T? {
    do {
      return try body()
    } catch {
      guard case .registryDamaged = error else { throw error }
      return nil
    }
  }
}
