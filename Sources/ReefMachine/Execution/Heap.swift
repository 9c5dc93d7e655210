/// The memory of one machine: reference-counted lists and pairs.
///
/// A block comes from a chunk by moving a pointer, or from the free list of its size class (powers
/// of two from 32 bytes to 64 KiB); larger blocks are allocated one by one. ``reset()`` forgets
/// everything at once, which is how a failed run is cleaned up. Counts are not atomic, so a heap
/// belongs to one thread. An *immortal* object is never written, its count included, and may be
/// read from several threads for as long as its heap exists and is not reset.
public final class Heap {
  /// Counts from here on are never changed.
  static let immortal = 1 << 40
  static let classCount = 12
  static let smallestBlock = 32
  /// Marks a block that was allocated by itself.
  static let largeClass: UInt8 = 255
  /// Marks a list whose elements lie behind its header.
  static let inlineClass: UInt8 = 254
  static let firstChunkBytes = 256 << 10
  private static let largestChunkBytes = 8 << 20
  /// A large block begins with its position in `large`.
  private static let largeHeader = 16

  /// The most bytes that may be reserved.
  public internal(set) var byteLimit: Int
  /// Where a Jacobian run records; nil in any other.
  var adjoints: AdjointTape?
  /// The fuel that the run began with, for error messages.
  var fuelLimit = 0

  /// What changes all the time, behind a pointer, so that an access needs no exclusivity check.
  private struct State {
    var fuel = 0
    var next: UnsafeMutableRawPointer
    var end: UnsafeMutableRawPointer
  }
  private let state: UnsafeMutablePointer<State>
  private let freeBlocks: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let firstChunk: UnsafeMutableRawPointer
  private var chunks: [UnsafeMutableRawPointer]
  private var large: [UnsafeMutableRawPointer] = []
  private let firstChunkBytes: Int
  private var nextChunkBytes: Int
  /// Bytes taken from the system and not given back, free blocks included.
  public private(set) var reservedBytes: Int
  /// Elements that were copied because somebody else saw their list, since the heap was made; each
  /// was charged a step.
  package internal(set) var copiedElements = 0
  /// Bytes handed out by the chunks before the last one.
  private var retiredBytes = 0

  /// An empty heap; ``MachineError/memory(limit:)`` ends what would reserve more than `byteLimit`
  /// bytes, the first chunk apart.
  public convenience init(byteLimit: Int = Limits().bytes) {
    self.init(byteLimit: byteLimit, firstChunkBytes: Heap.firstChunkBytes)
  }

  init(byteLimit: Int, firstChunkBytes: Int) {
    self.byteLimit = byteLimit
    self.firstChunkBytes = firstChunkBytes
    nextChunkBytes = firstChunkBytes
    reservedBytes = firstChunkBytes
    freeBlocks = .allocate(capacity: Heap.classCount)
    freeBlocks.initialize(repeating: nil, count: Heap.classCount)
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: firstChunkBytes, alignment: 16)
    firstChunk = chunk
    chunks = [chunk]
    state = .allocate(capacity: 1)
    state.initialize(to: State(next: chunk, end: chunk + firstChunkBytes))
  }

  deinit {
    for chunk in chunks { chunk.deallocate() }
    for block in large { block.deallocate() }
    freeBlocks.deallocate()
    state.deallocate()
  }

  /// What is left of the run's fuel, in machine steps. Atoms that copy or scan charge it.
  @inline(__always)
  public var fuel: Int {
    get { state.pointee.fuel }
    set { state.pointee.fuel = newValue }
  }

  /// Forgets every object and keeps one chunk. O(blocks from the system).
  public func reset() {
    let first = firstChunk
    guard state.pointee.next != first || reservedBytes != firstChunkBytes else { return }
    if chunks.count > 1 {
      for chunk in chunks.dropFirst() { chunk.deallocate() }
      chunks.removeLast(chunks.count - 1)
      nextChunkBytes = firstChunkBytes
    }
    if !large.isEmpty {
      for block in large { block.deallocate() }
      large.removeAll()
    }
    let end = first + firstChunkBytes
    freeBlocks.update(repeating: nil, count: Heap.classCount)
    reservedBytes = firstChunkBytes
    retiredBytes = 0
    state.pointee.next = first
    state.pointee.end = end
  }

  /// Bytes in blocks that are in use, for tests. O(free blocks).
  var liveBytes: Int {
    var bytes = retiredBytes + (state.pointee.next - chunks[chunks.count - 1])
    for block in large { bytes += block.load(fromByteOffset: 8, as: Int.self) }
    for sizeClass in 0..<Heap.classCount {
      var block = freeBlocks[sizeClass]
      while let free = block {
        bytes -= Heap.blockBytes(UInt8(sizeClass))
        block = free.load(as: UnsafeMutableRawPointer?.self)
      }
    }
    return bytes
  }

  /// Pays for work in proportion to a size, in machine steps.
  @inline(__always)
  public func charge(_ steps: Int) throws(MachineError) {
    state.pointee.fuel &-= steps
    if state.pointee.fuel < 0 { throw .fuel(limit: fuelLimit) }
  }
}

