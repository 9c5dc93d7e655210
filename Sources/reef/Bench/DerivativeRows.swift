import LinearLayer
import ReefMachine
import ReefTasks

extension GradientBenchmark {
  /// What is derived, where, and what came out.
  struct DerivedCase {
    let name: String
    let code: SkillCode
    let input: [Value]
    let jacobian: [[Double]]
  }

  /// The derivatives of every differentiable atom, and of every grown skill on reals at inputs of its
  /// task, beside central differences and beside PyTorch where it is installed.
  func derivativeRows(_ options: BenchOptions) throws -> [BenchRow] {
    let skills = (try? options.registry().skills()) ?? []
    func library(_ digest: Digest) -> SkillCode? { skills.first { $0.digest == digest }?.code }
    var cases = try GradientBenchmark.atomCases()
    var names: [String] = []
    for reference in linearLayer.references {
      guard let skill = skills.last(where: { $0.name == reference.fullName }) else { continue }
      let inputs = try linearLayer.generate(
        task: reference.task.name, size: 4, count: 10, seed: options.seed)
      let image = try Image(linking: skill.code, mode: .jacobian, library: library)
      cases += try inputs.map { input in
        DerivedCase(
          name: skill.name, code: skill.code, input: input,
          jacobian: try Machine().differentiate(image, input).matrix)
      }
      names.append(skill.name)
    }
    if names.isEmpty {
      options.note(
        "\(options.invocation.registryPath) holds no skill of the linear layer: only the derivatives "
          + "of atoms are looked at. 'reef grow \(options.curriculumPath)' grows some.")
    }
    cases.removeAll { $0.jacobian.first?.isEmpty ?? true }
    let slopes = try cases.map { try GradientBenchmark.centralDifferences($0, library: library) }
    let atomCount = Set(cases.map(\.name)).subtracting(names).count
    let what = "derivatives of \(atomCount) atoms and \(names.count) skills"
    var rows = [
      try row(
        "\(what), greatest distance from central differences", cases, slopes, within: 1e-4,
        names: names)
    ]
    if let torch = try TorchDerivatives.jacobians(of: cases) {
      // Where there is a kink, each may take the slope of a side of its own.
      let smooth = zip(torch, slopes).map { matrix, slopes in
        zip(matrix, slopes).map { zip($0, $1).map { $1 == nil ? nil : $0 } }
      }
      rows.append(
        try row(
          "\(what), greatest distance from PyTorch's", cases, smooth, within: 1e-12, names: names))
    }
    return rows
  }

  /// The greatest distance between our entries and others, of the larger of these and 1.
  private func row(
    _ name: String, _ cases: [DerivedCase], _ others: [[[Double?]]], within tolerance: Double,
    names: [String]
  ) throws -> BenchRow {
    guard cases.count == others.count else {
      throw WrongAnswer(
        workload: "derivatives", found: "\(others.count) matrices", expected: "\(cases.count)")
    }
    var greatest = 0.0
    for (ours, theirs) in zip(cases, others) {
      guard ours.jacobian.map(\.count) == theirs.map(\.count) else {
        throw WrongAnswer(
          workload: "derivatives of \(ours.name)", found: "\(ours.jacobian)", expected: "\(theirs)")
      }
      for (found, expected) in zip(ours.jacobian.joined(), theirs.joined()) {
        guard let expected else { continue }
        let distance = abs(found - expected) / max(1, abs(expected))
        guard distance < tolerance else {
          throw WrongAnswer(
            workload: "derivatives of \(ours.name)", found: "\(found)", expected: "\(expected)")
        }
        greatest = max(greatest, distance)
      }
    }
    return BenchRow(name: name, value: greatest, unit: "", names: names)
  }

