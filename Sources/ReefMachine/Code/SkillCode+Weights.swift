extension SkillCode {
  /// The numbers that the skill owns, in the order of their names, each once. Those of its parents
  /// are theirs: no skill can change them.
  public var weights: [Weight] {
    var found: Set<Weight> = []
    func visit(_ operand: Operand) {
      switch operand {
      case .weight(let weight): found.insert(weight)
      case .function(_, let captures): captures.forEach(visit)
      case .slot, .constant: break
      }
    }
    for step in steps { step.operands.forEach(visit) }
    visit(result)
    return found.sorted { ($0.name, $0.digest) < ($1.name, $1.digest) }
  }

  /// The same with its weights as further parameters, the last ones, in the order of their names: with
  /// the weights as arguments it gives the same results, and its derivatives are also by them.
  public var openingWeights: SkillCode {
    let weights = weights
    let inputs = signature.parameters.count
    let own = weights.indices.map { Operand.slot(inputs + $0) }
    func opened(_ operand: Operand) -> Operand {
      switch operand {
      case .constant: operand
      case .weight(let weight): own[weights.firstIndex(of: weight)!]
      case .slot(let slot): .slot(slot < inputs ? slot : slot + own.count)
      case .function(let callee, let captures):
        .function(callee, captures: captures.map(opened) + (callee == .recursion ? own : []))
      }
    }
    return SkillCode(
      definitions: definitions,
      signature: Signature(
        parameters: signature.parameters + weights.map { .init("@\($0.name)", $0.type) },
        result: signature.result),
      steps: steps.map {
        Step($0.callee, $0.operands.map(opened) + ($0.callee == .recursion ? own : []))
      },
      result: opened(result), isMemoised: isMemoised)
  }

  /// The digest of an entry: it covers the code, the digests of the skills that it calls, and the
  /// weights.
  public var digest: Digest { SHA256.hash("reef.skill\n\(digestedText)".utf8) }

  /// What the digest covers: the canonical text, and a line for each of the weights.
  public var digestedText: String {
    canonicalText + weights.map { "weight \($0.name) \($0.digest.hex)\n" }.joined()
  }
}

extension Weight {
  /// In code they are lists of reals, as deep as the shape is long.
  var type: Type { shape.reduce(.real) { type, _ in .list(type) } }

  /// The numbers as a value of their type.
  public var value: Value {
    var rest = values[...]
    func value(_ lengths: ArraySlice<Int>) -> Value {
      guard let length = lengths.first else { return .real(rest.removeFirst()) }
      return .list((0..<length).map { _ in value(lengths.dropFirst()) })
    }
    return value(shape[...])
  }

  /// How many numbers they are.
  public var count: Int { bytes.count / scalar.size }
}
