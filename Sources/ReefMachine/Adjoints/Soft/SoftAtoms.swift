#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What atoms do with soft values. Those that decide have a form of their own; all others compute what
/// they always do: on reals with their adjoint, and on what they only move about by its number.
final class SoftAtoms {
  private let arithmetic: SoftArithmetic
  private var tape: AdjointTape { arithmetic.tape }
  private let sharpness: Double
  private let straightThroughInts: Bool
  private let machine = Machine()
  private var images: [Digest: Image] = [:]

  init(arithmetic: SoftArithmetic, softness: Softness) {
    self.arithmetic = arithmetic
    sharpness = softness.sharpness
    straightThroughInts = softness.straightThroughInts
  }

  func apply(_ atom: Atom, _ operands: [SoftValue]) throws -> SoftValue {
    if straightThroughInts, let soft = try throughInts(atom, operands) { return soft }
    switch atom.name {
    case "real.less": return .truth(above(operands[1].real, operands[0].real, whenEqual: 0))
    case "real.lessOrEqual": return .truth(above(operands[1].real, operands[0].real, whenEqual: 1))
    case "real.max", "real.min":
      // A weighted sum of both, the weights being the softmax of k times each, or of -k.
      let (x, y) = (operands[0], operands[1])
      let isMaximum = atom.name == "real.max"
      let weight =
        isMaximum ? above(x.real, y.real, whenEqual: 1) : above(y.real, x.real, whenEqual: 1)
      let chance = tape.value(of: weight)
      // Where one of them decides, the atom itself knows of NaN and of the sign of zero.
      if chance == 0 || chance == 1 || chance.isNaN { return try exactly(atom, operands) }
      return arithmetic.mixture(weight, x, y)
    case "bool.and": return .truth(arithmetic.product(operands[0].truth, operands[1].truth))
    case "bool.or": return .truth(inverse(product(of: operands.map { inverse($0.truth) })))
    case "bool.not": return .truth(inverse(operands[0].truth))
    case "equal":
      if case .real(let x) = operands[0] { return .truth(equality(x, operands[1].real)) }
      if case .truth(let x) = operands[0] {
        let y = operands[1].truth
        return arithmetic.mixture(x, .truth(y), .truth(inverse(y)))
      }
      return SoftValue(.bool(areEqual(operands[0], operands[1])))
    case "list.indexOf":
      let place = operands[0].elements.firstIndex { areEqual($0, operands[1]) }
      return .int(place ?? -1)
    default: return try exactly(atom, operands)
    }
  }

  // MARK: Ints

  /// What an atom does with ints that have derivatives; nil where that is nothing of its own.
  private func throughInts(_ atom: Atom, _ operands: [SoftValue]) throws -> SoftValue? {
    if let operation = atom.integerOperation {
      let (x, y) = (operands[0].number, operands[1].number)
      if operation == .less || operation == .lessOrEqual {
        guard areNear(x, y) else { return nil }
        // Half-way between two ints, so that the exact decision has the larger weight.
        let edge = Word(real: operation == .less ? 0.5 : -0.5)
        return .truth(above(y, arithmetic.sum(x, edge), whenEqual: 1))
      }
      guard case .int(let exact) = try exactly(atom, operands).decided(tape) else { return nil }
      let slopes = operation.slopes(tape.value(of: x), tape.value(of: y), sharpness: sharpness)
      return .int(exact, arithmetic.number(Double(exact), of: x, y, slopes: slopes))
    }
    switch atom.name {
    case "equal":
      guard case .int(_, let x) = operands[0], case let y = operands[1].number, areNear(x, y) else {
        return nil
      }
      return .truth(equality(x, y))
    case "real.fromInt":
      let x = operands[0].number
      return .real(arithmetic.number(tape.value(of: x), of: x, x, slopes: (1, 0)))
    case "list.get":
      let result = try exactly(atom, operands)
      guard case .int(let index, let place) = operands[1] else { return nil }
      return moved(result, by: place, neighbours: around(index, operands[0].elements))
    case "list.drop":
      guard case .int(let count, let place) = operands[1],
        case .list(let kept) = try exactly(atom, operands)
      else { return nil }
      let elements = operands[0].elements
      let first = elements.count - kept.count
      // Beyond the ends the pointer stays where it is.
      guard count == first else { return .list(kept) }
      return .list(
        kept.enumerated().map { offset, element in
          moved(element, by: place, neighbours: around(first + offset, elements))
        })
    default: return nil
    }
  }

