import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct BundleTests {
  let folder: TemporaryFolder
  let source: Registry

  init() throws {
    folder = try TemporaryFolder()
    source = try Registry(path: folder.file("source.sqlite"))
  }

  func target() throws -> Registry { try Registry(path: folder.file("target.sqlite")) }

  @Test("A bundle brings its skills with all that they are made of")
  func roundTrip() throws {
    let skills = try source.register(try richSkills() + [try adding(1)])
    let bundle = try source.exportBundle([skills[1].digest])
    let target = try target()
    let report = try target.importBundle(bundle)
    #expect(report.added == Array(skills[..<2]))
    #expect(report.roots == [skills[1]])
    #expect(report.known.isEmpty && report.renumbered.isEmpty)
    #expect(try target.skills() == Array(skills[..<2]))
    for skill in skills[..<2] {
      #expect(try target.tests(of: skill.digest) == source.tests(of: skill.digest))
      #expect(try target.parents(of: skill.digest) == source.parents(of: skill.digest))
    }
    #expect(try target.check() == [])
    #expect(try target.exportBundle([skills[1].digest]) == bundle)
  }

  @Test("What a bundle may have at most is the same when it is written and when it is read")
  func sameLimits() throws {
    let roots = try source.register(try richSkills()).map(\.digest)
    let bytes = try source.exportBundle(roots)
    let parts = try Zip(bytes).entries
    func longest(_ folder: String) throws -> Zip.Entry {
      let parts = parts.filter { $0.path.hasPrefix(folder) }
      return try #require(parts.max { $0.bytes.count < $1.bytes.count })
    }
    let (code, tests) = (try longest("skills/"), try longest("tests/"))
    let exact = Bundle.Limits(
      size: bytes.count, partCount: parts.count, manifestSize: parts[0].bytes.count,
      codeSize: code.bytes.count, testsSize: tests.bytes.count)
    _ = try Bundle(bytes: bytes, exact)
    #expect(try source.exportBundle(roots, exact) == bytes)

    func refusals(
      _ lower: (inout ReefRegistry.Bundle.Limits) -> Void
    ) -> (reading: RegistryError?, writing: RegistryError?) {
      var limits = exact
      lower(&limits)
      return (
        registryError { _ = try Bundle(bytes: bytes, limits) },
        registryError { _ = try source.exportBundle(roots, limits) }
      )
    }
    func reason(_ size: Int) -> String { "it has \(size) bytes, more than \(size - 1)" }
    let bySize = refusals { $0.size -= 1 }
    #expect(bySize.reading == .bundleDamaged(part: nil, reason: reason(bytes.count)))
    #expect(bySize.writing == .bundleTooLarge(reason: reason(bytes.count)))
    let byCount = refusals { $0.partCount -= 1 }
    let fewer = "more than \(parts.count - 1)"
    #expect(byCount.reading == .bundleDamaged(part: nil, reason: "it has \(fewer) parts"))
    #expect(byCount.writing == .bundleTooLarge(reason: "it has \(parts.count) parts, \(fewer)"))
    let byManifest = refusals { $0.manifestSize -= 1 }
    let manifestReason = reason(parts[0].bytes.count)
    #expect(
      byManifest.reading == .bundleDamaged(part: Bundle.manifestPath, reason: manifestReason))
    #expect(
      byManifest.writing
        == .bundleTooLarge(reason: manifestReason.replacing("it has", with: "its manifest has")))
    #expect(
      refusals { $0.codeSize -= 1 }.reading
        == .bundleDamaged(part: code.path, reason: reason(code.bytes.count)))
    #expect(
      refusals { $0.testsSize -= 1 }.reading
        == .bundleDamaged(part: tests.path, reason: reason(tests.bytes.count)))
  }

  @Test("A name that is retired here stays so when a skill comes in under it, and that is told")
  func retiredName() throws {
    let skill = try source.register([try adding(1, name: "demo.add")])[0]
    let bundle = try source.exportBundle([skill.digest])
    let target = try target()
    #expect(try target.importBundle(bundle).retired == [])
    try target.setRetired(true, name: "demo.add")
    _ = try target.collectGarbage()
    let report = try target.importBundle(bundle)
    #expect(report.added.map(\.digest) == [skill.digest] && report.retired == ["demo.add"])
    #expect(report.renumbered == [.init(name: "demo.add", wanted: 1, given: 2)])
    #expect(try target.skills() == [])
    try target.setRetired(false, name: "demo.add")
    #expect(try target.skills() == report.added)
    #expect(try target.importBundle(bundle).retired == [])
  }

  @Test("Random libraries go through bundles unchanged", arguments: seeds(2))
  func randomRoundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<4 { try expectRoundTrip(&random) }
  }

  private func expectRoundTrip(_ random: inout SplitMix64) throws {
    let (source, target) = (try Registry(inMemory: ()), try Registry(inMemory: ()))
    let skills = try source.register(try randomLibrary(count: 20, seed: random.next()))
    let roots = (0..<3).map { _ in skills[random.int(in: 0...19)].digest }
    let bundle = try source.exportBundle(roots)
    #expect(try source.exportBundle(roots.reversed() + roots) == bundle)
    let report = try target.importBundle(bundle)
    var closure = Set(roots)
    for root in roots { closure.formUnion(try source.parents(of: root, deep: true)) }
    #expect(
      try target.skills() == source.skills().filter { closure.contains($0.digest) })
    #expect(try target.check() == [])
    #expect(try target.exportBundle(roots) == bundle)

    let again = try target.importBundle(bundle)
    #expect(again.added.isEmpty && again.known.count == report.added.count)
    #expect(try target.exportBundle(roots) == bundle)
  }

  @Test("An empty bundle is a bundle")
  func emptyBundle() throws {
    let bundle = try source.exportBundle([])
    #expect(try target().importBundle(bundle).added.isEmpty)
  }

  @Test("What the registry does not have is not exported")
  func unknownRoot() {
    let nobody = SHA256.hash("nobody".utf8)
    #expect(
      registryError { _ = try source.exportBundle([nobody]) }
        == .skillNotFound(nobody.short, closest: nil))
  }

  @Test("A name and version that are taken stay with their entry")
  func renumbering() throws {
    let imported = try source.register((1...3).map { try adding($0, name: "demo.add") })
    let target = try target()
    let local = try target.register([try adding(9, name: "demo.add")])
    let report = try target.importBundle(try source.exportBundle(imported.map(\.digest)))
    #expect(try target.resolve("demo.add@1") == local[0])
    // Their order among each other stays, so that the latest of the bundle is the latest here.
    let versions = try imported.map { try target.skill($0.digest)?.version }
    #expect(versions == [2, 3, 4])
    #expect(
      Set(report.renumbered) == [
        .init(name: "demo.add", wanted: 1, given: 2), .init(name: "demo.add", wanted: 2, given: 3),
        .init(name: "demo.add", wanted: 3, given: 4),
      ])
    #expect(try target.check() == [])
  }

  @Test("A version that is free is kept, though earlier ones are missing")
  func versionGap() throws {
    let versions = try source.register((1...3).map { try adding($0, name: "demo.add") })
    let bundle = try source.exportBundle([versions[1].digest])
    let target = try target()
    #expect(try target.importBundle(bundle).added == [versions[1]])
    #expect(try target.exportBundle([versions[1].digest]) == bundle)
    #expect(try target.register([try adding(7, name: "demo.add")])[0].version == 3)
  }

  @Test("A version so high that few are left becomes the next one, and goes out again")
  func highVersion() throws {
    let high = try source.register([try adding(1, name: "demo.add")])[0]
      .renamed("demo.add", version: 1 << 30)
    let bundle = Bundle(roots: [high.digest], entries: [.init(skill: high, tests: TestData([]))])
    let target = try target()
    let report = try target.importBundle(bundle.zip.bytes)
    #expect(report.renumbered == [.init(name: "demo.add", wanted: 1 << 30, given: 1)])
    let next = try target.register([try adding(2, name: "demo.add")])[0]
    #expect(next.version == 2)
    #expect(try Bundle(bytes: target.exportBundle([next.digest])).entries[0].skill == next)
  }

  @Test("A name that was given up for another stays behind; alone it goes along")
  func renamed() throws {
    let skill = try source.register([try adding(1, name: "demo.add")])[0]
    try source.rename("demo.add", to: "demo.plus")
    let renamed = try target().importBundle(try source.exportBundle([skill.digest]))
    #expect(renamed.added.map(\.name) == ["demo.plus"])
    try source.setRetired(true, name: "demo.plus")
    let retired = try Registry(inMemory: ()).importBundle(try source.exportBundle([skill.digest]))
    #expect(Set(retired.added.map(\.name)) == ["demo.add", "demo.plus"])
  }

  @Test("An entry takes all of its names along")
  func severalNames() throws {
    let skills = try source.register([try adding(1, name: "z"), try adding(1, name: "a")])
    let bundle = try source.exportBundle([skills[0].digest])
    let target = try target()
    #expect(try Set(target.importBundle(bundle).added) == Set(skills))
    #expect(try target.exportBundle([skills[0].digest]) == bundle)
  }

  @Test("A bundle of format 1 brings what it brought to the Reef that wrote it, and in its order")
  func firstFormat() throws {
    let bytes = Array(EarlierReef.bundle)
    let bundle = try Bundle(bytes: bytes)
    #expect(bundle.format == 1 && bundle.zip.bytes == bytes)
    try EarlierReef.fill(source)
    // An earlier Reef took the names along that had been given up.
    func export(_ registry: Registry) throws -> [UInt8] {
      try registry.reading { (store) throws(RegistryError) in
        try store.bundle(bundle.roots, isWhole: true).zip.bytes
      }
    }
    let newer = try export(source)
    #expect(newer != bytes)
    let (target, other) = (try target(), try Registry(inMemory: ()))
    #expect(try target.add(bundle).added == other.importBundle(newer).added)
    #expect(try target.check() == [])
    #expect(try target.lines() == other.lines())
    #expect(try target.allSkills() == other.allSkills())
    #expect(try export(target) == newer)
    let again = try source.importBundle(bytes)
    #expect(again.added.isEmpty && again.claimed.isEmpty)
  }

  @Test("A bundle cut short at any byte is refused")
  func truncation() throws {
    let skill = try source.register([try adding(1)])[0]
    let bundle = try source.exportBundle([skill.digest])
    for count in 0..<bundle.count {
      let error = registryError { _ = try Bundle(bytes: Array(bundle[..<count])) }
      guard case .bundleDamaged = error else {
        Issue.record("\(count) of \(bundle.count) bytes: \(String(describing: error))")
        return
      }
    }
    #expect(registryError { _ = try Bundle(bytes: bundle + [0]) } != nil)
  }

  @Test("A bundle with any bit changed is refused", arguments: 0..<8)
  func flippedBits(bit: Int) throws {
    let skill = try source.register([try adding(1)])[0]
    let bundle = try source.exportBundle([skill.digest])
    for index in bundle.indices {
      var changed = bundle
      changed[index] ^= 1 << UInt8(bit)
      let error = registryError { _ = try Bundle(bytes: changed) }
      guard case .bundleDamaged = error else {
        Issue.record("bit \(bit) of byte \(index): \(String(describing: error))")
        return
      }
    }
  }

  @Test("Any unzip opens a bundle", .enabled(if: unzip != nil))
  func unzips() throws {
    let skills = try source.register(try richSkills())
    let bundle = try source.exportBundle([skills[1].digest])
    try Data(bundle).write(to: URL(fileURLWithPath: folder.file("b.reef")))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(unzip))
    process.arguments = ["-q", folder.file("b.reef"), "-d", folder.file("out")]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let code = try String(
      contentsOfFile: folder.file("out/skills/\(skills[1].digest.hex).skill"), encoding: .utf8)
    #expect(try SkillCode(parsing: code) == skills[1].code)
    #expect(code.contains("numbers.scaledBy#\(skills[0].digest.hex){k} xs"))
  }

  @Test(
    "Python reads a bundle, and finds every digest that the manifest gives",
    .enabled(if: python3 != nil, "needs python3"))
  func python() throws {
    let skills = try source.register(try richSkills())
    let bundle = try source.exportBundle([skills[1].digest])
    try Data(bundle).write(to: URL(fileURLWithPath: folder.file("b.reef")))
    let script = """
      import hashlib, json, sys, zipfile
      archive = zipfile.ZipFile(sys.argv[1])
      assert archive.testzip() is None and archive.comment == b""
      names = archive.namelist()
      assert names[0] == "manifest.json" and names[1:] == sorted(set(names[1:]))
      for info in archive.infolist():
          assert info.compress_type == zipfile.ZIP_STORED and info.flag_bits == 0
          assert info.date_time == (1980, 1, 1, 0, 0, 0) and info.extra == info.comment == b""
          assert info.external_attr == info.internal_attr == 0
      manifest = json.loads(archive.read("manifest.json"))
      assert [part["path"] for part in manifest["parts"]] == names[1:]
      for part in manifest["parts"]:
          assert hashlib.sha256(archive.read(part["path"])).hexdigest() == part["sha256"]
      for entry in manifest["entries"]:
          tests = archive.read("tests/" + entry["tests"] + ".json")
          json.loads(tests)
          assert hashlib.sha256(b"reef.tests\\n" + tests).hexdigest() == entry["tests"]
          print(entry["name"], entry["digest"])
      """
    let printed = try runPython(script, folder.file("b.reef"))
    let expected = skills.sorted { $0.digest < $1.digest }.map { "\($0.name) \($0.digest.hex)\n" }
    #expect(printed == expected.joined())
  }

  private static let unzip = ["/usr/bin/unzip", "/bin/unzip"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  private var unzip: String? { BundleTests.unzip }
}

