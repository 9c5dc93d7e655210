import ReefMachine
import Testing

@Suite("Writing skills out")
struct EmitTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.plant()
  }

  private func emit(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.shell("reef emit --registry registry.sqlite \(words)")
  }

  @Test(
    "The program goes to the output, to a file, or into JSON", arguments: ["c", "swift", "python"])
  func destinations(language: String) throws {
    let printed = try emit("demo.quadruple --language \(language)")
    #expect(printed.exitCode == 0)
    #expect(printed.error.isEmpty)
    #expect(printed.output.contains("demo_quadruple"))
    #expect(printed.output.contains("demo_double"))
    #expect(try emit("demo.quadruple --language \(language) -o program").output.isEmpty)
    #expect(String(decoding: try sandbox.bytes(of: "program"), as: UTF8.self) == printed.output)
    let json = try JSON(parsing: try emit("demo.quadruple --language \(language) --json").output)
    #expect(json["source"]?.string == printed.output)
    let written = try JSON(
      parsing: try emit("demo.quadruple --language \(language) --json -o program").output)
    #expect(written["file"] == "program")
    #expect(written["bytes"]?.int == printed.output.utf8.count)
  }

  @Test("The program runs")
  func runs() throws {
    let run = try sandbox.shell(
      """
      reef emit demo.quadrupleAll --registry registry.sqlite --language python -o program.py
      python3 program.py '[1,2]'
      """)
    #expect(run.output == "[4,8]\n")
  }

  @Test("What cannot be written out is said")
  func errors() throws {
    let noLanguage = try emit("demo.double")
    #expect(noLanguage.exitCode == 2)
    #expect(noLanguage.error.contains("needs --language, one of swift, c, python."))
    let unknown = try emit("demo.double --language cobol")
    #expect(unknown.exitCode == 2)
    #expect(unknown.error.contains("Reef writes no 'cobol'"))
    let atom = try emit("int.add --language c")
    #expect(atom.exitCode == 3)
    #expect(atom.error.contains("'int.add' is an atom"))
  }
}
