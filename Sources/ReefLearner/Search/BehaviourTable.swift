/// The behaviours that a search has seen: an open-addressing table from 64-bit hashes to classes.
///
/// Two behaviours with one hash count as the same; at ten million classes that happens with a
/// probability of 3e-6, and what it could hide is a candidate, never a wrong skill.
struct BehaviourTable: ~Copyable {
  private var keys: UnsafeMutablePointer<UInt64>
  private var values: UnsafeMutablePointer<Int32>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
    keys = .allocate(capacity: capacity)
    keys.initialize(repeating: 0, count: capacity)
    values = .allocate(capacity: capacity)
  }

  deinit {
    keys.deallocate()
    values.deallocate()
  }

  /// The class with that hash, or nil.
  @inline(__always)
  func find(_ hash: UInt64) -> Int32? {
    let key = hash | 1
    var slot = Int(truncatingIfNeeded: key >> 20) & (capacity - 1)
    while keys[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & (capacity - 1)
    }
    return nil
  }

  /// Adds the class; false where the hash is known already.
  @inline(__always)
  mutating func insert(_ hash: UInt64, _ value: Int32) -> Bool {
    // Zero marks a free slot, so a key is odd.
    let key = hash | 1
    var slot = Int(truncatingIfNeeded: key >> 20) & (capacity - 1)
    while keys[slot] != 0 {
      if keys[slot] == key { return false }
      slot = (slot + 1) & (capacity - 1)
    }
    keys[slot] = key
    values[slot] = value
    count += 1
    if count * 2 > capacity { grow() }
    return true
  }

  private mutating func grow() {
    let oldKeys = keys
    let oldValues = values
    let oldCapacity = capacity
    capacity *= 4
    keys = .allocate(capacity: capacity)
    keys.initialize(repeating: 0, count: capacity)
    values = .allocate(capacity: capacity)
    for index in 0..<oldCapacity where oldKeys[index] != 0 {
      var slot = Int(truncatingIfNeeded: oldKeys[index] >> 20) & (capacity - 1)
      while keys[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      keys[slot] = oldKeys[index]
      values[slot] = oldValues[index]
    }
    oldKeys.deallocate()
    oldValues.deallocate()
  }
}
