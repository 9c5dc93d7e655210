import ReefMachine

extension TestCase {
  /// Test data as they are stored and bundled: a JSON array in UTF-8, one test a line.
  static func text(of tests: [TestCase]) -> [UInt8] {
    var text = Array("[".utf8)
    for (index, test) in tests.enumerated() {
      text += (index == 0 ? "{\"input\":" : ",\n{\"input\":").utf8
      Value.list(test.input).writeJSON(to: &text)
      text += ",\"output\":".utf8
      test.output.writeJSON(to: &text)
      text.append(UInt8(ascii: "}"))
    }
    return text + "]\n".utf8
  }

  /// Reads what `text(of:)` wrote; the signature says what the values are.
  static func tests(parsing text: String, signature: Signature) throws(RecordError) -> [TestCase] {
    guard let elements = try text.parsed().array else { throw RecordError("it is no array") }
    var tests: [TestCase] = []
    for (index, element) in elements.enumerated() {
      let inputs = try element.array("input")
      let output = try element.member("output", "value") { $0 }
      guard inputs.count == signature.parameters.count else {
        throw RecordError(
          "test \(index) has \(inputs.count) arguments, not \(signature.parameters.count)")
      }
      tests.append(
        try RecordError.wrapping("test \(index): ") { () throws(ValueError) in
          var arguments: [Value] = []
          for (input, type) in zip(inputs, signature.parameterTypes) {
            arguments.append(try Value(json: input, as: type))
          }
          return TestCase(input: arguments, output: try Value(json: output, as: signature.result))
        })
    }
    return tests
  }
}

/// Test data in their text form. As values they take some thirty times as much memory, so that they are
/// read for those who want them, skill by skill.
struct TestData: Hashable, Sendable {
  let text: [UInt8]

  init(text: [UInt8]) { self.text = text }

  init(_ tests: [TestCase]) { text = TestCase.text(of: tests) }

  var isEmpty: Bool { self == TestData([]) }

  /// - Parameter signature: Of the skill whose they are.
  func tests(_ signature: Signature) throws(RecordError) -> [TestCase] {
    try TestCase.tests(parsing: String(decoding: text, as: UTF8.self), signature: signature)
  }
}
