import ReefMachine

extension Store {
  /// What registering did.
  enum Change {
    /// The skill has a new name, or the name a new version.
    case added
    /// The name had the skill already, and says something more of it now.
    case claimed
    case none
  }

  /// Adds what a learner found: an entry, or only a name for one that is there, or nothing where both
  /// are. A name that was retired is in use again.
  func register(_ new: NewSkill, as origin: Origin = .grown) throws(RegistryError) -> Skill {
    let text = Array(new.code.digestedText.utf8)
    let digest = ObjectKind.skill.digest(of: text)
    let skill: Skill
    if let known = try name(new.name, of: digest) {
      skill = try self.skill(named: known)
    } else {
      skill = try add(new, digest, text, known: nil, as: origin).skill
    }
    if try isRetired(new.name) { try move(skill.name, .revive) }
    return skill
  }

  /// As below, an entry of a bundle, whose tests are read only where it is new.
  func add(
    _ entry: Bundle.Entry, as origin: Origin, version wanted: Int?
  ) throws(RegistryError) -> (skill: Skill, change: Change) {
    let skill = entry.skill
    let known = try name(skill.name, of: skill.digest)
    if let known, try hasClaim(entry.claim().digest) {
      return (try self.skill(named: known), .none)
    }
    return try add(
      entry.new(try tests(of: entry)), skill.digest, Array(skill.code.digestedText.utf8),
      known: known, as: origin, version: wanted)
  }

  /// Adds an entry under a name, or a further claim of a name that has it, or nothing.
  ///
  /// - Parameter wanted: The version to give a new name; without it the next one.
  func add(
    _ new: NewSkill, _ digest: Digest, as origin: Origin, version wanted: Int? = nil
  ) throws(RegistryError) -> (skill: Skill, change: Change) {
    try add(
      new, digest, Array(new.code.digestedText.utf8), known: try name(new.name, of: digest),
      as: origin, version: wanted)
  }

  /// - Parameters:
  ///   - text: What the digest covers.
  ///   - known: The name, where it has the digest already.
  private func add(
    _ new: NewSkill, _ digest: Digest, _ text: [UInt8], known: Int?, as origin: Origin,
    version wanted: Int? = nil
  ) throws(RegistryError) -> (skill: Skill, change: Change) {
    let tests = TestCase.text(of: new.tests)
    let claim = Claim(new, skill: digest, tests: ObjectKind.tests.digest(of: tests))
    let claimBytes = Array(claim.text.utf8)
    let claimDigest = Claim.digest(of: claimBytes)
    if let known, try hasClaim(claimDigest) { return (try skill(named: known), .none) }
    if let spelling = try spelling(of: new.name), spelling != new.name {
      throw .invalidSkill(
        new.name, reason: "its name differs from \(spelling), which is here, only in case")
    }
    try check(new, isNew: true)
    guard tests.count <= TestCase.maximumTextSize else {
      throw .invalidSkill(
        new.name,
        reason: "its tests have \(tests.count) bytes, more than \(TestCase.maximumTextSize)")
    }
    let (object, isNew) = try keep(.skill, digest, text)
    if isNew {
      try connect(object, to: new.code.callees)
      try connect(object, to: new.code.weights)
    }
    // Beside the code, because they are read together; test data need more room.
    let claimObject = try keep(.claim, claimDigest, claimBytes).id
    let testsObject = try keep(.tests, claim.tests, tests).id
    let version =
      if let wanted { wanted } else { try latestVersion(of: new.name) + 1 }
    let name =
      if let known {
        known
      } else {
        try addName(
          claim, claimDigest, claimObject, of: object, as: origin, version: version,
          searchSeconds: new.searchSeconds)
      }
    try database.run(
      "INSERT INTO claims (object, name, tests) VALUES (?, ?, ?)",
      [.int(claimObject), .int(name), .int(testsObject)])
    if known != nil { return (try skill(named: name), .claimed) }
    let skill = Skill(
      digest: digest, name: new.name, version: version, summary: new.summary, code: new.code,
      certificate: new.certificate, provenance: new.provenance)
    remember(skill, as: name)
    return (skill, .added)
  }

