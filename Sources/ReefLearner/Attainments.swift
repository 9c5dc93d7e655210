import ReefMachine
import ReefTasks

/// How many of a task's standards the skills of a library meet. A task may have changed since its
/// skill was grown: what it says today counts. Confined to one thread.
final class Attainments {
  private struct Claim: Hashable {
    let skill: Digest
    let task: String
    let standard: Int
  }

  private var known: [Claim: Bool] = [:]

  /// The versions of the task's skill that meet one standard after the other.
  func count(of reference: TaskReference, in skills: [Skill]) -> Int {
    var count = 0
    for skill in skills where skill.name == reference.fullName {
      guard count < reference.task.standards.count else { break }
      if meets(skill, reference, standard: count, skills) { count += 1 }
    }
    return count
  }

  /// What was grown for the task by the same plugin need not be checked again; where the plugin cannot
  /// be asked, the search will say why.
  private func meets(
    _ skill: Skill, _ reference: TaskReference, standard: Int, _ skills: [Skill]
  ) -> Bool {
    guard skill.signature.type == reference.task.signature.type else { return false }
    if skill.provenance.pluginHash == reference.plugin.contentHash { return true }
    let claim = Claim(skill: skill.digest, task: reference.fullName, standard: standard)
    if let known = known[claim] { return known }
    let meets = (try? check(skill, reference, standard: standard, skills)) ?? false
    known[claim] = meets
    return meets
  }

  private func check(
    _ skill: Skill, _ reference: TaskReference, standard: Int, _ skills: [Skill]
  ) throws -> Bool {
    let library = FrozenLibrary(skills)
    let image = try Image(linking: skill.code) { library.code($0) }
    let verifier = try Verifier(reference, standard: standard, seed: skill.certificate.seed)
    guard case .right = try verifier.verify(image) else { return false }
    return true
  }
}
