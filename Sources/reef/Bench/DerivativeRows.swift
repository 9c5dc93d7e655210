import LinearLayer
import ReefMachine
import ReefTasks

extension GradientBenchmark {
  /// The derivatives of every grown skill on reals beside central differences, at inputs of its task.
  func derivativeRows(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = (try? options.registry().skills()) ?? []
    var greatest = 0.0
    var names: [String] = []
    for reference in linearLayer.references {
      guard let skill = skills.last(where: { $0.name == reference.fullName }) else { continue }
      let inputs = try linearLayer.generate(
        task: reference.task.name, size: 4, count: 10, seed: options.seed)
      for input in inputs {
        let error = try GradientBenchmark.error(of: skill.code, at: input) { digest in
          skills.first { $0.digest == digest }?.code
        }
        greatest = max(greatest, error)
      }
      names.append(skill.name)
    }
    guard !names.isEmpty else {
      options.note(
        "\(options.invocation.registryPath) holds no skill of the linear layer: their derivatives "
          + "are not looked at. 'reef grow \(options.curriculumPath)' grows some.")
      return []
    }
    guard greatest < tolerance else {
      throw WrongAnswer(
        workload: "derivatives", found: "\(greatest) off central differences",
        expected: "less than \(tolerance)")
    }
    return [
      BenchRow(
        name: "derivatives of \(names.count) skills, greatest distance from central differences",
        value: greatest, unit: "", names: names)
    ]
  }

  /// The greatest distance of an entry of the Jacobian from its central difference, of the larger of
  /// that and 1. Where the slopes on both sides differ there is no derivative to compare.
  private static func error(
    of code: SkillCode, at input: [Value], library: @escaping (Digest) throws -> SkillCode?
  ) throws -> Double {
    let machine = Machine()
    let jacobian = try machine.differentiate(
      Image(linking: code, mode: .jacobian, library: library), input
    ).matrix
    let image = try Image(linking: code, library: library)
    func results(moving place: Int, by change: Double) throws -> [Double] {
      var seen = 0
      let moved = input.map { $0.moving(place, by: change, &seen) }
      return try machine.run(image, moved).value.reals
    }
    var greatest = 0.0
    for place in 0..<(jacobian.first?.count ?? 0) {
      let (below, here, above) = (
        try results(moving: place, by: -step), try results(moving: place, by: 0),
        try results(moving: place, by: step)
      )
      for (output, row) in jacobian.enumerated() {
        let left = (here[output] - below[output]) / step
        let right = (above[output] - here[output]) / step
        guard abs(left - right) < 1e-3 * max(1, abs(left)) else { continue }
        let slope = (left + right) / 2
        greatest = max(greatest, abs(row[place] - slope) / max(1, abs(slope)))
      }
    }
    return greatest
  }

  private static var step: Double { 1e-6 }
  private var tolerance: Double { 1e-4 }
}

extension Value {
  /// With the real at `place`, counted from `seen` on, changed.
  fileprivate func moving(_ place: Int, by change: Double, _ seen: inout Int) -> Value {
    switch self {
    case .real(let real):
      seen += 1
      return seen - 1 == place ? .real(Real(real.value + change)) : self
    case .list(let values): return .list(values.map { $0.moving(place, by: change, &seen) })
    case .pair(let first, let second):
      let moved = first.moving(place, by: change, &seen)
      return .pair(moved, second.moving(place, by: change, &seen))
    case .int, .bool: return self
    }
  }
}
