import ReefMachine

/// What an import did.
public struct ImportReport: Hashable, Sendable {
  /// A skill whose version another has here, or had until it was collected as garbage.
  public struct Renumbering: Hashable, Sendable {
    /// Of the skill.
    public let name: String
    /// In the bundle.
    public let wanted: Int
    /// In the registry.
    public let given: Int
  }

  /// The skills that the bundle was made for, as the registry now has them.
  public let roots: [Skill]
  /// What was not there before, parents first.
  public let added: [Skill]
  /// What was there already, with the same digest under the same name.
  public let known: [Skill]
  /// Those of `known` about which something more is claimed now: another certificate, other tests.
  public let claimed: [Skill]
  /// Those of `added` that got another version than they had.
  public let renumbered: [Renumbering]
  /// The names of those of `added` that are retired here, and stay so: in order.
  public let retired: [String]
  /// How many objects were damaged here and are whole again.
  public let mended: Int
}

extension Registry {
  /// The most bytes that a bundle may have: 1 GiB.
  public static let maximumBundleSize = Bundle.Limits().size

  /// A bundle (`.reef`) with the skills of those digests and all that they are made of, each with
  /// all of its names, its tests, certificates and provenance. The same content gives the same
  /// bytes.
  ///
  /// - Throws: `skillNotFound`, `bundleTooLarge` above 1 GiB, 65,535 parts or 64 MiB of manifest.
  public func exportBundle(_ roots: [Digest]) throws(RegistryError) -> [UInt8] {
    try exportBundle(roots, Bundle.Limits())
  }

  func exportBundle(_ roots: [Digest], _ limits: Bundle.Limits) throws(RegistryError) -> [UInt8] {
    // Each has a part of its own: this can be said before any is read.
    guard roots.count < limits.partCount else {
      throw .bundleTooLarge(
        reason: "it has \(roots.count) skills, and may have \(limits.partCount) parts")
    }
    return try reading { (store) throws(RegistryError) in
      let zip = try store.bundle(roots).zip
      if let reason = zip.excess(over: limits) { throw .bundleTooLarge(reason: reason) }
      return zip.bytes
    }
  }

  /// All entries, those of retired names included, in the order of their versions.
  public func wholeBundle() throws(RegistryError) -> Bundle {
    try reading { (store) throws(RegistryError) in
      var bundle = try store.bundle(try store.objects(.skill).map(\.digest), isWhole: true)
      bundle.retired = Set(try store.database.rows("SELECT name FROM retired") { $0.text(0) })
      return bundle
    }
  }

  /// Adds what a bundle holds, which was verified when it was read, in one transaction. Nothing of it
  /// is run, unless the verifier does. A name and version that another entry has here is never taken
  /// from it: the imported one becomes the next version. Importing again changes nothing; whole
  /// registries united in any order have the same entries and claims.
  ///
  /// - Parameter verifier: Looks at each new skill with the tests that came with it, before anything
  ///   is written; a reason that it gives ends the import, and so does a skill that nothing in the
  ///   bundle shows right.
  /// - Throws: `importRefused`, `invalidSkill`, `registryReadOnly`, `registryBusy`, `writeFailed`.
  public func add(_ bundle: Bundle, verifier: (any ImportVerifier)? = nil) throws(RegistryError)
    -> ImportReport
  {
    // An older format may have them in another order, and what comes first is what people see.
    let bundle =
      bundle.format == Bundle.newestFormat
      ? bundle : Bundle(roots: bundle.roots, entries: bundle.entries)
    let entries = try bundle.entriesParentsFirst()
    let verified = try verifier.map { (verifier) throws(RegistryError) in
      try verify(bundle, entries, verifier)
    }
    return try writing { (store) throws(RegistryError) in
      let mended = try store.mend(entries)
      let versions = try store.versions(for: bundle)
      var unused: [String] = []
      for name in bundle.retired.sorted() {
        if try store.latestVersion(of: name) == 0 { unused.append(name) }
      }
      let asked = Set(bundle.roots)
      var seen: Set<NameOfSkill> = []
      var new: Set<NameOfSkill> = []
      var roots: [Skill] = []
      var added: [Skill] = []
      var known: [Skill] = []
      var claimed: [Skill] = []
      var renumbered: [ImportReport.Renumbering] = []
      for entry in entries {
        let name = NameOfSkill(entry.skill)
        let (skill, change) = try store.add(entry, as: .imported, version: versions[name])
        if let verified, change != .none, !verified.contains(entry.claim().digest) {
          throw .importRefused(
            "\(skill.name)@\(entry.skill.version)",
            reason: "It was here when the verification began, and was removed meanwhile.")
        }
        // A name has an entry for each of its claims.
        let isFirst = seen.insert(name).inserted
        if change == .added {
          new.insert(name)
          added.append(skill)
          if skill.version != entry.skill.version {
            renumbered.append(
              .init(name: skill.name, wanted: entry.skill.version, given: skill.version))
          }
        } else if !new.contains(name) {
          if isFirst { known.append(skill) }
          if change == .claimed, claimed.last != skill { claimed.append(skill) }
        }
        if isFirst, asked.contains(name.digest) { roots.append(skill) }
      }
      // A name that nobody here has ever had is in use as far as it was there.
      for name in unused {
        if try store.spelling(of: name) != nil { try store.move(name, .retire) }
      }
      if mended > 0 { try store.setAsideDamaged() }
      var retired: [String] = []
      for name in Set(added.map(\.name)).sorted() where try store.isRetired(name) {
        retired.append(name)
      }
      return ImportReport(
        roots: roots, added: added, known: known, claimed: claimed, renumbered: renumbered,
        retired: retired, mended: mended)
    }
  }

