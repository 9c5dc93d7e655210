import Foundation
import ReefTestSupport
import Testing

@testable import ReefMachine

@Suite struct RandomProgramTests {
  /// As many seeds as REEF_SEEDS in the environment says, else `count`; from REEF_SEED on, else 0.
  static func seeds(_ count: UInt64) -> Range<UInt64> {
    func number(_ name: String) -> UInt64? {
      ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
    let first = number("REEF_SEED") ?? 0
    return first..<first + (number("REEF_SEEDS") ?? count)
  }

  /// Each seed stands for 40 programs on 3 inputs each; with every other one some are memoised, and two
  /// of four have declared types.
  @Test("The machine agrees with the reference interpreter", arguments: seeds(32))
  func agreesWithReference(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, memoises: seed % 2 == 1, declares: seed % 4 >= 2)
    for number in 0..<40 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let image = try Image(linking: code) { programs.codes[$0] }
      let machine = Machine(limits: Limits(fuel: 200_000, bytes: 16 << 20, depth: 10_000))
      for _ in 0..<3 {
        let input = code.signature.parameterTypes.map { programs.value($0) }
        let reference = ReferenceInterpreter(codes: programs.codes, steps: 3_000)
        var copied = machine.heap.copiedElements
        var found = Result { try machine.run(image, input) }
        let what = "program \(number) on \(input)"
        do {
          let expected = Result { try reference.run(code, input) }
          if case .failure(ReferenceInterpreter.Failure.limit) = expected { continue }
          if case .failure(MachineError.fuel) = found {
            // A step of the reference may copy thousands of elements, each a step of the machine.
            copied = machine.heap.copiedElements
            found = Result { try machine.run(image, input, fuel: 100_000_000) }
          }
          let (value, run) = try (expected.get(), found.get())
          #expect(run.value == value, "\(what)\n\(dump(code, programs))")
          let steps = run.steps - (machine.heap.copiedElements - copied)
          #expect(steps == reference.steps, "\(what)\n\(dump(code, programs))")
        } catch ReferenceInterpreter.Failure.errors(let errors) {
          guard case .failure(let error as MachineError) = found else {
            Issue.record("\(what): no error of \(errors)\n\(dump(code, programs))")
            continue
          }
          #expect(errors.contains(error), "\(what)\n\(dump(code, programs))")
        }
      }
    }
  }

  /// The program with the helpers that it calls.
  private func dump(_ code: SkillCode, _ programs: RandomPrograms) -> String {
    var pending = [code]
    var seen: Set<SkillCode> = []
    var text = ""
    while let code = pending.popLast() {
      guard seen.insert(code).inserted else { continue }
      text +=
        "\(code.digest.short): "
        + code.normalized().text(digits: 8) { code.atom($0)?.name }
      pending += code.normalized().callees.compactMap { programs.codes[$0] }
    }
    return text
  }

  @Test("A run leaves nothing behind but its result", arguments: UInt64(100)..<112)
  func nothingLeaks(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, memoises: seed % 2 == 1, declares: seed % 4 >= 2)
    for number in 0..<40 {
      let code = programs.program(helpers: 2, steps: 1 + number / 3)
      let image = try Image(linking: code) { programs.codes[$0] }
      let machine = Machine(limits: Limits(fuel: 200_000, bytes: 16 << 20, depth: 10_000))
      var words: [Word] = []
      for type in image.parameterTypes {
        words.append(try machine.heap.word(of: programs.value(type), as: type))
      }
      var fuel = 200_000
      guard let result = try? machine.run(image, words, fuel: &fuel) else { continue }
      machine.heap.release(result, Kind(of: image.resultType))
      #expect(machine.heap.liveBytes == 0, "program \(number)\n\(text(code))")
    }
  }

  @Test("The text form parses back to the same digest", arguments: UInt64(200)..<210)
  func textRoundTrip(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, memoises: true, declares: seed % 2 == 1)
    for _ in 0..<20 {
      let code = programs.program(helpers: 1, steps: 8)
      let parsed = try SkillCode(parsing: text(code))
      #expect(parsed == code)
      #expect(parsed.digest == code.digest)
    }
  }

  @Test("Normalising keeps the meaning", arguments: UInt64(300)..<312)
  func normalisingKeepsMeaning(seed: UInt64) throws {
    var programs = RandomPrograms(seed: seed, declares: seed % 2 == 1)
    for _ in 0..<20 {
      let code = programs.program(helpers: 2, steps: 10)
      let input = code.signature.parameterTypes.map { programs.value($0) }
      let machine = Machine(limits: Limits(fuel: 200_000, bytes: 16 << 20, depth: 10_000))
      func result(_ code: SkillCode) throws -> Value? {
        do {
          return try machine.run(Image(linking: code) { programs.codes[$0] }, input).value
        } catch is MachineError {
          return nil
        }
      }
      #expect(try result(code.normalized()) == result(code), "\(text(code)) on \(input)")
    }
  }

  private func text(_ code: SkillCode) -> String {
    code.text { code.atom($0)?.name }
  }
}
