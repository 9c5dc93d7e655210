import ReefMachine

extension Bundle {
  /// Reads and verifies a bundle: its structure, checksums and digests, that it holds all that its
  /// skills are made of and nothing else, that the code is well typed and the tests fit. Runs
  /// nothing of it.
  ///
  /// - Throws: `bundleDamaged` with the part that is wrong, `bundleTooNew`.
  public init(bytes: [UInt8]) throws(RegistryError) { try self.init(bytes: bytes, Limits()) }

  init(bytes: [UInt8], _ limits: Limits) throws(RegistryError) {
    try bytes.check(atMost: limits.size, part: nil)
    let zip = try Zip(bytes, limits)
    let manifest = try Manifest(zip, limits)
    guard manifest.format <= Bundle.newestFormat else {
      throw .bundleTooNew(found: manifest.format, supported: Bundle.newestFormat)
    }
    var parts: [String: [UInt8]] = [:]
    for part in zip.entries.dropFirst() { parts[part.path] = part.bytes }

    var entries: [Entry] = []
    for record in manifest.entries {
      entries.append(try record.entry(parts: parts, limits, format: manifest.format))
    }
    self.init(roots: manifest.roots, entries: entries, format: manifest.format)
    try checkNames()
    try checkClosure()
    // What was not looked at one by one, such as parts that nothing names, an order, or the labels
    // inside the code, shows here.
    guard self.zip == zip else {
      throw .bundleDamaged(
        part: firstDifference(from: zip), reason: "it is not what 'reef export' writes")
    }
  }

  private func firstDifference(from other: Zip) -> String {
    let written = zip.entries
    let count = min(written.count, other.entries.count)
    let place = (0..<count).first { written[$0] != other.entries[$0] } ?? count
    return (place < other.entries.count ? other.entries : written)[place].path
  }
}

extension [UInt8] {
  /// - Parameter part: Whose bytes they are, or nil for the bundle.
  fileprivate func check(atMost limit: Int, part: String?) throws(RegistryError) {
    guard count <= limit else {
      throw .bundleDamaged(part: part, reason: "it has \(count) bytes, more than \(limit)")
    }
  }
}

/// The manifest as it was read, before it is held against the parts.
private struct Manifest {
  let format: Int
  let roots: [Digest]
  let entries: [Record]

  struct Record {
    let digest: Digest
    let name: String
    let version: Int
    let signature: String
    let summary: String
    let certificate: Certificate
    let provenance: Provenance
    let parents: [Digest]
    let tests: Digest

    init(json: JSON) throws(RecordError) {
      digest = try json.digest("digest")
      name = try json.string("name")
      version = try json.member("version", "version") {
        $0.int.flatMap { (1...Schema.maximumVersion).contains($0) ? $0 : nil }
      }
      signature = try json.string("signature")
      summary = try json.string("summary")
      certificate = try Certificate(json: try json.member("certificate", "object") { $0 })
      provenance = try Provenance(json: try json.member("provenance", "object") { $0 })
      parents = try json.digests("parents")
      tests = try json.digest("tests")
    }
  }

  init(_ zip: Zip, _ limits: Bundle.Limits) throws(RegistryError) {
    guard let part = zip.entries.first, part.path == Bundle.manifestPath else {
      throw .bundleDamaged(part: nil, reason: "it does not begin with a manifest")
    }
    try part.bytes.check(atMost: limits.manifestSize, part: part.path)
    do throws(RecordError) {
      let json = try String(decoding: part.bytes, as: UTF8.self).parsed()
      format = try json.member("format", "format of a bundle") {
        $0.int.flatMap { $0 > 0 ? $0 : nil }
      }
      guard format <= Bundle.newestFormat else {
        // Nothing more is known of it.
        (roots, entries) = ([], [])
        return
      }
      roots = try json.digests("roots")
      var entries: [Record] = []
      for (index, entry) in try json.array("entries").enumerated() {
        do throws(RecordError) {
          entries.append(try Record(json: entry))
        } catch {
          let name = entry["name"]?.string ?? "number \(index)"
          throw RecordError("entry \(name): \(error.reason)")
        }
      }
      self.entries = entries
    } catch {
      throw .bundleDamaged(part: Bundle.manifestPath, reason: error.reason)
    }
  }
}

extension Manifest.Record {
  /// The entry that the record and the parts describe together.
  func entry(
    parts: [String: [UInt8]], _ limits: Bundle.Limits, format: Int
  ) throws(RegistryError) -> Bundle.Entry {
    let weights = try weights(parts: parts)
    let code = try code(parts: parts, weights: weights, limits)
    let path = Bundle.testsPath(tests)
    guard let bytes = parts[path] else {
      throw .bundleDamaged(part: path, reason: "it is missing; the manifest names it for \(name)")
    }
    try bytes.check(atMost: limits.testsSize, part: path)
    guard Bundle.digest(ofTests: bytes, format) == tests else {
      throw .bundleDamaged(part: path, reason: "it does not fit its digest")
    }
    do throws(RecordError) {
      let tests = TestData(text: bytes)
      guard TestData(try tests.tests(code.signature)) == tests else {
        throw RecordError("it is not what 'reef export' writes")
      }
      return Bundle.Entry(
        skill: Skill(
          digest: digest, name: name, version: version, summary: summary, code: code,
          certificate: certificate, provenance: provenance),
        tests: tests)
    } catch {
      throw .bundleDamaged(part: path, reason: error.reason)
    }
  }

