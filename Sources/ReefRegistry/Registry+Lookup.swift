import ReefMachine

extension Registry {
  /// The skill that a person means by `reference`: `name` or `name@latest` (its latest version),
  /// `name@version`, `name@alias`, or the first 8 digits or more of a digest. Names, which may be
  /// typed in capitals or not, come before digests.
  ///
  /// - Throws: `skillNotFound` with the closest name, `versionNotFound`, `aliasNotFound`,
  ///   `ambiguousReference`.
  public func resolve(_ reference: String) throws(RegistryError) -> Skill {
    try reading { (store) throws(RegistryError) in
      let at = reference.utf8.firstIndex(of: UInt8(ascii: "@"))
      let name = String(reference[..<(at ?? reference.endIndex)])
      let word = at.map { reference[$0...].dropFirst().lowercased() } ?? "latest"
      // What is asked for most takes one statement.
      if word == "latest" || Int(word) != nil,
        let skill = try store.skill(name, version: Int(word))
      {
        return skill
      }
      let latest = try store.lastVersion(of: name)
      if latest > 0 {
        if let version = Int(word) {
          throw .versionNotFound(name: name, version: version, latest: latest)
        }
        let version = try store.target(of: word, name)
        if let skill = try store.skill(name, version: version) { return skill }
        throw .aliasNotFound(
          name: name, alias: word, reason: "its version \(version) was collected as garbage")
      } else if at == nil, let skill = try store.skill(digestPrefix: name) {
        return skill
      }
      let names = try store.database.rows(
        "SELECT DISTINCT name FROM names ORDER BY name COLLATE BINARY"
      ) {
        $0.text(0)
      }
      throw .skillNotFound(reference, closest: closest(to: name, in: names))
    }
  }
}

extension Store {
  /// The version that an alias of a name points at.
  func target(of alias: String, _ name: String) throws(RegistryError) -> Int {
    if let version = try version(of: name, alias: alias) { return version }
    let hint = closest(to: alias, in: try aliases(of: name).keys.sorted())
    throw .aliasNotFound(
      name: name, alias: alias,
      reason: "no alias of it is called so" + (hint.map { "; did you mean '\($0)'?" } ?? ""))
  }

  /// The last version that the name has; 0 where nothing has that name.
  func lastVersion(of name: String) throws(RegistryError) -> Int {
    try database.integer("SELECT max(version) FROM names WHERE name = ?", [.text(name)])
  }

  func hasVersion(_ version: Int, of name: String) throws(RegistryError) -> Bool {
    try database.integer(
      "SELECT count(*) FROM names WHERE name = ? AND version = ?", [.text(name), .int(version)]) > 0
  }

  /// Nil where `prefix` is no start of a digest, or none that the registry has.
  fileprivate func skill(digestPrefix prefix: String) throws(RegistryError) -> Skill? {
    let prefix = prefix.lowercased()
    guard (8...64).contains(prefix.utf8.count),
      let first = Digest(hex: prefix + String(repeating: "0", count: 64 - prefix.utf8.count)),
      let last = Digest(hex: prefix + String(repeating: "f", count: 64 - prefix.utf8.count))
    else { return nil }
    let found = try database.rows(
      """
      SELECT digest FROM digests JOIN objects USING (id)
      WHERE digest BETWEEN ? AND ? AND kind = 'skill' ORDER BY digest LIMIT 5
      """, [.digest(first), .digest(last)]
    ) { (row) throws(RegistryError) in try row.digest(0) }
    guard found.count > 1 else { return try found.first.flatMap(skill) }
    var candidates: [String] = []
    for digest in found {
      guard let skill = try skill(digest) else { continue }
      candidates.append("\(skill.name)@\(skill.version)#\(digest.hex.prefix(prefix.count + 4))")
    }
    throw .ambiguousReference(prefix, candidates: candidates)
  }
}
