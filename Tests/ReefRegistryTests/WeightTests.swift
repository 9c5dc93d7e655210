import Foundation
import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct WeightTests {
  @Test("Weights are kept and read back, and the entry's digest covers them")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let new = try weighted()
    let registry = try Registry(path: folder.file())
    let skill = try registry.register([new])[0]
    #expect(skill.digest == new.digest)
    #expect(skill.code.weights.map(\.name) == ["copy", "hidden", "out.bias", "scale"])
    let other = try registry.register([try weighted(seed: 2), try adding(1, name: "plain")])
    #expect(Set(other.map(\.digest)).union([skill.digest]).count == 3)
    let reader = try Registry(path: folder.file(), access: .reading)
    #expect(try reader.skill(skill.digest) == skill)
    #expect(try reader.skill(skill.digest)?.code.weights == new.code.weights)
    #expect(try reader.check() == [])
  }

  @Test("Bundles and unions bring weights along, and Python's safetensors reads them")
  func transfer() throws {
    let source = try Registry(inMemory: ())
    let skill = try source.register([try weighted()])[0]
    let bundle = try source.exportBundle([skill.digest])
    let target = try Registry(inMemory: ())
    #expect(try target.importBundle(bundle).added == [skill])
    #expect(try target.exportBundle([skill.digest]) == bundle)
    #expect(try target.lines() == source.lines())
    let part = try #require(
      Zip(bundle).entries.first { $0.path == Bundle.weightsPath(skill.digest) })
    #expect(try Safetensors(reading: part.bytes).weights() == skill.code.weights)
  }

  @Test("Weights that are not those of the digest are refused")
  func forged() throws {
    let source = try Registry(inMemory: ())
    let skill = try source.register([try weighted()])[0]
    let parts = try Zip(source.exportBundle([skill.digest])).entries
    let path = Bundle.weightsPath(skill.digest)
    let index = try #require(parts.firstIndex { $0.path == path })
    let original = parts[index].bytes
    var flipped = original
    flipped[original.count - 1] ^= 1
    let whole = try Safetensors(reading: original)
    for bytes in [
      flipped, Array(original.dropLast()), [],
      Safetensors(Array(whole.tensors.dropLast())).bytes,
      Safetensors(whole.tensors, metadata: ["more": "text"]).bytes,
    ] {
      var forged = parts
      forged[index] = Zip.Entry(path: path, bytes: bytes)
      guard case .bundleDamaged? = registryError({ _ = try Bundle(bytes: Zip(forged).bytes) })
      else {
        Issue.record("\(bytes.count) bytes were accepted")
        return
      }
    }
    var without = parts
    without.remove(at: index)
    #expect(registryError { _ = try Bundle(bytes: Zip(without).bytes) } != nil)
  }

  @Test("A skill runs with its weights, whatever registry it came through")
  func running() throws {
    let source = try Registry(inMemory: ())
    let new = try weighted()
    let skill = try source.register([new])[0]
    let target = try Registry(inMemory: ())
    _ = try target.importBundle(try source.exportBundle([skill.digest]))
    let code = try #require(try target.skill(skill.digest)).code
    let test = new.tests[0]
    #expect(try Machine().run(Image(linking: code), test.input).value == test.output)
  }

  @Test("A bundle with weights that its skill does not read is refused")
  func unread() throws {
    let source = try Registry(inMemory: ())
    let plain = try source.register([try adding(1)])[0]
    var parts = try Zip(source.exportBundle([plain.digest])).entries
    let bytes = Safetensors(weights: [Weight(name: "more", shape: [1], [1.0])]).bytes
    parts.append(Zip.Entry(path: Bundle.weightsPath(plain.digest), bytes: bytes))
    let error = registryError { _ = try Bundle(bytes: Zip(parts).bytes) }
    #expect(error?.description.contains("the weights 'more' are read nowhere") == true)
  }

  private func skill(reading weights: [Weight]) throws -> NewSkill {
    let plain = try adding(1)
    let code = SkillCode(
      signature: Signature(parameters: [], result: .list(.real)),
      steps: weights.map { .init(.skill(atom("list.reverse")), [.weight($0)]) }, result: .slot(0))
    return NewSkill(
      name: plain.name, summary: "", code: code, tests: [], certificate: plain.certificate,
      provenance: plain.provenance)
  }

  @Test("Weights without a proper name are refused", arguments: ["", "../x", "a\0b", "a b"])
  func names(name: String) throws {
    let new = try skill(reading: [Weight(name: name, shape: [1], [1.0])])
    #expect(
      registryError { _ = try Registry(inMemory: ()).register([new]) }?.code == "invalidSkill")
  }

  @Test("Weights that do not fit their skill are refused with a sentence, and nothing is kept")
  func misfits() throws {
    let registry = try Registry(inMemory: ())
    func reason(_ weights: [Weight]) throws -> String {
      let new = try skill(reading: weights)
      return registryError { _ = try registry.register([new]) }?.description ?? "registered"
    }
    #expect(
      try reason([Weight(name: "w", shape: [2, 1], [1.0, 2.0])])
        .contains("The result is [[real]], where [real] is needed"))
    #expect(
      try reason([Weight(name: "w", shape: [], [1.0])])
        .contains("operand 1 of list.reverse is real, where [_] is needed"))
    #expect(
      try reason([Weight(name: "w", shape: [1], [1.0]), Weight(name: "w", shape: [1], [2.0])])
        .contains("two of its weights are named w"))
    #expect(
      try reason([Weight(name: "w", shape: [2], [1.0, .nan])])
        .contains("its weights w hold a number that is not finite"))
    #expect(try registry.skills().isEmpty)
  }

  @Test("Garbage takes its weights along, and only its own")
  func garbage() throws {
    let registry = try Registry(inMemory: ())
    let kept = try registry.register([try weighted(name: "demo.kept")])[0]
    let lost = try weighted(name: "demo.lost", seed: 3)
    _ = try registry.register([lost])
    try registry.setRetired(true, name: "demo.lost")
    // Code, claim, tests and two of three arrays; the third is the same in both.
    #expect(try registry.collectGarbage().objects == 5)
    #expect(try registry.check() == [])
    #expect(try registry.skill(kept.digest)?.code.weights == kept.code.weights)
  }

  @Test("Large arrays are kept in chunks, of which each is checked, and go through bundles")
  func chunks() throws {
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: 5)
    let noise = (0..<1_200_000).map { _ in Float(random.int(in: -1_000_000...1_000_000)) / 4096 }
    let new = try skill(reading: [Weight(name: "w", shape: [noise.count], noise)])
    let registry = try Registry(path: folder.file())
    let skill = try registry.register([new])[0]
    let database = try Database(path: folder.file(), mode: .existing)
    let sizes = try database.rows("SELECT size FROM chunks ORDER BY position") { $0.int(0) }
    // A line with scalar and shape, of 16 bytes, and the numbers.
    #expect(sizes == [4 << 20, 16 + 4 * noise.count - (4 << 20)])
    let reader = try Registry(path: folder.file(), access: .reading)
    #expect(try reader.skill(skill.digest) == skill)
    #expect(try reader.check() == [])
    let target = try Registry(inMemory: ())
    _ = try target.importBundle(try reader.exportBundle([skill.digest]))
    #expect(try target.skill(skill.digest) == skill)
    #expect(registryError { try database.run("DELETE FROM chunks") } != nil)
    for statement in [
      "UPDATE chunks SET position = 2 - position", "UPDATE chunks SET size = size - 1",
      "UPDATE chunks SET bytes = zeroblob(length(bytes)) WHERE position = 1",
      "DELETE FROM chunks WHERE position = 1",
    ] {
      try damage(folder.file(), statement)
      #expect(try Registry(path: folder.file(), access: .reading).check() != [], "\(statement)")
    }
    try registry.setRetired(true, name: skill.name)
    #expect(try registry.collectGarbage().size > 1_000_000)
    #expect(try database.integer("SELECT count(*) FROM chunks") == 0)
  }

  @Test("What claims to be longer than anything that is kept is not unpacked")
  func largeClaim() throws {
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    let (codec, packed) = Codec.encode(zeros)
    let stored = Store.StoredObject(
      id: 1, digest: SHA256.hash(zeros), codec: codec, size: zeros.count, bytes: packed)
    let store = try Store(inMemoryWithSchema: Schema.version)
    #expect(try store.unpacked(stored, limit: zeros.count) == zeros)
    #expect(try store.unpacked(stored, limit: zeros.count - 1) == nil)
  }

  @Test("Every codec gives the bytes back, and the shortest is taken", arguments: seeds(12))
  func codecs(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = random.int(in: 0...3000)
    let noise = (0..<count).map { _ in UInt8(random.int(in: 0...255)) }
    let reals = (0..<count).flatMap { _ in
      withUnsafeBytes(of: Float(random.int(in: -99...99)) / 64) { Array($0) }
    }
    let text = Array(String(repeating: "0.5, ", count: count / 5).utf8)
    for (bytes, width) in [(noise, 1), (noise, 4), (reals, 4), (reals, 8), (text, 8), (noise, 2)] {
      let (codec, packed) = Codec.encode(bytes, width: width)
      #expect(codec.decode(packed, count: bytes.count) == bytes)
      #expect(packed.count <= min(bytes.count, Codec.encode(bytes).bytes.count))
      #expect(codec.decode(packed, count: bytes.count + 1) == nil)
      #expect(codec.decode(packed, count: -1) == nil)
    }
    if count > 500 {
      #expect(Codec.encode(noise, width: 4).codec == .raw)
      #expect(Codec.encode(reals, width: 4).codec == .zlib4)
    }
  }

  @Test(
    "No form that zlib has for the bytes is shorter, says Python",
    .enabled(if: python3 != nil, "needs python3"), arguments: seeds(2))
  func shortest(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: seed)
    var sizes: [Int] = []
    var file: [UInt8] = []
    for number in 0..<40 {
      // Of few or many values, in runs or not, of lengths around those of zlib's blocks.
      let (values, run) = (random.int(in: 0...255), random.int(in: 0...4))
      var bytes: [UInt8] = []
      while bytes.count < random.int(in: 0...1 << random.int(in: 4...16)) {
        let byte = UInt8(random.int(in: 0...values))
        bytes += repeatElement(byte, count: 1 + random.int(in: 0...run))
      }
      let width = [1, 2, 4, 8][number % 4]
      sizes.append(Codec.encode(bytes, width: width).bytes.count)
      file += [UInt8(width)] + withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { Array($0) }
      file += bytes
    }
    try Data(file).write(to: URL(fileURLWithPath: folder.file("data")))
    let script = """
      import struct, sys, zlib
      data, at = open(sys.argv[1], "rb").read(), 0
      while at < len(data):
          width, size = struct.unpack("<BI", data[at:at + 5])
          whole = data[at + 5:at + 5 + size]
          at += 5 + size
          end = size - size % width
          shuffled = b"".join(whole[place:end:width] for place in range(width)) + whole[end:]
          forms = [whole]
          for form in [whole, shuffled]:
              for strategy in [zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY]:
                  packer = zlib.compressobj(6, zlib.DEFLATED, 15, 8, strategy)
                  forms.append(packer.compress(form) + packer.flush())
          print(min(map(len, forms)))
      """
    let shortest = try runPython(script, folder.file("data")).split(separator: "\n")
    #expect(sizes == shortest.compactMap { Int($0) })
  }
}
