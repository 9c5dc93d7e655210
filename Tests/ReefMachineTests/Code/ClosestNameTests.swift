import ReefMachine
import Testing

@Suite struct ClosestNameTests {
  static let names = ["sorting.sort", "sorting.insert", "arithmetic.add", "generations", "seed"]

  @Test(
    "A slip finds the name that was meant",
    arguments: [
      ("sorting.srot", "sorting.sort"), ("sort", "sorting.sort"), ("Seed", "seed"),
      ("generation", "generations"), ("sorting.isnert", "sorting.insert"),
      ("add", "arithmetic.add"), ("arithmetic.sub", "arithmetic.add"), ("seeed", "seed"),
      ("xyz", nil),
      ("", nil),
    ] as [(String, String?)])
  func findsWhatWasMeant(name: String, meant: String?) {
    #expect(closest(to: name, in: Self.names) == meant)
  }

  @Test("Ties go to the name that sorts first, whatever the order")
  func tiesAreSettledByName() {
    #expect(closest(to: "cat", in: ["rat", "bat"]) == "bat")
    #expect(closest(to: "cat", in: ["bat", "rat"]) == "bat")
  }

  @Test("A swap of neighbours counts once")
  func swapCountsOnce() {
    #expect(closest(to: "ba", in: ["ab"]) == "ab")
    #expect(closest(to: "ba", in: ["cd"]) == nil)
  }
}
