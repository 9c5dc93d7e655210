/// The trainable weights of a network, by name, and their gradients. All values stand in one block
/// of memory, so that an optimizer passes over them once.
///
/// Confined to one thread, with the tapes that use it. Weights are added first; the first tape ends
/// that.
package final class Parameters {
  /// One tensor of weights.
  package struct Entry: Sendable {
    package let name: String
    package let shape: Shape
    /// Whether an optimizer leaves it as it is.
    package var isFrozen = false
    /// Whether weight decay applies: to matrices, not to biases and gains.
    package var decays: Bool
    let offset: Int
  }

  /// Names an entry.
  package struct ID: Hashable, Sendable {
    let index: Int
  }

  package private(set) var entries: [Entry] = []
  private(set) var values = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
  private(set) var gradients = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
  private var isSealed = false

  package init() {}

  deinit {
    values.deallocate()
    gradients.deallocate()
  }

  /// The number of weights.
  package var count: Int { entries.reduce(0) { $0 + $1.shape.count } }

  /// Adds a tensor; its values come from `initial` and the generator.
  @discardableResult
  package func add(
    _ name: String, _ shape: Shape, _ initial: Initialization,
    using generator: inout some RandomNumberGenerator
  ) -> ID {
    precondition(!isSealed, "'\(name)' comes too late: a tape uses these parameters already")
    precondition(!entries.contains { $0.name == name }, "two parameters are named '\(name)'")
    // Each tensor begins on a cache line of its own.
    let size = (shape.count + 15) & ~15
    let grown = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count + size)
    grown.initialize(repeating: 0)
    _ = grown.update(fromContentsOf: values)
    let offset = values.count
    values.deallocate()
    values = grown
    initial.fill(
      UnsafeMutableBufferPointer(rebasing: grown[offset..<offset + shape.count]), shape,
      using: &generator)
    entries.append(Entry(name: name, shape: shape, decays: shape.rank > 1, offset: offset))
    return ID(index: entries.count - 1)
  }

  /// The entry with that name, or nil.
  package func id(named name: String) -> ID? {
    entries.firstIndex { $0.name == name }.map(ID.init)
  }

  package subscript(id: ID) -> Entry {
    get { entries[id.index] }
    set {
      precondition(
        newValue.name == entries[id.index].name && newValue.shape == entries[id.index].shape)
      entries[id.index] = newValue
    }
  }

  /// The weights of an entry, row-major.
  package func values(of id: ID) -> [Float] { Array(values[range(of: id)]) }

  package func setValues(of id: ID, to new: [Float]) {
    let range = range(of: id)
    precondition(
      new.count == range.count,
      "\(new.count) values for '\(self[id].name)' of shape \(self[id].shape)")
    _ = values[range].update(fromContentsOf: new)
  }

  /// What the last backward pass found, row-major.
  package func gradient(of id: ID) -> [Float] { Array(gradients[range(of: id)]) }

  /// All weights, to be put back with `restore`.
  package func snapshot() -> [Float] { Array(values) }

  package func restore(_ snapshot: [Float]) {
    precondition(snapshot.count == values.count, "a snapshot of other parameters")
    _ = values.update(fromContentsOf: snapshot)
  }

  func seal() {
    guard !isSealed else { return }
    isSealed = true
    gradients = .allocate(capacity: values.count)
    gradients.initialize(repeating: 0)
  }

  private func range(of id: ID) -> Range<Int> {
    let entry = entries[id.index]
    return entry.offset..<entry.offset + entry.shape.count
  }
}
