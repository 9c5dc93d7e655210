import Foundation
import Testing

@Suite("Running atoms")
struct RunTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test(
    "An atom runs on JSON values and prints JSON",
    arguments: [
      ("int.add 2 3", "5"),
      ("int.subtract 2 -3", "5"),
      ("int.less 2 3", "true"),
      ("real.add 2 0.5", "2.5"),
      ("list.reverse '[1,2,3]'", "[3,2,1]"),
      ("list.reverse '[[1],[],[2,3]]'", "[[2,3],[],[1]]"),
      ("list.append '[]' true", "[true]"),
      ("pair.make 1 '[2.5]'", "[1,[2.5]]"),
      ("list.zip '[1,2]' '[true,false]'", "[[1,true],[2,false]]"),
      ("list.reverse '[[],[]]'", "[[],[]]"),
      ("list.reverse '[1,2.5]'", "[2.5,1.0]"),
      ("list.reverse '[[1],[2.5]]'", "[[2.5],[1.0]]"),
      ("list.reverse '[[1,true],[2,false]]'", "[[2,false],[1,true]]"),
      ("list.reverse '[[[],[]],[[1],[true]]]'", "[[[1],[true]],[[],[]]]"),
      ("list.append '[[]]' '[0.5]'", "[[],[0.5]]"),
      ("list.append '[1]' 0.5", "[1.0,0.5]"),
      ("list.append '[1]' '\"nan\"'", "[1.0,\"nan\"]"),
      ("6a06e466 2 3", "5"),
      ("6A06E4661F 2 3", "5"),
    ])
  func atoms(words: String, result: String) throws {
    let outcome = try sandbox.shell("reef run \(words)")
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(outcome.output == result + "\n")
    #expect(outcome.error.isEmpty)
  }

  @Test("A run of an atom makes no registry")
  func leavesNothing() throws {
    try sandbox.reef("run", "int.add", "2", "3")
    #expect(!sandbox.exists(".reef"))
  }

  @Test("Big arguments come from a file or from standard input")
  func bigArguments() throws {
    let numbers = "[" + (0..<100_000).map(String.init).joined(separator: ",") + "]"
    try sandbox.write(numbers + "\n", to: "numbers.json")
    #expect(try sandbox.reef("run", "list.length", "@numbers.json").output == "100000\n")
    #expect(try sandbox.reef("run", "list.length", "-", input: numbers).output == "100000\n")
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let words: String
    let code: Int32
    let message: String
    var testDescription: String { "reef run \(words)" }
  }

  @Test(
    "Bad data is one sentence with exit code 3, a run's error one with exit code 4",
    arguments: [
      Refusal(
        words: "int.ad 2 3", code: 3,
        message: "No skill is named 'int.ad'. Did you mean 'int.add'? 'reef list' shows all."),
      Refusal(
        words: "int.add 2", code: 3,
        message: "'int.add' takes 2 arguments, (x: int, y: int) -> int, and was given 1."),
      Refusal(
        words: "int.add 2 3 4", code: 3,
        message: "'int.add' takes 2 arguments, (x: int, y: int) -> int, and was given 3."),
      Refusal(
        words: "int.add 2 x", code: 3,
        message: "The argument 'y' of 'int.add' is no JSON: unexpected 'x' at line 1, column 1; "
          + "int is wanted."),
      Refusal(
        words: "int.add 2 1.0", code: 3,
        message: "The argument 'y' of 'int.add': expected int, found 1.0."),
      Refusal(
        words: "list.length '{}'", code: 3,
        message: "The argument 'x' of 'list.length': expected [a], found {}."),
      Refusal(
        words: "list.append '[1]' true", code: 3,
        message: "The argument 'y' of 'list.append': expected a, found true; here a is int."),
      Refusal(
        words: "list.reverse '[1,2.5,true,3]'", code: 3,
        message:
          "The argument 'x' of 'list.reverse': expected a at [2], found true; here a is real."
      ),
      Refusal(
        words: "list.reverse '[[1],[true]]'", code: 3,
        message: "The argument 'x' of 'list.reverse': expected int at [1][0], found true; "
          + "here a is [int]."),
      Refusal(
        words: "list.append '[]' '{}'", code: 3,
        message: "The argument 'y' of 'list.append': expected a, found {}."),
      Refusal(
        words: "int.add 9223372036854775808 1", code: 3,
        message: "The argument 'x' of 'int.add': expected int, found 9223372036854775808, "
          + "which does not fit into 64 bits."),
      Refusal(
        words: "real.add 1e400 1", code: 3,
        message: "The argument 'x' of 'real.add': expected real, found 1e400, "
          + "which is too large for a real."),
      Refusal(
        words: "list.map 1 '[1]'", code: 3,
        message: "'list.map' cannot be run by itself: its parameter x is a skill."),
      Refusal(
        words: "list.length @none.json", code: 3,
        message: "none.json: the file cannot be read (No such file or directory)."),
      Refusal(
        words: "int.add - -", code: 2,
        message: "Only one argument can be '-', standard input; "
          + "'@FILE' reads another from a file."),
      Refusal(
        words: "int.add 9223372036854775807 1", code: 4,
        message: "'int.add' failed: the result of an integer operation does not fit into 64 bits."),
      Refusal(
        words: "int.divide 1 0", code: 4,
        message: "'int.divide' failed: an integer was divided by zero."),
      Refusal(
        words: "list.get '[1]' 3", code: 4,
        message: "'list.get' failed: the index 3 is outside a list of 1 element."),
      Refusal(
        words: "list.first '[]'", code: 4,
        message: "'list.first' failed: an element was asked of an empty list."),
      Refusal(
        words: "list.range 0 1000000 --fuel 1000", code: 4,
        message: "'list.range' failed: the run used up its limit of 1000 steps; "
          + "'--fuel' raises it."),
      Refusal(
        words: "list.range 0 1000000 --memory 1", code: 4,
        message: "'list.range' failed: the run used up its limit of 1048576 bytes; "
          + "'--memory' raises it."),
    ])
  func refusals(refusal: Refusal) throws {
    let outcome = try sandbox.shell("reef run \(refusal.words)")
    #expect(outcome.exitCode == refusal.code)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "reef: \(refusal.message)\n")
    let json = try sandbox.shell("reef run \(refusal.words) --json")
    #expect(json.exitCode == refusal.code)
    #expect(json.error.hasPrefix("{\"error\":{\"code\":\""))
  }

  @Test("What no type fits is refused at once, however deep it is nested")
  func deepConflict() throws {
    // At each level it might be a list or a pair.
    var nested = "[1,true,2]"
    for _ in 0..<60 { nested = "[\(nested),[]]" }
    let outcome = try sandbox.reef("run", "list.reverse", nested)
    #expect(outcome.exitCode == 3)
    #expect(outcome.error.hasPrefix("reef: The argument 'x' of 'list.reverse': expected "))
  }

  @Test("--steps tells the machine steps, under --json beside the result")
  func steps() throws {
    let plain = try sandbox.reef("run", "list.reverse", "[1,2,3]", "--steps")
    #expect(plain.output == "[3,2,1]\n")
    #expect(plain.error.hasSuffix(" machine steps\n"))
    let json = try sandbox.reef("run", "list.reverse", "[1,2,3]", "--steps", "--json")
    #expect(json.output.hasPrefix("{\"result\":[3,2,1],\"steps\":"))
    #expect(json.error.isEmpty)
  }

  @Test("--lines runs each line of the input and tells an error in its place")
  func lines() throws {
    let lines = ["[6,3]", "[1,0]", " [ 7 , -2 ] ", "[1]", "[1,true]", "[", "", "5", "[0,5]"]
    let input = lines.joined(separator: "\n") + "\n"
    let run = try sandbox.reef("run", "int.divide", "--lines", input: input)
    #expect(run.exitCode == 0)
    #expect(run.error.isEmpty)
    let bad = "{\"error\":\"badInput\"}"
    #expect(
      run.lines == ["2", "{\"error\":\"divisionByZero\"}", "-4", bad, bad, bad, bad, bad, "0"])
    let steps = try sandbox.reef(
      "run", "int.divide", "--lines", "--steps", "--json", input: "[6,3]")
    #expect(steps.output == "{\"result\":2,\"steps\":1}\n")
    let limited = try sandbox.reef(
      "run", "list.range", "--lines", "--fuel", "1000", input: "[0,1000000]\n[0,2]\n")
    #expect(limited.output == "{\"error\":\"fuel\"}\n[0,1]\n")
  }

  @Test("Under --lines each line chooses the types of an atom that works on any")
  func linesOfAnyType() throws {
    let run = try sandbox.reef(
      "run", "list.append", "--lines", input: "[[1],2]\n[[[]],[true]]\n[[0.5],1]\n[[3],4]\n")
    #expect(run.lines == ["[1,2]", "[[],[true]]", "[0.5,1.0]", "[3,4]"])
  }

  @Test("--lines takes no arguments beside it")
  func linesAndArguments() throws {
    let run = try sandbox.reef("run", "int.add", "1", "2", "--lines")
    #expect(run.exitCode == 2)
    #expect(run.error.hasPrefix("reef: With --lines standard input holds all arguments."))
  }
}
