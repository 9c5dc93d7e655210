import ReefMachine
import Testing

@Suite("Benchmarks")
struct BenchTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test("Every benchmark is listed")
  func list() throws {
    let json = try JSON(parsing: sandbox.reef("bench", "--json").output)
    #expect(
      json.array?.compactMap { $0["name"]?.string } == [
        "machine", "registry", "search", "learners", "growth", "stones", "lists", "honesty",
        "tensor", "gradient", "elementary", "transforms", "perception",
      ])
  }

  @Test("An examples file is learned without its held-out examples, which then decide")
  func lists() throws {
    // `first` has another answer in store than its examples suggest; `odd` has no answer at all.
    try sandbox.write(
      """
      [
        {"name": "last", "signature": "(xs: [int]) -> int", "holdOut": 1, "examples": [
          {"input": [[4, 7]], "output": 7}, {"input": [[1, 2, 3]], "output": 3},
          {"input": [[9]], "output": 9}, {"input": [[5, 6, 8]], "output": 8}]},
        {"name": "first", "signature": "(xs: [int]) -> int", "holdOut": 1, "examples": [
          {"input": [[4, 7]], "output": 4}, {"input": [[1, 2, 3]], "output": 1},
          {"input": [[9]], "output": 9}, {"input": [[5, 6, 8]], "output": 8}]},
        {"name": "odd", "signature": "(x: int) -> int", "examples": [
          {"input": [1], "output": 1}, {"input": [1], "output": 2}]}
      ]
      """, to: "tasks.json")
    let outcome = try sandbox.reef(
      "bench", "lists", "--data", "tasks.json", "--steps", "300000", "--json")
    #expect(outcome.exitCode == 0)
    let rows = try #require(JSON(parsing: outcome.output)["rows"]?.array)
    #expect(rows.map { $0["value"]?.text } == ["1.0", "1.0", "1.0"])
    #expect(rows.map { $0["names"]?.text } == [nil, "[\"first\"]", "[\"odd\"]"])
  }

  @Test("Gradients fit the weights of a layer that search has found")
  func gradient() throws {
    let outcome = try sandbox.reef("bench", "gradient", "--limit", "1", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    let rows = try #require(JSON(parsing: outcome.output)["rows"]?.array)
    let errors = rows.filter { $0["name"]?.string?.contains("greatest relative error") == true }
    #expect(errors.count == 4)
    #expect(rows.filter { $0["name"]?.string?.hasSuffix("then repaired") == true }.count == 3)
    #expect(errors.allSatisfy { ($0["value"]?.double ?? 1) < 1e-9 })
  }

  @Test("Formulas of every size are found from samples, and are right at other points")
  func elementary() throws {
    let outcome = try sandbox.reef("bench", "elementary", "--limit", "2", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    let rows = try #require(JSON(parsing: outcome.output)["rows"]?.array)
    let right = rows.filter { $0["name"]?.string?.hasSuffix("right at unseen points") == true }
    #expect(right.map { $0["value"]?.double } == Array(repeating: 2, count: 6))
    let names = rows.compactMap { $0["name"]?.string }
    #expect(names.suffix(2) == ["x · y, found in size 17", "x + y, found in size 19"])
  }

  @Test("Transforms are learned with every seed")
  func transforms() throws {
    let outcome = try sandbox.reef("bench", "transforms", "--limit", "2", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    let rows = try #require(JSON(parsing: outcome.output)["rows"]?.array)
    let learned = rows.filter { $0["name"]?.string?.hasSuffix(", learned") == true }
    #expect(learned.map { $0["value"]?.double } == Array(repeating: 5, count: 8))
  }

  @Test(
    "What was not grown cannot be measured",
    arguments: ["learners", "growth", "honesty", "perception"])
  func nothingGrown(name: String) throws {
    let outcome = try sandbox.reef("bench", name)
    #expect(outcome.exitCode == 3)
    #expect(outcome.error.contains("'reef grow CURRICULUM' makes one"))
  }

  @Test(
    "A stone that no row needs is told; solutions are right on strange inputs, mutants rejected")
  func stonesAndMutants() throws {
    try sandbox.write(
      """
      {"name": "tiny", "plugins": ["linear"], "phases": [{"tasks": ["linear.sum", "linear.relu"]}],
       "stepsPerTask": 2000000, "secondsPerTask": 300}
      """, to: "tiny.json")
    try sandbox.write("[\"linear.sum\"]", to: "tiny.rows.json")
    #expect(try sandbox.reef("grow", "tiny.json", "--quiet").exitCode == 0)
    let stones = try sandbox.reef("bench", "stones", "--curriculum", "tiny.json", "--json")
    #expect(
      stones.output
        == "{\"bench\":\"stones\",\"rows\":[{\"name\":\"without linear.relu\",\"value\":0.0,"
        + "\"unit\":\"rows fail\"}]}\n")
    func only(_ pattern: String) throws -> Sandbox.Outcome {
      try sandbox.reef("bench", "stones", "--curriculum", "tiny.json", "--only", pattern, "--json")
    }
    #expect(try only("linear.*").output == stones.output)
    let misspelt = try only("linear.rely")
    #expect(misspelt.exitCode == 2)
    #expect(misspelt.error.contains("Did you mean 'linear.relu'?"), "\(misspelt)")
    let honesty = try sandbox.reef("bench", "honesty", "--curriculum", "tiny.json", "--json")
    let rows = try #require(JSON(parsing: honesty.output)["rows"]?.array)
    func value(_ name: String) throws -> Double {
      let row = rows.first { $0["name"]?.string?.hasPrefix(name) == true }
      return try #require(row?["value"]?.double, "\(name)")
    }
    #expect(try value("random values") > 5_000)
    #expect(try value("solutions that are wrong") == 0)
    #expect(try value("of those rejected") == value("mutants that differ"))
    #expect(try value("solved with names exchanged") == 100)
  }
}
