import Perception
import ReefTasks
import Testing

@Suite("Numbers in pictures") struct PerceptionTests {
  @Test("Every digit has pictures to learn from, and others that no learner sees")
  func pictures() {
    let pictures = Pictures.drawn
    for (digit, (training, unseen)) in zip(pictures.training, pictures.unseen).enumerated() {
      #expect(training.count == 60 && unseen.count == 60)
      #expect(Set(training).isDisjoint(with: unseen))
      for picture in training + unseen {
        #expect(picture.count == 64 && picture.allSatisfy { (0...1).contains($0) })
        #expect(pictures.digit(picture) == digit)
      }
    }
    #expect(pictures.digit(Array(repeating: 0.5, count: 64)) == nil)
  }

  @Test("Sums are those of the numbers that the pictures show", arguments: 0..<5)
  func sums(seed: Int) throws {
    for (input, output) in try examples(perception, "add", sizes: [1, 2, 9], seed: seed) {
      func number(_ value: [[Double]]) -> Int {
        value.reversed().reduce(0) { 10 * $0 + Pictures.drawn.digit($1)! }
      }
      let sum = number(input[0].matrix) + number(input[1].matrix)
      #expect(output.ints == String(sum).reversed().map { $0.wholeNumberValue! })
    }
  }

  @Test("Learners see only what is there to learn from")
  func split() throws {
    let training = Set(Pictures.drawn.training.joined())
    for size in [1, 2, 5] {
      for input in try perception.generate(task: "add", size: size, count: 30, seed: 3) {
        for picture in input[0].matrix + input[1].matrix {
          #expect(training.contains(picture) == (size == 1))
        }
      }
    }
  }

  @Test("Sets of pictures that cannot be used are none")
  func refused() {
    let usable = (0..<40).map { Pictures.Labelled(points: [Double($0)], digit: $0 % 10) }
    #expect(Pictures(usable, trainingShare: 0.5) != nil)
    #expect(Pictures(Array(usable.dropLast(21)), trainingShare: 0.5) == nil)
    #expect(Pictures(usable + [.init(points: [0], digit: 1)], trainingShare: 0.5) == nil)
    #expect(Pictures(usable + [.init(points: [0, 1], digit: 1)], trainingShare: 0.5) == nil)
    #expect(Pictures(usable + [.init(points: [99], digit: 10)], trainingShare: 0.5) == nil)
  }
}
