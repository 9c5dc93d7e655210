import Foundation
import ReefMachine
import ReefTasks
import Testing

@Suite("The growth of costs")
struct CostGrowthTests {
  @Test("The exponent of a power is found", arguments: [0.0, 0.5, 1, 1.5, 2, 3])
  func powers(exponent: Double) throws {
    let growth = CostGrowth(
      (3...12).map { k in
        .init(size: 1 << k, steps: Int((100 * pow(Double(1 << k), exponent)).rounded()))
      })
    #expect(abs(try #require(growth.exponent) - exponent) < 0.01)
  }

  @Test("Small sizes, where constant costs count, do not hide the exponent")
  func constants() throws {
    let growth = CostGrowth((3...14).map { .init(size: 1 << $0, steps: 500 + (1 << (2 * $0))) })
    #expect(abs(try #require(growth.exponent) - 2) < 0.01)
  }

  @Test("One size shows no growth")
  func single() {
    #expect(CostGrowth([]).exponent == nil)
    #expect(CostGrowth([.init(size: 8, steps: 10)]).exponent == nil)
    #expect(CostGrowth([.init(size: 8, steps: 10), .init(size: 8, steps: 20)]).exponent == nil)
    #expect(CostGrowth([.init(size: 0, steps: 10), .init(size: 8, steps: 20)]).exponent == nil)
  }

  @Test("A measurement counts the machine's own steps, up to the task's largest size")
  func measurement() throws {
    let reference = try #require(shop.references.first)
    let reverse = SkillCode.Step(.skill(Atoms.named("list.reverse")!.digest), [.slot(0)])
    let code = SkillCode(
      signature: reference.task.signature, steps: [reverse], result: .slot(1))
    let growth = try CostGrowth.measure(try Image(linking: code), on: reference, seed: 1)
    // A step for the atom, and one for each element.
    #expect(growth.points == [8, 16, 32, 64, 128, 256].map { .init(size: $0, steps: $0 + 1) })
  }

  @Test("A costly input that is rare counts, and a size without one costs what a smaller one does")
  func rareInputs() throws {
    let easy: @Sendable (Int, inout SplitMix64) -> [Int] = { _, _ in [] }
    let plugin = BuiltInPlugin(
      name: "rare", version: "1.0.0",
      tasks: [
        TaskDefinition(
          "turned", "(xs: [int]) -> [int]", summary: "A list from behind.", train: [1, 2],
          standards: [.init(checkSizes: [8, 64])],
          inputs: Inputs(
            families: Array(repeating: easy, count: 9) + [
              { size, _ in size == 32 ? [] : Array(0..<size) }
            ], random: easy),
          expected: { (xs: [Int]) in Array(xs.reversed()) })
      ])
    let reference = try #require(plugin.references.first)
    let reverse = SkillCode.Step(.skill(Atoms.named("list.reverse")!.digest), [.slot(0)])
    let code = SkillCode(signature: reference.task.signature, steps: [reverse], result: .slot(1))
    let growth = try CostGrowth.measure(try Image(linking: code), on: reference, seed: 1)
    #expect(growth.points.map(\.steps) == [9, 17, 17, 65])
  }
}
