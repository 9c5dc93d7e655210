import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

/// What strangers may hand over: whatever it is, it is refused, or it runs within its limits.
///
/// A seed replays its inputs. REEF_SEEDS in the environment sets how many there are.
@Suite struct FuzzTests {
  static let seeds = RandomProgramTests.seeds(6)
  static let limits = Limits(fuel: 20_000, bytes: 2 << 20, depth: 500)

  @Test("Mutated texts of skills are refused or run within limits", arguments: seeds)
  func texts(seed: UInt64) throws {
    var programs = RandomPrograms(seed: 10_000 + seed, declares: seed % 2 == 1)
    for number in 0..<40 {
      let code = programs.program(helpers: 1, steps: 1 + number / 4)
      let text = code.text { code.atom($0)?.name }
      #expect(try SkillCode(parsing: text) == code)
      for _ in 0..<4 {
        let mutant = FuzzTests.mutate(text, &programs.random)
        guard let parsed = try? SkillCode(parsing: mutant) else { continue }
        // What is understood is understood the same way the next time; a parameter whose name is a
        // word of the language is written with another.
        let again = try SkillCode(parsing: parsed.text { _ in nil })
        #expect(again.digest == parsed.digest, "\(mutant)")
        _ = try runs(parsed, &programs)
      }
    }
  }

  @Test("Mutated code is refused or runs within limits", arguments: seeds)
  func codes(seed: UInt64) throws {
    var programs = RandomPrograms(seed: 20_000 + seed, declares: seed % 2 == 1)
    var (accepted, refused) = (0, 0)
    for number in 0..<40 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      for _ in 0..<6 {
        if try runs(programs.mutant(of: code), &programs) { accepted += 1 } else { refused += 1 }
      }
    }
    #expect(accepted > 0 && refused > 0)
  }

  @Test("Random and mutated JSON, types and signatures are read or refused", arguments: seeds)
  func values(seed: UInt64) throws {
    var programs = RandomPrograms(seed: 30_000 + seed, declares: seed % 2 == 1)
    for _ in 0..<200 {
      let type = programs.type()
      let value = programs.value(type)
      let text = FuzzTests.mutate(value.json.text, &programs.random)
      if let json = try? JSON(parsing: text) {
        #expect(try JSON(parsing: json.text) == json, "\(text)")
        if let read = try? Value(json: json, as: type) {
          #expect(read.conforms(to: type), "\(text)")
          #expect(try Value(json: read.json, as: type) == read, "\(text)")
        }
      }
      let signature = FuzzTests.mutate("(x: \(type), y: [a]) -> (b, \(type))", &programs.random)
      if let read = try? Signature(parsing: signature, types: RandomPrograms.definitions) {
        #expect(
          try Signature(parsing: read.description, types: RandomPrograms.definitions) == read,
          "\(signature)")
      }
      let noise = (0..<programs.random.below(60)).map { _ in UInt8(programs.random.below(256)) }
      let garbage = String(decoding: noise, as: UTF8.self)
      _ = try? JSON(parsing: garbage)
      _ = try? Type(parsing: garbage)
      _ = try? SkillCode(parsing: garbage)
      _ = try? SkillCode(parsing: "skill (x: int) -> int\n  s0 = " + garbage)
    }
  }

  /// Links and runs code on random arguments; gives whether it was accepted.
  private func runs(_ code: SkillCode, _ programs: inout RandomPrograms) throws -> Bool {
    let image: Image
    do {
      image = try Image(linking: code) { programs.codes[$0] }
    } catch is LinkError {
      return false
    }
    guard image.parameterTypes.allSatisfy({ $0.size < 20 }) else { return true }
    let machine = Machine(limits: FuzzTests.limits)
    let input = image.parameterTypes.map { programs.value($0) }
    do {
      let run = try machine.run(image, input)
      #expect(run.value.conforms(to: image.resultType))
      #expect(run.steps <= FuzzTests.limits.fuel)
    } catch is MachineError {
      // A limit is passed by no more than one atom's work.
      #expect(machine.heap.reservedBytes <= FuzzTests.limits.bytes + Heap.firstChunkBytes)
    }
    return true
  }

  /// The text with one to three small changes: bytes changed, cut out, doubled, or swapped for words
  /// of the language.
  static func mutate(_ text: String, _ random: inout SplitMix64) -> String {
    var bytes = Array(text.utf8)
    let words = [
      "self", "s0", "s1", "x", "[", "]", "(", ")", "{x}", ",", "-", "9223372036854775808", "#nan",
      "true", "1e999", "\"", "\\u0000", "int", "[[int]]", "type color = red | green | blue\n",
      "color.red()", "tree(int)", " | ", "= ",
      "return ", "\n", "  s2 = ", "é", "null",
    ]
    for _ in 0...random.below(3) where !bytes.isEmpty {
      let start = random.below(bytes.count)
      let end = min(bytes.count, start + 1 + random.below(8))
      switch random.below(5) {
      case 0: bytes[start] = UInt8(random.below(256))
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count))
      case 3: bytes.replaceSubrange(start..<end, with: random.pick(words).utf8)
      default: bytes.insert(contentsOf: random.pick(words).utf8, at: start)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension RandomPrograms {
  /// The code with one to three parts exchanged, whatever their types.
  fileprivate mutating func mutant(of code: SkillCode) -> SkillCode {
    var code = code
    for _ in 0...random.below(3) {
      switch random.below(7) {
      case 0: code.result = operand(0)
      case 6: code.isMemoised.toggle()
      case 1:
        let parameters = code.signature.parameters.map {
          random.below(2) == 0 ? $0 : Signature.Parameter($0.name, type())
        }
        code.signature = Signature(
          parameters: parameters, result: random.below(2) == 0 ? type() : code.signature.result)
      case 2 where !code.steps.isEmpty:
        code.steps[random.below(code.steps.count)].callee = callee()
      case 3 where !code.steps.isEmpty:
        code.steps.remove(at: random.below(code.steps.count))
      default:
        guard let step = code.steps.indices.randomElement(of: &random),
          let place = code.steps[step].operands.indices.randomElement(of: &random)
        else { continue }
        code.steps[step].operands[place] = operand(0)
      }
    }
    return code
  }

  private mutating func callee() -> SkillCode.Callee {
    switch random.below(8) {
    case 0: .recursion
    case 1: .skill(SHA256.hash("no skill".utf8))
    case 2 where !codes.isEmpty: .skill(random.pick(codes.keys.sorted()))
    default: .skill(random.pick(Atoms.all).digest)
    }
  }

  private mutating func operand(_ depth: Int) -> SkillCode.Operand {
    switch random.below(depth > 2 ? 4 : 6) {
    case 0: .slot(random.pick([-1, 0, 1, 2, 3, 1_000_000, .max, .min]))
    case 1: .slot(random.below(12))
    case 2: .constant(value(type()))
    case 3: .constant(.list([.int(1), .bool(true)]))
    default:
      .function(callee(), captures: (0..<random.below(3)).map { _ in operand(depth + 1) })
    }
  }
}

extension Range<Int> {
  fileprivate func randomElement(of random: inout SplitMix64) -> Int? {
    isEmpty ? nil : lowerBound + random.below(count)
  }
}