/// Bundles that were made wrong on purpose, with sound checksums.
@Suite struct ForgedBundleTests {
  let skills: [Skill]
  let parts: [Zip.Entry]
  /// The same in format 1.
  let earlierParts: [Zip.Entry]

  /// Made once: trials of random changes are many.
  private static let sound = Result {
    let registry = try Registry(inMemory: ())
    let skills = try registry.register(try richSkills())
    let bundle = try Bundle(bytes: try registry.exportBundle([skills[1].digest]))
    let earlier = Bundle(roots: bundle.roots, entries: bundle.entries, format: 1)
    return (skills: skills, parts: bundle.zip.entries, earlierParts: earlier.zip.entries)
  }

  init() throws { (skills, parts, earlierParts) = try ForgedBundleTests.sound.get() }

  private func error(_ parts: [Zip.Entry]) -> RegistryError? {
    registryError { _ = try Bundle(bytes: Zip(parts).bytes) }
  }

  private func part(of error: RegistryError?) -> String? {
    if case .bundleDamaged(let part, _)? = error { part } else { nil }
  }

  /// The parts with `old` replaced by `new` in one of them.
  private func replacing(_ old: String, by new: String, in path: String) throws -> [Zip.Entry] {
    var parts = parts
    let index = try #require(parts.firstIndex { $0.path == path })
    let text = String(decoding: parts[index].bytes, as: UTF8.self)
    try #require(text.contains(old))
    parts[index] = Zip.Entry(
      path: path, bytes: Array(text.replacingOccurrences(of: old, with: new).utf8))
    return parts
  }

