/// What a traced image knows about one application: the instructions `traceBegin` and `traceEnd`
/// stand around it and name it by number.
struct TracedApplication {
  let callee: Digest?
  let place: TraceEvent.Place
  let operands: [Operand]
  /// Concrete, as are the types of the operands.
  let resultType: Type

  indirect enum Operand {
    /// A variable of a lowered function, an argument of a loop's body, in an image a register.
    case value(Int, Type)
    case constant(Word, Type)
    case skill(Digest?, captures: [Operand])
  }

  /// The same with other numbers for the operands that are values.
  func mapped(_ transform: (Int) -> Int) -> TracedApplication {
    func mapped(_ operand: Operand) -> Operand {
      switch operand {
      case .value(let number, let type): .value(transform(number), type)
      case .constant: operand
      case .skill(let callee, let captures): .skill(callee, captures: captures.map(mapped))
      }
    }
    return TracedApplication(
      callee: callee, place: place, operands: operands.map(mapped), resultType: resultType)
  }
}