  /// Whether a `Double` tells the ints and their neighbours apart.
  private func areNear(_ x: Word, _ y: Word) -> Bool {
    max(abs(tape.value(of: x)), abs(tape.value(of: y))) < 0x1p52
  }

  /// The elements beside a position, and how far apart they are.
  private func around(
    _ index: Int, _ elements: [SoftValue]
  ) -> (before: SoftValue, after: SoftValue, distance: Double) {
    let (before, after) = (max(0, index - 1), min(elements.count - 1, index + 1))
    return (elements[before], elements[after], Double(max(1, after - before)))
  }

  /// What a pointer leads to, with a derivative by the pointer's position, as if it lay on the line
  /// through the elements beside it.
  private func moved(
    _ value: SoftValue, by position: Word,
    neighbours: (before: SoftValue, after: SoftValue, distance: Double)
  ) -> SoftValue {
    guard tape.place(of: position) != nil else { return value }
    func number(_ word: Word, _ before: Word, _ after: Word) -> Word {
      let slope = (tape.value(of: after) - tape.value(of: before)) / neighbours.distance
      return arithmetic.number(
        tape.value(of: word), of: word, position, slopes: (1, slope.isFinite ? slope : 0))
    }
    switch (value, neighbours.before, neighbours.after) {
    case (.int(let exact, let word), .int(_, let before), .int(_, let after)):
      return .int(exact, number(word, before, after))
    case (.real(let word), .real(let before), .real(let after)):
      return .real(number(word, before, after))
    default: return value
    }
  }

  // MARK: Decisions

  /// sigmoid(k (x - y)), or what is exact where the sharpness is infinite.
  private func above(_ x: Word, _ y: Word, whenEqual: Double) -> Word {
    let difference = tape.value(of: x) - tape.value(of: y)
    // A comparison with NaN is false.
    if difference.isNaN {
      let (a, b) = (tape.value(of: x), tape.value(of: y))
      return Word(real: a.isNaN || b.isNaN ? 0 : a == b ? whenEqual : a > b ? 1 : 0)
    }
    if sharpness == .infinity {
      return Word(real: difference == 0 ? whenEqual : difference > 0 ? 1 : 0)
    }
    let truth = 1 / (1 + exp(-sharpness * difference))
    let slope = sharpness * truth * (1 - truth)
    return arithmetic.number(truth, of: x, y, slopes: (slope, -slope))
  }

  /// exp(-(k (x - y))²).
  private func equality(_ x: Word, _ y: Word) -> Word {
    let (a, b) = (tape.value(of: x), tape.value(of: y))
    let distance = sharpness * (a - b)
    if sharpness == .infinity || !distance.isFinite { return Word(real: a == b ? 1 : 0) }
    let truth = exp(-distance * distance)
    let slope = -2 * distance * sharpness * truth
    return arithmetic.number(truth, of: x, y, slopes: (slope, -slope))
  }

  private func inverse(_ truth: Word) -> Word { arithmetic.difference(Word(real: 1), truth) }

  private func product(of truths: [Word]) -> Word {
    truths.reduce(Word(real: 1)) { arithmetic.product($0, $1) }
  }

