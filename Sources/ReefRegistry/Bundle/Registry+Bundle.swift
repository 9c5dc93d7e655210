import ReefMachine

/// What an import did.
public struct ImportReport: Hashable, Sendable {
  /// A skill whose version was taken here by another.
  public struct Renumbering: Hashable, Sendable {
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
  public let renumbered: [Renumbering]
}

extension Registry {
  /// The most bytes that a bundle may have: 1 GiB.
  public static let maximumBundleSize = Bundle.maximumSize

  /// A bundle (`.reef`) with the skills of those digests and all that they are made of, each with
  /// all of its names, its tests, certificates and provenance. The same content gives the same
  /// bytes.
  ///
  /// - Throws: `skillNotFound`, `bundleTooLarge` above 1 GiB or 65,535 parts.
  public func exportBundle(_ roots: [Digest]) throws(RegistryError) -> [UInt8] {
    try reading { (store) throws(RegistryError) in
      var entries: [Bundle.Entry] = []
      var seen: Set<Digest> = []
      var open = roots
      while let digest = open.popLast() {
        guard seen.insert(digest).inserted, Atoms.with(digest) == nil || roots.contains(digest)
        else { continue }
        let names = try store.names(of: digest)
        guard !names.isEmpty else { throw .skillNotFound(digest.short, closest: nil) }
        for name in names {
          entries.append(
            Bundle.Entry(skill: try store.skill(named: name), tests: try store.tests(named: name)))
        }
        open += try store.parents(of: digest)
      }
      let zip = Bundle(roots: roots, entries: entries).zip
      if let reason = zip.tooLarge { throw .bundleTooLarge(reason: reason) }
      return zip.bytes
    }
  }

  /// Adds what a bundle holds, in one transaction, after all of it was verified. Nothing of it is
  /// run. A name and version that another entry has here is never taken from it: the imported one
  /// becomes the next version. Importing again changes nothing.
  ///
  /// - Throws: `bundleDamaged` with the part that is wrong, `bundleTooNew`; `registryReadOnly`,
  ///   `registryBusy`, `writeFailed`.
  public func importBundle(_ bytes: [UInt8]) throws(RegistryError) -> ImportReport {
    let bundle = try Bundle(bytes: bytes)
    let entries = try bundle.entriesParentsFirst()
    return try writing { (store) throws(RegistryError) in
      let versions = try store.versions(for: bundle)
      var roots: [Skill] = []
      var added: [Skill] = []
      var known: [Skill] = []
      var renumbered: [ImportReport.Renumbering] = []
      for entry in entries {
        let version = versions[Claim(entry.skill)]
        let (skill, isNew) = try store.register(entry.new, version: version)
        if isNew { added.append(skill) } else { known.append(skill) }
        if bundle.roots.contains(skill.digest) { roots.append(skill) }
        if isNew, skill.version != entry.skill.version {
          renumbered.append(
            .init(name: skill.name, wanted: entry.skill.version, given: skill.version))
        }
      }
      return ImportReport(roots: roots, added: added, known: known, renumbered: renumbered)
    }
  }
}

/// What makes a name of an entry the same in every registry; versions are local.
private struct Claim: Hashable {
  let name: String
  let digest: Digest

  init(_ skill: Skill) {
    name = skill.name
    digest = skill.digest
  }
}

extension Store {
  fileprivate func tests(named name: Int) throws(RegistryError) -> [TestCase] {
    let object = try database.integer("SELECT tests FROM names WHERE id = ?", [.int(name)])
    return try tests(in: object, signature: try skill(named: name).signature)
  }

  /// The version that each entry of the bundle that is new here gets: its own where that is free;
  /// else the next, and then the later ones of that name stay later.
  fileprivate func versions(for bundle: Bundle) throws(RegistryError) -> [Claim: Int] {
    var versions: [Claim: Int] = [:]
    // By name: the newest version, and the last that was given.
    var newest: [String: Int] = [:]
    var last: [String: Int] = [:]
    for skill in bundle.entries.map(\.skill).sorted(by: { $0.version < $1.version }) {
      let claim = Claim(skill)
      guard try name(skill.name, of: skill.digest) == nil else { continue }
      if newest[skill.name] == nil { newest[skill.name] = try latestVersion(of: skill.name) }
      let isFree = try !hasVersion(skill.version, of: skill.name)
      let keeps = isFree && skill.version > last[skill.name, default: 0]
      let version = keeps ? skill.version : newest[skill.name]! + 1
      versions[claim] = version
      newest[skill.name] = max(newest[skill.name]!, version)
      last[skill.name] = version
    }
    return versions
  }
}
