import ReefMachine

/// One way to do a workload, ready to run.
struct Contestant {
  let name: String
  /// Does it ``runs`` times after one to warm up and gives the least time, in seconds;
  /// throws where the answer is wrong.
  let seconds: () throws -> Double

  static let runs = 5
  private static let rounds = 8

  init(_ name: String, seconds: @escaping () throws -> Double) {
    self.name = name
    self.seconds = seconds
  }

  /// A program that prints its time, then the answer.
  init(_ name: String, _ workload: MachineWorkload, _ command: [String], input: String = "") {
    self.init(name) {
      let output = try ScriptPeer.run(command, input)
      return try TimedAnswer(output, of: workload, in: name).seconds
    }
  }

  /// The least time of each, in seconds.
  ///
  /// They take turns, in several rounds: the speed of a machine that others use changes within seconds,
  /// and a time of one moment beside one of another says little.
  static func leastSeconds(_ contestants: [Contestant]) throws -> [Double] {
    var least = contestants.map { _ in Double.infinity }
    for _ in 0..<rounds {
      for (index, contestant) in contestants.enumerated() {
        least[index] = min(least[index], try contestant.seconds())
      }
    }
    return least
  }
}