  /// Of values that are decided first.
  private func areEqual(_ x: SoftValue, _ y: SoftValue) -> Bool {
    switch (x, y) {
    case (.real(let x), .real(let y)): tape.value(of: x) == tape.value(of: y)
    case (.list(let x), .list(let y)):
      x.count == y.count && zip(x, y).allSatisfy { areEqual($0, $1) }
    case (.pair(let a, let b), .pair(let c, let d)): areEqual(a, c) && areEqual(b, d)
    case (.made(_, let own, let fields, _), .made(_, let other, let others, _)):
      own == other && zip(fields, others).allSatisfy { areEqual($0, $1) }
    default: x.decided(tape) == y.decided(tape)
    }
  }

  // MARK: What any run does

  private func exactly(_ atom: Atom, _ operands: [SoftValue]) throws -> SoftValue {
    var moved: [SoftValue] = []
    /// What stands where the atom's type has a variable is the number of a value.
    func value(_ operand: SoftValue, _ type: Type) -> Value {
      switch (type, operand) {
      case (.variable, _):
        moved.append(operand)
        return .int(moved.count - 1)
      case (.list(let element), .list(let elements)):
        return .list(elements.map { value($0, element) })
      case (.pair(let first, let second), .pair(let a, let b)):
        let a = value(a, first)
        return .pair(a, value(b, second))
      default: return operand.decided(tape)
      }
    }
    func operand(_ result: Value, _ type: Type) -> SoftValue {
      switch (type, result) {
      case (.variable, .int(let number)): moved[number]
      case (.list(let element), .list(let values)): .list(values.map { operand($0, element) })
      case (.pair(let first, let second), .pair(let a, let b)):
        .pair(operand(a, first), operand(b, second))
      default: SoftValue(result)
      }
    }
    let arguments = zip(operands, atom.parameterTypes).map { value($0, $1) }
    let result = try machine.run(try image(of: atom), arguments).value
    guard let adjoint = atom.adjoint, case .real(let real) = result else {
      return operand(result, atom.resultType)
    }
    let x = operands[0].real
    let y = operands.count > 1 ? operands[1].real : Word(real: 0)
    return .real(
      arithmetic.number(
        real.value, of: x, y, slopes: adjoint(tape.value(of: x), tape.value(of: y))))
  }

  /// The atom alone, its type variables being ints.
  private func image(of atom: Atom) throws -> Image {
    if let known = images[atom.digest] { return known }
    func concrete(_ type: Type) -> Type {
      switch type {
      case .variable: .int
      case .list(let element): .list(concrete(element))
      case .pair(let first, let second): .pair(concrete(first), concrete(second))
      default: type
      }
    }
    let parameters = atom.parameterTypes.enumerated().map {
      Signature.Parameter("x\($0)", concrete($1))
    }
    let code = SkillCode(
      signature: Signature(parameters: parameters, result: concrete(atom.resultType)),
      steps: [.init(.skill(atom.digest), parameters.indices.map { .slot($0) })],
      result: .slot(parameters.count))
    let image = try Image(linking: code)
    images[atom.digest] = image
    return image
  }
}

extension IntegerOperation {
  /// ∂ result / ∂ operand for both operands as if they were reals and nothing were rounded: the quotient
  /// is that of reals, and a remainder what is left of the same multiple. The larger and the smaller are
  /// weighted as those of reals are; a comparison gives no number.
  fileprivate func slopes(_ x: Double, _ y: Double, sharpness: Double) -> (
    left: Double, right: Double
  ) {
    switch self {
    case .add: return (1, 1)
    case .subtract: return (1, -1)
    case .multiply: return (y, x)
    case .divide: return (1 / y, -x / (y * y))
    case .modulo: return (1, -(x / y).rounded(.down))
    case .maximum, .minimum:
      let difference = self == .maximum ? x - y : y - x
      if sharpness == .infinity || difference == 0 {
        return difference == 0 ? (0.5, 0.5) : difference > 0 ? (1, 0) : (0, 1)
      }
      let weight = 1 / (1 + exp(-sharpness * difference))
      let slope = (x - y) * sharpness * weight * (1 - weight) * (self == .maximum ? 1 : -1)
      return (weight + slope, 1 - weight - slope)
    case .less, .lessOrEqual: return (0, 0)
    }
  }
}
