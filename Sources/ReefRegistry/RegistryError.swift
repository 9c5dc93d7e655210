/// What goes wrong around a registry or a bundle. `description` is what people read; `code` and
/// `hint` are what programs read.
public enum RegistryError: Error, Hashable, Sendable {
  /// The closest name is a guess at what was meant.
  case skillNotFound(String, closest: String?)
  case versionNotFound(name: String, version: Int, latest: Int)
  /// The word after the name is no alias of it, or one that leads nowhere.
  case aliasNotFound(name: String, alias: String, reason: String)
  /// The digest prefix fits several entries, which are given as `name@version#digest`.
  case ambiguousReference(String, candidates: [String])
  /// Nothing is there, and the registry was opened only to be read.
  case registryMissing(path: String)
  /// It is no registry, or the system does not let it be read.
  case registryUnreadable(path: String, reason: String)
  /// Nothing is there, and nothing can be made there.
  case registryNotMade(path: String, reason: String)
  case registryReadOnly(path: String)
  /// A later Reef has written it.
  case schemaTooNew(path: String, found: Int, supported: Int)
  /// The file was a registry and has been changed by something else.
  case registryDamaged(path: String, reason: String)
  /// Other processes were writing for as long as that.
  case registryBusy(path: String, seconds: Int)
  /// The disk is full, or refuses.
  case writeFailed(path: String, reason: String)
  /// The file that a copy of the registry was to be written to cannot be.
  case copyFailed(path: String, reason: String)
  /// What was to be registered is no sound entry.
  case invalidSkill(String, reason: String)
  /// A word that cannot be a name, or not now.
  case invalidName(String, reason: String)
  /// `part` is the path inside the bundle, or nil where the bundle as a whole is at fault.
  case bundleDamaged(part: String?, reason: String)
  case bundleTooNew(found: Int, supported: Int)
  case bundleTooLarge(reason: String)
  /// A skill of a bundle did not stand the test that its import was to pass.
  case importRefused(String, reason: String)
}

extension RegistryError {
  /// One word for programs.
  public var code: String {
    switch self {
    case .skillNotFound, .versionNotFound, .aliasNotFound: "skillNotFound"
    case .ambiguousReference: "ambiguousReference"
    case .registryMissing: "registryMissing"
    case .registryUnreadable: "registryUnreadable"
    case .registryNotMade: "registryNotMade"
    case .registryReadOnly: "registryReadOnly"
    case .schemaTooNew: "schemaTooNew"
    case .registryDamaged: "registryDamaged"
    case .registryBusy: "registryBusy"
    case .writeFailed: "writeFailed"
    case .copyFailed: "fileUnwritable"
    case .invalidSkill: "invalidSkill"
    case .invalidName: "invalidName"
    case .bundleDamaged: "bundleDamaged"
    case .bundleTooNew: "bundleTooNew"
    case .bundleTooLarge: "bundleTooLarge"
    case .importRefused: "importRefused"
    }
  }

  /// A command that helps, or nil where none does.
  public var hint: String? {
    switch self {
    case .skillNotFound, .ambiguousReference: "reef list"
    case .versionNotFound(let name, _, _): "reef show \(name)"
    case .aliasNotFound(let name, _, _): "reef query history \(name)"
    case .registryMissing: "reef grow CURRICULUM"
    case .registryUnreadable, .registryNotMade, .registryReadOnly: "reef --registry PATH"
    case .copyFailed: "reef registry backup FILE"
    case .registryDamaged: "reef registry check"
    case .bundleDamaged: "reef export SKILL -o FILE"
    case .schemaTooNew, .registryBusy, .writeFailed, .invalidSkill, .invalidName, .bundleTooNew,
      .bundleTooLarge, .importRefused:
      nil
    }
  }
}

extension RegistryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .skillNotFound(let name, let closest?):
      "No skill is named '\(name)'. Did you mean '\(closest)'? 'reef list' shows all."
    case .skillNotFound(let name, nil):
      "No skill is named '\(name)'. 'reef list' shows all."
    case .versionNotFound(let name, let version, let latest):
      "'\(name)' has no version \(version); its latest is \(latest). 'reef show \(name)' shows it."
    case .aliasNotFound(let name, let alias, let reason):
      "'\(name)@\(alias)' is not there: \(reason). 'reef query history \(name)' tells of its aliases."
    case .ambiguousReference(let prefix, let candidates):
      "The digest prefix '\(prefix)' fits \(candidates.joined(separator: " and ")). Give more of it; "
        + "'reef list' shows all."
    case .registryMissing(let path):
      "There is no registry at \(path). 'reef grow CURRICULUM' makes one; '--registry PATH' names "
        + "another."
    case .registryUnreadable(let path, let reason):
      "The registry \(path) cannot be read: \(reason). '--registry PATH' names another."
    case .registryNotMade(let path, let reason):
      "There is no registry at \(path), and none can be made there: \(reason). '--registry PATH' names "
        + "another place."
    case .registryReadOnly(let path):
      "The registry \(path) may be read but not written. Change the permissions of the file and its "
        + "folder, or name another with '--registry PATH'."
    case .schemaTooNew(let path, let found, let supported):
      "The registry \(path) has schema \(found); this Reef reads up to \(supported). Update Reef."
    case .registryDamaged(let path, let reason):
      "The registry \(path) is damaged: \(reason). 'reef registry check' lists all that is wrong."
    case .registryBusy(let path, let seconds):
      "Another process has been writing to the registry \(path) for \(seconds) s. Try again when it "
        + "is done."
    case .writeFailed(let path, let reason):
      "The registry \(path) could not be written: \(reason). Nothing was changed; try again when "
        + "that is mended."
    case .copyFailed(let path, let reason):
      "The copy \(path) cannot be written: \(reason). Name another file."
    case .invalidSkill(let name, let reason):
      "The skill '\(name)' cannot be registered: \(reason)."
    case .invalidName(let name, let reason):
      "'\(name)' cannot be used: \(reason)."
    case .bundleDamaged(let part?, let reason):
      "The bundle is damaged at \(part): \(reason.clause). Nothing was imported; 'reef export' writes a new "
        + "one."
    case .bundleDamaged(nil, let reason):
      "The bundle is damaged: \(reason.clause). Nothing was imported; 'reef export' writes a new one."
    case .bundleTooNew(let found, let supported):
      "The bundle has format \(found); this Reef reads up to \(supported). Update Reef."
    case .bundleTooLarge(let reason):
      "The bundle would be too large: \(reason). Export fewer skills at a time; 'reef registry backup' "
        + "copies all."
    case .importRefused(let skill, let reason):
      "\(skill) did not pass its verification: \(reason) Nothing was imported."
    }
  }
}

extension String {
  /// Without the full stop of a sentence.
  fileprivate var clause: Substring { hasSuffix(".") ? dropLast() : self[...] }
}
