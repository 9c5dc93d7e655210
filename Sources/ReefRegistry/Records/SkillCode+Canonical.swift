import ReefMachine

extension SkillCode {
  /// The longest canonical text of a skill, in bytes: what a registry keeps and a bundle may hold.
  static let maximumTextSize = 1 << 20

  /// Reads `canonicalText`; the parameters are called i0, i1, …
  init(canonical text: String, weights: [Weight]) throws(RecordError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let line = lines.first(where: { !$0.hasPrefix("type ") }), line.hasPrefix("skill ") else {
      throw RecordError("its code does not begin with a signature")
    }
    let header = String(line.dropFirst("skill ".count))
    let types = try SkillCode.types(of: text)
    let type = try RecordError.wrapping("its signature: ") { () throws(ParseError) in
      try Type(parsing: header, types: types)
    }
    guard case .function(let parameters, let result) = type else {
      throw RecordError("its signature is no function's")
    }
    let labelled = Signature(
      parameters: parameters.enumerated().map { .init("i\($0)", $1) }, result: result)
    try self.init(canonical: text, weights: weights, signature: labelled.description)
  }

  /// Those that the text declares.
  private static func types(of text: String) throws(RecordError) -> [TypeDefinition] {
    guard text.hasPrefix("type ") else { return [] }
    return try RecordError.wrapping("its types: ") { () throws(ParseError) in
      try SkillCode.declarations(in: text)
    }
  }

  /// Reads `canonicalText`, with the labels of `signature`, which must have the types of the text.
  init(canonical text: String, weights: [Weight], signature: String) throws(RecordError) {
    let types = try SkillCode.types(of: text)
    let labelled = try RecordError.wrapping("its signature: ") { () throws(ParseError) in
      try Signature(parsing: signature, types: types)
    }
    self = try RecordError.wrapping("its code: ") { () throws(ParseError) in
      try SkillCode(canonical: text, signature: labelled, weights: weights)
    }
  }
}
