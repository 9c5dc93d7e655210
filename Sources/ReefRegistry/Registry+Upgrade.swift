import ReefMachine

/// A skill with newer parents, which nobody has verified yet.
public struct Upgrade: Hashable, Sendable {
  /// The skill as it is.
  public let old: Skill
  /// Its code with the newer parents in the places of those that it calls now.
  public let code: SkillCode
}

extension Registry {
  /// What it takes to let a skill call another version of one of its parents: the skill's new code
  /// and, if `deep`, that of all the latest versions that are made of it, each after its parents.
  /// Nothing is verified or written.
  ///
  /// - Parameters:
  ///   - parent: The version to call from now on; whatever other version of its name the skill calls
  ///     makes room.
  /// - Returns: Nothing where the skill calls no other version of the parent's name.
  public func upgrades(
    of skill: Skill, to parent: Skill, deep: Bool
  ) throws(RegistryError) -> [Upgrade] {
    try reading { (store) throws(RegistryError) in
      var replacements: [Digest: Digest] = [:]
      for callee in skill.code.callees where callee != parent.digest {
        if try store.name(parent.name, of: callee) != nil { replacements[callee] = parent.digest }
      }
      guard !replacements.isEmpty else { return [] }
      var upgrades: [Upgrade] = []
      for old in [skill] + (deep ? try store.latestWholes(of: skill) : []) {
        let code = old.code.replacing(replacements)
        guard code != old.code else { continue }
        upgrades.append(Upgrade(old: old, code: code))
        replacements[old.digest] = code.digest
      }
      return upgrades
    }
  }

  /// Registers verified upgrades, in order, as the next versions of their names.
  public func registerUpgrades(_ skills: [NewSkill]) throws(RegistryError) -> [Skill] {
    try writing { (store) throws(RegistryError) in
      var registered: [Skill] = []
      for skill in skills { registered.append(try store.register(skill, as: .upgraded)) }
      return registered
    }
  }
}

extension Store {
  /// The latest versions of names in use that are made of `skill`, each after its parents.
  fileprivate func latestWholes(of skill: Skill) throws(RegistryError) -> [Skill] {
    // An entry's id is lower than those of all that call it: parents are registered first.
    let ids = try database.rows(
      """
      WITH RECURSIVE whole(id) AS (
        SELECT user FROM edges JOIN digests ON digests.id = parent WHERE digest = ?
        UNION SELECT user FROM edges JOIN whole ON edges.parent = whole.id
      )
      SELECT n.id FROM whole JOIN names AS n ON n.skill = whole.id
      WHERE name NOT IN retired
        AND version = (SELECT max(version) FROM names AS other WHERE other.name = n.name)
      ORDER BY whole.id, n.id
      """, [.digest(skill.digest)]
    ) { $0.int(0) }
    return try skills(named: ids)
  }
}

extension SkillCode {
  /// The code with other callees in the places of some, its steps otherwise as they are.
  func replacing(_ digests: [Digest: Digest]) -> SkillCode {
    func replace(_ callee: Callee) -> Callee {
      if case .skill(let digest) = callee { .skill(digests[digest] ?? digest) } else { callee }
    }
    func replace(_ operand: Operand) -> Operand {
      if case .function(let callee, let captures) = operand {
        .function(replace(callee), captures: captures.map(replace))
      } else {
        operand
      }
    }
    return SkillCode(
      signature: signature,
      steps: steps.map { Step(replace($0.callee), $0.operands.map(replace)) },
      result: replace(result))
  }
}
