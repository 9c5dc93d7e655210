import Foundation
import Synchronization

/// Memory for what a search fills once and reads at random. Large blocks come, on Linux, in pages of
/// 2 MB where the system has them, and wait for the next search when they are released: to have the
/// system clear new pages takes as long as the candidates that they hold.
enum LargeMemory {
  private static let page = 1 << 21
  /// Smaller blocks are nothing special.
  private static let least = 2 * page
  /// In bytes: what may wait.
  private static let mostWaiting = 1 << 29

  private struct Waiting {
    var bytes = 0
    /// Addresses, by the logarithm of the blocks' size.
    var blocks: [[UInt]] = Array(repeating: [], count: Int.bitWidth)
  }
  private static let waiting = Mutex(Waiting())

  /// A block of at least `bytes`, in whatever state it was left.
  static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= least else {
      guard let block = malloc(bytes) else { fatalError("out of memory") }
      return block
    }
    let logarithm = logarithm(bytes)
    let known = waiting.withLock { waiting in
      let block = waiting.blocks[logarithm].popLast()
      if block != nil { waiting.bytes -= 1 << logarithm }
      return block
    }
    if let block = known.flatMap({ UnsafeMutableRawPointer(bitPattern: $0) }) { return block }
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, page, 1 << logarithm) == 0, let block else {
      fatalError("out of memory")
    }
    #if os(Linux)
      // Only advice: where it is not taken, the pages are small.
      _ = madvise(block, 1 << logarithm, Int32(MADV_HUGEPAGE))
    #endif
    return block
  }

  /// Gives a block back that was allocated with as many bytes.
  static func release(_ block: UnsafeMutableRawPointer?, _ bytes: Int) {
    guard let block, bytes >= least else { return free(block) }
    let logarithm = logarithm(bytes)
    let address = UInt(bitPattern: block)
    let isKept = waiting.withLock { waiting in
      guard waiting.bytes + 1 << logarithm <= mostWaiting else { return false }
      waiting.bytes += 1 << logarithm
      waiting.blocks[logarithm].append(address)
      return true
    }
    if !isKept { free(block) }
  }

  private static func logarithm(_ bytes: Int) -> Int {
    Int.bitWidth - (bytes - 1).leadingZeroBitCount
  }
}
