import Testing

@testable import ReefMachine

@Suite struct AtomTests {
  static let plain = Atoms.all.filter { $0.controlForm == nil }

  static let ints = [-7, -3, -2, -1, 0, 1, 2, 3, 5, .min, .min + 1, .max, .max - 1]
  static let reals = [-2.5, -0.0, 0.0, 1.0, 3.25, .infinity, -.infinity, .nan, 1e308]

  /// Small values of a type, edge cases among them.
  static func values(_ type: Type) -> [Value] {
    switch type {
    case .int: ints.map { .int($0) }
    case .bool: [.bool(false), .bool(true)]
    case .real: reals.map { .real($0) }
    case .list(.int): [[], [0], [1, 2], [3, 1, 2], [2, 2, 2, 2]].map { .ints($0) }
    case .list(.bool): [.list([]), .list([.bool(true)]), .list([.bool(false), .bool(true)])]
    case .list(.real): [.list([]), .reals([1.0]), .reals([.nan, 0.0, -0.0])]
    case .list(let element):
      [.list([]), .list(Array(values(element).prefix(1))), .list(Array(values(element).suffix(3)))]
    case .pair(let first, let second):
      Array(values(first).prefix(4).flatMap { x in values(second).suffix(3).map { .pair(x, $0) } })
    case .named, .variable, .function: []
    }
  }

  /// The types that a polymorphic atom is tried at.
  static func instances(_ type: Type) -> [Type] {
    let choices: [Type] = [.int, .real, .bool, .list(.int), .pair(.int, .list(.int))]
    return type.variables.reduce([type]) { types, name in
      types.flatMap { type in choices.map { type.replacing([name: $0]) } }
    }
  }

  @Test("Each atom agrees with its oracle on small values", arguments: plain.map(\.name))
  func agreesWithOracle(name: String) throws {
    let atom = try #require(Atoms.named(name))
    for type in AtomTests.instances(atom.type) {
      guard case .function(let parameters, let result) = type else { continue }
      let labels = ["x", "y", "z"]
      let code = SkillCode(
        signature: Signature(
          parameters: zip(labels, parameters).map { .init($0, $1) }, result: result),
        steps: [.init(.skill(atom.digest), parameters.indices.map { .slot($0) })],
        result: .slot(parameters.count))
      let image = try Image(linking: code)
      let machine = Machine(limits: Limits(fuel: 100_000, bytes: 1 << 24, depth: 10))
      let rows = parameters.reduce([[]]) { rows, type in
        rows.flatMap { row in AtomTests.values(type).map { row + [$0] } }
      }
      for row in rows {
        let found = Result { try machine.run(image, row) }
        do {
          let expected = try Oracle.apply(name, row)
          #expect(try found.get().value == expected, "\(type) on \(row)")
          #expect(try found.get().steps == 1 + Oracle.cost(name, row), "\(type) on \(row)")
        } catch let error as MachineError {
          #expect(throws: error, "\(type) on \(row)") { try found.get() }
        } catch {
          // A huge list: any limit will do.
          #expect(throws: MachineError.self, "\(type) on \(row)") { try found.get() }
        }
      }
    }
  }

  @Test(
    "An inverse gives operands that lead back to the output",
    arguments: plain.map(\.name).filter { !$0.hasPrefix("real.") })
  func inversesInvert(name: String) throws {
    let atom = try #require(Atoms.named(name))
    for type in AtomTests.instances(atom.type) {
      guard case .function(let parameters, _) = type else { continue }
      let rows = parameters.reduce([[]]) { rows, type in
        rows.flatMap { row in AtomTests.values(type).map { row + [$0] } }
      }
      for (inverse, row) in atom.inverses.flatMap({ inverse in rows.map { (inverse, $0) } }) {
        guard let output = try? Oracle.apply(name, row) else { continue }
        var known: [Value?] = row
        for index in inverse.unknowns { known[index] = nil }
        guard let solution = inverse.solve(output, known) else {
          // Anything times zero is zero, and -1 is no way back from an overflow.
          #expect(name == "int.multiply" || name == "int.subtract", "\(row)")
          continue
        }
        var operands = row
        for (index, value) in zip(inverse.unknowns, solution) { operands[index] = value }
        #expect(try Oracle.apply(name, operands) == output, "\(row) → \(solution)")
      }
    }
  }

  @Test func integerOperationsAgreeWithTheAtoms() throws {
    for atom in Atoms.all {
      guard let operation = atom.integerOperation else { continue }
      for x in AtomTests.ints {
        for y in AtomTests.ints {
          let expected = try? Oracle.apply(atom.name, [.int(x), .int(y)])
          let word = expected.map { $0.int ?? ($0.bool! ? 1 : 0) }
          #expect(operation(x, y) == word, "\(atom.name) \(x) \(y)")
        }
      }
    }
  }

  @Test func namesAndDigestsAreUnique() {
    #expect(Set(Atoms.all.map(\.name)).count == Atoms.all.count)
    #expect(Set(Atoms.all.map(\.digest)).count == Atoms.all.count)
    #expect(Atoms.all.allSatisfy { Atoms.with($0.digest)?.name == $0.name })
    #expect(Atoms.named("list.sort") == nil)
    #expect(KnownAtom.allCases.allSatisfy { $0.atom.name == $0.rawValue })
  }

  @Test("An atom's digest never changes while its revision stays")
  func digestsArePinned() {
    #expect(
      Atoms.named("int.add")!.digest
        == SHA256.hash("reef.atom\nint.add (int, int) -> int 1".utf8))
    let all = SHA256.hash(Atoms.all.map(\.digest.hex).joined(separator: "\n").utf8)
    #expect(all.short == "3c81919c")
  }

  @Test("An inverse on reals gives the operand that gives the output, up to rounding")
  func inversesOnReals() throws {
    let values = [-2.5, -1, 0, 0.75, 1, 3.25, .infinity, .nan]
    for atom in AtomTests.plain where atom.name.hasPrefix("real.") {
      for inverse in atom.inverses {
        var solved = 0
        for output in values {
          for other in values {
            let unknown = inverse.unknowns[0]
            var operands: [Value?] = atom.parameterTypes.map { _ in .real(other) }
            operands[unknown] = nil
            guard let operand = inverse.solve(.real(output), operands)?.first else { continue }
            operands[unknown] = operand
            let found = try Oracle.apply(atom.name, operands.compactMap(\.self)).real ?? .nan
            #expect(operand.real!.isFinite)
            // A product with 0, a quotient of 0, an infinite divisor: more than one operand, or none.
            guard found.isFinite, output.isFinite, output != 0 else { continue }
            #expect(abs(found - output) < 1e-12, "\(atom.name) \(operands) for \(output)")
            solved += 1
          }
        }
        #expect(solved > 0, "\(atom.name)")
      }
    }
    let invertible = AtomTests.plain.filter { $0.name.hasPrefix("real.") && !$0.inverses.isEmpty }
    #expect(
      invertible.map(\.name) == [
        "real.add", "real.subtract", "real.multiply", "real.divide", "real.exp", "real.log",
      ])
  }

  @Test func commutativeAtomsCommute() throws {
    for atom in AtomTests.plain where atom.isCommutative {
      guard case .function(let parameters, _) = atom.type.replacing(["a": .list(.int)]) else {
        continue
      }
      for x in AtomTests.values(parameters[0]) {
        for y in AtomTests.values(parameters[1]) {
          let (left, right) = (
            try? Oracle.apply(atom.name, [x, y]), try? Oracle.apply(atom.name, [y, x])
          )
          #expect(left == right)
        }
      }
    }
  }
}
