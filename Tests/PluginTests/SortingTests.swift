import ReefMachine
import ReefTasks
import Sorting
import Testing

@Suite("Sorting's oracles against other formulations") struct SortingOracleTests {
  /// Insertion, the slow and obvious way.
  private func sorted(_ values: [Int]) -> [Int] {
    values.reduce(into: []) { result, value in
      result.insert(value, at: result.firstIndex { $0 > value } ?? result.endIndex)
    }
  }

  @Test("Order", arguments: 0..<10)
  func order(seed: Int) throws {
    for (input, output) in try examples(sorting, "sort", seed: seed) {
      #expect(output.ints == sorted(input[0].ints))
    }
    for (input, output) in try examples(sorting, "isSorted", seed: seed) {
      #expect(output.bool == (sorted(input[0].ints) == input[0].ints))
    }
    for (input, output) in try examples(sorting, "insert", seed: seed) {
      #expect(output.ints == sorted(input[0].ints + [input[1].int!]))
    }
    for (input, output) in try examples(sorting, "merge", seed: seed) {
      #expect(output.ints == sorted(input[1].ints + input[0].ints))
    }
  }

  @Test("The two halves make the whole, the first no longer than the second", arguments: 0..<10)
  func halves(seed: Int) throws {
    for (input, first) in try examples(sorting, "firstHalf", seed: seed) {
      let second = try #require(try sorting.expected(task: "secondHalf", inputs: [input])[0])
      #expect(first.ints + second.ints == input[0].ints)
      #expect([0, 1].contains(second.ints.count - first.ints.count))
    }
  }

  @Test("Lists out of order are outside the domain of insert and merge")
  func unsortedLists() throws {
    let (up, down) = (Value.ints([1, 2]), Value.ints([2, 1]))
    #expect(try sorting.expected(task: "insert", inputs: [[down, .int(0)]]) == [nil])
    #expect(try sorting.expected(task: "merge", inputs: [[down, up], [up, down]]) == [nil, nil])
  }
}

@Suite("Sorting's adversarial inputs") struct SortingFamilyTests {
  @Test("Every family comes among the first inputs", arguments: [8, 100, 1_000])
  func families(size: Int) throws {
    let lists = try sorting.generate(task: "sort", size: size, count: 20, seed: 1).map {
      $0[0].ints
    }
    #expect(lists.contains([]))
    #expect(lists.contains { $0.count == 1 })
    #expect(lists.contains { $0.count == size && Set($0).count == 1 })
    #expect(lists.contains { $0.count == size && Set($0).count == 2 })
    #expect(lists.contains { $0.count == size && $0 == $0.sorted() && Set($0).count > 2 })
    #expect(lists.contains { $0.count == size && $0 == $0.sorted(by: >) && Set($0).count > 2 })
  }

  @Test("The second version of sort has to be about linear to 100,000 elements")
  func sortHasTwoStandards() throws {
    let sort = try #require(sorting.tasks.first { $0.name == "sort" })
    #expect(sort.standards.map(\.growth) == [nil, 1.3])
    #expect(sort.standards[1].checkSizes.last == 100_000)
  }

  @Test("Costs at 10,000 and 100,000 compare: inputs of one index are of one kind")
  func powersOfTenAgree() throws {
    let counts = try [10_000, 100_000].map { size in
      try sorting.generate(task: "sort", size: size, count: 20, seed: 1)
        .map { Double($0[0].ints.count) / Double(size) }
    }
    for (small, large) in zip(counts[0], counts[1]) { #expect(abs(small - large) < 0.01) }
  }
}