  @Test("What was not forged is accepted")
  func sound() {
    #expect(error(parts) == nil)
    #expect(error(earlierParts) == nil)
  }

  @Test("A part of one format is none of the other")
  func mixedFormats() throws {
    for (parts, others) in [(parts, earlierParts), (earlierParts, parts)] {
      #expect(error([parts[0]] + others.dropFirst()) != nil)
      #expect(error([others[0]] + parts.dropFirst()) != nil)
      for (index, part) in parts.enumerated() where part.path.hasPrefix("tests/") {
        let other = others.first { $0.bytes == part.bytes }!
        #expect(other.path != part.path)
        var mixed = parts
        mixed[index] = other
        #expect(error(mixed) != nil)
      }
    }
  }

  @Test("A part that is missing is named")
  func missingPart() {
    for index in parts.indices.dropFirst() {
      var fewer = parts
      let missing = fewer.remove(at: index)
      #expect(part(of: error(fewer)) == missing.path)
    }
    #expect(error(Array(parts.dropFirst())) != nil)
  }

  @Test("A part that nothing names is refused, and so is another order")
  func needlessParts() {
    let extra = Zip.Entry(path: "skills/extra.skill", bytes: [])
    #expect(part(of: error(parts + [extra])) == extra.path)
    #expect(error(parts + [parts[1]]) != nil)
    var swapped = parts
    swapped.swapAt(1, 2)
    #expect(error(swapped) != nil)
  }

