/// One executed action, as a composite token: op-code, arguments, and modifiers.
///
/// Arguments are named, not copied: slots of the skill that is running, constants, skills. So the
/// actions of a run alone, without the values, are enough to run it again. A constant of a declared type
/// carries the declarations that it needs.
public struct Action: Hashable, Sendable {
  /// The op-code.
  public let kind: ActionKind
  /// Empty for the body of a loop: its round says what they are. The round of a match has the skill
  /// that is applied.
  public let arguments: [SkillCode.Operand]
  /// The atom or the skill that is applied; nil where none is, or where it is no entry.
  public let callee: Digest?
  /// The slot that the result goes to; nil where it goes to the loop or the caller.
  public let result: Int?

  public init(
    _ kind: ActionKind, _ arguments: [SkillCode.Operand] = [], callee: Digest? = nil,
    result: Int? = nil
  ) {
    self.kind = kind
    self.arguments = arguments
    self.callee = callee
    self.result = result
  }
}

extension Action {
  /// `{"action":"ADD","arguments":[{"slot":0},{"constant":"1"}],"skill":"…","result":2}`.
  public var json: JSON {
    var members: [JSON.Member] = [
      .init("action", .string(kind.rawValue)), .init("arguments", .array(arguments.map(\.json))),
    ]
    if let callee { members.append(.init("skill", .string(callee.hex))) }
    if let result { members.append(.init("result", .int(result))) }
    return .object(members)
  }

  /// Nil where it is no action.
  public init?(json: JSON) {
    guard let kind = json["action"]?.string.flatMap(ActionKind.init(rawValue:)),
      let arguments = json["arguments"]?.array
    else { return nil }
    let operands = arguments.compactMap { SkillCode.Operand(json: $0) }
    let callee = json["skill"]?.string.flatMap { Digest(hex: $0) }
    guard operands.count == arguments.count, (callee == nil) == (json["skill"] == nil),
      (json["result"]?.int == nil) == (json["result"] == nil)
    else { return nil }
    self.init(kind, operands, callee: callee, result: json["result"]?.int)
  }
}

extension SkillCode.Operand {
  fileprivate var json: JSON {
    switch self {
    case .slot(let slot): return ["slot": .int(slot)]
    case .constant(let value):
      var members = [JSON.Member("constant", .string(SkillCode.literal(value)))]
      let types = SkillCode(
        signature: Signature(parameters: [], result: .int), steps: [], result: self
      ).neededDefinitions
      if !types.isEmpty {
        members.append(.init("types", .array(types.map { .string($0.description) })))
      }
      return .object(members)
    // In full, so that the actions alone are enough.
    case .weight(let weight): return ["constant": .string(SkillCode.literal(weight.value))]
    case .function(let callee, let captures):
      let name: JSON =
        if case .skill(let digest) = callee { .string(digest.hex) } else { "self" }
      return ["skill": name, "captures": .array(captures.map(\.json))]
    }
  }

  fileprivate init?(json: JSON, depth: Int = 0) {
    if let slot = json["slot"]?.int {
      self = .slot(slot)
    } else if let text = json["constant"]?.string {
      let types = json["types"]?.array ?? []
      let lines = types.compactMap(\.string) + ["skill () -> int", "  return \(text)\n"]
      let code = try? SkillCode(parsing: lines.joined(separator: "\n"))
      guard lines.count == types.count + 2, case .constant(let value)? = code?.result else {
        return nil
      }
      self = .constant(value)
    } else if let name = json["skill"]?.string, let captures = json["captures"]?.array, depth < 64 {
      let digest = Digest(hex: name)
      guard digest != nil || name == "self" else { return nil }
      let bound = captures.compactMap { SkillCode.Operand(json: $0, depth: depth + 1) }
      guard bound.count == captures.count else { return nil }
      self = .function(digest.map { .skill($0) } ?? .recursion, captures: bound)
    } else {
      return nil
    }
  }
}
