import ReefMachine

/// One file with some skills and everything that they are made of.
///
/// ```
/// manifest.json           what is inside: `Bundle.manifest`
/// skills/<digest>.skill   the code of each entry in its text form, with full digests
/// tests/<digest>.json     test data, by the SHA-256 of a line `reef.tests` and their bytes
/// weights/<digest>.safetensors   the weights of an entry that owns some
/// ```
///
/// A bundle is canonical: the same content is the same bytes, and `init(bytes:)` refuses any bytes
/// that it would not have written itself. That is why a change of a single bit is always noticed.
///
/// In format 1 the digest of test data was that of their bytes alone. A bundle that was read in it is
/// in it still.
public struct Bundle: Sendable {
  /// What one name claims of a skill, with its tests. A name that makes several claims of one skill
  /// has an entry for each, with the same version.
  struct Entry: Sendable {
    let skill: Skill
    let tests: TestData
  }

  /// What this Reef writes, and the newest that it reads.
  static let newestFormat = 2

  let format: Int
  /// The skills that were asked for, in the order of their digests.
  let roots: [Digest]
  /// In the order of digests, then names, then the digests of the claims.
  let entries: [Entry]
  /// Names of another registry that are retired there. No part of the file.
  var retired: Set<String> = []

  init(roots: [Digest], entries: [Entry], format: Int = newestFormat) {
    self.format = format
    self.roots = Set(roots).sorted()
    self.entries = entries.map { (entry: $0, claim: $0.claim(format).digest) }.sorted {
      ($0.entry.skill.digest, $0.entry.skill.name, $0.claim)
        < ($1.entry.skill.digest, $1.entry.skill.name, $1.claim)
    }.map(\.entry)
  }
}

extension Bundle.Entry {
  /// - Parameter tests: Those of the entry, where they matter.
  func new(_ tests: [TestCase] = []) -> NewSkill {
    NewSkill(
      name: skill.name, summary: skill.summary, code: skill.code, tests: tests,
      certificate: skill.certificate, provenance: skill.provenance)
  }

  /// What the entry claims, as bundles of a format write it.
  func claim(_ format: Int = Bundle.newestFormat) -> Claim {
    Claim(new(), skill: skill.digest, tests: Bundle.digest(ofTests: tests.text, format))
  }
}

extension Bundle {
  static func digest(ofTests bytes: [UInt8], _ format: Int) -> Digest {
    format == 1 ? SHA256.hash(bytes) : Store.ObjectKind.tests.digest(of: bytes)
  }
}

extension Bundle {
  /// The code of every entry.
  var codes: [Digest: SkillCode] {
    Dictionary(
      entries.map { ($0.skill.digest, $0.skill.code) }, uniquingKeysWith: { first, _ in first })
  }
}

// MARK: - Writing

extension Bundle {
  var zip: Zip {
    let parts = self.parts
    let manifest = Zip.Entry(
      path: Bundle.manifestPath, bytes: Array(manifest(parts: parts).utf8))
    return Zip([manifest] + parts)
  }

  static let manifestPath = "manifest.json"
  static func skillPath(_ digest: Digest) -> String { "skills/\(digest.hex).skill" }
  static func weightsPath(_ digest: Digest) -> String { "weights/\(digest.hex).safetensors" }
  static func testsPath(_ digest: Digest) -> String { "tests/\(digest.hex).json" }

  /// The name that the texts of the bundle use for each skill and atom: the first of its names.
  private var label: (Digest) -> String? {
    let names = Dictionary(
      entries.map { ($0.skill.digest, $0.skill.name) }, uniquingKeysWith: { first, _ in first })
    return { names[$0] ?? Atoms.with($0)?.name }
  }

  /// All parts but the manifest, in the order of their paths.
  private var parts: [Zip.Entry] {
    let label = label
    var parts: [String: [UInt8]] = [:]
    for entry in entries {
      let path = Bundle.skillPath(entry.skill.digest)
      // The labels of the parameters are those of the first name.
      if parts[path] == nil { parts[path] = Array(entry.skill.code.text(names: label).utf8) }
      let tests = entry.tests.text
      parts[Bundle.testsPath(Bundle.digest(ofTests: tests, format))] = tests
      let weights = entry.skill.code.weights
      let weightsPath = Bundle.weightsPath(entry.skill.digest)
      if !weights.isEmpty, parts[weightsPath] == nil {
        parts[weightsPath] = Safetensors(weights: weights).bytes
      }
    }
    return parts.map { Zip.Entry(path: $0.key, bytes: $0.value) }.sorted { $0.path < $1.path }
  }

  /// JSON, one entry and one part a line.
  private func manifest(parts: [Zip.Entry]) -> String {
    func lines(_ values: [JSON]) -> String {
      "[\n" + values.map(\.text).joined(separator: ",\n") + "\n]"
    }
    let entries = entries.map { entry -> JSON in
      let claim = entry.claim(format)
      return [
        "digest": .digest(claim.skill),
        "name": .string(claim.name),
        "version": .int(entry.skill.version),
        "signature": .string(claim.signature),
        "summary": .string(claim.summary),
        "certificate": claim.certificate.json,
        "provenance": claim.provenance.json,
        "parents": .array(entry.skill.code.callees.map(JSON.digest)),
        "tests": .digest(claim.tests),
      ]
    }
    let parts = parts.map { part -> JSON in
      ["path": .string(part.path), "sha256": .digest(SHA256.hash(part.bytes))]
    }
    return """
      {"format":\(format),
      "roots":\(lines(roots.map(JSON.digest))),
      "entries":\(lines(entries)),
      "parts":\(lines(parts))}

      """
  }
}
