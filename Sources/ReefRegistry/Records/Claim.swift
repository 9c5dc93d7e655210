import ReefMachine

/// What a name says of a skill, and on what grounds: everything about an entry that the digest of its
/// code does not cover. A claim is an object with a digest of its own; one name may make several of
/// one skill, when registries that found it apart are united.
struct Claim: Hashable, Sendable {
  let name: String
  let skill: Digest
  /// With the names of the parameters.
  let signature: String
  let summary: String
  /// Of the test data.
  var tests: Digest
  let certificate: Certificate
  let provenance: Provenance

  /// JSON on one line, its members in this order.
  var text: String {
    let json: JSON = [
      "name": .string(name), "skill": .digest(skill), "signature": .string(signature),
      "summary": .string(summary), "tests": .digest(tests), "certificate": certificate.json,
      "provenance": provenance.json,
    ]
    return json.text
  }

  var digest: Digest { Claim.digest(of: Array(text.utf8)) }

  /// - Parameter bytes: Of `text`.
  static func digest(of bytes: [UInt8]) -> Digest { Store.ObjectKind.claim.digest(of: bytes) }
}

extension Claim {
  init(_ new: NewSkill, skill: Digest, tests: Digest) {
    self.init(
      name: new.name, skill: skill, signature: new.code.signature.description,
      summary: new.summary, tests: tests, certificate: new.certificate, provenance: new.provenance)
  }

  /// Reads `text`.
  init(text: String) throws(RecordError) {
    let json = try text.parsed()
    self.init(
      name: try json.string("name"), skill: try json.digest("skill"),
      signature: try json.string("signature"), summary: try json.string("summary"),
      tests: try json.digest("tests"),
      certificate: try Certificate(json: try json.member("certificate", "object") { $0 }),
      provenance: try Provenance(json: try json.member("provenance", "object") { $0 }))
  }
}