  func addName(
    _ claim: Claim, _ digest: Digest, _ object: Int, of skill: Int, as origin: Origin, version: Int,
    searchSeconds: Double? = nil
  ) throws(RegistryError) -> Int {
    let row = NameRow(
      name: claim.name, version: version, skill: claim.skill, claim: digest,
      generation: claim.provenance.generation, origin: origin, at: Store.now, author: Store.author,
      microseconds: Int((searchSeconds ?? 0) * 1e6))
    try database.run(
      """
      INSERT INTO names (
        name, version, skill, claim, generation, origin, at, author, microseconds, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(row.name), .int(row.version), .int(skill), .int(object), .int(row.generation),
        .text(row.origin.rawValue), .int(row.at), .text(row.author), .int(row.microseconds),
        .int(row.seal),
      ])
    let id = database.lastInsertedID
    unindexed.append((claim, id))
    return id
  }

  /// The id of the name that has this digest.
  func name(_ name: String, of digest: Digest) throws(RegistryError) -> Int? {
    try database.first(
      "SELECT names.id FROM names JOIN digests ON digests.id = skill WHERE name = ? AND digest = ?",
      [.text(name), .digest(digest)]
    ) { $0.int(0) }
  }

  func hasClaim(_ digest: Digest) throws(RegistryError) -> Bool {
    guard let id = try digestID(digest) else { return false }
    return try database.integer("SELECT count(*) FROM claims WHERE object = ?", [.int(id)]) == 1
  }

  /// The last version that the name ever had, those that were collected as garbage included; 0 where
  /// nothing has that name.
  func latestVersion(of name: String) throws(RegistryError) -> Int {
    max(
      try database.integer("SELECT max(version) FROM names WHERE name = ?", [.text(name)]),
      try database.integer(
        "SELECT max(version) FROM moves WHERE name = ? AND kind = 'collect'", [.text(name)]))
  }

  private func connect(_ user: Int, to parents: [Digest]) throws(RegistryError) {
    for (position, parent) in parents.enumerated() {
      try database.run(
        "INSERT INTO edges (user, position, parent) VALUES (?, ?, ?)",
        [.int(user), .int(position), .int(try makeDigestID(parent))])
    }
  }

  private func connect(_ skill: Int, to weights: [Weight]) throws(RegistryError) {
    // Two names may stand for equal numbers.
    var ids: Set<Int> = []
    for weight in weights {
      ids.insert(
        try keep(.weights, weight.digest, weight.content, width: weight.scalar.size).id)
    }
    for id in ids.sorted() { try connect(skill, toWeights: id) }
  }

  /// Notes that the skill owns the weights.
  func connect(_ skill: Int, toWeights weights: Int) throws(RegistryError) {
    try database.run(
      "INSERT INTO parts (skill, weights) VALUES (?, ?)", [.int(skill), .int(weights)])
  }

  func check(_ new: NewSkill, isNew: Bool) throws(RegistryError) {
    var parents: [Digest: Type] = [:]
    for parent in new.code.callees {
      if let atom = new.code.atom(parent) {
        parents[parent] = atom.type
      } else if let skill = try skill(parent) {
        parents[parent] = skill.signature.type
      } else {
        throw .invalidSkill(
          new.name, reason: "its parent \(parent.short) is no atom and is not registered")
      }
    }
    do {
      try new.check(parents: parents, isNew: isNew)
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
      for object in try testObjects(of: name) where seen.insert(object).inserted {
        tests += try self.tests(in: object, signature: try skill(named: name).signature)
      }
    }
    return tests
  }

  /// The test data of all that a name claims, the first claim first.
  private func testObjects(of name: Int) throws(RegistryError) -> [Int] {
    try database.rows(
      "SELECT tests FROM claims WHERE name = ? ORDER BY object", [.int(name)]
    ) { $0.int(0) }
  }

  func tests(in object: Int, signature: Signature) throws(RegistryError) -> [TestCase] {
    let data = TestData(text: try self.object(.tests, object))
    return try sound("test data") { () throws(RecordError) in try data.tests(signature) }
  }

  /// - Throws: `invalidSkill`.
  func tests(of entry: Bundle.Entry) throws(RegistryError) -> [TestCase] {
    do {
      return try entry.tests.tests(entry.skill.signature)
    } catch {
      throw .invalidSkill(entry.skill.name, reason: "its test data: \(error.reason)")
    }
  }
}
