/// Turns the events of a traced run into the lines of a scratchpad: an application in which nothing
/// else was told is one line; else one line begins it, and one more, after what is inside, ends it.
///
/// It keeps one line back and a few words for each open application, whatever the run's length.
///
/// - Parameter Shown: What a value becomes, such as a text cut to a width.
package struct Transcript<Shown> {
  package struct Line {
    /// The number of applications around it.
    package let depth: Int
    package let place: Place
    package let callee: Digest?
    /// Nil where the line only ends its application.
    package let operands: [Operand]?
    /// Nil where the line only begins its application.
    package var result: Shown?

    package enum Place: Hashable, Sendable {
      /// The whole run, or a call of which only the nesting is told.
      case call
      case step(Int)
      /// Counted from 1, as `round`.
      case round(Int)
      /// The test before a round, counted as the rounds are.
      case test(Int)
    }
  }

  package indirect enum Operand {
    case value(Shown)
    case skill(Digest?, captures: [Operand])
  }

  private struct Open {
    let isTold: Bool
    let place: Line.Place
    var rounds = 0
  }

  private let onlyCalls: Bool
  private let show: (TraceValue) throws(MachineError) -> Shown
  private var open: [Open] = []
  private var depth = 0
  /// The application that began last, as long as nothing was told inside it.
  private var pending: Line?

  /// - Parameters:
  ///   - onlyCalls: Whether to leave out what atoms do.
  ///   - show: Keeps what a line is to say of a value.
  package init(
    onlyCalls: Bool = false, show: @escaping (TraceValue) throws(MachineError) -> Shown
  ) {
    self.onlyCalls = onlyCalls
    self.show = show
  }

  /// The lines that the event completes: none, one or two.
  package mutating func lines(after event: TraceEvent) throws(MachineError) -> [Line] {
    switch event.moment {
    case .begins(let operands):
      let place = place(of: event)
      let isTold = isTold(event)
      open.append(Open(isTold: isTold, place: place))
      guard isTold else { return [] }
      let finished = takePending()
      var shown: [Operand] = []
      for operand in operands { shown.append(try self.shown(operand)) }
      pending = Line(depth: depth, place: place, callee: event.callee, operands: shown)
      depth += 1
      return finished
    case .ends(let result):
      let application = open.removeLast()
      guard application.isTold else { return [] }
      depth -= 1
      let end = Line(depth: depth, place: application.place, callee: event.callee, operands: nil)
      var line = pending ?? end
      line.result = try show(result)
      pending = nil
      return [line]
    }
  }

  /// The line of the application that a run's error cut short, where it was not given before.
  package mutating func takePending() -> [Line] {
    defer { pending = nil }
    return pending.map { [$0] } ?? []
  }

  private func isTold(_ event: TraceEvent) -> Bool {
    !onlyCalls || open.isEmpty || event.atom == nil
  }

  private mutating func place(of event: TraceEvent) -> Line.Place {
    if open.isEmpty || onlyCalls { return .call }
    switch event.place {
    case .step(let step): return .step(step)
    case .test: return .test(open[open.count - 1].rounds + 1)
    case .round:
      open[open.count - 1].rounds += 1
      return .round(open[open.count - 1].rounds)
    }
  }

  private func shown(_ operand: TraceEvent.Operand) throws(MachineError) -> Operand {
    switch operand {
    case .value(let value): return .value(try show(value))
    case .skill(let callee, let captures):
      var shown: [Operand] = []
      for capture in captures { shown.append(try self.shown(capture)) }
      return .skill(callee, captures: shown)
    }
  }
}

extension Transcript.Line where Shown == String {
  /// Indentation stops here, so that a deep recursion stays readable; the depth is told instead.
  private static var deepestIndentation: Int { 32 }

  /// `    round 2: int.add 1 2 → 3`: for people.
  ///
  /// - Parameter names: The label of a skill; its digest stands where there is none.
  package func text(names: (Digest) -> String?) -> String {
    func name(_ digest: Digest?) -> String {
      digest.map { names($0) ?? "#\($0.short)" } ?? "the code"
    }
    func text(_ operand: Transcript.Operand) -> String {
      switch operand {
      case .value(let text): text
      case .skill(let callee, let captures) where captures.isEmpty: name(callee)
      case .skill(let callee, let captures):
        name(callee) + "{" + captures.map(text).joined(separator: ", ") + "}"
      }
    }
    var words: [String] = []
    if let operands {
      switch place {
      case .call: break
      case .step(let step): words.append("s\(step) =")
      case .round(let number): words.append("round \(number):")
      case .test(let number): words.append("test \(number):")
      }
      words.append(name(callee))
      words += operands.map(text)
    }
    if let result { words += ["→", result] }
    let level = operands == nil ? depth + 1 : depth
    let indentation = String(repeating: "  ", count: min(level, Self.deepestIndentation))
    let beyond = level > Self.deepestIndentation ? "(\(level)) " : ""
    return indentation + beyond + words.joined(separator: " ")
  }
}
