import ReefMachine

/// The skills that names stand for.
extension Store {
  /// The skill that a row of `names` stands for, with the claim that people see.
  func skill(named id: Int) throws(RegistryError) -> Skill {
    if let skill = remembered(id) { return skill }
    guard let named = try named(Store.namedByID, [.int(id)]) else {
      throw damaged("the name with the number \(id), or what it stands for, is gone")
    }
    return try whole(named)
  }

  /// The skill of a name, of its last version where none is given; nil where there is none.
  func skill(_ name: String, version: Int?) throws(RegistryError) -> Skill? {
    let named =
      if let version {
        try named(Store.namedByVersion, [.text(name), .int(version)])
      } else {
        try named(Store.namedLatest, [.text(name)])
      }
    guard let named else { return nil }
    if let skill = remembered(named.id) { return skill }
    return try whole(named)
  }

  /// A row of `names` with the objects that it stands for.
  private struct Named {
    let id: Int
    let name: String
    let version: Int
    let code: StoredObject
    let claim: StoredObject
  }

  private static let namedByID = namedRow + "names.id = ?"
  private static let namedByVersion = namedRow + "names.name = ? AND names.version = ?"
  private static let namedLatest = namedRow + "names.name = ? ORDER BY names.version DESC LIMIT 1"
  private static let namedRow = """
    SELECT names.id, names.name, names.version,
      code.id, codes.digest, code.codec, code.size, code.bytes,
      said.id, claims.digest, said.codec, said.size, said.bytes
    FROM names
      CROSS JOIN objects AS code ON code.id = names.skill AND code.kind = 'skill'
      CROSS JOIN digests AS codes ON codes.id = names.skill
      CROSS JOIN objects AS said ON said.id = names.claim AND said.kind = 'claim'
      CROSS JOIN digests AS claims ON claims.id = names.claim
    WHERE

    """

  private func named(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> Named? {
    try database.first(sql, values) { (row) throws(RegistryError) in
      Named(
        id: row.int(0), name: row.text(1), version: row.int(2),
        code: try StoredObject(row, at: 3), claim: try StoredObject(row, at: 8))
    }
  }

  private func whole(_ named: Named) throws(RegistryError) -> Skill {
    let text = String(decoding: try content(of: named.code, .skill), as: UTF8.self)
    let claim = try claim(try content(of: named.claim, .claim))
    guard claim.name == named.name, claim.skill == named.code.digest else {
      throw damaged("\(named.name)@\(named.version): its claim is another's")
    }
    let label = "\(named.name)@\(named.version)"
    let record = try sound(label) { () throws(RecordError) in try SkillRecord(text: text) }
    let weights = try weights(of: record)
    let code = try sound(label) { () throws(RecordError) in
      try SkillCode(canonical: record.code, weights: weights, signature: claim.signature)
    }
    let skill = Skill(
      digest: named.code.digest, name: named.name, version: named.version,
      summary: claim.summary, code: code, certificate: claim.certificate,
      provenance: claim.provenance)
    remember(skill, as: named.id)
    return skill
  }

  func weights(of record: SkillRecord) throws(RegistryError) -> [Weight] {
    var weights: [Weight] = []
    for weight in record.weights {
      guard let id = try digestID(weight.digest),
        let whole = Weight(name: weight.name, content: try object(.weights, id))
      else { throw damaged("the weights \(weight.digest.short) are gone") }
      weights.append(whole)
    }
    return weights
  }

  func claim(_ object: Int) throws(RegistryError) -> Claim {
    try claim(try self.object(.claim, object))
  }

  private func claim(_ content: [UInt8]) throws(RegistryError) -> Claim {
    let text = String(decoding: content, as: UTF8.self)
    return try sound("a claim") { () throws(RecordError) in try Claim(text: text) }
  }

  func skills(named ids: [Int]) throws(RegistryError) -> [Skill] {
    var found: [Skill] = []
    for id in ids { found.append(try skill(named: id)) }
    return found
  }

  /// All names of a skill, those in use before those that are retired, and the first registered
  /// first; none where the registry has no such skill.
  func names(of digest: Digest) throws(RegistryError) -> [Int] {
    try database.rows(
      """
      SELECT names.id FROM names JOIN digests ON digests.id = skill WHERE digest = ?
      ORDER BY name IN retired, names.id
      """, [.digest(digest)]
    ) { $0.int(0) }
  }

  /// The skill under the first of its names.
  func skill(_ digest: Digest) throws(RegistryError) -> Skill? {
    if let known = knownSkill(digest) { return known }
    guard let first = try names(of: digest).first else { return nil }
    remember(first, asFirstOf: digest)
    return try skill(named: first)
  }
}