// MARK: - Blocks

extension Heap {
  /// The smallest class that holds `bytes`, or `largeClass`.
  @inline(__always)
  static func sizeClass(_ bytes: Int) -> UInt8 {
    if bytes <= smallestBlock { return 0 }
    let index = Int.bitWidth - (bytes - 1).leadingZeroBitCount - 5
    return index < classCount ? UInt8(truncatingIfNeeded: index) : largeClass
  }

  @inline(__always)
  static func blockBytes(_ sizeClass: UInt8) -> Int { smallestBlock << Int(sizeClass) }

  @inline(__always)
  func allocate(_ sizeClass: UInt8) throws(MachineError) -> UnsafeMutableRawPointer {
    let slot = freeBlocks + Int(sizeClass)
    if let block = slot.pointee {
      slot.pointee = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
    let bytes = Heap.blockBytes(sizeClass)
    let block = state.pointee.next
    if state.pointee.end - block >= bytes {
      state.pointee.next = block + bytes
      return block
    }
    return try allocateFromNewChunk(bytes)
  }

  @inline(never)
  private func allocateFromNewChunk(
    _ bytes: Int
  ) throws(MachineError) -> UnsafeMutableRawPointer {
    let size = max(nextChunkBytes, bytes)
    try reserve(size)
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    retiredBytes += state.pointee.next - chunks[chunks.count - 1]
    chunks.append(chunk)
    nextChunkBytes = min(2 * size, Heap.largestChunkBytes)
    state.pointee.next = chunk + bytes
    state.pointee.end = chunk + size
    return chunk
  }

  @inline(never)
  func allocateLarge(_ bytes: Int) throws(MachineError) -> UnsafeMutableRawPointer {
    try reserve(bytes + Heap.largeHeader)
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: bytes + Heap.largeHeader, alignment: 16)
    block.storeBytes(of: large.count, as: Int.self)
    block.storeBytes(of: bytes, toByteOffset: 8, as: Int.self)
    large.append(block)
    return block + Heap.largeHeader
  }

  /// Counts bytes that somebody holds on the heap's account.
  func reserve(_ bytes: Int) throws(MachineError) {
    guard bytes <= byteLimit - reservedBytes else { throw .memory(limit: byteLimit) }
    reservedBytes += bytes
  }

  func unreserve(_ bytes: Int) { reservedBytes -= bytes }

  @inline(__always)
  func free(_ block: UnsafeMutableRawPointer, _ sizeClass: UInt8) {
    if sizeClass == Heap.largeClass { return freeLarge(block) }
    #if REEF_CHECKS
      // A stale reference then finds a count that no object has.
      block.initializeMemory(
        as: UInt8.self, repeating: 0xDB, count: Heap.blockBytes(sizeClass))
    #endif
    let slot = freeBlocks + Int(sizeClass)
    block.storeBytes(of: slot.pointee, as: UnsafeMutableRawPointer?.self)
    slot.pointee = block
  }

  @inline(never)
  private func freeLarge(_ block: UnsafeMutableRawPointer) {
    let start = block - Heap.largeHeader
    let position = start.load(as: Int.self)
    reservedBytes -= start.load(fromByteOffset: 8, as: Int.self) + Heap.largeHeader
    let last = large.removeLast()
    if last != start {
      large[position] = last
      last.storeBytes(of: position, as: Int.self)
    }
    start.deallocate()
  }
}
