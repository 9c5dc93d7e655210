import ReefMachine
import ReefTensor

/// A skill that computes one real from reals, step after step, as operations that run on numbers and
/// on tensors alike.
struct RealProgram {
  enum Operation: String {
    case add = "real.add"
    case subtract = "real.subtract"
    case multiply = "real.multiply"
    case divide = "real.divide"
    case minimum = "real.min"
    case maximum = "real.max"
  }

  enum Operand {
    case slot(Int)
    case constant(Double)
  }

  struct Step {
    let operation: Operation
    let left, right: Operand
  }

  let digest: Digest
  let inputCount: Int
  private let steps: [Step]
  var operationCount: Int { steps.count }
  private let result: Operand

  /// Nil where the skill does anything else than arithmetic on reals.
  init?(_ digest: Digest, library: (Digest) -> SkillCode?) {
    var steps: [Step] = []
    /// The result of a skill on operands, its steps appended; nil where there is none.
    func append(_ digest: Digest, _ operands: [Operand], depth: Int) -> Operand? {
      guard depth < 64, steps.count < 1_000 else { return nil }
      if let atom = Atoms.with(digest) {
        guard let operation = Operation(rawValue: atom.name), operands.count == 2 else {
          return nil
        }
        steps.append(Step(operation: operation, left: operands[0], right: operands[1]))
        return .slot(-steps.count)
      }
      guard let code = library(digest), operands.count == code.signature.parameters.count else {
        return nil
      }
      var slots = operands
      func placed(_ operand: SkillCode.Operand) -> Operand? {
        switch operand {
        case .slot(let slot): slots[slot]
        case .constant(let value): value.real.map { .constant($0) }
        case .weight(let weight): weight.value.real.map { .constant($0) }
        case .function: nil
        }
      }
      for step in code.steps {
        guard case .skill(let callee) = step.callee else { return nil }
        let operands = step.operands.compactMap(placed)
        guard operands.count == step.operands.count,
          let slot = append(callee, operands, depth: depth + 1)
        else { return nil }
        slots.append(slot)
      }
      return placed(code.result)
    }
    let type = Atoms.with(digest)?.type ?? library(digest)?.signature.type
    guard case .function(let parameters, .real) = type, !parameters.isEmpty,
      parameters.allSatisfy({ $0 == .real }),
      let result = append(digest, parameters.indices.map { .slot($0) }, depth: 0)
    else { return nil }
    // Results were numbered from -1 downwards, because the number of inputs stands before them.
    func renumbered(_ operand: Operand) -> Operand {
      if case .slot(let slot) = operand, slot < 0 { return .slot(parameters.count - 1 - slot) }
      return operand
    }
    self.digest = digest
    self.inputCount = parameters.count
    self.steps = steps.map {
      Step(operation: $0.operation, left: renumbered($0.left), right: renumbered($0.right))
    }
    self.result = renumbered(result)
  }

  /// As the machine computes it, except that the sign of a zero from a minimum or maximum may differ.
  func callAsFunction(_ inputs: [Double]) -> Double {
    func apply(_ operation: Operation, _ x: Double, _ y: Double) -> Double {
      switch operation {
      case .add: x + y
      case .subtract: x - y
      case .multiply: x * y
      case .divide: x / y
      case .minimum: x.isNaN || y.isNaN ? .nan : min(x, y)
      case .maximum: x.isNaN || y.isNaN ? .nan : max(x, y)
      }
    }
    return run(inputs, constant: { $0 }, apply: apply)
  }

  /// The soft form: a quotient stays finite near 0.
  func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    let tape = inputs[0].tape
    func apply(_ operation: Operation, _ x: Tensor, _ y: Tensor) -> Tensor {
      switch operation {
      case .add: x + y
      case .subtract: x - y
      case .multiply: x * y
      case .divide: x * y / (y.squared() + 1e-4)
      case .minimum: x.minimum(y)
      case .maximum: x.maximum(y)
      }
    }
    func constant(_ number: Double) -> Tensor {
      tape.constant(Shape(), CollectionOfOne(Float(number)))
    }
    return run(inputs, constant: constant, apply: apply)
  }

  private func run<Number>(
    _ inputs: [Number], constant: (Double) -> Number,
    apply: (Operation, Number, Number) -> Number
  ) -> Number {
    var slots = inputs
    func value(_ operand: Operand) -> Number {
      switch operand {
      case .slot(let slot): slots[slot]
      case .constant(let number): constant(number)
      }
    }
    for step in steps { slots.append(apply(step.operation, value(step.left), value(step.right))) }
    return value(result)
  }
}
