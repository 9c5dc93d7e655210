import Foundation
import ReefMachine
import ReefTasks
import Testing

@Suite("What every built-in task promises") struct ContractTests {
  @Test(
    "A generator is deterministic, and a longer list begins with the shorter one",
    arguments: allTasks)
  func generatorsAreStable(_ task: PluginTask) throws {
    for size in task.task.trainSizes + [8] {
      let long = try task.inputs(size: size, count: 30, seed: 5)
      #expect(try task.inputs(size: size, count: 30, seed: 5) == long)
      #expect(try task.inputs(size: size, count: 7, seed: 5) == Array(long.prefix(7)))
    }
  }

  @Test("No generator traps at the largest size that may be asked for", arguments: allTasks)
  func largestInputs(_ task: PluginTask) throws {
    // Every family, and random inputs among them.
    let count = 24
    let size = try #require(task.checkSizes.max())
    #expect(try task.inputs(size: size, count: count, seed: 2).count == count)
  }

  @Test("Another seed gives other inputs", arguments: allTasks)
  func seedsMatter(_ task: PluginTask) throws {
    let size = task.task.trainSizes.last!
    #expect(
      try task.inputs(size: size, count: 40, seed: 1) != task.inputs(size: size, count: 40, seed: 2)
    )
  }

  @Test(
    "Every generated input has the right types and an answer of the right type",
    arguments: allTasks)
  func oraclesAnswerTheirInputs(_ task: PluginTask) throws {
    for size in task.task.trainSizes + task.checkSizes {
      let count = size <= 100 || task.task.trainSizes.contains(size) ? 60 : 3
      let inputs = try task.inputs(size: size, count: count, seed: 3)
      for (input, output) in zip(inputs, try task.answers(inputs)) {
        #expect(input.count == task.task.signature.parameters.count)
        for (value, type) in zip(input, task.task.signature.parameterTypes) {
          #expect(value.conforms(to: type))
        }
        #expect(
          output?.conforms(to: task.task.signature.result) == true,
          "size \(size): \(String("\(input)".prefix(300)))")
      }
    }
  }

  @Test(
    "The verifier accepts the oracle's answer and rejects every mutant of it",
    arguments: allTasks)
  func verifiersTellRightFromWrong(_ task: PluginTask) throws {
    for (index, input) in try task.inputs(size: 5, count: 40, seed: 9).enumerated() {
      let output = try #require(try task.answers([input])[0])
      #expect(
        try task.plugin.verify(task: task.task.name, input: input, output: output) == .right)
      var rng = SplitMix64(seed: index)
      let wrong = mutated(output, of: task.task.signature.result, &rng)
      #expect(
        try task.plugin.verify(task: task.task.name, input: input, output: wrong) != .right,
        "\(wrong) for \(output)")
    }
  }

  @Test("No single answer fits most training examples", arguments: allTasks)
  func answersDiffer(_ task: PluginTask) throws {
    var counts: [Value: Int] = [:]
    var total = 0
    for size in task.task.trainSizes {
      for answer in try task.answers(task.inputs(size: size, count: 8, seed: 1)) {
        counts[try #require(answer), default: 0] += 1
        total += 1
      }
    }
    #expect(counts.values.max()! * 10 <= total * 7, "\(counts)")
  }

  @Test("No training answer is merely one of the inputs most of the time", arguments: allTasks)
  func answersAreNotInputs(_ task: PluginTask) throws {
    let inputs = try task.task.trainSizes.flatMap { try task.inputs(size: $0, count: 8, seed: 1) }
    let answers = try task.answers(inputs)
    for parameter in task.task.signature.parameters.indices {
      let equal = zip(inputs, answers).filter { $0[parameter] == $1 }.count
      #expect(equal * 10 <= inputs.count * 7, "\(equal) of \(inputs.count)")
    }
  }

  @Test("Training inputs are small", arguments: allTasks)
  func trainingInputsAreSmall(_ task: PluginTask) throws {
    for size in task.task.trainSizes {
      for input in try task.inputs(size: size, count: 20, seed: 1) {
        // A transform has no shorter inputs than those of its length; a picture has 64 points.
        let limit = ["transforms", "perception"].contains(task.plugin.name) ? 2_000 : 400
        for value in input { #expect(value.description.utf8.count < limit) }
      }
    }
  }

  @Test("'reef plugin check' finds nothing to complain about", arguments: allPlugins.map(\.name))
  func pluginCheckPasses(name: String) throws {
    let plugin = try #require(allPlugins.first { $0.name == name })
    for report in PluginCheck().check(plugin) {
      #expect(report.problem == nil, "\(report.task)")
    }
  }

  @Test("Every task of a plugin is grown by a curriculum")
  func curriculaAreComplete() throws {
    let folder = #filePath.components(separatedBy: "/Tests/")[0] + "/curricula"
    let loader = CurriculumLoader(builtIns: allPlugins, logFolder: nil)
    var grown: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder)
    where file.hasSuffix(".json") && !file.hasSuffix(".rows.json") {
      let curriculum = try loader.load(path: "\(folder)/\(file)")
      grown.formUnion(curriculum.tasks.map(\.fullName))
      curriculum.shutdown()
    }
    #expect(grown == Set(allTasks.map(\.testDescription)))
  }

  @Test("Summaries are sentences, names are unique, and stones are at most 60")
  func tasksAreWellFormed() {
    #expect(Set(allTasks.map(\.testDescription)).count == allTasks.count)
    for task in allTasks {
      #expect(task.task.summary.hasSuffix("."), "\(task.testDescription)")
      #expect(!task.task.summary.contains("\n"), "\(task.testDescription)")
      #expect(task.task.trainSizes == task.task.trainSizes.sorted())
      for standard in task.task.standards {
        #expect(standard.checkSizes == standard.checkSizes.sorted())
      }
    }
    let rows: Set = [
      "add", "subtract", "compare", "multiply", "divide", "gcd", "power", "factorial", "isPrime",
      "polynomial", "insert", "merge", "isSorted", "sort", "dot", "matrixVector", "layer",
      "matrixProduct", "relu", "mlp", "bfsDistances", "reachable", "components", "hasCycle",
      "topologicalOrder", "shortestPaths",
    ]
    let names = allTasks.filter {
      !["elementary", "transforms", "perception", "trees"].contains($0.plugin.name)
    }.map(
      \.task.name)
    #expect(rows.subtracting(names).isEmpty)
    #expect(names.count - rows.count <= 60)
  }
}

