import ReefMachine

extension Store {
  /// Adds an entry, or only a name for one that is there, or nothing where both are.
  ///
  /// - Parameter wanted: The version to give; without it the next one.
  func register(
    _ new: NewSkill, version wanted: Int? = nil
  ) throws(RegistryError) -> (skill: Skill, isNew: Bool) {
    let digest = new.code.digest
    if let known = try name(new.name, of: digest) { return (try skill(named: known), false) }
    try check(new)

    let (object, isNew) = try keep(.skill, digest, Array(new.code.canonicalText.utf8))
    if isNew { try connect(object, to: new.code.callees) }
    let tests = Array(TestCase.text(of: new.tests).utf8)
    guard tests.count <= TestCase.maximumTextSize else {
      throw .invalidSkill(
        new.name,
        reason: "its tests have \(tests.count) bytes, more than \(TestCase.maximumTextSize)")
    }
    let testsObject = try keep(.tests, ObjectKind.tests.digest(of: tests), tests).id
    let next = try latestVersion(of: new.name) + 1
    try database.run(
      """
      INSERT INTO names (name, version, skill, signature, summary, tests, certificate, provenance)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(new.name), .int(wanted ?? next), .int(object), .text(new.code.signature.description),
        .text(new.summary), .int(testsObject), .text(new.certificate.json.text),
        .text(new.provenance.json.text),
      ])
    let id = database.lastInsertedID
    try database.run(
      "INSERT INTO search (rowid, name, summary) VALUES (?, ?, ?)",
      [
        .int(id), .text(SearchWords.indexed(new.name)), .text(SearchWords.indexed(new.summary)),
      ])
    return (try skill(named: id), true)
  }

  /// The id of the claim of `name` on `digest`.
  func name(_ name: String, of digest: Digest) throws(RegistryError) -> Int? {
    try database.first(
      "SELECT names.id FROM names JOIN digests ON digests.id = skill WHERE name = ? AND digest = ?",
      [.text(name), .digest(digest)]
    ) { $0.int(0) }
  }

  /// 0 where nothing has that name.
  func latestVersion(of name: String) throws(RegistryError) -> Int {
    try database.integer("SELECT max(version) FROM names WHERE name = ?", [.text(name)])
  }

  private func connect(_ user: Int, to parents: [Digest]) throws(RegistryError) {
    for (position, parent) in parents.enumerated() {
      try database.run(
        "INSERT INTO edges (user, position, parent) VALUES (?, ?, ?)",
        [.int(user), .int(position), .int(try makeDigestID(parent))])
    }
  }

  func check(_ new: NewSkill) throws(RegistryError) {
    var parents: [Digest: Type] = [:]
    for parent in new.code.callees {
      if let atom = Atoms.with(parent) {
        parents[parent] = atom.type
      } else if let skill = try skill(parent) {
        parents[parent] = skill.signature.type
      } else {
        throw .invalidSkill(
          new.name, reason: "its parent \(parent.short) is no atom and is not registered")
      }
    }
    do {
      try new.check(parents: parents)
    } catch {
      throw .invalidSkill(new.name, reason: error.reason)
    }
  }
}

extension Store {
  func tests(of digest: Digest) throws(RegistryError) -> [TestCase] {
    var tests: [TestCase] = []
    var seen: Set<Int> = []
    for name in try names(of: digest) {
      let object = try database.integer("SELECT tests FROM names WHERE id = ?", [.int(name)])
      guard seen.insert(object).inserted else { continue }
      tests += try self.tests(in: object, signature: try skill(named: name).signature)
    }
    return tests
  }

  func tests(in object: Int, signature: Signature) throws(RegistryError) -> [TestCase] {
    let text = String(decoding: try self.object(.tests, object), as: UTF8.self)
    do {
      return try TestCase.tests(parsing: text, signature: signature)
    } catch {
      throw damaged("test data: \(error.reason)")
    }
  }
}