  @Test("Code that does not have its digest is refused")
  func changedCode() throws {
    let path = Bundle.skillPath(skills[1].digest)
    #expect(part(of: error(try replacing("[1, -2]", by: "[1, -3]", in: path))) == path)
    #expect(part(of: error(try replacing("return s5", by: "return s9", in: path))) == path)
  }

  @Test("A name inside code that belongs to another skill is refused")
  func changedLabel() throws {
    // Digests do not cover names; a reader of the text must still be able to trust them.
    let path = Bundle.skillPath(skills[1].digest)
    let forged = try replacing("numbers.scaledBy#", by: "numbers.trusted#", in: path)
    #expect(part(of: error(forged)) == path)
  }

  @Test(
    "Text that could steer a terminal is refused",
    arguments: ["\\u001b[2J", "\u{202E}", "\u{2066}", "\u{9B}", "\\u0000"])
  func hostileText(text: String) throws {
    let forged = try replacing("x times k", by: "x \(text) k", in: Bundle.manifestPath)
    guard case .bundleDamaged(_, let reason)? = error(forged) else {
      Issue.record("it was accepted")
      return
    }
    #expect(reason.contains("its summary has the control character \\"))
    #expect(reason.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 })
  }

  @Test(
    "A name that could steer a terminal is refused",
    arguments: ["\\u001b[2J", "\u{202E}", "\\n", "\\u0000"])
  func hostileName(text: String) throws {
    let forged = try replacing("numbers.scaledLists", by: "a\(text)b", in: Bundle.manifestPath)
    #expect(error(forged)?.code == "bundleDamaged")
  }

