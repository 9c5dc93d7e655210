import ReefMachine

extension SkillCode.Callee {
  /// The atom of that name; tests call some that Reef's own code does not.
  static func atom(_ name: String) -> SkillCode.Callee { .skill(Atoms.named(name)!.digest) }
}