  /// None where the bundle has no part for them; the skill's digest tells whether it should.
  private func weights(parts: [String: [UInt8]]) throws(RegistryError) -> [Weight] {
    let path = Bundle.weightsPath(digest)
    guard let bytes = parts[path] else { return [] }
    do {
      return try Safetensors(reading: bytes).weights()
    } catch {
      throw .bundleDamaged(part: path, reason: error.description)
    }
  }

  private func code(
    parts: [String: [UInt8]], weights: [Weight], _ limits: Bundle.Limits
  ) throws(RegistryError) -> SkillCode {
    let path = Bundle.skillPath(digest)
    guard let bytes = parts[path] else {
      throw .bundleDamaged(part: path, reason: "it is missing; the manifest names it for \(name)")
    }
    try bytes.check(atMost: limits.codeSize, part: path)
    do throws(RecordError) {
      var code = try RecordError.wrapping { () throws(ParseError) in
        try SkillCode(parsing: String(decoding: bytes, as: UTF8.self), weights: weights)
      }
      let found = code.digest
      guard found == digest else {
        throw RecordError("with its weights its digest is \(found.short)…")
      }
      guard code.callees == parents else { throw RecordError("the manifest names other parents") }
      let labelled = try RecordError.wrapping { () throws(ParseError) in
        try Signature(parsing: signature, types: code.definitions)
      }
      guard labelled.type == code.signature.type else {
        throw RecordError("the manifest gives it another signature")
      }
      code.signature = labelled
      return code
    } catch {
      throw .bundleDamaged(part: path, reason: error.reason)
    }
  }
}

// MARK: - The closure

extension Bundle {
  /// That a name and version stand for one skill and a name and skill have one version, that no
  /// claim is made twice, and that no two names differ only in case, so that one could pass for the
  /// other.
  fileprivate func checkNames() throws(RegistryError) {
    var skills: [String: Digest] = [:]
    var versions: [String: Int] = [:]
    var claims: Set<Digest> = []
    var spellings: [String: String] = [:]
    for entry in entries {
      let skill = entry.skill
      let spelling = spellings[skill.name.lowercased(), default: skill.name]
      guard spelling == skill.name else {
        throw .bundleDamaged(
          part: Bundle.manifestPath,
          reason: "the names \(spelling) and \(skill.name) differ only in case")
      }
      spellings[skill.name.lowercased()] = spelling
      let version = "\(skill.name)@\(skill.version)"
      let name = "\(skill.name)#\(skill.digest)"
      guard skills.updateValue(skill.digest, forKey: version) ?? skill.digest == skill.digest,
        versions.updateValue(skill.version, forKey: name) ?? skill.version == skill.version,
        claims.insert(entry.claim(format).digest).inserted
      else {
        throw .bundleDamaged(
          part: Bundle.manifestPath, reason: "it has two entries for \(version) or for \(name)")
      }
    }
  }

  /// The entries, each after all of its parents.
  ///
  /// - Throws: `bundleDamaged` where there is no such order: a cycle, which no digests can make
  ///   unless SHA-256 is broken.
  func entriesParentsFirst() throws(RegistryError) -> [Entry] {
    var byDigest: [Digest: [Entry]] = [:]
    for entry in entries { byDigest[entry.skill.digest, default: []].append(entry) }
    var missing: [Digest: Int] = [:]
    var users: [Digest: [Digest]] = [:]
    var ready: [Digest] = []
    for digest in byDigest.keys.sorted() {
      let parents = byDigest[digest]![0].skill.code.callees.filter { byDigest[$0] != nil }
      missing[digest] = parents.count
      for parent in parents { users[parent, default: []].append(digest) }
      if parents.isEmpty { ready.append(digest) }
    }
    var next = 0
    while next < ready.count {
      for user in users[ready[next]] ?? [] {
        missing[user]! -= 1
        if missing[user] == 0 { ready.append(user) }
      }
      next += 1
    }
    guard ready.count == byDigest.count else {
      throw .bundleDamaged(
        part: Bundle.manifestPath, reason: "its skills call each other in a circle")
    }
    return ready.flatMap { byDigest[$0]! }
  }

  /// That every parent is there and fits, and that every entry is needed by a root.
  fileprivate func checkClosure() throws(RegistryError) {
    var types: [Digest: Type] = [:]
    for entry in try entriesParentsFirst() {
      let skill = entry.skill
      let path = Bundle.skillPath(skill.digest)
      for parent in skill.code.callees where types[parent] == nil {
        guard let atom = skill.code.atom(parent) else {
          throw .bundleDamaged(
            part: path, reason: "its parent \(parent.short) is no atom and is not in the bundle")
        }
        types[parent] = atom.type
      }
      do {
        try entry.new().check(parents: types, isNew: true)
      } catch {
        throw .bundleDamaged(part: path, reason: "\(skill.name): \(error.reason)")
      }
      types[skill.digest] = skill.signature.type
    }

    let codes = codes
    var reached: Set<Digest> = []
    var open = roots
    while let digest = open.popLast() {
      guard reached.insert(digest).inserted, let code = codes[digest] else { continue }
      open += code.callees
    }
    for digest in roots + codes.keys.sorted()
    where codes[digest] == nil || !reached.contains(digest) {
      throw .bundleDamaged(
        part: Bundle.manifestPath, reason: "\(digest.short) is a root without an entry, or needless"
      )
    }
  }
}
