extension Atom {
  /// How the atom runs in Jacobian code; nil where that is as in any other code, because it only
  /// moves reals about.
  ///
  /// - Parameter type: The concrete type of the atom at its place of use.
  func jacobianNative(at type: Type) -> NativeFunction? {
    guard case .native(let run, _) = implementation,
      case .function(let parameters, let result) = type
    else { return nil }
    if readsParts && parameters.contains(where: \.holdsReals) {
      return comparison(run, parameters)
    }
    guard case .function(let declared, _) = self.type, declared.contains(.real) else { return nil }
    precondition(result != .real || adjoint != nil, "\(name) has no adjoint")
    return arithmetic(run, result == .real ? adjoint : nil)
  }

  /// On numbers, with an entry for the result where it depends on an input.
  private func arithmetic(_ run: @escaping NativeFunction, _ adjoint: Adjoint?) -> NativeFunction {
    { left, right, third, heap, kinds throws(MachineError) in
      guard let tape = heap.adjoints else { preconditionFailure("no tape in a Jacobian run") }
      let x = kinds.first == .real ? tape.value(of: left) : 0
      let y = kinds.second == .real ? tape.value(of: right) : 0
      let result = try run(
        kinds.first == .real ? Word(real: x) : left, kinds.second == .real ? Word(real: y) : right,
        third, heap, kinds)
      // A function of one real has no right operand.
      let right = kinds.second == .real ? right : 0
      guard let adjoint, tape.place(of: left) != nil || tape.place(of: right) != nil else {
        return result
      }
      guard tape.bytes <= heap.byteLimit - heap.reservedBytes else {
        throw .memory(limit: heap.byteLimit)
      }
      return tape.result(result.asReal, of: left, right, slopes: adjoint(x, y))
    }
  }

  /// On copies of the operands with numbers for reals.
  private func comparison(_ run: @escaping NativeFunction, _ types: [Type]) -> NativeFunction {
    { left, right, third, heap, kinds throws(MachineError) in
      let x = try heap.word(of: try heap.value(of: left, as: types[0]), as: types[0])
      let y = try heap.word(of: try heap.value(of: right, as: types[1]), as: types[1])
      let result = try run(x, y, third, heap, kinds)
      if kinds.first == .reference { heap.release(x) }
      if kinds.second == .reference { heap.release(y) }
      return result
    }
  }
}

extension Type {
  /// Whether reals are, or are inside, its values.
  var holdsReals: Bool {
    switch self {
    case .real: true
    case .int, .bool, .variable, .function: false
    case .list(let element): element.holdsReals
    case .pair(let first, let second): first.holdsReals || second.holdsReals
    case .named(let definition, let arguments):
      definition.holdsReals || arguments.contains(where: \.holdsReals)
    }
  }
}

extension Heap {
  /// The number that a real is or, in a Jacobian run, stands for.
  @inline(__always)
  func number(_ real: Word) -> Double { adjoints?.value(of: real) ?? real.asReal }
}
