/// Elements side by side in memory, which more are appended to; whoever has it releases it.
///
/// What an array inside a class costs at each append, in tests of uniqueness and exclusivity, is as
/// much as a search spends on a candidate; and a large one grows here without being copied.
struct GrowingMemory<Element: BitwiseCopyable>: BitwiseCopyable {
  private var base: UnsafeMutablePointer<Element>?
  private var capacity = 0
  private(set) var count = 0

  /// What is there now; valid until the next append.
  @inline(__always)
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  /// Makes room for `more` elements, which the caller writes.
  @inline(__always)
  mutating func appendUninitialized(_ more: Int) -> UnsafeMutablePointer<Element> {
    if count + more > capacity { grow(to: count + more) }
    count += more
    return base.unsafelyUnwrapped + (count - more)
  }

  @inline(never)
  private mutating func grow(to least: Int) {
    let old = base
    let oldBytes = capacity * MemoryLayout<Element>.stride
    capacity = max(16, 2 * capacity, least)
    base = LargeMemory.allocate(capacity * MemoryLayout<Element>.stride)
      .bindMemory(to: Element.self, capacity: capacity)
    if let old { base?.update(from: old, count: count) }
    LargeMemory.release(old, oldBytes)
  }

  func release() { LargeMemory.release(base, capacity * MemoryLayout<Element>.stride) }
}

/// Such memory that belongs to an object.
final class GrowingBuffer<Element: BitwiseCopyable> {
  private var memory = GrowingMemory<Element>()

  deinit { memory.release() }

  /// What is there now; valid until the next append.
  @inline(__always)
  var elements: UnsafeBufferPointer<Element> { memory.elements }

  var count: Int {
    @inline(__always) get { memory.count }
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    assert(index >= 0 && index < count)
    return elements.baseAddress.unsafelyUnwrapped[index]
  }

  @inline(__always)
  func append(_ element: Element) { memory.appendUninitialized(1).pointee = element }

  /// Makes room for `more` elements, which the caller writes.
  @inline(__always)
  func appendUninitialized(_ more: Int) -> UnsafeMutablePointer<Element> {
    memory.appendUninitialized(more)
  }
}

/// The ids of the entries that an enumeration builds on, by type and cost.
///
/// All lists belong to one object: to count references to a list for each entry would make the
/// processor wait until what was kept before is written, which is mostly in no cache.
final class Levels {
  private let lists: UnsafeMutablePointer<GrowingMemory<Int32>>
  private let typeCount: Int
  /// From 0.
  let costs: Range<Int>

  /// - Parameter maximumCost: Of any entry.
  init(typeCount: Int, maximumCost: Int) {
    self.typeCount = typeCount
    costs = 0..<maximumCost + 1
    lists = .allocate(capacity: typeCount * costs.count)
    lists.initialize(repeating: GrowingMemory(), count: typeCount * costs.count)
  }

  deinit {
    for index in 0..<typeCount * costs.count { lists[index].release() }
    lists.deallocate()
  }

  /// The entries of a type that cost so much; valid until the next one is added.
  @inline(__always)
  subscript(typeID: Int, cost: Int) -> UnsafeBufferPointer<Int32> {
    assert(typeID < typeCount && costs.contains(cost))
    return lists[typeID * costs.count + cost].elements
  }

  @inline(__always)
  func append(_ id: Int32, typeID: Int, cost: Int) {
    assert(typeID < typeCount && costs.contains(cost))
    lists[typeID * costs.count + cost].appendUninitialized(1).pointee = id
  }
}
