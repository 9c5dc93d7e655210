/// Elements side by side in memory, which more are appended to.
///
/// What an array inside a class costs at each append, in tests of uniqueness and exclusivity, is as
/// much as a search spends on a candidate; and a large one grows here without being copied.
final class GrowingBuffer<Element: BitwiseCopyable> {
  private var base: UnsafeMutablePointer<Element>?
  private var capacity = 0
  private(set) var count = 0

  deinit { LargeMemory.release(base, capacity * MemoryLayout<Element>.stride) }

  /// What is there now; valid until the next append.
  @inline(__always)
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  @inline(__always)
  subscript(index: Int) -> Element {
    assert(index >= 0 && index < count)
    return base.unsafelyUnwrapped[index]
  }

  @inline(__always)
  func append(_ element: Element) { appendUninitialized(1).pointee = element }

  /// Makes room for `more` elements, which the caller writes.
  @inline(__always)
  func appendUninitialized(_ more: Int) -> UnsafeMutablePointer<Element> {
    if count + more > capacity { grow(to: count + more) }
    count += more
    return base.unsafelyUnwrapped + (count - more)
  }

  @inline(never)
  private func grow(to least: Int) {
    let old = base
    let oldBytes = capacity * MemoryLayout<Element>.stride
    capacity = max(16, 2 * capacity, least)
    base = LargeMemory.allocate(capacity * MemoryLayout<Element>.stride)
      .bindMemory(to: Element.self, capacity: capacity)
    if let old { base?.update(from: old, count: count) }
    LargeMemory.release(old, oldBytes)
  }
}
