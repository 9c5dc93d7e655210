import ReefMachine

/// Code with parameters that are left open: weights to be fitted. They come first, the inputs of the
/// task after them.
struct Structure {
  let code: SkillCode
  /// How many of the code's parameters are open.
  let openCount: Int

  var openTypes: [Type] { Array(code.signature.parameterTypes.prefix(openCount)) }
  /// What their weights will be called.
  var openNames: [String] { code.signature.parameters.prefix(openCount).map(\.name) }

  /// The structures that answer a signature with one skill, plain or with an offset added, fewest
  /// open parameters first, then by name.
  static func all(for signature: Signature, from skills: [Skill]) -> [Structure] {
    let plain = skills.flatMap { calls(of: $0, for: signature) }
    let all = plain + plain.compactMap { $0.withOffset() }
    let byCount = Dictionary(grouping: all, by: \.openCount)
    return byCount.keys.sorted().flatMap { byCount[$0]! }
  }

  /// The ways to give each input of the task to a parameter of its type, with the others left open;
  /// first to parameters of the same name.
  private static func calls(of skill: Skill, for signature: Signature) -> [Structure] {
    let parameters = skill.signature.parameters
    guard skill.signature.result == signature.result, parameters.count > signature.parameters.count
    else { return [] }
    /// For each parameter the input that it is given.
    var ways: [[Int: Int]] = [[:]]
    for (input, type) in signature.parameterTypes.enumerated() {
      ways = ways.flatMap { way in
        parameters.indices.filter { way[$0] == nil && parameters[$0].type == type }.map {
          way.merging([$0: input]) { first, _ in first }
        }
      }
    }
    /// How many inputs go to a parameter of another name.
    func renamed(_ way: [Int: Int]) -> Int {
      way.count { parameters[$0].name != signature.parameters[$1].name }
    }
    let byName = ways.enumerated().sorted {
      (renamed($0.element), $0.offset) < (renamed($1.element), $1.offset)
    }
    return byName.map(\.element).compactMap { way in
      let open = parameters.indices.filter { way[$0] == nil }
      guard open.allSatisfy({ parameters[$0].type.isOpenable }) else { return nil }
      let operands = parameters.indices.map { index in
        way[index].map { SkillCode.Operand.slot(open.count + $0) }
          ?? .slot(open.firstIndex(of: index)!)
      }
      let slots = open.count + signature.parameters.count
      return Structure(
        code: SkillCode(
          signature: Signature(
            parameters: open.map { parameters[$0] } + signature.parameters,
            result: signature.result),
          steps: [.init(.skill(skill.digest), operands)], result: .slot(slots)),
        openCount: open.count)
    }
  }

  /// The same with one more open parameter, which is added to the result.
  private func withOffset() -> Structure? {
    let type = code.signature.result
    // The new parameter stands before all others.
    let steps = code.steps.map {
      SkillCode.Step($0.callee, $0.operands.map { $0.shifted(by: 1) })
    }
    let result = code.result.shifted(by: 1)
    let sum: SkillCode.Step
    switch type {
    case .real: sum = .init(.atom(.realAdd), [result, .slot(0)])
    case .list(.real):
      sum = .init(
        .atom(.listMap2), [.function(.atom(.realAdd), captures: []), result, .slot(0)])
    default: return nil
    }
    var name = "offset"
    while openNames.contains(name) { name += "_" }
    let parameters = [.init(name, type)] + code.signature.parameters
    return Structure(
      code: SkillCode(
        signature: Signature(parameters: parameters, result: type), steps: steps + [sum],
        result: .slot(parameters.count + steps.count)),
      openCount: openCount + 1)
  }

  /// The code with weights in place of the open parameters.
  func closed(with weights: [Weight]) -> SkillCode {
    precondition(weights.count == openCount)
    func closed(_ operand: SkillCode.Operand) -> SkillCode.Operand {
      switch operand {
      case .constant, .weight: operand
      case .slot(let slot): slot < openCount ? .weight(weights[slot]) : .slot(slot - openCount)
      case .function(let callee, let captures): .function(callee, captures: captures.map(closed))
      }
    }
    return SkillCode(
      signature: Signature(
        parameters: Array(code.signature.parameters.dropFirst(openCount)),
        result: code.signature.result),
      steps: code.steps.map { .init($0.callee, $0.operands.map(closed)) },
      result: closed(code.result))
  }
}

extension Type {
  /// Whether weights can stand for its values: reals, and lists of them.
  fileprivate var isOpenable: Bool {
    switch self {
    case .real: true
    case .list(let element): element.isOpenable
    case .int, .bool, .pair, .named, .variable, .function: false
    }
  }

  /// The number of lists around the reals.
  var listDepth: Int { if case .list(let element) = self { 1 + element.listDepth } else { 0 } }
}

extension SkillCode.Operand {
  fileprivate func shifted(by count: Int) -> SkillCode.Operand {
    switch self {
    case .constant, .weight: self
    case .slot(let slot): .slot(slot + count)
    case .function(let callee, let captures):
      .function(callee, captures: captures.map { $0.shifted(by: count) })
    }
  }
}
