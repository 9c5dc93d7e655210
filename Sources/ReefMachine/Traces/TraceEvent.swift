/// One moment of a traced run: a skill is applied, or its application has ended.
///
/// Events nest: between the two of one application stand those of all that it does. What a run does
/// is told in the order in which the machine does it, so a step that nothing needs is never told.
/// The values in an event live in the machine's heap, where the next moment may change them: they
/// are to be read before the observer returns.
package struct TraceEvent {
  /// What is applied; nil for code that was linked without being an entry.
  package let callee: Digest?
  package let place: Place
  package let moment: Moment
  /// Where the run is.
  let source: MachineState.Source

  /// The atom that is applied; nil where it is a skill or a tool.
  package var atom: Atom? { callee.flatMap { source.image.atom($0) } }

  /// The state of the run. O(its size).
  package func state() -> MachineState { MachineState(source) }

  /// What asks for the application.
  package enum Place: Hashable, Sendable {
    /// The step at that position of the skill around it.
    case step(Int)
    /// A round of the control form around it: the application of its operand at that position.
    case round(operand: Int)
    /// The condition of the `control.while` around it.
    case test
  }

  package enum Moment {
    /// With what the skill reads; of a branch that is only the condition.
    case begins([Operand])
    case ends(TraceValue)
  }

  package enum Operand {
    case value(TraceValue)
    /// A skill that is passed to a control form, and what is bound to its trailing parameters.
    case skill(Digest?, captures: [Operand])
  }
}

/// Follows a run; gives whether it wants to hear more. What it throws ends the run.
package typealias TraceObserver = (TraceEvent) throws(MachineError) -> Bool

/// A value inside a run, at one moment of it.
package struct TraceValue {
  let word: Word
  let heap: Heap
  /// Concrete.
  package let type: Type

  /// The value written out. O(its size).
  ///
  /// - Throws: ``MachineError/memory(limit:)`` where the written-out value would pass the limit.
  package func value() throws(MachineError) -> Value { try heap.value(of: word, as: type) }

  /// Of a declared type, the number of the constructor that made it.
  var constructor: Int { Int(word.header.pointee.tag) }

  /// The value as JSON of about `width` characters at most: of a list that is longer, the first
  /// elements and how many more there are, `[1,2,3,… 97 more]`. O(`width`).
  package func text(width: Int) -> String {
    var text = ""
    var room = width
    write(word, type, to: &text, &room, depth: 0)
    return text
  }

  private func write(
    _ word: Word, _ type: Type, to text: inout String, _ room: inout Int, depth: Int
  ) {
    func add(_ piece: String) {
      text += piece
      room -= piece.utf8.count
    }
    switch type {
    case .list(let element):
      let list = word.list
      add("[")
      for index in 0..<list.pointee.count {
        if index > 0 { add(",") }
        guard room > 0 else {
          add("… \(list.pointee.count - index) more")
          break
        }
        write(list.pointee.elements[index], element, to: &text, &room, depth: depth + 1)
      }
      add("]")
    case .pair(let first, let second):
      add("[")
      write(word.pair.pointee.first, first, to: &text, &room, depth: depth + 1)
      add(",")
      write(word.pair.pointee.second, second, to: &text, &room, depth: depth + 1)
      add("]")
    case .named(let definition, let arguments):
      guard room > 0, depth < Value.maximumDepth else { return add("…") }
      let constructor = Int(word.header.pointee.tag)
      let types = definition.fields(of: constructor, arguments)
      add(definition.isRecord ? "{" : "{\"\(definition.constructors[constructor].name)\":[")
      for (index, type) in types.enumerated() {
        if index > 0 { add(",") }
        if let labels = definition.labels { add("\"\(labels[index])\":") }
        write(word.fields[index], type, to: &text, &room, depth: depth + 1)
      }
      add(definition.isRecord ? "}" : "]}")
    case .int: add(Value.int(word).description)
    case .bool: add(Value.bool(word != 0).description)
    case .real: add(Value.real(heap.number(word)).description)
    case .variable, .function: preconditionFailure("no value has the type \(type)")
    }
  }
}
