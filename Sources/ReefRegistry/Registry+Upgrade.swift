import ReefMachine

/// A skill with newer parents or other weights, which nobody has verified yet.
public struct Upgrade: Hashable, Sendable {
  /// The skill as it is.
  public let old: Skill
  /// Its code with what is new in the places of what it has now.
  public let code: SkillCode
}

extension Upgrade {
  /// The skill with other weights in the places of its own.
  ///
  /// - Throws: `invalidSkill` unless they have the names and the shapes of its own and not all of its
  ///   numbers.
  public init(_ skill: Skill, with weights: [Weight]) throws(RegistryError) {
    func refusal(_ reason: String) -> RegistryError { .invalidSkill(skill.name, reason: reason) }
    let own = skill.code.weights
    guard !own.isEmpty else { throw refusal("it owns no weights") }
    for weight in weights where !own.contains(where: { $0.name == weight.name }) {
      throw refusal("it owns no weights \(weight.name)")
    }
    var others: [String: Weight] = [:]
    for weight in own {
      guard let other = weights.first(where: { $0.name == weight.name }) else {
        throw refusal("its weights \(weight.name) are missing")
      }
      guard other.shape == weight.shape else {
        throw refusal(
          "its weights \(weight.name) have the shape \(weight.shape), not \(other.shape)")
      }
      others[weight.name] = other
    }
    let code = skill.code.replacing([:], weights: others)
    guard code != skill.code else { throw refusal("these are the weights that it has") }
    self.init(old: skill, code: code)
  }
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
  public func registerUpgrades(
    _ skills: [NewSkill], as origin: Origin = .upgraded
  ) throws(RegistryError) -> [Skill] {
    try writing { (store) throws(RegistryError) in
      var registered: [Skill] = []
      for skill in skills { registered.append(try store.register(skill, as: origin)) }
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
      SELECT n.id FROM whole JOIN usable AS n ON n.skill = whole.id
      WHERE version = (SELECT max(version) FROM names AS other WHERE other.name = n.name)
      ORDER BY whole.id, n.id
      """, [.digest(skill.digest)]
    ) { $0.int(0) }
    return try skills(named: ids)
  }
}

extension SkillCode {
  /// The code with other callees and weights in the places of some, its steps otherwise as they are.
  ///
  /// - Parameter weights: By name.
  func replacing(
    _ digests: [Digest: Digest], weights: [String: Weight] = [:]
  ) -> SkillCode {
    func replace(_ callee: Callee) -> Callee {
      if case .skill(let digest) = callee { .skill(digests[digest] ?? digest) } else { callee }
    }
    func replace(_ operand: Operand) -> Operand {
      switch operand {
      case .function(let callee, let captures):
        .function(replace(callee), captures: captures.map(replace))
      case .weight(let weight): .weight(weights[weight.name] ?? weight)
      case .slot, .constant: operand
      }
    }
    return SkillCode(
      definitions: definitions, signature: signature,
      steps: steps.map { Step(replace($0.callee), $0.operands.map(replace)) },
      result: replace(result), isMemoised: isMemoised)
  }
}
