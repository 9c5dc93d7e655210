import ReefMachine

/// One file with some skills and everything that they are made of.
///
/// ```
/// manifest.json           what is inside: `Bundle.manifest`
/// skills/<digest>.skill   the code of each entry in its text form, with full digests
/// tests/<digest>.json     test data, by the SHA-256 of their bytes
/// ```
///
/// A bundle is canonical: the same content is the same bytes, and `init(bytes:)` refuses any bytes
/// that it would not have written itself. That is why a change of a single bit is always noticed.
struct Bundle: Sendable {
  /// A skill under one of its names, with its tests.
  struct Entry: Sendable {
    let skill: Skill
    let tests: [TestCase]
  }

  /// What this Reef writes, and the newest that it reads.
  static let format = 1
  /// In bytes.
  static let maximumSize = 1 << 30
  static let maximumManifestSize = 64 << 20

  /// The skills that were asked for, in the order of their digests.
  let roots: [Digest]
  /// In the order of digests, then names.
  let entries: [Entry]

  init(roots: [Digest], entries: [Entry]) {
    self.roots = Set(roots).sorted()
    self.entries = entries.sorted {
      ($0.skill.digest, $0.skill.name) < ($1.skill.digest, $1.skill.name)
    }
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
      let tests = Array(TestCase.text(of: entry.tests).utf8)
      parts[Bundle.testsPath(SHA256.hash(tests))] = tests
    }
    return parts.map { Zip.Entry(path: $0.key, bytes: $0.value) }.sorted { $0.path < $1.path }
  }

  /// JSON, one entry and one part a line.
  private func manifest(parts: [Zip.Entry]) -> String {
    func lines(_ values: [JSON]) -> String {
      "[\n" + values.map(\.text).joined(separator: ",\n") + "\n]"
    }
    let entries = entries.map { entry -> JSON in
      [
        "digest": .digest(entry.skill.digest),
        "name": .string(entry.skill.name),
        "version": .int(entry.skill.version),
        "signature": .string(entry.skill.signature.description),
        "summary": .string(entry.skill.summary),
        "certificate": entry.skill.certificate.json,
        "provenance": entry.skill.provenance.json,
        "parents": .array(entry.skill.code.callees.map(JSON.digest)),
        "tests": .digest(SHA256.hash(TestCase.text(of: entry.tests).utf8)),
      ]
    }
    let parts = parts.map { part -> JSON in
      ["path": .string(part.path), "sha256": .digest(SHA256.hash(part.bytes))]
    }
    return """
      {"format":\(Bundle.format),
      "roots":\(lines(roots.map(JSON.digest))),
      "entries":\(lines(entries)),
      "parts":\(lines(parts))}

      """
  }
}
