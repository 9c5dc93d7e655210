import ReefMachine
import Testing

@testable import ReefTasks

/// A task over ints whose inputs at size s are 0...s in turn: small sizes repeat themselves, odd
/// multiples of 5 are outside the domain.
private let small = BuiltInPlugin(
  name: "small", version: "1",
  tasks: [
    TaskDefinition(
      SkillTask(
        name: "t", signature: Signature(parameters: [.init("x", .int)], result: .int), summary: "",
        trainSizes: [1, 3, 9], standards: [.init(checkSizes: [20])]),
      input: { size, index, _ in [.int(index % (size + 1))] },
      expected: { input in input[0].int.flatMap { $0 == 5 ? nil : .int($0 * $0) } })
  ])

/// Random lists, for the properties of generators.
private let random = BuiltInPlugin(
  name: "random", version: "1",
  tasks: ["first", "second"].map { name in
    TaskDefinition(
      SkillTask(
        name: name,
        signature: Signature(parameters: [.init("xs", .list(.int))], result: .int), summary: "",
        trainSizes: [2, 5], standards: [.init(checkSizes: [50])]),
      input: { size, _, generator in
        [.ints((0..<size).map { _ in generator.int(in: -9...9) })]
      },
      verify: { _, output in output == .int(0) ? .right : .wrong(reason: "not 0") })
  })

@Suite struct TrainingExamplesTests {
  @Test("Examples come from the sizes in turn, different, inside the domain")
  func roundRobin() throws {
    let examples = try small.references[0].trainingExamples(count: 100, seed: 1)
    #expect(examples.map { $0.input[0].int } == [0, 1, 2, 3, 4, 6, 7, 8, 9])
    #expect(examples.map { $0.output?.int } == [0, 1, 4, 9, 16, 36, 49, 64, 81])
  }

  @Test("A longer list begins with the shorter", arguments: 0..<20)
  func prefix(seed: Int) throws {
    for reference in small.references + random.references {
      let long = try reference.trainingExamples(count: 30, seed: seed)
      for count in 0...30 {
        let short = try reference.trainingExamples(count: count, seed: seed)
        #expect(short == Array(long.prefix(count)))
      }
    }
  }

  @Test("A task with only a verifier has inputs without outputs")
  func verifierOnly() throws {
    let examples = try random.references[0].trainingExamples(count: 10, seed: 1)
    #expect(examples.count == 10)
    #expect(examples.allSatisfy { $0.output == nil })
    #expect(Set(examples.map { $0.input[0].list?.count }) == [2, 5])
  }

  @Test("Fresh examples are the generator's own, without those outside the domain")
  func fresh() throws {
    let examples = try small.references[0].freshExamples(size: 20, count: 8, seed: 3)
    #expect(examples.map { $0.input[0].int } == [0, 1, 2, 3, 4, 6, 7])
    #expect(throws: TaskError.unknownTask("none")) {
      try small.generate(task: "none", size: 1, count: 1, seed: 1)
    }
  }

  @Test("A generator's longer answer begins with its shorter one", arguments: 0..<20)
  func generatorPrefix(seed: Int) throws {
    let long = try random.generate(task: "first", size: 6, count: 40, seed: seed)
    for count in [0, 1, 7, 40] {
      #expect(
        try random.generate(task: "first", size: 6, count: count, seed: seed)
          == Array(long.prefix(count)))
    }
  }

  @Test("Seeds, tasks and sizes have streams of their own", arguments: 0..<20)
  func streamsDiffer(seed: Int) throws {
    let base = try random.generate(task: "first", size: 6, count: 20, seed: seed)
    #expect(try random.generate(task: "first", size: 6, count: 20, seed: seed + 1) != base)
    #expect(try random.generate(task: "second", size: 6, count: 20, seed: seed) != base)
    let longer = try random.generate(task: "first", size: 7, count: 20, seed: seed)
    #expect(longer.map { $0[0].list?.dropLast() } != base.map { $0[0].list?[...] })
  }
}
