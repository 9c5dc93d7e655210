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
  private let machine = Machine()
  private var images: [Digest: Image] = [:]

  init(arithmetic: SoftArithmetic, sharpness: Double) {
    self.arithmetic = arithmetic
    self.sharpness = sharpness
  }

  func apply(_ atom: Atom, _ operands: [SoftValue]) throws -> SoftValue {
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
