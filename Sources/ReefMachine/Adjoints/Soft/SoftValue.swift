/// A value of a soft run: as in any run, except that a truth value may lie between false and true, and
/// that an int may have derivatives.
indirect enum SoftValue {
  /// With the same number, or the place of an entry on the tape, for what is derived from it.
  case int(Int, Word)
  /// A number, or the place of an entry on the tape.
  case real(Word)
  /// From 0, false, to 1, true; a number or a place.
  case truth(Word)
  case list([SoftValue])
  case pair(SoftValue, SoftValue)
  /// `depth` says how many such values nest in it, itself included.
  case made(TypeDefinition, constructor: Int, [SoftValue], depth: Int)

  static func int(_ value: Int) -> SoftValue { .int(value, Word(real: Double(value))) }

  init(_ value: Value) {
    switch value {
    case .int(let value): self = .int(value)
    case .bool(let value): self = .truth(Word(real: value ? 1 : 0))
    case .real(let real): self = .real(Word(real: real.value))
    case .list(let values): self = .list(values.map(SoftValue.init))
    case .pair(let first, let second): self = .pair(SoftValue(first), SoftValue(second))
    case .made(let definition, let constructor, let fields):
      self = .made(definition, constructor, fields.map(SoftValue.init))
    }
  }

  /// With an input of the tape for each real, and for each int where these are inputs, too.
  init(_ value: Value, inputOf tape: AdjointTape, withInts: Bool) {
    func part(_ value: Value) -> SoftValue { SoftValue(value, inputOf: tape, withInts: withInts) }
    switch value {
    case .real(let real): self = .real(tape.input(real.value))
    case .int(let value) where withInts: self = .int(value, tape.input(Double(value)))
    case .list(let values): self = .list(values.map(part))
    case .pair(let first, let second):
      let first = part(first)
      self = .pair(first, part(second))
    case .made(let definition, let constructor, let fields):
      self = .made(definition, constructor, fields.map(part))
    case .int, .bool: self.init(value)
    }
  }

  static func made(
    _ definition: TypeDefinition, _ constructor: Int, _ fields: [SoftValue]
  ) -> SoftValue {
    let depth = 1 + (fields.map(\.nesting).max() ?? 0)
    return .made(definition, constructor: constructor, fields, depth: depth)
  }

  /// How many values of declared types nest in it.
  var nesting: Int {
    switch self {
    case .int, .real, .truth: 0
    case .list(let values): values.reduce(0) { max($0, $1.nesting) }
    case .pair(let first, let second): max(first.nesting, second.nesting)
    case .made(_, _, _, let depth): depth
    }
  }

  /// The value with each truth decided.
  func decided(_ tape: AdjointTape) -> Value {
    switch self {
    case .int(let value, _): .int(value)
    case .real(let word): .real(tape.value(of: word))
    case .truth(let word): .bool(tape.value(of: word) >= 0.5)
    case .list(let values): .list(values.map { $0.decided(tape) })
    case .pair(let first, let second): .pair(first.decided(tape), second.decided(tape))
    case .made(let definition, let constructor, let fields, _):
      .made(definition, constructor: constructor, fields.map { $0.decided(tape) })
    }
  }

  /// The reals inside, depth first, and where they count the ints.
  func numbers(withInts: Bool) -> [Word] {
    switch self {
    case .truth: []
    case .int(_, let word): withInts ? [word] : []
    case .real(let word): [word]
    case .list(let values): values.flatMap { $0.numbers(withInts: withInts) }
    case .pair(let first, let second):
      first.numbers(withInts: withInts) + second.numbers(withInts: withInts)
    case .made(_, _, let fields, _): fields.flatMap { $0.numbers(withInts: withInts) }
    }
  }
}

/// Arithmetic on reals that may stand for entries of a tape.
struct SoftArithmetic {
  let tape: AdjointTape

  /// A result with its slopes, on the tape where an operand is.
  func number(_ value: Double, of x: Word, _ y: Word, slopes: (left: Double, right: Double)) -> Word
  {
    tape.place(of: x) == nil && tape.place(of: y) == nil
      ? Word(real: value) : tape.result(value, of: x, y, slopes: slopes)
  }

  func product(_ x: Word, _ y: Word) -> Word {
    let (a, b) = (tape.value(of: x), tape.value(of: y))
    return number(a * b, of: x, y, slopes: (b, a))
  }

  func sum(_ x: Word, _ y: Word) -> Word {
    number(tape.value(of: x) + tape.value(of: y), of: x, y, slopes: (1, 1))
  }

  func difference(_ x: Word, _ y: Word) -> Word {
    number(tape.value(of: x) - tape.value(of: y), of: x, y, slopes: (1, -1))
  }

  /// w x + (1 - w) y. Where they cannot be mixed, because they are lists of different lengths or not
  /// finite, the heavier alone; of ints its value, with the derivatives of the mixture.
  func mixture(_ weight: Word, _ x: SoftValue, _ y: SoftValue) -> SoftValue {
    let heavier = tape.value(of: weight) >= 0.5 ? x : y
    func mixed(_ x: Word, _ y: Word) -> Word? {
      let (a, b) = (tape.value(of: x), tape.value(of: y))
      guard a.isFinite, b.isFinite, (a - b).isFinite else { return nil }
      return a == b && x == y ? x : sum(y, product(weight, difference(x, y)))
    }
    switch (x, y) {
    case (.int(_, let x), .int(_, let y)):
      guard case .int(let value, _) = heavier, let mixed = mixed(x, y) else { return heavier }
      return .int(value, number(Double(value), of: mixed, mixed, slopes: (1, 0)))
    case (.real(let x), .real(let y)): return mixed(x, y).map { .real($0) } ?? heavier
    case (.truth(let x), .truth(let y)): return mixed(x, y).map { .truth($0) } ?? heavier
    case (.list(let x), .list(let y)) where x.count == y.count:
      return .list(zip(x, y).map { mixture(weight, $0, $1) })
    case (.pair(let a, let b), .pair(let c, let d)):
      return .pair(mixture(weight, a, c), mixture(weight, b, d))
    case (
      .made(let definition, let constructor, let fields, _), .made(_, let other, let others, _)
    ) where constructor == other:
      return .made(
        definition, constructor, zip(fields, others).map { mixture(weight, $0, $1) })
    default: return heavier
    }
  }
}