  @Test("A tolerance that lets anything pass is refused", arguments: [1, 1e300, -0.5])
  func tolerance(tolerance: Double) throws {
    let forged = try replacing(
      "\"tolerance\":1e-09", by: "\"tolerance\":\(JSON.real(tolerance).text)",
      in: Bundle.manifestPath)
    guard case .bundleDamaged(_, let reason)? = error(forged) else {
      Issue.record("it was accepted")
      return
    }
    #expect(reason.contains("tolerance"))
  }

  @Test("Names that differ only in case are refused")
  func caseFolding() throws {
    let whole = try Bundle(bytes: Zip(parts).bytes)
    let twins =
      whole.entries + [
        .init(skill: skills[1].renamed("numbers.ScaledBy"), tests: TestData([]))
      ]
    let error = error(Bundle(roots: whole.roots, entries: twins).zip.entries)
    guard case .bundleDamaged(Bundle.manifestPath, let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasSuffix("differ only in case"))
  }

  @Test("Tests that do not have their digest are refused")
  func changedTests() throws {
    let path = try #require(parts.first { $0.path.hasPrefix("tests/") }).path
    #expect(part(of: error(try replacing("1", by: "7", in: path))) == path)
  }

  @Test(
    "A manifest that contradicts the parts is refused",
    arguments: [
      ("\"version\":1", "\"version\":0"), ("\"version\":1", "\"version\":1.0"),
      ("\"version\":1", "\"version\":9223372036854775807"),
      ("\"name\":\"numbers.scaledBy\"", "\"name\":\"two words\""),
      ("\"name\":\"numbers.scaledBy\"", "\"name\":\"numbers.scaledLists\""),
      ("(x: int, k: int) -> int", "(x: int, k: bool) -> int"),
      ("(x: int, k: int) -> int", "(x: int, k: int)"), ("\"sampled\"", "\"guessed\""),
      ("\"parents\":[", "\"parents\":[\"\","), ("\"format\":2", "\"format\":\"2\""),
      ("\"format\":2", "\"format\": 2"), ("\"format\":2", "\"format\":1"),
      ("\"format\":2", "\"format\":0"), ("\"format\":2", "\"format\":-1"),
      ("\"roots\":[", "\"roots\":[],\"other\":["),
      ("\"generation\":3", "\"generation\":3,\"more\":1"), ("}", ""), ("{", "[{"),
    ])
  func contradictions(old: String, new: String) throws {
    let path = Bundle.manifestPath
    #expect(part(of: error(try replacing(old, by: new, in: path))) != nil)
  }

  @Test("A newer format is named as such")
  func newerFormat() throws {
    let newer = try replacing("\"format\":2", by: "\"format\":3", in: Bundle.manifestPath)
    #expect(error(newer) == .bundleTooNew(found: 3, supported: 2))
  }

  @Test("A root without its parents is refused, and nothing is imported")
  func missingParent() throws {
    let whole = try Bundle(bytes: Zip(parts).bytes)
    let alone = Bundle(
      roots: whole.roots, entries: whole.entries.filter { $0.skill == skills[1] })
    let registry = try Registry(inMemory: ())
    let error = registryError { _ = try registry.importBundle(alone.zip.bytes) }
    #expect(part(of: error) == Bundle.skillPath(skills[1].digest))
    #expect(try registry.skills() == [])
  }

  @Test("An entry that no root needs is refused")
  func needlessEntry() throws {
    let whole = try Bundle(bytes: Zip(parts).bytes)
    let more = Bundle(roots: [skills[0].digest], entries: whole.entries)
    #expect(part(of: error(more.zip.entries)) == Bundle.manifestPath)
  }

