import ReefTasks

/// A fixed set of pictures, so that every picture is known by its points.
public struct Pictures: Sendable {
  /// A picture with the digit that it shows.
  public struct Labelled: Sendable {
    public let points: [Double]
    public let digit: Int

    public init(points: [Double], digit: Int) {
      self.points = points
      self.digit = digit
    }
  }

  /// For each digit those to learn from, and others that no learner sees.
  public let training, unseen: [[[Double]]]
  private let digits: [[Double]: Int]

  /// Nil where a digit has less than two pictures, where there are other digits than 0 to 9, where one
  /// picture stands for two digits, and where pictures are not of one size.
  ///
  /// - Parameter share: Of the pictures, taken in order, that are to learn from.
  public init?(_ pictures: [Labelled], trainingShare share: Double) {
    let digits = Dictionary(pictures.map { ($0.points, $0.digit) }, uniquingKeysWith: { $1 })
    guard pictures.allSatisfy({ (0...9).contains($0.digit) && digits[$0.points] == $0.digit }),
      Set(pictures.map(\.points.count)).count == 1
    else { return nil }
    self.digits = digits
    let count = Int((share * Double(pictures.count)).rounded())
    func byDigit(_ some: ArraySlice<Labelled>) -> [[[Double]]] {
      (0...9).map { digit in some.filter { $0.digit == digit }.map(\.points) }
    }
    training = byDigit(pictures.prefix(count))
    unseen = byDigit(pictures.dropFirst(count))
    guard (training + unseen).allSatisfy({ !$0.isEmpty }) else { return nil }
  }

  /// Which digit it shows; nil where it is none of the set.
  public func digit(_ picture: [Double]) -> Int? { digits[picture] }

  /// Pictures of 8 by 8 points row by row, from 0 (white) to 1: ten drawings, moved, of different
  /// strength, with noise.
  public static let drawn = Pictures.draw(ofEach: 120, noise: 0.35)

  private static func draw(ofEach count: Int, noise: Double) -> Pictures {
    var generator = SplitMix64(seed: 8)
    var pictures: [Labelled] = []
    for _ in 0..<count {
      for (digit, drawing) in drawings.enumerated() {
        pictures.append(.init(points: drawing.picture(noise: noise, &generator), digit: digit))
      }
    }
    guard let drawn = Pictures(pictures, trainingShare: 0.5) else {
      preconditionFailure("two drawings came out alike")
    }
    return drawn
  }
}

/// Rows of points.
private struct Drawing {
  let rows: [[Bool]]

  init(_ rows: String...) { self.rows = rows.map { $0.map { $0 == "#" } } }

  /// Points are sixteenths, as scanners give them.
  func picture(noise: Double, _ generator: inout SplitMix64) -> [Double] {
    let left = generator.int(in: 1...2)
    let top = generator.int(in: 0...1)
    let strength = 0.6 + 0.4 * generator.real()
    return (0..<64).map { place in
      let (row, column) = (place / 8 - top, place % 8 - left)
      let isDrawn = rows.indices ~= row && rows[row].indices ~= column && rows[row][column]
      let value = (isDrawn ? strength : 0) + noise * (2 * generator.real() - 1)
      return (16 * min(1, max(0, value))).rounded() / 16
    }
  }
}

private let drawings = [
  Drawing(".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."),
  Drawing("..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."),
  Drawing(".###.", "#...#", "....#", "...#.", "..#..", ".#...", "#####"),
  Drawing(".###.", "#...#", "....#", "..##.", "....#", "#...#", ".###."),
  Drawing("...#.", "..##.", ".#.#.", "#..#.", "#####", "...#.", "...#."),
  Drawing("#####", "#....", "####.", "....#", "....#", "#...#", ".###."),
  Drawing("..##.", ".#...", "#....", "####.", "#...#", "#...#", ".###."),
  Drawing("#####", "....#", "...#.", "..#..", "..#..", ".#...", ".#..."),
  Drawing(".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."),
  Drawing(".###.", "#...#", "#...#", ".####", "....#", "...#.", ".##.."),
]
