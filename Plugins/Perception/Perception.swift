import ReefTasks

/// Reading numbers whose digits are drawn. Nobody tells which digit a picture shows: only what the sum
/// of two numbers is.
public let perception = perceptionPlugin(of: .drawn, name: "perception")

/// The same for other pictures.
public func perceptionPlugin(of pictures: Pictures, name: String) -> BuiltInPlugin {
  BuiltInPlugin(
    name: name, version: "1.0.0",
    tasks: [
      TaskDefinition(
        "add", "(a: [[real]], b: [[real]]) -> [int]",
        summary: """
          The sum of two natural numbers whose digits are pictures. A number is the list of its \
          base-10 digits, least significant first, without leading zeros, except that zero is [0]; \
          so is the sum, in digits that are ints.
          """,
        train: [1], standards: [.init(checkSizes: [4], accuracy: 0.88)],
        inputs: Inputs(
          families: [],
          random: { size, rng in
            let a = pictures.number(size, &rng)
            return (a, pictures.number(size, &rng))
          }),
        expected: { (a: [[Double]], b: [[Double]]) -> [Int]? in
          let (x, y) = (a.compactMap(pictures.digit), b.compactMap(pictures.digit))
          guard x.count == a.count, y.count == b.count, !x.isEmpty, !y.isEmpty else { return nil }
          return sum(x, y)
        })
    ])
}

extension Pictures {
  /// A number of so many digits, which is 0 or begins with another digit. Numbers of one digit are
  /// there to learn from; larger ones are made of pictures that no learner has seen.
  fileprivate func number(_ size: Int, _ generator: inout SplitMix64) -> [[Double]] {
    (0..<size).map { place in
      let digit = generator.int(in: size > 1 && place == size - 1 ? 1...9 : 0...9)
      return generator.pick(size == 1 ? training[digit] : unseen[digit])
    }
  }
}

/// Of digits, least significant first, without leading zeros.
private func sum(_ x: [Int], _ y: [Int]) -> [Int] {
  var carry = 0
  var digits: [Int] = []
  for place in 0..<max(x.count, y.count) {
    let all = (place < x.count ? x[place] : 0) + (place < y.count ? y[place] : 0) + carry
    digits.append(all % 10)
    carry = all / 10
  }
  if carry > 0 { digits.append(carry) }
  while digits.count > 1, digits.last == 0 { digits.removeLast() }
  return digits
}