  @Test("Code that is not well typed is refused")
  func illTyped() throws {
    let code = try newSkill(
      "ill.typed", "(x: int) -> bool\n  s0 = {int.add} x x\n  return s0"
    ).code
    let skill = Skill(
      digest: code.digest, name: "ill.typed", version: 1, summary: "", code: code,
      certificate: skills[0].certificate, provenance: skills[0].provenance)
    let bundle = Bundle(roots: [code.digest], entries: [.init(skill: skill, tests: TestData([]))])
    #expect(part(of: error(bundle.zip.entries)) == Bundle.skillPath(code.digest))
  }

  @Test("Skills that call each other in a circle are refused")
  func circle() throws {
    // No digests make one, unless SHA-256 is broken.
    let digests = ["one", "other"].map { SHA256.hash($0.utf8) }
    let entries = try digests.indices.map { index in
      let code = try newSkill(
        "demo.round", "(x: int) -> int\n  s0 = {0} x\n  return s0", parents: [digests[1 - index]]
      ).code
      let skill = Skill(
        digest: digests[index], name: "demo.round\(index)", version: 1, summary: "", code: code,
        certificate: skills[0].certificate, provenance: skills[0].provenance)
      return Bundle.Entry(skill: skill, tests: TestData([]))
    }
    let registry = try Registry(inMemory: ())
    #expect(
      registryError { _ = try registry.add(Bundle(roots: digests, entries: entries)) }
        == .bundleDamaged(
          part: Bundle.manifestPath, reason: "its skills call each other in a circle"))
    #expect(try registry.lines() == [])
  }

  @Test("What is over a limit is refused with the limit")
  func limits() throws {
    let manifest = [UInt8](repeating: 0x20, count: Bundle.Limits().manifestSize + 1)
    #expect(
      error([Zip.Entry(path: Bundle.manifestPath, bytes: manifest)])
        == .bundleDamaged(
          part: Bundle.manifestPath, reason: "it has 67108865 bytes, more than 67108864"))
    let path = Bundle.skillPath(skills[1].digest)
    let code = [UInt8](repeating: 0x20, count: 8 * SkillCode.maximumTextSize + 1)
    let longer = parts.map { $0.path == path ? Zip.Entry(path: path, bytes: code) : $0 }
    #expect(
      error(longer)
        == .bundleDamaged(part: path, reason: "it has 8388609 bytes, more than 8388608"))
    let many = Zip((0...Zip.maximumEntryCount).map { Zip.Entry(path: "\($0)", bytes: []) })
    #expect(many.excess() == "it has 65536 parts, more than 65535")
    #expect(
      registryError { _ = try Zip(many.bytes) }
        == .bundleDamaged(part: nil, reason: "it has more than 65535 parts"))
  }

  @Test("Any bytes are refused with an error", arguments: seeds(2))
  func anyBytes(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let whole = Zip(seed.isMultiple(of: 2) ? parts : earlierParts).bytes
    for _ in 0..<250 {
      var bytes = whole
      for _ in 0..<random.int(in: 1...40) { mutate(&bytes, &random) }
      #expect(bytes == whole || registryError { _ = try Bundle(bytes: bytes) } != nil)
    }
  }

  @Test(
    "Any change under sound checksums is refused, or is a bundle in its own right",
    arguments: seeds(4))
  func anyContent(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parts = seed.isMultiple(of: 2) ? parts : earlierParts
    for _ in 0..<250 {
      var changed = parts
      let index = random.int(in: 0...(parts.count - 1))
      var bytes = changed[index].bytes
      for _ in 0..<random.int(in: 1...3) { mutate(&bytes, &random) }
      changed[index] = Zip.Entry(path: changed[index].path, bytes: bytes)
      let archive = Zip(changed).bytes
      // What is accepted, a changed summary for one, is written again as it was read.
      if let bundle = try? Bundle(bytes: archive) { #expect(bundle.zip.bytes == archive) }
    }
  }
}

/// Removes, repeats or changes a few bytes.
private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
  guard !bytes.isEmpty else { return }
  let start = random.int(in: 0...(bytes.count - 1))
  let end = min(bytes.count, start + random.int(in: 0...60))
  switch random.int(in: 0...3) {
  case 0: bytes.replaceSubrange(start..<end, with: [])
  case 1: bytes.insert(contentsOf: bytes[start..<end], at: random.int(in: 0...bytes.count))
  case 2: bytes[start] ^= 1 << UInt8(random.int(in: 0...7))
  default: for index in start..<end { bytes[index] = UInt8(random.int(in: 0...255)) }
  }
}
