import Testing

@testable import ReefTasks

@Suite struct SplitMix64Tests {
  @Test("The words are those of the paper's algorithm")
  func goldenWords() {
    // From the public-domain C implementation of Vigna, seed 1234567.
    var generator = SplitMix64(seed: 1_234_567 as UInt64)
    let words = (0..<5).map { _ in generator.next() }
    #expect(
      words == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("Draws never change: results that were stored depend on them")
  func goldenDraws() {
    var generator = SplitMix64(seed: 1)
    #expect((0..<8).map { _ in generator.int(in: -10...10) } == [1, 5, 10, -1, -1, 6, 8, 0])
    #expect((0..<2).map { _ in generator.real() } == [0.28550868439696664, 0.7939966056623056])
    var values = Array(0..<8)
    generator.shuffle(&values)
    #expect(values == [6, 7, 0, 1, 5, 2, 4, 3])
    var child = SplitMix64(seed: 1).child(3)
    #expect(child.next() == 3_224_320_288_284_448_013)
    #expect("arithmetic.add".stableHash == 15_934_353_996_557_029_532)
  }

  @Test("Every value of a range comes, and nothing else", arguments: UInt64(0)..<5)
  func rangeIsCovered(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    #expect(Set((0..<500).map { _ in generator.int(in: -3...3) }) == Set(-3...3))
    #expect(generator.int(in: 5...5) == 5)
    let extremes = generator.int(in: Int.min...Int.max)
    #expect(extremes >= .min)
  }

  @Test("Reals stay in 0..<1 and spread", arguments: UInt64(0)..<5)
  func realsSpread(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let reals = (0..<1000).map { _ in generator.real() }
    #expect(reals.allSatisfy { (0..<1).contains($0) })
    #expect(abs(reals.reduce(0, +) / 1000 - 0.5) < 0.05)
  }

  @Test("A shuffle keeps every element", arguments: UInt64(0)..<20)
  func shuffleIsPermutation(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var values = Array(0..<20)
    generator.shuffle(&values)
    #expect(values.sorted() == Array(0..<20))
  }

  @Test("Neighbouring children and neighbouring seeds have different streams")
  func childrenDiffer() {
    var first: Set<UInt64> = []
    for seed in 0..<30 {
      for index in 0..<30 {
        var child = SplitMix64(seed: seed).child(index)
        first.insert(child.next())
      }
    }
    #expect(first.count == 900)
  }
}
