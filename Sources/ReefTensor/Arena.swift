/// Memory that is handed out piece by piece and taken back as a whole. After the first round of the
/// same requests it allocates nothing, and hands out the same addresses.
struct Arena {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var block = 0
  private var used = 0

  private static let alignment = 64
  private static let blockSize = 1 << 20

  /// The bytes held.
  var capacity: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Uninitialized memory for `count` elements, valid until `reset`.
  mutating func allocate<T: BitwiseCopyable>(_ type: T.Type, _ count: Int)
    -> UnsafeMutablePointer<T>
  {
    let size = (count * MemoryLayout<T>.stride + Arena.alignment - 1) & ~(Arena.alignment - 1)
    while block < blocks.count, used + size > blocks[block].count {
      block += 1
      used = 0
    }
    if block == blocks.count {
      blocks.append(
        .allocate(byteCount: max(size, Arena.blockSize), alignment: Arena.alignment))
    }
    let memory = blocks[block].baseAddress! + used
    used += size
    return memory.bindMemory(to: type, capacity: count)
  }

  mutating func reset() {
    block = 0
    used = 0
  }

  func deallocate() {
    for block in blocks { block.deallocate() }
  }
}
