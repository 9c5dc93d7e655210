import ReefMachine

/// How a skill came to have a name in this registry.
public enum Origin: String, Hashable, Sendable {
  /// A learner found it here.
  case grown
  /// With a bundle or from another registry, or its weights from a file.
  case imported
  /// A version of a skill with newer parents: `reef upgrade`.
  case upgraded
  /// It had another name here before.
  case renamed
}

/// A row of the table `names`.
struct NameRow: Hashable, Sendable {
  let name: String
  let version: Int
  let skill: Digest
  /// The claim that people see, the first that came.
  let claim: Digest
  let generation: Int
  let origin: Origin
  /// In seconds since 1970; 0 where nobody knows.
  let at: Int
  let author: String
  /// What its search took; 0 where nobody knows.
  var microseconds = 0

  /// What tells that the row is as it was written; no object covers its version.
  var seal: Int {
    let values: [JSON] = [
      .string(name), .int(version), .digest(skill), .digest(claim), .int(generation),
      .string(origin.rawValue), .int(at), .string(author),
    ]
    return makeSeal(.array(values + (microseconds == 0 ? [] : [.int(microseconds)])))
  }
}

/// The first 8 bytes of a digest of `values`.
func makeSeal(_ values: JSON) -> Int {
  SHA256.hash(values.text.utf8).bytes.prefix(8).reduce(0) { $0 << 8 | Int($1) }
}