  /// Hands what is new here to the verifier, which may take as long as it likes: no lock is held.
  ///
  /// - Returns: The digests of the claims that it did not object to.
  private func verify(
    _ bundle: Bundle, _ entries: [Bundle.Entry], _ verifier: any ImportVerifier
  ) throws(RegistryError) -> Set<Digest> {
    // Refuses what is no sound entry, so that nothing of that kind is run.
    _ = try Registry(inMemory: ()).add(bundle)
    let claims = entries.map { $0.claim().digest }
    let known = try reading { (store) throws(RegistryError) in
      var known: Set<Digest> = []
      for claim in claims {
        if try store.hasClaim(claim) { known.insert(claim) }
      }
      return known
    }
    let codes = bundle.codes
    // Skills with tests, and all that they are made of.
    var shown = Set(entries.filter { !$0.tests.isEmpty }.map(\.skill.digest))
    for entry in entries.reversed() where shown.contains(entry.skill.digest) {
      shown.formUnion(entry.skill.code.callees)
    }
    for (entry, claim) in zip(entries, claims) where !known.contains(claim) {
      let tests = try reading { (store) throws(RegistryError) in try store.tests(of: entry) }
      let reason =
        shown.contains(entry.skill.digest)
        ? verifier.problem(of: entry.skill, tests: tests, code: codes)
        : "Nothing shows it right: it has no tests, and nothing that has any calls it."
      if let reason {
        throw .importRefused("\(entry.skill.name)@\(entry.skill.version)", reason: reason)
      }
    }
    return Set(claims).subtracting(known)
  }
}

/// Looks at skills while they are imported.
public protocol ImportVerifier: Sendable {
  /// Says in a sentence what is wrong with a skill, or nil.
  ///
  /// - Parameters:
  ///   - tests: Those that came with it.
  ///   - code: The code of every skill that it calls, at any depth, by digest.
  func problem(of skill: Skill, tests: [TestCase], code: [Digest: SkillCode]) -> String?
}

/// What makes a name of an entry the same in every registry; versions are local.
private struct NameOfSkill: Hashable {
  let name: String
  let digest: Digest

  init(_ skill: Skill) {
    name = skill.name
    digest = skill.digest
  }
}

extension Store {
  /// What a bundle of those skills holds.
  ///
  /// - Parameter isWhole: With all names, those included that were retired.
  func bundle(_ roots: [Digest], isWhole: Bool = false) throws(RegistryError) -> Bundle {
    var entries: [Bundle.Entry] = []
    var seen: Set<Digest> = []
    var open = roots
    let asked = Set(roots)
    while let digest = open.popLast() {
      guard seen.insert(digest).inserted else { continue }
      let names = try names(of: digest)
      guard !names.isEmpty else {
        if asked.contains(digest) { throw .skillNotFound(digest.short, closest: nil) }
        throw damaged("the skill \(digest.short) has no name")
      }
      // A name that was given up for another one, which the skill has too, stays behind.
      var inUse = isWhole ? names : []
      for name in isWhole ? [] : names {
        if try !isRetired(skill(named: name).name) { inUse.append(name) }
      }
      for name in inUse.isEmpty ? names : inUse { entries += try self.entries(of: name) }
      let code = entries[entries.count - 1].skill.code
      open += try parents(of: digest).filter { code.atom($0) == nil || asked.contains($0) }
    }
    return Bundle(roots: roots, entries: entries)
  }

  /// One for each claim of a name.
  func entries(of name: Int) throws(RegistryError) -> [Bundle.Entry] {
    let shown = try skill(named: name)
    let claims = try database.rows(
      "SELECT object, tests FROM claims WHERE name = ?", [.int(name)]
    ) { (object: $0.int(0), tests: $0.int(1)) }
    var entries: [Bundle.Entry] = []
    for row in claims {
      let claim = try claim(row.object)
      let code = try sound("\(shown.name)@\(shown.version)") { () throws(RecordError) in
        try SkillCode(
          canonical: shown.code.canonicalText, weights: shown.code.weights,
          signature: claim.signature)
      }
      let skill = Skill(
        digest: shown.digest, name: shown.name, version: shown.version, summary: claim.summary,
        code: code, certificate: claim.certificate, provenance: claim.provenance)
      entries.append(
        .init(skill: skill, tests: TestData(text: try object(.tests, row.tests))))
    }
    return entries
  }

  /// The version that each entry of the bundle that is new here gets: its own where that is free;
  /// else the next, and then the later ones of that name stay later.
  fileprivate func versions(for bundle: Bundle) throws(RegistryError) -> [NameOfSkill: Int] {
    var versions: [NameOfSkill: Int] = [:]
    // By name: the newest version, and the last that was given.
    var newest: [String: Int] = [:]
    var last: [String: Int] = [:]
    for skill in bundle.entries.map(\.skill).sorted(by: { $0.version < $1.version }) {
      let claim = NameOfSkill(skill)
      guard versions[claim] == nil, try name(skill.name, of: skill.digest) == nil else { continue }
      if newest[skill.name] == nil { newest[skill.name] = try latestVersion(of: skill.name) }
      // A stranger's number is not to use up those that are left for the name.
      let isFree = try !everHad(skill.version, of: skill.name)
      let keeps =
        isFree && skill.version > last[skill.name, default: 0]
        && skill.version <= Schema.maximumKeptVersion
      let version = keeps ? skill.version : newest[skill.name]! + 1
      versions[claim] = version
      newest[skill.name] = max(newest[skill.name]!, version)
      last[skill.name] = version
    }
    return versions
  }
}
