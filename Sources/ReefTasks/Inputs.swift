/// A task's inputs by size: the adversarial families of its domain, mixed with random ones.
///
/// Even indices go through the families, one each, and are random afterwards; odd indices are
/// random from the start, so that a handful of inputs already holds both kinds. Where the families
/// begin depends on the last digit of the size: training on a few inputs of each of several small
/// sizes meets most families, and the powers of ten, at which costs are compared, begin alike.
public struct Inputs<Input>: Sendable {
  /// Makes one input of about `size`, which is at least 1.
  public typealias Make = @Sendable (_ size: Int, _ rng: inout SplitMix64) -> Input

  /// The adversarial families of the domain, the commonest trap first.
  public let families: [Make]
  /// Every other input.
  public let random: Make

  /// - Parameter families: May be empty: all inputs are random then.
  public init(families: [Make], random: @escaping Make) {
    self.families = families
    self.random = random
  }

  /// Input number `index` at `size`; a size below 1 counts as 1.
  public func input(size: Int, index: Int, rng: inout SplitMix64) -> Input {
    let size = max(1, size)
    guard index % 2 == 0, index / 2 < families.count else { return random(size, &rng) }
    return families[(index / 2 + size % 10) % families.count](size, &rng)
  }

  /// The same families, each input turned into another.
  public func map<New>(
    _ transform: @escaping @Sendable (Input, inout SplitMix64) -> New
  ) -> Inputs<New> {
    func mapped(_ make: @escaping Make) -> Inputs<New>.Make {
      { size, rng in transform(make(size, &rng), &rng) }
    }
    return Inputs<New>(families: families.map(mapped), random: mapped(random))
  }
}

extension SplitMix64 {
  /// `count` ints, each uniform in `range`.
  public mutating func ints(_ count: Int, in range: ClosedRange<Int>) -> [Int] {
    var values: [Int] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(int(in: range)) }
    return values
  }

  /// One of `values`, which is not empty.
  public mutating func pick<T>(_ values: [T]) -> T { values[int(in: 0...values.count - 1)] }

  /// Heads or tails.
  public mutating func coin() -> Bool { next() >> 63 == 1 }
}
