import ReefMachine

extension Transcript.Line where Shown == JSON {
  /// One object: an application without `result` goes on in the lines that follow, one without
  /// `operands` ends there.
  func json(_ names: (Digest) -> String?) -> JSON {
    func skill(_ digest: Digest?) -> [JSON.Member] {
      guard let digest else { return [] }
      return [
        .init("skill", names(digest).map { .string($0) } ?? .null),
        .init("digest", .string(digest.hex)),
      ]
    }
    func shown(_ operand: Transcript.Operand) -> JSON {
      switch operand {
      case .value(let value): value
      case .skill(let callee, let captures):
        .object(skill(callee) + [.init("captures", .array(captures.map(shown)))])
      }
    }
    var members: [JSON.Member] = [.init("depth", .int(depth))]
    switch place {
    case .call: break
    case .step(let step): members.append(.init("step", .int(step)))
    case .round(let number): members.append(.init("round", .int(number)))
    case .test(let number): members.append(.init("test", .int(number)))
    }
    members += skill(callee)
    if let operands { members.append(.init("operands", .array(operands.map(shown)))) }
    if let result { members.append(.init("result", result)) }
    return .object(members)
  }
}

extension ActionRecorder.Executed where Shown == JSON {
  var json: JSON {
    var members = action.json.members ?? []
    members.append(.init("reads", .array(read)))
    if let written { members.append(.init("writes", written)) }
    return .object(members)
  }
}

extension SkillBlock {
  var json: JSON {
    [
      "skill": skill.map { .string($0.hex) } ?? .null,
      "lines": [.int(lines.lowerBound), .int(lines.upperBound)], "registers": .int(registers),
    ]
  }
}

extension TraceEvent {
  /// The state, with what is about to be applied or has just been.
  var stateJSON: JSON {
    let moment: String =
      switch moment {
      case .begins: "begins"
      case .ends: "ends"
      }
    let members = state().json.members ?? []
    return .object(
      [.init(moment, callee.map { .string($0.hex) } ?? .null)] + members)
  }
}
