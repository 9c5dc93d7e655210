extension Machine {
  /// Runs the image as ``run(_:_:fuel:)-(_,[Value],_)`` does and tells `observe` of every application
  /// on the way: step for step, but that no call is remembered where a skill asks for it, and that
  /// every pair is made, so that a list in one may be copied where the run updates it in place.
  ///
  /// Nothing is kept of what was told, so memory does not grow with the length of the run; when the
  /// observer has heard enough, the run goes on without it.
  ///
  /// - Precondition: The image was linked with `isTraced`.
  /// - Throws: ``ArgumentError``, or the ``MachineError`` that ended the run; the applications that
  ///   were open then never end.
  package func trace(
    _ image: Image, _ arguments: [Value], observe: @escaping TraceObserver
  ) throws -> (value: Value, steps: Int) {
    precondition(image.isTraced, "the image was linked without 'isTraced'")
    observer = observe
    defer { observer = nil }
    return try run(image, arguments)
  }

  /// Executes `traceBegin` and `traceEnd`.
  @inline(never)
  func tell(
    _ line: UnsafePointer<Instruction>, of image: Image, _ registers: UnsafeMutablePointer<Word>
  ) throws(MachineError) {
    guard let observer else { return }
    let instruction = line.pointee
    let application = image.applications[Int(instruction.x)]
    func value(_ word: Word, _ type: Type) -> TraceValue {
      TraceValue(word: word, heap: heap, type: type)
    }
    func told(_ operand: TracedApplication.Operand) -> TraceEvent.Operand {
      switch operand {
      case .value(let register, let type): .value(value(registers[register], type))
      case .constant(let word, let type): .value(value(word, type))
      case .skill(let callee, let captures): .skill(callee, captures: captures.map(told))
      }
    }
    let moment: TraceEvent.Moment =
      instruction.opcode == .traceBegin
      ? .begins(application.operands.map(told))
      : .ends(value(registers[Int(instruction.b)], application.resultType))
    let event = TraceEvent(
      callee: application.callee, place: application.place, moment: moment,
      source: .init(machine: self, image: image, line: line, registers: registers))
    if try !observer(event) { self.observer = nil }
  }
}
