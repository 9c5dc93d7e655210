import ReefMachine

/// An input of a task with its right output.
package struct Example: Hashable, Sendable {
  package let input: [Value]
  /// Nil where the task has only a verifier.
  package let output: Value?

  package init(input: [Value], output: Value?) {
    self.input = input
    self.output = output
  }
}

extension TaskReference {
  /// Up to `count` different examples to learn from, taken from the train sizes in turn: the first
  /// input of every size, then the second of every size.
  ///
  /// Inputs outside the domain are left out. A longer list begins with the shorter one. Fewer than
  /// `count` come back where the sizes do not give that many different inputs, and where a file of
  /// examples holds fewer.
  package func trainingExamples(count: Int, seed: Int) throws -> [Example] {
    if let fixed = plugin.fixedExamples(task: task.name) {
      return fixed.train.prefix(count).map { Example(input: $0.input, output: $0.output) }
    }
    let sizes = task.trainSizes
    guard count > 0, !sizes.isEmpty else { return [] }
    var examples: [Example] = []
    // Small sizes repeat themselves, so ask for more until there is enough.
    var perSize = (count + sizes.count - 1) / sizes.count
    for _ in 0..<4 {
      examples = try unique(sizes: sizes, perSize: perSize, seed: seed)
      guard examples.count < count else { break }
      perSize *= 2
    }
    return Array(examples.prefix(count))
  }

  /// `count` fresh examples of one size, in the generator's order and with its repetitions; inputs
  /// outside the domain are left out.
  ///
  /// Throws `TaskError.noGenerator` for a file of examples.
  package func freshExamples(size: Int, count: Int, seed: Int) throws -> [Example] {
    try answered(plugin.generate(task: task.name, size: size, count: count, seed: seed))
  }

  private func unique(sizes: [Int], perSize: Int, seed: Int) throws -> [Example] {
    let bySize = try sizes.map { size in
      try plugin.generate(task: task.name, size: size, count: perSize, seed: seed)
    }
    var seen: Set<[Value]> = []
    var inputs: [[Value]] = []
    for index in 0..<perSize {
      for column in bySize where index < column.count && seen.insert(column[index]).inserted {
        inputs.append(column[index])
      }
    }
    return try answered(inputs)
  }

  private func answered(_ inputs: [[Value]]) throws -> [Example] {
    let outputs: [Value?]
    do {
      outputs = try plugin.expected(task: task.name, inputs: inputs)
    } catch TaskError.noOracle {
      return inputs.map { Example(input: $0, output: nil) }
    }
    return zip(inputs, outputs).compactMap { input, output in
      output.map { Example(input: input, output: $0) }
    }
  }
}
