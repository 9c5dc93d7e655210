import ReefMachine

/// Parts of a library that may be large.
extension Registry {
  /// The skills of the names in use, by name and then version.
  ///
  /// - Parameters:
  ///   - pattern: What names are to fit, in capitals or not, `*` standing for any characters; all where
  ///     nil.
  ///   - allVersions: Not only the latest of each name.
  ///   - limit: How many at most.
  /// - Complexity: O(names looked at); with a limit and no pattern those are the first ones.
  public func list(
    matching pattern: String? = nil, allVersions: Bool = false, limit: Int = .max
  ) throws(RegistryError) -> [Skill] {
    try reading { (store) throws(RegistryError) in
      let latest = "AND version = (SELECT max(version) FROM names AS other WHERE name = n.name)"
      let ids = try store.database.rows(
        """
        SELECT id FROM usable AS n WHERE name LIKE ? ESCAPE '\\'
        \(allVersions ? "" : latest) ORDER BY name, version LIMIT ?
        """, [.text(pattern.map(Registry.like) ?? "%"), .int(limit)]
      ) { $0.int(0) }
      return try store.skills(named: ids)
    }
  }

  /// A pattern in SQL's language.
  private static func like(_ pattern: String) -> String {
    pattern.reduce(into: "") { like, character in
      if "\\%_".contains(character) { like += "\\" }
      like.append(character == "*" ? "%" : character)
    }
  }

  /// The skills of names in use that no skill calls.
  public func unused() throws(RegistryError) -> [Skill] {
    try reading { (store) throws(RegistryError) in
      let ids = try store.database.rows(
        """
        SELECT id FROM usable WHERE skill NOT IN (SELECT parent FROM edges)
        ORDER BY name, version
        """
      ) { $0.int(0) }
      return try store.skills(named: ids)
    }
  }

  /// The skills that most skills call, and how many do; ties are broken by digest.
  public func mostCalled(limit: Int) throws(RegistryError) -> [(skill: Skill, users: Int)] {
    try reading { (store) throws(RegistryError) in
      let counts = try store.database.rows(
        """
        SELECT digest, count(*) AS users FROM edges JOIN objects ON objects.id = parent
        JOIN digests ON digests.id = parent GROUP BY parent ORDER BY users DESC, digest LIMIT ?
        """, [.int(limit)]
      ) { (row) throws(RegistryError) in (digest: try row.digest(0), users: row.int(1)) }
      var skills: [(skill: Skill, users: Int)] = []
      for count in counts {
        if let skill = try store.skill(count.digest) { skills.append((skill, count.users)) }
      }
      return skills
    }
  }

  /// All that a name claims of a skill, the claim that is shown first. More than one came from
  /// registries that found the skill apart.
  public func claims(of skill: Skill) throws(RegistryError) -> [Skill] {
    try reading { (store) throws(RegistryError) in
      guard let id = try store.name(skill.name, of: skill.digest) else { return [] }
      let shown = try store.skill(named: id)
      return [shown] + (try store.entries(of: id).map(\.skill).filter { $0 != shown })
    }
  }

  /// Every skill under every name, those that are retired included, by name and then version.
  public func allSkills() throws(RegistryError) -> [Skill] {
    try reading { (store) throws(RegistryError) in
      let ids = try store.database.rows(
        "SELECT id FROM names ORDER BY name COLLATE BINARY, version"
      ) { $0.int(0) }
      return try store.skills(named: ids)
    }
  }
}
