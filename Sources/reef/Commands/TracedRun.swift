import ReefMachine

/// A run that is followed and written down.
struct TracedRun {
  let target: Target
  let image: Image
  let arguments: [Value]
  let limits: Limits

  /// Writes the lines of the run, and gives how it ended.
  ///
  /// - Parameter limit: After how many lines nothing is written any more.
  /// - Throws: ``Failure`` where a line cannot be written.
  func write<Shown>(
    _ transcript: Transcript<Shown>, limit: Int,
    print: @escaping (Transcript<Shown>.Line) throws(Failure) -> Void
  ) throws(Failure) -> (result: Result<(Value, Derivative?), any Error>, isCut: Bool) {
    var transcript = transcript
    return try write(limit: limit) { event throws(MachineError) in
      try transcript.lines(after: event)
    } last: {
      transcript.takePending()
    } print: { line throws(Failure) in
      try print(line)
    }
  }

  /// Writes what becomes of the events, and gives how the run ended.
  ///
  /// - Parameters:
  ///   - limit: After how many lines nothing is written any more.
  ///   - lines: The lines that an event completes.
  ///   - last: The lines that the end of the run completes.
  /// - Throws: ``Failure`` where a line cannot be written.
  func write<Line>(
    limit: Int, _ lines: @escaping (TraceEvent) throws(MachineError) -> [Line], last: () -> [Line],
    print: @escaping (Line) throws(Failure) -> Void
  ) throws(Failure) -> (result: Result<(Value, Derivative?), any Error>, isCut: Bool) {
    var written = 0
    var isCut = false
    var unwritable: Failure?
    func write(_ lines: [Line]) {
      for line in lines where unwritable == nil && !isCut {
        if written == limit {
          isCut = true
          return
        }
        do { try print(line) } catch { unwritable = error }
        written += 1
      }
    }
    let machine = Machine(limits: limits)
    let observe: TraceObserver = { event throws(MachineError) in
      write(try lines(event))
      return unwritable == nil && !isCut && !Console.readerHasLeft.load(ordering: .relaxed)
    }
    let result: Result<(Value, Derivative?), any Error> = Result {
      if image.mode == .jacobian {
        let derivative = try machine.differentiate(image, arguments, observe: observe)
        return (derivative.value, derivative)
      }
      return (try machine.trace(image, arguments, observe: observe).value, nil)
    }
    write(last())
    if let unwritable { throw unwritable }
    return (result.mapError { failure(of: machine, $0) }, isCut)
  }

  private func failure(of machine: Machine, _ error: any Error) -> any Error {
    guard let error = error as? MachineError else { return error }
    // The call around the skill is no place in it.
    let place = machine.failure.flatMap { $0.skill == nil ? nil : target.describe($0) }
    return Failure(error, of: target.name, at: place)
  }
}
