/// The behaviours that a search has seen: an open-addressing table from 64-bit hashes to classes.
///
/// Two behaviours with one hash count as the same; at ten million classes that happens with a
/// probability of 3e-6, and what it could hide is a candidate, never a wrong skill.
final class BehaviourTable {
  private struct Slot: BitwiseCopyable {
    /// Odd, or zero where the slot is free.
    var key: UInt64 = 0
    var value: Int32 = 0
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var capacity: Int
  private(set) var count = 0

  /// - Parameter capacity: A power of two.
  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    slots = BehaviourTable.emptySlots(capacity)
  }

  deinit { LargeMemory.release(slots, capacity * MemoryLayout<Slot>.stride) }

  private static func emptySlots(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
    let slots = LargeMemory.allocate(capacity * MemoryLayout<Slot>.stride)
      .bindMemory(to: Slot.self, capacity: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    return slots
  }

  @inline(__always)
  private static func key(_ hash: UInt64) -> UInt64 { hash | 1 }

  /// Where the probe for the key begins.
  @inline(__always)
  private func start(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key >> 20) & (capacity - 1) }

  /// The key where the probe for the hash begins. Reading it for many hashes before any is looked up
  /// lets the processor wait for all of them at once: most of the table is in no cache.
  @inline(__always)
  func firstKey(_ hash: UInt64) -> UInt64 { slots[start(BehaviourTable.key(hash))].key }

  /// Whether that key answers the probe.
  @inline(__always)
  static func isKey(_ key: UInt64, of hash: UInt64) -> Bool { key == BehaviourTable.key(hash) }

  /// The class with that hash, or nil.
  @inline(__always)
  func find(_ hash: UInt64) -> Int32? {
    let key = BehaviourTable.key(hash)
    var slot = start(key)
    while slots[slot].key != 0 {
      if slots[slot].key == key { return slots[slot].value }
      slot = (slot + 1) & (capacity - 1)
    }
    return nil
  }

  /// Adds the class; false where the hash is known already.
  @inline(__always)
  func insert(_ hash: UInt64, _ value: Int32) -> Bool {
    let key = BehaviourTable.key(hash)
    var slot = start(key)
    while slots[slot].key != 0 {
      if slots[slot].key == key { return false }
      slot = (slot + 1) & (capacity - 1)
    }
    slots[slot] = Slot(key: key, value: value)
    count += 1
    if count * 2 > capacity { grow() }
    return true
  }

  @inline(never)
  private func grow() {
    let old = UnsafeMutableBufferPointer(start: slots, count: capacity)
    capacity *= 4
    slots = BehaviourTable.emptySlots(capacity)
    for entry in old where entry.key != 0 {
      var slot = start(entry.key)
      while slots[slot].key != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = entry
    }
    LargeMemory.release(old.baseAddress, old.count * MemoryLayout<Slot>.stride)
  }
}
