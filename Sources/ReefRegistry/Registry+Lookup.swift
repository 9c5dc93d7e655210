import ReefMachine

extension Registry {
  /// The skill that a person means by `reference`: `name` or `name@latest` (its latest version),
  /// `name@version`, `name@alias`, or the first 8 digits or more of a digest. Names, which may be
  /// typed in capitals or not, come before digests.
  ///
  /// - Throws: `skillNotFound` with the closest name, `versionNotFound`, `ambiguousReference`.
  public func resolve(_ reference: String) throws(RegistryError) -> Skill {
    try reading { (store) throws(RegistryError) in
      let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      let latest = try store.lastVersion(of: name)
      if latest > 0 {
        if parts.count == 1 || parts[1] == "latest" {
          return try store.skill(name, version: latest)
        }
        let alias = try store.version(of: name, alias: String(parts[1]))
        if let version = alias ?? Int(parts[1]) {
          guard try store.hasVersion(version, of: name) else {
            throw .versionNotFound(name: name, version: version, latest: latest)
          }
          return try store.skill(name, version: version)
        }
      } else if parts.count == 1, let skill = try store.skill(digestPrefix: name) {
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
  /// The last version that the name has; 0 where nothing has that name.
  func lastVersion(of name: String) throws(RegistryError) -> Int {
    try database.integer("SELECT max(version) FROM names WHERE name = ?", [.text(name)])
  }

  func hasVersion(_ version: Int, of name: String) throws(RegistryError) -> Bool {
    try database.integer(
      "SELECT count(*) FROM names WHERE name = ? AND version = ?", [.text(name), .int(version)])
      == 1
  }

  fileprivate func skill(_ name: String, version: Int) throws(RegistryError) -> Skill {
    try skill(
      named: try database.integer(
        "SELECT id FROM names WHERE name = ? AND version = ?", [.text(name), .int(version)]))
  }

  /// Nil where `prefix` is no start of a digest, or none that the registry has.
  fileprivate func skill(digestPrefix prefix: String) throws(RegistryError) -> Skill? {
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