/// A value of the same type that differs in one place.
private func mutated(_ value: Value, of type: Type, _ rng: inout SplitMix64) -> Value {
  switch (value, type) {
  case (.int(let int), _): return .int(rng.coin() ? int &+ 1 : int &- 1)
  case (.bool(let bool), _): return .bool(!bool)
  case (.real(let real), _): return .real(real.value + 0.5)
  case (.pair(let first, let second), .pair(let left, let right)):
    return rng.coin()
      ? .pair(mutated(first, of: left, &rng), second)
      : .pair(first, mutated(second, of: right, &rng))
  case (.list(var values), .list(let element)):
    guard !values.isEmpty, rng.int(in: 0...3) > 0 else {
      return .list(values + [filler(of: element)])
    }
    if rng.int(in: 0...3) == 0 { return .list(values.dropLast()) }
    let index = rng.int(in: 0...values.count - 1)
    values[index] = mutated(values[index], of: element, &rng)
    return .list(values)
  case (.made(_, let constructor, var fields), .named(let definition, let arguments)):
    let types = definition.fields(of: constructor, arguments)
    guard !fields.isEmpty else {
      let other = definition.constructors.firstIndex { !$0.fields.isEmpty }!
      let fillers = definition.fields(of: other, arguments).map(filler)
      return .made(definition, constructor: other, fillers)
    }
    let index = rng.int(in: 0...fields.count - 1)
    fields[index] = mutated(fields[index], of: types[index], &rng)
    return .made(definition, constructor: constructor, fields)
  default: preconditionFailure("\(value) is no \(type)")
  }
}

private func filler(of type: Type) -> Value {
  switch type {
  case .int: .int(0)
  case .bool: .bool(false)
  case .real: .real(0)
  case .list: .list([])
  case .pair(let first, let second): .pair(filler(of: first), filler(of: second))
  case .named(let definition, _) where definition.constructors[0].fields.isEmpty:
    .made(definition, constructor: 0, [])
  default: preconditionFailure("\(type) has no values")
  }
}
