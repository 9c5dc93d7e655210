import ReefTasks
import Testing

@testable import ReefLearner

@Suite struct BehaviourTableTests {
  @Test("The table finds what was inserted, through growth", arguments: 0..<5)
  func agreesWithADictionary(seed: Int) {
    let table = BehaviourTable(capacity: 16)
    var reference: [UInt64: Int32] = [:]
    var random = SplitMix64(seed: seed)
    for value in 0..<20_000 as Range<Int32> {
      // Few distinct keys, so that repeats are common; odd, because the table ignores one bit.
      let key = UInt64(random.int(in: 0...9_000)) &* 0x9E37_79B9_7F4A_7C15 | 1
      let isNew = reference[key] == nil
      #expect(table.insert(key, value) == isNew)
      if isNew { reference[key] = value }
    }
    #expect(table.count == reference.count)
    for (key, value) in reference { #expect(table.find(key) == value) }
    #expect(table.find(0xABCD_EF01) == nil)
  }
}
