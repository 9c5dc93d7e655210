import ReefMachine

extension Certificate {
  /// As DESIGN section 6 writes it:
  /// `{"method":"sampled","seed":1,"checks":[{"size":64,"count":20,"steps":900}],"tolerance":0}`.
  package var json: JSON {
    [
      "method": .string(method.rawValue),
      "seed": .int(seed),
      "checks": .array(
        checks.map { check in
          .object(
            [
              .init("size", .int(check.size)), .init("count", .int(check.count)),
              .init("steps", .int(check.steps)),
            ] + (check.wrong == 0 ? [] : [.init("wrong", .int(check.wrong))]))
        }),
      "tolerance": tolerance == 0 ? 0 : .real(tolerance),
    ]
  }

  init(json: JSON) throws(RecordError) {
    var checks: [Check] = []
    for check in try json.array("checks") {
      checks.append(
        Check(
          size: try check.int("size"), count: try check.int("count"), steps: try check.int("steps"),
          wrong: check["wrong"] == nil ? 0 : try check.int("wrong")))
    }
    self.init(
      method: try json.member("method", "method of verification") {
        $0.string.flatMap(Method.init(rawValue:))
      },
      seed: try json.int("seed"), checks: checks,
      tolerance: try json.member("tolerance", "number") { $0.double })
  }
}

extension Provenance {
  package var json: JSON {
    let members: [(String, JSON?)] = [
      ("task", .string(task)), ("curriculum", .string(curriculum)),
      ("generation", .int(generation)),
      ("learner", .string(learner)), ("seed", .int(seed)), ("searchSteps", .int(searchSteps)),
      ("budget", budget.map(JSON.int)), ("candidates", .int(candidates)),
      ("pluginHash", .string(pluginHash)),
    ]
    return .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
  }

  init(json: JSON) throws(RecordError) {
    self.init(
      task: try json.string("task"), curriculum: try json.string("curriculum"),
      generation: try json.int("generation"), learner: try json.string("learner"),
      seed: try json.int("seed"), searchSteps: try json.int("searchSteps"),
      budget: json["budget"] == nil ? nil : try json.int("budget"),
      candidates: try json.int("candidates"), pluginHash: try json.string("pluginHash"))
  }
}