  /// Each differentiable atom as a skill of its own, at points where it is smooth.
  private static func atomCases() throws -> [DerivedCase] {
    let points = [[1.5, 0.25], [0.5, 2], [3, 1.75]]
    return try Atoms.all.filter { $0.adjoint != nil }.flatMap { atom in
      guard case .function(let parameters, let result) = atom.type else { return [DerivedCase]() }
      let signature = Signature(
        parameters: parameters.enumerated().map { .init("x\($0)", $1) }, result: result)
      let code = SkillCode(
        signature: signature,
        steps: [.init(.skill(atom.digest), parameters.indices.map { .slot($0) })],
        result: .slot(parameters.count))
      let image = try Image(linking: code, mode: .jacobian)
      return try points.map { point in
        let input = point.prefix(parameters.count).map { Value.real($0) }
        return DerivedCase(
          name: atom.name, code: code, input: input,
          jacobian: try Machine().differentiate(image, input).matrix)
      }
    }
  }

  /// The Jacobian by central differences; nil where the slopes on both sides differ, because there is
  /// no derivative to compare.
  private static func centralDifferences(
    _ derived: DerivedCase, library: @escaping (Digest) throws -> SkillCode?
  ) throws -> [[Double?]] {
    let step = 1e-6
    let machine = Machine()
    let image = try Image(linking: derived.code, library: library)
    func results(moving place: Int, by change: Double) throws -> [Double] {
      var seen = 0
      let moved = derived.input.map { $0.moving(place, by: change, &seen) }
      return try machine.run(image, moved).value.reals
    }
    var slopes = derived.jacobian.map { [Double?](repeating: nil, count: $0.count) }
    for place in derived.jacobian[0].indices {
      let (below, here, above) = (
        try results(moving: place, by: -step), try results(moving: place, by: 0),
        try results(moving: place, by: step)
      )
      for output in slopes.indices {
        let left = (here[output] - below[output]) / step
        let right = (above[output] - here[output]) / step
        guard abs(left - right) < 1e-3 * max(1, abs(left)) else { continue }
        slopes[output][place] = (left + right) / 2
      }
    }
    return slopes
  }
}

/// Jacobians by PyTorch's reverse-mode differentiation, where python3 has it.
enum TorchDerivatives {
  /// Nil where PyTorch is not installed; one matrix for each case.
  static func jacobians(of cases: [GradientBenchmark.DerivedCase]) throws -> [[[Double]]]? {
    guard (try? ScriptPeer.run("python3", "import torch")) != nil else { return nil }
    let given = JSON.array(cases.map { .array([.string($0.name), .array($0.input.map(\.json))]) })
    // The text of a JSON string is that of a Python string, too.
    let call = "report(json.loads(\(JSON.string(given.text).text)))"
    return try ScriptPeer.run("python3", "\(script)\n\(call)\n").split(separator: "\n").map {
      line in
      guard let rows = try JSON(parsing: String(line)).array else {
        throw WrongAnswer(workload: "PyTorch", found: String(line), expected: "a matrix")
      }
      return rows.map { ($0.array ?? []).compactMap(\.double) }
    }
  }

  /// What the atoms and the tasks say, in PyTorch's words.
  private static let script = """
    import json
    import torch
    torch.set_default_dtype(torch.float64)

    formulas = {
        "real.add": torch.add, "real.subtract": torch.sub, "real.multiply": torch.mul,
        "real.divide": torch.div, "real.min": torch.minimum, "real.max": torch.maximum,
        "real.exp": torch.exp, "real.log": torch.log,
        "linear.sum": torch.sum, "linear.products": torch.mul, "linear.addVectors": torch.add,
        "linear.dot": torch.dot, "linear.relu": torch.relu, "linear.transpose": torch.t,
        "linear.matrixVector": torch.mv, "linear.image": lambda x, w: w @ x,
        "linear.matrixProduct": torch.mm, "linear.layer": lambda w, x, b: w @ x + b,
        "linear.mlp": lambda w1, b1, w2, b2, x: w2 @ torch.relu(w1 @ x + b1) + b2,
    }

    def report(cases):
        for name, given in cases:
            x = tuple(torch.tensor(a, dtype=torch.float64) for a in given)
            parts = torch.autograd.functional.jacobian(lambda *x: formulas[name](*x).reshape(-1), x)
            rows = torch.cat([p.reshape(p.shape[0], -1) for p in parts], 1)
            print(json.dumps(rows.tolist()))
    """
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
    case .made(let definition, let constructor, let fields):
      return .made(
        definition, constructor: constructor, fields.map { $0.moving(place, by: change, &seen) })
    case .int, .bool: return self
    }
  }
}
